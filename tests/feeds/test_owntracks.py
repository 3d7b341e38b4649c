import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dashboard.district.geo import Crs
from dashboard.records import Fix
from feeds import owntracks
from feeds.owntracks import Options
from feeds.source import FeedError

AT = 1_763_776_800


def sent(**fields):
    return json.dumps({"_type": "location", "lat": 22.55, "lon": 113.88, "tst": AT, **fields}).encode()


def decode(payload, topic="owntracks/guard/V0001", crs=Crs.WGS84, **options):
    return owntracks.decode(topic, payload, crs, Options(**options))


def test_location_becomes_a_fix_in_si_units():
    assert decode(sent(vel=36, cog=271, acc=5, batt=67)) == [
        Fix(
            unit="V0001",
            at=datetime.fromtimestamp(AT, UTC),
            lat=22.55,
            lon=113.88,
            speed_mps=10.0,
            bearing_deg=271.0,
            accuracy_m=5.0,
        )
    ]


def test_what_the_phone_does_not_know_stays_unknown():
    [fix] = decode(sent(vel=-1, cog=-1, acc=-1))
    assert (fix.speed_mps, fix.bearing_deg, fix.accuracy_m) == (None, None, None)


@pytest.mark.parametrize(
    ("options", "unit"),
    [
        ({}, "V0001"),
        ({"unit_from": "user"}, "guard"),
        ({"unit_from": "tid"}, "JJ"),
        ({"units": {"V0001": "BA-007"}}, "BA-007"),
    ],
)
def test_unit_is_named_as_the_settings_say(options, unit):
    assert decode(sent(tid="JJ"), **options)[0].unit == unit


def test_shifted_coordinates_are_converted_once():
    [fix] = decode(sent(), crs=Crs.GCJ02)
    assert 0.001 < abs(fix.lon - 113.88) < 0.01


@pytest.mark.parametrize("kind", ["transition", "lwt", "waypoint", "card", "status"])
def test_other_kinds_of_message_yield_nothing(kind):
    assert decode(json.dumps({"_type": kind, "tst": AT}).encode()) == []


def test_a_cleared_retained_message_yields_nothing():
    assert decode(b"") == []


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"{", "truncated"),
        (b"\xff\xfe", "owntracks message"),
        (b"[" * 100_000, "owntracks message"),
        (b"[]", "Expected `object`"),
        (b'{"_type": "location", "lat": NaN}', "malformed"),
        (b'{"_type": "encrypted", "data": "x"}', "encrypted"),
        (json.dumps({"_type": "location", "lat": 1, "lon": 2}).encode(), "tst"),
        (sent(tst=AT * 1000), "epoch seconds"),
        (sent(tst="now"), "tst"),
        (sent(lat=113.88, lon=22.55), "outside"),
        (sent(vel=9999), "speed_mps"),
        (sent(cog=400), "bearing_deg"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(payload, reason):
    with pytest.raises(FeedError, match=reason):
        decode(payload)


def test_a_message_that_names_no_unit_is_refused():
    with pytest.raises(FeedError, match="no tid"):
        decode(sent(), unit_from="tid")
    with pytest.raises(FeedError, match="no user"):
        decode(sent(), topic="V0001", unit_from="user")


def test_real_messages(shared_samples: Path):
    messages = json.loads((shared_samples / "owntracks" / "messages.json").read_text())["messages"]
    fixes = [decode(json.dumps(message).encode(), unit_from="tid")[0] for message in messages]
    assert [fix.unit for fix in fixes] == ["5t", "JJ", "JJ"]
    assert [fix.speed_mps for fix in fixes] == [0.0, None, pytest.approx(61 / 3.6)]
    assert [fix.bearing_deg for fix in fixes] == [None, None, 271.0]
    assert [fix.accuracy_m for fix in fixes] == [15.0, None, 5.0]
    assert fixes[0].at == datetime(2019, 3, 6, 12, 21, 18, tzinfo=UTC)
    assert (fixes[0].lat, fixes[0].lon) == (46.0681247, 11.1512805)
