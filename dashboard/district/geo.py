"""Geometry of the ground: metres around an origin, distances, and other systems of coordinates to WGS-84.

Everything inside is WGS-84 degrees. Sources in GCJ-02 or BD-09 are converted once, where they are decoded, by
the library prcoords; this module only makes that fast enough for columns of positions.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

import numpy as np
import prcoords
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Bounds = tuple[float, float, float, float]  # south, west, north, east, degrees

MERCATOR_RADIUS_M = 6_378_137.0  # EPSG:3857
EARTH_RADIUS_M = 6_371_008.8  # mean radius, IUGG


class Crs(StrEnum):
    """The systems of coordinates that a source may declare."""

    WGS84 = "wgs84"
    CGCS2000 = "cgcs2000"  # the same as WGS-84 to within decimetres
    GCJ02 = "gcj02"
    BD09 = "bd09"


@dataclass(frozen=True)
class Origin:
    """The point from which a district's Web-Mercator metres are counted, so that they fit 32-bit floats."""

    lat: float
    lon: float

    def project(self, lat: ArrayLike, lon: ArrayLike) -> tuple[Floats, Floats]:
        """Web-Mercator metres east and north of the origin; `stretch` of them are a metre on the ground."""
        x = MERCATOR_RADIUS_M * np.radians(np.asarray(lon, float) - self.lon)
        return x, _mercator_y(lat) - self._y

    def unproject(self, x: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
        """Degrees (lat, lon) of Web-Mercator metres east and north of the origin."""
        northing = (np.asarray(y, float) + self._y) / MERCATOR_RADIUS_M
        lat = np.degrees(2 * np.arctan(np.exp(northing)) - np.pi / 2)
        return lat, self.lon + np.degrees(np.asarray(x, float) / MERCATOR_RADIUS_M)

    @property
    def stretch(self) -> float:
        """How many Web-Mercator metres one metre on the ground is, at the origin."""
        return float(1 / np.cos(np.radians(self.lat)))

    @cached_property
    def _y(self) -> float:
        return float(_mercator_y(self.lat))


def _mercator_y(lat: ArrayLike) -> Floats:
    turn: Floats = np.log(np.tan(np.pi / 4 + np.radians(np.asarray(lat, float)) / 2))
    return MERCATOR_RADIUS_M * turn


def distance_m(lat: ArrayLike, lon: ArrayLike, to_lat: ArrayLike, to_lon: ArrayLike) -> Floats:
    """Great-circle distance in metres, element by element (haversine); shapes broadcast."""
    phi, to_phi = np.radians(np.asarray(lat, float)), np.radians(np.asarray(to_lat, float))
    turn = np.radians(np.asarray(to_lon, float) - np.asarray(lon, float))
    half = np.sin((to_phi - phi) / 2) ** 2 + np.cos(phi) * np.cos(to_phi) * np.sin(turn / 2) ** 2
    arc: Floats = np.arcsin(np.sqrt(np.clip(half, 0, 1)))
    return 2 * EARTH_RADIUS_M * arc


def to_wgs84(lat: float, lon: float, crs: Crs) -> tuple[float, float]:
    """One point in WGS-84, exact to about a centimetre; outside China both shifted systems are WGS-84."""
    # The library would warn and then shift some of the way, so its own area is asked first.
    if crs in (Crs.WGS84, Crs.CGCS2000) or not prcoords.sanity_in_china_p(prcoords.Coords(lat, lon)):
        return lat, lon
    inverse = prcoords.gcj_wgs_bored if crs == Crs.GCJ02 else prcoords.bd_wgs_bored
    found = inverse((lat, lon))
    return found.lat, found.lon


class Converter:
    """Columns of points of one system in WGS-84, fast within an area.

    The library converts one point at a time (about 50 us). Its shift is a smooth field, so it is asked once
    for a lattice over the area and read from a cubic spline; the lattice is fine enough for BD-09, whose
    shift has a wave of 0.12 degree and 38 m. Points outside the area go to the library one by one.
    """

    STEP_DEG = 0.01
    MARGIN_DEG = 0.05

    def __init__(self, crs: Crs, bounds: Bounds) -> None:
        """Nothing is computed before the first point that needs it."""
        south, west, north, east = bounds
        self.crs = crs
        self._lats = np.arange(south - self.MARGIN_DEG, north + self.MARGIN_DEG + self.STEP_DEG, self.STEP_DEG)
        self._lons = np.arange(west - self.MARGIN_DEG, east + self.MARGIN_DEG + self.STEP_DEG, self.STEP_DEG)

    def to_wgs84(self, lat: ArrayLike, lon: ArrayLike) -> tuple[Floats, Floats]:
        """The points (n,) in WGS-84 degrees; values that are not finite stay as they are."""
        lats, lons = np.array(lat, float, ndmin=1), np.array(lon, float, ndmin=1)
        if self.crs in (Crs.WGS84, Crs.CGCS2000):
            return lats, lons
        inside = self._covers(lats, lons)
        if inside.any():
            by_lat, by_lon = self._shift
            here = lats[inside], lons[inside]
            lats[inside] += by_lat.ev(*here)
            lons[inside] += by_lon.ev(*here)
        for place in np.flatnonzero(~inside):
            lats[place], lons[place] = to_wgs84(float(lats[place]), float(lons[place]), self.crs)
        return lats, lons

    def _covers(self, lats: Floats, lons: Floats) -> NDArray[np.bool_]:
        within_lat = (lats >= self._lats[0]) & (lats <= self._lats[-1])
        within: NDArray[np.bool_] = within_lat & (lons >= self._lons[0]) & (lons <= self._lons[-1])
        return within

    @cached_property
    def _shift(self) -> tuple[Any, Any]:
        # Imported here: it costs 0.1 s, and most processes never meet a shifted source.
        from scipy.interpolate import RectBivariateSpline

        shift = np.array(
            [
                [np.subtract(to_wgs84(lat, lon, self.crs), (lat, lon)) for lon in self._lons.tolist()]
                for lat in self._lats.tolist()
            ]
        )
        lattice = self._lats, self._lons
        return RectBivariateSpline(*lattice, shift[:, :, 0]), RectBivariateSpline(*lattice, shift[:, :, 1])
