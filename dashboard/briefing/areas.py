"""Sub-districts, communities and departments: what each did by week, and who is below the average for weeks."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from dashboard.briefing.asking import Asking
from dashboard.briefing.model import Column, Number, Section, Table, Unit
from dashboard.briefing.shapes import area_column, counted, share

AREAS = ("sub_district", "department")
Listed = tuple[str, float, Number, float, *tuple[int, ...]]


class Week(NamedTuple):
    """What one area did in one week."""

    found: int = 0
    returned: int = 0
    reworked: int = 0
    closed: int = 0
    limited: int = 0  # of the closed: with a limit
    in_time: int = 0  # of these: closed within it
    p50: Number = None


class Measure(NamedTuple):
    """By what areas are compared; `of` gives the value of a week and of how many it is.

    `counts`: the columns of what it was reckoned of in the week itself, the whole last.
    """

    table: str
    column: str
    unit: Unit
    is_lower_better: bool
    of: Callable[[Week], tuple[Number, int]]
    counts: tuple[Column, ...]


NOTHING = Week()
_MEASURES = (
    Measure(
        "below",
        "on_time",
        Unit.SHARE,
        False,
        lambda week: (share(week.in_time, week.limited), week.limited),
        counted("in_time", "limited"),
    ),
    Measure("slow", "p50", Unit.SECONDS, True, lambda week: (week.p50, week.closed), counted("closed")),
    Measure(
        "returning",
        "returned_rate",
        Unit.SHARE,
        True,
        lambda week: (share(week.returned, week.found), week.found),
        counted("returned", "found"),
    ),
)
_LEGS = (Column("met", Unit.COUNT, rows="legs_met"), Column("legs", Unit.COUNT, rows="legs"))


def by_week(asking: Asking, area: str) -> dict[str, dict[int, Week]]:
    """By code and number of the week; `area`: the column that names the areas."""
    moves = {move: asking.by_code("area_moves", area=area, move=move) for move in ("found", "returned", "reworked")}
    done = asking.by_code("area_closed", area=area)
    every = done.keys() | {code for found in moves.values() for code in found}
    made: dict[str, dict[int, Week]] = {}
    for code in sorted(every):
        places = done.get(code, {}).keys() | {place for found in moves.values() for place in found.get(code, {})}
        made[code] = {
            place: Week(
                *(found.get(code, {}).get(place, (0,))[0] for found in moves.values()),
                *done.get(code, {}).get(place, (0, 0, 0, None)),
            )
            for place in places
        }
    return made


def section(asking: Asking) -> Section:
    """Organisations below the average for some weeks running."""
    tables = []
    whole = _whole(asking)
    for area in AREAS:
        found = by_week(asking, area)
        for measure in _MEASURES:
            values = {code: {at: measure.of(week) for at, week in row.items()} for code, row in found.items()}
            average = {place: measure.of(week)[0] for place, week in whole.items()}
            counts = {code: _counts(row.get(asking.now_place, NOTHING), measure) for code, row in found.items()}
            columns = (area_column(area), *_compared(measure))
            cells = _talked_to(asking, measure, values, average, counts)
            tables.append(_table(f"areas.{measure.table}_{area}", columns, cells))
    tables.append(_responding(asking))
    return Section(id="areas", tables=tuple(tables))


def _whole(asking: Asking) -> dict[int, Week]:
    """What all areas together did: the average is theirs, not the mean of their means."""
    moves = [asking.by_week("moves", move=move) for move in ("found", "returned", "reworked")]
    done = asking.by_week("closed")
    places = range(asking.now_place + 1)
    return {
        place: Week(*(found.get(place, (0,))[0] for found in moves), *done.get(place, (0, 0, 0, None))[:4])
        for place in places
    }


def _responding(asking: Asking) -> Table:
    measure = Measure("response", "attainment", Unit.SHARE, False, lambda week: (None, 0), _LEGS)
    counts = asking.by_code("met_by_area")
    values = {code: {at: (share(met, legs), legs) for at, (legs, met) in row.items()} for code, row in counts.items()}
    now = {
        code: (row[asking.now_place][1], row[asking.now_place][0])
        for code, row in counts.items()
        if asking.now_place in row
    }
    average: dict[int, Number] = {}
    for place in range(asking.now_place + 1):
        rows = [row[place] for row in counts.values() if place in row]
        average[place] = share(sum(met for _, met in rows), sum(legs for legs, _ in rows))
    columns = (area_column("sub_district"), *_compared(measure))
    return _table("areas.response_sub_district", columns, _talked_to(asking, measure, values, average, now))


def _counts(week: Week, measure: Measure) -> tuple[int, ...]:
    """What the value of a week was reckoned of: its fields are called like the columns."""
    return tuple(getattr(week, column.id) for column in measure.counts)


def _compared(measure: Measure) -> tuple[Column, ...]:
    """The columns behind the name of the area."""
    return (
        Column(measure.column, measure.unit, rows=measure.counts[-1].rows),
        Column("average", measure.unit),
        Column("worst", measure.unit),
        *measure.counts,
    )


def _table(id_: str, columns: tuple[Column, ...], cells: list[Listed]) -> Table:
    return Table(id=id_, columns=columns, cells=tuple(cells), marks=("below",) * len(cells))


def _talked_to(
    asking: Asking,
    measure: Measure,
    values: Mapping[str, Mapping[int, tuple[Number, int]]],
    average: Mapping[int, Number],
    counts: Mapping[str, tuple[int, ...]],
) -> list[Listed]:
    """Who was worse than all together in each of the last weeks, with enough in each to say so."""
    rules = asking.rules
    last = range(asking.now_place - rules.below_weeks + 1, asking.now_place + 1)
    cells: list[Listed] = []
    for code, row in sorted(values.items()):
        shown = [row.get(place, (None, 0)) for place in last]
        rates = [rate for rate, count in shown if rate is not None and count >= rules.least]
        if len(rates) == len(last) and all(
            _is_worse(rate, average[place], measure.is_lower_better) for rate, place in zip(rates, last, strict=True)
        ):
            worst = (max if measure.is_lower_better else min)(rates)
            cells.append((code, rates[-1], average[last[-1]], worst, *counts[code]))
    return sorted(cells, key=lambda row: (row[1] if not measure.is_lower_better else -row[1], row[0]))


def _is_worse(rate: float, average: Number, is_lower_better: bool) -> bool:
    return average is not None and (rate > average if is_lower_better else rate < average)
