"""One day at a glance, for the bar under a replay: inflow of cases, incidents, alerts, and when nobody led."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from msgspec import Struct

from dashboard.archive.reader import Archive, Reading
from dashboard.archive.schema import received_at
from dashboard.district import District, Scope
from dashboard.history.source import Source

BUCKET_S = 600
GAP_S = 10.0  # no second of an engine for longer: nobody led
ALERTS_MOST = 500  # the gravest of a day; more are a blur

_HERE = "($whole OR list_contains($communities, community))"
_CASES_HERE = f"FROM cases WHERE {_HERE} AND ($department = '' OR department = $department)"
_INFLOW = """
    SELECT CAST(floor(({column} - $a) / $bucket) AS INTEGER), count(*)
    {here} AND {column} >= $a AND {column} < $b GROUP BY 1
"""
_INCIDENTS = f"""
    SELECT reported_at, closed_at, level, title, kind, key
    FROM incidents WHERE {_HERE} AND reported_at >= $a AND reported_at < $b ORDER BY 1, key
"""
_ALERTS = f"""
    SELECT first_at, level, device, kind, key FROM alerts
    WHERE {_HERE} AND first_at >= $a AND first_at < $b AND NOT late_record AND merged_into = ''
    ORDER BY level, first_at LIMIT {ALERTS_MOST}
"""
_BREAKS = """
    SELECT before, tick_at FROM (
        SELECT tick_at, lag(tick_at) OVER (ORDER BY tick_at) AS before
        FROM beats WHERE tick_at >= $a AND tick_at < $b
    ) WHERE tick_at - before > $gap ORDER BY 1
"""
_EDGES = "SELECT min(tick_at), max(tick_at) FROM beats WHERE tick_at >= $a AND tick_at < $b"


class Mark(Struct, frozen=True, omit_defaults=True):
    """Something that a viewer may want to jump to."""

    at_ms: float
    kind: str  # incident, alert or gap
    level: int = 0  # of an incident or alert
    title: str = ""
    key: str = ""
    until_ms: float | None = None  # when an incident was closed, or a gap ended


class Timeline(Struct, frozen=True):
    """A day of one centre."""

    from_ms: float
    to_ms: float
    bucket_s: int
    found: list[int]  # cases by bucket
    closed: list[int]
    marks: list[Mark]  # in order of time
    first_ms: float | None  # history begins here, and ends there; None: there is none
    last_ms: float | None


class Day(NamedTuple):
    """A day of the district, epoch seconds."""

    start: float
    end: float


def day_of(day: date, district: District) -> Day:
    """When a day of the district begins and ends."""
    starts = [datetime.combine(each, time(), district.timezone).timestamp() for each in (day, day + timedelta(days=1))]
    return Day(*starts)


def make(archive: Archive, source: Source, district: District, scope: Scope, day: Day) -> Timeline:
    """The timeline of a day; raises HistoryError and what the archive's store raises."""
    first = source.first_at()
    last = received_at(source.end()) if first is not None else None
    with archive.open(since=day.start, until=day.end) as reading:
        asked = {"a": day.start, "b": day.end}
        here = {**asked, "whole": scope.is_whole, "communities": district.communities_of(scope)}
        of_cases = {**here, "department": scope.centre.code if scope.department is not None else "", "bucket": BUCKET_S}
        found, closed = (
            _buckets(reading.rows(_INFLOW.format(column=column, here=_CASES_HERE), of_cases), day)
            for column in ("reported_at", "closed_at")
        )
        marks = [*_incidents(reading, here, district), *_alerts(reading, here, district)]
        marks += [Mark(a * 1000, "gap", until_ms=b * 1000) for a, b in _gaps(reading, asked, day, first, last)]
    marks.sort(key=lambda mark: mark.at_ms)
    return Timeline(day.start * 1000, day.end * 1000, BUCKET_S, found, closed, marks, _ms(first), _ms(last))


def whole_gaps(
    breaks: Iterable[tuple[float, float]],
    edges: tuple[float | None, float | None],
    day: Day,
    first: float | None,
    last: float | None,
) -> list[tuple[float, float]]:
    """When nobody led, those gaps too that a day begins or ends in; what history does not have is no gap.

    `breaks`: between seconds of the day; `edges`: its first and last second.
    """
    if first is None or last is None:
        return []
    start, end = max(day.start, first), min(day.end, last)
    earliest, latest = edges
    if earliest is None or latest is None:
        return [(start, end)] if end - start > GAP_S else []
    before = [(start, earliest)] if earliest - start > GAP_S else []
    behind = [(latest, end)] if end - latest > GAP_S else []
    return [*before, *breaks, *behind]


# -- parts ---------------------------------------------------------------------------------------------------------


def _buckets(rows: Sequence[tuple[Any, ...]], day: Day) -> list[int]:
    counts = [0] * int((day.end - day.start) // BUCKET_S)
    for bucket, count in rows:
        counts[bucket] = count
    return counts


def _incidents(reading: Reading, here: dict[str, Any], district: District) -> list[Mark]:
    def named(title: str, kind: str) -> str:
        return title or (district.kinds[kind].name if kind in district.kinds else kind)

    return [
        Mark(at * 1000, "incident", level, named(title, kind), key, _ms(closed))
        for at, closed, level, title, kind, key in reading.rows(_INCIDENTS, here)
    ]


def _alerts(reading: Reading, here: dict[str, Any], district: District) -> list[Mark]:
    def named(device: str, kind: str) -> str:
        index = district.device_index.get(device)
        return (district.devices[index].name if index is not None else "") or device or kind

    return [
        Mark(at * 1000, "alert", level, named(device, kind), key)
        for at, level, device, kind, key in reading.rows(_ALERTS, here)
    ]


def _gaps(
    reading: Reading, asked: dict[str, Any], day: Day, first: float | None, last: float | None
) -> list[tuple[float, float]]:
    breaks = [(before, at) for before, at in reading.rows(_BREAKS, {**asked, "gap": GAP_S})]
    ((earliest, latest),) = reading.rows(_EDGES, asked)
    return whole_gaps(breaks, (earliest, latest), day, first, last)


def _ms(at: float | None) -> float | None:
    return None if at is None else at * 1000
