"""A district folder from a list of seats: what a customer owns as a CSV becomes what `district.load` reads.

    code,name,parent,lat,lon,cells,name_en
    440306,宝安区,,,,,Bao'an District              no parent: the district
    440306017,新安街道,440306,,,,Xin'an            a parent of others: a sub-district
    440306017001,宝民社区,440306017,22.57,113.90,46,Baomin

An optional column `kind` with the word department makes a centre without an area. A plain list of
communities, whose parents have no line of their own, is taken as well: each parent becomes a sub-district.
"""

from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Geometry

from dashboard.district import CentreKind
from dashboard.district.areas import DEFAULT_SEED, AreaError, Areas, Points, Tessellation, hull, tessellate
from dashboard.district.atlas import read_areas, write_areas
from dashboard.district.geo import Converter, Crs, to_wgs84
from dashboard.district.tables import DistrictError, Row, read_bytes, read_table, write_table

_COLUMNS = ("code", "name", "parent", "lat", "lon", "cells")
_NEAR_OUTLINE_DEG = 0.0005  # a seat this little outside is at the water's edge, not in the wrong city
_MAX_CELLS = 20_000  # for one community; more is a slip of the pen


@dataclass(frozen=True)
class Seat:
    """One line of the list: a centre, and for a community where it lies and how many cells it has."""

    row: Row
    code: str
    name: str
    name_en: str
    parent: str
    lat: float = 0.0
    lon: float = 0.0
    cells: int = 0


@dataclass(frozen=True)
class Seats:
    """The whole list, sorted by kind of centre."""

    district: Seat
    sub_districts: list[Seat]
    departments: list[Seat]
    communities: list[Seat]

    def points(self) -> Points:
        """(n, 2) lon, lat of the communities."""
        return np.array([(seat.lon, seat.lat) for seat in self.communities])


def build(
    seats_csv: Path | str,
    out_folder: Path | str,
    outline: Path | str | None = None,
    polygons: Path | str | None = None,
    *,
    code: str = "",
    name: str = "",
    timezone: str = "Asia/Shanghai",
    crs: Crs = Crs.WGS84,
    seed: int = DEFAULT_SEED,
) -> Tessellation:
    """Write centres and areas of a district to a folder; its other files stay as they are.

    `outline` is a GeoJSON file with the district's area; without one it is a hull around the seats. The file
    `polygons` has areas of sub-districts or communities; a property of each is a code of the list or a
    sub-district's name, and a community that has one keeps it. `crs` is the system of all three files. `code`
    and `name` are the district's, where the list has no line for it. Raises DistrictError.
    """
    seats = read_seats(Path(seats_csv), code=code, name=name, crs=crs)
    walls, wall_of = _walls(Path(polygons), seats, crs) if polygons else ([], [])
    whole = _whole(Path(outline) if outline else None, walls, seats, crs)
    _check_inside(seats, whole)
    counts = [seat.cells for seat in seats.communities]
    try:
        areas = tessellate(seats.points(), counts, whole, walls, wall_of, seed)
    except AreaError as error:
        raise seats.communities[error.place].row.error("cells", error.why) from error
    _write(Path(out_folder), seats, areas, timezone)
    return areas


def _whole(outline: Path | None, walls: list[Geometry], seats: Seats, crs: Crs) -> Geometry:
    if outline:
        return shapely.union_all([*_read_polygons(outline, crs), *walls])
    return shapely.union_all(walls) if walls else hull(seats.points())


def read_seats(path: Path, *, code: str = "", name: str = "", crs: Crs = Crs.WGS84) -> Seats:
    """The list of seats, in WGS-84; raises DistrictError."""
    rows = list(read_table(path, _COLUMNS))
    by_code: dict[str, Row] = {}
    for row in rows:
        earlier = by_code.setdefault(row.needed("code"), row)
        if earlier is not row:
            raise row.error("code", f"{row.text('code')!r} is on line {earlier.line} already")
    if not rows:
        raise DistrictError(path, 0, "", "has no rows")
    parents = {row.text("parent") for row in rows} & by_code.keys()
    if not parents:
        return _plain_list(path, rows, code, name, crs)
    return _tree(path, rows, by_code, parents, crs)


