import numpy as np

from dashboard.forces import Forces
from dashboard.patrol import noted
from dashboard.patrol.policy import PatrolPolicy
from dashboard.patrol.sightings import KEEP_S
from tests.dashboard.patrol.patrols import T0, fix, joined, small_district

POLICY = PatrolPolicy()
WALK_DEGREES = 120  # 1e-7 degree: 1.3 m


def test_walking_is_known_from_the_way_where_the_source_gives_no_speed() -> None:
    district = small_district()
    forces = Forces(district)
    batches = [fix(district, "WA000", 3, second, north=second * WALK_DEGREES) for second in (0, 1, 2)]
    moved = forces.move(joined([*batches, fix(district, "PO000", 3, 0, speed=12.0)]), T0 + 2)
    cell = np.full(4, 3)
    rows = noted.of_moved(moved, cell, np.ones(len(forces), bool), POLICY, T0 + 2)
    seen = noted.seen(rows)
    walks = {
        (unit, at): is_walking for unit, at, is_walking in zip(seen.unit, seen.at_ms, seen.is_walking, strict=True)
    }
    warden = district.roster.index["WA000"]
    assert [walks[warden, (T0 + second) * 1000] for second in (0, 1, 2)] == [False, True, True]
    assert not walks[district.roster.index["PO000"], T0 * 1000]


def test_only_patrols_inside_the_district_and_of_the_last_hour_count() -> None:
    district = small_district()
    late = joined([fix(district, "WA000", 3, 0), fix(district, "WA001", 3, 0), fix(district, "WA002", 3, -2)])
    patrols = np.ones(len(district.roster.call_signs), bool)
    patrols[late.unit[1]] = False
    rows = noted.of_late(late, np.array([-1, 3, 3]), patrols, POLICY, T0 + KEEP_S - 1)
    assert len(noted.seen(rows).unit) == 0
    rows = noted.of_late(late, np.array([3, 3, 3]), patrols, POLICY, T0 + KEEP_S - 1)
    assert noted.seen(rows).unit.tolist() == [late.unit[0]]


def test_late_fixes_move_nobody() -> None:
    district = small_district()
    rows = noted.of_late(fix(district, "WA000", 3, 0), np.array([3]), np.ones(400, bool), POLICY, T0)
    assert len(noted.steps(rows, np.ones(400, bool)).unit) == 0
    assert noted.joined([]).shape == (noted.ROWS, 0)


def test_a_place_is_the_same_to_a_centimetre() -> None:
    district = small_district()
    forces = Forces(district)
    batches = [fix(district, "WA000", 3, second, north=north) for second, north in ((0, 0), (5, 0), (10, 1))]
    moved = forces.move(joined(batches), T0 + 10)
    rows = noted.of_moved(moved, np.full(3, 3), np.ones(len(forces), bool), POLICY, T0 + 10)
    assert noted.steps(rows, np.ones(len(forces), bool)).is_same.tolist() == [False, True, False]
