from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from dashboard.forces import Forces
from dashboard.records import Arrival, Incident, Level, Order, Verb
from dashboard.response import Response, policy
from feeds import recorded_tables, sf_fire
from feeds.rehearsal import INCIDENTS
from feeds.replay import happened_at
from tests.rehearsal import rehearsal_district


def rows(*changes: dict[str, str | None]) -> pd.DataFrame:
    """Units sent to call 1 in the table's own form; each change is one unit's row."""
    usual = {
        "call_number": "1",
        "unit_id": "E01",
        "unit_type": "ENGINE",
        "call_type": "Structure Fire",
        "neighborhood": "Marina",
        "original_priority": "3",
        "address": "1900 Block of GREEN ST",
        "received": "2020-04-07T00:01:25",
        "dispatch": "2020-04-07T00:03:00",
        "on_scene": "2020-04-07T00:08:00",
        "available": "2020-04-07T00:30:00",
        "lat": "37.7966",
        "lon": "-122.4311",
    }
    return pd.DataFrame([usual | change for change in changes], dtype="str")


def test_one_call_is_one_incident_with_the_orders_and_arrivals_of_its_units() -> None:
    other = {"unit_id": "KM03", "unit_type": "PRIVATE", "on_scene": "2020-04-07T00:05:00"}
    told = sf_fire.decode(rows({}, other))
    kinds = [type(record).__name__ for record in told]
    assert kinds == ["Incident", *["Order"] * 2, *["Arrival"] * 2, *["Order"] * 3]
    incident = told[0]
    assert isinstance(incident, Incident)
    assert (incident.id, incident.kind, incident.level) == ("1", "fire", Level.III)
    assert incident.reported_at == datetime(2020, 4, 7, 7, 1, 25, tzinfo=UTC)
    assert incident.place == "1900 Block of GREEN ST, Marina"
    assert [record.unit for record in told if isinstance(record, Arrival)] == ["KM03", "E01"]
    last = told[-1]
    assert isinstance(last, Order)
    assert (last.verb, last.target) == (Verb.CLOSE, "sf-fire/1")


def test_a_unit_that_never_arrived_has_no_arrival() -> None:
    told = sf_fire.decode(rows({"on_scene": None}))
    assert [record for record in told if isinstance(record, Arrival)] == []


def test_a_call_whose_release_is_not_recorded_stays_open() -> None:
    told = sf_fire.decode(rows({"available": None}))
    assert {record.verb for record in told if isinstance(record, Order)} == {Verb.DISPATCH}


def test_a_unit_freed_before_it_arrived_still_arrives_before_the_close() -> None:
    told = sf_fire.decode(rows({"available": "2020-04-07T00:06:22"}))
    assert [getattr(record, "verb", None) for record in told[-3:]] == [None, Verb.STAND_DOWN, Verb.CLOSE]


def test_priority_as_first_given_makes_the_level() -> None:
    levels = [sf_fire.decode(rows({"original_priority": code}))[0] for code in ("E", "2", "A")]
    assert [level.level for level in levels if isinstance(level, Incident)] == [Level.II, Level.IV, Level.IV]


def test_every_kind_is_one_of_the_districts(shared_data: Path) -> None:
    told = sf_fire.decode(recorded_tables.read(shared_data / INCIDENTS))
    kinds = {record.kind for record in told if isinstance(record, Incident)}
    assert kinds <= rehearsal_district("sf", shared_data).kinds.keys()


def test_arrivals_of_the_fold_equal_those_in_the_columns(shared_data: Path) -> None:
    district = rehearsal_district("sf", shared_data)
    rules = policy.decode(district.response_settings)
    response = Response(district, rules, Forces(district, rules.fresh_by_tier(), rules.off_after_s))
    states = {}
    for number, record in enumerate(sf_fire.decode(recorded_tables.read(shared_data / INCIDENTS))):
        now = happened_at(record)
        states.update({state.key: state for state in response.apply(record, now)})
        if number % 500 == 0:
            response.forget(now)  # closed calls are let go, as a ticking engine does
    folded = {
        (state.key.removeprefix("sf-fire/"), leg.tier.value): leg.arrived.at - state.zero_at
        for state in states.values()
        for leg in state.legs
        if leg.arrived
    }
    table = pd.read_csv(shared_data / INCIDENTS, dtype=str)
    tier = table["unit_type"].map({name: tier.value for name, tier in sf_fire.TIER_OF_UNIT_TYPE.items()})
    waited = (pd.to_datetime(table["on_scene"]) - pd.to_datetime(table["received"])).dt.total_seconds()
    direct = waited.groupby([table["call_number"], tier]).min().dropna()
    assert len(direct) == 7_523
    assert folded == direct.to_dict()
