import random
from collections import Counter

import numpy as np
import pytest

from dashboard.backlog.flow import AGE_EDGES_H, FLOW_WINDOW_S, STUCK_FROM
from dashboard.records import Stage
from tests.dashboard.backlog.backlog_ground import ZONE, at, case, s, step, told

NOW = 8.0  # Monday 18:00


def figures(*records, communities=None, department=None, now=NOW):
    mask = None if communities is None else np.array([n in communities for n in range(4)])
    return told(*records).figures(mask, department, s(now), ZONE)


def test_an_empty_backlog_is_clear_now():
    empty = figures()
    assert (empty.open, empty.clear_at, empty.stuck, empty.oldest) == (0, s(NOW), None, ())
    assert (empty.on_time.numerator, empty.on_time.denominator) == (0, 0)


def test_the_day_begins_at_local_midnight():
    found = figures(case(1, reported=-10.1), case(2, reported=-9.9), case(3, reported=-20), step(-11, Stage.CLOSED, 3))
    assert (found.found_today, found.closed_today, found.open) == (1, 0, 2)


def test_the_funnel_counts_open_cases_by_stage_and_todays_closed_ones():
    found = figures(
        case(1),
        case(2, stage=Stage.HANDLING),
        case(3),
        step(1, Stage.CLOSED, 3),
        case(4, reported=-30, closed_at=at(-20)),
        case(5),
        step(1, Stage.DECLINED, 5),
        case(6),
        step(1, Stage.RETURNED, 6),
        case(7),
        step(1, Stage.REWORK, 7),
    )
    assert dict(found.funnel) | dict(found.aside) == {stage: 0 for stage in Stage} | {
        Stage.REPORTED: 1,
        Stage.HANDLING: 1,
        Stage.CLOSED: 1,
        Stage.DECLINED: 1,
        Stage.RETURNED: 1,
        Stage.REWORK: 1,
    }
    assert (found.open, found.closed_today, found.returned_today, found.rework_today) == (4, 2, 1, 1)


def test_the_backlog_clears_when_more_goes_than_comes():
    closing = [case(n, reported=-5, closed_at=at(NOW - 1), stage=Stage.CLOSED) for n in range(9)]
    waiting = [case(n, reported=-5) for n in range(20, 24)]
    coming = [case(n, reported=NOW - 1) for n in range(30, 33)]
    found = figures(*closing, *waiting, *coming)
    assert FLOW_WINDOW_S == 3 * 3600
    assert (found.found_per_h, found.closed_per_h) == (1, 3)
    assert found.clear_at == pytest.approx(s(NOW + 7 / 2))
    assert figures(*waiting, *coming).clear_at is None


def test_on_time_is_of_cases_closed_with_a_limit_in_the_last_day():
    found = figures(
        case(1, due_at=at(4), closed_at=at(4)),
        case(2, due_at=at(4), closed_at=at(5)),
        case(3, item="idea", closed_at=at(5)),
        case(4, due_at=at(4), closed_at=at(5), stage=Stage.DECLINED),
        case(5, reported=-40, due_at=at(0), closed_at=at(NOW - 24.1)),
    )
    assert (found.on_time.numerator, found.on_time.denominator) == (1, 2)


def test_ages_are_counted_by_bucket_and_area_with_what_is_overdue():
    found = figures(
        case(1, reported=NOW - 1, community="C0"),
        case(2, reported=NOW - 5, community="C1"),
        case(3, reported=NOW - 100, community="C2", department="water"),
        case(4, reported=NOW - 9),
    )
    assert AGE_EDGES_H == (2, 8, 24, 72)
    assert [(one.centre, one.counts, one.overdue) for one in found.by_sub_district] == [
        ("S0", (1, 1, 0, 0, 0), 1),
        ("S1", (0, 0, 0, 0, 1), 1),
    ]
    assert [(one.centre, one.counts, one.overdue) for one in found.by_department] == [
        ("water", (0, 0, 0, 0, 1), 1),
        ("roads", (1, 1, 1, 0, 0), 2),
    ]
    assert dict(found.stage_ages)[Stage.REPORTED] == (1, 1, 1, 0, 1)


def test_a_scope_sees_its_own_communities_and_department_only():
    cases = [case(n, community=f"C{n}") for n in range(4)] + [
        case(9),
        case(8, community="C0", department="water"),
    ]
    assert figures(*cases).open == 6
    scoped = figures(*cases, communities={0, 1})
    assert (scoped.open, [one.centre for one in scoped.by_sub_district]) == (3, ["S0"])
    assert figures(*cases, communities={0, 1}, department=0).open == 1
    assert [one.centre for one in figures(*cases, department=0).by_department] == ["water"]


def test_the_oldest_are_listed_oldest_first_and_ties_by_key():
    found = figures(*(case(n, reported=max(n, 4)) for n in range(7, -1, -1)), case(9, reported=-1, closed_at=at(1)))
    assert [one.key for one in found.oldest] == [f"hotline/{n}" for n in range(5)]


def test_the_stuck_stage_has_the_longest_median_wait_of_enough_cases():
    handling = [case(n, reported=2, stage=Stage.HANDLING) for n in range(STUCK_FROM)]
    feedback = [case(n, reported=-9, stage=Stage.FEEDBACK) for n in range(20, 19 + STUCK_FROM)]
    held = [case(n, reported=-9, stage=Stage.HELD) for n in range(40, 50)]
    found = figures(*handling, *feedback, *held)
    assert (found.stuck, found.stuck_median_s) == (Stage.HANDLING, 6 * 3600)


def test_hours_are_the_last_full_ones():
    found = figures(
        case(1, reported=NOW - 0.1),
        case(2, reported=NOW + 0.1),
        case(3, reported=-2, closed_at=at(0.2)),
        now=8.5,
    )
    assert found.hours == tuple(s(hour) for hour in range(-16, 8))
    assert (found.found_by_hour[-1], sum(found.found_by_hour)) == (1, 2)
    assert [hour for hour, count in zip(found.hours, found.closed_by_hour, strict=True) if count] == [s(0)]


def test_figures_agree_with_a_count_row_by_row():
    rng = random.Random(1)
    records = [
        case(
            n,
            reported=rng.uniform(-90, 8),
            community=rng.choice(["", "C0", "C1", "C2", "C3"]),
            item=rng.choice(["manhole", "puddle", "idea"]),
            stage=rng.choice([Stage.REPORTED, Stage.HANDLING, Stage.VERIFIED, Stage.CLOSED]),
        )
        for n in range(400)
    ]
    backlog = told(*records)
    found = backlog.figures(None, None, s(NOW), ZONE)
    rows = [row for row in backlog.all() if row.closed_at is None]
    assert found.open == len(rows)
    assert found.overdue == sum(row.due_at is not None and row.due_at < s(NOW) for row in rows)
    by_area = Counter(row.community // 2 for row in rows if row.community >= 0)
    assert {n: sum(one.counts) for n, one in enumerate(found.by_sub_district)} == dict(sorted(by_area.items()))
