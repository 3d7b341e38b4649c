from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dashboard.door.admission import Fault, Ground, admit
from dashboard.records import Alert, Arrival, Case, Incident, Order, Reading, Record, Verb, moment
from tests.memory_journal import NOW, SmallDistrict

GROUND = Ground.of(SmallDistrict())  # type: ignore[arg-type]
AT = moment(NOW)


def case(**fields: Any) -> Case:
    return Case(**{"source": "s", "id": "1", "reported_at": AT, **fields})


def fault(record: Record) -> tuple[str, str]:
    found = admit(record, GROUND, NOW)
    assert isinstance(found, Fault), found
    return found.field, found.reason


def test_a_good_record_passes_untouched() -> None:
    record = case(lat=22.5, lon=113.9, title="暴露垃圾")
    assert admit(record, GROUND, NOW) is record


def test_texts_are_made_plain() -> None:
    taken = admit(case(title="a\u202eb\n<b>"), GROUND, NOW)
    assert isinstance(taken, Case)
    assert taken.title == "ab <b>"


@pytest.mark.parametrize("name", ["reported_at", "closed_at"])
def test_a_time_over_five_minutes_ahead_is_future(name: str) -> None:
    assert not isinstance(admit(case(**{name: AT + timedelta(seconds=300)}), GROUND, NOW), Fault)
    assert fault(case(**{name: AT + timedelta(seconds=301)})) == (name, "future")


def test_old_records_are_welcome_but_not_those_of_an_unset_clock() -> None:
    assert not isinstance(admit(case(reported_at=datetime(2008, 6, 7, tzinfo=UTC)), GROUND, NOW), Fault)
    assert fault(case(reported_at=datetime(1970, 1, 1, tzinfo=UTC))) == ("reported_at", "clock_unset")


def test_a_limit_may_lie_ahead_but_not_beyond_the_century() -> None:
    assert not isinstance(admit(case(due_at=AT + timedelta(days=400)), GROUND, NOW), Fault)
    assert fault(case(due_at=datetime.max.replace(tzinfo=UTC))) == ("due_at", "out_of_range")


def test_a_place_may_be_a_little_outside_the_district() -> None:
    assert not isinstance(admit(case(lat=22.3, lon=113.9), GROUND, NOW), Fault)
    assert fault(case(lat=22.2, lon=113.9)) == ("lat", "out_of_area")
    assert fault(case(lat=0.0, lon=0.0)) == ("lat", "out_of_area")
    assert fault(case(lat=22.5)) == ("lon", "missing")


def test_swapped_coordinates_are_named() -> None:
    ground = Ground(22.0, 40.0, 60.0, 80.0, {}, ())
    found = admit(case(lat=70.0, lon=50.0), ground, NOW)
    assert isinstance(found, Fault)
    assert "swapped it would be inside" in found.why


def test_sensors_and_units_must_be_the_districts() -> None:
    assert fault(Reading(id="1", sensor="X", at=AT, value=1.0)) == ("sensor", "unknown_sensor")
    assert fault(Reading(id="1", sensor="G-204", at=AT, value=float("nan"))) == ("value", "out_of_range")
    assert fault(Arrival(id="1", incident="2", unit="X", at=AT)) == ("unit", "unknown_unit")
    assert not isinstance(admit(Arrival(id="1", incident="2", unit="V-001", at=AT), GROUND, NOW), Fault)


def test_identifiers_that_cannot_be_seen_are_refused_not_repaired() -> None:
    assert fault(case(id="a\u200b")) == ("id", "malformed")
    assert fault(case(id="  ")) == ("id", "missing")
    assert fault(Alert(id="1", kind=" ", at=AT)) == ("kind", "missing")
    assert fault(Incident(id="1", kind="\u200b", level=1, reported_at=AT, lat=22.5, lon=113.9)) == (  # type: ignore[arg-type]
        "kind",
        "missing",
    )
    assert not isinstance(admit(Order(id="1", verb=Verb.CLOSE, target="i", at=AT), GROUND, NOW), Fault)


def test_text_that_grows_past_its_limit_is_refused() -> None:
    assert fault(case(title="\u0958" * 400)) == ("title", "too_large")  # NFC takes it apart into two
