"""The figures of a backlog at one time: how much waits, where and since when, and when it would clear."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dashboard.backlog.caseload import STAGE_PLACE, Caseload, Columns, Indexes, Mask
from dashboard.backlog.cases import FINAL, AgeRow, BacklogFigures, OldCase, Ratio
from dashboard.records import STAGES, Stage

HOUR_S = 3600.0
DAY_S = 24 * HOUR_S
FLOW_WINDOW_S = 3 * HOUR_S  # one hour jumps with every shift change, a day hides a wave that is coming in
ON_TIME_WINDOW_S = DAY_S
AGE_EDGES_H = (2.0, 8.0, 24.0, 72.0)
OLDEST = 5
STUCK_FROM = 5  # fewer cases than this say nothing of a stage
FUNNEL = (
    Stage.REPORTED,
    Stage.FILED,
    Stage.DISPATCHED,
    Stage.HANDLING,
    Stage.FEEDBACK,
    Stage.VERIFIED,
    Stage.CLOSED,
)
ASIDE = (Stage.DECLINED, Stage.RETURNED, Stage.REWORK, Stage.HELD, Stage.EXTENDED)
WAITING = tuple(stage for stage in STAGES if stage not in FINAL)
_BUCKETS = len(AGE_EDGES_H) + 1


@dataclass(frozen=True)
class Areas:
    """The centres that figures are broken down by."""

    sub_districts: Sequence[str]  # codes
    departments: Sequence[str]  # codes
    sub_district_of: NDArray[np.integer]  # (communities,) index into sub_districts


def figures(
    load: Caseload, areas: Areas, communities: Mask | None, department: int | None, now: float, zone: tzinfo
) -> BacklogFigures:
    """The figures of some communities (None: all, unknown ones too) and of one department (None: all)."""
    rows = load.columns().within(communities, department)
    opened = rows.take(rows.is_open)
    ended = rows.take(~rows.is_open)
    midnight = _midnight(now, zone)
    today = ended.take(ended.closed >= midnight)
    found_per_h, closed_per_h = (_pace_per_h(times, now) for times in (rows.reported, ended.closed))
    overdue = opened.is_overdue(now)
    bucket = _age_bucket(opened, now)
    hours = _full_hours(now, zone)
    stuck, stuck_median_s = _stuck(opened, now)
    return BacklogFigures(
        as_of=now,
        open=len(opened.slot),
        overdue=int(overdue.sum()),
        found_today=int((rows.reported >= midnight).sum()),
        closed_today=len(today.slot),
        found_per_h=found_per_h,
        closed_per_h=closed_per_h,
        clear_at=_clear_at(len(opened.slot), closed_per_h - found_per_h, now),
        funnel=_by_stage(FUNNEL, opened, today),
        aside=_by_stage(ASIDE, opened, today),
        on_time=_on_time(ended, now),
        returned_today=int((rows.returned >= midnight).sum()),
        rework_today=int((rows.reworked >= midnight).sum()),
        age_edges_h=AGE_EDGES_H,
        by_sub_district=_by_sub_district(opened, bucket, overdue, areas, communities),
        by_department=_by_department(opened, bucket, overdue, areas, department),
        stage_ages=_stage_ages(opened, bucket),
        oldest=_oldest(load, opened),
        stuck=stuck,
        stuck_median_s=stuck_median_s,
        hours=hours,
        found_by_hour=_by_hour(rows.reported, hours),
        closed_by_hour=_by_hour(ended.closed, hours),
        flow_window_s=FLOW_WINDOW_S,
    )


def _midnight(now: float, zone: tzinfo) -> float:
    return datetime.fromtimestamp(now, zone).replace(hour=0, minute=0, second=0, microsecond=0, fold=0).timestamp()


class Overdue(NamedTuple):
    """The open cases of one sub-district, and those of them that passed their limit lately."""

    centre: str  # code
    open: int
    overdue: int


def lately_overdue(load: Caseload, areas: Areas, now: float, window_s: float) -> list[Overdue]:
    """Each sub-district's open cases, and how many passed their limit within the window; alarms ask each second."""
    rows = load.columns()
    opened = rows.take(rows.is_open & (rows.community >= 0))
    area = areas.sub_district_of[opened.community]
    late = opened.is_overdue(now) & (opened.due > now - window_s)
    counts = (np.bincount(places, minlength=len(areas.sub_districts)).tolist() for places in (area, area[late]))
    return [Overdue(*each) for each in zip(areas.sub_districts, *counts, strict=True)]


def _full_hours(now: float, zone: tzinfo) -> tuple[float, ...]:
    running = datetime.fromtimestamp(now, zone).replace(minute=0, second=0, microsecond=0).timestamp()
    return tuple(running - HOUR_S * back for back in range(24, 0, -1))


def _pace_per_h(times: NDArray[np.float64], now: float) -> float:
    return float(((times > now - FLOW_WINDOW_S) & (times <= now)).sum()) / (FLOW_WINDOW_S / HOUR_S)


