"""The facts about one incident, as records brought them, and what follows from them whatever their order was.

Facts are only ever made better: a later revision, an earlier arrival, the latest order to a unit. So the same
records give the same dossier in any order and however often they come. What time makes of it is in legs.py
and response.py.
"""

from msgspec import Struct

from dashboard.records import Arrival, Evidence, Incident, Order, Tier, Verb, seconds
from dashboard.response.geofence import Crossing, Sight, arrival, better
from dashboard.response.legs import Arrived, first_arrivals, order_of_arrival
from dashboard.response.policy import ClockZero, LegRule, Policy

CROSSINGS_KEPT = 200  # ways in that are kept for one incident; more is a crowd, and the earliest count anyway


class Told(Struct, frozen=True, array_like=True):
    """The latest order that a unit was given for an incident."""

    at: float
    go: bool  # false: stand down, which wins over a dispatch of the same instant


class Dossier(Struct, kw_only=True):
    """Everything that is known of one incident; kept over a restart."""

    incident: Incident
    received_at: float  # when we first heard of it
    community: int  # index, -1 outside
    acknowledged_at: float | None = None
    order_closed_at: float | None = None
    close_seen_at: float | None = None  # when we learnt of the close
    blind: tuple[Tier, ...] = ()  # tiers of which nobody could say anything when we learnt of the close
    first_sent_at: float | None = None
    told: dict[str, Told] = {}  # by call-sign
    reports: dict[str, Arrived] = {}  # by call-sign and evidence
    crossings: dict[str, Crossing] = {}  # by call-sign

    @property
    def closed_at(self) -> float | None:
        """When it was closed, by its source or by an operator, whichever was first."""
        return _earlier(seconds(self.incident.closed_at), self.order_closed_at)

    @property
    def dispatched_at(self) -> float | None:
        """What the source says; without that, when the first unit was sent."""
        stated = seconds(self.incident.dispatched_at)
        return self.first_sent_at if stated is None else stated

    def zero_at(self, zero: ClockZero) -> float:
        """Where the clock starts; until the chosen moment is known it starts at the report."""
        chosen = None
        if zero is ClockZero.OCCURRED_AT:
            chosen = seconds(self.incident.occurred_at)
        elif zero is ClockZero.DISPATCHED_AT:
            chosen = self.dispatched_at
        return self.incident.reported_at.timestamp() if chosen is None else chosen

    def revise(self, incident: Incident, received_at: float) -> bool:
        """Take a later revision; an older one changes nothing. Says whether the place changed."""
        self.received_at = min(self.received_at, received_at)
        if incident.revision <= self.incident.revision:
            return False
        moved = (incident.lat, incident.lon) != (self.incident.lat, self.incident.lon)
        self.incident = incident
        if moved:
            self.crossings = {}
        return moved

    def order(self, order: Order) -> None:
        """Take what an operator told the system or a unit to do."""
        at = order.at.timestamp()
        if order.verb is Verb.ACKNOWLEDGE:
            self.acknowledged_at = _earlier(self.acknowledged_at, at)
        elif order.verb is Verb.CLOSE:
            self.order_closed_at = _earlier(self.order_closed_at, at)
        elif order.verb in (Verb.DISPATCH, Verb.STAND_DOWN):
            self._tell(order.unit, Told(at, order.verb is Verb.DISPATCH))

    def report(self, record: Arrival, tier: Tier) -> None:
        """Take a word about an arrival; of one unit and one kind of evidence the earliest is kept."""
        arrived = Arrived(record.unit, tier, record.at.timestamp(), record.evidence)
        name = f"{record.unit} {record.evidence}"
        known = self.reports.get(name)
        if known is None or arrived.at < known.at:
            self.reports[name] = arrived

    def see(self, call_sign: str, sight: Sight, zero_at: float, radius_m: float) -> bool:
        """Take one fix into account; says whether it told anything new."""
        known = self.crossings.get(call_sign)
        crossing = better(known, sight, radius_m, zero_at)
        if crossing is None or crossing == known:
            return False
        self.crossings[call_sign] = crossing
        if len(self.crossings) > CROSSINGS_KEPT:
            latest = max(self.crossings, key=lambda name: (self.crossings[name].inside.at, name))
            del self.crossings[latest]
        return True

    def assigned(self) -> tuple[str, ...]:
        """The units that are sent and were not called off before the close, in the order they were sent."""
        closed_at = self.closed_at
        sent = [(told.at, name) for name, told in self.told.items() if told.go]
        return tuple(name for at, name in sorted(sent) if closed_at is None or at <= closed_at)

    def engaged(self, arrivals: tuple[Arrived, ...]) -> dict[str, bool]:
        """The units that are busy with it, and whether they are there.

        Sent units are, and those that said themselves to be on scene until they are told to stand down. A
        unit that only the geofence saw may be passing by, and stays free.
        """
        there = {arrived.call_sign for arrived in arrivals}
        busy = {name: name in there for name in self.assigned()}
        for arrived in self.reports.values():
            told = self.told.get(arrived.call_sign)
            if told is None or told.go or told.at < arrived.at:
                busy[arrived.call_sign] = True
        return busy

    def arrivals(self, policy: Policy, rules: tuple[LegRule, ...], tiers: dict[str, Tier]) -> tuple[Arrived, ...]:
        """Evidence of arrivals, earliest first: all reports, and of the geofence who counts or was sent."""
        zero_at, closed_at = self.zero_at(policy.zero), self.closed_at
        seen = []
        for name, crossing in self.crossings.items():
            at, error_s = arrival(crossing, zero_at, policy.geofence_m)
            if closed_at is None or at <= closed_at:
                seen.append(Arrived(name, tiers[name], at, Evidence.GEOFENCE, error_s))
        sent = set(self.assigned())
        kept = [arrived for arrived in seen if arrived.call_sign in sent]
        for rule in rules:
            first = first_arrivals(seen, rule.tier)[: rule.needed]
            kept += [arrived for arrived in first if arrived.call_sign not in sent]
        told = [_not_before(arrived, zero_at) for arrived in self.reports.values()]
        return tuple(sorted(kept + told, key=order_of_arrival))

    def _tell(self, unit: str, told: Told) -> None:
        if told.go:
            self.first_sent_at = _earlier(self.first_sent_at, told.at)
        known = self.told.get(unit)
        if known is None or (told.at, not told.go) > (known.at, not known.go):
            self.told[unit] = told


def _not_before(arrived: Arrived, zero_at: float) -> Arrived:
    """Who was there before clock zero arrived at clock zero: no response takes less than no time."""
    if arrived.at >= zero_at:
        return arrived
    return Arrived(arrived.call_sign, arrived.tier, zero_at, arrived.evidence, arrived.error_s)


def _earlier(one: float | None, other: float | None) -> float | None:
    known = [at for at in (one, other) if at is not None]
    return min(known, default=None)
