import json
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest

from dashboard.records import Alert, Level, moment
from feeds import frigate
from feeds.frigate import Options, Pictures
from feeds.source import FeedError

START = 1_763_776_800.25
DIGEST, OTHER = "a" * 64, "b" * 64


def review(phase="new", severity="detection", end=None, camera="gate", **data):
    after = {
        "id": f"{START}-abc",
        "camera": camera,
        "start_time": START,
        "end_time": end,
        "severity": severity,
        "data": {"detections": [], "objects": ["car"], "sub_labels": [], "zones": [], "audio": []} | data,
    }
    return json.dumps({"type": phase, "before": after, "after": after}).encode()


def event(phase="update", frame=START + 1, end=None, **fields):
    after = {
        "id": f"{START}-obj",
        "camera": "gate",
        "label": "person",
        "start_time": START,
        "frame_time": frame,
        "end_time": end,
        "top_score": 0.9,
        "entered_zones": ["yard"],
    } | fields
    return json.dumps({"type": phase, "before": None, "after": after}).encode()


def decode(payload, topic="frigate/reviews", **options):
    return frigate.decode(topic, payload, Options(**options))


def test_review_becomes_an_alert_of_its_camera():
    assert decode(review(objects=["car", "person-verified"], zones=["yard"]), cameras={"gate": "CAM-7"}) == [
        Alert(
            id=f"{START}-abc",
            kind="person",
            at=moment(START),
            revision=6,
            device="CAM-7",
            level=Level.IV,
            title="car, person · yard",
        )
    ]


def test_severity_alert_is_level_three_and_detection_level_four():
    assert decode(review(severity="alert"))[0].level is Level.III
    assert decode(review(severity="detection"))[0].level is Level.IV


def test_end_goes_back_to_normal_at_its_time():
    [alert] = decode(review("end", end=START + 30))
    assert not alert.active
    assert alert.at == moment(START + 30)


def test_revisions_rise_with_what_a_review_says_so_that_disorder_is_harmless():
    life = [
        review("new"),
        review("update", objects=["car", "person"]),
        review("update", objects=["car", "person"], zones=["yard"]),
        review("update", "alert", objects=["car", "person"], zones=["yard"]),
        review("update", "alert", objects=["car", "person"], zones=["yard"], detections=[f"{START + 9}-x"]),
        review("end", "alert", end=START + 20, objects=["car", "person"], zones=["yard"]),
    ]
    revisions = [decode(message)[0].revision for message in life]
    assert revisions == sorted(set(revisions))
    for disorder in permutations(life[2:]):
        newest = max((decode(message)[0] for message in disorder), key=lambda alert: alert.revision)
        assert not newest.active


def test_the_time_of_an_update_is_that_of_the_newest_object():
    assert decode(review("update", detections=[f"{START + 9}-x", "junk"]))[0].at == moment(START + 9)


def test_events_are_alerts_only_if_wanted():
    assert decode(event(), "frigate/events") == []
    [alert] = decode(event(), "frigate/events", events=True)
    assert (alert.kind, alert.confidence, alert.title, alert.revision) == (
        "person",
        0.9,
        "person · yard",
        2000,
    )


def test_events_that_frigate_took_back_yield_nothing():
    assert decode(event(false_positive=True), "frigate/events", events=True) == []


@pytest.mark.parametrize("phase", ["description", "face", "lpr", "classification", "genai"])
def test_what_frigate_recognised_yields_nothing(phase):
    assert decode(json.dumps({"type": phase, "name": "John"}).encode()) == []


def test_other_topics_yield_nothing():
    assert decode(b"online", "frigate/available") == []
    assert decode(b"", "frigate/reviews") == []


def test_values_about_persons_are_left_behind_and_counted():
    payload = event(sub_label=["John", 0.8], recognized_license_plate="ABC", attributes={"face": 0.9})
    [alert] = decode(payload, "frigate/events", events=True)
    assert "John" not in str(alert)
    assert "ABC" not in str(alert)
    assert frigate.personal_fields(payload) == {"sub_label": 1, "recognized_license_plate": 1, "face": 1}
    assert frigate.personal_fields(review(sub_labels=["Bob"])) == {"sub_labels": 1}
    assert frigate.personal_fields(review()) == {}