def _clear_at(waiting: int, net_outflow_per_h: float, now: float) -> float | None:
    if not waiting:
        return now
    return now + waiting / net_outflow_per_h * HOUR_S if net_outflow_per_h > 0 else None


def _by_stage(stages: tuple[Stage, ...], opened: Columns, ended_today: Columns) -> tuple[tuple[Stage, int], ...]:
    counts = np.bincount(opened.stage, minlength=len(STAGES)) + np.bincount(ended_today.stage, minlength=len(STAGES))
    return tuple((stage, int(counts[STAGE_PLACE[stage]])) for stage in stages)


def _on_time(ended: Columns, now: float) -> Ratio:
    # A declined case was not handled, so it says nothing of handling in time.
    counted = (ended.stage == STAGE_PLACE[Stage.CLOSED]) & np.isfinite(ended.due)
    counted &= (ended.closed > now - ON_TIME_WINDOW_S) & (ended.closed <= now)
    in_time = counted & (ended.closed <= ended.due)
    return Ratio(int(in_time.sum()), int(counted.sum()), ON_TIME_WINDOW_S)


def _age_bucket(opened: Columns, now: float) -> Indexes:
    edges_s = np.array(AGE_EDGES_H) * HOUR_S
    return np.searchsorted(edges_s, now - opened.reported)


def _cross(group: NDArray[np.integer], groups: int, bucket: Indexes) -> Indexes:
    """How many rows each group has in each bucket, (groups, buckets); group -1 is left out."""
    known = group >= 0
    cells = group[known].astype(np.int64) * _BUCKETS + bucket[known]
    return np.bincount(cells, minlength=groups * _BUCKETS).reshape(groups, _BUCKETS)


def _age_rows(
    codes: Sequence[str], shown: Sequence[int], group: NDArray[np.integer], bucket: Indexes, overdue: Mask
) -> tuple[AgeRow, ...]:
    counts = _cross(group, len(codes), bucket).tolist()
    late = np.bincount(group[overdue & (group >= 0)], minlength=len(codes)).tolist()
    return tuple(AgeRow(codes[place], tuple(counts[place]), late[place]) for place in shown)


def _by_sub_district(
    opened: Columns, bucket: Indexes, overdue: Mask, areas: Areas, communities: Mask | None
) -> tuple[AgeRow, ...]:
    shown = areas.sub_district_of if communities is None else areas.sub_district_of[communities]
    places = range(len(areas.sub_districts)) if communities is None else np.unique(shown).tolist()
    group = np.append(areas.sub_district_of, -1)[opened.community]
    return _age_rows(areas.sub_districts, [place for place in places if place >= 0], group, bucket, overdue)


def _by_department(
    opened: Columns, bucket: Indexes, overdue: Mask, areas: Areas, department: int | None
) -> tuple[AgeRow, ...]:
    shown = range(len(areas.departments)) if department is None else [department]
    return _age_rows(areas.departments, shown, opened.department, bucket, overdue)


def _stage_ages(opened: Columns, bucket: Indexes) -> tuple[tuple[Stage, tuple[int, ...]], ...]:
    counts = _cross(opened.stage, len(STAGES), bucket).tolist()
    return tuple((stage, tuple(counts[STAGE_PLACE[stage]])) for stage in WAITING)


def _oldest(load: Caseload, opened: Columns) -> tuple[OldCase, ...]:
    count = min(OLDEST, len(opened.slot))
    if not count:
        return ()
    bound = np.partition(opened.reported, count - 1)[count - 1]
    # All that share the last one's time: the key decides among them, so all processes show the same ones.
    rows = sorted(
        (load.at(slot) for slot in opened.slot[opened.reported <= bound].tolist()),
        key=lambda row: (row.reported_at, row.key),
    )
    return tuple(
        OldCase(
            row.key,
            row.title,
            row.item,
            row.stage,
            row.community,
            row.department,
            row.reported_at,
            row.due_at,
        )
        for row in rows[:count]
    )


def _stuck(opened: Columns, now: float) -> tuple[Stage | None, float]:
    """The stage with the longest median wait; a held case waits on purpose and does not count."""
    worst: tuple[Stage | None, float] = (None, 0.0)
    for stage in WAITING:
        waiting = opened.since[opened.stage == STAGE_PLACE[stage]]
        if stage is Stage.HELD or len(waiting) < STUCK_FROM:
            continue
        median_s = now - float(np.median(waiting))
        if median_s > worst[1]:
            worst = (stage, median_s)
    return worst


def _by_hour(times: NDArray[np.float64], hours: tuple[float, ...]) -> tuple[int, ...]:
    end = hours[-1] + HOUR_S
    place = (times[(times >= hours[0]) & (times < end)] - hours[0]) // HOUR_S
    return tuple(np.bincount(place.astype(np.int64), minlength=len(hours)).tolist())
