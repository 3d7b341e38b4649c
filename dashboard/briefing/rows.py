"""The rows behind a number: the very cases, incidents, legs and alerts that were counted.

A query names what was counted, filters say of what: of one department, of one item in one sub-district. Both come from
addresses, so only names that stand here reach SQL; what is looked for is bound to it.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from dashboard.briefing.asking import Asking
from dashboard.briefing.questions import STANDING, scoped
from dashboard.records import TIERS

_CASE = ("reported_at", "key", "title", "item", "department", "community", "stage", "due_at", "closed_at")
_INCIDENT = ("reported_at", "key", "kind", "level", "title", "sub_district", "acknowledged_at", "closed_at")
_LEG = ("zero_at", "key", "kind", "sub_district", "tier", "state", "due_at", "arrived_at", "unit", "evidence")
_ALERT = ("first_at", "key", "kind", "device", "level", "stage", "claimed_at", "decided_at", "reason")
_ALARM = ("raised_at", "key", "title", "level", "community", "cleared_at", "shelved_until")
_RAISE = ("raised_at", "key", "level", "community")
_FEED = ("told_at", "name", "title", "condition", "accepted", "refused")
_VISIT = ("seen_at", "cell", "tier", "community")
_CELL_DAY = ("day", "cell", "sub_district", "community", "seen_at")

_REPORTED = "reported_at >= $a AND reported_at < $b"
_CLOSED = "stage = 'closed' AND closed_at >= $a AND closed_at < $b"
_OPEN = "reported_at < $b AND (closed_at IS NULL OR closed_at >= $b)"
_CASES = {
    "found": _REPORTED,
    "closed": _CLOSED,
    "limited": f"{_CLOSED} AND due_at IS NOT NULL",
    "unlimited": f"{_CLOSED} AND due_at IS NULL",
    "in_time": f"{_CLOSED} AND closed_at <= due_at",
    "late": f"{_CLOSED} AND closed_at > due_at",
    "returned": "returned_at >= $a AND returned_at < $b",
    "reworked": "reworked_at >= $a AND reworked_at < $b",
    "open": _OPEN,
    "overdue": f"{_OPEN} AND least($b, coalesce(held_since, $b)) > due_at",
}
_INCIDENTS = {
    "incidents": f"NOT drill AND {_REPORTED}",
    "acknowledged": f"NOT drill AND acknowledged_at IS NOT NULL AND {_REPORTED}",
    "drills": f"drill AND {_REPORTED}",
    "late_records": f"late_record AND NOT drill AND {_REPORTED}",
}
_LEGS = {
    "legs": "true",
    "legs_met": "state = 'met'",
    "legs_unknown": "state = 'unknown'",
    "legs_arrived": "arrived_at IS NOT NULL",
}
_ALERTS = {
    "alerts": "true",
    "alerts_confirmed": "stage = 'confirmed'",
    "alerts_false": "stage = 'false'",
    "alerts_judged": "stage IN ('confirmed', 'false')",
    "alerts_unjudged": "stage NOT IN ('confirmed', 'false')",
    "alerts_expired": "stage = 'expired'",
    "alerts_answered": "coalesce(claimed_at, decided_at) IS NOT NULL",
}
_FEEDS = {"feeds": "true", "feeds_well": "condition = 'good'", "feeds_unwell": "condition <> 'good'"}

_ALARMS = {f"alarms_{name}": test for name, test in STANDING.items()}

_ALL_LEGS = f"""
    SELECT l.*, i.kind, i.sub_district, i.zero_at
    FROM legs l JOIN (SELECT * FROM ({scoped("incidents")}) WHERE {_INCIDENTS["incidents"]}) i USING (key)
    WHERE l.needed > 0 AND l.state NOT IN ('not_required', 'running', 'at_risk')
"""
_ALL_ALERTS = f"SELECT * FROM ({scoped('alerts')}) WHERE merged_into = '' AND first_at >= $a AND first_at < $b"
_ALL_FEEDS = """
    SELECT *, id / 1e9 AS told_at, name AS feed FROM feeds
    WHERE id >= $week_id AND id < $last_id AND condition <> 'off'