def _tree(path: Path, rows: list[Row], by_code: dict[str, Row], parents: set[str], crs: Crs) -> Seats:
    heads = [row for row in rows if not row.text("parent")]
    if not heads:
        raise DistrictError(path, 0, "parent", "no row is the district: one must have no parent")
    head = heads[0]
    for row in heads[1:]:
        raise row.error("parent", f"is empty, but the district is on line {head.line} already")
    layers: dict[CentreKind, list[Seat]] = {kind: [] for kind in CentreKind}
    for row in rows:
        kind = CentreKind.DISTRICT if row is head else _kind(row, head.text("code"), by_code, parents)
        layers[kind].append(_community(row, crs) if kind is CentreKind.COMMUNITY else _centre(row))
    communities = layers[CentreKind.COMMUNITY]
    _check_apart(communities)
    return Seats(_centre(head), layers[CentreKind.SUB_DISTRICT], layers[CentreKind.DEPARTMENT], communities)


def _kind(row: Row, district: str, by_code: dict[str, Row], parents: set[str]) -> CentreKind:
    parent = row.text("parent")
    if parent not in by_code:
        raise row.error("parent", f"{parent!r} is no code of this file")
    if row.text("kind") == CentreKind.DEPARTMENT:
        return CentreKind.DEPARTMENT
    if row.text("code") not in parents:
        if parent == district:
            raise row.error("parent", "is the district; a community's parent must be a sub-district")
        return CentreKind.COMMUNITY
    if parent != district:
        raise row.error("parent", f"a sub-district's parent must be the district {district!r}")
    return CentreKind.SUB_DISTRICT


def _plain_list(path: Path, rows: list[Row], code: str, name: str, crs: Crs) -> Seats:
    top = code or path.name.split(".")[0]
    district = Seat(rows[0], top, name or top, name or top, "")
    communities = [_community(row, crs) for row in rows]
    for seat in communities:
        if seat.code == top:
            raise seat.row.error("code", f"{top!r} is the district's own code")
    parents: dict[str, Row] = {}
    for row in rows:
        parents.setdefault(row.needed("parent"), row)
    sub_districts = [Seat(row, parent, parent, parent, top) for parent, row in parents.items()]
    _check_apart(communities)
    return Seats(district, sub_districts, [], communities)


def _centre(row: Row) -> Seat:
    name = row.needed("name")
    return Seat(row, row.needed("code"), name, row.text("name_en", name), row.text("parent"))


def _community(row: Row, crs: Crs) -> Seat:
    name = row.needed("name")
    lat, lon = to_wgs84(*row.place(), crs)
    cells = row.number("cells")
    if cells != int(cells) or not 1 <= cells <= _MAX_CELLS:
        raise row.error("cells", f"{row.text('cells')!r} is not a whole number from 1 to {_MAX_CELLS}")
    return Seat(row, row.needed("code"), name, row.text("name_en", name), row.text("parent"), lat, lon, int(cells))


def _check_apart(communities: list[Seat]) -> None:
    taken: dict[tuple[float, float], Seat] = {}
    for seat in communities:
        other = taken.setdefault((round(seat.lat, 5), round(seat.lon, 5)), seat)
        if other is not seat:
            raise seat.row.error("lat", f"the same place as {other.code!r} on line {other.row.line}")


def _check_inside(seats: Seats, outline: Geometry) -> None:
    shapely.prepare(outline)
    points = seats.points()
    off = shapely.distance(outline, shapely.points(points)) > _NEAR_OUTLINE_DEG
    for place in np.flatnonzero(off)[:1]:
        seat = seats.communities[place]
        swapped = shapely.intersects_xy(outline, seat.lat, seat.lon)
        why = "; lat and lon look swapped" if swapped else ""
        raise seat.row.error("lat", f"{seat.lat:g}, {seat.lon:g} is outside the outline{why}")


def _read_polygons(path: Path, crs: Crs) -> Areas:
    """The polygons of a file, in WGS-84 and without the knots that drawn polygons often have."""
    file = read_areas(path)
    if not file.codes:
        raise DistrictError(path, 0, "features", "has no areas")
    polygons: Areas = shapely.make_valid(file.polygons)
    if crs in (Crs.WGS84, Crs.CGCS2000):
        return polygons
    west, south, east, north = shapely.total_bounds(polygons)
    converter = Converter(crs, (south, west, north, east))

    def convert(points: Points) -> Points:
        return np.column_stack(converter.to_wgs84(points[:, 1], points[:, 0])[::-1])

    converted: Areas = shapely.transform(polygons, convert)
    return converted


