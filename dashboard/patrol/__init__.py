"""Patrol truth, a fold of positions: which cells were patrolled when, how long, and whose receiver repeats one place.

Positions are only noted when they come (`note`); each second folds what was noted (`tick`), so that the map need not
wait. What is told to copies, and kept by the archive, says the cell and the tier: never the unit that was there.
"""

from datetime import datetime, tzinfo
from functools import cached_property
from typing import NamedTuple

import numpy as np
from msgspec import Struct

from dashboard.district import District
from dashboard.forces import Forces, Moved
from dashboard.forces.plausible import NEVER, Mask
from dashboard.patrol import noted as notes
from dashboard.patrol import policy as policies
from dashboard.patrol.sightings import SPAN_S, Found, Seen, Sightings, SightingsMemory
from dashboard.patrol.stays import Stays, StaysMemory
from dashboard.patrol.told import Dwell, Stuck, pack_dwell, pack_stuck, unpack_dwell, unpack_stuck
from dashboard.patrol.visits import Visits, pack_visits, unpack_visits
from dashboard.records import TIERS
from dashboard.wire import Floats, Indexes, WireError

__all__ = ["Patrol", "PatrolMemory", "Told", "Visits", "pack_visits", "unpack_visits"]

_LOOK_S = 10.0  # how often receivers are looked at
_DWELL_S = 60.0  # how often copies are told how long units stayed


class Told(NamedTuple):
    """What copies must hear: None is as before."""

    visits: bytes | None = None
    stuck: bytes | None = None
    dwell: bytes | None = None


class PatrolMemory(Struct, frozen=True, array_like=True):
    """What a successor needs beside what was told."""

    noted: bytes = b""
    began_ms: int = 0
    look_at: float = 0.0
    dwell_at: float = 0.0
    sightings: SightingsMemory = SightingsMemory()
    stays: StaysMemory = StaysMemory()


