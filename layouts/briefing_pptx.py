"""The briefing as PowerPoint: charts and tables are PowerPoint's own and can be edited; notes carry the definitions.

Sizes are counted so that nothing runs over an edge: long tables go on, on further slides.
"""

import io
from collections.abc import Sequence
from typing import Any

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

from dashboard.briefing.model import Briefing, Chart, ChartKind, Figure, Names, Section, Table, Unit
from layouts import briefing_kit
from layouts.briefing_words import definition, label, title
from layouts.view import View
from layouts.words import Lang

_WIDE, _HIGH = Inches(13.333), Inches(7.5)
_LEFT, _TOP, _INNER = Inches(0.6), Inches(1.25), Inches(12.13)
_BODY = Inches(5.6)
_FIGURES, _ROWS, _COLUMNS = 12, 14, 12
_INK, _SOFT, _WARN = RGBColor(0x10, 0x16, 0x1F), RGBColor(0x5B, 0x6B, 0x80), RGBColor(0xE6, 0x9F, 0x00)
_LINE, _PANEL, _WHITE = RGBColor(0xC9, 0xCF, 0xD7), RGBColor(0xF3, 0xF4, 0xF6), RGBColor(0xFF, 0xFF, 0xFF)
_HUES = ("5B6B80", "D55E00", "0072B2", "009E73", "CC79A7", "E69F00")
_LATIN, _CJK = "Arial", "Noto Sans CJK SC"
_TYPES = {
    ChartKind.BARS: XL_CHART_TYPE.COLUMN_CLUSTERED,
    ChartKind.STACKED: XL_CHART_TYPE.COLUMN_STACKED,
    ChartKind.LINES: XL_CHART_TYPE.LINE_MARKERS,
}
_FORMATS = {Unit.SHARE: "0.0%", Unit.SECONDS: '0.0" h"', Unit.COUNT: "#,##0"}


def build(briefing: Briefing, view: View, mark: str) -> bytes:
    """The file. `mark`: who took it and when, at the foot of every slide."""
    return _Deck(briefing, view, mark).build()


