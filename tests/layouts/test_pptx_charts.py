from typing import Any

import pytest
from msgspec.structs import replace

from dashboard.briefing.model import Chart, ChartKind, Names, Series, Unit
from layouts import pptx_charts
from layouts.pptx_deck import Deck
from layouts.words import Lang

LINES = Chart(
    id="t",
    kind=ChartKind.LINES,
    unit=Unit.SHARE,
    names=Names.WEEK,
    labels=("a", "b", "c"),
    series=(Series("p", (0.8, None, 0.9)), Series("q", (0.7, 0.75, None))),
)


def drawn(chart: Chart) -> Any:
    slide = Deck(Lang.EN, "").slide("x")
    return pptx_charts.draw(slide, chart, str.upper, str.title, "Target", 1.3, 5.0)


def test_names_and_numbers_are_in_the_chart_and_gaps_stay_gaps() -> None:
    plot = drawn(LINES).plots[0]
    assert list(plot.categories) == ["A", "B", "C"]
    assert [(each.name, list(each.values)) for each in plot.series] == [
        ("P", [0.8, None, 0.9]),
        ("Q", [0.7, 0.75, None]),
    ]


def test_rates_that_differ_little_do_not_begin_at_zero_and_bars_do() -> None:
    assert drawn(LINES).value_axis.minimum_scale > 0.5
    assert drawn(replace(LINES, kind=ChartKind.BARS)).value_axis.minimum_scale == 0


def test_a_target_is_a_dashed_line_of_its_own() -> None:
    made = drawn(replace(LINES, target=0.95)).plots[0].series
    assert (made[2].name, list(made[2].values)) == ("Target", [0.95] * 3)
    assert drawn(replace(LINES, target=0.95)).value_axis.maximum_scale >= 0.95


@pytest.mark.parametrize(("seconds", "shown", "word"), [(7200.0, 2.0, "h"), (90.0, 1.5, "min")])
def test_durations_are_in_hours_or_in_minutes(seconds: float, shown: float, word: str) -> None:
    chart = replace(LINES, unit=Unit.SECONDS, labels=("a",), series=(Series("p", (seconds,)),))
    made = drawn(chart)
    assert list(made.plots[0].series[0].values) == [shown]
    assert word in made.value_axis.tick_labels.number_format


def test_a_chart_of_zeros_is_empty() -> None:
    assert pptx_charts.is_empty(replace(LINES, series=(Series("p", (0.0, None, 0.0)),)))
    assert not pptx_charts.is_empty(LINES)
