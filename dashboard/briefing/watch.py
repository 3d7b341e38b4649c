"""The sections about alerts, alarms, feeds and patrols."""

import numpy as np

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
from dashboard.briefing.shapes import area_column, share, trended

_DAYS = 7
_TEN_MIN_S = 600.0
_LEVELS = ("1", "2", "3", "4")
_NO_ALERTS: Row = (0, 0, 0, 0, None, None)


def alerts(asking: Asking) -> Section:
    """How often each algorithm is right, and how long until somebody looked."""
    compare, rows = asking.rules.compare_weeks, Rows("alerts", {"week": asking.week.isoformat()})
    by_week = asking.by_week("alerts")
    weeks = [by_week.get(place, _NO_ALERTS) for place in range(asking.now_place + 1)]
    began = min(by_week, default=asking.now_place)
    total, confirmed, false, expired, _, _ = weeks[-1]
    columns = (
        Column("algorithm", Unit.TEXT, Names.ALERT, key="kind"),
        Column("alerts", Unit.COUNT, rows="alerts"),
        Column("confirmed", Unit.COUNT, rows="alerts_confirmed"),
        Column("false", Unit.COUNT, rows="alerts_false"),
        Column("expired", Unit.COUNT, rows="alerts_expired"),
        Column("precision", Unit.SHARE, rows="alerts_judged"),
        Column("p50", Unit.SECONDS, rows="alerts_answered"),
        Column("p90", Unit.SECONDS, rows="alerts_answered"),
    )
    kinds = sorted(asking.ask("alerts_by_kind"), key=lambda row: (-row[1], row[0]))
    cells = tuple((*row[:5], share(row[2], row[2] + row[3]), row[5], row[6]) for row in kinds)
    counts: list[Number] = [row[0] if place >= began else None for place, row in enumerate(weeks)]
    figures = (
        trended("alerts.count", Unit.COUNT, counts, compare, rows=rows),
        trended(
            "alerts.precision",
            Unit.SHARE,
            [share(row[1], row[1] + row[2]) for row in weeks],
            compare,
            parts=(confirmed, confirmed + false),
            unknown=total - confirmed - false,
            lower_is_better=False,
            rows=rows,
            behind=PartRows("alerts_confirmed", "alerts_judged", "alerts_unjudged"),
        ),
        trended(
            "alerts.expired",
            Unit.SHARE,
            [share(row[3], row[0]) for row in weeks],
            compare,
            parts=(expired, total),
            lower_is_better=True,
            rows=rows,
            behind=PartRows("alerts_expired", "alerts"),
        ),
        trended("alerts.p50", Unit.SECONDS, [row[4] for row in weeks], compare, lower_is_better=True, rows=rows),
        trended("alerts.p90", Unit.SECONDS, [row[5] for row in weeks], compare, lower_is_better=True, rows=rows),
        _flood_share(asking, "alerts.floods", asking.by_week("alert_floods"), rows),
    )
    return Section(id="alerts", figures=figures, tables=(Table(id="alerts.by_kind", columns=columns, cells=cells),))


def alarms(asking: Asking) -> Section:
    """How healthy the alarms are, by the figures of ISA-18.2 and EEMUA 191."""
    compare, rows = asking.rules.compare_weeks, Rows("raises", {"week": asking.week.isoformat()})
    raised, top = asking.by_week("raises"), asking.by_week("raises_of_ten")
    ((chattering, stale, shelved),) = asking.ask("alarms")
    places, began = range(asking.now_place + 1), min(raised, default=asking.now_place)
    counts = [int(raised[place][2]) if place in raised else 0 for place in places]
    tops = [int(top[place][0]) if place in top else 0 for place in places]
    most: list[Number] = [raised[place][1] if place in raised else 0 if place >= began else None for place in places]
    daily: list[Number] = [count / _DAYS if place >= began else None for place, count in enumerate(counts)]
    shares = [share(part, count) for part, count in zip(tops, counts, strict=True)]
    last = (tops[-1], counts[-1])
    at_work = asking.by_week("operators")
    days = [at_work[place][0] if place in at_work else 0 for place in places]
    shared = [share(count, days[place]) if place >= began else None for place, count in enumerate(counts)]
    burden = (counts[-1], days[-1])
    figures = (
        trended("alarms.per_day", Unit.MEAN, daily, compare, lower_is_better=True, rows=rows),
        trended(
            "alarms.per_operator",
            Unit.MEAN,
            shared,
            compare,
            parts=burden,
            lower_is_better=True,
            rows=rows,
            behind=PartRows("raises"),
        ),
        _flood_share(asking, "alarms.floods", raised, rows),
        trended("alarms.worst", Unit.COUNT, most, compare, lower_is_better=True, rows=rows),
        _standing("stale", stale, asking),
        _standing("chattering", chattering, asking),
        trended(
            "alarms.top_ten",
            Unit.SHARE,
            shares,
            compare,
            parts=last,
            lower_is_better=True,
            rows=rows,
            behind=PartRows("", "raises"),
        ),
        _standing("unapproved", shelved, asking),
    )
    by_level = {str(level): count for level, count in asking.ask("raises_by_level")}
    mix = Chart(
        id="alarms.mix",
        kind=ChartKind.BARS,
        unit=Unit.COUNT,
        names=Names.LEVEL,
        labels=_LEVELS,
        series=(Series("raised", tuple(by_level.get(level, 0) for level in _LEVELS)),),
        rows="raises",
        label_key="level",
    )
    return Section(id="alarms", figures=figures, charts=(mix,))


