"""Patrol in figures: cells by how they are patrolled, and whether each area is as strong as it must be. No persons.

A cell that was never seen patrolled is unknown until its whole cycle is on record; from then on it is overdue.
"""

from collections.abc import Sequence
from enum import IntEnum

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from dashboard.district import District
from dashboard.forces import Forces, Status
from dashboard.forces.plausible import NEVER, Mask
from dashboard.patrol import Patrol
from dashboard.patrol.sightings import SPAN_S
from dashboard.records import TIERS, Tier

LONGEST_MOST = 12
Places = NDArray[np.int64]


class CellState(IntEnum):
    """How a cell is patrolled; its number on the wire of the map."""

    UNKNOWN = 0
    IN_TIME = 1
    DUE_SOON = 2
    OVERDUE = 3


class CellCounts(Struct, frozen=True):
    """Cells by state; the four add up to all cells of the area."""

    in_time: int = 0
    due_soon: int = 0
    overdue: int = 0
    unknown: int = 0

    @property
    def total(self) -> int:
        """All cells."""
        return self.in_time + self.due_soon + self.overdue + self.unknown

    @property
    def covered(self) -> int:
        """Those that were patrolled within their cycle."""
        return self.in_time + self.due_soon


class Strength(Struct, frozen=True):
    """Units of one tier that are in an area with a fresh fix, against how many must be."""

    tier: Tier
    present: int
    minimum: int

    @property
    def missing(self) -> int:
        """How many are too few."""
        return max(0, self.minimum - self.present)


class Receivers(Struct, frozen=True):
    """Units by what their receivers say."""

    on_shift: int = 0  # heard, and not off
    stuck: int = 0
    silent: int = 0


class AreaPatrol(Struct, frozen=True):
    """One sub-district or community."""

    centre: str
    cells: CellCounts
    dwell_s: float | None  # median time spent today in a cell where any was; None: in none
    receivers: Receivers
    strength: tuple[Strength, ...] = ()  # only of tiers that have a minimum there


class LongCell(Struct, frozen=True):
    """A cell that is overdue."""

    cell: int
    last_at: float  # 0: never since patrols are on record
    over_s: float  # for how long it is overdue at least


class PatrolFigures(Struct, frozen=True, kw_only=True):
    """Patrol of one scope."""

    began_at: float = 0.0  # since when patrols are on record, 0: not yet
    cells: CellCounts = CellCounts()
    dwell_s: float | None = None
    tiers: tuple[tuple[Tier, Receivers], ...] = ()
    areas: tuple[AreaPatrol, ...] = ()  # what is worst comes first: strength missing, then the share of cells overdue
    longest: tuple[LongCell, ...] = ()  # overdue cells, the longest first


def cell_states(patrol: Patrol, now: float) -> NDArray[np.uint8]:
    """(n_cells,) the CellState of each cell."""
    cycles = patrol.cycles_s
    is_seen = patrol.last_at > NEVER
    since = _since(patrol, now)
    states = np.full(len(cycles), CellState.IN_TIME, np.uint8)
    states[now - since >= cycles * patrol.policy.due_soon_share] = CellState.DUE_SOON
    states[now - since > cycles] = CellState.OVERDUE
    states[~is_seen & (states != CellState.OVERDUE)] = CellState.UNKNOWN
    return states


def silent_units(patrol: Patrol, forces: Forces, now: float) -> Mask:
    """(n_units,) who is on shift and has said nothing for longer than its tier may."""
    age = now - forces.at
    limit = np.asarray(patrol.policy.silent_by_tier())[forces.tier]
    silent: Mask = (age > limit) & is_on_shift(forces, now)
    return silent


