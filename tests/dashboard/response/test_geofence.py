import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.response.geofence import (
    Crossing,
    Point,
    Sight,
    all_present,
    arrival,
    better,
    is_sure,
    late_sightings,
    sightings,
)
from tests.dashboard.response.ground import HERE, T0, fixes, stage

RADIUS_M = 50.0


def straight(speed_mps: float, offset_m: float, step_s: float, start_m: float = 1000.0) -> list[Point]:
    """A track from the west to the middle, passing `offset_m` north of the incident."""
    times = np.arange(0, start_m / speed_mps, step_s)
    return [Point(float(at), -start_m + speed_mps * float(at), offset_m) for at in times]


def follow(points: list[Point], zero_at: float = 0.0) -> Crossing | None:
    """What the fixes tell in the order of the list, each with the one before in time as its prior."""
    crossing, newest = None, None
    for point in points:
        is_late = newest is not None and point.at < newest.at
        sight = Sight(0, point, None if is_late else newest)
        if point.is_inside(RADIUS_M) or (is_late and crossing is not None):
            crossing = better(crossing, sight, RADIUS_M, zero_at)
        newest = newest if is_late else point
    return crossing


@given(
    speed_mps=st.floats(1, 20),
    offset_m=st.floats(0, 45),
    step_s=st.sampled_from([1.0, 2.5, 5.0, 10.0]),
)
def test_a_straight_even_track_arrives_when_it_crosses_the_circle(speed_mps, offset_m, step_s):
    crossing = follow(straight(speed_mps, offset_m, step_s))
    if crossing is None:  # so fast, so seldom a fix: driven past
        return
    truth = (1000 - math.sqrt(RADIUS_M**2 - offset_m**2)) / speed_mps
    at, error_s = arrival(crossing, 0.0, RADIUS_M)
    assert at == pytest.approx(truth, abs=1e-6)
    assert error_s <= step_s


@given(turn_at=st.floats(0, 10))
def test_the_error_band_holds_the_truth_even_if_the_unit_did_not_move_evenly(turn_at):
    crossing = Crossing(Point(10, 0, 40), Point(0, 0, 200))
    at, error_s = arrival(crossing, 0.0, RADIUS_M)
    assert abs(at - turn_at) <= error_s + 1e-9


def test_on_the_circle_is_inside():
    assert Point(0, 30, 40).is_inside(RADIUS_M)
    assert not Point(0, 30, 40.001).is_inside(RADIUS_M)


def test_without_a_fix_outside_the_first_inside_is_the_arrival():
    assert arrival(Crossing(Point(30, 0, 0)), 10.0, RADIUS_M) == (30, 20)


def test_across_a_long_silence_nothing_is_interpolated():
    crossing = Crossing(Point(500, 0, 0), Point(100, 0, 100))
    assert arrival(crossing, 0.0, RADIUS_M) == (500, 400)
    assert arrival(crossing, 450.0, RADIUS_M) == (500, 50)


def test_who_was_there_before_clock_zero_arrived_at_clock_zero():
    crossing = follow([Point(-5, 0, 10), Point(5, 0, 10)])
    assert crossing is not None
    assert arrival(crossing, 0.0, RADIUS_M) == (0, 0)


def test_who_was_there_long_before_is_only_believed_from_the_next_fix_on():
    crossing = follow([Point(-600, 0, 10), Point(5, 0, 10)])
    assert crossing == Crossing(Point(5, 0, 10))


def test_a_fix_before_clock_zero_proves_nothing():
    assert follow([Point(-5, 0, 10)]) is None
    assert follow([Point(-10, 0, 200), Point(-5, 0, 10), Point(5, 0, 200)]) is None


def test_a_crossing_just_before_clock_zero_counts_from_zero():
    at, error_s = arrival(Crossing(Point(2, 0, 0), Point(-8, 0, 100)), 0.0, RADIUS_M)
    assert (at, error_s) == (0, 2)


def test_late_fixes_narrow_the_way_in():
    crossing = follow([Point(0, 0, 200), Point(20, 0, 0)])
    late_outside = better(crossing, Sight(0, Point(10, 0, 100), None), RADIUS_M, 0.0)
    assert late_outside == Crossing(Point(20, 0, 0), Point(10, 0, 100))
    late_inside = better(late_outside, Sight(0, Point(15, 0, 50), None), RADIUS_M, 0.0)
    assert late_inside == Crossing(Point(15, 0, 50), Point(10, 0, 100))


def test_every_order_of_the_fixes_tells_the_same():
    track = [Point(at, 0, 200 - 10 * at) for at in (10, 12, 14, 16, 18)]  # crosses at 15
    for order in itertools.permutations(track):
        crossing = follow(list(order))
        assert crossing is not None
        assert arrival(crossing, 0.0, RADIUS_M)[0] == pytest.approx(15), order


def test_an_unsure_fix_proves_no_arrival():
    forces, _ = stage(police=2)
    batch = fixes(forces, [("police-1", 0, 0, 0), ("police-2", 0, 0, 0)])
    batch.accuracy_m[:] = (101, np.nan)
    assert is_sure(batch, 100.0).tolist() == [False, True]


def test_only_watched_units_inside_are_seen():
    forces, _ = stage(police=2, volunteer=1)
    forces.move(fixes(forces, [("police-1", 0, 0, 100)]), T0)
    rows = [("police-1", 1, 0, 30), ("police-2", 1, 0, 60), ("volunteer-1", 1, 0, 0)]
    moved = forces.move(fixes(forces, rows), T0 + 1)
    seen = list(sightings(moved, is_sure(moved.batch, 100.0), *HERE, RADIUS_M, np.array([True, True, False])))
    assert [sight.unit for sight in seen] == [0]
    assert seen[0].point.north_m == pytest.approx(30, abs=0.01)
    assert seen[0].prior is not None
    assert seen[0].prior.north_m == pytest.approx(100, abs=0.01)


def test_a_late_fix_outside_is_seen_only_of_a_unit_with_a_known_crossing():
    forces, _ = stage(police=3)
    late = fixes(forces, [("police-1", 1, 0, 100), ("police-2", 1, 0, 100), ("police-3", 1, 0, 0)])
    everyone, known = np.ones(3, bool), np.array([True, False, False])
    seen = late_sightings(late, everyone, *HERE, RADIUS_M, everyone, known)
    assert [sight.unit for sight in seen] == [0, 2]


def test_all_present_are_the_units_that_were_ever_seen():
    forces, _ = stage(police=3)
    forces.move(fixes(forces, [("police-2", 5, 0, 0)]), T0)
    present = all_present(forces)
    assert present.batch.unit.tolist() == [1]
    assert present.prior_at.tolist() == [-np.inf]
