"""The legs of the 1-3-5 clock as pure rules: what is true of a leg now, who holds an incident, figures."""

import math
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType

from msgspec import Struct

from dashboard.records import TIERS, Evidence, Tier
from dashboard.response.candidates import Candidate, Outlook, Shortfall
from dashboard.response.policy import LADDER, LegRule


class LegState(StrEnum):
    """What can be said of one tier's part of an incident's clock (DESIGN section 3)."""

    RUNNING = "running"
    AT_RISK = "at_risk"
    MET = "met"
    OVERDUE = "overdue"
    LATE = "late"
    NOT_REQUIRED = "not_required"
    UNKNOWN = "unknown"


class Arrived(Struct, frozen=True):
    """One piece of evidence that a unit is on scene; all are kept, the earliest counts."""

    call_sign: str
    tier: Tier
    at: float
    evidence: Evidence
    error_s: float = 0.0  # half-width of the band for an interpolated geofence arrival


class Leg(Struct, frozen=True):
    """One tier's part of the clock."""

    tier: Tier
    limit_s: float
    needed: int  # 0: the policy asks nothing of this tier
    due_at: float
    state: LegState
    candidates: tuple[Candidate, ...] = ()
    shortfall: Shortfall | None = None
    arrived: Arrived | None = None  # the arrival that completed the leg
    coming: tuple[Candidate, ...] = ()  # units under way with a fresh fix, nearest first


OPEN = (LegState.RUNNING, LegState.AT_RISK, LegState.OVERDUE, LegState.UNKNOWN)


def first_arrivals(arrivals: Iterable[Arrived], tier: Tier, until: float = math.inf) -> list[Arrived]:
    """The earliest evidence of each unit of a tier up to a time, earliest unit first."""
    first: dict[str, Arrived] = {}
    for arrived in sorted(arrivals, key=order_of_arrival):
        if arrived.tier is tier and arrived.at <= until:
            first.setdefault(arrived.call_sign, arrived)
    return list(first.values())


def order_of_arrival(arrived: Arrived) -> tuple[float, str, str]:
    """Earliest first; the rest only makes the order certain."""
    return arrived.at, arrived.call_sign, arrived.evidence


def judge(
    rule: LegRule,
    zero_at: float,
    closed_at: float | None,
    there: Sequence[Arrived],
    outlook: Outlook,
    now: float,
) -> Leg:
    """One leg now. `there` is `first_arrivals` of its tier; once closed, `outlook` is that of the close."""
    due_at = zero_at + rule.limit_s
    arrived = there[rule.needed - 1] if len(there) >= rule.needed else None
    state = _state(due_at, closed_at, arrived, outlook, now)
    if state not in OPEN or closed_at is not None:
        return Leg(rule.tier, rule.limit_s, rule.needed, due_at, state, arrived=arrived)
    found = (outlook.candidates, outlook.shortfall, None, outlook.coming)
    return Leg(rule.tier, rule.limit_s, rule.needed, due_at, state, *found)


def _state(due_at: float, closed_at: float | None, arrived: Arrived | None, outlook: Outlook, now: float) -> LegState:
    if arrived is not None:
        return LegState.MET if arrived.at <= due_at else LegState.LATE
    if closed_at is not None and closed_at <= due_at:
        # Closed while there was time left: nothing was missed, so it stays out of the denominator.
        return LegState.NOT_REQUIRED
    if outlook.is_blind:
        return LegState.UNKNOWN
    if closed_at is not None or now > due_at:
        return LegState.OVERDUE
    return LegState.AT_RISK if now + outlook.soonest_s > due_at else LegState.RUNNING


def not_required(rules: Sequence[LegRule], zero_at: float) -> list[Leg]:
    """The rungs of the 1-3-5 ladder that the policy asks nothing of, so that they are seen to be missing."""
    asked = {rule.tier for rule in rules}
    missing = [rule.tier for rule in LADDER if rule.tier not in asked]
    return [Leg(tier, 0.0, 0, zero_at, LegState.NOT_REQUIRED) for tier in missing]


