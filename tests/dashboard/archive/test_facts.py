import msgspec
import numpy as np
import pytest
from msgspec.structs import replace

from dashboard.archive import facts
from dashboard.archive.schema import Table, number
from dashboard.command import Staff
from dashboard.district import District
from dashboard.heartbeats import FeedCondition, FeedState
from dashboard.journal import Cursor, Delta, Entry, Tick
from dashboard.patrol import Visits, pack_visits
from dashboard.picture import encode_change
from dashboard.records import Verb, decode
from dashboard.situation import Change, Situation
from dashboard.wire import pack_fixes
from tests.builders import HERE, NOON, alert, case, fixes, incident, order, step

T0 = NOON.timestamp()


def entry(record: object, number_: int = 1) -> Entry:
    return Entry(b"%d-0" % number_, float(number_), record, b"", "s")  # type: ignore[arg-type]


def delta(number_: int, change: Change, tick: Tick | None = None) -> Delta:
    return Delta(b"%d-0" % number_, 1, number_, encode_change(change), tick)


@pytest.mark.parametrize(
    ("record", "key"),
    [
        (case(1), "cases/C1"),
        (step(1, 1, "filed"), "cases/C1"),
        (incident(2), "cad/I2"),
        (order(Verb.NOTE, "cad/I2", 1, text="x"), "cad/I2"),
    ],
)
def test_a_record_is_kept_whole_under_the_key_of_what_it_is_about(record: object, key: str) -> None:
    (row,) = facts.of_journal([entry(record)]).to_pylist()
    assert row["key"] == key
    assert decode(row["body"]) == record


def test_what_cannot_be_read_is_kept_as_it_came() -> None:
    (row,) = facts.of_journal([Entry(b"5-0", 0.005, None, b"", "", b"{nonsense")]).to_pylist()
    assert (row["kind"], row["body"], row["id"]) == ("?", b"{nonsense", number(b"5-0"))


def test_fixes_are_exact_and_bad_bytes_stop_nothing(small: District) -> None:
    packed = pack_fixes(fixes(small, {"VO000": HERE}, 0), small.roster.checksum)
    rows = facts.of_fixes([Entry(b"1-0", 0, None, b"no batch", "s"), Entry(b"2-0", 0, None, packed, "s")]).to_pylist()
    assert [(row["id"], row["at_ms"], row["lat"]) for row in rows] == [
        (number(b"2-0"), T0 * 1000, round(HERE[0] * 1e7))
    ]


def test_of_states_the_last_of_a_stretch_stays_with_all_its_legs(small: District) -> None:
    situation = Situation(small)
    changes = [situation.apply(incident(1), T0), situation.tick(T0 + 30), situation.tick(T0 + 400)]
    made = facts.of_deltas([delta(place + 1, change) for place, change in enumerate(changes)], small)
    (row,) = made[Table.INCIDENTS].to_pylist()
    assert row["id"] == number(b"3-0")
    assert facts.open_incident(row["body"]) == situation.response.all()[0]
    assert {leg["id"] for leg in made[Table.LEGS].to_pylist()} == {number(b"3-0")}
    assert len(made[Table.LEGS]) == 3


def test_areas_and_departments_are_codes(small: District) -> None:
    made = facts.of_change(Situation(small).apply(case(1), T0), 7, small)[Table.CASES].to_pylist()[0]
    assert made["community"] in {centre.code for centre in small.communities}
    assert made["sub_district"] in {centre.code for centre in small.sub_districts}
    assert (made["id"], made["key"]) == (7, "cases/C1")


def test_each_raise_and_each_visit_stands_for_itself(small: District) -> None:
    visits = pack_visits(Visits(np.array([0, 0], np.int32), np.array([3, 3], np.uint8), np.array([T0, T0 + 900])))
    rows = facts.of_change(Change(visits=(visits,)), 1, small)[Table.VISITS].to_pylist()
    assert [(row["at"], row["cell"], row["tier"]) for row in rows] == [
        (T0, small.cell_codes[0], "warden"),
        (T0 + 900, small.cell_codes[0], "warden"),
    ]


def test_alerts_and_feeds_have_rows(small: District) -> None:
    feed = FeedState(name="cad", title="接处警", condition=FeedCondition.GOOD, beat_at=T0)
    change = Change(alerts=Situation(small).apply(alert(1), T0).alerts, feeds=(feed,))
    made = facts.of_change(change, 1, small)
    assert made[Table.ALERTS]["stage"].to_pylist() == ["new"]
    assert made[Table.FEEDS].to_pylist()[0]["condition"] == "good"


def test_of_the_consoles_the_last_of_a_stretch_counts_and_names_are_not_kept(small: District) -> None:
    told = [
        delta(number, Change(staffed={"D": Staff(T0 + number, ("李", "王")[:number]), "A": Staff(T0, ("张",))}))
        for number in (1, 2)
    ]
    rows = facts.of_deltas(told, small)[Table.CONSOLES].to_pylist()
    assert [(row["centre"], row["at"], row["officers"]) for row in rows] == [("D", T0 + 2, 2), ("A", T0, 1)]


def test_every_message_is_a_beat_and_a_tick_says_what_it_stands_on(small: District) -> None:
    tick = Tick(T0, Cursor(b"3-0", b"4-0"), b"signs")
    beats = facts.of_deltas([delta(1, Change()), delta(2, Change(), tick)], small)[Table.BEATS].to_pylist()
    assert [beat["tick_at"] for beat in beats] == [None, T0]
    assert (beats[1]["journal"], beats[1]["fixes"], beats[1]["signs"]) == (number(b"3-0"), number(b"4-0"), b"signs")


def test_a_message_of_another_version_keeps_its_place(small: District) -> None:
    made = facts.of_deltas([Delta(b"1-0", 1, 1, msgspec.msgpack.encode({"cases": 5}), None)], small)
    assert (len(made[Table.BEATS]), len(made[Table.CASES])) == (1, 0)


def test_a_message_of_a_district_with_more_places_stops_nothing(small: District) -> None:
    (row,) = Situation(small).apply(case(1), T0).cases
    change = Change(cases=(row, replace(row, community=99)))
    made = facts.of_deltas([delta(1, change), delta(2, Change(cases=(row,)))], small)
    assert (len(made[Table.BEATS]), made[Table.CASES]["id"].to_pylist()) == (2, [number(b"2-0")])
