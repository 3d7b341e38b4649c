"""The double assessment: departments score sub-districts, sub-districts score communities and contractors.

A score is 0 to 100: the weighted mean of indicators, each 0 for the worst value that counts and 100 for the best. What
is not known of an area leaves its weight out, for that area alone; the table says how much of the weight was known.
"""

import math

from dashboard.briefing import areas, watch
from dashboard.briefing.asking import Asking
from dashboard.briefing.model import Column, Number, Section, Table, Unit
from dashboard.briefing.rules import Weights
from dashboard.briefing.shapes import area_column, counted, share

_SLOW_S, _QUICK_S = 7 * 86_400.0, 2 * 3600.0  # handling times that score 0 and 100; between them by the logarithm
_ALL_RETURNED = 0.25  # this share of cases returned or reworked, or more, scores 0
# Each indicator with the query whose rows it is reckoned of.
_PARTS = {
    "on_time": "limited",
    "returned": "found",
    "rework": "found",
    "handling": "closed",
    "patrol": "cell_days",
    "response": "legs",
}
_NEVER = {"community": ("response",), "department": ("patrol", "response")}  # cannot be known of these areas


def section(asking: Asking) -> Section:
    """Both tables of scores, best first."""
    covered = {area: watch.coverage(asking, area) for area in ("sub_district", "community")}
    return Section(
        id="assessment",
        tables=(
            _scores(asking, "sub_district", "assessment.sub_districts", covered["sub_district"]),
            _scores(asking, "community", "assessment.communities", covered["community"]),
            _scores(asking, "department", "assessment.contractors", {}),
        ),
        remarks=() if covered["sub_district"] else ("remark.no_patrol",),
    )


def score(parts: dict[str, Number], weights: Weights) -> tuple[Number, float]:
    """The score of known parts (each 0 to 1), and the share of the weight that was known."""
    every = {name: getattr(weights, name) for name in _PARTS}
    known = {name: weight for name, weight in every.items() if parts.get(name) is not None}
    weight = sum(known.values())
    if not weight:
        return None, 0.0
    return 100 * sum((parts[name] or 0.0) * known[name] for name in known) / weight, weight / sum(every.values())


def _scores(asking: Asking, area: str, id_: str, covered: dict[str, float]) -> Table:
    answered = asking.by_code("met_by_area") if area == "sub_district" else {}
    rows = []
    for code, by_week in areas.by_week(asking, area).items():
        week = by_week.get(asking.now_place, areas.NOTHING)
        if week.found + week.closed < asking.rules.least:
            continue  # too few to be judged by
        legs, met = answered.get(code, {}).get(asking.now_place, (0, 0))
        parts: dict[str, Number] = {
            "on_time": share(week.in_time, week.limited),
            "returned": _few(share(week.returned, week.found)),
            "rework": _few(share(week.reworked, week.found)),
            "handling": _quick(week.p50),
            "patrol": covered.get(code),
            "response": share(met, legs),
        }
        total, known = score(parts, asking.rules.weights)
        shown = [None if (part := parts[name]) is None else 100 * part for name in _PARTS]
        rows.append((total or 0.0, (code, total, *shown, week.found, week.closed, known)))
    rows.sort(key=lambda row: (-row[0], row[1][0]))
    return Table(id=id_, columns=_columns(area), cells=tuple(cells for _, cells in rows))


def _columns(area: str) -> tuple[Column, ...]:
    never = _NEVER.get(area, ())
    return (
        area_column(area),
        Column("score", Unit.SCORE),
        *(Column(f"part.{name}", Unit.SCORE, rows="" if name in never else query) for name, query in _PARTS.items()),
        *counted("found", "closed"),
        Column("known", Unit.SHARE),
    )


def _few(rate: Number) -> Number:
    return None if rate is None else max(0.0, 1 - rate / _ALL_RETURNED)


def _quick(seconds: Number) -> Number:
    if seconds is None:
        return None
    within = min(max(seconds, _QUICK_S), _SLOW_S)
    return math.log(_SLOW_S / within) / math.log(_SLOW_S / _QUICK_S)
