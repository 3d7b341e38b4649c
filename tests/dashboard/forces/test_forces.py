import numpy as np
import pytest

from dashboard.forces import Forces, Status
from dashboard.records import Tier
from dashboard.wire import WireError
from tests.dashboard.response.ground import T0, FlatDistrict, FlatOrigin, FlatRoster, Row, fixes, stage, units


def place(forces: Forces, unit: int = 0) -> tuple[float, float, float]:
    """Seconds after T0, metres east, metres north."""
    return round(forces.at[unit] - T0, 3), round(forces.x_m[unit], 1), round(forces.y_m[unit], 1)


def move(forces: Forces, *rows: Row):
    return forces.move(fixes(forces, rows), T0 + 3600)


def test_the_newest_event_time_wins_whatever_the_order():
    forces, _ = stage(police=1)
    move(forces, ("police-1", 10, 50, 0))
    late = move(forces, ("police-1", 5, 0, 0))
    assert place(forces) == (10, 50, 0)
    assert (len(late.batch), len(late.late)) == (0, 1)
    move(forces, ("police-1", 11, 60, 0))
    assert place(forces) == (11, 60, 0)


def test_the_same_fix_again_is_counted_and_changes_nothing():
    forces, _ = stage(police=1)
    move(forces, ("police-1", 10, 50, 0))
    again = move(forces, ("police-1", 10, 50, 0), ("police-1", 10, 50, 0))
    assert (len(again.batch), again.repeated) == (0, 2)


def test_all_fixes_of_a_batch_are_seen_in_time_order_with_the_one_before():
    forces, _ = stage(police=1, volunteer=1)
    move(forces, ("police-1", 0, 0, 0))
    moved = move(
        forces,
        ("police-1", 3, 30, 0),
        ("volunteer-1", 1, 5, 0),
        ("police-1", 1, 10, 0),
        ("police-1", 2, 20, 0),
    )
    assert (moved.batch.at - T0).tolist() == [1, 2, 3, 1]
    assert (moved.prior_at - T0).tolist() == [0, 1, 2, -np.inf]
    east, _ = FlatOrigin().project(moved.prior_lat[:3], moved.prior_lon[:3])
    assert east.round(1).tolist() == [0, 10, 20]
    assert place(forces) == (3, 30, 0)


def test_an_impossible_fix_is_dropped_and_counted():
    forces, _ = stage(police=2)
    batch = fixes(forces, [("police-1", 0, 0, 0), ("police-2", 0, 0, 0)])
    batch.lat[1] = np.nan
    moved = forces.move(batch, T0)
    assert (len(moved.batch), moved.impossible) == (1, 1)
    assert forces.status.tolist() == [Status.AVAILABLE, Status.OFF]


def test_a_jump_is_dropped_and_the_track_goes_on():
    forces, _ = stage(police=1)
    move(forces, ("police-1", 0, 0, 0))
    assert move(forces, ("police-1", 5, 9000, 0)).jumped == 1
    assert move(forces, ("police-1", 10, 50, 0)).jumped == 0
    assert move(forces, ("police-1", 15, 9000, 0)).jumped == 1
    assert place(forces) == (10, 50, 0)


def test_a_jump_that_the_next_fix_agrees_with_is_believed():
    forces, _ = stage(police=1)
    move(forces, ("police-1", 0, 0, 0))
    moved = move(forces, ("police-1", 5, 9000, 0), ("police-1", 6, 9010, 0))
    assert (moved.jumped, len(moved.batch)) == (1, 1)
    assert place(forces) == (6, 9010, 0)
    assert moved.prior_at[0] - T0 == 5  # no track is drawn across the jump


def test_the_repeated_jump_does_not_confirm_itself():
    forces, _ = stage(police=1)
    move(forces, ("police-1", 0, 0, 0))
    move(forces, ("police-1", 5, 9000, 0))
    move(forces, ("police-1", 5, 9000, 0))
    assert place(forces) == (0, 0, 0)


