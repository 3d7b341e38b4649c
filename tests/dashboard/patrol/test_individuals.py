import numpy as np

from dashboard.patrol import Told
from dashboard.patrol.individuals import Condition, look_into
from dashboard.patrol.told import Stuck, pack_stuck
from dashboard.records import Tier
from dashboard.situation import Situation
from tests.dashboard.patrol.patrols import T0, fix, play, small_district

DISTRICT = small_district()


def told(centre: str, after_s: float) -> list[tuple[str, Condition, float]]:
    """WA000 of C0 repeats its place, WA003 of C3 says nothing since noon; both stand in C3, which is in B."""
    situation = Situation(DISTRICT)
    cell = int(np.flatnonzero(DISTRICT.cell_community == DISTRICT.community_index["C3"])[0])
    play(situation, [fix(DISTRICT, "WA003", cell, 0, 0.0), fix(DISTRICT, "WA000", cell, 400, 0.0)])
    unit = np.array([DISTRICT.roster.index["WA000"]])
    situation.patrol.adopt(Told(stuck=pack_stuck(Stuck(unit, np.array([T0 - 900.0])))))
    scope = DISTRICT.scope(centre).communities
    found = look_into(situation.patrol, situation.forces, DISTRICT, scope, T0 + after_s)
    assert all(each.tier is Tier.WARDEN and each.cell == DISTRICT.cell_codes[cell] for each in found)
    return [(each.call_sign, each.condition, each.since - T0) for each in found]


def test_who_is_stuck_or_silent_is_named_with_since_when() -> None:
    assert told("D", 410) == [("WA000", Condition.STUCK, -900), ("WA003", Condition.SILENT, 0)]


def test_only_units_in_the_scope_are_named() -> None:
    assert told("A", 410) == []
    assert [each[0] for each in told("B", 410)] == ["WA000", "WA003"]


def test_who_is_off_is_neither() -> None:
    assert [each[0] for each in told("D", 1000)] == ["WA000", "WA000"]
    assert told("D", 2000) == []
