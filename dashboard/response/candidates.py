"""Who could go: for each leg that still waits the nearest free units, their estimates, or why nobody can.

No unit is offered twice: legs draw in turns, the most urgent first, so that one incident does not take the
three nearest units of a quarter while the next one gets none.
"""

import math
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

import numpy as np
from msgspec import Struct

from dashboard.forces import Forces, Status
from dashboard.forces.plausible import NEVER, Mask, offsets_m
from dashboard.records import TIERS, Tier
from dashboard.response.policy import Policy
from dashboard.wire import Floats, Indexes

# What is shown is rounded, so that a wall is not redrawn for a step to the side.
SHOWN_M = 10.0
SHOWN_AGE_S = 10.0
NEAREST_MOST = 96  # a leg looks no further than this many units for its turns of the draw


class Candidate(Struct, frozen=True):
    """A unit that could go: free, with a fresh fix, nearest first."""

    call_sign: str
    distance_m: float  # straight line, to 10 m
    eta_s: float  # estimated travel time from now, to 1 s
    fix_age_s: float  # in full tens of seconds


class Shortfall(Struct, frozen=True):
    """Why a leg has no (or too few) candidates: the nearest ones that do not count, by reason."""

    reason: str  # "none" | "stale" | "committed" (or offered to a more urgent leg) | "off"
    count: int
    within_m: float  # how far the count looked
    limit_s: float = 0.0  # for "stale": the age from which a fix no longer counts


@dataclass(frozen=True)
class Need:
    """A leg that waits for `missing` more units of its tier at one place."""

    key: str
    tier: Tier
    lat: float
    lon: float
    missing: int
    sent: tuple[int, ...] = ()  # units under way to it
    there: frozenset[int] = frozenset()  # units that have arrived, which are no explanation of a shortfall


@dataclass(frozen=True)
class Outlook:
    """What can be expected for one need."""

    is_blind: bool = False  # no unit of the tier has a fresh fix: nobody can say
    soonest_s: float = math.inf  # from now until as many as are missing could be there
    candidates: tuple[Candidate, ...] = ()
    coming: tuple[Candidate, ...] = ()
    shortfall: Shortfall | None = None
    offered: frozenset[int] = frozenset()


@dataclass
class _Tier:
    """All units of one tier as one survey sees them, in columns of one length."""

    forces: Forces
    policy: Policy
    tier: Tier
    now: float
    units: Indexes = field(init=False)
    lat: Floats = field(init=False)
    lon: Floats = field(init=False)
    age_s: Floats = field(init=False)
    fresh: Mask = field(init=False)
    free: Mask = field(init=False)

    def __post_init__(self) -> None:
        forces, self.units = self.forces, self.forces.of_tier(self.tier)
        self.lat, self.lon = forces.lat[self.units], forces.lon[self.units]
        self.age_s = self.now - forces.at[self.units]
        self.fresh = self.age_s <= self.fresh_s
        self.free = self.fresh & (forces.status[self.units] == Status.AVAILABLE)

    @property
    def fresh_s(self) -> float:
        return float(self.forces.fresh_s[TIERS.index(self.tier)])

    def withdraw(self, taken: AbstractSet[int]) -> None:
        """Units offered elsewhere are not free."""
        if taken:
            self.free &= ~np.isin(self.units, list(taken))

    def distance_m(self, need: Need, rows: Indexes) -> Floats:
        return np.sqrt(_squared_m(self.lat[rows], self.lon[rows], need))

    def eta_s(self, distance_m: float) -> float:
        return distance_m * self.policy.detour / self.policy.speed_mps(self.tier)

    def candidate(self, row: int, distance_m: float) -> Candidate:
        age_s = max(float(self.age_s[row]), 0.0)
        return Candidate(
            self.forces.roster.call_signs[int(self.units[row])],
            round(distance_m / SHOWN_M) * SHOWN_M,
            float(round(self.eta_s(distance_m))),
            age_s // SHOWN_AGE_S * SHOWN_AGE_S,
        )


Offer = tuple[int, float]  # row of the tier, distance in metres


def survey(
    forces: Forces, policy: Policy, needs: Sequence[Need], now: float, taken: AbstractSet[int] = frozenset()
) -> list[Outlook]:
    """The outlook of each need, most urgent need first; units in `taken` are offered elsewhere already."""
    outlooks = [Outlook()] * len(needs)
    for tier in {need.tier for need in needs}:
        places = [place for place, need in enumerate(needs) if need.tier is tier]
        units = _Tier(forces, policy, tier, now)
        units.withdraw(taken)
        found = _survey_tier(units, [needs[place] for place in places])
        for place, outlook in zip(places, found, strict=True):
            outlooks[place] = outlook
    return outlooks


