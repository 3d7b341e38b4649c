import numpy as np
import pytest
from scipy import stats

from dashboard.briefing.rises import p_value, risen


def test_a_tenfold_week_is_no_noise() -> None:
    assert p_value(100, [9, 11, 10, 8, 12, 10, 9, 11]) < 1e-5


def test_a_week_like_the_others_is_noise() -> None:
    assert p_value(12, [9, 11, 10, 8, 12, 10, 9, 11]) > 0.2


def test_what_always_varied_may_vary() -> None:
    calm, wild = [20] * 8, [2, 40, 5, 60, 1, 30, 3, 19]
    assert p_value(45, calm) < 0.005 < 0.05 < p_value(45, wild)


def test_without_weeks_to_compare_with_nothing_rises() -> None:
    assert p_value(100, []) == p_value(100, [3]) == 1.0


def test_what_never_was_and_comes_in_numbers_is_no_noise() -> None:
    assert p_value(12, [0] * 8) < 1e-3


def test_noise_is_seldom_taken_for_a_rise() -> None:
    rng = np.random.default_rng(7)
    weeks = rng.negative_binomial(5, 5 / 35, size=(2000, 9))  # mean 30, variance 210: no rise at all
    chances = [p_value(int(row[8]), row[:8].tolist()) for row in weeks]
    assert np.mean(np.array(chances) < 0.05) < 0.08
    assert sum(risen(chances, 0.05)) <= 2


def test_of_many_the_false_share_is_held() -> None:
    chances = [0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216]
    want = stats.false_discovery_control(chances) <= 0.05
    assert risen(chances, 0.05) == want.tolist() == [True, True] + [False] * 8
    assert risen([], 0.05) == []


@pytest.mark.parametrize("order", [[2, 0, 1], [1, 2, 0]])
def test_the_order_of_the_kinds_does_not_matter(order: list[int]) -> None:
    chances = [0.001, 0.5, 0.012]
    assert risen([chances[place] for place in order], 0.05) == [[True, False, True][place] for place in order]
