"""Which cells were patrolled in which ten minutes, found from fixes that may come late, repeated and in any order.

Of each unit in each cell only the first and the last fix of ten minutes are kept, and the first and the last at walking
speed: least and greatest do not care for order, so neither does what is found. Once a cell was patrolled in ten minutes
nothing more is kept of them.
"""

from dataclasses import dataclass

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from dashboard.patrol.policy import PatrolPolicy

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

SPAN_S = 600  # a visit is known to ten minutes: the archive keeps one a cell and ten minutes
KEEP_S = 3600.0  # what comes later than this after its time is passed over

_SPAN_MS = SPAN_S * 1000
_NO_FIRST, _NO_LAST = np.iinfo(np.int64).max, np.iinfo(np.int64).min


@dataclass(frozen=True)
class Seen:
    """Fixes of patrolling units inside the district, in columns of one length n."""

    unit: Ints
    cell: Ints
    at_ms: Ints
    is_walking: Mask


@dataclass(frozen=True)
class Found:
    """Cells that were patrolled, in columns of one length n; each cell and span once."""

    cell: Ints
    span: Ints  # ten minutes since the epoch
    unit: Ints  # one that patrolled it


class SightingsMemory(Struct, frozen=True, array_like=True):
    """The columns as bytes."""

    key: bytes = b""
    bounds: bytes = b""  # (4, n)
    patrolled: dict[int, bytes] = {}  # span -> cells, as bits


class Sightings:
    """Who was seen where in the last hour, as far as it does not count yet."""

    def __init__(self, policy: PatrolPolicy, units: int, cells: int) -> None:
        """Nobody was seen yet."""
        self._stay_ms, self._walk_ms = round(policy.stay_s * 1000), round(policy.walk_s * 1000)
        self._units, self._cells = max(units, 1), max(cells, 1)
        self._key = np.empty(0, np.int64)  # sorted: (span, unit, cell) as one number
        self._bounds = np.empty((4, 0), np.int64)  # first, last, first and last at walking speed: ms
        self._patrolled: dict[int, Mask] = {}

    def look(self, seen: Seen) -> Found:
        """Take fixes in; the cells that now count as patrolled."""
        span = seen.at_ms // _SPAN_MS
        rows = np.flatnonzero(~self._is_patrolled(span, seen.cell))
        if not len(rows):
            return Found(*(np.empty(0, np.int64) for _ in range(3)))
        key = (span[rows] * self._units + seen.unit[rows]) * self._cells + seen.cell[rows]
        places = self._merge(key, seen.at_ms[rows], seen.is_walking[rows])
        first, last, walk_first, walk_last = self._bounds[:, places]
        # Who never walked has bounds the wrong way round, whose difference does not fit into a number.
        walked = (walk_last > walk_first) & (walk_last - np.minimum(walk_first, walk_last) >= self._walk_ms)
        return self._count(self._key[places[walked | (last - first >= self._stay_ms)]])

    def forget(self, now: float) -> None:
        """Let go of what is too long ago; a span longer than fixes are taken for, so that none is counted twice."""
        oldest = int(now - KEEP_S) // SPAN_S - 1
        if self._patrolled and min(self._patrolled) < oldest:
            self._patrolled = {span: cells for span, cells in self._patrolled.items() if span >= oldest}
        if len(self._key) and self._key[0] < (least := oldest * self._units * self._cells):
            self._keep(self._key >= least)

    def memory(self) -> SightingsMemory:
        """What a successor needs."""
        patrolled = {span: np.packbits(cells).tobytes() for span, cells in sorted(self._patrolled.items())}
        return SightingsMemory(self._key.tobytes(), self._bounds.tobytes(), patrolled)

    def restore(self, memory: SightingsMemory) -> None:
        """Become what `memory` kept."""
        self._key = np.frombuffer(memory.key, np.int64).copy()
        self._bounds = np.frombuffer(memory.bounds, np.int64).reshape(4, -1).copy()
        self._patrolled = {
            span: np.unpackbits(np.frombuffer(bits, np.uint8), count=self._cells).astype(bool)
            for span, bits in memory.patrolled.items()
        }

    def _is_patrolled(self, span: Ints, cell: Ints) -> Mask:
        found = np.zeros(len(span), bool)
        for each in np.unique(span).tolist():
            cells = self._patrolled.get(each)
            if cells is not None:
                here = span == each
                found[here] = cells[cell[here]]
        return found

    def _merge(self, key: Ints, at_ms: Ints, is_walking: Mask) -> Ints:
        """Widen the bounds of these keys; answers the place of each key, once."""
        order = np.argsort(key, kind="stable")
        key, at_ms, is_walking = key[order], at_ms[order], is_walking[order]
        starts = np.flatnonzero(np.concatenate(([True], key[1:] != key[:-1])))
        firsts = np.minimum.reduceat(np.stack((at_ms, np.where(is_walking, at_ms, _NO_FIRST))), starts, axis=1)
        lasts = np.maximum.reduceat(np.stack((at_ms, np.where(is_walking, at_ms, _NO_LAST))), starts, axis=1)
        key = key[starts]
        places = np.searchsorted(self._key, key)
        is_new = np.concatenate((self._key, [-1]))[places] != key
        if is_new.any():
            self._insert(key[is_new], places[is_new])
            places = np.searchsorted(self._key, key)
        bounds = self._bounds
        for row, found in ((0, firsts[0]), (2, firsts[1])):
            bounds[row, places] = np.minimum(bounds[row, places], found)
        for row, found in ((1, lasts[0]), (3, lasts[1])):
            bounds[row, places] = np.maximum(bounds[row, places], found)
        return places

    def _insert(self, key: Ints, places: Ints) -> None:
        empty = np.repeat(np.array([[_NO_FIRST], [_NO_LAST], [_NO_FIRST], [_NO_LAST]]), len(key), axis=1)
        self._key = np.insert(self._key, places, key)
        self._bounds = np.insert(self._bounds, places, empty, axis=1)

    def _count(self, key: Ints) -> Found:
        """These keys count: their cells were patrolled, whoever else was there."""
        above, cell = np.divmod(key, self._cells)
        span, unit = np.divmod(above, self._units)
        _, rows = np.unique(span * self._cells + cell, return_index=True)  # the least unit of each
        span, cell, unit = span[rows], cell[rows], unit[rows]
        for each in np.unique(span).tolist():
            cells = self._patrolled.setdefault(each, np.zeros(self._cells, bool))
            cells[cell[span == each]] = True
        if len(rows):
            spans = self._key // (self._units * self._cells)
            self._keep(~self._is_patrolled(spans, self._key % self._cells))
        return Found(cell, span, unit)

    def _keep(self, chosen: Mask) -> None:
        self._key, self._bounds = self._key[chosen], self._bounds[:, chosen]
