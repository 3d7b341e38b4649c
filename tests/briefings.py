"""An example of a briefing with all that one can hold: every section, kind of chart, remark, and what nobody knows."""

from datetime import date, timedelta
from typing import Any

from msgspec.structs import replace

from dashboard.briefing import weeks
from dashboard.briefing.model import (
    Briefing,
    Chart,
    ChartKind,
    Column,
    Figure,
    Names,
    Number,
    Rows,
    Section,
    Series,
    Stamp,
    Table,
    Unit,
)
from dashboard.district import District
from tests.layouts import scenes

WEEK = date(2026, 11, 16)
_DAY_S = 86_400.0
_TIERS = ("volunteer", "auxiliary", "police")
_ALERTS = ("smoke", "intrusion", "crowd")


def example(
    week: str = "2026-11-16", centre: str = "440306", district: District | None = None, **fields: Any
) -> Briefing:
    """A week like many others; `fields` are of the Briefing."""
    district = district or scenes.baoan()
    monday = date.fromisoformat(week)
    from_at = weeks.starts_at(monday, district.timezone)
    to_at = weeks.starts_at(monday + weeks.WEEK, district.timezone)
    asked = {"week": week}
    sections = (
        _cases(district, monday, to_at, asked),
        _kinds(district),
        _areas(district),
        _assessment(district),
        _response(district, asked),
        _alerts(asked),
        _alarms(),
        _feeds(),
        _patrol(district),
    )
    stamp = Stamp(
        made_at=to_at + 25_200,
        last_ids={"cases": 1_795_000_000_000_000, "records": 1_795_000_000_000_042},
        rows={"cases": 189_431, "incidents": 412},
        first_at=from_at - 200 * _DAY_S,
    )
    made = Briefing(
        week=week,
        centre=centre,
        from_at=from_at,
        to_at=to_at,
        sections=sections,
        stamp=stamp,
        queries={"found_by_week": "SELECT place, count(*) FROM cases JOIN weeks ON reported_at >= a GROUP BY place"},
        settings={"compare_weeks": 8.0, "weight.on_time": 40.0, "weight.patrol": 15.0},
    )
    return replace(made, **fields)


def frozen(**fields: Any) -> Briefing:
    """The same as it is kept."""
    kept = {"frozen_at": 1_795_478_400.0, "frozen_by": "值班长", "digest": "ab" * 32, "notes": {"cases": "先讲逾期"}}
    return example(**{**kept, **fields})