class Patrol:
    """Patrol of one district."""

    def __init__(self, district: District, forces: Forces) -> None:
        """Nothing is known yet. Raises PolicyError if the district's [patrol] settings cannot be used."""
        self.policy = policies.of(district)
        self._district = district
        self._forces = forces
        cells, units = len(district.cell_codes), len(forces)
        self.patrols = np.isin(forces.tier, [TIERS.index(tier) for tier in self.policy.tiers])  # (n_units,)
        self.last_at = np.full(cells, NEVER)  # when each cell was last patrolled, to ten minutes
        self.last_tier = np.zeros(cells, np.uint8)
        self.stuck = Stuck(np.empty(0, np.int64), np.empty(0))
        self.dwell = Dwell(0.0, 0.0, np.zeros(cells))  # as it was told last
        self._stays = Stays(units, cells)
        self._sightings = Sightings(self.policy, units, cells)
        self._noted: list[Indexes] = []  # fixes that no tick has folded yet
        self._began_ms = 0
        self._look_at = self._dwell_at = 0.0

    @cached_property
    def cycles_s(self) -> Floats:
        """(n_cells,) how often each cell must be patrolled, seconds."""
        return self.policy.cycles_s(self._district)

    @property
    def stay_since(self) -> Floats:
        """(n_units,) since when each unit is in its cell, epoch seconds, 0: never seen; only an engine knows."""
        return self._stays.since_ms / 1000

    # -- the engine's part ---------------------------------------------------------------------------------------

    def note(self, moved: Moved, received_at: float) -> None:
        """Note positions, right after the units were placed in cells."""
        batch = moved.batch
        if len(batch):
            is_last = batch.at == self._forces.at[batch.unit]
            cell = self._forces.cell[batch.unit].astype(np.int64)
            if not is_last.all():
                cell[~is_last] = self._district.locate(batch.lat[~is_last], batch.lon[~is_last])
            self._noted.append(notes.of_moved(moved, cell, self.patrols, self.policy, received_at))
        if len(moved.late):
            cell = self._district.locate(moved.late.lat, moved.late.lon).astype(np.int64)
            self._noted.append(notes.of_late(moved.late, cell, self.patrols, self.policy, received_at))

    def tick(self, now: float) -> Told:
        """Fold what was noted since the last second."""
        noted = notes.joined(self._noted)
        self._noted.clear()
        self._stays.begin_day(round(_midnight(now, self._district.timezone) * 1000))
        self._stays.take(notes.steps(noted, self.patrols))
        seen = notes.seen(noted)
        self._begin(seen)
        visits = self._visit(self._sightings.look(seen))
        self._sightings.forget(now)
        stuck = dwell = None
        if now >= self._look_at:
            self._look_at = now + _LOOK_S
            stuck = self._look_at_receivers(now)
        if now >= self._dwell_at and self._began_ms:
            self._dwell_at = now + _DWELL_S
            dwell = self._tell_dwell()
        return Told(visits, stuck, dwell)

    def memory(self) -> PatrolMemory:
        """What a successor needs beside `everything`."""
        return PatrolMemory(
            notes.joined(self._noted).tobytes(),
            self._began_ms,
            self._look_at,
            self._dwell_at,
            self._sightings.memory(),
            self._stays.memory(),
        )

    def restore(self, memory: PatrolMemory) -> None:
        """Continue from what `memory` kept; that of an engine which knew nothing of patrol begins anew."""
        if not memory.stays.units:
            return
        self._noted = [np.frombuffer(memory.noted, np.int64).reshape(notes.ROWS, -1)]
        self._began_ms, self._look_at, self._dwell_at = memory.began_ms, memory.look_at, memory.dwell_at
        self._sightings.restore(memory.sightings)
        self._stays.restore(memory.stays)

    # -- a copy's part -------------------------------------------------------------------------------------------

    def adopt(self, told: Told) -> None:
        """Take over what was told; raises WireError for bytes of another district."""
        if told.visits is not None:
            self._adopt_visits(unpack_visits(told.visits))
        if told.stuck is not None:
            stuck = unpack_stuck(told.stuck)
            if len(stuck.unit) and int(stuck.unit.max()) >= len(self.patrols):
                raise WireError("a unit that is not in the roster")
            self.stuck = stuck
        if told.dwell is not None:
            dwell = unpack_dwell(told.dwell)
            if len(dwell.seconds) != len(self.last_at):
                raise WireError("time spent in cells of another district")
            self.dwell = dwell

    def everything(self) -> Told:
        """All that was told, as one."""
        cells = np.flatnonzero(self.last_at > NEVER)
        visits = Visits(cells.astype(np.int32), self.last_tier[cells], self.last_at[cells])
        return Told(
            pack_visits(visits) if len(cells) else None,
            pack_stuck(self.stuck) if len(self.stuck.unit) else None,
            pack_dwell(self.dwell) if self.dwell.began_at else None,
        )

    # -- parts ---------------------------------------------------------------------------------------------------

    def _begin(self, seen: Seen) -> None:
        """Patrols are on record since the first that was seen."""
        if len(seen.at_ms):
            first_ms = int(seen.at_ms.min())
            self._began_ms = min(self._began_ms or first_ms, first_ms)

    def _visit(self, found: Found) -> bytes | None:
        """Cells were patrolled: the last visits, and how copies are told."""
        if not len(found.cell):
            return None
        at = (found.span * SPAN_S).astype(np.float64)
        visits = Visits(found.cell.astype(np.int32), self._forces.tier[found.unit], at)
        self._adopt_visits(visits)
        return pack_visits(visits)

    def _adopt_visits(self, visits: Visits) -> None:
        """The latest visit of each cell counts, in whatever order they come."""
        order = np.lexsort((visits.at, visits.cell))
        cell, at, tier = visits.cell[order], visits.at[order], visits.tier[order]
        is_last = np.concatenate((cell[1:] != cell[:-1], [True]))[: len(cell)]
        cell, at, tier = cell[is_last], at[is_last], tier[is_last]
        newer = at > self.last_at[cell]
        self.last_at[cell[newer]], self.last_tier[cell[newer]] = at[newer], tier[newer]

    def _look_at_receivers(self, now: float) -> bytes | None:
        """Which receivers repeat one place although others of their tier do not; None: the same ones as before."""
        forces, stays, rules = self._forces, self._stays, self.policy
        is_heard = now - forces.at <= forces.off_after_s
        repeats = stays.still_fixes >= rules.stuck_fixes
        long_ms = np.where(is_heard, forces.at, 0.0) * 1000 - stays.still_since_ms
        units = np.flatnonzero(
            is_heard & repeats & (long_ms >= rules.stuck_s * 1000) & self._jitters(is_heard, repeats)
        )
        if np.array_equal(units, self.stuck.unit):
            return None
        self.stuck = Stuck(units, stays.still_since_ms[units] / 1000)
        return pack_stuck(self.stuck)

    def _jitters(self, is_heard: Mask, repeats: Mask) -> Mask:
        """Units of tiers most of whose receivers show noise: where most stand still, the source smooths them."""
        tier = self._forces.tier
        still = np.bincount(tier[is_heard & repeats], minlength=len(TIERS))
        noisy = np.bincount(tier[is_heard & ~repeats], minlength=len(TIERS))
        found: Mask = (noisy > still)[tier]
        return found

    def _tell_dwell(self) -> bytes:
        stays = self._stays
        packed = pack_dwell(Dwell(self._began_ms / 1000, stays.day_ms / 1000, (stays.dwell_ms // 1000).astype(float)))
        self.dwell = unpack_dwell(packed)
        return packed


def _midnight(now: float, zone: tzinfo) -> float:
    return datetime.fromtimestamp(now, zone).replace(hour=0, minute=0, second=0, microsecond=0, fold=0).timestamp()
