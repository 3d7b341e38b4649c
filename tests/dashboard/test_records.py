from datetime import UTC, datetime

import msgspec
import pytest

from dashboard import records
from dashboard.records import Case, Incident, Level, Reading
from tests.builders import NOON, alert, arrival, case, incident, order, step

EACH = [
    case(1),
    step(1, 5, records.Stage.HELD, reason="waits for a part"),
    incident(1, closed_at=NOON),
    alert(1, confidence=0.5),
    arrival(1, "PO001", 60),
    order(records.Verb.DISPATCH, "cad/I1", 5, unit="PO001"),
    Reading(source="iot", id="r", sensor="g", at=NOON, value=0.5),
]


@pytest.mark.parametrize("record", EACH, ids=lambda record: type(record).__name__)
def test_a_record_comes_back_from_its_json_form(record: records.Record) -> None:
    assert records.decode(records.encode(record)) == record


@pytest.mark.parametrize("record", EACH, ids=lambda record: type(record).__name__)
def test_a_record_cannot_be_changed(record: records.Record) -> None:
    with pytest.raises(AttributeError):
        record.id = "other"  # type: ignore[misc]


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        records.decode(b'{"record":"case","id":"1","reported_at":"2026-11-20T14:32:05"}')


def test_what_is_left_out_has_its_default() -> None:
    decoded = records.decode(b'{"record":"case","id":"1","reported_at":"2026-11-20T14:32:05.120+08:00"}')
    assert decoded == Case(id="1", reported_at=datetime(2026, 11, 20, 6, 32, 5, 120_000, UTC))


def test_event_time_and_seconds() -> None:
    happened = Incident(id="i", kind="fire", level=Level.I, reported_at=NOON, lat=1, lon=2)
    assert records.event_time(happened) == NOON
    assert records.event_time(step(1, 0, records.Stage.FILED)) == NOON
    assert records.moment(records.seconds(NOON) or 0.0) == NOON
    assert records.seconds(None) is None