def _cases(district: District, monday: date, to_at: float, asked: dict[str, str]) -> Section:
    before = (25_800.0, 26_300.0, 26_120.0, 27_050.0, 26_840.0, 27_400.0, 26_900.0, 27_010.0)
    lower = {"lower_is_better": True}
    rates: tuple[Number, ...] = (0.86, 0.87, 0.865, None, 0.88, 0.872, 0.881, 0.884)
    figures = (
        _figure("cases.found", Unit.COUNT, 27_932.0, before, rows=Rows("found", asked)),
        _figure("cases.closed", Unit.COUNT, 27_105.0, before, rows=Rows("closed", asked)),
        _figure(
            "cases.on_time",
            Unit.SHARE,
            0.861,
            rates,
            parts=(22_480.0, 26_109.0),
            lower_is_better=False,
            unknown=996.0,
            rows=Rows("late", asked),
        ),
        _figure(
            "cases.returned", Unit.SHARE, 0.021, (0.02,) * 8, parts=(587.0, 27_932.0), rows=Rows("returned"), **lower
        ),
        _figure("cases.reworked", Unit.SHARE, 0.0, (0.004,) * 8, parts=(0.0, 27_932.0), rows=Rows("reworked"), **lower),
        _figure("cases.p50", Unit.SECONDS, 9_480.0, (9_900.0,) * 8, **lower),
        _figure("cases.p90", Unit.SECONDS, 190_800.0, (170_000.0,) * 8, **lower),
        _figure("cases.open", Unit.COUNT, 6_412.0, (5_900.0,) * 8, rows=Rows("open", asked), **lower),
        _figure("cases.overdue", Unit.SHARE, 0.083, (), parts=(532.0, 6_412.0), rows=Rows("overdue", asked), **lower),
        _figure("cases.net", Unit.COUNT, 827.0, (), **lower),
        _figure("cases.clear_by", Unit.MOMENT, None, ()),
    )
    labels = tuple((monday - timedelta(7 * back)).isoformat() for back in range(12, -1, -1))
    found = tuple(25_000.0 + 230 * place - 700 * (place % 3) for place in range(13))
    closed: tuple[Number, ...] = (None, None, *(25_400.0 + 150 * place for place in range(11)))
    charts = (
        _lines("cases.trend", Unit.COUNT, labels, Series("found", found), Series("closed", closed)),
        _lines(
            "cases.on_time_trend",
            Unit.SHARE,
            labels,
            Series("on_time", tuple(0.84 + place / 300 for place in range(13))),
        ),
        _lines(
            "cases.handling_trend",
            Unit.SECONDS,
            labels,
            Series("p50", tuple(9_000.0 + 60 * place for place in range(13))),
            Series("p90", tuple(170_000.0 + 1_500 * place for place in range(13))),
        ),
    )
    tables = tuple(
        Table(
            id=f"cases.by_{kind}",
            columns=(
                _area(),
                *_columns("found", "closed"),
                Column("on_time", Unit.SHARE),
                Column("p50", Unit.SECONDS),
                *_columns("returned", "reworked"),
            ),
            cells=tuple(
                (
                    each.code,
                    4_300.0 - 311 * place,
                    4_180.0 - 290 * place,
                    None if place == 4 else 0.91 - place / 40,
                    7_200.0 + 2_400 * place,
                    90.0 - 7 * place,
                    12.0,
                )
                for place, each in enumerate(centres)
            ),
        )
        for kind, centres in (("sub_district", district.sub_districts[:10]), ("department", district.departments[:9]))
    )
    return Section(
        id="cases", figures=figures, charts=charts, tables=tables, remarks=("remark.incomplete", "remark.no_last_year")
    )


def _kinds(district: District) -> Section:
    items, areas = tuple(district.items)[:12], tuple(each.code for each in district.sub_districts[:10])
    matrix = tuple(
        Series(item, tuple(float((17 * row + 29 * place) % 97 * (12 - row)) for place in range(len(areas))))
        for row, item in enumerate(items)
    )
    hours = tuple(
        Series(str(day), tuple(float(max(0, 60 - (hour - 10) ** 2) * (7 - day)) for hour in range(24)))
        for day in range(7)
    )
    cells = tuple(district.cell_codes[place * 37 % len(district.cell_codes)] for place in range(20))
    counts = Series("found", tuple(240.0 - 9 * place for place in range(20)))
    risen = tuple(
        (item, 420.0 - 30 * place, 210.0, 1.0 - place / 14, 0.0004 * 4**place) for place, item in enumerate(items[:6])
    )
    return Section(
        id="kinds",
        charts=(
            _chart("kinds.matrix", ChartKind.HEAT, Names.CENTRE, areas, *matrix, series_names=Names.ITEM),
            _chart(
                "kinds.hours",
                ChartKind.HEAT,
                Names.HOUR,
                tuple(map(str, range(24))),
                *hours,
                series_names=Names.WEEKDAY,
            ),
            _chart("kinds.cells", ChartKind.MAP, Names.CELL, cells, counts),
        ),
        tables=(
            Table(
                id="kinds.risen",
                columns=(
                    Column("item", Unit.TEXT, Names.ITEM),
                    Column("count", Unit.COUNT),
                    Column("mean", Unit.MEAN),
                    Column("change", Unit.SHARE),
                    Column("chance", Unit.SHARE),
                ),
                cells=risen,
                marks=tuple("rise" if place < 2 else "" for place in range(len(risen))),
            ),
        ),
    )


