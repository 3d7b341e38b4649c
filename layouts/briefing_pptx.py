"""The briefing as PowerPoint: charts, tables and maps are PowerPoint's own and can be edited; notes carry definitions.

A section is a row of blocks (cards of figures, charts, tables). They are laid onto slides from the top; what finds no
room goes on, on the next slide.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from pptx.util import Inches, Pt

from dashboard.briefing.model import Briefing, Chart, ChartKind, Figure, Names, Section, Table, Unit
from layouts import briefing_kit, pptx_charts, pptx_deck, pptx_map, pptx_tables
from layouts.briefing_words import definition, label, title
from layouts.case_rows import exactly
from layouts.pptx_deck import BOTTOM, INK, INNER, LEFT, PALE, SOFT, TOP, WORSE, Deck
from layouts.pptx_tables import Grid
from layouts.view import View

_ROOM = BOTTOM - TOP
_CAPTION, _GAP, _REMARK = 0.42, 0.22, 0.3
_ROUND = 1e-6
_ACROSS, _CARD_ROWS, _CARD_GAP = 4, 4, 0.16
_CARD = (_ROOM - (_CARD_ROWS - 1) * _CARD_GAP) / _CARD_ROWS
_PLOT = 2.2  # the least height of a chart
_BEGIN = 4  # so many rows or more, or a table begins on the next slide
_COLUMNS = 25  # of one slide
_RANKED = 15
_BESIDE = 13  # rows of the tables of the appendix
_NOTHING = 0.4
_DEFINED = 12.0  # size of letters


class Block(NamedTuple):
    """Something that takes a height of a slide."""

    name: str  # its heading
    notes: str
    content: tuple[Figure, ...] | Chart | Grid | str  # text: what is said where there is nothing
    high: float  # the least
    grows: bool = False  # it takes what is left of the slide

    @property
    def caption(self) -> float:
        """The height of its heading."""
        return _CAPTION if self.name else 0.0


def build(briefing: Briefing, view: View, mark: str) -> bytes:
    """The file. `mark`: who took it and when."""
    deck = Deck(view.words.lang, mark)
    _opening(deck, briefing, view)
    for section in briefing.sections:
        _section(deck, briefing, section, view)
    _definitions(deck, briefing, view)
    _data(deck, briefing, view)
    return deck.save()


def pages(blocks: Sequence[Block], first: float = 0.0) -> list[list[Block]]:
    """What stands on each slide; `first`: the height that is taken on the first one."""
    made: list[list[Block]] = [[]]
    left = _ROOM - first
    for block in blocks:
        rest: Block | None = block
        while rest is not None:
            part, rest = _fitting(rest, left, is_fresh=not made[-1])
            if part is None:
                made.append([])
                left = _ROOM
            else:
                made[-1].append(part)
                left = 0.0 if part.grows else left - part.high - part.caption - _GAP
    return [page for page in made if page]


def _fitting(block: Block, room: float, is_fresh: bool) -> tuple[Block | None, Block | None]:
    """What of a block stands here, and what is left of it: a table may be cut; on a fresh slide all begin."""
    if block.high + block.caption <= room + _ROUND:
        return block, None
    if isinstance(block.content, Grid) and (is_fresh or block.high + block.caption > _ROOM):
        count = int((room - block.caption) / pptx_tables.ROW) - 1
        if count >= _BEGIN:
            count = math.ceil(len(block.content.rows) / math.ceil(len(block.content.rows) / count))
            return _of_rows(block, slice(None, count)), _of_rows(block, slice(count, None))
    return (block, None) if is_fresh else (None, block)


def _of_rows(block: Block, part: slice) -> Block:
    grid: Grid = block.content  # type: ignore[assignment]
    some = grid._replace(rows=grid.rows[part], marked=grid.marked[part], shades=grid.shades[part])
    return block._replace(content=some, high=pptx_tables.high(len(some.rows)))


# -- slides --------------------------------------------------------------------------------------------------------


def _opening(deck: Deck, briefing: Briefing, view: View) -> None:
    lang = view.words.lang
    centre = briefing_kit.name(briefing.centre, Names.CENTRE, view)
    slide = deck.slide(f"{centre} {title('briefing', lang)}")
    head = deck.box(slide, (0, 0, pptx_deck.WIDE, 2.5), pptx_deck.NIGHT)
    slide.shapes._spTree.insert(2, head._element)  # behind the title
    heading = slide.shapes.title
    heading.top, heading.height = Inches(0.7), Inches(0.9)
    for run in heading.text_frame.paragraphs[0].runs:
        run.font.size, run.font.color.rgb = Pt(38), pptx_deck.WHITE
    span = (LEFT, 1.6, INNER, 0.5)
    deck.text(slide, briefing_kit.span(briefing, lang), span, 18, color=pptx_deck.HAIR)
    deck.text(slide, label("headline", lang), (LEFT, 2.85, INNER, 0.45), 20, bold=True)
    top = 3.45
    for line in briefing_kit.headlines(briefing, view) or [label("nothing", lang)]:
        deck.box(slide, (LEFT, top + 0.12, 0.1, 0.2), WORSE)
        deck.text(slide, pptx_deck.clip(line, INNER - 0.3, 20), (LEFT + 0.3, top, INNER - 0.3, 0.45), 20)
        top += 0.56
    told = "  ·  ".join(_standing(briefing, view))
    deck.text(slide, pptx_deck.clip(told, INNER, 12), (LEFT, 6.55, INNER, 0.3), 12, color=SOFT)


def _standing(briefing: Briefing, view: View) -> list[str]:
    """As of when the figures are, and whether they are frozen."""
    lang = view.words.lang
    told = [f"{label('stamp', lang)} {exactly(briefing.stamp.made_at, view)}"]
    if briefing.frozen_at:
        told.append(f"{label('frozen', lang)} {exactly(briefing.frozen_at, view)} {briefing.frozen_by}".rstrip())
    if not briefing.is_complete:
        told.append(label("remark.incomplete", lang))
    return told


def _section(deck: Deck, briefing: Briefing, section: Section, view: View) -> None:
    lang = view.words.lang
    name = title(f"section.{section.id}", lang)
    remarks = [label(remark, lang) for remark in section.remarks]
    said = "\n".join([briefing.notes.get(section.id, ""), *remarks]).strip()  # on the first slide of the section
    first = _REMARK * len(remarks)
    for place, page in enumerate(pages(list(_blocks(section, view)), first)):
        alone = len(page) == 1 and page[0].name
        notes = "\n".join(filter(None, [said if place == 0 else "", *(block.notes for block in page)]))
        slide = deck.slide(f"{name} · {page[0].name}" if alone else name, notes)
        top = TOP
        for remark in remarks if place == 0 else ():
            deck.text(slide, pptx_deck.clip(remark, INNER, 13), (LEFT, top - 0.08, INNER, _REMARK), 13, color=WORSE)
            top += _REMARK
        for block in page:
            if block.name and not alone:
                deck.text(slide, block.name, (LEFT, top, INNER, _CAPTION), 16, bold=True)
                top += _CAPTION
            room = BOTTOM - top if block.grows or len(page) == 1 else block.high
            _draw(deck, slide, block, view, top, room)
            top += block.high + _GAP


def _blocks(section: Section, view: View) -> Iterator[Block]:
    most = _ACROSS * _CARD_ROWS
    for start in range(0, len(section.figures), most):
        figures = section.figures[start : start + most]
        rows = -(-len(figures) // _ACROSS)
        notes = "\n".join(_defined(figure, view) for figure in figures)
        yield Block("", notes, figures, rows * _CARD + (rows - 1) * _CARD_GAP)
    for chart in section.charts:
        yield from _chart_blocks(chart, view)
    for table in section.tables:
        yield _table_block(table, view)


def _chart_blocks(chart: Chart, view: View) -> Iterator[Block]:
    lang = view.words.lang
    name, notes = title(chart.id, lang), definition(chart.id, lang)
    if pptx_charts.is_empty(chart):
        yield Block(name, notes, label("nothing", lang), _NOTHING)
    elif chart.kind is ChartKind.HEAT:
        for start in range(0, len(chart.labels), _COLUMNS):
            grid = _heat(chart, slice(start, start + _COLUMNS), view)
            yield Block(name, notes, grid, pptx_tables.high(len(grid.rows)), grows=True)
    elif chart.kind is ChartKind.MAP:
        yield Block(name, notes, chart, _ROOM - _CAPTION, grows=True)
    else:
        told = "" if chart.target is None else f" · {label('target', lang)} {_value(chart.target, chart.unit, view)}"
        yield Block(name + told, notes, chart, _PLOT, grows=True)


def _table_block(table: Table, view: View) -> Block:
    lang = view.words.lang
    name, notes = title(table.id, lang), definition(table.id, lang)
    if not table.cells:
        return Block(name, notes, label("nothing", lang), _NOTHING)
    heads = [label(column.id, lang) for column in table.columns]
    is_text = [column.unit is Unit.TEXT for column in table.columns]
    rows = [
        [
            briefing_kit.cell(content, column.unit, column.names, view)
            for content, column in zip(row, table.columns, strict=True)
        ]
        for row in table.cells
    ]
    if not any(table.marks):
        return Block(name, notes, Grid(heads, rows, is_text), pptx_tables.high(len(rows)))
    told = [label(mark, lang) if mark else "" for mark in table.marks]
    grid = Grid(
        [*heads, ""],
        [[*row, mark] for row, mark in zip(rows, told, strict=True)],
        [*is_text, True],
        [bool(mark) for mark in told],
    )
    return Block(name, notes, grid, pptx_tables.high(len(rows)))


def _heat(chart: Chart, columns: slice, view: View) -> Grid:
    """A table whose cells are as dark as they are full."""
    most = max(value or 0.0 for series in chart.series for value in series.values)
    heads = ["", *(briefing_kit.name(code, chart.names, view) for code in chart.labels[columns])]
    rows, shades = [], []
    for series in chart.series:
        values = series.values[columns]
        name = briefing_kit.name(series.id, chart.series_names, view)
        rows.append([name, *(_value(value, chart.unit, view) if value else "" for value in values)])
        shades.append([0.0, *(((value or 0.0) / most) ** 0.5 for value in values)])
    return Grid(heads, rows, [True, *[False] * (len(heads) - 1)], (), shades)


def _defined(figure: Figure, view: View) -> str:
    lang = view.words.lang
    return f"{title(figure.id, lang)}: {definition(figure.id, lang)} {briefing_kit.fraction(figure, view)}".strip()


# -- blocks --------------------------------------------------------------------------------------------------------


def _draw(deck: Deck, slide: Any, block: Block, view: View, top: float, room: float) -> None:
    content = block.content
    if isinstance(content, Grid):
        pptx_tables.draw(deck, slide, content, top, room)
    elif isinstance(content, str):
        deck.text(slide, content, (LEFT, top, INNER, _NOTHING), 14, color=SOFT)
    elif isinstance(content, Chart):
        _chart(deck, slide, content, view, top, room)
    else:
        for place, figure in enumerate(content):
            _card(deck, slide, figure, view, top, place)


def _chart(deck: Deck, slide: Any, chart: Chart, view: View, top: float, room: float) -> None:
    if chart.kind is not ChartKind.MAP:
        pptx_charts.draw(
            slide,
            chart,
            lambda code: briefing_kit.name(code, chart.names, view),
            lambda code: briefing_kit.name(code, chart.series_names, view),
            label("target", view.words.lang),
            top,
            room,
        )
        return
    district = view.district
    pptx_map.draw(deck, slide, chart, district, (LEFT, top + 0.15, 7.4, room - 0.3))
    index = {code: at for at, code in enumerate(district.cell_codes)}
    rows = []
    ranked = zip(chart.labels, chart.series[0].values, strict=True)
    for rank, (code, value) in enumerate(list(ranked)[:_RANKED], 1):
        community = view.community(int(district.cell_community[index[code]])) if code in index else code
        rows.append([str(rank), community, code, _value(value, chart.unit, view)])
    words = [label(name, view.words.lang) for name in ("community", "cell", chart.series[0].id)]
    grid = Grid(["#", *words], rows, [False, True, True, False])
    pptx_tables.draw(deck, slide, grid, top, room, left=LEFT + 7.6, wide=INNER - 7.6)


def _card(deck: Deck, slide: Any, figure: Figure, view: View, top: float, place: int) -> None:
    """A figure: name, value, its parts, and how it stands against the week before and the year before."""
    lang = view.words.lang
    wide = (INNER - (_ACROSS - 1) * _CARD_GAP) / _ACROSS
    left = LEFT + (place % _ACROSS) * (wide + _CARD_GAP)
    top += (place // _ACROSS) * (_CARD + _CARD_GAP)
    deck.box(slide, (left, top, wide, _CARD), PALE)
    at, inner = left + 0.16, wide - 0.26
    told, is_worse = _compared(figure, view)
    if is_worse:
        deck.box(slide, (left, top, 0.06, _CARD), WORSE)
    shown = _value(figure.value, figure.unit, view)
    texts = (
        (0.09, title(figure.id, lang), 13, False, SOFT),
        (0.34, shown, 24, True, INK),
        (0.77, briefing_kit.fraction(figure, view), 11, False, SOFT),
        (0.99, told, 11, is_worse, WORSE if is_worse else INK),
    )
    for down, text, size, bold, color in texts:
        if text:
            deck.text(slide, pptx_deck.clip(text, inner, size), (at, top + down, inner, 0.25), size, bold, color)


def _compared(figure: Figure, view: View) -> tuple[str, bool]:
    """Against the week before and the same week of last year; whether it got worse."""
    lang, told, worse = view.words.lang, [], False
    before = figure.previous[-1] if figure.previous else None
    for name, against in (("previous", before), ("last_year", figure.last_year)):
        if against is not None:
            text, judged = briefing_kit.change(figure, against, view)
            told.append(f"{label(name, lang)} {text}")
            worse = worse or (name == "previous" and judged == "worse")
    return "  ".join(told), worse


# -- appendix ------------------------------------------------------------------------------------------------------


def _definitions(deck: Deck, briefing: Briefing, view: View) -> None:
    """Name and definition of every figure, about as many on each slide."""
    lang, room, told = view.words.lang, INNER - 3.2, []
    for figure in (figure for section in briefing.sections for figure in section.figures):
        text = f"{definition(figure.id, lang)} {briefing_kit.fraction(figure, view)}".strip()
        told.append((title(figure.id, lang), text, 0.2 * pptx_deck.lines(text, room, _DEFINED) + 0.1))
    whole = sum(high for _, _, high in told)
    share = whole / max(1, math.ceil(whole / (_ROOM - 0.4)))
    slide, top = None, TOP
    for name, text, high in told:
        if slide is None or top - TOP >= share - _ROUND:
            slide, top = deck.slide(label("appendix", lang)), TOP
        deck.text(slide, pptx_deck.clip(name, 3.0, _DEFINED), (LEFT, top, 3.0, 0.25), _DEFINED, bold=True)
        deck.text(slide, text, (LEFT + 3.2, top, room, high - 0.05), _DEFINED)
        top += high


def _data(deck: Deck, briefing: Briefing, view: View) -> None:
    """What the figures were made of; the SQL of all questions stands in the notes."""
    lang, stamp = view.words.lang, briefing.stamp
    asked = "\n\n".join(f"-- {name}\n{sql.strip()}" for name, sql in sorted(briefing.queries.items()))
    slide = deck.slide(f"{label('appendix', lang)} · {label('stamp', lang)}", asked)
    told = [*_standing(briefing, view)]
    if briefing.digest:
        told.append(f"{label('digest', lang)} SHA-256 {briefing.digest}")
    deck.text(slide, "\n".join(told), (LEFT, TOP, INNER, 0.9), _DEFINED)
    where = f"{label('questions', lang)} (SQL): {label('in_notes', lang)}"
    deck.text(slide, where, (LEFT, BOTTOM - 0.25, INNER, 0.25), _DEFINED, color=SOFT)
    made_of = [
        [
            name,
            *("" if number is None else f"{number:,}" for number in (stamp.rows.get(name), stamp.last_ids.get(name))),
        ]
        for name in dict.fromkeys((*stamp.rows, *stamp.last_ids))
    ]
    made_with = [[name, f"{number:g}"] for name, number in sorted(briefing.settings.items())]
    sources = Grid([label(word, lang) for word in ("table", "row_count", "last_id")], made_of, [True, False, False])
    settings = Grid([label("settings", lang), label("value", lang)], made_with, [True, False])
    top = TOP + 1.0
    for start in range(0, max(len(made_of), len(made_with)), _BESIDE):
        if start:
            slide, top = deck.slide(f"{label('appendix', lang)} · {label('stamp', lang)}"), TOP
        for grid, left, wide in ((sources, LEFT, 6.4), (settings, LEFT + 6.8, INNER - 6.8)):
            some = grid._replace(rows=grid.rows[start : start + _BESIDE])
            if some.rows:
                pptx_tables.draw(deck, slide, some, top, pptx_tables.high(len(some.rows)), left, wide)


def _value(number: float | None, unit: Unit, view: View) -> str:
    return briefing_kit.value(number, unit, view)
