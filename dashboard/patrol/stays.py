"""How long units stay in a cell, how long all of today's stays in each cell are together, and which receivers repeat
one place. Columns, one element a unit or a cell; only fixes that moved a unit count, each once."""

from dataclasses import dataclass

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

LONGEST_STEP_MS = 300_000  # between two fixes further apart nobody knows where a unit was


@dataclass(frozen=True)
class Steps:
    """Fixes that moved a unit, in columns of one length n; the fixes of one unit stand together, the oldest first."""

    unit: Ints
    cell: Ints  # -1 outside the district
    at_ms: Ints
    prior_ms: Ints  # the fix before; 0: there was none
    is_same: Mask  # exactly where the fix before was
    is_patrol: Mask  # of a tier that patrols


class StaysMemory(Struct, frozen=True, array_like=True):
    """The columns as bytes."""

    day_ms: int = 0
    units: bytes = b""  # (4, n_units)
    dwell: bytes = b""  # (n_cells,)


class Stays:
    """Stays of all units."""

    def __init__(self, units: int, cells: int) -> None:
        """Nobody was anywhere yet."""
        self._units = np.zeros((4, units), np.int64)
        self._units[0] = -1
        self.cell, self.since_ms, self.still_since_ms, self.still_fixes = self._units  # views of its rows
        self.dwell_ms = np.zeros(cells, np.int64)  # of patrolling units today
        self.day_ms = 0  # when today began

    def begin_day(self, day_ms: int) -> None:
        """A new day begins with no time spent anywhere."""
        if day_ms != self.day_ms:
            self.day_ms = day_ms
            self.dwell_ms[:] = 0

    def take(self, steps: Steps) -> None:
        """Follow these steps."""
        if not len(steps.unit):
            return
        unit, at_ms = steps.unit, steps.at_ms
        is_first = np.concatenate(([True], unit[1:] != unit[:-1]))
        before = np.where(is_first, self.cell[unit], np.concatenate(([-1], steps.cell[:-1])))
        self._dwell(steps, before)
        ends = np.flatnonzero(np.concatenate((is_first[1:], [True])))
        starts = np.flatnonzero(is_first)
        units = unit[ends]
        moved = _latest(steps.cell != before, ends)
        has_moved = moved >= starts
        self.since_ms[units] = np.where(has_moved, at_ms[moved], self.since_ms[units])
        self.cell[units] = steps.cell[ends]
        jittered = _latest(~steps.is_same, ends)
        has_jittered = jittered >= starts
        self.still_since_ms[units] = np.where(has_jittered, at_ms[jittered], self.still_since_ms[units])
        counted = self.still_fixes[units] + ends - starts + 1
        self.still_fixes[units] = np.where(has_jittered, ends - jittered + 1, counted)

    def memory(self) -> StaysMemory:
        """What a successor needs."""
        return StaysMemory(self.day_ms, self._units.tobytes(), self.dwell_ms.tobytes())

    def restore(self, memory: StaysMemory) -> None:
        """Become what `memory` kept."""
        self.day_ms = memory.day_ms
        self._units[:] = np.frombuffer(memory.units, np.int64).reshape(self._units.shape)
        self.dwell_ms[:] = np.frombuffer(memory.dwell, np.int64)

    def _dwell(self, steps: Steps, before: Ints) -> None:
        """The time up to a fix was spent where the unit was before it."""
        from_ms = np.maximum(steps.prior_ms, self.day_ms)
        spent = steps.at_ms - from_ms
        known = (steps.prior_ms > 0) & (steps.at_ms - steps.prior_ms <= LONGEST_STEP_MS)
        counts = known & (before >= 0) & steps.is_patrol & (spent > 0)
        np.add.at(self.dwell_ms, before[counts], spent[counts])


def _latest(holds: Mask, ends: Ints) -> Ints:
    """The last row up to each end at which it holds; -1: none."""
    found: Ints = np.maximum.accumulate(np.where(holds, np.arange(len(holds)), -1))[ends]
    return found
