"""Which rows are behind one cell of a table or one value of a chart, from what their columns and axes say of them."""

from dashboard.briefing.model import Chart, Figure, Rows, Table, Unit


def part(figure: Figure, name: str) -> Rows | None:
    """The rows behind `numerator`, `denominator` or `unknown` of a figure; None where none were counted."""
    query = getattr(figure.parts, name)
    return Rows(query, figure.rows.arguments) if query and figure.rows and getattr(figure, name) else None


def cell(table: Table, row: int, column: int) -> Rows | None:
    """The rows behind a cell; None where none were counted."""
    shown, content = table.columns[column], table.cells[row][column]
    if not shown.rows or content is None or (shown.unit is Unit.COUNT and not content):
        return None
    keys = {name: values[row] for name, values in table.keys.items()}
    keys |= {each.key: str(value) for each, value in zip(table.columns, table.cells[row], strict=True) if each.key}
    return Rows(shown.rows, keys)


def value(chart: Chart, series: int, place: int) -> Rows | None:
    """The rows behind the value of a label in a series; None where none were counted."""
    if not chart.rows or not chart.series[series].values[place]:
        return None
    keys = ((chart.series_key, chart.series[series].id), (chart.label_key, chart.labels[place]))
    return Rows(chart.rows, {name: code for name, code in keys if name})
