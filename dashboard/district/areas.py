"""Areas around seats: communities and cells that cover a district without gaps or overlaps.

Geometry only; which file the seats come from and where the areas go is in `tessellation`. Communities are the
places nearest to their seat, each split into its number of cells. Equal input and seed give equal areas.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from shapely import Geometry

Points = NDArray[np.float64]  # (n, 2) lon, lat in degrees, or x, y in metres where the name says so
Areas = NDArray[np.object_]  # (n,) shapely polygons

DEFAULT_SEED = 135
_GRID_DEG = 1e-6  # a decimetre: all corners lie on this grid, so that neighbours share theirs exactly
_SAMPLES_PER_CELL = 60
_LLOYD_ROUNDS = 12
_BEND_ROUNDS = 3  # a border between two seats is halved this often ...
_BEND = 0.07  # ... and each middle moved aside by up to this share of the length: grown, not ruled
_BEND_LIMIT = 0.12  # nor by more than this share of the usual distance between seats
_METRES_PER_DEGREE = 111_195.0


class AreaError(ValueError):
    """The seat at a place of the list cannot have an area, and why."""

    def __init__(self, place: int, why: str) -> None:
        """`place` is the seat's place in the list that was given."""
        self.place, self.why = place, why
        super().__init__(f"seat {place}: {why}")


@dataclass(frozen=True)
class Tessellation:
    """The areas of a district; every cell belongs to one community and together they are the outline."""

    outline: Geometry
    communities: Areas  # (n,) in the order of the seats
    cells: Areas  # (m,) in the order of their communities
    cell_community: NDArray[np.int16]  # (m,) place among the communities


def tessellate(
    seats: Points,
    cells: Sequence[int],
    outline: Geometry,
    walls: Sequence[Geometry] = (),
    wall_of: Sequence[int] = (),
    seed: int = DEFAULT_SEED,
) -> Tessellation:
    """Communities and cells around seats (lon, lat); `cells` says how many cells each community gets.

    `walls` are polygons that do not overlap and that communities stay within; `wall_of` says which one each
    seat belongs to (-1: the rest of the outline). A wall with one seat is its community. Raises AreaError.
    """
    plane = _Plane(seats)
    rest = shapely.difference(outline, shapely.union_all(list(walls))) if walls else outline
    communities = _communities(plane.flatten(seats), plane.flatten_areas([*walls, rest]), wall_of, seed)
    parts = [
        _cells(area, count, np.random.default_rng([seed, 1 + place]), place)
        for place, (area, count) in enumerate(zip(communities, cells, strict=True))
    ]
    owner = np.repeat(np.arange(len(parts), dtype=np.int16), cells)
    exact = _coverage(plane.restore_areas(np.concatenate(parts)))
    for lost in np.flatnonzero(shapely.is_empty(exact)):
        raise AreaError(int(owner[lost]), "has no room for so many cells")
    joined = [shapely.coverage_union_all(exact[owner == place]) for place in range(len(parts))]
    return Tessellation(shapely.coverage_union_all(joined), np.array(joined, object), exact, owner)


def _communities(seats: Points, rooms: Areas, wall_of: Sequence[int], seed: int) -> Areas:
    """The territory of each seat within its room; the last room is the one without walls."""
    room_of = np.array(wall_of if len(wall_of) else [-1] * len(seats)) % len(rooms)
    communities = np.empty(len(seats), object)
    for room in np.unique(room_of):
        members = np.flatnonzero(room_of == room)
        rng = np.random.default_rng([seed, int(room)])
        communities[members] = _territories(seats[members], rooms[room], rng)
    for lost in np.flatnonzero(shapely.is_empty(communities)):
        raise AreaError(int(lost), "gets no area: other seats are nearer to every place around it")
    return communities


def hull(seats: Points) -> Geometry:
    """An outline for seats (lon, lat) that came without one: a hull around them with room at the edge."""
    plane = _Plane(seats)
    flat = plane.flatten(seats)
    spacing = float(np.median(_nearest_m(flat))) if len(flat) > 1 else 500.0
    around = shapely.concave_hull(shapely.multipoints(flat), ratio=0.5)
    return plane.restore_areas([shapely.buffer(around, max(spacing, 100.0))])[0]


def _nearest_m(flat: Points) -> NDArray[np.float64]:
    apart: NDArray[np.float64] = cKDTree(flat).query(flat, k=2)[0][:, 1]
    return apart


class _Plane:
    """Metres east and north of the middle of the seats; straight enough within one district."""

    def __init__(self, seats: Points) -> None:
        self._middle = (seats.min(axis=0) + seats.max(axis=0)) / 2
        north = _METRES_PER_DEGREE
        self._scale = np.array([north * np.cos(np.radians(self._middle[1])), north])

    def flatten(self, points: Points) -> Points:
        flat: Points = (points - self._middle) * self._scale
        return flat

    def flatten_areas(self, areas: Iterable[Geometry]) -> Areas:
        flat: Areas = shapely.transform(np.array(list(areas), object), self.flatten)
        return flat

    def restore_areas(self, areas: Iterable[Geometry]) -> Areas:
        restored: Areas = shapely.transform(np.array(list(areas), object), self._restore)
        return restored

    def _restore(self, flat: Points) -> Points:
        points: Points = flat / self._scale + self._middle
        return points


def _territories(seats: Points, room: Geometry, rng: np.random.Generator) -> Areas:
    """The part of a room that is nearest to each seat, in one piece each, with borders that look grown."""
    if len(seats) == 1:
        return np.array([room], object)
    return _in_one_piece(_within(_bend_borders(_nearest_parts(seats, room), seats, rng), room))


