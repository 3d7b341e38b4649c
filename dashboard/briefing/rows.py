"""The rows behind a figure: the very cases, incidents, legs and alerts that were counted."""

from typing import Any, NamedTuple

from dashboard.briefing.asking import Asking
from dashboard.briefing.questions import scoped

_CASE = ("key", "title", "item", "department", "community", "stage", "reported_at", "due_at", "closed_at")
_LEG = ("key", "kind", "tier", "state", "zero_at", "due_at", "arrived_at", "unit", "evidence")
_INCIDENT = ("key", "kind", "level", "title", "sub_district", "reported_at", "acknowledged_at", "closed_at")
_ALERT = ("key", "kind", "device", "level", "stage", "first_at", "claimed_at", "decided_at", "reason")
_CASES = {
    "found": "reported_at >= $a AND reported_at < $b",
    "closed": "stage = 'closed' AND closed_at >= $a AND closed_at < $b",
    "late": "stage = 'closed' AND closed_at >= $a AND closed_at < $b AND closed_at > due_at",
    "returned": "returned_at >= $a AND returned_at < $b",
    "reworked": "reworked_at >= $a AND reworked_at < $b",
    "open": "reported_at < $b AND (closed_at IS NULL OR closed_at >= $b)",
}
_CASES["overdue"] = f"{_CASES['open']} AND least($b, coalesce(held_since, $b)) > due_at"
_COUNTED = "NOT drill AND reported_at >= $a AND reported_at < $b"


class Page(NamedTuple):
    """Some rows of all."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    total: int


def page(asking: Asking, query: str, tier: str, limit: int, offset: int) -> Page:
    """One page of the rows behind a figure, oldest first. Raises KeyError for an unknown query."""
    columns, sql = _select(query)
    ((total,),) = asking.answer(f"SELECT count(*) FROM ({sql})", tier=tier)
    chosen = ", ".join(columns)
    rows = asking.answer(
        f"SELECT {chosen} FROM ({sql}) ORDER BY {columns[0]} LIMIT {limit:d} OFFSET {offset:d}", tier=tier
    )
    return Page(columns, rows, int(total))


def _select(query: str) -> tuple[tuple[str, ...], str]:
    if query in _CASES:
        return _CASE, f"SELECT * FROM ({scoped('cases')}) WHERE {_CASES[query]}"
    if query == "incidents":
        return _INCIDENT, f"SELECT * FROM ({scoped('incidents')}) WHERE {_COUNTED}"
    if query == "alerts":
        counted = "merged_into = '' AND first_at >= $a AND first_at < $b"
        return _ALERT, f"SELECT * FROM ({scoped('alerts')}) WHERE {counted}"
    if query == "legs":
        counted = f"SELECT key, kind, zero_at FROM ({scoped('incidents')}) WHERE {_COUNTED}"
        required = "l.state <> 'not_required' AND l.needed > 0 AND ($tier = '' OR l.tier = $tier)"
        return _LEG, f"SELECT l.*, i.kind, i.zero_at FROM legs l JOIN ({counted}) i USING (key) WHERE {required}"
    raise KeyError(query)
