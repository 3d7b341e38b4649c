"""Which fixes can be true, and in what order they are folded: checks on whole columns, without state."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from dashboard.wire import FixBatch, Floats, Indexes

Mask = NDArray[np.bool_]

NEVER = -np.inf  # the time of the last fix of a unit that has sent none
FASTEST_MPS = 120.0  # no unit is faster; above it a position is a mistake of the receiver
JITTER_S = 2.0  # shorter steps are judged as this long: receivers jump by a street's width within a second
FUTURE_S = 300.0  # a fix from further ahead than this is a mistake of the sender's clock

METRES_PER_DEGREE = 6_371_008.8 * np.pi / 180  # of latitude, mean radius of the earth (IUGG)


def offsets_m(lat: Floats, lon: Floats, from_lat: float, from_lon: float) -> tuple[Floats, Floats]:
    """Metres east and north of one point; flat, so good to 0.1 % within 30 km."""
    east = (lon - from_lon) * (METRES_PER_DEGREE * np.cos(np.radians(from_lat)))
    return east, (lat - from_lat) * METRES_PER_DEGREE


def possible(batch: FixBatch, size: int, received_at: float) -> Mask:
    """Which fixes can be true; comparisons with NaN are false, so what is not a number falls out."""
    known = (batch.unit >= 0) & (batch.unit < size)
    on_earth = (np.abs(batch.lat) <= 90) & (np.abs(batch.lon) <= 180)
    # Many receivers send 0, 0 while they have no fix.
    nowhere = (batch.lat == 0) & (batch.lon == 0)
    in_time = (batch.at > NEVER) & (batch.at <= received_at + FUTURE_S)
    true: Mask = known & on_earth & ~nowhere & in_time
    return true


def oldest_first(batch: FixBatch) -> FixBatch:
    """The rows by unit and time, if any unit occurs twice; most batches need no sorting."""
    if not len(batch) or np.bincount(batch.unit).max() == 1:
        return batch
    return batch.take(np.lexsort((batch.at, batch.unit)))


def turns(unit: Indexes) -> Iterator[Indexes]:
    """The first row of every unit, then every second row, and so on: within a turn no unit occurs twice."""
    starts = np.concatenate(([True], unit[1:] != unit[:-1]))[: len(unit)]
    rows = np.arange(len(unit))
    rank = rows - np.maximum.accumulate(np.where(starts, rows, 0)) if len(unit) else rows
    order = np.argsort(rank, kind="stable")
    ends = np.cumsum(np.bincount(rank)) if len(unit) else rows
    yield from np.split(order, ends[:-1]) if len(unit) else ()


def too_far(fixes: FixBatch, at: Floats, lat: Floats, lon: Floats) -> Mask:
    """Which fixes a unit cannot have reached from where it was; the first fix of a unit always can."""
    step_s = np.maximum(fixes.at - at, JITTER_S)
    north = (fixes.lat - lat) * METRES_PER_DEGREE
    east = (fixes.lon - lon) * (METRES_PER_DEGREE * np.cos(np.radians(fixes.lat)))
    too_far: Mask = (at > NEVER) & (np.hypot(east, north) > FASTEST_MPS * step_s)
    return too_far