def _standing(name: str, count: int, asking: Asking) -> Figure:
    """How many alarms that stood in the week are so."""
    rows = Rows(f"alarms_{name}", {"week": asking.week.isoformat()})
    return Figure(id=f"alarms.{name}", unit=Unit.COUNT, value=count, lower_is_better=True, rows=rows)


def feeds(asking: Asking) -> Section:
    """How long each source was well, how long it was not, and what of it was refused."""
    now, rows = asking.now_place, Rows("feeds", {"week": asking.week.isoformat()})
    found = asking.by_code("feeds")
    columns = (
        Column("feed", Unit.TEXT, Names.TEXT),
        Column("uptime", Unit.SHARE, rows="feeds"),
        Column("well", Unit.COUNT, rows="feeds_well"),
        Column("samples", Unit.COUNT, rows="feeds"),
        Column("silent", Unit.SECONDS, rows="feeds_unwell"),
        Column("accepted", Unit.COUNT),
        Column("refused", Unit.COUNT),
        Column("refused_rate", Unit.SHARE),
    )
    here = {name: by_week[now] for name, by_week in found.items() if now in by_week}
    cells = []
    for name, (title, seen, well, taken, refused, silent_s) in here.items():
        taken, refused = taken or 0, refused or 0
        rates = (share(well, seen), share(refused, taken + refused))
        cells.append((title or name, rates[0], well, seen, silent_s, taken, refused, rates[1]))
    seen_well = [_seen_well(found, place) for place in range(now + 1)]
    uptime = trended(
        "feeds.uptime",
        Unit.SHARE,
        [share(well, seen) for seen, well in seen_well],
        asking.rules.compare_weeks,
        parts=(seen_well[-1][1], seen_well[-1][0]),
        lower_is_better=False,
        rows=rows,
        behind=PartRows("feeds_well", "feeds"),
    )
    # A feed is shown by its title, and titles change: its rows are told by its name.
    table = Table(id="feeds.by_feed", columns=columns, cells=tuple(cells), keys={"feed": tuple(here)})
    return Section(id="feeds", figures=(uptime,), tables=(table,))


def patrol(asking: Asking) -> Section:
    """How much of the ground was seen each day."""
    found, cells = asking.by_code("patrol", area="sub_district"), _cells_in(asking, "sub_district")
    every = sum(cells.values()) * _DAYS
    visited = [_visited(found, place) for place in range(asking.now_place + 1)]
    figure = trended(
        "patrol.coverage",
        Unit.SHARE,
        [share(seen, every) for seen in visited],
        asking.rules.compare_weeks,
        parts=(visited[-1], every),
        lower_is_better=False,
        rows=Rows("cell_days", {"week": asking.week.isoformat()}),
        behind=PartRows("cell_days"),
    )
    covered = coverage(asking, "sub_district")
    columns = (
        area_column("sub_district"),
        Column("coverage", Unit.SHARE, rows="cell_days"),
        Column("seen", Unit.COUNT, rows="cell_days"),
        Column("cells", Unit.COUNT),
    )
    nothing: Row = (0,)
    seen = {area: found.get(area, {}).get(asking.now_place, nothing)[0] for area in covered}
    rows = tuple((area, covered.get(area), seen.get(area), count) for area, count in cells.items())
    table = Table(id="patrol.by_area", columns=columns, cells=rows)
    return Section(id="patrol", figures=(figure,), tables=(table,), remarks=() if covered else ("remark.no_patrol",))


def coverage(asking: Asking, area: str) -> dict[str, float]:
    """The share of cells seen a day, by sub-district or community; empty where nothing was recorded."""
    found = asking.by_code("patrol", area=area)
    if _visited(found, asking.now_place) is None:
        return {}
    nothing: Row = (0,)
    return {
        code: found.get(code, {}).get(asking.now_place, nothing)[0] / (count * _DAYS)
        for code, count in _cells_in(asking, area).items()
    }


def _flood_share(asking: Asking, id_: str, periods: dict[int, Row], rows: Rows) -> Figure:
    """The share of ten minutes in flood; unknown before the record began."""
    began = min(periods, default=asking.now_place)
    floods = [periods[place][0] if place in periods else 0 for place in range(asking.now_place + 1)]
    lengths = [(b - a) / _TEN_MIN_S for a, b in asking.spans]
    shares: list[Number] = [
        share(count, length) if place >= began else None
        for place, (count, length) in enumerate(zip(floods, lengths, strict=True))
    ]
    parts = (floods[-1], lengths[-1])
    return trended(id_, Unit.SHARE, shares, asking.rules.compare_weeks, parts=parts, lower_is_better=True, rows=rows)


def _seen_well(found: dict[str, dict[int, Row]], place: int) -> tuple[int, int]:
    rows = [by_week[place] for by_week in found.values() if place in by_week]
    return sum(row[1] for row in rows), sum(row[2] for row in rows)


def _visited(found: dict[str, dict[int, Row]], place: int) -> int | None:
    """Cells times days that were seen in a week; None where no visit was recorded at all."""
    rows = [by_week[place][0] for by_week in found.values() if place in by_week]
    return sum(rows) if rows else None


def _cells_in(asking: Asking, area: str) -> dict[str, int]:
    """How many cells of the centre's ground lie in each area."""
    district = asking.district
    communities = district.cell_community[asking.scope.communities[district.cell_community]]
    if area == "community":
        places, centres = communities, district.communities
    else:
        places, centres = district.sub_district_of[communities], district.sub_districts
    counts = np.bincount(places, minlength=len(centres))
    return {centre.code: int(count) for centre, count in zip(centres, counts, strict=True) if count}
