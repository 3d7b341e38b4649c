import json

import numpy as np

from dashboard.records import Evidence, Tier
from dashboard.response.legs import Arrived
from dashboard.tracks import Track
from dashboard.tracks.aftermath import Aftermath
from dashboard.tracks.geojson import collection
from tests.layouts.scenes import NOW, incident


def aftermath() -> Aftermath:
    at = NOW + np.array([0.0, 10.0, 400.0])
    track = Track("W1", Tier.WARDEN, at, np.array([22.5, 22.501, 22.6]), np.array([113.9] * 3), np.full(3, np.nan))
    came = incident(arrivals=(Arrived("W1", Tier.WARDEN, NOW + 42, Evidence.GEOFENCE, 2.44),), closed_at=NOW + 500)
    return Aftermath(came, NOW - 300, NOW + 800, [track], [], [], [])


def test_every_part_is_a_feature_with_its_time() -> None:
    made = collection(aftermath(), "who, when, why")
    features = made["features"]
    assert [each["properties"]["what"] for each in features] == ["incident", "arrival", "track", "fix"]
    assert features[2]["geometry"]["coordinates"] == [[113.9, 22.5], [113.9, 22.501]]
    assert len(features[2]["properties"]["times"]) == 2
    assert features[0]["properties"]["closed_at"].endswith("Z")
    assert made["note"] == "who, when, why"


def test_it_is_json_without_numbers_that_json_has_not() -> None:
    json.dumps(collection(aftermath(), ""), allow_nan=False)
