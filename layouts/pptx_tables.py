"""Tables of a slide, PowerPoint's own: columns as wide as what they hold, nothing over an edge."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR
from pptx.util import Inches

from layouts import pptx_deck
from layouts.pptx_deck import HEAD, INK, INNER, LEFT, PALE, WHITE, WORSE, Deck

ROW = 0.3  # inches, the least height of a row
_PAD, _SIZES, _LEAST = 0.12, (15, 14, 13, 12, 11, 10, 9), 0.38
_TALLEST, _TALLEST_SHADE = 0.48, 0.68
_LONGEST = 4.2  # of a column
_AIRY = 2.0  # how much wider than need be a column may be
_DARK, _LIGHT = (0x3B, 0x52, 0x70), 0xF3


class Grid(NamedTuple):
    """What is written into a table: text by row and column."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    is_text: Sequence[bool]  # by column: set to the left
    marked: Sequence[bool] = ()  # by row: it stands out
    shades: Sequence[Sequence[float]] = ()  # by row and column: how full, 0 to 1; none: a plain table


def high(rows: int) -> float:
    """How much height a table of so many rows needs with its head."""
    return ROW * (rows + 1)


def draw(deck: Deck, slide: Any, grid: Grid, top: float, room: float, left: float = LEFT, wide: float = INNER) -> Any:
    """The table; `room`: the height that is there, of which rows take a little more than they need."""
    size, widths = fitted(grid, wide)
    tall = min(_TALLEST_SHADE if grid.shades else _TALLEST, max(ROW, room / (len(grid.rows) + 1)))
    place = (left, top, sum(widths), tall * (len(grid.rows) + 1))
    frame = slide.shapes.add_table(len(grid.rows) + 1, len(widths), *map(Inches, place))
    made = frame.table
    made.horz_banding = False
    for at, each in enumerate(widths):
        made.columns[at].width = Inches(each)
    for at, row in enumerate((grid.heads, *grid.rows)):
        made.rows[at].height = Inches(tall)
        for column, text in enumerate(row):
            shown = pptx_deck.clip(text, widths[column] - _PAD, size)
            _cell(deck, made.cell(at, column), shown, size, _Look.of(grid, at - 1, column))
    return frame


def fitted(grid: Grid, wide: float) -> tuple[int, list[float]]:
    """The greatest size of letters with which it fits, and the widths of the columns."""
    for size in _SIZES:
        needed = [_needed(grid, column, size) for column in range(len(grid.heads))]
        if sum(needed) <= wide:
            airy = min(_AIRY, wide / sum(needed))
            return size, [each * airy for each in needed]
    over = wide / sum(needed)
    return size, [each * over for each in needed]


def _needed(grid: Grid, column: int, size: int) -> float:
    longest = max(pptx_deck.width(row[column], size) for row in (grid.heads, *grid.rows))
    return max(_LEAST, min(longest + 2 * _PAD, _LONGEST))


class _Look(NamedTuple):
    fill: RGBColor
    ink: RGBColor
    bold: bool
    right: bool

    @classmethod
    def of(cls, grid: Grid, row: int, column: int) -> "_Look":
        right = not grid.is_text[column]
        if row < 0:
            return cls(HEAD, INK, True, right)
        if grid.shades and not grid.is_text[column]:
            share = grid.shades[row][column]
            tone = RGBColor(*(round(_LIGHT - share * (_LIGHT - dark)) for dark in _DARK))
            return cls(tone, WHITE if share > 0.6 else INK, False, right)
        is_marked = bool(grid.marked) and grid.marked[row]
        is_last = column == len(grid.heads) - 1
        return cls(PALE if row % 2 else WHITE, WORSE if is_marked and is_last else INK, is_marked, right)


def _cell(deck: Deck, cell: Any, text: str, size: int, look: _Look) -> None:
    cell.margin_left = cell.margin_right = Inches(_PAD / 2)
    cell.margin_top = cell.margin_bottom = Inches(0.01)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.fill.solid()
    cell.fill.fore_color.rgb = look.fill
    cell.text_frame.word_wrap = False
    deck.write(cell.text_frame, text, size, look.bold, look.ink, look.right)
