"""The briefing's charts as SVG: they need no script, print as they are, and say each value to a screen reader."""

from collections.abc import Callable, Sequence

import numpy as np

from dashboard.briefing.model import Chart, ChartKind, Number, Series
from dashboard.district import District
from layouts.markup import Html, tag
from layouts.tracks_map import Frame

WIDTH, HEIGHT = 760, 300
HUES = ("var(--bar)", "#D55E00", "#0072B2", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
_LEFT, _RIGHT, _TOP, _BOTTOM = 64.0, 16.0, 18.0, 30.0
_STEPS = (1, 2, 2.5, 5, 10)

Write = Callable[[Number], str]
Name = Callable[[str], str]
Way = Callable[[int, int], str]  # from a series and a label, by place, to the rows behind the value; "" to none


def draw(
    chart: Chart, district: District, label: Name, series: Name, write: Write, title: str, way: Way | None = None
) -> Html:
    """One chart. `label` and `series` name codes, `write` writes a value; without a `way` nothing in it is a link."""
    if chart.kind is ChartKind.HEAT:
        return _heat(chart, label, series, write, title, way)
    if chart.kind is ChartKind.MAP:
        return _map(chart, district, write, title, way)
    return _plot(chart, label, series, write, title, way)


def spark(values: Sequence[Number], value: Number) -> Html:
    """The weeks before a figure, and itself, as a small line; nothing for fewer than two."""
    every = [*values, value]
    known = [each for each in every if each is not None]
    if len(known) < 2:
        return Html("")
    low, high = min(known), max(known)
    points = [
        f"{4 + 92 * place / (len(every) - 1):.1f},{22 - 18 * ((each - low) / (high - low) if high > low else 0.5):.1f}"
        for place, each in enumerate(every)
        if each is not None
    ]
    x, _, y = points[-1].partition(",")
    line = tag("polyline", points=" ".join(points), class_="spark-line")
    return tag(
        "svg",
        line,
        tag("circle", cx=x, cy=y, r="3", class_="spark-dot"),
        viewBox="0 0 100 26",
        class_="spark",
        aria_hidden="true",
    )


def top_of(most: float) -> float:
    """A round number not below the greatest value."""
    if most <= 0:
        return 1.0
    scale = 10.0 ** np.floor(np.log10(most))
    return float(next(step * scale for step in _STEPS if step * scale >= most * 0.999))


def _plot(chart: Chart, label: Name, series: Name, write: Write, title: str, way: Way | None) -> Html:
    if not _heights(chart):
        return Html("")
    low, high = span(chart)
    tall = HEIGHT - _TOP - _BOTTOM

    def y(value: float) -> float:
        return _TOP + tall * (1 - (value - low) / (high - low))

    step = (WIDTH - _LEFT - _RIGHT) / len(chart.labels)
    inner = [*_grid(low, high, y, write), *_axis(chart, step, label)]
    if chart.kind is ChartKind.LINES:
        drawn = [_line(each, step, y, _hue(place)) for place, each in enumerate(chart.series)]
    else:
        drawn = _bars(chart, step, y, lambda at, value: f"{label(chart.labels[at])}: {write(value)}", way)
    named = zip(drawn, chart.series, strict=True)
    inner += [tag("g", *marks, tag("title", series(each.id))) for marks, each in named]
    if chart.target is not None and low <= chart.target <= high:
        inner.append(tag("path", d=f"M{_LEFT} {y(chart.target):.1f}H{WIDTH - _RIGHT}", class_="target"))
    if len(chart.series) > 1:
        inner.append(_key(chart, series))
    box = f"0 0 {WIDTH} {HEIGHT}"
    return tag("svg", *inner, viewBox=box, role=_role(chart, way), aria_label=title, class_="chart-svg")


def _role(chart: Chart, way: Way | None) -> str:
    """What is in a picture is not read out; what can be followed must be."""
    return "group" if way and chart.rows else "img"


def _linked(drawn: Html, told: str, address: str) -> Html:
    """A mark that leads to the rows behind it, and says so to a screen reader."""
    return tag("a", tag("title", told), drawn, href=address, aria_label=told) if address else drawn


def _heights(chart: Chart) -> list[float]:
    """All that must find room: the values, those of a stack added up, and the target."""
    known = [[value for value in each.values if value is not None] for each in chart.series]
    if not any(known):
        return []
    if chart.kind is ChartKind.STACKED:
        columns = zip(*(each.values for each in chart.series), strict=True)
        found = [sum(value or 0.0 for value in column) for column in columns]
    else:
        found = [value for values in known for value in values]
    return found if chart.target is None else [*found, chart.target]


def span(chart: Chart) -> tuple[float, float]:
    """Where the axis begins and ends. Bars begin at zero; lines of rates that differ little begin below the least."""
    values = _heights(chart) or [0.0]
    low, high = min(values), max(values)
    if chart.kind is ChartKind.LINES and low > high / 2:
        step = top_of((high - low) / 3 or high / 10)
        return float(np.floor(low / step - 0.2) * step), float(np.ceil(high / step + 0.2) * step)
    return min(0.0, low), max(top_of(high), 0.0)


def _grid(low: float, high: float, y: Callable[[float], float], write: Write) -> list[Html]:
    inner = []
    for share in (0.0, 0.5, 1.0):
        value = low + (high - low) * share
        inner.append(tag("path", d=f"M{_LEFT} {y(value):.1f}H{WIDTH - _RIGHT}", class_="grid"))
        inner.append(tag("text", write(value), x=f"{_LEFT - 8}", y=f"{y(value) + 4:.1f}", class_="axis axis-y"))
    return inner


def _axis(chart: Chart, step: float, label: Name) -> list[Html]:
    """As many labels as there is room for, the last one among them."""
    every, last = max(1, -(-len(chart.labels) // 8)), len(chart.labels) - 1
    return [
        tag("text", label(code), x=f"{_LEFT + step * (at + 0.5):.1f}", y=f"{HEIGHT - 9:.1f}", class_="axis axis-x")
        for at, code in enumerate(chart.labels)
        if (last - at) % every == 0
    ]


def _hue(place: int) -> str:
    return HUES[place % len(HUES)]


def _bars(
    chart: Chart, step: float, y: Callable[[float], float], tell: Callable[[int, float], str], way: Way | None
) -> list[list[Html]]:
    """The bars of each series: beside one another, or one upon the other."""
    is_stacked = chart.kind is ChartKind.STACKED
    wide = step * 0.72 / (1 if is_stacked else len(chart.series))
    floor = [0.0] * len(chart.labels)
    drawn = []
    for place, each in enumerate(chart.series):
        bars = []
        for at, value in enumerate(each.values):
            if value is None:
                continue
            low, high = sorted((y(floor[at]), y(floor[at] + value)))
            x = _LEFT + step * (at + 0.14) + (0.0 if is_stacked else wide * place)
            size = {"x": f"{x:.1f}", "y": f"{low:.1f}", "width": f"{wide:.1f}", "height": f"{high - low:.1f}"}
            bar = tag("rect", fill=_hue(place), **size)
            bars.append(_linked(bar, tell(at, value), way(place, at) if way else ""))
            floor[at] += value if is_stacked else 0.0
        drawn.append(bars)
    return drawn


def _line(series: Series, step: float, y: Callable[[float], float], hue: str) -> list[Html]:
    """One line, broken where nothing is known; the last value stands out."""
    pieces: list[list[str]] = [[]]
    for place, value in enumerate(series.values):
        if value is None:
            pieces.append([])
        else:
            pieces[-1].append(f"{_LEFT + step * (place + 0.5):.1f},{y(value):.1f}")
    ends = [piece[-1] for piece in pieces if piece]
    lines = [tag("polyline", points=" ".join(piece), stroke=hue, class_="line") for piece in pieces if len(piece) > 1]
    single = [piece[0] for piece in pieces if len(piece) == 1]
    dots = dict.fromkeys((*single, *ends[-1:]))  # a week between two unknown ones is a dot
    return [*lines, *(tag("circle", cx=at.split(",")[0], cy=at.split(",")[1], r="5", fill=hue) for at in dots)]


def _key(chart: Chart, series: Name) -> Html:
    made, x = [], _LEFT
    for place, each in enumerate(chart.series):
        name = series(each.id)
        made.append(tag("rect", x=f"{x:.0f}", y="2", width="12", height="9", fill=_hue(place)))
        made.append(tag("text", name, x=f"{x + 17:.0f}", y="11", class_="key-text"))
        x += 30 + 14 * len(name)
    return tag("g", *made)


def _heat(chart: Chart, label: Name, series: Name, write: Write, title: str, way: Way | None) -> Html:
    """A table whose cells are as dark as they are full: a number in each, so that colour is not alone."""
    most = max((value or 0.0 for each in chart.series for value in each.values), default=0.0)
    if not most:
        return Html("")
    labels = [label(code) for code in chart.labels]
    head = tag("tr", tag("th", ""), *(tag("th", name, scope="col") for name in labels))
    body = []
    for row, each in enumerate(chart.series):
        name = series(each.id)
        shades = (
            _shade(value, most, write, f"{name} · {labels[at]}", way(row, at) if way else "")
            for at, value in enumerate(each.values)
        )
        body.append(tag("tr", tag("th", name, scope="row"), *shades))
    return tag("table", tag("caption", title), tag("thead", head), tag("tbody", *body), class_="heat")


def _shade(value: Number, most: float, write: Write, name: str, address: str) -> Html:
    if not value:
        return tag("td", "")
    told, style = write(value), f"--share:{float(np.sqrt(value / most)):.2f}"
    if not address:
        return tag("td", told, style=style)
    text = f"{name}: {told}"
    return tag("td", tag("a", told, href=address, title=text, aria_label=text), style=style)


def _map(chart: Chart, district: District, write: Write, title: str, way: Way | None) -> Html:
    """The district with its fullest cells, each with its rank."""
    if not chart.labels:
        return Html("")
    features = district.outlines()["features"]
    geometries = district.atlas.cell_geometries()
    index = {code: place for place, code in enumerate(district.cell_codes)}
    frame = _frame(district)
    inner = [_area(feature["geometry"], frame, "area") for feature in features[: 1 + len(district.sub_districts)]]
    values = chart.series[0].values
    most = max((value or 0.0 for value in values), default=0.0) or 1.0
    for place, (code, value) in enumerate(zip(chart.labels, values, strict=True)):
        if code in index:
            told = f"{code}: {write(value)}"
            spot = _spot(geometries[index[code]], frame, place + 1, (value or 0.0) / most, told)
            inner.append(_linked(spot, told, way(0, place) if way else ""))
    box = f"0 0 {WIDTH} {WIDTH * 0.8:.0f}"
    role = _role(chart, way)
    return tag("svg", *inner, viewBox=box, role=role, aria_label=title, class_="chart-svg chart-map")


def _frame(district: District) -> Frame:
    south, west, north, east = district.bounds
    (x0, x1), (y0, y1) = district.origin.project([south, north], [west, east])
    scale = min(WIDTH / (x1 - x0), WIDTH * 0.8 / (y1 - y0)) * 0.97
    middle = ((x0 + x1) / 2, (y0 + y1) / 2)
    return Frame(district.origin, middle[0] - WIDTH / scale / 2, middle[1] + WIDTH * 0.4 / scale, scale)


def _area(geometry: dict[str, object], frame: Frame, css: str) -> Html:
    return tag("path", d=_rings(geometry, frame), class_=css)


def _rings(geometry: dict[str, object], frame: Frame) -> str:
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    parts = []
    for polygon in polygons:  # type: ignore[attr-defined]
        for ring in polygon:
            x, y = frame.of(*np.array(ring, float).T[::-1])
            parts.append("M" + "L".join(f"{a:.0f} {b:.0f}" for a, b in zip(x.tolist(), y.tolist(), strict=True)) + "Z")
    return "".join(parts)


def _spot(geometry: dict[str, object], frame: Frame, place: int, share: float, name: str) -> Html:
    outer = geometry["coordinates"][0] if geometry["type"] == "Polygon" else geometry["coordinates"][0][0]  # type: ignore[index]
    x, y = (values.mean() for values in frame.of(*np.array(outer, float).T[::-1]))
    dot = {"cx": f"{x:.0f}", "cy": f"{y:.0f}", "r": f"{9 + 13 * share:.0f}", "class_": "spot"}
    text = tag("text", str(place), x=f"{x:.0f}", y=f"{y + 5:.0f}", class_="spot-rank")
    return tag("g", tag("title", name), tag("circle", **dot), text)
