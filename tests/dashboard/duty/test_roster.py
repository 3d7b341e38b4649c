from datetime import datetime, timedelta

import pytest

from dashboard.duty.roster import Shift, Span, fault, gaps, overlaps, replaced, without_old
from tests.builders import at

HOUR = 3600.0


def shift(starts_h: float, ends_h: float, leader: str = "甲", centre: str = "A") -> Shift:
    return Shift(centre, at(starts_h * HOUR), at(ends_h * HOUR), leader, "长")


def hours(shifts: list[Shift]) -> list[tuple[str, float, float]]:
    return [(each.leader, hour(each.starts), hour(each.ends)) for each in shifts]


def hour(moment: datetime) -> float:
    return (moment - at(0)) / timedelta(hours=1)


def spans(found: list[Span]) -> list[tuple[float, float]]:
    return [(hour(span.starts), hour(span.ends)) for span in found]


def test_a_gap_across_midnight_is_found() -> None:
    told = [shift(0, 8), shift(20, 32)]  # noon to 20:00, then 08:00 to 20:00 the next day
    assert spans(gaps(told, "A", at(0), at(32 * HOUR))) == [(8, 20)]


def test_gaps_at_both_ends_are_found_and_other_centres_fill_none() -> None:
    told = [shift(3, 5), shift(1, 2), shift(0, 9, centre="B")]
    assert spans(gaps(told, "A", at(0), at(6 * HOUR))) == [(0, 1), (2, 3), (5, 6)]
    assert spans(gaps([], "A", at(0), at(6 * HOUR))) == [(0, 6)]


def test_shifts_that_overlap_or_touch_leave_no_gap() -> None:
    told = [shift(-5, 3), shift(1, 2), shift(3, 6), shift(9, 10)]
    assert gaps(told, "A", at(0), at(6 * HOUR)) == []


def test_every_shift_that_runs_into_an_earlier_one_is_named_with_it() -> None:
    told = [shift(4, 5), shift(0, 24), shift(2, 3), shift(24, 25), shift(1, 2, centre="B")]
    assert overlaps(told) == [(2, 1), (0, 1)]
    assert overlaps([]) == []


def test_a_new_roster_takes_its_span_and_cuts_what_reaches_into_it() -> None:
    known = [shift(0, 8), shift(8, 16), shift(16, 24), shift(8, 16, centre="B")]
    given = [shift(6, 10, "新"), shift(10, 18, "新")]
    now = [each for each in replaced(known, given) if each.centre == "A"]
    assert hours(now) == [("甲", 0, 6), ("新", 6, 10), ("新", 10, 18), ("甲", 18, 24)]
    assert len(replaced(known, given)) == 5


def test_a_new_roster_inside_a_long_shift_leaves_both_its_ends() -> None:
    assert hours(replaced([shift(0, 24)], [shift(8, 9, "新")])) == [("甲", 0, 8), ("新", 8, 9), ("甲", 9, 24)]


def test_the_last_shift_of_a_centre_shows_for_ever_that_it_keeps_a_roster() -> None:
    known = [shift(0, 8), shift(8, 16), shift(0, 8, centre="B"), shift(8, 30, centre="B")]
    assert without_old(known, at(20 * HOUR)) == [known[1], known[3]]


@pytest.mark.parametrize(
    ("wrong", "field", "why"),
    [
        (shift(3, 3), "ends", "before it starts"),
        (shift(0, 24 * 8), "ends", "seven days"),
        (shift(0, 1, ""), "leader", "two leaders"),
        (Shift("A", at(0), at(60), "甲", ""), "chief", "two leaders"),
        (Shift("A", at(0), at(60), "甲", "甲"), "chief", "is the leader too"),
    ],
)
def test_a_shift_has_two_leaders_and_a_sensible_length(wrong: Shift, field: str, why: str) -> None:
    found = fault(wrong)
    assert found is not None and found[0] == field and why in found[1]
    assert fault(shift(0, 12)) is None
