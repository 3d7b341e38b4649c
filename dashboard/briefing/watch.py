"""The sections about incidents, alerts, alarms, feeds and patrols."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from dashboard.briefing.asking import Asking, Row
from dashboard.briefing.model import Chart, ChartKind, Column, Figure, Names, Rows, Section, Series, Table, Unit
from dashboard.briefing.shapes import share
from dashboard.records import TIERS

_TEN_MIN_S = 600.0
_DAYS = 7
_LADDER = tuple(tier.value for tier in TIERS[:3])
_PERIODS = _DAYS * 144


def response(asking: Asking) -> Section:
    """1-3-5: attainment with unknowns in the denominator, arrival times, by tier, kind and sub-district."""
    by_tier = {row[0]: row[1:] for row in asking.ask("legs")}
    ((count, acknowledged, p50, p90),) = asking.ask("incidents")
    ((drills, late),) = asking.ask("left_out")
    week = {"week": asking.week.isoformat()}
    figures = [
        Figure(id="response.incidents", unit=Unit.COUNT, value=count, rows=Rows("incidents", week)),
        Figure(
            id="response.acknowledged", unit=Unit.SECONDS, value=p50, numerator=acknowledged, denominator=count,
            lower_is_better=True,
        ),
        Figure(id="response.acknowledged_p90", unit=Unit.SECONDS, value=p90, lower_is_better=True),
    ]  # fmt: skip
    for tier in _LADDER:
        legs, met, unknown, p50, p90 = by_tier.get(tier, (0, 0, 0, None, None))
        figures.append(
            Figure(
                id=f"response.{tier}",
                unit=Unit.SHARE,
                value=share(met, legs),
                numerator=met,
                denominator=legs,
                unknown=unknown,
                lower_is_better=False,
                rows=Rows("legs", {**week, "tier": tier}),
            )
        )
        figures.append(Figure(id=f"response.{tier}_p50", unit=Unit.SECONDS, value=p50, lower_is_better=True))
        figures.append(Figure(id=f"response.{tier}_p90", unit=Unit.SECONDS, value=p90, lower_is_better=True))
    figures.append(Figure(id="response.drills", unit=Unit.COUNT, value=drills))
    figures.append(Figure(id="response.late_records", unit=Unit.COUNT, value=late))
    kinds = _legs("response.by_kind", "kind", Names.KIND, asking.ask("legs_by_kind"))
    areas = _legs("response.by_area", "area", Names.CENTRE, asking.ask("legs_by_area"))
    return Section(id="response", figures=tuple(figures), tables=(kinds, areas))


def alerts(asking: Asking) -> Section:
    """How often each algorithm is right, and how long until somebody looked."""
    rows = sorted(asking.ask("alerts"), key=lambda row: (-row[1], row[0]))
    total, confirmed, false, expired = (sum(row[place] for row in rows) for place in range(1, 5))
    week = {"week": asking.week.isoformat()}
    columns = (
        Column("algorithm", Unit.TEXT, Names.ALERT),
        Column("alerts", Unit.COUNT),
        Column("confirmed", Unit.COUNT),
        Column("false", Unit.COUNT),
        Column("expired", Unit.COUNT),
        Column("precision", Unit.SHARE),
        Column("p50", Unit.SECONDS),
        Column("p90", Unit.SECONDS),
    )
    cells = tuple((*row[:5], share(row[2], row[2] + row[3]), row[5], row[6]) for row in rows)
    return Section(
        id="alerts",
        figures=(
            Figure(id="alerts.count", unit=Unit.COUNT, value=total, rows=Rows("alerts", week)),
            Figure(
                id="alerts.precision",
                unit=Unit.SHARE,
                value=share(confirmed, confirmed + false),
                numerator=confirmed,
                denominator=confirmed + false,
                unknown=total - confirmed - false,
                lower_is_better=False,
            ),
            Figure(
                id="alerts.expired",
                unit=Unit.SHARE,
                value=share(expired, total),
                numerator=expired,
                denominator=total,
                lower_is_better=True,
            ),
        ),
        tables=(Table(id="alerts.by_kind", columns=columns, cells=cells),),
    )


def alarms(asking: Asking) -> Section:
    """How healthy the alarms are, by the figures of ISA-18.2 and EEMUA 191."""
    raised = asking.ask("raises")
    ((_, chattering, stale, shelved),) = asking.ask("alarms")
    count = len(raised)
    periods = np.bincount(_periods(row[0] for row in raised), minlength=1) if raised else np.zeros(1, int)
    floods = int((periods > asking.rules.flood).sum())
    levels = [sum(row[1] == level for row in raised) for level in (1, 2, 3, 4)]
    top = _top_share([row[2] for row in raised])
    figures = (
        Figure(id="alarms.per_day", unit=Unit.PER_DAY, value=count / _DAYS, lower_is_better=True),
        Figure(
            id="alarms.floods",
            unit=Unit.SHARE,
            value=floods / _PERIODS,
            numerator=floods,
            denominator=_PERIODS,
            lower_is_better=True,
        ),
        Figure(id="alarms.worst", unit=Unit.COUNT, value=int(periods.max()), lower_is_better=True),
        Figure(id="alarms.stale", unit=Unit.COUNT, value=stale, lower_is_better=True),
        Figure(id="alarms.chattering", unit=Unit.COUNT, value=chattering, lower_is_better=True),
        Figure(
            id="alarms.top_ten",
            unit=Unit.SHARE,
            value=share(top, count),
            numerator=top,
            denominator=count,
            lower_is_better=True,
        ),
        Figure(id="alarms.unapproved", unit=Unit.COUNT, value=shelved, lower_is_better=True),
    )
    mix = Chart(
        id="alarms.mix",
        kind=ChartKind.BARS,
        unit=Unit.COUNT,
        names=Names.LEVEL,
        labels=("1", "2", "3", "4"),
        series=(Series("raised", tuple(levels)),),
    )
    return Section(id="alarms", figures=figures, charts=(mix,))


def feeds(asking: Asking) -> Section:
    """How long each source was well, and what of it was refused."""
    rows = asking.ask("feeds")
    columns = (
        Column("feed", Unit.TEXT),
        Column("uptime", Unit.SHARE),
        Column("accepted", Unit.COUNT),
        Column("refused", Unit.COUNT),
    )
    good, every = sum(row[3] for row in rows), sum(row[2] for row in rows)
    cells = tuple(
        (title or name, share(well, seen), taken, refused) for name, title, seen, well, taken, refused in rows
    )
    uptime = Figure(
        id="feeds.uptime",
        unit=Unit.SHARE,
        value=share(good, every),
        numerator=good,
        denominator=every,
        lower_is_better=False,
    )
    return Section(id="feeds", figures=(uptime,), tables=(Table(id="feeds.by_feed", columns=columns, cells=cells),))


def patrol(asking: Asking) -> Section:
    """How much of the ground was seen each day."""
    seen: dict[str, int] = dict(asking.ask("patrol"))
    cells = _cells_by_area(asking)
    known = bool(seen)
    rows = [(area, share(seen.get(area, 0), count * _DAYS) if known else None, count) for area, count in cells.items()]
    every, all_cells = sum(seen.values()), sum(cells.values()) * _DAYS
    figure = Figure(
        id="patrol.coverage",
        unit=Unit.SHARE,
        value=share(every, all_cells) if known else None,
        numerator=every if known else None,
        denominator=all_cells,
        lower_is_better=False,
    )
    columns = (Column("area", Unit.TEXT, Names.CENTRE), Column("coverage", Unit.SHARE), Column("cells", Unit.COUNT))
    table = Table(id="patrol.by_area", columns=columns, cells=tuple(rows))
    return Section(id="patrol", figures=(figure,), tables=(table,), remarks=() if known else ("remark.no_patrol",))


def coverage(asking: Asking) -> dict[str, float]:
    """The share of cells seen a day, by sub-district; empty where nothing was recorded."""
    seen: dict[str, int] = dict(asking.ask("patrol"))
    return {area: seen.get(area, 0) / (count * _DAYS) for area, count in _cells_by_area(asking).items()} if seen else {}


def _cells_by_area(asking: Asking) -> dict[str, int]:
    district = asking.district
    inside = asking.scope.communities[district.cell_community]
    areas = district.sub_district_of[district.cell_community][inside]
    counts = np.bincount(areas, minlength=len(district.sub_districts))
    return {c.code: int(n) for c, n in zip(district.sub_districts, counts, strict=True) if n}


def _legs(id_: str, what: str, names: Names, rows: Iterable[Row]) -> Table:
    columns = (
        Column(what, Unit.TEXT, names),
        Column("tier", Unit.TEXT, Names.TIER),
        Column("legs", Unit.COUNT),
        Column("met", Unit.COUNT),
        Column("unknown", Unit.COUNT),
        Column("attainment", Unit.SHARE),
        Column("p50", Unit.SECONDS),
        Column("p90", Unit.SECONDS),
    )
    order = {tier.value: place for place, tier in enumerate(TIERS)}
    ranked = sorted(rows, key=lambda row: (row[0], order.get(row[1], 9)))
    cells = tuple((*row[:5], share(row[3], row[2]), row[5], row[6]) for row in ranked)
    return Table(id=id_, columns=columns, cells=cells)


def _periods(times: Iterable[float]) -> Any:
    at = np.fromiter(times, float)
    return ((at - at.min()) // _TEN_MIN_S).astype(int)


def _top_share(keys: Sequence[str]) -> int:
    """How many of these are of the ten that come most."""
    _, counts = np.unique(np.array(keys, dtype=object), return_counts=True) if keys else (None, np.zeros(0, int))
    return int(np.sort(counts)[::-1][:10].sum())
