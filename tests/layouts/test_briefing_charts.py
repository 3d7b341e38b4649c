import re

import pytest
from msgspec.structs import replace

from dashboard.briefing.model import Chart, ChartKind, Names, Number, Series, Unit
from layouts import briefing_charts as charts
from layouts.briefing_charts import draw, spark
from tests.briefings import example
from tests.layouts.scenes import HOSTILE, baoan


def chart(kind: ChartKind, *series: Series, labels: tuple[str, ...] = ("a", "b", "c"), **fields: Number) -> Chart:
    return Chart(id="cases.trend", kind=kind, unit=Unit.COUNT, names=Names.TEXT, labels=labels, series=series, **fields)


def drawn(made: Chart) -> str:
    return draw(made, baoan(), str, str, lambda value: f"{value:.0f}" if value is not None else "—", "title")


def lines(html: str) -> list[int]:
    """How many points each line has."""
    return [points.count(",") for points in re.findall(r'<polyline points="([^"]*)"', html)]


def test_every_chart_of_the_example_is_drawn() -> None:
    for section in example().sections:
        for each in section.charts:
            assert drawn(each), each.id


def test_a_line_is_broken_where_nothing_is_known() -> None:
    made = chart(ChartKind.LINES, Series("s", (1.0, 2.0, None, 4.0, 5.0, 6.0)), labels=tuple("abcdef"))
    assert lines(drawn(made)) == [2, 3]


@pytest.mark.parametrize("kind", list(ChartKind))
def test_a_chart_of_nothing_known_is_not_drawn(kind: ChartKind) -> None:
    assert drawn(chart(kind, Series("s", (None, None, None)))) == "" or kind is ChartKind.MAP


def test_a_heat_cell_holds_its_number_and_is_darker_the_fuller_it_is() -> None:
    html = drawn(chart(ChartKind.HEAT, Series("row", (1.0, 4.0, None))))
    shares = [float(share) for share in re.findall(r"--share:([\d.]+)", html)]
    assert ">1</td>" in html and ">4</td>" in html
    assert shares == [0.5, 1.0]


def test_the_fullest_cells_lie_on_the_map_with_their_rank() -> None:
    codes = tuple(baoan().cell_codes[:3])
    html = drawn(chart(ChartKind.MAP, Series("found", (9.0, 5.0, 1.0)), labels=codes))
    assert [rank for rank in re.findall(r'class="spot-rank">(\d+)<', html)] == ["1", "2", "3"]


def test_a_cell_that_the_district_no_longer_has_is_left_out() -> None:
    html = drawn(chart(ChartKind.MAP, Series("found", (9.0,)), labels=("gone",)))
    assert "spot-rank" not in html


def test_no_text_becomes_markup() -> None:
    for kind in (ChartKind.LINES, ChartKind.BARS, ChartKind.HEAT):
        html = drawn(chart(kind, Series(HOSTILE, (1.0,)), Series("two", (2.0,)), labels=(HOSTILE,)))
        assert HOSTILE not in html


def heights(html: str) -> list[float]:
    return [float(each) for each in re.findall(r'<rect[^>]* height="([\d.]+)"', html)]


def test_a_stack_has_its_parts_one_upon_the_other() -> None:
    html = drawn(chart(ChartKind.STACKED, Series("one", (2.0,)), Series("two", (3.0,)), labels=("a",)))
    tops = [float(each) for each in re.findall(r'<rect fill[^>]* y="([\d.]+)"', html)]
    one, two = heights(html)[:2]
    assert two == pytest.approx(1.5 * one, abs=0.2)
    assert tops[1] + two == pytest.approx(tops[0], abs=0.2)


def test_rates_that_differ_little_can_be_told_apart() -> None:
    html = drawn(chart(ChartKind.LINES, Series("on_time", (0.84, 0.85, 0.88))))
    (points,) = re.findall(r'<polyline points="([^"]*)"', html)
    ys = [float(point.partition(",")[2]) for point in points.split()]
    assert max(ys) - min(ys) > charts.HEIGHT / 4


def test_a_target_is_drawn() -> None:
    assert "target" in drawn(chart(ChartKind.BARS, Series("s", (1.0, 2.0, 3.0)), target=5.0))


def test_a_single_week_between_unknown_ones_is_a_dot() -> None:
    html = drawn(chart(ChartKind.LINES, Series("s", (None, 2.0, None, 4.0)), labels=tuple("abcd")))
    assert html.count("<circle") == 2 and "<polyline" not in html


@pytest.mark.parametrize(("most", "top"), [(0.0, 1.0), (0.88, 1.0), (7.0, 10.0), (24.0, 25.0), (27_932.0, 50_000.0)])
def test_an_axis_ends_at_a_round_number(most: float, top: float) -> None:
    assert charts.top_of(most) == pytest.approx(top)


def test_a_spark_needs_two_known_weeks() -> None:
    assert spark((None, None), 4.0) == ""
    assert "spark-dot" in spark((3.0, None), 4.0)


@pytest.mark.parametrize("kind", [ChartKind.BARS, ChartKind.STACKED, ChartKind.HEAT, ChartKind.MAP])
def test_what_leads_to_rows_can_be_followed_and_is_no_mere_picture(kind: ChartKind) -> None:
    codes = tuple(baoan().cell_codes[:3])
    made = replace(chart(kind, Series("s", (9.0, 5.0, 1.0)), labels=codes), rows="found", label_key="cell")
    html = draw(made, baoan(), str, str, str, "title", lambda series, place: f"/rows?{series}&{place}" if place else "")
    assert re.findall(r'href="/rows\?0&amp;(\d)"', html) == ["1", "2"]
    assert 'role="img"' not in html and f'{codes[1]}: 5.0"' in html
    assert "<a" not in draw(made, baoan(), str, str, str, "title")
