"""Which area a point is in, exactly, for columns of points.

Most points are far from any border. A raster knows the area of every pixel that no border touches; only points
in the other pixels ask the polygons themselves, which costs some twenty times more.
"""

from functools import cached_property

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from scipy import ndimage

_PIXEL_DEG = 0.00011  # about 12 m: most of a cell is free of borders, and a district fits into some megabytes
_MOST_PIXELS = 8_000_000
_WORTH_A_RASTER = 500  # points in one call; whoever only asks for few never draws it
_OUTSIDE, _UNSURE = -1, -2


class Locator:
    """Finds the area of each point; areas may be any polygons."""

    def __init__(self, areas: NDArray[np.object_]) -> None:
        """The raster is drawn with the first long column: about half a second for a district."""
        shapely.prepare(areas)
        self._areas = areas
        self._tree = shapely.STRtree(areas)
        west, south, east, north = shapely.total_bounds(areas) if len(areas) else (0.0, 0.0, 0.0, 0.0)
        self._pixel = max(_PIXEL_DEG, float(np.sqrt((east - west) * (north - south) / _MOST_PIXELS)))
        self._corner = np.array([west - self._pixel, south - self._pixel])
        across, up = np.floor((np.array([east, north]) - self._corner) / self._pixel).astype(int) + 2
        self._shape = int(across), int(up)

    def locate(self, lat: ArrayLike, lon: ArrayLike) -> NDArray[np.int32]:
        """The place (n,) of each point's area, -1 outside all; on a common border the first of its areas."""
        points = np.column_stack([np.array(lon, float, ndmin=1), np.array(lat, float, ndmin=1)])
        if len(points) < _WORTH_A_RASTER:
            return self._ask(points)
        found = np.full(len(points), _OUTSIDE, np.int32)
        with np.errstate(invalid="ignore"):
            pixel = (points - self._corner) / self._pixel
        on_raster = np.flatnonzero(((pixel >= 0) & (pixel < self._shape)).all(axis=1))
        across, up = pixel[on_raster].astype(np.int64).T
        found[on_raster] = self._raster[across, up]
        unsure = np.flatnonzero(found == _UNSURE)
        found[unsure] = self._ask(points[unsure])
        return found

    def _ask(self, points: NDArray[np.float64]) -> NDArray[np.int32]:
        which, area = self._tree.query(shapely.points(points), predicate="intersects")
        found = np.full(len(points), _OUTSIDE, np.int32)
        first_last = np.argsort(-area, kind="stable")
        found[which[first_last]] = area[first_last]
        return found

    @cached_property
    def _raster(self) -> NDArray[np.int32]:
        """The area of each pixel, unsure where a border may touch it.

        Pixels without borders form patches that lie in one area each, so one point speaks for its patch.
        """
        patches, count = ndimage.label(~self._touched())
        labels, first = np.unique(patches, return_index=True)
        middles = self._corner + (np.column_stack(np.unravel_index(first, self._shape)) + 0.5) * self._pixel
        area_of = np.full(count + 1, _UNSURE, np.int32)
        area_of[labels[labels > 0]] = self._ask(middles[labels > 0])
        raster: NDArray[np.int32] = area_of[patches]
        return raster

    def _touched(self) -> NDArray[np.bool_]:
        """Pixels within one pixel of a border: borders are sampled at half a pixel, so none slips through."""
        lines = shapely.segmentize(shapely.boundary(self._areas), self._pixel / 2)
        across, up = ((shapely.get_coordinates(lines) - self._corner) / self._pixel).astype(int).T
        touched = np.zeros(self._shape, bool)
        touched[across, up] = True
        for axis in (0, 1):
            wide = touched.copy()
            np.moveaxis(wide, axis, 0)[1:] |= np.moveaxis(touched, axis, 0)[:-1]
            np.moveaxis(wide, axis, 0)[:-1] |= np.moveaxis(touched, axis, 0)[1:]
            touched = wide
        return touched