def _nearest_parts(seats: Points, room: Geometry) -> Areas:
    """Where each seat is the nearest one, beyond the room as well; borders are straight."""
    diagram = shapely.voronoi_polygons(shapely.multipoints(seats), extend_to=room, ordered=True)
    parts: Areas = shapely.get_parts(diagram)
    return parts


def _within(areas: Areas, room: Geometry) -> Areas:
    shapely.prepare(room)
    inside: Areas = shapely.intersection(areas, room)
    return inside


def _in_one_piece(areas: Areas) -> Areas:
    """Loose pieces go to the neighbour with the longest common border; islands stay where they are."""
    pieces, owner = shapely.get_parts(areas, return_index=True)
    surface = shapely.area(pieces)
    largest_last = np.lexsort((surface, owner))
    main = {int(owner[piece]): int(piece) for piece in largest_last if surface[piece] > 0}
    largest = np.array(list(main.values()))
    moved = np.where(surface > 0, owner, -1)
    for loose in np.setdiff1d(np.flatnonzero(surface > 0), largest):
        border = shapely.length(shapely.intersection(shapely.boundary(pieces[loose]), pieces[largest]))
        if border.max() > 0:
            moved[loose] = owner[largest[border.argmax()]]
    joined = [_polygonal(shapely.union_all(pieces[moved == place])) for place in range(len(areas))]
    return np.array(joined, object)


def _polygonal(area: Geometry) -> Geometry:
    parts = shapely.get_parts(area)
    polygons = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    return polygons[0] if len(polygons) == 1 else shapely.multipolygons(polygons)


def _bend_borders(areas: Areas, seats: Points, rng: np.random.Generator) -> Areas:
    """The same areas with every border bent a little; corners stay where they are."""
    limit_m = _BEND_LIMIT * float(np.median(_nearest_m(seats)))
    borders = shapely.get_parts(shapely.line_merge(shapely.union_all(shapely.boundary(areas))))
    bent = [shapely.linestrings(_bend(shapely.get_coordinates(line), limit_m, rng)) for line in borders]
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(shapely.union_all(bent))))
    return _claimed(faces, areas)


def _bend(points: Points, limit_m: float, rng: np.random.Generator) -> Points:
    """Midpoint displacement of a line's pieces."""
    for _ in range(_BEND_ROUNDS):
        ahead = np.diff(points, axis=0)
        aside = np.column_stack([-ahead[:, 1], ahead[:, 0]])
        length = np.linalg.norm(aside, axis=1, keepdims=True)
        share = np.minimum(_BEND, limit_m / np.maximum(length, 1e-9))
        middles = points[:-1] + ahead / 2 + aside * share * rng.uniform(-1, 1, share.shape)
        points = np.insert(points, np.arange(1, len(points)), middles, axis=0)
    return points


def _claimed(faces: Areas, areas: Areas) -> Areas:
    """The faces joined to one area for each of the areas given, by where a point inside each face lies."""
    inside = shapely.point_on_surface(faces)
    owner = shapely.STRtree(areas).nearest(inside)
    joined = [shapely.union_all(faces[owner == place]) for place in range(len(areas))]
    return np.array(joined, object)


def _cells(area: Geometry, count: int, rng: np.random.Generator, place: int) -> Areas:
    """An area split into `count` cells of similar size, each in one piece."""
    if count == 1:
        return np.array([area], object)
    seeds = _spread(area, count, rng)
    if len(np.unique(seeds, axis=0)) < count:
        raise AreaError(place, "has no room for so many cells")
    return _in_one_piece(_within(_nearest_parts(seeds, area), area))


def _spread(area: Geometry, count: int, rng: np.random.Generator) -> Points:
    """`count` points that share an area evenly: Lloyd's rounds over a cloud of samples."""
    samples = sample_within(area, count * _SAMPLES_PER_CELL, rng)
    seeds = samples[rng.choice(len(samples), count, replace=False)]
    for _ in range(_LLOYD_ROUNDS):
        owner = cKDTree(seeds).query(samples)[1]
        size = np.bincount(owner, minlength=count)
        sums = np.column_stack([np.bincount(owner, samples[:, axis], count) for axis in (0, 1)])
        seeds = np.where(
            size[:, None] > 0, sums / np.maximum(size, 1)[:, None], samples[rng.choice(len(samples), count)]
        )
    return seeds


def sample_within(area: Geometry, count: int, rng: np.random.Generator) -> Points:
    """`count` points spread evenly at random within an area."""
    shapely.prepare(area)
    west, south, east, north = shapely.bounds(area)
    found = np.empty((0, 2))
    while len(found) < count:
        tries = rng.uniform((west, south), (east, north), (2 * count + 16, 2))
        found = np.vstack([found, tries[shapely.contains_xy(area, tries)]])
    return found[:count]


def _coverage(cells: Areas) -> Areas:
    """The same cells with corners on one grid and every common border the same line on both sides.

    Cells of two communities are cut apart, so a corner of one may lie in the middle of the other's side:
    rounding would leave gaps there, and a point in a gap would be nowhere.
    """
    lines = shapely.union_all(shapely.boundary(cells), grid_size=_GRID_DEG)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    inside = shapely.point_on_surface(faces)
    apart = shapely.STRtree(cells).query_nearest(inside, return_distance=True, all_matches=False)
    (_, owner), distance = apart
    kept = distance <= _GRID_DEG  # a farther face is a hole that no cell covers
    faces, owner = faces[kept], owner[kept]
    return np.array([shapely.coverage_union_all(faces[owner == place]) for place in range(len(cells))], object)
