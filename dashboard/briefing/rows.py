"""The rows behind a figure: the very cases, incidents, legs and alerts that were counted."""

from typing import Any, NamedTuple

from dashboard.briefing.asking import Asking
from dashboard.briefing.questions import scoped

_CASE = ("reported_at", "key", "title", "item", "department", "community", "stage", "due_at", "closed_at")
_INCIDENT = ("reported_at", "key", "kind", "level", "title", "sub_district", "acknowledged_at", "closed_at")
_LEG = ("zero_at", "key", "kind", "tier", "state", "due_at", "arrived_at", "unit", "evidence")
_ALERT = ("first_at", "key", "kind", "device", "level", "stage", "claimed_at", "decided_at", "reason")
_RAISE = ("raised_at", "key", "level", "community")
_FEED = ("told_at", "name", "title", "condition", "accepted", "refused")
_VISIT = ("seen_at", "cell", "tier", "community")
_REPORTED = "reported_at >= $a AND reported_at < $b"
_CLOSED = "stage = 'closed' AND closed_at >= $a AND closed_at < $b"
_OPEN = "reported_at < $b AND (closed_at IS NULL OR closed_at >= $b)"
_CASES = {
    "found": _REPORTED,
    "closed": _CLOSED,
    "late": f"{_CLOSED} AND closed_at > due_at",
    "returned": "returned_at >= $a AND returned_at < $b",
    "reworked": "reworked_at >= $a AND reworked_at < $b",
    "open": _OPEN,
    "overdue": f"{_OPEN} AND least($b, coalesce(held_since, $b)) > due_at",
}
_INCIDENTS = {
    "incidents": f"NOT drill AND {_REPORTED}",
    "drills": f"drill AND {_REPORTED}",
    "late_records": f"late_record AND NOT drill AND {_REPORTED}",
}
_COUNTED_LEG = """
    l.needed > 0 AND l.state NOT IN ('not_required', 'running', 'at_risk') AND ($tier = '' OR l.tier = $tier)
"""
_OTHERS: dict[str, tuple[tuple[str, ...], str]] = {
    "legs": (
        _LEG,
        f"""
        SELECT l.*, i.kind, i.zero_at
        FROM legs l JOIN (SELECT * FROM ({scoped("incidents")}) WHERE {_INCIDENTS["incidents"]}) i USING (key)
        WHERE {_COUNTED_LEG}
        """,
    ),
    "alerts": (
        _ALERT,
        f"SELECT * FROM ({scoped('alerts')}) WHERE merged_into = '' AND first_at >= $a AND first_at < $b",
    ),
    "raises": (
        _RAISE,
        f"""SELECT *, "at" AS raised_at FROM ({scoped("raises")}) WHERE "at" >= $a AND "at" < $b""",
    ),
    "feeds": (
        _FEED,
        "SELECT *, id / 1e9 AS told_at FROM feeds WHERE id >= $week_id AND id < $last_id AND condition <> 'off'",
    ),
    "visits": (
        _VISIT,
        f"""SELECT *, "at" AS seen_at FROM ({scoped("visits")}) WHERE "at" >= $a AND "at" < $b""",
    ),
}


class Page(NamedTuple):
    """Some rows of all."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    total: int


def page(asking: Asking, query: str, tier: str, limit: int, offset: int) -> Page:
    """One page of the rows behind a figure, oldest first. Raises KeyError for an unknown query."""
    columns, sql = _select(query)
    ((total,),) = asking.answer(f"SELECT count(*) FROM ({sql})", tier=tier)
    chosen, order = ", ".join(columns), f"{columns[0]}, {columns[1]}"
    rows = asking.answer(f"SELECT {chosen} FROM ({sql}) ORDER BY {order} LIMIT {limit:d} OFFSET {offset:d}", tier=tier)
    return Page(columns, rows, int(total))


def _select(query: str) -> tuple[tuple[str, ...], str]:
    if query in _CASES:
        return _CASE, f"SELECT * FROM ({scoped('cases')}) WHERE {_CASES[query]}"
    if query in _INCIDENTS:
        return _INCIDENT, f"SELECT * FROM ({scoped('incidents')}) WHERE {_INCIDENTS[query]}"
    return _OTHERS[query]
