import numpy as np
import pytest

from dashboard.forces.plausible import NEVER, offsets_m, oldest_first, possible, too_far, turns
from dashboard.wire import FixBatch
from tests.dashboard.response.ground import HERE, T0, fixes, stage


def one_fix(unit=0, at=T0, lat=22.5, lon=113.9) -> FixBatch:
    nothing = np.array([np.nan])
    return FixBatch(*(np.array([value]) for value in (unit, at, lat, lon)), nothing, nothing, nothing)


@pytest.mark.parametrize(
    "change",
    [
        {"unit": 3},
        {"unit": -1},
        {"lat": np.nan},
        {"lon": np.inf},
        {"lat": 113.9, "lon": 22.5},
        {"lat": 0.0, "lon": 0.0},
        {"at": np.nan},
        {"at": NEVER},
        {"at": T0 + 301},
    ],
    ids=str,
)
def test_a_fix_that_cannot_be_true_is_found(change):
    assert possible(one_fix(), 3, T0).tolist() == [True]
    assert possible(one_fix(**change), 3, T0).tolist() == [False]


def test_rows_are_sorted_only_where_a_unit_occurs_twice():
    forces, _ = stage(police=2)
    once = fixes(forces, [("police-2", 1, 0, 0), ("police-1", 2, 0, 0)])
    assert oldest_first(once) is once
    twice = fixes(forces, [("police-2", 1, 0, 0), ("police-1", 2, 0, 0), ("police-2", 0, 0, 0)])
    assert (oldest_first(twice).at - T0).tolist() == [2, 0, 1]


def test_no_turn_has_a_unit_twice_and_all_rows_have_their_turn():
    unit = np.array([0, 0, 0, 1, 2, 2])
    assert [turn.tolist() for turn in turns(unit)] == [[0, 3, 4], [1, 5], [2]]
    assert [turn.tolist() for turn in turns(np.zeros(0, np.int64))] == []


def test_the_first_fix_of_a_unit_is_never_too_far():
    assert not too_far(one_fix(), np.array([NEVER]), np.array([0.0]), np.array([0.0])).any()


@pytest.mark.parametrize(
    ("metres", "after_s", "is_too_far"),
    [(239, 0.1, False), (241, 0.1, True), (1190, 10, False), (1210, 10, True)],
)
def test_faster_than_120_metres_a_second_is_too_far_and_short_steps_have_slack(metres, after_s, is_too_far):
    forces, _ = stage(police=1)
    start = fixes(forces, [("police-1", 0, 0, 0)])
    end = fixes(forces, [("police-1", after_s, 0, metres)])
    assert too_far(end, start.at, start.lat, start.lon).tolist() == [is_too_far]


def test_offsets_are_metres_on_the_ground():
    east, north = offsets_m(np.array([HERE[0] + 0.001]), np.array([HERE[1] + 0.001]), *HERE)
    assert north[0] == pytest.approx(111.195, abs=0.01)
    assert east[0] == pytest.approx(111.195 * np.cos(np.radians(HERE[0])), abs=0.01)
