import dataclasses
from datetime import datetime, time

import pytest

from dashboard.district import District, DutyPost
from dashboard.duty.plan import Plan, Rosters, Watch
from dashboard.duty.roster import Shift
from tests.builders import NOON, at
from tests.feeds.small_district import small_district

T0 = NOON.timestamp()  # 12:00 in Beijing
HOUR = 3600.0
POSTS = [
    DutyPost("D", time(8, 30), time(20, 30), "早", "早长"),
    DutyPost("D", time(20, 30), time(8, 30), "晚", "晚长"),
    DutyPost("B", datetime(2026, 11, 20, 8), datetime(2026, 11, 21, 8), "专", "专长"),
]


@pytest.fixture
def plan() -> Plan:
    district: District = dataclasses.replace(small_district(), duty=POSTS)
    return Plan(district)


def shift(starts_h: float, ends_h: float, leader: str = "甲", centre: str = "D") -> Shift:
    return Shift(centre, at(starts_h * HOUR), at(ends_h * HOUR), leader, f"{leader}长", ("员",))


def names(watch: Watch | None) -> tuple[str, float, float] | None:
    return None if watch is None else (watch.leader, (watch.starts - T0) / HOUR, (watch.ends - T0) / HOUR)


def test_without_a_roster_the_daily_posts_hold_across_midnight(plan: Plan) -> None:
    assert names(plan.who("D", T0)) == ("早", -3.5, 8.5)
    assert names(plan.who("D", T0 + 9 * HOUR)) == ("晚", 8.5, 20.5)
    assert names(plan.who("D", T0 + 19 * HOUR)) == ("晚", 8.5, 20.5)
    assert names(plan.after("D", T0)) == ("晚", 8.5, 20.5)
    assert names(plan.who("B", T0)) == ("专", -4, 20)
    assert plan.who("A", T0) is None


def test_a_roster_goes_before_the_daily_posts(plan: Plan) -> None:
    plan.adopt(Rosters(1, (shift(0, 2), shift(2, 4, "乙"))))
    watch = plan.who("D", T0)
    assert watch is not None and watch.is_rostered and watch.officers == ("员",)
    assert names(plan.who("D", T0 + 3 * HOUR)) == ("乙", 2, 4)
    assert names(plan.after("D", T0)) == ("乙", 2, 4)
    assert names(plan.who("D", T0 + 5 * HOUR)) == ("早", -3.5, 8.5)


def test_the_next_shift_is_found_behind_a_gap(plan: Plan) -> None:
    plan.adopt(Rosters(1, (shift(0, 2, "甲", "A"), shift(5, 6, "乙", "A"))))
    assert names(plan.after("A", T0)) == ("乙", 5, 6)
    assert plan.after("A", T0 + 7 * HOUR) is None


def test_gaps_are_warned_of_only_where_a_roster_is_kept(plan: Plan) -> None:
    assert plan.gaps_ahead(T0) == {}
    plan.adopt(Rosters(1, (shift(-12, 24 * 30, "甲", "A"), shift(-12, 12, "乙", "B"))))
    ahead = plan.gaps_ahead(T0)
    assert list(ahead) == ["B"]
    assert ahead["B"][0].starts == at(12 * HOUR)
    assert plan.gaps_of(["A", "B", "D"], T0) == 1
    assert plan.gaps_of(["A"], T0) == 0


def test_a_gap_comes_into_sight_as_time_passes_and_goes_with_a_new_roster(plan: Plan) -> None:
    plan.adopt(Rosters(1, (shift(-1, 24 * 14 + 1),)))
    assert plan.gaps_ahead(T0) == {}
    assert list(plan.gaps_ahead(T0 + 2 * HOUR)) == ["D"]
    plan.adopt(Rosters(2, (shift(-1, 24 * 30),)))
    assert plan.gaps_ahead(T0 + 2 * HOUR) == {}


def test_shifts_that_are_over_are_not_listed(plan: Plan) -> None:
    plan.adopt(Rosters(1, (shift(2, 4, "乙"), shift(0, 2))))
    assert [each.leader for each in plan.shifts("D", T0 + 2 * HOUR)] == ["乙"]
    assert [each.leader for each in plan.shifts("D", T0)] == ["甲", "乙"]


def test_what_lies_ahead_is_told_in_order_with_the_gaps_between(plan: Plan) -> None:
    assert [names(each) for each in plan.ahead("D", T0, 3) if isinstance(each, Watch)] == [
        ("早", -3.5, 8.5),
        ("晚", 8.5, 20.5),
        ("早", 20.5, 32.5),
    ]
    plan.adopt(Rosters(1, (shift(-1, 2, "甲", "A"), shift(5, 6, "乙", "A"))))
    first, gap, second = plan.ahead("A", T0, 3)
    assert isinstance(first, Watch) and isinstance(second, Watch) and not isinstance(gap, Watch)
    assert (first.leader, gap.starts, gap.ends, second.leader) == ("甲", at(2 * HOUR), at(5 * HOUR), "乙")
    assert plan.ahead("C0", T0, 3) == []
