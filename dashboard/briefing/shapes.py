"""Small helpers that make figures, charts and tables of the rows that questions give."""

from collections.abc import Sequence
from datetime import date

from dashboard.briefing import weeks
from dashboard.briefing.model import Column, Figure, Names, Number, PartRows, Rows, Unit


def share(part: float | None, whole: float | None) -> Number:
    """A rate; unknown where there is nothing to divide by."""
    return part / whole if part is not None and whole else None


def trend_labels(week: date, count: int) -> tuple[str, ...]:
    """The Mondays of the weeks of a trend, oldest first."""
    return tuple((week - weeks.WEEK * back).isoformat() for back in range(count - 1, -1, -1))


def area_column(key: str) -> Column:
    """The column that names areas. `key`: by which column of the archive."""
    return Column("area", Unit.TEXT, Names.CENTRE, key=key)


def counted(*names: str) -> tuple[Column, ...]:
    """Columns of counts that are called like the query whose rows they count."""
    return tuple(Column(name, Unit.COUNT, rows=name) for name in names)


_NO_ROWS = PartRows()


def trended(
    id_: str,
    unit: Unit,
    values: Sequence[Number],
    compare: int,
    *,
    parts: tuple[Number, Number] = (None, None),
    unknown: Number = None,
    lower_is_better: bool | None = None,
    rows: Rows | None = None,
    behind: PartRows = _NO_ROWS,
) -> Figure:
    """A figure of values by week: the first is last year's, the last the week's own.

    `parts`: of the week's rate; `behind`: the rows of these.
    """
    return Figure(
        id=id_,
        unit=unit,
        value=values[-1],
        numerator=parts[0],
        denominator=parts[1],
        unknown=unknown,
        previous=tuple(values[1:-1][-compare:]),
        last_year=values[0],
        lower_is_better=lower_is_better,
        rows=rows,
        parts=behind,
    )
