"""The map of a slide as PowerPoint's own shapes: areas as outlines, the fullest cells as numbered dots."""

from typing import Any

import numpy as np
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Inches, Pt

from dashboard.briefing.model import Chart
from dashboard.district import District
from layouts.pptx_deck import PALE, WHITE, WORSE, Deck, flat, rgb
from layouts.theme import LIGHT

_UNITS_PER_INCH = 1000  # of the outlines' corners
_DOT, _MORE = 0.2, 0.14  # inches: the least dot, and how much the fullest one is greater
_GAP = 0.02  # between corners: what is nearer is not seen


def draw(deck: Deck, slide: Any, chart: Chart, district: District, box: tuple[float, float, float, float]) -> Any:
    """The district within (left, top, width, height); one group, so that it is moved as one."""
    group = slide.shapes.add_group_shape()
    place = _Frame(district, box)
    for feature in district.outlines()["features"][: 1 + len(district.sub_districts)]:
        for ring in _rings(feature["geometry"]):
            _outline(group, place.of(ring))
    index = {code: at for at, code in enumerate(district.cell_codes)}
    geometries = district.atlas.cell_geometries()
    values = chart.series[0].values
    most = max((value or 0.0 for value in values), default=0.0) or 1.0
    ranked = list(enumerate(zip(chart.labels, values, strict=True), 1))
    for rank, (code, value) in reversed(ranked):  # the fullest lies on top
        if code in index:
            middle = place.of(_rings(geometries[index[code]])[0]).mean(axis=0)
            _dot(deck, group, middle, _DOT + _MORE * (value or 0.0) / most, rank)
    return group


class _Frame:
    """From degrees to inches of the slide."""

    def __init__(self, district: District, box: tuple[float, float, float, float]) -> None:
        left, top, wide, high = box
        south, west, north, east = district.bounds
        self._origin = district.origin
        (x0, x1), (y0, y1) = self._origin.project([south, north], [west, east])
        self._scale = min(wide / (x1 - x0), high / (y1 - y0))
        self._x = left + wide / 2 - (x0 + x1) / 2 * self._scale
        self._y = top + high / 2 + (y0 + y1) / 2 * self._scale

    def of(self, ring: Any) -> Any:
        """(n, 2) inches of (n, 2) lon, lat."""
        lon, lat = np.array(ring, float).T
        x, y = self._origin.project(lat, lon)
        return np.column_stack([self._x + x * self._scale, self._y - y * self._scale])


def _rings(geometry: dict[str, Any]) -> list[Any]:
    """The outer rings; areas of a district have no holes that matter on a slide."""
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return [polygon[0] for polygon in polygons]


def _outline(group: Any, corners: Any) -> None:
    kept = [corners[0]]
    for corner in corners[1:]:
        if np.abs(corner - kept[-1]).max() >= _GAP:
            kept.append(corner)
    if len(kept) < 3:
        return
    points = [(round(x * _UNITS_PER_INCH), round(y * _UNITS_PER_INCH)) for x, y in kept]
    builder = group.shapes.build_freeform(*points[0], scale=Inches(1) / _UNITS_PER_INCH)
    builder.add_line_segments(points[1:], close=True)
    shape = builder.convert_to_shape()
    shape.fill.solid()
    shape.fill.fore_color.rgb = PALE
    shape.line.color.rgb, shape.line.width = rgb(LIGHT.bar_soft), Pt(0.75)
    flat(shape)


def _dot(deck: Deck, group: Any, middle: Any, size: float, rank: int) -> None:
    left, top = middle - size / 2
    dot = group.shapes.add_shape(MSO_SHAPE.OVAL, *map(Inches, (left, top, size, size)))
    dot.fill.solid()
    dot.fill.fore_color.rgb = WORSE
    dot.line.color.rgb, dot.line.width = WHITE, Pt(0.75)
    flat(dot)
    frame = dot.text_frame
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.word_wrap, frame.vertical_anchor = False, MSO_ANCHOR.MIDDLE
    deck.write(frame, str(rank), 9, True, WHITE)
    frame.paragraphs[0].alignment = PP_ALIGN.CENTER
