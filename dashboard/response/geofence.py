"""Arrivals seen by the geofence: when a unit crossed the circle around an incident, told from its fixes.

Distances here are metres on the ground around the incident. Which incidents and tiers are watched is decided
in response.py; here is the evidence of one incident and the arithmetic.
"""

import math
from collections.abc import Iterator

import numpy as np
from msgspec import Struct

from dashboard.forces import Forces, Moved
from dashboard.forces.plausible import NEVER, Mask, offsets_m
from dashboard.wire import FixBatch, Floats

LONGEST_SEGMENT_S = 120.0  # across a longer silence nobody can say where a unit was in between


class Point(Struct, frozen=True, array_like=True):
    """Where a unit was, in metres east and north of the incident."""

    at: float
    east_m: float
    north_m: float

    def is_inside(self, radius_m: float) -> bool:
        """On the circle counts as inside."""
        return math.hypot(self.east_m, self.north_m) <= radius_m


class Crossing(Struct, frozen=True, array_like=True):
    """A unit's way in: its first fix inside, and the last one outside before that if there was any."""

    inside: Point
    outside: Point | None = None


class Sight(Struct, frozen=True, array_like=True):
    """One fix that bears on an incident: inside it, or maybe the last one before a known crossing."""

    unit: int
    point: Point
    prior: Point | None  # the unit's fix before, where it is known


def arrival(crossing: Crossing, zero_at: float, radius_m: float) -> tuple[float, float]:
    """When the unit arrived, and by how many seconds that can be wrong.

    Between the last fix outside and the first inside the unit is taken to have moved straight and evenly, and
    the arrival is where that line crosses the circle. It did cross between the two, so the error is the way
    to the further of them. Without a usable fix outside, the first fix inside is the arrival, and the error
    is how long the unit may have been there unseen. Who was there before clock zero arrived at clock zero.
    """
    inside, outside = crossing.inside, crossing.outside
    if inside.at <= zero_at:
        return zero_at, 0.0
    since = zero_at if outside is None else max(zero_at, outside.at)
    if outside is None or inside.at - outside.at > LONGEST_SEGMENT_S:
        return inside.at, inside.at - since
    crossed_at = outside.at + _share_outside(outside, inside, radius_m) * (inside.at - outside.at)
    at = max(crossed_at, zero_at)
    return at, max(at - since, inside.at - at)


def better(known: Crossing | None, sight: Sight, radius_m: float, zero_at: float) -> Crossing | None:
    """What is known of a unit's way in after one more fix, in whatever order fixes come.

    A fix before clock zero proves no arrival, but it can move a known one: the unit was there already, or not
    yet.
    """
    point = sight.point
    if not point.is_inside(radius_m):
        return known and _with_outside(known, point, radius_m)
    if known is None:
        return None if point.at < zero_at else _first(sight, radius_m)
    if point.at >= known.inside.at:
        return known
    return _with_outside(Crossing(point, _before(known.outside, point.at)), sight.prior, radius_m)


def _first(sight: Sight, radius_m: float) -> Crossing:
    """The way in of a unit that is inside now: it may have been so one fix ago, unseen by this incident."""
    prior = sight.prior
    if prior is None or not prior.is_inside(radius_m):
        return Crossing(sight.point, prior)
    if sight.point.at - prior.at > LONGEST_SEGMENT_S:
        return Crossing(sight.point)
    return Crossing(prior)


def _with_outside(known: Crossing, point: Point | None, radius_m: float) -> Crossing:
    """The crossing with a later last fix outside, if this is one."""
    if point is None or point.is_inside(radius_m) or point.at >= known.inside.at:
        return known
    if known.outside is not None and known.outside.at >= point.at:
        return known
    return Crossing(known.inside, point)


def _before(point: Point | None, at: float) -> Point | None:
    return point if point is not None and point.at < at else None


def _share_outside(outside: Point, inside: Point, radius_m: float) -> float:
    """Which share of the line from outside to inside is outside: the smaller root of |p + s d| = r."""
    d_east, d_north = inside.east_m - outside.east_m, inside.north_m - outside.north_m
    squared = d_east**2 + d_north**2
    towards = outside.east_m * d_east + outside.north_m * d_north
    beyond = outside.east_m**2 + outside.north_m**2 - radius_m**2
    root = math.sqrt(max(towards**2 - squared * beyond, 0.0))
    return min(max((-towards - root) / squared, 0.0), 1.0)


def sightings(moved: Moved, sure: Mask, lat: float, lon: float, radius_m: float, watched: Mask) -> Iterator[Sight]:
    """The accepted fixes of watched units within the circle, oldest first for each unit.

    `sure` says of each fix whether it is precise enough, `watched` of each unit whether its tier is awaited.
    """
    east, north, inside = _inside(moved.batch, lat, lon, radius_m)
    batch = moved.batch
    for row in np.flatnonzero(inside & sure & watched[batch.unit]):
        prior = None
        if moved.prior_at[row] > NEVER:
            way = offsets_m(moved.prior_lat[row], moved.prior_lon[row], lat, lon)
            prior = Point(float(moved.prior_at[row]), float(way[0]), float(way[1]))
        yield Sight(int(batch.unit[row]), Point(float(batch.at[row]), float(east[row]), float(north[row])), prior)


def late_sightings(
    late: FixBatch, sure: Mask, lat: float, lon: float, radius_m: float, watched: Mask, known: Mask
) -> Iterator[Sight]:
    """The late fixes of watched units within the circle, and all those of units with a `known` crossing."""
    east, north, inside = _inside(late, lat, lon, radius_m)
    for row in np.flatnonzero(sure & ((inside & watched[late.unit]) | known[late.unit])):
        yield Sight(int(late.unit[row]), Point(float(late.at[row]), float(east[row]), float(north[row])), None)


def all_present(forces: Forces) -> Moved:
    """The last fix of every unit, as if it came now: what an incident sees that is learnt of after them."""
    units = np.flatnonzero(forces.at > NEVER)
    facts = (forces.at, forces.lat, forces.lon, forces.speed_mps, forces.bearing_deg, forces.accuracy_m)
    batch = FixBatch(units, *(fact[units] for fact in facts))
    nothing = np.full(len(units), NEVER)
    return Moved(batch, nothing, nothing, nothing, batch.take(units[:0]), 0, 0, 0)


def is_sure(batch: FixBatch, accuracy_m: float) -> Mask:
    """Which fixes are precise enough to prove an arrival; where the source gave no precision they are."""
    unsure: Mask = batch.accuracy_m > accuracy_m
    return ~unsure


def _inside(batch: FixBatch, lat: float, lon: float, radius_m: float) -> tuple[Floats, Floats, Mask]:
    east, north = offsets_m(batch.lat, batch.lon, lat, lon)
    return east, north, east * east + north * north <= radius_m * radius_m