class _Deck:
    def __init__(self, briefing: Briefing, view: View, mark: str) -> None:
        self._briefing = briefing
        self._view = view
        self._mark = mark
        self._lang = view.words.lang
        self._deck = Presentation()
        self._deck.slide_width, self._deck.slide_height = _WIDE, _HIGH
        self._blank = self._deck.slide_layouts[6]

    def build(self) -> bytes:
        self._opening()
        for section in self._briefing.sections:
            self._section(section)
        self._appendix()
        into = io.BytesIO()
        self._deck.save(into)
        return into.getvalue()

    # -- slides ----------------------------------------------------------------------------------------------------

    def _slide(self, heading: str, notes: str = "") -> Any:
        slide = self._deck.slides.add_slide(self._blank)
        self._text(slide, heading, _LEFT, Inches(0.4), _INNER, Inches(0.7), 28, bold=True)
        number = f"{len(self._deck.slides)}"
        self._text(slide, f"{self._mark} · {number}", _LEFT, Inches(7.05), _INNER, Inches(0.3), 9, color=_SOFT)
        if notes:
            slide.notes_slide.notes_text_frame.text = notes
        return slide

    def _opening(self) -> None:
        briefing, lang = self._briefing, self._lang
        centre = briefing_kit.name(briefing.centre, Names.CENTRE, self._view)
        slide = self._slide(f"{centre} {title('briefing', lang)}")
        self._text(slide, briefing_kit.span(briefing, lang), _LEFT, Inches(1.2), _INNER, Inches(0.5), 18, color=_SOFT)
        lines = briefing_kit.headlines(briefing, self._view)
        self._text(slide, label("headline", lang), _LEFT, Inches(2.1), _INNER, Inches(0.5), 20, bold=True)
        body = "\n".join(f"{place}. {line}" for place, line in enumerate(lines, 1)) or label("nothing", lang)
        self._text(slide, body, _LEFT, Inches(2.7), _INNER, Inches(3.8), 20)

    def _section(self, section: Section) -> None:
        heading = title(f"section.{section.id}", self._lang)
        remarks = " ".join(label(remark, self._lang) for remark in section.remarks)
        said = self._briefing.notes.get(section.id, "")
        notes = "\n".join(filter(None, [said, remarks, *map(self._defined, section.figures)]))
        for start in range(0, len(section.figures), _FIGURES):
            slide = self._slide(heading, notes)
            for place, figure in enumerate(section.figures[start : start + _FIGURES]):
                self._figure(slide, figure, place)
        for chart in section.charts:
            self._chart(heading, chart)
        for table in section.tables:
            self._table(heading, table)

    def _defined(self, figure: Figure) -> str:
        part = briefing_kit.fraction(figure, self._view)
        return f"{title(figure.id, self._lang)}: {definition(figure.id, self._lang)} {part}".strip()

    def _figure(self, slide: Any, figure: Figure, place: int) -> None:
        """A card of a grid of four columns."""
        wide, high = Inches(2.9), Inches(1.7)
        left = _LEFT + (place % 4) * (wide + Inches(0.17))
        top = _TOP + (place // 4) * (high + Inches(0.17))
        card = slide.shapes.add_shape(1, left, top, wide, high)
        card.fill.solid()
        card.fill.fore_color.rgb = _PANEL
        card.line.fill.background()
        before = figure.previous[-1] if figure.previous else None
        text, judged = briefing_kit.change(figure, before, self._view)
        inner = wide - Inches(0.3)
        at = left + Inches(0.15)
        self._text(slide, title(figure.id, self._lang), at, top + Inches(0.1), inner, Inches(0.35), 13, color=_SOFT)
        shown = briefing_kit.value(figure.value, figure.unit, self._view)
        self._text(slide, shown, at, top + Inches(0.42), inner, Inches(0.6), 26 if len(shown) < 11 else 20, bold=True)
        part = briefing_kit.fraction(figure, self._view)
        self._text(slide, part, at, top + Inches(1.0), inner, Inches(0.3), 11, color=_SOFT)
        if figure.previous:
            told = f"{label('previous', self._lang)} {text}"
            box = self._text(slide, told, at, top + Inches(1.28), inner, Inches(0.3), 11, color=_INK)
            if judged == "worse":
                box.fill.solid()
                box.fill.fore_color.rgb = _WARN

    def _chart(self, heading: str, chart: Chart) -> None:
        if not any(value for series in chart.series for value in series.values):
            return
        slide = self._slide(f"{heading} · {title(chart.id, self._lang)}", definition(chart.id, self._lang))
        if chart.kind is ChartKind.HEAT:
            self._heat(slide, chart)
            return
        if chart.kind is ChartKind.MAP:
            self._ranking(slide, chart)
            return
        divisor = 3600.0 if chart.unit is Unit.SECONDS else 1.0
        data = CategoryChartData(number_format=_FORMATS.get(chart.unit, "General"))
        data.categories = [briefing_kit.name(code, chart.names, self._view) for code in chart.labels]
        for series in chart.series:
            name = briefing_kit.name(series.id, chart.series_names, self._view)
            data.add_series(name, [None if value is None else value / divisor for value in series.values])
        kind = _TYPES[chart.kind]
        made = slide.shapes.add_chart(kind, _LEFT, _TOP, _INNER, _BODY, data).chart
        self._style(made, chart)

    def _style(self, made: Any, chart: Chart) -> None:
        made.font.size, made.font.name = Pt(13), _LATIN
        made.has_title = False
        made.has_legend = len(chart.series) > 1
        if made.has_legend:
            made.legend.position, made.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
        made.value_axis.tick_labels.number_format = _FORMATS.get(chart.unit, "General")
        made.value_axis.tick_labels.number_format_is_linked = False
        made.value_axis.minimum_scale = 0
        made.value_axis.major_gridlines.format.line.color.rgb = _LINE
        for place, series in enumerate(made.plots[0].series):
            hue = RGBColor.from_string(_HUES[place % len(_HUES)])
            if chart.kind is ChartKind.LINES:
                series.smooth = False
                series.format.line.color.rgb, series.format.line.width = hue, Pt(2.5)
                series.marker.format.fill.solid()
                series.marker.format.fill.fore_color.rgb = hue
            else:
                series.format.fill.solid()
                series.format.fill.fore_color.rgb = hue

    def _heat(self, slide: Any, chart: Chart) -> None:
        """A table whose cells are as dark as they are full."""
        heads = ["", *(briefing_kit.name(code, chart.names, self._view) for code in chart.labels)]
        rows = [
            [briefing_kit.name(series.id, chart.series_names, self._view)]
            + [briefing_kit.value(value, chart.unit, self._view) if value else "" for value in series.values]
            for series in chart.series
        ]
        most = max(value or 0 for series in chart.series for value in series.values) or 1
        grid = self._grid(slide, heads, rows, first=Inches(1.9), size=9 if len(heads) > 14 else 11)
        for at, series in enumerate(chart.series, 1):
            for place, value in enumerate(series.values, 1):
                share = ((value or 0) / most) ** 0.5
                tone = [round(245 - share * (245 - dark)) for dark in (0x3B, 0x52, 0x70)]
                cell = grid.cell(at, place)
                cell.fill.solid()
                cell.fill.fore_color.rgb = RGBColor(*tone)
                for run in cell.text_frame.paragraphs[0].runs:
                    run.font.color.rgb = _WHITE if share > 0.6 else _INK

    def _ranking(self, slide: Any, chart: Chart) -> None:
        values = chart.series[0].values
        rows = [
            [str(place), code, briefing_kit.value(value, chart.unit, self._view)]
            for place, (code, value) in enumerate(zip(chart.labels, values, strict=True), 1)
        ][:_ROWS]
        self._grid(slide, ["#", label("cell", self._lang), label("found", self._lang)], rows, first=Inches(0.8))

    def _table(self, heading: str, table: Table) -> None:
        name = f"{heading} · {title(table.id, self._lang)}"
        if not table.cells:
            slide = self._slide(name, definition(table.id, self._lang))
            self._text(slide, label("nothing", self._lang), _LEFT, _TOP, _INNER, Inches(0.5), 16, color=_SOFT)
            return
        heads = [label(column.id, self._lang) for column in table.columns]
        marks = table.marks or ("",) * len(table.cells)
        rows = []
        for row, mark in zip(table.cells, marks, strict=True):
            written = [
                briefing_kit.cell(content, column.unit, column.names, self._view)
                for content, column in zip(row, table.columns, strict=True)
            ]
            rows.append([*written, label(mark, self._lang) if mark else ""] if any(marks) else written)
        if any(marks):
            heads.append("")
        pages = range(0, len(rows), _ROWS)
        for place, start in enumerate(pages, 1):
            more = f"（{place}/{len(pages)}）" if len(pages) > 1 else ""
            slide = self._slide(name + more, definition(table.id, self._lang))
            self._grid(slide, heads, rows[start : start + _ROWS], first=Inches(3.0))

    def _appendix(self) -> None:
        lines = [self._defined(figure) for section in self._briefing.sections for figure in section.figures]
        stamp = self._briefing.stamp
        rows = ", ".join(f"{table} {count:,}" for table, count in sorted(stamp.rows.items()))
        made = briefing_kit.value(stamp.made_at, Unit.MOMENT, self._view)
        lines.append(f"{label('stamp', self._lang)}: {made} · {rows}")
        if self._briefing.digest:
            lines.append(f"{label('digest', self._lang)}: {self._briefing.digest}")
        for start in range(0, len(lines), 15):
            slide = self._slide(label("appendix", self._lang))
            self._text(slide, "\n".join(lines[start : start + 15]), _LEFT, _TOP, _INNER, _BODY, 11)

    # -- parts -----------------------------------------------------------------------------------------------------

    def _grid(self, slide: Any, heads: Sequence[str], rows: Sequence[Sequence[str]], first: Any, size: int = 12) -> Any:
        count = len(heads)
        high = Inches(0.36) * (len(rows) + 1)
        grid = slide.shapes.add_table(len(rows) + 1, count, _LEFT, _TOP, _INNER, high).table
        others = Emu(int((_INNER - first) / max(1, count - 1)))
        for place in range(count):
            grid.columns[place].width = first if place == 0 else others
        for at, row in enumerate([heads, *rows]):
            grid.rows[at].height = Inches(0.36)
            for place, text in enumerate(row):
                self._cell(grid.cell(at, place), text, size, is_head=at == 0, is_right=place > 0)
        return grid

    def _cell(self, cell: Any, text: str, size: int, is_head: bool, is_right: bool) -> None:
        cell.margin_left = cell.margin_right = Inches(0.05)
        cell.margin_top = cell.margin_bottom = Inches(0.02)
        cell.vertical_anchor = MSO_ANCHOR.MIDDLE
        cell.fill.solid()
        cell.fill.fore_color.rgb = _LINE if is_head else _PANEL
        frame = cell.text_frame
        frame.word_wrap = False
        paragraph = frame.paragraphs[0]
        paragraph.alignment = PP_ALIGN.RIGHT if is_right else PP_ALIGN.LEFT
        self._run(paragraph, text, size, is_head, _INK)

    def _text(
        self, slide: Any, text: str, left: Any, top: Any, wide: Any, high: Any, size: int,
        bold: bool = False, color: RGBColor = _INK,
    ) -> Any:  # fmt: skip
        box = slide.shapes.add_textbox(left, top, wide, high)
        frame = box.text_frame
        frame.word_wrap = True
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        for place, line in enumerate(text.split("\n")):
            paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
            self._run(paragraph, line, size, bold, color)
        return box

    def _run(self, paragraph: Any, text: str, size: int, bold: bool, color: RGBColor) -> None:
        """Text in a face for each script: PowerPoint and LibreOffice choose by the East Asian one for Chinese."""
        run = paragraph.add_run()
        run.text = text
        run.font.size, run.font.bold, run.font.name = Pt(size), bold, _LATIN
        run.font.color.rgb = color
        face = run._r.get_or_add_rPr().makeelement(qn("a:ea"), {"typeface": _CJK})
        run._r.get_or_add_rPr().append(face)
        run.font.language_id = None
        if self._lang is Lang.ZH:
            run._r.get_or_add_rPr().set("lang", "zh-CN")
