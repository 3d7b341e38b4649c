"""Charts of a slide, PowerPoint's own: their numbers open in Excel and can be edited."""

from collections.abc import Callable
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION
from pptx.enum.dml import MSO_LINE
from pptx.util import Inches, Pt

from dashboard.briefing.model import Chart, ChartKind, Number, Unit
from layouts import briefing_charts
from layouts.pptx_deck import HAIR, HUES, INK, INNER, LEFT, SOFT, rgb

_TYPES = {
    ChartKind.BARS: XL_CHART_TYPE.COLUMN_CLUSTERED,
    ChartKind.STACKED: XL_CHART_TYPE.COLUMN_STACKED,
    ChartKind.LINES: XL_CHART_TYPE.LINE_MARKERS,
}
_HOUR_S, _MINUTE_S = 3600.0, 60.0
_SIZE = 13
_NEAR_AXIS = 0.1  # of its height

Name = Callable[[str], str]


def is_empty(chart: Chart) -> bool:
    """Whether there is nothing to be seen."""
    return not any(value for series in chart.series for value in series.values)


def draw(slide: Any, chart: Chart, label: Name, series: Name, target: str, top: float, high: float) -> Any:
    """The chart. `label` and `series` name codes, `target` is the word for the line to compare with."""
    per, number = _written(chart)
    data = CategoryChartData(number_format=number)
    data.categories = [label(code) for code in chart.labels]
    for each in chart.series:
        data.add_series(series(each.id), [_in(value, per) for value in each.values])
    is_lines = chart.kind is ChartKind.LINES
    has_target = (
        chart.target is not None and is_lines
    )  # of bars it stands in words: they cannot have a line beside them
    if has_target:
        data.add_series(target, [_in(chart.target, per)] * len(chart.labels))
    place = map(Inches, (LEFT, top, INNER, high))
    made = slide.shapes.add_chart(_TYPES[chart.kind], *place, data).chart
    _style(made, chart, per, number, len(chart.series) + has_target)
    for at, drawn in enumerate(made.plots[0].series):
        if at == len(chart.series):
            _line(drawn, SOFT, 1.5)
            drawn.format.line.dash_style = MSO_LINE.DASH
        elif is_lines:
            _line(drawn, rgb(HUES[at % len(HUES)]), 2.5)
        else:
            drawn.format.fill.solid()
            drawn.format.fill.fore_color.rgb = rgb(HUES[at % len(HUES)])
            drawn.invert_if_negative = False
    if is_lines:
        _newest(made.plots[0].series, chart)
    return made


def _written(chart: Chart) -> tuple[float, str]:
    """By what values are divided, and Excel's format for them."""
    if chart.unit is Unit.SHARE:
        return 1.0, "0.0%"
    if chart.unit is not Unit.SECONDS:
        return 1.0, "#,##0" if chart.unit is Unit.COUNT else "#,##0.0"
    most = max((value for series in chart.series for value in series.values if value is not None), default=0.0)
    return (_HOUR_S, '0.0" h"') if most >= 2 * _HOUR_S else (_MINUTE_S, '0.0" min"')


def _in(value: Number, per: float) -> Number:
    return None if value is None else value / per


def _style(made: Any, chart: Chart, per: float, number: str, count: int) -> None:
    made.font.size, made.font.color.rgb = Pt(_SIZE), INK
    made.has_title = False
    made.has_legend = count > 1
    if made.has_legend:
        made.legend.position, made.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
    axis = made.value_axis
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = number, False
    low, high = briefing_charts.span(chart)
    axis.minimum_scale, axis.maximum_scale = low / per, high / per
    axis.major_gridlines.format.line.color.rgb = HAIR
    axis.format.line.fill.background()
    made.category_axis.format.line.color.rgb = HAIR
    plot = made.plots[0]
    if chart.kind is not ChartKind.LINES:
        plot.gap_width = 60
    if chart.kind is ChartKind.BARS:
        plot.has_data_labels = True
        labels = plot.data_labels
        labels.number_format, labels.number_format_is_linked = number, False
        labels.font.size = Pt(_SIZE)


def _line(drawn: Any, hue: Any, points: float) -> None:
    drawn.smooth = False
    drawn.format.line.color.rgb, drawn.format.line.width = hue, Pt(points)
    if points < 2:
        drawn.marker.style = None
        drawn.marker.format.fill.background()
        drawn.marker.format.line.fill.background()
        return
    drawn.marker.size = 6
    drawn.marker.format.fill.solid()
    drawn.marker.format.fill.fore_color.rgb = hue
    drawn.marker.format.line.color.rgb = hue


def _newest(drawn: Any, chart: Chart) -> None:
    """The newest value of each line stands beside its point: above the uppermost line, below the others."""
    known = [[(at, value) for at, value in enumerate(each.values) if value is not None] for each in chart.series]
    top = max((values[-1][1] for values in known if values), default=0.0)
    low, high = briefing_charts.span(chart)
    for line, values in zip(drawn, known, strict=False):
        if values:
            at, value = values[-1]
            told = line.points[at].data_label
            is_above = value == top or value - low < _NEAR_AXIS * (high - low)
            told.position = XL_LABEL_POSITION.ABOVE if is_above else XL_LABEL_POSITION.BELOW
            told.font.size, told.font.bold = Pt(_SIZE), True
