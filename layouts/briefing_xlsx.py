"""The briefing as Excel: a sheet a section, numbers as numbers with their parts, definitions and stamp beside them."""

import io
from datetime import datetime
from typing import Any

from dashboard.briefing.model import Briefing, Chart, Column, Figure, Names, Section, Table, Unit
from layouts import briefing_kit
from layouts.briefing_words import definition, label, title
from layouts.sheets import harmless
from layouts.view import View

_FORMATS = {
    Unit.COUNT: "#,##0",
    Unit.SHARE: "0.0%",
    Unit.SECONDS: "[h]:mm:ss",
    Unit.PER_DAY: "#,##0.0",
    Unit.SCORE: "0.0",
    Unit.MOMENT: "yyyy-mm-dd",
}
_DAY_S = 86_400.0


def build(briefing: Briefing, view: View, mark: str) -> bytes:
    """The file. `mark`: who took it and when, in the first row of every sheet."""
    from openpyxl import Workbook  # here: it costs each start of a process 0.1 s

    book = Workbook()
    book.remove(book.active)
    for section in briefing.sections:
        _section(book.create_sheet(title(f"section.{section.id}", view.words.lang)[:31]), section, view, mark)
    _definitions(book.create_sheet(label("definition", view.words.lang)), briefing, view, mark)
    into = io.BytesIO()
    book.save(into)
    return into.getvalue()


def _section(sheet: Any, section: Section, view: View, mark: str) -> None:
    lang = view.words.lang
    sheet.append([harmless(mark)])
    for remark in section.remarks:
        sheet.append([label(remark, lang)])
    if section.figures:
        heads = ("figure", "value", "numerator", "denominator", "unknown", "last_year")
        _head(sheet, [label(name, lang) for name in heads])
        for figure in section.figures:
            _figure(sheet, figure, view)
    for table in section.tables:
        _table(sheet, table, view)
    for chart in section.charts:
        _table(sheet, _as_table(chart), view)
    sheet.column_dimensions["A"].width = 34
    for column in "BCDEFGHIJKLMN":
        sheet.column_dimensions[column].width = 13
    sheet.freeze_panes = "B2"


def _figure(sheet: Any, figure: Figure, view: View) -> None:
    parts = [figure.numerator, figure.denominator, figure.unknown]
    cells = [title(figure.id, view.words.lang), figure.value, *parts, figure.last_year, *figure.previous]
    counts = [Unit.COUNT] * len(parts)
    _row(sheet, cells, [None, figure.unit, *counts, *[figure.unit] * (1 + len(figure.previous))], view)


def _table(sheet: Any, table: Table, view: View) -> None:
    lang = view.words.lang
    sheet.append([])
    sheet.append([title(table.id, lang), definition(table.id, lang)])
    _head(sheet, [briefing_kit.name(column.id, Names.WORD, view) for column in table.columns])
    for row, mark in zip(table.cells, table.marks or ("",) * len(table.cells), strict=True):
        cells = [
            briefing_kit.name(content, column.names, view) if isinstance(content, str) else content
            for content, column in zip(row, table.columns, strict=True)
        ]
        _row(
            sheet,
            [*cells, label(mark, lang) if mark else None],
            [*(column.unit for column in table.columns), None],
            view,
        )


def _as_table(chart: Chart) -> Table:
    """The numbers of a chart: a row a label."""
    columns = (
        Column("", Unit.TEXT, chart.names),
        *(Column(series.id, chart.unit, chart.series_names) for series in chart.series),
    )
    cells = tuple((code, *(series.values[at] for series in chart.series)) for at, code in enumerate(chart.labels))
    return Table(id=chart.id, columns=columns, cells=cells)


def _definitions(sheet: Any, briefing: Briefing, view: View, mark: str) -> None:
    lang = view.words.lang
    sheet.append([harmless(mark)])
    _head(sheet, [label("figure", lang), label("definition", lang)])
    for section in briefing.sections:
        for figure in section.figures:
            sheet.append([title(figure.id, lang), definition(figure.id, lang)])
    stamp = briefing.stamp
    sheet.append([])
    _row(sheet, [label("stamp", lang), stamp.made_at], [None, Unit.MOMENT], view)
    for name, count in sorted(stamp.rows.items()):
        sheet.append([name, count])
    for name, number in sorted(briefing.settings.items()):
        sheet.append([name, number])
    sheet.append([label("digest", lang), briefing.digest])
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 34, 90


def _head(sheet: Any, words: list[str]) -> None:
    from openpyxl.styles import Font

    sheet.append([harmless(word) for word in words])
    for cell in sheet[sheet.max_row]:
        cell.font = Font(bold=True)


def _row(sheet: Any, values: list[Any], units: list[Unit | None], view: View) -> None:
    """Numbers as numbers: durations in Excel's days, moments as dates in the district's zone."""
    written: list[Any] = []
    for value, unit in zip(values, units, strict=True):
        if isinstance(value, str):
            written.append(harmless(value))
        elif value is not None and unit is Unit.SECONDS:
            written.append(value / _DAY_S)
        elif value is not None and unit is Unit.MOMENT:
            written.append(datetime.fromtimestamp(value, view.zone).replace(tzinfo=None))
        else:
            written.append(value)
    sheet.append(written)
    for cell, unit in zip(sheet[sheet.max_row], units, strict=False):
        if unit in _FORMATS and not isinstance(cell.value, str):
            cell.number_format = _FORMATS[unit]
