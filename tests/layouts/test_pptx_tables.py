from typing import Any

from layouts import pptx_deck, pptx_tables
from layouts.pptx_deck import INNER, Deck
from layouts.pptx_tables import Grid
from layouts.words import Lang

EMU = 914_400


def drawn(grid: Grid, room: float = 5.0) -> Any:
    deck = Deck(Lang.ZH, "")
    return pptx_tables.draw(deck, deck.slide("x"), grid, 1.3, room)


def texts(table: Any) -> list[list[str]]:
    return [[cell.text_frame.text for cell in row.cells] for row in table.rows]


def test_cells_say_what_the_grid_says() -> None:
    frame = drawn(Grid(["单位", "上报"], [["新安", "4,300"], ["西乡", "—"]], [True, False]))
    assert texts(frame.table) == [["单位", "上报"], ["新安", "4,300"], ["西乡", "—"]]


def test_a_table_of_many_long_columns_stays_on_the_slide() -> None:
    heads = [f"区城市管理和综合执法局{place}" for place in range(12)]
    frame = drawn(Grid(heads, [["市场监督管理局宝安监管局"] * 12], [True] * 12))
    assert sum(column.width for column in frame.table.columns) <= (INNER + 0.01) * EMU
    size = frame.table.cell(1, 0).text_frame.paragraphs[0].runs[0].font.size.pt
    for row in frame.table.rows:
        for cell, column in zip(row.cells, frame.table.columns, strict=True):
            assert pptx_deck.width(cell.text_frame.text, size) <= column.width / EMU


def test_few_columns_are_not_torn_apart() -> None:
    _, widths = pptx_tables.fitted(Grid(["a", "b"], [["1", "2"]], [True, False]), INNER)
    assert sum(widths) < INNER / 2


def test_rows_take_no_more_than_the_room_there_is() -> None:
    grid = Grid(["a"], [["1"]] * 15, [False])
    frame = drawn(grid, pptx_tables.high(15))
    assert sum(row.height for row in frame.table.rows) <= (pptx_tables.high(15) + 0.01) * EMU


def test_a_full_cell_is_dark_and_its_number_light() -> None:
    grid = Grid(["", "h"], [["Mon", "9"], ["Tue", ""]], [True, False], (), [[0.0, 1.0], [0.0, 0.0]])
    table = drawn(grid).table
    assert str(table.cell(1, 1).fill.fore_color.rgb) == "3B5270"
    assert str(table.cell(1, 1).text_frame.paragraphs[0].runs[0].font.color.rgb) == "FFFFFF"
    assert str(table.cell(2, 1).fill.fore_color.rgb) == "F3F3F3"


def test_a_marked_row_stands_out() -> None:
    table = drawn(Grid(["a", ""], [["x", "rise"], ["y", ""]], [True, True], [True, False])).table
    bold = [table.cell(row, 0).text_frame.paragraphs[0].runs[0].font.bold for row in (1, 2)]
    assert bold == [True, False]
