import io
from collections.abc import Iterator
from typing import Any

import pytest
from msgspec.structs import replace
from pptx import Presentation

from dashboard.briefing.model import Briefing, ChartKind
from layouts import briefing_pptx, pptx_charts, pptx_tables
from layouts.briefing_pptx import Block, pages
from layouts.pptx_tables import Grid
from layouts.words import Lang
from tests.briefings import example, frozen
from tests.layouts import scenes


def deck(lang: Lang = Lang.ZH, briefing: Briefing | None = None) -> Any:
    return Presentation(io.BytesIO(briefing_pptx.build(briefing or example(), scenes.view(lang), "MARK")))


def shapes(deck: Any) -> Iterator[Any]:
    for slide in deck.slides:
        yield from slide.shapes


def notes(deck: Any) -> str:
    return "\n".join(slide.notes_slide.notes_text_frame.text for slide in deck.slides)


def words(deck: Any) -> str:
    return "\n".join(shape.text_frame.text for shape in shapes(deck) if shape.has_text_frame)


@pytest.mark.parametrize("lang", list(Lang))
def test_charts_tables_and_maps_are_powerpoints_own(lang: Lang) -> None:
    made, briefing = deck(lang), example()
    drawn = [chart for section in briefing.sections for chart in section.charts if not pptx_charts.is_empty(chart)]
    native = [shape.chart for shape in shapes(made) if shape.has_chart]
    plain = [chart for chart in drawn if chart.kind not in (ChartKind.HEAT, ChartKind.MAP)]
    heat = [chart for chart in drawn if chart.kind is ChartKind.HEAT]
    tables = [table for section in briefing.sections for table in section.tables if table.cells]
    assert len(native) == len(plain) > 3
    assert sum(shape.has_table for shape in shapes(made)) >= len(tables) + len(heat)
    assert sum(shape.shape_type == 6 for shape in shapes(made)) == 1  # a group: the map
    assert not any(shape.shape_type == 13 for shape in shapes(made))  # no picture


def test_numbers_of_a_chart_are_those_of_the_briefing() -> None:
    (trend,) = [chart for section in example().sections for chart in section.charts if chart.id == "cases.trend"]
    native = next(shape.chart for shape in shapes(deck()) if shape.has_chart)
    assert [list(series.values) for series in native.plots[0].series] == [
        list(series.values) for series in trend.series
    ]


def test_every_row_of_every_table_is_on_a_slide() -> None:
    district = scenes.baoan()
    view = scenes.view(Lang.ZH)
    cells = {
        cell.text_frame.text
        for shape in shapes(deck())
        if shape.has_table
        for row in shape.table.rows
        for cell in row.cells
    }
    assert {view.centre(each.code) for each in district.communities[:40]} <= cells


@pytest.mark.parametrize("lang", list(Lang))
def test_nothing_runs_over_the_edge_or_into_the_foot(lang: Lang) -> None:
    made = deck(lang)
    for shape in shapes(made):
        assert shape.left >= 0 and shape.left + shape.width <= made.slide_width
        is_foot = shape.has_text_frame and shape.top > 914_400 * 7
        assert shape.top >= 0 and (is_foot or shape.top + shape.height <= 914_400 * 6.95)


def test_every_slide_has_a_title_of_its_own_kind_and_says_who_took_it() -> None:
    for slide in deck(Lang.EN).slides:
        assert slide.shapes.title.text_frame.text
        assert any(shape.has_text_frame and shape.text_frame.text == "MARK" for shape in slide.shapes)
        assert slide.notes_slide.notes_text_frame.text.endswith("MARK")


def test_notes_have_definitions_what_the_presenter_says_and_the_questions() -> None:
    briefing = frozen(notes={"cases": "overdue first", "assessment": "then the scores"})
    told = notes(deck(Lang.EN, briefing))
    assert "Cases reported within the week" in told
    assert told.count("overdue first") == told.count("then the scores") == 1
    assert next(iter(briefing.queries.values())) in told


def test_what_to_know_before_believing_it_is_on_the_slide() -> None:
    shown = words(deck(Lang.EN))
    assert "The archive has nothing of the same week of last year." in shown
    assert shown.count("No patrol is on record") == 2  # assessment, which has no figures, and patrol


def test_a_frozen_one_says_so_with_its_digest() -> None:
    shown = words(deck(Lang.ZH, frozen()))
    assert "已定稿" in shown and frozen().digest in shown


def test_a_chart_of_nothing_says_so() -> None:
    section = next(section for section in example().sections if section.id == "kinds")
    empty = [
        replace(chart, series=tuple(replace(each, values=()) for each in chart.series)) for chart in section.charts
    ]
    made = deck(Lang.EN, example(sections=(replace(section, charts=tuple(empty), tables=()),)))
    assert words(made).count("No data") >= len(empty)


def block(rows: int, name: str = "t") -> Block:
    grid = Grid(["a"], [[str(row)] for row in range(rows)], [True])
    return Block(name, "", grid, pptx_tables.high(rows))


def counts(made: list[list[Block]]) -> list[list[int]]:
    return [[len(each.content.rows) for each in page] for page in made]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([3, 4], [[3, 4]]),  # side by side
        ([10, 10], [[10], [10]]),  # whole rather than cut
        ([40], [[14], [13], [13]]),
        ([], []),
    ],
)
def test_tables_are_whole_where_they_can_be_and_cut_evenly_where_not(
    rows: list[int], expected: list[list[int]]
) -> None:
    made = counts(pages([block(each) for each in rows]))
    assert made == expected


def test_what_is_higher_than_a_slide_is_put_there_all_the_same() -> None:
    assert len(pages([Block("", "", "x", 99.0), Block("", "", "y", 99.0)])) == 2
