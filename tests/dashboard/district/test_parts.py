from datetime import datetime, time

import numpy as np
import pytest

from dashboard.district.parts import DutyPost, Roster


def roster(*call_signs):
    return Roster(list(call_signs), np.zeros(len(call_signs), np.uint8), np.full(len(call_signs), -1, np.int16))


@pytest.mark.parametrize(
    ("starts", "ends", "hour", "on"),
    [(8, 20, 8, True), (8, 20, 20, False), (20, 8, 23, True), (20, 8, 7, True), (20, 8, 8, False), (8, 8, 3, True)],
)
def test_a_daily_shift_may_pass_midnight(starts, ends, hour, on):
    post = DutyPost("1", time(starts), time(ends), "leader", "chief")
    assert post.covers(datetime(2026, 11, 20, hour)) is on


def test_a_dated_shift_is_on_once():
    post = DutyPost("1", datetime(2026, 11, 20, 8), datetime(2026, 11, 21, 8), "leader", "chief")
    assert post.covers(datetime(2026, 11, 21, 7, 59)) and not post.covers(datetime(2026, 11, 21, 8))


def test_a_roster_has_one_checksum_for_one_order_of_call_signs():
    assert roster("a", "b").checksum == roster("a", "b").checksum != roster("b", "a").checksum
    assert roster("a", "b").index == {"a": 0, "b": 1}
