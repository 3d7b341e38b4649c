"""The briefing as Excel: a sheet a section, numbers as numbers with their parts; definitions, stamp and SQL behind."""

import io
from datetime import date, datetime, timedelta
from typing import Any

from dashboard.briefing.model import Briefing, Chart, ChartKind, Figure, Section, Table, Unit
from layouts import briefing_kit
from layouts.briefing_words import definition, label, title
from layouts.sheets import harmless
from layouts.theme import LIGHT
from layouts.view import View

_FORMATS = {
    Unit.COUNT: "#,##0",
    Unit.SHARE: "0.0%",
    Unit.SECONDS: "[h]:mm:ss",
    Unit.MEAN: "#,##0.0",
    Unit.SCORE: "0.0",
    Unit.MOMENT: "yyyy-mm-dd hh:mm",
}
_DAY_S = 86_400.0
_FIRST, _OTHERS, _LONG = 34, 13, 100  # widths of columns
_CHART_HIGH, _CHART_WIDE, _CHART_ROWS = 7.5, 20.0, 16  # centimetres, and the rows that it lies over
_MOST_TEXT = 32_000  # of a cell: Excel takes 32,767


def build(briefing: Briefing, view: View, mark: str) -> bytes:
    """The file. `mark`: who took it and when, in the first row of every sheet and on every printed page."""
    from openpyxl import Workbook  # here: it costs each start of a process 0.1 s

    book = Workbook()
    book.remove(book.active)
    lang = view.words.lang
    for section in briefing.sections:
        _Sheet(book, title(f"section.{section.id}", lang), view, mark).section(briefing, section)
    _Sheet(book, label("definition", lang), view, mark).definitions(briefing)
    _Sheet(book, label("stamp", lang), view, mark).stamp(briefing)
    into = io.BytesIO()
    book.save(into)
    return into.getvalue()


