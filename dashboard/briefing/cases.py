"""The sections about cases: how many, and what, where and when."""

from collections import defaultdict
from itertools import accumulate

from dashboard.briefing import areas, rises
from dashboard.briefing.asking import Asking
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
from dashboard.briefing.shapes import area_column, counted, share, trend_labels, trended

_DAYS, _HOURS = 7, 24
_Done = tuple[int, int, int, Number, Number]  # closed, of these with a limit, within it; p50, p90


def section(asking: Asking, is_complete: bool) -> Section:
    """Found, closed, on time, returned, reworked, how long it took, what is open and when that would be done."""
    places = range(asking.now_place + 1)
    counts, back, again = (_counts(asking, move) for move in ("found", "returned", "reworked"))
    closed = asking.by_week("closed")
    done = [closed.get(place, (0, 0, 0, None, None)) for place in places]
    stock = _stock(asking)
    known = _known(asking)
    compare, now = asking.rules.compare_weeks, asking.now_place

    def of(values: list[Number]) -> list[Number]:
        """What is before the record began is unknown, not zero."""
        return [value if place in known else None for place, value in enumerate(values)]

    week = {"week": asking.week.isoformat()}
    figures = (
        trended("cases.found", Unit.COUNT, of(list(counts)), compare, rows=Rows("found", week)),
        trended("cases.closed", Unit.COUNT, of([row[0] for row in done]), compare, rows=Rows("closed", week)),
        _on_time(asking, done),
        _rate("cases.returned", back, counts, asking, "returned"),
        _rate("cases.reworked", again, counts, asking, "reworked"),
        *(
            trended(id_, Unit.SECONDS, values, compare, lower_is_better=True, rows=Rows("closed", week))
            for id_, values in (("cases.p50", [row[3] for row in done]), ("cases.p90", [row[4] for row in done]))
        ),
        trended("cases.open", Unit.COUNT, of(list(stock)), compare, lower_is_better=True, rows=Rows("open", week)),
        _overdue(asking),
        trended(
            "cases.net",
            Unit.COUNT,
            of([count - row[0] for count, row in zip(counts, done, strict=True)]),
            compare,
            lower_is_better=True,
            rows=Rows("found", week),
        ),
        _clear_by(asking, stock[now], counts[now] - done[now][0]),
    )
    return Section(
        id="cases",
        figures=figures,
        charts=(_trend(asking, counts, [row[0] for row in done], known), *_rates(asking, done)),
        tables=tuple(_areas(asking, area) for area in areas.AREAS),
        remarks=(() if is_complete else ("remark.incomplete",)) + (() if 0 in known else ("remark.no_last_year",)),
    )