def _areas(district: District) -> Section:
    columns = (_area(), *(Column(name, Unit.SHARE) for name in ("on_time", "average", "worst")))
    below = tuple((each.code, 0.78, 0.86, 0.74) for each in district.sub_districts[:2])
    return Section(
        id="areas",
        tables=(
            Table(id="areas.below_sub_district", columns=columns, cells=below, marks=("below",) * len(below)),
            Table(id="areas.below_department", columns=columns, cells=()),
        ),
    )


def _assessment(district: District) -> Section:
    parts = ("on_time", "returned", "rework", "handling", "patrol")
    columns = (
        _area(),
        Column("score", Unit.SCORE),
        *(Column(f"part.{part}", Unit.SCORE) for part in parts),
        Column("known", Unit.SHARE),
    )
    tables = tuple(
        Table(
            id=f"assessment.{name}",
            columns=columns,
            cells=tuple(
                (each.code, 91.2 - 3 * at, 88.0, 92.4, 97.0, 61.5, None, 0.85) for at, each in enumerate(centres)
            ),
        )
        for name, centres in (
            ("sub_districts", district.sub_districts[:10]),
            ("communities", district.communities[:40]),
            ("contractors", district.departments[:9]),
        )
    )
    return Section(id="assessment", tables=tables, remarks=("remark.no_patrol",))


def _response(district: District, asked: dict[str, str]) -> Section:
    figures = [_figure("response.incidents", Unit.COUNT, 61.0, (58.0, 66.0), rows=Rows("incidents", asked))]
    figures.append(_figure("response.acknowledged", Unit.SECONDS, 31.0, (), parts=(60.0, 61.0), lower_is_better=True))
    figures.append(_figure("response.acknowledged_p90", Unit.SECONDS, 88.0, (), lower_is_better=True))
    for place, tier in enumerate(_TIERS):
        rows = Rows("legs", {**asked, "tier": tier})
        parts = (40.0 - 9 * place, 61.0)
        share = parts[0] / parts[1]
        figures.append(
            _figure(
                f"response.{tier}", Unit.SHARE, share, (), parts=parts, unknown=5.0, lower_is_better=False, rows=rows
            )
        )
        figures.append(_figure(f"response.{tier}_p50", Unit.SECONDS, 48.0 + 70 * place, (), lower_is_better=True))
        figures.append(_figure(f"response.{tier}_p90", Unit.SECONDS, None, (), lower_is_better=True))
    figures += [_figure("response.drills", Unit.COUNT, 3.0, ()), _figure("response.late_records", Unit.COUNT, 0.0, ())]
    more = (
        Column("tier", Unit.TEXT, Names.TIER),
        *_columns("legs", "met", "unknown"),
        Column("attainment", Unit.SHARE),
        Column("p50", Unit.SECONDS),
        Column("p90", Unit.SECONDS),
    )

    def legs(codes: list[str]) -> tuple[tuple[str | float | None, ...], ...]:
        return tuple((code, tier, 9.0, 6.0, 1.0, 6 / 9, 61.0, None) for code in codes for tier in _TIERS)

    kinds = legs(list(district.kinds)[:4])
    return Section(
        id="response",
        figures=tuple(figures),
        tables=(
            Table(id="response.by_kind", columns=(Column("kind", Unit.TEXT, Names.KIND), *more), cells=kinds),
            Table(
                id="response.by_area",
                columns=(_area(), *more),
                cells=legs([c.code for c in district.sub_districts[:4]]),
            ),
        ),
    )


def _alerts(asked: dict[str, str]) -> Section:
    columns = (
        Column("algorithm", Unit.TEXT, Names.ALERT),
        *_columns("alerts", "confirmed", "false", "expired"),
        Column("precision", Unit.SHARE),
        Column("p50", Unit.SECONDS),
        Column("p90", Unit.SECONDS),
    )
    cells = tuple((kind, 120.0, 61.0, 30.0, 12.0, 61 / 91, 75.0, 410.0) for kind in _ALERTS)
    return Section(
        id="alerts",
        figures=(
            _figure("alerts.count", Unit.COUNT, 360.0, (), rows=Rows("alerts", asked)),
            _figure(
                "alerts.precision", Unit.SHARE, 0.67, (), parts=(183.0, 273.0), unknown=87.0, lower_is_better=False
            ),
            _figure("alerts.expired", Unit.SHARE, 0.1, (), parts=(36.0, 360.0), lower_is_better=True),
        ),
        tables=(Table(id="alerts.by_kind", columns=columns, cells=cells),),
    )