@pytest.mark.parametrize("seed", range(5))
def test_disorder_and_duplicates_lead_to_the_same_picture(seed):
    rng = np.random.default_rng(seed)
    rows = [(f"police-{unit + 1}", second, unit * 100 + second * 5, 0) for second in range(60) for unit in range(8)]
    clean, _ = stage(police=8)
    for second in range(60):
        move(clean, *rows[second * 8 : second * 8 + 8])
    noisy, _ = stage(police=8)
    copies = rows + [rows[pick] for pick in rng.integers(0, len(rows), len(rows) * 3 // 10)]
    shuffled = [
        copies[pick] for pick in np.argsort(np.arange(len(copies)) % len(rows) + rng.uniform(0, 200, len(copies)))
    ]
    for start in range(0, len(shuffled), 37):
        before = noisy.at.copy()
        move(noisy, *shuffled[start : start + 37])
        assert (noisy.at >= before).all()
    for column in ("at", "lat", "lon", "status"):
        assert getattr(noisy, column).tolist() == getattr(clean, column).tolist()


def test_a_unit_is_committed_on_scene_and_released():
    forces, _ = stage(police=2)
    move(forces, ("police-1", 0, 0, 0))
    forces.changed()
    forces.commit("police-1")
    assert forces.changed().tolist() == [0]
    forces.commit("police-1")
    assert forces.changed().tolist() == []
    forces.commit("police-1", on_scene=True)
    move(forces, ("police-1", 1, 5, 0))
    assert forces.status[0] == Status.ON_SCENE
    forces.release("police-1")
    assert forces.status[0] == Status.AVAILABLE


def test_a_unit_that_was_never_seen_is_off_again_when_released():
    forces, _ = stage(police=1)
    forces.commit("police-1")
    forces.release("police-1")
    forces.commit("nobody")
    forces.release("nobody")
    assert forces.status.tolist() == [Status.OFF]


def test_units_are_placed_when_asked_and_only_those_that_moved():
    forces, _ = stage(police=3)
    move(forces, ("police-1", 0, 0, 0), ("police-2", 0, 2500, 0), ("police-3", 0, 90_000, 0))
    assert forces.community.tolist() == [-1, -1, -1]
    assert forces.place_units() == 3
    assert forces.cell.tolist() == [1, 3, -1]
    assert forces.community.tolist() == [0, 1, -1]
    assert forces.place_units() == 0


def test_a_frame_of_the_changed_units_brings_a_copy_up_to_date():
    forces, _ = stage(police=3)
    copy, _ = stage(police=3)
    move(forces, ("police-1", 0, 100, 50), ("police-2", 7.5, 200, -50))
    forces.commit("police-2")
    assert copy.adopt_frame(forces.frame(forces.changed())).tolist() == [0, 1]
    assert copy.at[:2] - T0 == pytest.approx([0, 7.5])
    assert copy.status.tolist() == [Status.AVAILABLE, Status.COMMITTED, Status.OFF]
    assert copy.lat[:2] == pytest.approx(forces.lat[:2], abs=1e-7)
    assert copy.lon[:2] == pytest.approx(forces.lon[:2], abs=1e-7)


def test_a_full_frame_leaves_out_who_was_never_seen_and_may_be_empty():
    forces, _ = stage(police=3)
    assert forces.adopt_frame(forces.frame()).tolist() == []
    move(forces, ("police-2", 0, 0, 0))
    assert forces.adopt_frame(forces.frame()).tolist() == [1]


def test_a_frame_of_another_roster_is_refused():
    forces, _ = stage(police=3)
    with pytest.raises(WireError, match="roster"):
        forces.adopt_frame(stage(police=2)[0].frame())


def test_a_snapshot_continues_as_if_nothing_had_happened():
    forces, _ = stage(police=3, drone=1)
    move(forces, ("police-1", 0.123, 100, 50), ("drone-1", 7.5, 200, -50))
    forces.commit("police-2")
    again = Forces(FlatDistrict(FlatRoster(units(police=3, drone=1))))
    again.adopt(forces.snapshot())
    for column in ("at", "received_at", "status"):
        assert getattr(again, column).tolist() == getattr(forces, column).tolist()
    assert again.x_m == pytest.approx(forces.x_m, abs=0.01)
    assert again.place_units() == 2
    with pytest.raises(WireError):
        again.adopt(stage(police=1)[0].snapshot())


def test_fresh_is_judged_by_the_tier_of_the_unit():
    ground = FlatDistrict(FlatRoster(units(police=1, warden=1)))
    forces = Forces(ground, (60, 60, 60, 90, 60, 60))
    move(forces, ("police-1", 0, 0, 0), ("warden-1", 0, 0, 0))
    assert forces.is_fresh(Tier.POLICE, T0 + 60).tolist() == [True]
    assert forces.is_fresh(Tier.POLICE, T0 + 61).tolist() == [False]
    assert forces.is_fresh(Tier.WARDEN, T0 + 61).tolist() == [True]