def _survey_tier(units: _Tier, needs: Sequence[Need]) -> list[Outlook]:
    if not units.fresh.any():
        return [Outlook(is_blind=True)] * len(needs)
    coming = [_coming(units, need) for need in needs]
    short = [need.missing > len(offers) for need, offers in zip(needs, coming, strict=True)]
    drawn = iter(_draw(units, [need for need, is_short in zip(needs, short, strict=True) if is_short]))
    chosen = [next(drawn) if is_short else [] for is_short in short]
    return [_outlook(units, *each) for each in zip(needs, coming, chosen, strict=True)]


def _coming(units: _Tier, need: Need) -> list[Offer]:
    """The units under way, nearest first, as far as their fixes say where they are."""
    rows = np.flatnonzero(np.isin(units.units, need.sent) & units.fresh) if need.sent else _NO_ROWS
    squared_m = _squared_m(units.lat[rows], units.lon[rows], need)
    return _nearest(rows, squared_m, len(rows))


def _draw(units: _Tier, needs: Sequence[Need]) -> list[list[Offer]]:
    """The candidates of each need: in each turn every need takes the nearest unit that is left to it."""
    rows, offered = np.flatnonzero(units.free), units.policy.offered
    depth = min(offered * len(needs), NEAREST_MOST)
    lat, lon = units.lat[rows], units.lon[rows]
    lists = [iter(_nearest(rows, _squared_m(lat, lon, need), depth)) for need in needs]
    chosen: list[list[Offer]] = [[] for _ in needs]
    gone: set[int] = set()
    for _ in range(offered):
        for offers, mine in zip(lists, chosen, strict=True):
            offer = next((offer for offer in offers if offer[0] not in gone), None)
            if offer is not None:
                mine.append(offer)
                gone.add(offer[0])
    return chosen


def _nearest(rows: Indexes, squared_m: Floats, count: int) -> list[Offer]:
    """The `count` nearest of these rows; equal distances in roster order, for every engine alike."""
    if count < len(rows):
        near = np.argpartition(squared_m, count - 1)[:count]
        rows, squared_m = rows[near], squared_m[near]
    order = np.lexsort((rows, squared_m))
    return list(zip(rows[order].tolist(), np.sqrt(squared_m[order]).tolist(), strict=True))


def _squared_m(lat: Floats, lon: Floats, need: Need) -> Floats:
    """Squared distances, which order units as well as distances do and cost a fifth."""
    east, north = offsets_m(lat, lon, need.lat, need.lon)
    return east * east + north * north


def _outlook(units: _Tier, need: Need, coming: list[Offer], offers: list[Offer]) -> Outlook:
    expected = [distance for _, distance in coming + offers][: need.missing]
    is_short = len(expected) < need.missing
    offered = frozenset(int(units.units[row]) for row, _ in offers)
    return Outlook(
        soonest_s=math.inf if is_short else max(map(units.eta_s, expected), default=0.0),
        candidates=tuple(units.candidate(*offer) for offer in offers),
        coming=tuple(units.candidate(*offer) for offer in coming),
        shortfall=_shortfall(units, need, offered) if is_short else None,
        offered=offered,
    )


def _shortfall(units: _Tier, need: Need, offered: Iterable[int]) -> Shortfall:
    """What keeps the near ones away: the commonest reason in the first ring that holds any unit."""
    mine = [*need.sent, *need.there, *offered]
    others = ~np.isin(units.units, mine) & (units.age_s < -NEVER)
    distance = units.distance_m(need, np.arange(len(units.units)))
    reasons = _reasons(units)
    for ring_m in units.policy.look_m:
        within = others & (distance <= ring_m)
        if within.any():
            counts = {reason: int(np.count_nonzero(within & who)) for reason, who in reasons.items()}
            reason = max(counts, key=lambda name: counts[name])
            return Shortfall(reason, counts[reason], ring_m, units.fresh_s if reason == "stale" else 0.0)
    return Shortfall("none", 0, units.policy.look_m[-1])


def _reasons(units: _Tier) -> dict[str, Mask]:
    """For each reason the units that it keeps away; every unit has one. The order breaks ties."""
    sent = units.forces.status[units.units] >= Status.COMMITTED
    stale = ~sent & ~units.fresh & (units.age_s <= units.forces.off_after_s)
    return {"stale": stale, "committed": sent | units.fresh, "off": ~sent & ~units.fresh & ~stale}


_NO_ROWS = np.zeros(0, np.int64)