class _Sheet:
    """One sheet while it is written, from the top."""

    def __init__(self, book: Any, name: str, view: View, mark: str) -> None:
        self._sheet = book.create_sheet(name[:31])
        self._view = view
        self._lang = view.words.lang
        self._sheet.append([harmless(mark)])
        self._sheet.oddFooter.center.text = mark.replace("&", "&&")[:200]
        self._sheet.column_dimensions["A"].width = _FIRST
        for column in "BCDEFGHIJKLMNOPQRSTUVWXYZ":
            self._sheet.column_dimensions[column].width = _OTHERS
        self._sheet.page_setup.orientation, self._sheet.page_setup.fitToHeight = "landscape", 0
        self._sheet.sheet_properties.pageSetUpPr.fitToPage = True

    def section(self, briefing: Briefing, section: Section) -> None:
        """Figures first, their head frozen; then tables; then charts with their numbers."""
        for remark in section.remarks:
            self._sheet.append([label(remark, self._lang)])
        if section.figures:
            self._figures(briefing, section.figures)
        else:
            self._sheet.freeze_panes = "B2"
        for table in section.tables:
            self._table(table)
        for chart in section.charts:
            self._chart(chart)

    def definitions(self, briefing: Briefing) -> None:
        """What each figure, table and chart counts."""
        self._head([label("figure", self._lang), label("definition", self._lang)])
        self._sheet.freeze_panes = "A3"
        for section in briefing.sections:
            ids = [each.id for parts in (section.figures, section.tables, section.charts) for each in parts]
            for id_ in dict.fromkeys(ids):
                self._sheet.append([title(id_, self._lang), definition(id_, self._lang)])
        self._sheet.column_dimensions["B"].width = _LONG

    def stamp(self, briefing: Briefing) -> None:
        """What the figures were made of, and how: rows, ids, settings, questions."""
        stamp, lang = briefing.stamp, self._lang
        self._row([label("stamp", lang), stamp.made_at], [None, Unit.MOMENT])
        if briefing.frozen_at:
            self._row([label("frozen", lang), briefing.frozen_at, briefing.frozen_by], [None, Unit.MOMENT, None])
        self._row([label("digest", lang), briefing.digest or None], [None, None])
        self._sheet.append([])
        self._head([label(name, lang) for name in ("table", "row_count", "last_id")])
        for name in dict.fromkeys((*stamp.rows, *stamp.last_ids)):
            last = stamp.last_ids.get(name)  # as text: Excel keeps 15 digits of a number
            self._row([name, stamp.rows.get(name), None if last is None else str(last)], [None, Unit.COUNT, None])
        self._sheet.append([])
        self._head([label("settings", lang), label("value", lang)])
        for name, number in sorted(briefing.settings.items()):
            self._row([name, number], [None, None])
        self._sheet.append([])
        self._head([label("questions", lang), "SQL"])
        for name, sql in sorted(briefing.queries.items()):
            self._row([name, sql.strip()[:_MOST_TEXT]], [None, None])
        self._sheet.column_dimensions["B"].width = self._sheet.column_dimensions["C"].width = _FIRST

    # -- parts -----------------------------------------------------------------------------------------------------

    def _figures(self, briefing: Briefing, figures: tuple[Figure, ...]) -> None:
        heads = ("figure", "value", "numerator", "denominator", "unknown", "last_year")
        weeks = max(len(figure.previous) for figure in figures)
        monday = date.fromisoformat(briefing.week)
        before = [(monday - timedelta(weeks=back)).isoformat() for back in range(weeks, 0, -1)]
        self._head([*(label(name, self._lang) for name in heads), *before])
        self._sheet.freeze_panes = f"B{self._sheet.max_row + 1}"
        for figure in figures:
            parts = [figure.numerator, figure.denominator, figure.unknown]
            earlier = [None] * (weeks - len(figure.previous)) + [*figure.previous]
            cells = [title(figure.id, self._lang), figure.value, *parts, figure.last_year, *earlier]
            counts = [Unit.COUNT] * len(parts)
            self._row(cells, [None, figure.unit, *counts, *[figure.unit] * (1 + weeks)])

    def _table(self, table: Table) -> None:
        self._title(table.id)
        self._head([label(column.id, self._lang) for column in table.columns])
        for row, mark in zip(table.cells, table.marks or ("",) * len(table.cells), strict=True):
            cells = [
                briefing_kit.name(content, column.names, self._view) if isinstance(content, str) else content
                for content, column in zip(row, table.columns, strict=True)
            ]
            self._row(
                [*cells, label(mark, self._lang) if mark else None], [*(column.unit for column in table.columns), None]
            )

    def _chart(self, chart: Chart) -> None:
        """Its numbers, a row a label; lines and bars are drawn beside them."""
        self._title(chart.id)
        names = [briefing_kit.name(series.id, chart.series_names, self._view) for series in chart.series]
        self._head(["", *names])
        first = self._sheet.max_row
        for at, code in enumerate(chart.labels):
            name = briefing_kit.name(code, chart.names, self._view)
            values = [series.values[at] for series in chart.series]
            self._row([name, *values], [None, *[chart.unit] * len(values)])
        if chart.labels and chart.kind not in (ChartKind.HEAT, ChartKind.MAP):
            self._draw(chart, first)

    def _draw(self, chart: Chart, first: int) -> None:
        from openpyxl.chart import BarChart, LineChart, Reference

        made = LineChart() if chart.kind is ChartKind.LINES else BarChart()
        if chart.kind is ChartKind.STACKED:
            made.grouping, made.overlap = "stacked", 100
        last = self._sheet.max_row
        numbers = Reference(self._sheet, min_col=2, max_col=1 + len(chart.series), min_row=first, max_row=last)
        made.add_data(numbers, titles_from_data=True)
        made.set_categories(Reference(self._sheet, min_col=1, min_row=first + 1, max_row=last))
        made.height, made.width = _CHART_HIGH, _CHART_WIDE
        made.y_axis.number_format = _FORMATS.get(chart.unit, "General")
        made.x_axis.delete = made.y_axis.delete = False  # Excel leaves out axes of which nothing is said
        self._sheet.add_chart(made, f"{'ABCDEFGH'[min(2 + len(chart.series), 7)]}{first}")
        for _ in range(first + _CHART_ROWS - last):
            self._sheet.append([])

    def _title(self, id_: str) -> None:
        from openpyxl.styles import Font

        self._sheet.append([])
        self._row([title(id_, self._lang), definition(id_, self._lang)], [None, None])
        self._sheet.cell(self._sheet.max_row, 1).font = Font(bold=True, size=13)

    def _head(self, words: list[str]) -> None:
        from openpyxl.styles import Alignment, Font, PatternFill

        self._sheet.append([harmless(word) for word in words])
        for place, cell in enumerate(self._sheet[self._sheet.max_row]):
            cell.font = Font(bold=True)
            cell.fill = PatternFill("solid", fgColor=LIGHT.track.removeprefix("#"))
            cell.alignment = Alignment(horizontal="left" if place == 0 else "right")

    def _row(self, values: list[Any], units: list[Unit | None]) -> None:
        """Numbers as numbers: durations in Excel's days, moments as dates in the district's zone."""
        written: list[Any] = []
        for value, unit in zip(values, units, strict=True):
            if isinstance(value, str):
                written.append(harmless(value))
            elif value is not None and unit is Unit.SECONDS:
                written.append(value / _DAY_S)
            elif value is not None and unit is Unit.MOMENT:
                written.append(datetime.fromtimestamp(value, self._view.zone).replace(tzinfo=None))
            else:
                written.append(value)
        self._sheet.append(written)
        for cell, unit in zip(self._sheet[self._sheet.max_row], units, strict=False):
            if unit in _FORMATS and not isinstance(cell.value, str):
                cell.number_format = _FORMATS[unit]
