"""The areas of a district as its GeoJSON files give them: what a map draws, and which cell a point is in.

Polygons are parsed when somebody first asks for them: a process that never locates a point never pays for it.
"""

import json
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import shapely
from msgspec import Struct
from numpy.typing import ArrayLike, NDArray

from dashboard.district.geo import Bounds
from dashboard.district.locator import Locator
from dashboard.district.tables import DistrictError, read_bytes, write_bytes

Areas = NDArray[np.object_]  # (n,) shapely polygons, lon/lat degrees

_DECIMALS = 5  # about a metre, finer than any wall can show
_SIMPLER_DEG = 0.00015  # about 15 m, for outlines seen at district scale


class _Label(Struct):
    code: str | int = ""
    community: str | int = ""


class _Feature(Struct):
    properties: _Label


class _Collection(Struct):
    features: list[_Feature]


class AreaFile:
    """One GeoJSON file of areas; its labels are read at once, its polygons when first used."""

    def __init__(self, path: Path, data: bytes) -> None:
        """`data` is the unpacked content of the file at `path`."""
        self._path, self._data = path, data
        try:
            labels = [feature.properties for feature in msgspec.json.decode(data, type=_Collection).features]
        except msgspec.MsgspecError as error:
            raise DistrictError(path, 0, "features", f"is not a GeoJSON feature collection ({error})") from error
        self.codes = [str(label.code) for label in labels]
        self.communities = [str(label.community) for label in labels]

    @cached_property
    def polygons(self) -> Areas:
        """The polygons in the order of the file; raises DistrictError for any other geometry."""
        try:
            areas: Areas = shapely.get_parts(shapely.from_geojson(self._data))
        except shapely.errors.GEOSException as error:
            raise DistrictError(self._path, 0, "geometry", f"cannot be read ({error})") from error
        kinds = shapely.get_type_id(areas)
        for place in np.flatnonzero(~np.isin(kinds, (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON))):
            raise DistrictError(self._path, 0, "geometry", f"feature {place + 1} is not a polygon")
        return areas


def read_areas(path: Path) -> AreaFile:
    """The areas of a GeoJSON file, plain or gzipped."""
    return AreaFile(path, read_bytes(path))


def write_areas(path: Path, areas: Areas, properties: list[dict[str, Any]], decimals: int = 6) -> None:
    """Write areas as GeoJSON, one feature a line."""
    features = [
        json.dumps(
            {"type": "Feature", "properties": labels, "geometry": geometry},
            ensure_ascii=False,
            separators=(",", ":"),
        )
        for labels, geometry in zip(properties, _geometries(areas, decimals), strict=True)
    ]
    body = ",\n".join(features)
    write_bytes(path, f'{{"type":"FeatureCollection","features":[\n{body}\n]}}\n'.encode())


class Atlas:
    """Where things are: cells and communities with their polygons."""

    def __init__(
        self, outline: AreaFile, communities: AreaFile, cells: AreaFile, cell_community: NDArray[np.int16]
    ) -> None:
        """`communities` are in the district's order; `cell_community` gives each cell's place among them."""
        self._outline, self._communities, self._cells = outline, communities, cells
        self._cell_community = cell_community

    @cached_property
    def bounds(self) -> Bounds:
        """South, west, north and east of the district in degrees."""
        west, south, east, north = shapely.total_bounds(self._outline.polygons)
        return float(south), float(west), float(north), float(east)

    def locate(self, lat: ArrayLike, lon: ArrayLike) -> NDArray[np.int32]:
        """The cell (n,) that each point is in, -1 outside all; on a common border the first of its cells."""
        return self._locator.locate(lat, lon)

    @property
    def community_polygons(self) -> Areas:
        """One polygon for each community."""
        return self._communities.polygons

    @property
    def cell_polygons(self) -> Areas:
        """One polygon for each cell."""
        return self._cells.polygons

    def outline_features(self, groups: NDArray[np.int16]) -> tuple[list[Any], list[Any], list[Any]]:
        """Simplified GeoJSON geometries: the district, its groups of communities, its communities.

        `groups` gives each community's group; neighbours keep common borders.
        """
        communities = self._simple_communities()
        unions = np.array(
            [shapely.union_all(communities[groups == group]) for group in range(int(groups.max(initial=-1)) + 1)],
            object,
        )
        whole = np.array([shapely.union_all(unions)], object)
        return (
            _geometries(whole, _DECIMALS),
            _geometries(unions, _DECIMALS),
            _geometries(communities, _DECIMALS),
        )

    def cell_geometries(self) -> list[Any]:
        """GeoJSON geometries of the cells."""
        return _geometries(self._cells.polygons, _DECIMALS)

    def _simple_communities(self) -> Areas:
        areas = self._communities.polygons
        # Neighbours keep common borders, unless a customer's polygons overlap.
        simplify = shapely.coverage_simplify if shapely.coverage_is_valid(areas) else shapely.simplify
        simpler: Areas = simplify(areas, _SIMPLER_DEG)
        return simpler

    @cached_property
    def _locator(self) -> Locator:
        return Locator(self._cells.polygons)


def _geometries(areas: Areas, decimals: int) -> list[Any]:
    return [_rounded(shapely.geometry.mapping(area), decimals) for area in areas]


def _rounded(geometry: dict[str, Any], decimals: int) -> dict[str, Any]:
    def shorten(part: Any) -> Any:
        return round(part, decimals) if isinstance(part, float) else [shorten(inner) for inner in part]

    return {"type": geometry["type"], "coordinates": shorten(geometry["coordinates"])}
