"""Where every unit is and what it is doing, in columns: the hot path of positions.

A batch of fixes is folded with array operations only; nothing here makes an object per position. A unit is
its place in the district's roster. Which cell and community it is in is looked up later, by `place_units`.
What it is ordered to do comes from response.py; counting by tier and area is in strength.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from dashboard import wire
from dashboard.district import District
from dashboard.forces import columns
from dashboard.forces.plausible import NEVER, Mask, oldest_first, possible, too_far, turns
from dashboard.records import TIERS, Tier
from dashboard.wire import FixBatch, Floats, Indexes, UnitColumns


class Status(IntEnum):
    """What a unit is doing, as its number on the wire. How old its fix is, is a matter of its own."""

    OFF = 0  # has never sent a fix
    AVAILABLE = 1
    COMMITTED = 2  # sent to an incident
    ON_SCENE = 3  # and has arrived there


@dataclass(frozen=True)
class Moved:
    """What became of one batch: the fixes that moved a unit, those too late to, and how many were dropped."""

    batch: FixBatch  # accepted, oldest first for each unit
    prior_at: Floats  # (n,) the fix before each accepted one, NEVER where there was none
    prior_lat: Floats  # (n,)
    prior_lon: Floats  # (n,)
    late: FixBatch  # older than what was known: they move nothing, but are evidence of where a unit was
    repeated: int
    impossible: int  # not a number, not on earth, unknown unit, from the future
    jumped: int  # further than a unit can have come


class Forces:
    """All units of a roster: one array a fact, one element a unit. Columns are read, methods change them."""

    def __init__(
        self, ground: District, fresh_s: Sequence[float] = (60.0,) * len(TIERS), off_after_s: float = 900.0
    ) -> None:
        """Nobody has been seen yet. `fresh_s` is by records.TIERS (Policy.fresh_by_tier)."""
        self.ground = ground
        self.roster = ground.roster
        self.fresh_s = np.asarray(fresh_s, float)
        self.off_after_s = off_after_s
        self.tier = np.asarray(self.roster.tier, np.uint8)
        size = len(self.tier)
        self.lat, self.lon = np.zeros(size), np.zeros(size)
        self.x_m, self.y_m = np.zeros(size), np.zeros(size)
        self.at = np.full(size, NEVER)
        self.received_at = np.full(size, NEVER)
        self.speed_mps = np.full(size, np.nan)
        self.bearing_deg = np.full(size, np.nan)
        self.accuracy_m = np.full(size, np.nan)
        self.status = np.zeros(size, np.uint8)
        self.cell = np.full(size, -1, np.int32)
        self.community = np.full(size, -1, np.int16)
        self._by_tier = [np.flatnonzero(self.tier == number) for number in range(len(TIERS))]
        self._doubtful = np.full((3, size), NEVER)  # at, lat, lon of the last fix that was dropped as a jump
        self._changed = np.zeros(size, bool)
        self._unplaced = np.zeros(size, bool)

    def __len__(self) -> int:
        """How many units the roster has."""
        return len(self.tier)

    def move(self, batch: FixBatch, received_at: float) -> Moved:
        """Fold one batch. For each unit the newest event time wins, in whatever order the fixes come."""
        true = batch.take(possible(batch, len(self), received_at))
        rows = oldest_first(true)
        prior = np.full((3, len(rows)), NEVER)
        accepted, late, jumped = (np.zeros(len(rows), bool) for _ in range(3))
        for turn in turns(rows.unit):
            fixes = rows.take(turn)
            newer = fixes.at > self.at[fixes.unit]
            late[turn] = fixes.at < self.at[fixes.unit]
            prior[:, turn], jumps = self._compare(fixes)
            jumped[turn] = newer & jumps
            accepted[turn] = newer & ~jumps
            self._doubt(fixes.take(newer & jumps))
            self._take(fixes.take(newer & ~jumps), received_at)
        prior_at, prior_lat, prior_lon = prior[:, accepted]
        return Moved(
            batch=rows.take(accepted),
            prior_at=prior_at,
            prior_lat=prior_lat,
            prior_lon=prior_lon,
            late=rows.take(late),
            repeated=len(true) - int(np.count_nonzero(accepted | late | jumped)),
            impossible=len(batch) - len(true),
            jumped=int(np.count_nonzero(jumped)),
        )

    def commit(self, call_sign: str, on_scene: bool = False) -> None:
        """The unit is sent to an incident, or has arrived there. Unknown call-signs are left alone."""
        self._set_status(call_sign, Status.ON_SCENE if on_scene else Status.COMMITTED)

    def release(self, call_sign: str) -> None:
        """The unit is free again."""
        unit = self.roster.index.get(call_sign)
        if unit is not None:
            self._set_status(call_sign, Status.OFF if self.at[unit] == NEVER else Status.AVAILABLE)

    def is_fresh(self, tier: Tier, now: float) -> Mask:
        """Which units of a tier (in the order of `of_tier`) have a fix that still says where they are."""
        number = TIERS.index(tier)
        fresh: Mask = now - self.at[self._by_tier[number]] <= self.fresh_s[number]
        return fresh

    def of_tier(self, tier: Tier) -> Indexes:
        """The units of a tier, in roster order."""
        return self._by_tier[TIERS.index(tier)]

    def place_units(self) -> int:
        """Look up cell and community of all that moved since the last call; answers how many those were."""
        units = np.flatnonzero(self._unplaced)
        self._unplaced[units] = False
        cells = self.ground.locate(self.lat[units], self.lon[units])
        self.cell[units] = cells
        self.community[units] = np.where(cells >= 0, self.ground.cell_community[cells], -1)
        return len(units)

    def changed(self) -> Indexes:
        """The units whose place or status changed since the last call."""
        units = np.flatnonzero(self._changed)
        self._changed[units] = False
        return units

    def frame(self, units: Indexes | None = None, epoch: int = 0, seq: int = 0) -> bytes:
        """The frame (wire.pack_units) of these units, or of all; units never seen are left out."""
        chosen = np.arange(len(self)) if units is None else units
        chosen = chosen[self.at[chosen] > NEVER]
        newest = float(self.at[chosen].max()) if len(chosen) else 0.0
        drawn = UnitColumns(
            chosen.astype(np.uint32),
            self.x_m[chosen].astype(np.float32),
            self.y_m[chosen].astype(np.float32),
            (newest - self.at[chosen]).astype(np.float32),
            self.status[chosen],
        )
        return wire.pack_units(drawn, self.roster.checksum, newest * 1000, epoch, seq)

    def adopt_frame(self, frame: bytes) -> Indexes:
        """Take over what a frame says, in a copy that sees no fixes; answers the units. Raises WireError."""
        drawn, newest_ms = columns.open_frame(frame, self.roster.checksum)
        units = drawn.unit.astype(np.int64)
        if len(units) and int(units.max()) >= len(self):
            raise wire.WireError("a unit that is not in the roster")
        self.x_m[units], self.y_m[units] = drawn.x_m, drawn.y_m
        self.lat[units], self.lon[units] = self.ground.origin.unproject(self.x_m[units], self.y_m[units])
        self.at[units] = newest_ms / 1000 - drawn.age_s.astype(float)
        self.status[units] = drawn.state
        self._changed[units] = self._unplaced[units] = True
        return units

    def snapshot(self) -> bytes:
        """Everything needed to go on after a restart: times exact, places to 1e-7 degree."""
        units = np.flatnonzero((self.at > NEVER) | (self.status > Status.OFF) | (self._doubtful[0] > NEVER))
        return columns.pack_snapshot([units, *(column[units] for column in self._kept())], self.roster.checksum)

    def adopt(self, data: bytes) -> None:
        """Become what `snapshot` kept; raises WireError for other bytes or another roster."""
        units, *kept = columns.open_snapshot(data, self.roster.checksum)
        for column, values in zip(self._kept(), kept, strict=True):
            column[units] = values
        seen = units[self.at[units] > NEVER]
        self.x_m[seen], self.y_m[seen] = self.ground.origin.project(self.lat[seen], self.lon[seen])
        self._changed[seen] = self._unplaced[seen] = True

    def _kept(self) -> tuple[columns.Column, ...]:
        """The columns of a snapshot, in its order; the rest follows from them."""
        facts = (
            self.at,
            self.received_at,
            self.lat,
            self.lon,
            self.speed_mps,
            self.bearing_deg,
            self.accuracy_m,
        )
        return (*facts, self.status, *self._doubtful)

    def _compare(self, fixes: FixBatch) -> tuple[Floats, Mask]:
        """For each fix the one before (at, lat, lon: shape (3, n)), and whether that is too far away.

        A jump that the next fix agrees with was none: the unit was driven without signal, or its last place
        was the mistake. The one before is then the doubtful fix, so that no track is drawn across the jump.
        """
        units = fixes.unit
        known = np.stack((self.at[units], self.lat[units], self.lon[units]))
        jumps = too_far(fixes, *known)
        if jumps.any():
            doubtful = self._doubtful[:, units]
            heals = jumps & (doubtful[0] > NEVER) & (doubtful[0] < fixes.at) & ~too_far(fixes, *doubtful)
            known[:, heals] = doubtful[:, heals]
            jumps &= ~heals
        return known, jumps

    def _doubt(self, fixes: FixBatch) -> None:
        self._doubtful[:, fixes.unit] = fixes.at, fixes.lat, fixes.lon

    def _take(self, fixes: FixBatch, received_at: float) -> None:
        units = fixes.unit
        self.at[units], self.received_at[units] = fixes.at, received_at
        self.lat[units], self.lon[units] = fixes.lat, fixes.lon
        self.x_m[units], self.y_m[units] = self.ground.origin.project(fixes.lat, fixes.lon)
        self.speed_mps[units] = fixes.speed_mps
        self.bearing_deg[units] = fixes.bearing_deg
        self.accuracy_m[units] = fixes.accuracy_m
        self.status[units] = np.maximum(self.status[units], Status.AVAILABLE)
        self._doubtful[0, units] = NEVER
        self._changed[units] = self._unplaced[units] = True

    def _set_status(self, call_sign: str, status: Status) -> None:
        unit = self.roster.index.get(call_sign)
        if unit is not None and self.status[unit] != status:
            self.status[unit] = status
            self._changed[unit] = True
