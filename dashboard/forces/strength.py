"""Strength: how many units of each tier can do what, in a scope and in each of its areas."""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from dashboard.forces import Forces, Status
from dashboard.forces.plausible import Mask
from dashboard.records import TIERS, Tier

_AVAILABLE, _COMMITTED, _STALE, _OFF = range(4)


class TierFigures(Struct, frozen=True):
    """Units of one tier by what they can do now; the four add up to all units of the tier in the scope."""

    tier: Tier
    available: int  # a fresh fix and no order
    committed: int  # sent to an incident, however old the fix
    stale: int  # seen, but too long ago to say where it is now
    off: int  # never seen, or not for so long that it is off duty


class AreaForces(Struct, frozen=True):
    """Units that are in one area now, with a fresh fix, by tier."""

    centre: str
    available: tuple[int, ...]  # by records.TIERS
    committed: int


def tier_figures(forces: Forces, scope: Mask, now: float) -> tuple[TierFigures, ...]:
    """One row a tier, in the order of records.TIERS. `scope` says of each community whether it belongs.

    A unit counts where it was last seen; one that is off, or outside every community, counts at home. Who has
    no home either counts where the scope is the whole district.
    """
    conditions = _conditions(forces, now)
    chosen = np.append(scope, scope.all())[_stands_in(forces, conditions)]
    counts = np.bincount(forces.tier[chosen] * 4 + conditions[chosen], minlength=len(TIERS) * 4)
    rows = counts.reshape(-1, 4).tolist()
    return tuple(TierFigures(tier, *row) for tier, row in zip(TIERS, rows, strict=True))


def area_forces(
    forces: Forces, centres: Sequence[str], area_of: NDArray[np.int16], now: float
) -> tuple[AreaForces, ...]:
    """One row a centre. `area_of` gives each community's place in `centres`, -1 for none."""
    conditions = _conditions(forces, now)
    area = np.where(_is_fresh(forces, now), np.append(area_of, -1)[forces.community], -1)
    here = area >= 0
    free = here & (conditions == _AVAILABLE)
    available = np.bincount(area[free] * len(TIERS) + forces.tier[free], minlength=len(centres) * len(TIERS))
    committed = np.bincount(area[here & (conditions == _COMMITTED)], minlength=len(centres))
    rows = zip(centres, available.reshape(-1, len(TIERS)).tolist(), committed.tolist(), strict=True)
    return tuple(AreaForces(centre, tuple(by_tier), sent) for centre, by_tier, sent in rows)


def _conditions(forces: Forces, now: float) -> NDArray[np.int64]:
    """What each unit can do now, as a number."""
    seen = np.where(now - forces.at <= forces.off_after_s, _STALE, _OFF)
    seen = np.where(_is_fresh(forces, now), _AVAILABLE, seen)
    return np.where(forces.status >= Status.COMMITTED, _COMMITTED, seen)


def _is_fresh(forces: Forces, now: float) -> Mask:
    fresh: Mask = now - forces.at <= forces.fresh_s[forces.tier]
    return fresh


def _stands_in(forces: Forces, conditions: NDArray[np.int64]) -> NDArray[np.int16]:
    """The community that each unit counts in, -1 for none."""
    at_home = (forces.community < 0) | (conditions == _OFF)
    return np.where(at_home, forces.roster.home, forces.community)
