import math

import pytest

from dashboard.records import Tier
from dashboard.response.candidates import Need, Shortfall, survey
from dashboard.response.policy import Policy
from tests.dashboard.response.ground import HERE, T0, FlatOrigin, drive, stage

POLICY = Policy()


def need(key: str = "a", missing: int = 1, east_m: float = 0.0, **more) -> Need:
    lat, lon = FlatOrigin().unproject(east_m, 0.0)
    return Need(key, Tier.POLICE, float(lat), float(lon), missing, **more)


def police_at(*east_m: float):
    """Police 1, 2, ... in a row east of HERE, all seen at T0."""
    forces, response = stage(police=len(east_m))
    drive(forces, response, *((f"police-{n + 1}", 0, east, 0) for n, east in enumerate(east_m)))
    return forces


def names(outlook) -> list[str]:
    return [candidate.call_sign for candidate in outlook.candidates]


def test_the_nearest_free_units_are_offered_with_distance_estimate_and_age():
    forces = police_at(900, 303, 1500, 600)
    outlook = survey(forces, POLICY, [need()], T0 + 14)[0]
    assert names(outlook) == ["police-2", "police-4", "police-1"]
    first = outlook.candidates[0]
    assert (first.distance_m, first.eta_s, first.fix_age_s) == (300, round(303 * 1.3 / 8), 10)
    assert outlook.soonest_s == pytest.approx(303 * 1.3 / 8, rel=1e-3)
    assert outlook.shortfall is None


def test_no_unit_is_offered_twice_and_the_more_urgent_draws_first():
    forces = police_at(0, 100, 200, 300)
    first, second = survey(forces, POLICY, [need("a"), need("b")], T0)
    assert names(first) == ["police-1", "police-3"]
    assert names(second) == ["police-2", "police-4"]


def test_each_is_offered_one_before_anyone_is_offered_a_second():
    forces = police_at(0, 100)
    first, second = survey(forces, POLICY, [need("a"), need("b", east_m=1000)], T0)
    assert (names(first), names(second)) == (["police-1"], ["police-2"])


def test_who_is_taken_elsewhere_or_committed_is_not_offered():
    forces = police_at(0, 100, 200)
    forces.commit("police-1")
    assert names(survey(forces, POLICY, [need()], T0, taken={1})[0]) == ["police-3"]


def test_units_under_way_are_the_estimate_and_nobody_else_is_offered():
    forces = police_at(0, 800)
    forces.commit("police-2")
    outlook = survey(forces, POLICY, [need(sent=(1,))], T0)[0]
    assert names(outlook) == []
    assert [unit.call_sign for unit in outlook.coming] == ["police-2"]
    assert outlook.soonest_s == pytest.approx(800 * 1.3 / 8, rel=1e-3)


def test_when_two_are_missing_the_second_decides_the_estimate():
    forces = police_at(80, 800)
    assert survey(forces, POLICY, [need(missing=2)], T0)[0].soonest_s == pytest.approx(130, rel=1e-3)


def test_when_no_fix_of_the_tier_is_fresh_nobody_can_say():
    forces = police_at(0, 100)
    assert not survey(forces, POLICY, [need()], T0 + 60)[0].is_blind
    assert survey(forces, POLICY, [need()], T0 + 60.1)[0].is_blind


def stale_and_far():
    """Three stale units near, one fresh and committed far away: there is sight, but nobody to offer."""
    forces, response = stage(police=4)
    drive(forces, response, *((f"police-{n}", 0, 100 * n, 0) for n in (1, 2, 3)))
    drive(forces, response, ("police-4", 100, 5000, 0))
    forces.commit("police-4")
    return forces


def test_a_shortfall_says_how_many_are_near_and_why_they_do_not_count():
    outlook = survey(stale_and_far(), POLICY, [need()], T0 + 100)[0]
    assert outlook.shortfall == Shortfall("stale", 3, 400, 60)
    assert outlook.soonest_s == math.inf


def test_a_shortfall_looks_in_wider_rings_and_then_says_none():
    forces = stale_and_far()
    assert survey(forces, POLICY, [need(east_m=1250)], T0 + 100)[0].shortfall == Shortfall("stale", 1, 1000, 60)
    assert survey(forces, POLICY, [need(east_m=-9000)], T0 + 100)[0].shortfall == Shortfall("none", 0, 3000)


def test_a_shortfall_for_units_that_are_busy_or_off():
    forces = stale_and_far()
    for unit in ("police-1", "police-2"):
        forces.commit(unit)
    assert survey(forces, POLICY, [need()], T0 + 100)[0].shortfall == Shortfall("committed", 2, 400)
    forces.release("police-1"), forces.release("police-2")
    assert survey(forces, POLICY, [need()], T0 + 100)[0].shortfall == Shortfall("stale", 3, 400, 60)
    forces.at[3] = T0 + 1000
    assert survey(forces, POLICY, [need()], T0 + 1000)[0].shortfall == Shortfall("off", 3, 400)


def test_units_that_are_there_or_coming_do_not_explain_a_shortfall():
    forces = police_at(0, 100)
    forces.commit("police-1", on_scene=True)
    forces.commit("police-2")
    outlook = survey(forces, POLICY, [need(missing=2, sent=(1,), there=frozenset({0}))], T0)[0]
    assert outlook.shortfall == Shortfall("none", 0, 3000)
    assert (need().lat, need().lon) == HERE