def kinds(asking: Asking) -> Section:
    """What rose and is no noise; what, where and when."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0] * (asking.rules.trend_weeks + 1))
    for item, place, count in asking.ask("items"):
        counts[item][int(place)] = count
    top = sorted(counts, key=lambda item: (-counts[item][-1], item))[: asking.rules.top]
    return Section(
        id="kinds",
        charts=(_matrix(asking, top), _hours(asking), _cells(asking)),
        tables=(_risen(asking, counts), _cell_table(asking)),
    )


def _counts(asking: Asking, move: str) -> list[int]:
    found = asking.by_week("moves", move=move)
    return [found.get(place, (0,))[0] for place in range(asking.now_place + 1)]


def _stock(asking: Asking) -> list[int]:
    """How many were open at the end of each week, from how many were found and done between these ends."""
    change = [0] * (asking.now_place + 2)
    for opened, done, count in asking.ask("stock"):
        change[opened] += count
        if done is not None:
            change[done] -= count
    return list(accumulate(change[:-1]))


def _known(asking: Asking) -> range:
    """The weeks since the record began."""
    counts, closed, stock = _counts(asking, "found"), asking.by_week("closed"), _stock(asking)
    weeks = range(asking.now_place + 1)
    began = (place for place in weeks if counts[place] or place in closed or stock[place])
    return weeks[next(began, len(weeks)) :]


def _on_time(asking: Asking, done: list[_Done]) -> Figure:
    closed, limited, in_time, _, _ = done[asking.now_place]
    return trended(
        "cases.on_time",
        Unit.SHARE,
        [share(row[2], row[1]) for row in done],
        asking.rules.compare_weeks,
        parts=(in_time, limited),
        unknown=closed - limited,
        lower_is_better=False,
        rows=Rows("late", {"week": asking.week.isoformat()}),
        behind=PartRows("in_time", "limited", "unlimited"),
    )


def _overdue(asking: Asking) -> Figure:
    ((open_at_end, overdue),) = asking.ask("overdue")
    return Figure(
        id="cases.overdue",
        unit=Unit.SHARE,
        value=share(overdue, open_at_end),
        numerator=overdue,
        denominator=open_at_end,
        lower_is_better=True,
        rows=Rows("overdue", {"week": asking.week.isoformat()}),
        parts=PartRows("overdue", "open"),
    )


def _rate(id_: str, parts: list[int], wholes: list[int], asking: Asking, query: str) -> Figure:
    return trended(
        id_,
        Unit.SHARE,
        [share(part, whole) for part, whole in zip(parts, wholes, strict=True)],
        asking.rules.compare_weeks,
        parts=(parts[-1], wholes[-1]),
        lower_is_better=True,
        rows=Rows(query, {"week": asking.week.isoformat()}),
        behind=PartRows(query, "found"),
    )


def _clear_by(asking: Asking, standing: int, net: int) -> Figure:
    """When nothing would be open any more if every week were like this one; unknown while more comes than goes."""
    at = asking.to_at + standing / -net * 7 * 86_400 if net < 0 else None
    rows = Rows("open", {"week": asking.week.isoformat()})
    return Figure(
        id="cases.clear_by",
        unit=Unit.MOMENT,
        value=at,
        numerator=standing,
        denominator=max(0, -net),
        rows=rows,
        parts=PartRows("open"),
    )


def _trend(asking: Asking, found: list[int], closed: list[int], known: range) -> Chart:
    def of(values: list[int]) -> tuple[Number, ...]:
        return tuple(value if place in known else None for place, value in enumerate(values))[1:]

    return Chart(
        id="cases.trend",
        kind=ChartKind.LINES,
        unit=Unit.COUNT,
        names=Names.WEEK,
        labels=trend_labels(asking.week, asking.rules.trend_weeks),
        series=(Series("found", of(found)), Series("closed", of(closed))),
    )


def _rates(asking: Asking, done: list[_Done]) -> tuple[Chart, Chart]:
    labels = trend_labels(asking.week, asking.rules.trend_weeks)
    on_time = Series("on_time", tuple(share(row[2], row[1]) for row in done[1:]))
    took = (Series("p50", tuple(row[3] for row in done[1:])), Series("p90", tuple(row[4] for row in done[1:])))
    rate = Chart(
        id="cases.on_time_trend",
        kind=ChartKind.LINES,
        unit=Unit.SHARE,
        names=Names.WEEK,
        labels=labels,
        series=(on_time,),
    )
    times = Chart(
        id="cases.handling_trend", kind=ChartKind.LINES, unit=Unit.SECONDS, names=Names.WEEK, labels=labels, series=took
    )
    return rate, times


def _areas(asking: Asking, area: str) -> Table:
    standing = {code: (count, overdue) for code, count, overdue in asking.ask("area_open", area=area)}
    columns = (
        area_column(area),
        *counted("found", "closed"),
        Column("on_time", Unit.SHARE, rows="limited"),
        Column("p50", Unit.SECONDS, rows="closed"),
        *counted("returned", "reworked", "open", "overdue"),
    )
    by_week = areas.by_week(asking, area)
    cells = []
    for code in sorted(by_week.keys() | standing.keys()):
        week = by_week.get(code, {}).get(asking.now_place, areas.NOTHING)
        rate, stock = share(week.in_time, week.limited), standing.get(code, (0, 0))
        if any((week.found, week.closed, week.returned, week.reworked, *stock)):
            cells.append((code, week.found, week.closed, rate, week.p50, week.returned, week.reworked, *stock))
    cells.sort(key=lambda row: (-row[1], row[0]))
    return Table(id=f"cases.by_{area}", columns=columns, cells=tuple(cells))


def _risen(asking: Asking, counts: dict[str, list[int]]) -> Table:
    """The items that rose most, those that are no noise marked."""
    rules = asking.rules
    first = max(_known(asking).start, asking.now_place - rules.compare_weeks)  # nothing is compared with the unknown
    before = {item: row[first:-1] for item, row in counts.items()}
    judged = [item for item in counts if counts[item][-1] >= rules.rise_least and before[item]]
    chances = [rises.p_value(counts[item][-1], before[item]) for item in judged]
    real = dict(zip(judged, rises.risen(chances, rules.false_rises), strict=True))
    chance = dict(zip(judged, chances, strict=True))
    mean = {item: sum(before[item]) / len(before[item]) for item in judged}
    order = sorted(judged, key=lambda item: (not real[item], -(counts[item][-1] - mean[item]), item))
    shown = [item for item in order if counts[item][-1] > mean[item]][: rules.top]
    return Table(
        id="kinds.risen",
        columns=(
            Column("item", Unit.TEXT, Names.ITEM, key="item"),
            Column("count", Unit.COUNT, rows="found"),
            Column("mean", Unit.MEAN),
            Column("change", Unit.SHARE),
            Column("chance", Unit.SHARE),
        ),
        cells=tuple(
            (item, counts[item][-1], mean[item], share(counts[item][-1] - mean[item], mean[item]), chance[item])
            for item in shown
        ),
        marks=tuple("rise" if real[item] else "" for item in shown),
    )


def _matrix(asking: Asking, top: list[str]) -> Chart:
    counts = {(item, area): count for item, area, count in asking.ask("item_by_area")}
    areas = [centre.code for centre in asking.district.sub_districts]
    shown = [area for area in areas if any((item, area) in counts for item in top)]
    return Chart(
        id="kinds.matrix",
        kind=ChartKind.HEAT,
        unit=Unit.COUNT,
        names=Names.CENTRE,
        labels=tuple(shown),
        series=tuple(Series(item, tuple(counts.get((item, area), 0) for area in shown)) for item in top),
        series_names=Names.ITEM,
        rows="found",
        label_key="sub_district",
        series_key="item",
    )


def _hours(asking: Asking) -> Chart:
    counts = {(int(day), int(hour)): count for day, hour, count in asking.ask("hours")}
    rows = tuple(Series(str(day), tuple(counts.get((day, hour), 0) for hour in range(_HOURS))) for day in range(_DAYS))
    return Chart(
        id="kinds.hours",
        kind=ChartKind.HEAT,
        unit=Unit.COUNT,
        names=Names.HOUR,
        labels=tuple(map(str, range(_HOURS))),
        series=rows,
        series_names=Names.WEEKDAY,
        rows="found",
        label_key="hour",
        series_key="weekday",
    )


def _cells(asking: Asking) -> Chart:
    found = asking.ask("cells")
    return Chart(
        id="kinds.cells",
        kind=ChartKind.MAP,
        unit=Unit.COUNT,
        names=Names.CELL,
        labels=tuple(cell for cell, _, _ in found),
        series=(Series("found", tuple(count for _, _, count in found)),),
        rows="found",
        label_key="cell",
    )


def _cell_table(asking: Asking) -> Table:
    columns = (
        Column("cell", Unit.TEXT, Names.CELL, key="cell"),
        Column("area", Unit.TEXT, Names.CENTRE),
        *counted("found"),
    )
    return Table(id="kinds.hot_cells", columns=columns, cells=tuple(asking.ask("cells")))
