from dataclasses import replace

import numpy as np
import pytest

from dashboard import overview
from dashboard.district import District
from dashboard.patrol import figures
from dashboard.patrol.figures import CellCounts, CellState, PatrolFigures, Receivers
from dashboard.records import Tier
from dashboard.situation import Situation
from tests.dashboard.patrol.patrols import T0, fix, joined, play, small_district

HOUR_S = 3600.0
SETTINGS = {"minimum": {"A": {"warden": 3, "police": 1}, "C4": {"warden": 1}}}


@pytest.fixture(scope="module")
def district() -> District:
    return replace(small_district(), patrol_settings=SETTINGS)


@pytest.fixture
def situation(district: District) -> Situation:
    """Two wardens walk in cell 0, one in cell 1 a day later."""
    made = Situation(district)
    for second in (0, 10):
        play(made, [joined([fix(district, unit, 0, second, 1.2, second) for unit in ("WA000", "WA001")])])
    made.tick(T0 + 70)
    return made


def seen(situation: Situation, district: District, centre: str, now: float) -> PatrolFigures:
    return overview.build(situation, district, district.scope(centre), now).patrol


def test_unknown_due_and_overdue_look_different_from_zero(situation: Situation, district: District) -> None:
    cells = len(district.cell_codes)
    fresh = seen(Situation(district), district, "D", T0)
    assert (fresh.cells, fresh.began_at, fresh.dwell_s) == (CellCounts(unknown=cells), 0.0, None)
    for hours, counts in (
        (1, CellCounts(1, 0, 0, cells - 1)),
        (20, CellCounts(0, 1, 0, cells - 1)),
        (24.5, CellCounts(0, 0, cells, 0)),  # the record is as long as the cycle now: what was not seen is overdue
    ):
        assert seen(situation, district, "D", T0 + hours * HOUR_S).cells == counts


def test_the_areas_of_a_scope_are_counted_apart(situation: Situation, district: District) -> None:
    whole = seen(situation, district, "D", T0 + 60)
    assert {area.centre: (area.cells.covered, area.cells.total) for area in whole.areas} == {"A": (1, 30), "B": (0, 30)}
    part = seen(situation, district, "B", T0 + 60)
    assert (part.cells.total, part.areas[0].centre) == (30, "C4")


def test_the_weakest_area_comes_first_with_what_it_misses(situation: Situation, district: District) -> None:
    area = seen(situation, district, "D", T0 + 15).areas[0]
    assert area.centre == "A"
    assert [(row.tier, row.present, row.minimum, row.missing) for row in area.strength] == [
        (Tier.POLICE, 0, 1, 1),
        (Tier.WARDEN, 2, 3, 1),
    ]
    stale = seen(situation, district, "D", T0 + 200).areas[0]
    assert [row.present for row in stale.strength] == [0, 0]


def test_a_unit_is_silent_until_it_is_off(situation: Situation, district: District) -> None:
    def wardens(after_s: float) -> Receivers:
        return dict(seen(situation, district, "D", T0 + after_s).tiers)[Tier.WARDEN]

    assert wardens(60) == Receivers(2, 0, 0)
    assert wardens(300) == Receivers(2, 0, 2)
    assert wardens(1000) == Receivers(0, 0, 0)


def test_the_longest_overdue_cells_come_first(situation: Situation, district: District) -> None:
    play(situation, [fix(district, "WA000", 1, HOUR_S + second, 1.2, second) for second in (0, 10)])
    longest = figures.overdue_cells(situation.patrol, np.ones(60, bool), T0 + 24.5 * HOUR_S)
    assert len(longest) == 59 and 1 not in [cell.cell for cell in longest]
    by_cell = {cell.cell: cell for cell in longest}
    assert by_cell[0].last_at == T0 and by_cell[2].last_at == 0
    assert by_cell[0].over_s == pytest.approx(HOUR_S / 2 - 600)  # to ten minutes: never called overdue too early
    assert [cell.over_s for cell in longest] == sorted((cell.over_s for cell in longest), reverse=True)


def test_the_map_gets_a_state_for_each_cell(situation: Situation) -> None:
    states = figures.cell_states(situation.patrol, T0 + 60)
    assert (states[0], set(states[1:])) == (CellState.IN_TIME, {CellState.UNKNOWN})


def test_time_spent_is_the_median_of_cells_where_any_was(situation: Situation, district: District) -> None:
    assert seen(situation, district, "D", T0 + 80).dwell_s == 20.0