def _alarms() -> Section:
    lower = {"lower_is_better": True}
    levels = Series("raised", (3.0, 14.0, 77.0, 190.0))
    return Section(
        id="alarms",
        figures=(
            _figure("alarms.per_day", Unit.MEAN, 40.6, (), **lower),
            _figure("alarms.per_operator", Unit.MEAN, 13.5, (), parts=(284.0, 21.0), **lower),
            _figure("alarms.floods", Unit.SHARE, 0.006, (), parts=(6.0, 1008.0), **lower),
            _figure("alarms.worst", Unit.COUNT, 19.0, (), **lower),
            _figure("alarms.stale", Unit.COUNT, 2.0, (), **lower),
            _figure("alarms.chattering", Unit.COUNT, 1.0, (), **lower),
            _figure("alarms.top_ten", Unit.SHARE, None, (), **lower),
            _figure("alarms.unapproved", Unit.COUNT, 0.0, (), **lower),
        ),
        charts=(
            _chart("alarms.mix", ChartKind.BARS, Names.LEVEL, ("1", "2", "3", "4"), levels),
            replace(
                _chart(
                    "alarms.mix",
                    ChartKind.STACKED,
                    Names.LEVEL,
                    ("1", "2", "3", "4"),
                    levels,
                    Series("found", (9.0, 0.0, 20.0, 40.0)),
                ),
                target=5.0,
            ),
        ),
    )


def _feeds() -> Section:
    columns = (Column("feed", Unit.TEXT), Column("uptime", Unit.SHARE), *_columns("accepted", "refused"))
    cells = (("民生诉求平台", 0.998, 189_000.0, 12.0), (scenes.HOSTILE, None, 0.0, 0.0))
    uptime = _figure("feeds.uptime", Unit.SHARE, 0.991, (), parts=(9_990.0, 10_080.0), lower_is_better=False)
    return Section(id="feeds", figures=(uptime,), tables=(Table(id="feeds.by_feed", columns=columns, cells=cells),))


def _patrol(district: District) -> Section:
    columns = (_area(), Column("coverage", Unit.SHARE), *_columns("cells"))
    cells = tuple((each.code, None, 410.0) for each in district.sub_districts[:10])
    figure = _figure("patrol.coverage", Unit.SHARE, None, (), parts=(None, 28_000.0), lower_is_better=False)
    table = Table(id="patrol.by_area", columns=columns, cells=cells)
    return Section(id="patrol", figures=(figure,), tables=(table,), remarks=("remark.no_patrol",))


def _figure(
    id_: str,
    unit: Unit,
    value: Number,
    previous: tuple[Number, ...],
    *,
    parts: tuple[Number, Number] = (None, None),
    **fields: Any,
) -> Figure:
    numerator, denominator = parts
    return Figure(
        id=id_, unit=unit, value=value, previous=previous, numerator=numerator, denominator=denominator, **fields
    )


def _area() -> Column:
    return Column("area", Unit.TEXT, Names.CENTRE)


def _columns(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, Unit.COUNT) for name in names)


def _lines(id_: str, unit: Unit, labels: tuple[str, ...], *series: Series) -> Chart:
    return replace(_chart(id_, ChartKind.LINES, Names.WEEK, labels, *series), unit=unit)


def _chart(id_: str, kind: ChartKind, names: Names, labels: tuple[str, ...], *series: Series, **more: Any) -> Chart:
    return Chart(id=id_, kind=kind, unit=Unit.COUNT, names=names, labels=labels, series=series, **more)
