import numpy as np

from dashboard.forces.strength import TierFigures, area_forces, tier_figures
from dashboard.records import TIERS, Tier
from tests.dashboard.response.ground import T0, drive, stage

DISTRICT = np.ones(3, bool)


def of(figures: tuple[TierFigures, ...], tier: Tier) -> tuple[int, int, int, int]:
    row = figures[TIERS.index(tier)]
    return row.available, row.committed, row.stale, row.off


def busy_stage():
    """Police 1 free in community 0, 2 sent in 0, 3 stale in 1, 4 gone in 1, 5 never seen."""
    forces, response = stage(police=5)
    drive(forces, response, ("police-4", -2000, 2500, 0), ("police-3", -100, 2500, 0))
    drive(forces, response, ("police-1", 0, 0, 0), ("police-2", 0, 0, 0))
    forces.commit("police-2")
    forces.place_units()
    return forces


def test_every_unit_is_counted_once_by_what_it_can_do():
    figures = tier_figures(busy_stage(), DISTRICT, T0)
    assert of(figures, Tier.POLICE) == (1, 1, 1, 2)
    assert of(figures, Tier.DRONE) == (0, 0, 0, 0)


def test_a_sent_unit_stays_committed_when_its_fix_grows_old():
    assert of(tier_figures(busy_stage(), DISTRICT, T0 + 5000), Tier.POLICE) == (0, 1, 0, 4)


def test_a_scope_has_who_is_there_and_the_absent_who_live_there():
    forces = busy_stage()  # homes go round: police 1 and 4 in community 0, 2 and 5 in 1, 3 in 2
    assert of(tier_figures(forces, np.array([True, False, False]), T0), Tier.POLICE) == (1, 1, 0, 1)
    assert of(tier_figures(forces, np.array([False, True, False]), T0), Tier.POLICE) == (0, 0, 1, 1)


def test_who_has_no_home_counts_in_the_district_only():
    forces, _ = stage(police=1)
    forces.roster.home[:] = -1
    assert of(tier_figures(forces, DISTRICT, T0), Tier.POLICE) == (0, 0, 0, 1)
    assert of(tier_figures(forces, np.array([True, True, False]), T0), Tier.POLICE) == (0, 0, 0, 0)


def test_areas_have_those_with_a_fresh_fix():
    rows = area_forces(busy_stage(), ["S0", "S1"], np.array([0, 0, 1], np.int16), T0)
    assert [(row.centre, row.available[TIERS.index(Tier.POLICE)], row.committed) for row in rows] == [
        ("S0", 1, 1),
        ("S1", 0, 0),
    ]
    narrow = area_forces(busy_stage(), ["C1"], np.array([-1, 0, -1], np.int16), T0)
    assert narrow[0].available == (0,) * len(TIERS)