def in_ladder_order(legs: Iterable[Leg]) -> tuple[Leg, ...]:
    """As they are drawn: by tier."""
    return tuple(sorted(legs, key=lambda leg: TIERS.index(leg.tier)))


class Held(Struct, frozen=True):
    """Which centre holds an incident, and since when."""

    by: str
    since: float
    is_asked: bool = False  # an officer asked it for help; else the incident climbed by itself


def climb(
    chain: Sequence[str],
    climb_s: Sequence[float],
    first_at: float,
    acknowledged_at: float | None,
    legs: Iterable[Leg],
    until: float,
    asked: Mapping[str, float] = MappingProxyType({}),
) -> tuple[Held, ...]:
    """How an incident has climbed up `chain` (lowest centre first) by `until`: who held it, the last one holds it.

    It climbs one centre each time that a trouble has lasted as long as the next of `climb_s`: nobody
    acknowledges it, or a leg is overdue; neither is counted from before `first_at`, when we heard of it. To a centre
    that was `asked` for help it climbs at once. What has climbed stays there when the trouble ends.
    """
    troubles = _troubles(first_at, acknowledged_at, legs, until)
    reached: list[tuple[float, int, bool]] = []
    for place, step_s in enumerate(climb_s[: max(len(chain) - 1, 0)], start=1):
        times = [since + step_s for since, end in troubles if since + step_s <= min(end, until)]
        if not times:
            break
        reached.append((min(times), place, False))
    places = {centre: place for place, centre in enumerate(chain)}
    reached += [(at, places[centre], True) for centre, at in asked.items() if centre in places and at <= until]
    ladder, highest = [Held(chain[0] if chain else "", first_at)], 0
    for at, place, is_asked in sorted(reached):
        if place > highest:
            ladder.append(Held(chain[place], at, is_asked))
            highest = place
    return tuple(ladder)


def held(
    chain: Sequence[str],
    climb_s: Sequence[float],
    first_at: float,
    acknowledged_at: float | None,
    legs: Iterable[Leg],
    until: float,
) -> Held:
    """Which centre of a chain holds something by `until`: where it has climbed to by itself."""
    return climb(chain, climb_s, first_at, acknowledged_at, legs, until)[-1]


def _troubles(
    first_at: float, acknowledged_at: float | None, legs: Iterable[Leg], until: float
) -> list[tuple[float, float]]:
    """From when to when nobody had acknowledged, or a leg was overdue."""
    troubles = [(first_at, until if acknowledged_at is None else acknowledged_at)]
    for leg in legs:
        if leg.state is LegState.OVERDUE:
            troubles.append((max(leg.due_at, first_at), until))
        elif leg.state is LegState.LATE and leg.arrived is not None:
            troubles.append((max(leg.due_at, first_at), leg.arrived.at))
    return troubles


class Attainment(Struct, frozen=True):
    """How one tier kept its clock. Legs that still run, or were closed in time, are not in `total`."""

    tier: Tier
    met: int
    late: int
    overdue: int
    unknown: int

    @property
    def total(self) -> int:
        """The denominator: unknown counts, or a silent tier would look perfect."""
        return self.met + self.late + self.overdue + self.unknown

    @property
    def share(self) -> float | None:
        """Met of all, None if there was nothing to meet."""
        return self.met / self.total if self.total else None


def attainment(legs: Iterable[Leg]) -> tuple[Attainment, ...]:
    """One row for each tier that any of these legs asks for; leave drills out before."""
    by_tier: dict[Tier, list[LegState]] = {}
    for leg in legs:
        if leg.needed:
            by_tier.setdefault(leg.tier, []).append(leg.state)
    counted = (LegState.MET, LegState.LATE, LegState.OVERDUE, LegState.UNKNOWN)
    return tuple(
        Attainment(tier, *(by_tier[tier].count(state) for state in counted)) for tier in TIERS if tier in by_tier
    )