def _walls(path: Path, seats: Seats, crs: Crs) -> tuple[list[Geometry], list[int]]:
    """The polygons that communities stay within, and which one each community has (-1: none)."""
    polygons = _read_polygons(path, crs)
    parts: dict[tuple[int, ...], list[Geometry]] = {}
    for polygon, words in zip(polygons, _labels(path), strict=True):
        parts.setdefault(tuple(_members(words, seats)), []).append(polygon)
    parts.pop((), None)
    if not parts:
        raise DistrictError(path, 0, "code", "no area has the code or name of a sub-district or community")
    walls: list[Geometry] = []
    wall_of = [-1] * len(seats.communities)
    # A community's own polygon goes before its sub-district's, and drawn polygons overlap a little.
    for members in sorted(parts, key=len):
        for place in members:
            wall_of[place] = len(walls) if wall_of[place] < 0 else wall_of[place]
        walls.append(shapely.difference(shapely.union_all(parts[members]), shapely.union_all(walls)))
    for seat, wall in zip(seats.communities, wall_of, strict=True):
        if wall >= 0 and shapely.distance(walls[wall], shapely.Point(seat.lon, seat.lat)) > _NEAR_OUTLINE_DEG:
            raise seat.row.error("lat", f"{seat.lat:g}, {seat.lon:g} is outside its area in {path.name}")
    return walls, wall_of


def _labels(path: Path) -> list[set[str]]:
    features = msgspec.json.decode(read_bytes(path))["features"]
    return [{str(value) for value in (feature.get("properties") or {}).values()} for feature in features]


def _members(words: set[str], seats: Seats) -> list[int]:
    own = [place for place, seat in enumerate(seats.communities) if seat.code in words]
    above = {seat.code for seat in seats.sub_districts if {seat.code, seat.name} & words}
    return own or [place for place, seat in enumerate(seats.communities) if seat.parent in above]


def _write(folder: Path, seats: Seats, areas: Tessellation, timezone: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    district = seats.district
    if not (folder / "district.toml").exists():
        lines = [f'code = "{district.code}"', f'name = "{district.name}"', f'name_en = "{district.name_en}"']
        (folder / "district.toml").write_text("\n".join([*lines, f'timezone = "{timezone}"', ""]), encoding="utf-8")
    header = ("code", "kind", "parent", "name", "name_en", "lat", "lon")
    write_table(folder / "centres.csv", header, _centre_rows(seats, areas))
    codes = [seat.code for seat in seats.communities]
    write_areas(folder / "outline.geojson", np.array([areas.outline], object), [{"code": district.code}])
    write_areas(folder / "communities.geojson.gz", areas.communities, [{"code": code} for code in codes])
    write_areas(folder / "cells.geojson.gz", areas.cells, _cell_labels(codes, areas.cell_community))


def _centre_rows(seats: Seats, areas: Tessellation) -> list[tuple[str, ...]]:
    parent = np.array([seat.parent for seat in seats.communities])
    rows = [_centre_row(seats.district, CentreKind.DISTRICT, areas.outline)]
    for seat in seats.sub_districts:
        area = shapely.coverage_union_all(areas.communities[parent == seat.code])
        rows.append(_centre_row(seat, CentreKind.SUB_DISTRICT, area))
    for seat in seats.departments:
        rows.append(_centre_row(seat, CentreKind.DEPARTMENT, areas.outline))
    for seat in seats.communities:
        rows.append(_centre_row(seat, CentreKind.COMMUNITY, shapely.Point(seat.lon, seat.lat)))
    return rows


def _centre_row(seat: Seat, kind: CentreKind, area: Geometry) -> tuple[str, ...]:
    label = shapely.point_on_surface(area)
    place = (f"{label.y:.5f}", f"{label.x:.5f}")
    return seat.code, kind.value, seat.parent, seat.name, seat.name_en, *place


def _cell_labels(codes: list[str], cell_community: NDArray[np.int16]) -> list[dict[str, str]]:
    number = [0] * len(codes)
    labels = []
    for place in cell_community.tolist():
        number[place] += 1
        labels.append({"code": f"{codes[place]}{number[place]:03d}", "community": codes[place]})
    return labels
