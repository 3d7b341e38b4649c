"""Sub-districts, communities and departments: what each did by week, and who is below the average for weeks."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from dashboard.briefing.asking import Asking
from dashboard.briefing.model import Column, Names, Number, Section, Table, Unit
from dashboard.briefing.shapes import share

AREAS = ("sub_district", "department")


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
    """By what areas are compared; `of` gives the value of a week and of how many it is."""

    table: str
    column: str
    unit: Unit
    is_lower_better: bool
    of: Callable[[Week], tuple[Number, int]]


NOTHING = Week()
_MEASURES = (
    Measure("below", "on_time", Unit.SHARE, False, lambda week: (share(week.in_time, week.limited), week.limited)),
    Measure("slow", "p50", Unit.SECONDS, True, lambda week: (week.p50, week.closed)),
    Measure("returning", "returned", Unit.SHARE, True, lambda week: (share(week.returned, week.found), week.found)),
)


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
            tables.append(_talked_to(asking, f"areas.{measure.table}_{area}", measure, values, average))
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
    measure = Measure("response", "attainment", Unit.SHARE, False, lambda week: (None, 0))
    counts = asking.by_code("met_by_area")
    values = {code: {at: (share(met, legs), legs) for at, (legs, met) in row.items()} for code, row in counts.items()}
    average: dict[int, Number] = {}
    for place in range(asking.now_place + 1):
        rows = [row[place] for row in counts.values() if place in row]
        average[place] = share(sum(met for _, met in rows), sum(legs for legs, _ in rows))
    return _talked_to(asking, "areas.response_sub_district", measure, values, average)


def _talked_to(
    asking: Asking,
    id_: str,
    measure: Measure,
    values: Mapping[str, Mapping[int, tuple[Number, int]]],
    average: Mapping[int, Number],
) -> Table:
    """Who was worse than all together in each of the last weeks, with enough in each to say so."""
    rules = asking.rules
    last = range(asking.now_place - rules.below_weeks + 1, asking.now_place + 1)
    cells = []
    for code, row in sorted(values.items()):
        shown = [row.get(place, (None, 0)) for place in last]
        rates = [rate for rate, count in shown if rate is not None and count >= rules.least]
        if len(rates) == len(last) and all(
            _is_worse(rate, average[place], measure.is_lower_better) for rate, place in zip(rates, last, strict=True)
        ):
            cells.append((code, rates[-1], average[last[-1]], (max if measure.is_lower_better else min)(rates)))
    cells.sort(key=lambda row: (row[1] if not measure.is_lower_better else -row[1], row[0]))
    columns = (
        Column("area", Unit.TEXT, Names.CENTRE),
        Column(measure.column, measure.unit),
        Column("average", measure.unit),
        Column("worst", measure.unit),
    )
    return Table(id=id_, columns=columns, cells=tuple(cells), marks=("below",) * len(cells))


def _is_worse(rate: float, average: Number, is_lower_better: bool) -> bool:
    return average is not None and (rate > average if is_lower_better else rate < average)
