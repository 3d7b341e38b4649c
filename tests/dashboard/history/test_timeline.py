from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from dashboard.archive.checkpoints import Checkpoints
from dashboard.archive.reader import Archive
from dashboard.archive.store import LocalStore
from dashboard.district import District
from dashboard.history import timeline
from dashboard.history.source import Source
from dashboard.history.timeline import Day, whole_gaps
from dashboard.journal import Cursor, Journal, Tick
from dashboard.picture import encode_change
from dashboard.records import Level, Stage
from dashboard.situation import Change, Situation
from tests.builders import NOON, alert, case, incident, step

NOON_S = NOON.timestamp()


class Told:
    """What an engine said of a day, in the streams."""

    def __init__(self, journal: Journal, district: District, folder: Path) -> None:
        self._journal, self._district, self._folder = journal, district, folder
        self._situation = Situation(district)
        self._count = 0

    def record(self, record: Any, after_s: float) -> None:
        self._tell(self._situation.apply(record, NOON_S + after_s) or Change())

    def second(self, after_s: float) -> None:
        self._tell(Change(), Tick(NOON_S + after_s, Cursor()))

    def timeline(self, centre: str = "D") -> timeline.Timeline:
        store, district = LocalStore(self._folder), self._district
        archive = Archive(store, self._journal, district)
        checkpoints = Checkpoints(store, district.timezone)
        source = Source(archive, checkpoints, self._journal, district)
        day = timeline.day_of(datetime.fromtimestamp(NOON_S, district.timezone).date(), district)
        return timeline.make(archive, source, district, district.scope(centre), day)

    def _tell(self, change: Change, tick: Tick | None = None) -> None:
        self._count += 1
        self._journal.publish(1, self._count, encode_change(change), tick)


@pytest.fixture
def told(journal: Journal, small: District, tmp_path: Path) -> Told:
    return Told(journal, small, tmp_path)


def test_inflow_is_counted_by_ten_minutes_of_the_day(told: Told) -> None:
    for number, after_s in enumerate((0, 599, 600, -86_400)):
        told.record(case(number, after_s), after_s)
    told.record(step(0, 700, Stage.CLOSED), 700)
    day = told.timeline()
    assert (len(day.found), len(day.closed)) == (144, 144)
    noon = int((NOON_S * 1000 - day.from_ms) / 600_000)
    assert day.found[noon : noon + 2] == [2, 1]
    assert sum(day.found) == 3
    assert (day.closed[noon + 1], sum(day.closed)) == (1, 1)


def test_marks_are_in_order_and_say_what_and_how_grave(told: Told) -> None:
    told.record(incident(1, 60, level=Level.II, title="仓库火灾"), 60)
    told.record(incident(2, 30), 30)
    told.record(incident(2, 30, revision=1, closed_at=incident(1, 90).reported_at), 90)
    told.record(alert(1, 45), 45)
    marks = told.timeline().marks
    assert [(mark.at_ms / 1000 - NOON_S, mark.kind, mark.level, mark.key) for mark in marks] == [
        (30, "incident", 3, "cad/I2"),
        (45, "alert", marks[1].level, marks[1].key),
        (60, "incident", 2, "cad/I1"),
    ]
    assert [marks[0].title, marks[2].title] == ["火灾", "仓库火灾"]
    assert [marks[0].until_ms, marks[2].until_ms] == [(NOON_S + 90) * 1000, None]


def test_only_what_lies_within_the_centre_is_shown(told: Told) -> None:
    told.record(incident(1), 0)
    told.record(case(1), 0)
    there = {centre: told.timeline(centre) for centre in ("D", "A", "B")}
    assert [len(there[centre].marks) for centre in "DAB"] == [1, 1, 0]
    assert [sum(there[centre].found) for centre in "DAB"] == [1, 1, 0]


def test_without_a_picture_history_has_not_begun(told: Told) -> None:
    told.second(0)
    told.second(100)
    day = told.timeline()
    assert (day.first_ms, day.last_ms) == (None, None)
    assert not day.marks


DAY = Day(1000.0, 2000.0)


@pytest.mark.parametrize(
    ("breaks", "edges", "first", "last", "gaps"),
    [
        ([], (1000.0, 1999.0), 0.0, 9000.0, []),
        ([(1200.0, 1300.0)], (1000.0, 1999.0), 0.0, 9000.0, [(1200.0, 1300.0)]),
        ([], (1100.0, 1900.0), 0.0, 9000.0, [(1000.0, 1100.0), (1900.0, 2000.0)]),
        ([], (1500.0, 1700.0), 1495.0, 1705.0, []),  # history began and goes on within this day
        ([], (None, None), 0.0, 9000.0, [(1000.0, 2000.0)]),
        ([], (None, None), 5000.0, 9000.0, []),
        ([], (None, None), None, None, []),
    ],
)
def test_gaps_are_known_up_to_where_history_goes(
    breaks: list[Any], edges: Any, first: float | None, last: float | None, gaps: list[Any]
) -> None:
    assert whole_gaps(breaks, edges, DAY, first, last) == gaps


def test_a_break_between_two_seconds_is_a_gap(told: Told, small: District, tmp_path: Path) -> None:
    Checkpoints(LocalStore(tmp_path), small.timezone).keep(0.0, b"1-0", b"any picture")
    for after_s in (0.0, 1.0, 2.0, 50.0, 51.0):
        told.second(after_s)
    gaps = [(mark.at_ms, mark.until_ms) for mark in told.timeline().marks if mark.kind == "gap"]
    assert ((NOON_S + 2) * 1000, (NOON_S + 50) * 1000) in gaps
