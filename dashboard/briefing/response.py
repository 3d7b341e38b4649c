"""The section about incidents: the 1-3-5 clock, acknowledgement and first reports."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from dashboard.archive.facts import open_incident
from dashboard.briefing.asking import Asking, Row
from dashboard.briefing.model import (
    Chart,
    ChartKind,
    Column,
    Figure,
    Names,
    Number,
    PartRows,
    Rows,
    Section,
    Series,
    Table,
    Unit,
)
from dashboard.briefing.shapes import area_column, share, trend_labels, trended
from dashboard.records import TIERS

LADDER = tuple(tier.value for tier in TIERS[:3])
_NO_LEGS = (0, 0, 0, None, None)
_NO_INCIDENTS = (0, 0, None, None)


def section(asking: Asking, now: float) -> Section:
    """1-3-5: attainment with unknowns in the denominator, arrival times, by tier, kind and sub-district."""
    kinds = _legs("response.by_kind", Column("kind", Unit.TEXT, Names.KIND, key="kind"), asking.ask("legs_by_kind"))
    by_area = _legs("response.by_area", area_column("sub_district"), asking.ask("legs_by_area"))
    return Section(
        id="response", figures=tuple(_figures(asking, now)), charts=(_trend(asking),), tables=(kinds, by_area)
    )


def _figures(asking: Asking, now: float) -> Iterator[Figure]:
    compare, week = asking.rules.compare_weeks, {"week": asking.week.isoformat()}
    found = asking.by_week("incidents")
    rows = [found.get(place, _NO_INCIDENTS) for place in range(asking.now_place + 1)]
    began = min(found, default=asking.now_place)
    # Before the record began nothing is known; that is not zero.
    counts: list[Number] = [row[0] if place >= began else None for place, row in enumerate(rows)]
    yield trended("response.incidents", Unit.COUNT, counts, compare, rows=Rows("incidents", week))
    known = (rows[-1][1], rows[-1][0])
    for place, id_ in ((2, "response.acknowledged"), (3, "response.acknowledged_p90")):
        values = [row[place] for row in rows]
        yield trended(
            id_,
            Unit.SECONDS,
            values,
            compare,
            parts=known,
            lower_is_better=True,
            rows=Rows("incidents", week),
            behind=PartRows("acknowledged", "incidents"),
        )
    by_tier = asking.by_code("legs")
    for tier in LADDER:
        yield from _of_tier(asking, tier, by_tier.get(tier, {}))
    yield _first_reports(asking, now)
    ((drills, late),) = asking.ask("left_out")
    yield Figure(id="response.drills", unit=Unit.COUNT, value=drills, rows=Rows("drills", week))
    yield Figure(id="response.late_records", unit=Unit.COUNT, value=late, rows=Rows("late_records", week))


def _of_tier(asking: Asking, tier: str, by_week: dict[int, Row]) -> Iterator[Figure]:
    compare, rows = asking.rules.compare_weeks, Rows("legs", {"week": asking.week.isoformat(), "tier": tier})
    weeks = [by_week.get(place, _NO_LEGS) for place in range(asking.now_place + 1)]
    legs, met, unknown, _, _ = weeks[-1]
    yield trended(
        f"response.{tier}",
        Unit.SHARE,
        [share(week[1], week[0]) for week in weeks],
        compare,
        parts=(met, legs),
        unknown=unknown,
        lower_is_better=False,
        rows=rows,
        behind=PartRows("legs_met", "legs", "legs_unknown"),
    )
    for place, name in ((3, "p50"), (4, "p90")):
        values = [week[place] for week in weeks]
        yield trended(f"response.{tier}_{name}", Unit.SECONDS, values, compare, lower_is_better=True, rows=rows)


def _first_reports(asking: Asking, now: float) -> Figure:
    """First reports (初报) that went up in time, of those whose time has come or that went up."""
    in_time = late = unknown = 0
    for (body,) in asking.ask("incident_states"):
        try:
            state = open_incident(body)
        except msgspec.DecodeError:
            unknown += 1  # written by another version
            continue
        due_at = state.report_due_at
        if due_at is None:
            continue
        if any(report.at <= due_at for report in state.reports):
            in_time += 1
        elif due_at < (now if state.closed_at is None else min(state.closed_at, now)):
            late += 1
    return Figure(
        id="response.first_reports",
        unit=Unit.SHARE,
        value=share(in_time, in_time + late),
        numerator=in_time,
        denominator=in_time + late,
        unknown=unknown or None,
        lower_is_better=False,
        rows=Rows("incidents", {"week": asking.week.isoformat()}),
    )


def _trend(asking: Asking) -> Chart:
    by_tier = asking.by_code("legs")
    series = []
    for tier in LADDER:
        weeks = [by_tier.get(tier, {}).get(place, _NO_LEGS) for place in range(1, asking.now_place + 1)]
        series.append(Series(tier, tuple(share(week[1], week[0]) for week in weeks)))
    return Chart(
        id="response.trend",
        kind=ChartKind.LINES,
        unit=Unit.SHARE,
        names=Names.WEEK,
        labels=trend_labels(asking.week, asking.rules.trend_weeks),
        series=tuple(series),
        series_names=Names.TIER,
    )


def _legs(id_: str, what: Column, rows: Iterable[Row]) -> Table:
    columns = (
        what,
        Column("tier", Unit.TEXT, Names.TIER, key="tier"),
        Column("legs", Unit.COUNT, rows="legs"),
        Column("met", Unit.COUNT, rows="legs_met"),
        Column("unknown", Unit.COUNT, rows="legs_unknown"),
        Column("attainment", Unit.SHARE, rows="legs"),
        Column("p50", Unit.SECONDS, rows="legs_arrived"),
        Column("p90", Unit.SECONDS, rows="legs_arrived"),
    )
    order = {tier.value: place for place, tier in enumerate(TIERS)}

    def rank(row: Row) -> Any:
        return row[0], order.get(row[1], len(order))

    cells = tuple((*row[:5], share(row[3], row[2]), row[5], row[6]) for row in sorted(rows, key=rank))
    return Table(id=id_, columns=columns, cells=cells)
