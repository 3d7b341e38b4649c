import io
from collections.abc import Iterator
from typing import Any

import pytest
from pptx import Presentation

from dashboard.briefing.model import ChartKind
from layouts import briefing_pptx
from layouts.words import Lang
from tests.briefings import example
from tests.layouts import scenes


def deck(lang: Lang = Lang.ZH) -> Any:
    return Presentation(io.BytesIO(briefing_pptx.build(example(), scenes.view(lang), "MARK")))


def shapes(deck: Any) -> Iterator[Any]:
    for slide in deck.slides:
        yield from slide.shapes


@pytest.mark.parametrize("lang", list(Lang))
def test_charts_and_tables_are_powerpoints_own(lang: Lang) -> None:
    made, briefing = deck(lang), example()
    drawn = [chart for section in briefing.sections for chart in section.charts]
    native = [shape.chart for shape in shapes(made) if shape.has_chart]
    plain = [chart for chart in drawn if chart.kind not in (ChartKind.HEAT, ChartKind.MAP)]
    assert len(native) == len(plain) > 3
    assert (
        sum(shape.has_table for shape in shapes(made)) >= sum(len(section.tables) for section in briefing.sections) - 2
    )


def test_numbers_of_a_chart_are_those_of_the_briefing() -> None:
    (trend,) = [chart for section in example().sections for chart in section.charts if chart.id == "cases.trend"]
    native = next(shape.chart for shape in shapes(deck()) if shape.has_chart)
    assert [list(series.values) for series in native.plots[0].series] == [
        list(series.values) for series in trend.series
    ]


def test_nothing_runs_over_the_edge() -> None:
    made = deck()
    for shape in shapes(made):
        assert shape.left >= 0 and shape.left + shape.width <= made.slide_width
        assert shape.top >= 0 and shape.top + shape.height <= made.slide_height


def test_every_slide_says_who_took_it_and_notes_say_what_is_meant() -> None:
    made = deck(Lang.EN)
    for slide in made.slides:
        assert any(shape.has_text_frame and "MARK" in shape.text_frame.text for shape in slide.shapes)
    notes = " ".join(slide.notes_slide.notes_text_frame.text for slide in made.slides if slide.has_notes_slide)
    assert "Cases reported within the week" in notes
