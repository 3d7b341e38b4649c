"""Single units that somebody should look into: their receiver repeats one place, or they are silent. Shown on consoles
only, for a reason that is on record."""

from enum import StrEnum

import numpy as np
from msgspec import Struct

from dashboard.district import District
from dashboard.forces import Forces
from dashboard.forces.plausible import Mask
from dashboard.patrol import Patrol
from dashboard.patrol.figures import is_on_shift, silent_units
from dashboard.records import TIERS, Tier


class Condition(StrEnum):
    """What is odd about a unit."""

    STUCK = "stuck"
    SILENT = "silent"


class Individual(Struct, frozen=True):
    """One unit and what is odd about it."""

    call_sign: str
    tier: Tier
    condition: Condition
    since: float  # epoch seconds: from when it repeats its place, or of its last fix
    cell: str  # code, "" outside the district
    community: int  # index, -1 outside the district


def look_into(patrol: Patrol, forces: Forces, district: District, scope: Mask, now: float) -> list[Individual]:
    """The units of a scope (n_communities,), by what is odd, the longest first; who is nowhere counts at home."""
    stands_in = np.where(forces.community >= 0, forces.community, forces.roster.home)
    is_here = np.append(scope, scope.all())[stands_in]
    on_shift = is_on_shift(forces, now)
    found = [
        (Condition.STUCK, unit, since)
        for unit, since in zip(patrol.stuck.unit.tolist(), patrol.stuck.since.tolist(), strict=True)
        if on_shift[unit]
    ]
    silent = np.flatnonzero(silent_units(patrol, forces, now))
    found += [
        (Condition.SILENT, unit, at) for unit, at in zip(silent.tolist(), forces.at[silent].tolist(), strict=True)
    ]
    order = list(Condition)
    found.sort(key=lambda each: (order.index(each[0]), each[2]))
    return [_individual(each, forces, district) for each in found if is_here[each[1]]]


def _individual(found: tuple[Condition, int, float], forces: Forces, district: District) -> Individual:
    condition, unit, since = found
    cell = int(forces.cell[unit])
    return Individual(
        call_sign=district.roster.call_signs[unit],
        tier=TIERS[int(forces.tier[unit])],
        condition=condition,
        since=since,
        cell=district.cell_codes[cell] if cell >= 0 else "",
        community=int(forces.community[unit]),
    )
