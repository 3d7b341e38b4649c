"""A small map as SVG: outlines, an incident, the ways of units, their stays. It needs no script and prints.

Ways are told apart by number and dash as well as by hue (Okabe-Ito); a gap in a way is a gap in the line.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dashboard.district import District
from dashboard.district.geo import Origin
from dashboard.tracks import Track
from layouts.markup import Html, tag

WIDTH, HEIGHT = 960, 620
LEAST_M = 800.0  # the map shows at least so much ground
HUES = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#5F7794")
DASHES = ("", "9 4", "2 4", "12 3 2 3", "6 2", "4 4", "1 3")
_MARGIN = 0.12
_SCALES_M = (50, 100, 200, 500, 1000, 2000, 5000, 10_000)


@dataclass(frozen=True)
class Frame:
    """Which ground is shown: Web-Mercator metres from the origin to pixels."""

    origin: Origin
    x_m: float  # of the left edge
    y_m: float  # of the upper edge
    scale: float  # pixels a Mercator metre

    def of(self, lat: Any, lon: Any) -> tuple[Any, Any]:
        """Pixels of points."""
        x, y = self.origin.project(lat, lon)
        return (x - self.x_m) * self.scale, (self.y_m - y) * self.scale

    def metres(self, metres: float) -> float:
        """Pixels of so many metres on the ground."""
        return metres * self.origin.stretch * self.scale


def draw(
    district: District,
    tracks: Sequence[Track],
    at: tuple[float, float] | None = None,
    ring_m: float = 0.0,
    marks: Sequence[tuple[float, float, str]] = (),
    label: str = "",
) -> Html:
    """The map. `at`: where an incident was, with a ring of `ring_m` metres; `marks`: other places with a name each."""
    frame = frame_of(district, tracks, at)
    outlines = (_outline(feature["geometry"], frame, depth) for depth, feature in _grounds(district))
    inner = [tag("g", *outlines, class_="ground")]
    inner += [_mark(lat, lon, name, frame) for lat, lon, name in marks]
    inner += [_way(place, track, frame) for place, track in enumerate(tracks)]
    if at is not None:
        inner.append(_incident(at, ring_m, frame))
    inner.append(_scale(frame))
    box = f"0 0 {WIDTH} {HEIGHT}"
    return tag("svg", *inner, viewBox=box, role="img", aria_label=label, class_="tracks-map")


def hue(place: int) -> str:
    """The colour of the track of that number."""
    return HUES[place % len(HUES)]


def frame_of(district: District, tracks: Sequence[Track], at: tuple[float, float] | None) -> Frame:
    """The ground that holds all of it with a margin; the district where there is nothing."""
    lats = [*(track.lat for track in tracks), np.array([at[0]] if at else [])]
    lons = [*(track.lon for track in tracks), np.array([at[1]] if at else [])]
    south, west, north, east = district.bounds
    lat, lon = np.concatenate(lats), np.concatenate(lons)
    if not len(lat):
        lat, lon = np.array([south, north]), np.array([west, east])
    x, y = district.origin.project(lat, lon)
    least = LEAST_M * district.origin.stretch
    wide = max(float(np.ptp(x)), least) * (1 + 2 * _MARGIN)
    high = max(float(np.ptp(y)), least * HEIGHT / WIDTH) * (1 + 2 * _MARGIN)
    scale = min(WIDTH / wide, HEIGHT / high)
    middle = (float(x.max() + x.min()) / 2, float(y.max() + y.min()) / 2)
    return Frame(district.origin, middle[0] - WIDTH / scale / 2, middle[1] + HEIGHT / scale / 2, scale)


def _grounds(district: District) -> Iterator[tuple[int, dict[str, Any]]]:
    """The outlines with their depth in the tree: communities first, so that sub-districts lie over them."""
    features = district.outlines()["features"]
    counts = (1, len(district.sub_districts))
    for place, feature in reversed(list(enumerate(features))):
        depth = 0 if place < counts[0] else 1 if place < sum(counts) else 2
        yield depth, feature


def _outline(geometry: dict[str, Any], frame: Frame, depth: int) -> Html:
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    rings = [frame.of(*np.array(ring, float).T[::-1]) for polygon in polygons for ring in polygon]
    seen = [_path(x, y) for x, y in rings if x.max() > 0 and x.min() < WIDTH and y.max() > 0 and y.min() < HEIGHT]
    return tag("path", d=" ".join(f"{path}Z" for path in seen), class_=f"area-{depth}") if seen else Html("")


def _path(x: Any, y: Any) -> str:
    return "M" + "L".join(f"{px:.1f} {py:.1f}" for px, py in zip(x.tolist(), y.tolist(), strict=True))


def _way(place: int, track: Track, frame: Frame) -> Html:
    line = {"fill": "none", "stroke": hue(place), "stroke_width": "3", "stroke_linejoin": "round"}
    dash = DASHES[place % len(DASHES)]
    parts = [
        tag("path", d=_path(*frame.of(track.lat[piece], track.lon[piece])), stroke_dasharray=dash or None, **line)
        for piece in track.pieces()
    ]
    for stay in track.stays():
        x, y = frame.of(stay.lat, stay.lon)
        radius = min(14.0, 4 + stay.seconds / 120)
        parts.append(
            tag("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r=f"{radius:.1f}", fill=hue(place), fill_opacity="0.35")
        )
    x, y = frame.of(track.lat[-1], track.lon[-1])
    at = {"x": f"{x + 7:.1f}", "y": f"{y - 7:.1f}"}
    parts.append(tag("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r="5", fill=hue(place), stroke="#FFFFFF"))
    parts.append(tag("text", f"{place + 1} {track.call_sign}", class_="way-name", fill=hue(place), **at))
    return tag("g", *parts, class_="way")


def _incident(at: tuple[float, float], ring_m: float, frame: Frame) -> Html:
    x, y = frame.of(*at)
    place = {"cx": f"{x:.1f}", "cy": f"{y:.1f}"}
    ring = tag("circle", r=f"{frame.metres(ring_m):.1f}", class_="geofence", **place) if ring_m else Html("")
    cross = f"M{x - 9:.1f} {y:.1f}H{x + 9:.1f}M{x:.1f} {y - 9:.1f}V{y + 9:.1f}"
    return tag(
        "g", ring, tag("circle", r="9", class_="incident-dot", **place), tag("path", d=cross, class_="incident-cross")
    )


def _mark(lat: float, lon: float, name: str, frame: Frame) -> Html:
    x, y = frame.of(lat, lon)
    box = tag("rect", x=f"{x - 4:.1f}", y=f"{y - 4:.1f}", width="8", height="8", class_="place-mark")
    return tag("g", box, tag("text", name, x=f"{x + 7:.1f}", y=f"{y + 4:.1f}", class_="place-name"))


def _scale(frame: Frame) -> Html:
    """A bar of a round length, about a fifth of the width at most."""
    metres = max((each for each in _SCALES_M if frame.metres(each) <= WIDTH / 5), default=_SCALES_M[0])
    long = frame.metres(metres)
    text = f"{metres} m" if metres < 1000 else f"{metres // 1000} km"
    left, low = 16.0, HEIGHT - 16.0
    line = tag("path", d=f"M{left} {low - 6}V{low}H{left + long:.1f}V{low - 6}", class_="scale-bar")
    return tag("g", line, tag("text", text, x=f"{left + long + 8:.1f}", y=f"{low:.1f}", class_="scale-text"))