"""
_ALL_ALARMS = f"SELECT * FROM ({scoped('alarms')}) WHERE raised_at < $b AND coalesce(cleared_at, $b) >= $a"
_RAISES = f"""SELECT *, "at" AS raised_at FROM ({scoped("raises")}) WHERE "at" >= $a AND "at" < $b"""
_VISITS = f"""SELECT *, "at" AS seen_at FROM ({scoped("visits")}) WHERE "at" >= $a AND "at" < $b"""
_CELL_DAYS = f"""
    SELECT day, cell, sub_district, community, min(first_at) AS seen_at FROM ({scoped("cell_days")})
    WHERE first_at >= $a AND first_at < $b AND sub_district <> '' GROUP BY day, cell, sub_district, community
"""
_LOCAL = "timezone($zone, to_timestamp(reported_at))"
_EXPRESSIONS = {"weekday": f"isodow({_LOCAL}) - 1", "hour": f"hour({_LOCAL})"}  # others are called like their column
_NUMBERS = {"weekday": range(7), "hour": range(24), "level": range(1, 5)}
_WORDS = {"tier": frozenset(tier.value for tier in TIERS)}
_LONGEST = 200


class UnknownFilter(ValueError):
    """No such filter of this query, or no such value of it; the text is its name."""


class Page(NamedTuple):
    """Some rows of all."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    total: int


class Query(NamedTuple):
    """What was counted: the columns shown, the rows, and by what they can be narrowed."""

    columns: tuple[str, ...]
    sql: str
    filters: tuple[str, ...] = ()


def page(asking: Asking, query: str, filters: Mapping[str, str], limit: int, offset: int) -> Page:
    """One page of the rows of a query, oldest first. Raises KeyError for an unknown one, UnknownFilter."""
    wanted = QUERIES[query]
    values = {f"only_{name}": _value(wanted, name, text) for name, text in filters.items()}
    tests = [f"{_EXPRESSIONS.get(name, name)} = $only_{name}" for name in filters]
    sql = f"SELECT * FROM ({wanted.sql}) WHERE {' AND '.join(tests)}" if tests else wanted.sql
    ((total,),) = asking.answer(f"SELECT count(*) FROM ({sql})", **values)
    chosen, order = ", ".join(wanted.columns), f"{wanted.columns[0]}, {wanted.columns[1]}"
    rows = asking.answer(f"SELECT {chosen} FROM ({sql}) ORDER BY {order} LIMIT {limit:d} OFFSET {offset:d}", **values)
    return Page(wanted.columns, rows, int(total))


def _value(query: Query, name: str, text: str) -> str | int:
    """What a filter compares with."""
    if name not in query.filters or len(text) > _LONGEST or text not in _WORDS.get(name, (text,)):
        raise UnknownFilter(name)
    if name not in _NUMBERS:
        return text
    if not (text.isascii() and text.isdigit() and int(text) in _NUMBERS[name]):
        raise UnknownFilter(name)
    return int(text)


def _of(columns: tuple[str, ...], sql: str, tests: Mapping[str, str], *filters: str) -> dict[str, Query]:
    """Queries of the same rows, each with its test."""
    return {name: Query(columns, f"SELECT * FROM ({sql}) WHERE {test}", filters) for name, test in tests.items()}


QUERIES: dict[str, Query] = {
    **_of(_CASE, scoped("cases"), _CASES, "sub_district", "community", "department", "item", "cell", "weekday", "hour"),
    **_of(_INCIDENT, scoped("incidents"), _INCIDENTS),
    **_of(_LEG, _ALL_LEGS, _LEGS, "kind", "sub_district", "tier"),
    **_of(_ALERT, _ALL_ALERTS, _ALERTS, "kind"),
    **_of(_FEED, _ALL_FEEDS, _FEEDS, "feed"),
    **_of(_ALARM, _ALL_ALARMS, _ALARMS),
    "raises": Query(_RAISE, _RAISES, ("level",)),
    "visits": Query(_VISIT, _VISITS),
    "cell_days": Query(_CELL_DAY, _CELL_DAYS, ("sub_district", "community")),
}