def figures(
    patrol: Patrol,
    forces: Forces,
    district: District,
    scope: Mask,
    areas: tuple[Sequence[str], NDArray[np.int16]],
    now: float,
) -> PatrolFigures:
    """The figures of a scope (n_communities,), by the areas and each community's place among them, -1 for none."""
    codes, area_of = areas
    states = cell_states(patrol, now)
    area_of_cell = area_of[district.cell_community].astype(np.int64)
    in_scope = scope[district.cell_community]
    stands_in = np.where(forces.community >= 0, forces.community, forces.roster.home)
    area_of_unit = np.append(area_of, -1)[stands_in].astype(np.int64)
    marks = _marks(patrol, forces, now)
    made = [
        AreaPatrol(
            code,
            _counts(states[area_of_cell == place]),
            _median(patrol.dwell.seconds[area_of_cell == place]),
            _receivers(marks, area_of_unit == place),
            _strength(patrol, forces, area_of_unit == place, code, now),
        )
        for place, code in enumerate(codes)
    ]
    known = np.append(scope, scope.all())[stands_in]
    return PatrolFigures(
        began_at=patrol.dwell.began_at,
        cells=_counts(states[in_scope]),
        dwell_s=_median(patrol.dwell.seconds[in_scope]),
        tiers=tuple((tier, _receivers(marks, known & (forces.tier == place))) for place, tier in enumerate(TIERS)),
        areas=tuple(sorted(made, key=_worst_first)),
        longest=overdue_cells(patrol, in_scope, now)[:LONGEST_MOST],
    )


def overdue_cells(patrol: Patrol, chosen: Mask, now: float) -> tuple[LongCell, ...]:
    """The overdue ones of the chosen cells (n_cells,), the longest first."""
    over = now - _since(patrol, now) - patrol.cycles_s
    cells = np.flatnonzero(chosen & (over > 0))
    cells = cells[np.argsort(-over[cells], kind="stable")]
    last = np.where(patrol.last_at[cells] > NEVER, patrol.last_at[cells], 0.0)
    return tuple(map(LongCell, cells.tolist(), last.tolist(), over[cells].tolist()))


def _since(patrol: Patrol, now: float) -> NDArray[np.float64]:
    """Since when it is known that each cell was not patrolled: a visit may have been at the end of its ten minutes."""
    began = patrol.dwell.began_at or now
    return np.where(patrol.last_at > NEVER, np.minimum(patrol.last_at + SPAN_S, now), began)


def is_on_shift(forces: Forces, now: float) -> Mask:
    """(n_units,) who was heard, and not so long ago that it is off."""
    on_shift: Mask = (forces.status > Status.OFF) & (now - forces.at <= forces.off_after_s)
    return on_shift


def _marks(patrol: Patrol, forces: Forces, now: float) -> tuple[Mask, Mask, Mask]:
    """Who is on shift, stuck, silent."""
    on_shift = is_on_shift(forces, now)
    is_stuck = np.zeros(len(forces), bool)
    is_stuck[patrol.stuck.unit] = True
    return on_shift, is_stuck & on_shift, silent_units(patrol, forces, now)


def _receivers(marks: tuple[Mask, Mask, Mask], chosen: Mask) -> Receivers:
    return Receivers(*(int(np.count_nonzero(mark & chosen)) for mark in marks))


def _strength(patrol: Patrol, forces: Forces, here: Mask, code: str, now: float) -> tuple[Strength, ...]:
    minimum = patrol.policy.minimum.get(code, {})
    if not minimum:
        return ()
    present = here & (forces.community >= 0) & (now - forces.at <= forces.fresh_s[forces.tier])
    counts = np.bincount(forces.tier[present], minlength=len(TIERS))
    rows = [Strength(tier, int(counts[TIERS.index(tier)]), needed) for tier, needed in minimum.items()]
    return tuple(sorted(rows, key=lambda row: -row.missing / row.minimum))


def _counts(states: NDArray[np.uint8]) -> CellCounts:
    counts = np.bincount(states, minlength=len(CellState)).tolist()
    return CellCounts(
        counts[CellState.IN_TIME], counts[CellState.DUE_SOON], counts[CellState.OVERDUE], counts[CellState.UNKNOWN]
    )


def _median(seconds: NDArray[np.float64]) -> float | None:
    spent = seconds[seconds > 0]
    return float(np.median(spent)) if len(spent) else None


def _worst_first(area: AreaPatrol) -> tuple[float, float]:
    """Rounded, so that areas do not change places all the time."""
    missing = max((row.missing / row.minimum for row in area.strength), default=0.0)
    return -round(missing, 1), -round(area.cells.overdue / max(area.cells.total, 1), 2)