@pytest.mark.parametrize(
    "payload",
    [
        b"{",
        b"[]",
        b'{"type": "new"}',
        b'{"type": "new", "after": {"id": 5}}',
        review(camera="x" * 100),
        json.dumps({"type": "new", "after": {**json.loads(review())["after"], "id": ""}}).encode(),
        review("end", end=START * 1000),
        b"\xff",
        b'{"type":' + b"[" * 100_000,
    ],
)
def test_what_cannot_be_read_is_refused(payload):
    with pytest.raises(FeedError):
        decode(payload)


def test_camera_of_a_snapshot_topic():
    assert frigate.camera_of_snapshot("frigate/gate/person/snapshot") == "gate"
    assert frigate.camera_of_snapshot("site/a/frigate/gate/person/snapshot") == "gate"
    assert frigate.camera_of_snapshot("frigate/gate/person") == ""
    assert frigate.camera_of_snapshot("frigate/reviews") == ""


def pictures():
    return Pictures(Options(cameras={"gate": "CAM-7"}))


def alert(payload=None):
    return decode(payload or review(), cameras={"gate": "CAM-7"})[0]


def test_a_picture_that_comes_after_its_alert_is_sent_behind_it():
    album = pictures()
    first = alert()
    assert album.attach(first) == first
    [with_picture] = album.arrived("gate", DIGEST, moment(START + 2))
    assert (with_picture.id, with_picture.still) == (first.id, DIGEST)
    assert with_picture.revision == first.revision + 1
    assert album.arrived("gate", OTHER, moment(START + 4)) == []
    end = album.attach(alert(review("end", end=START + 9)))
    assert end.still == OTHER
    assert album.arrived("gate", DIGEST, moment(START + 10)) == []


def test_a_picture_from_before_the_scene_is_not_attached():
    album = pictures()
    assert album.arrived("gate", DIGEST, moment(START - 60)) == []
    assert album.attach(alert()).still is None


def test_a_picture_just_before_its_alert_is_attached():
    album = pictures()
    album.arrived("gate", DIGEST, moment(START - 1))
    assert album.attach(alert()).still == DIGEST


def test_an_older_revision_does_not_become_the_open_alert_again():
    album = pictures()
    album.attach(alert(review(objects=["car", "person"])))
    album.attach(alert())
    [with_picture] = album.arrived("gate", DIGEST, datetime.fromtimestamp(START, UTC) + timedelta(seconds=2))
    assert with_picture.kind == "person"


def test_real_life_of_an_event(shared_samples: Path):
    messages = json.loads((shared_samples / "frigate" / "captured_event_lifecycle.json").read_text())
    alerts = [
        decode(json.dumps(message).encode(), "frigate/events", events=True)[0]
        for message in messages
        if not message["after"]["false_positive"]
    ]
    assert {a.id for a in alerts} == {"1701219277.370731-gsjiax"}
    assert {a.device for a in alerts} == {"front_door"}
    revisions = [a.revision for a in alerts]
    assert revisions == sorted(set(revisions))
    assert [a.active for a in alerts] == [True, True, False]
    assert alerts[-1].at == moment(1701219310.532894)


def test_documented_examples(shared_samples: Path):
    examples = json.loads((shared_samples / "frigate" / "docs_examples.json").read_text())["examples"]
    found = []
    for example in examples:
        payload = json.dumps(example["payload"]).encode()
        found += decode(payload, example["topic"], events=True)
        for person in ("John", "ABC12345", "123ABC", "Bob"):
            assert person not in str(found)
    assert [(a.device, a.kind, a.level) for a in found] == [
        ("front_door", "person", Level.IV),
        ("front_cam", "person", Level.III),
    ]
    assert found[1].title == "car, person · front_yard"
