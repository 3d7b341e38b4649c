"""The facts about one incident, as records brought them, and what follows from them whatever their order was.

Facts are only ever made better: a later revision, an earlier arrival, one more order. So the same records give the
same dossier in any order and however often they come. What follows from the orders is in conduct.py, what time makes
of it all in legs.py and incidents.py.
"""

from functools import cached_property

from msgspec import Struct

from dashboard.records import Evidence, Incident, Level, Order, Reply, Tier, Verb, seconds
from dashboard.response.conduct import Conduct, conduct_of, oldest_first
from dashboard.response.geofence import Crossing, Sight, arrival, better
from dashboard.response.legs import Arrived, first_arrivals, order_of_arrival
from dashboard.response.policy import ClockZero, LegRule, Policy
from dashboard.response.unit_orders import UNIT_VERBS, Answer, further

CROSSINGS_KEPT = 200  # ways in that are kept for one incident; more is a crowd, and the earliest count anyway
ORDERS_KEPT = 500  # of one incident; beyond it the oldest notes go


class Dossier(Struct, kw_only=True, dict=True):
    """Everything that is known of one incident; kept over a restart."""

    incident: Incident
    received_at: float  # when we first heard of it
    community: int  # index, -1 outside
    close_seen_at: float | None = None  # when we learnt of the close
    blind: tuple[Tier, ...] = ()  # tiers of which nobody could say anything when we learnt of the close
    orders: dict[str, Order] = {}  # by source/id
    notes_dropped: int = 0
    answers: dict[str, Answer] = {}  # by id of the order to a unit
    reports: dict[str, Arrived] = {}  # by call-sign and evidence
    crossings: dict[str, Crossing] = {}  # by call-sign

    @cached_property
    def conduct(self) -> Conduct:
        """What follows from the orders; made anew when one comes."""
        return conduct_of(self.orders.values(), self.answers)

    @property
    def kind(self) -> str:
        """What it is, as the officer who classified it sees it; else as its source does."""
        classified = self.conduct.classified
        return classified.kind if classified is not None and classified.kind else self.incident.kind

    @property
    def level(self) -> Level:
        """How grave it is, by the officer who classified it; else by its source."""
        classified = self.conduct.classified
        return classified.level if classified is not None and classified.level else self.incident.level

    @property
    def acknowledged_at(self) -> float | None:
        """When the first officer took notice."""
        acknowledged = self.conduct.acknowledged
        return seconds(acknowledged.at if acknowledged else None)

    @property
    def closed_at(self) -> float | None:
        """When it was closed, by its source or by an operator, whichever was first."""
        closed = self.conduct.closed
        return _earlier(seconds(self.incident.closed_at), seconds(closed.at if closed else None))

    @property
    def dispatched_at(self) -> float | None:
        """What the source says; without that, when the first unit was sent."""
        stated = seconds(self.incident.dispatched_at)
        return self.conduct.first_sent_at if stated is None else stated

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

    def order(self, order: Order) -> bool:
        """Take what an operator told the system or a unit to do; says whether it is new."""
        name = f"{order.source}/{order.id}"
        if name in self.orders:
            return False
        self.orders[name] = order
        if len(self.orders) > ORDERS_KEPT:
            self._drop_a_note()
        self.__dict__.pop("conduct", None)
        return True

    def answer(self, reply: Reply) -> bool:
        """Take a device's word on an order to its unit; says whether it tells anything new."""
        told = (order for order in self.orders.values() if order.id == reply.order and order.unit == reply.unit)
        if not any(order.verb in UNIT_VERBS for order in told):
            return False
        known = self.answers.get(reply.order)
        answer = further(known, reply)
        if answer == known:
            return False
        self.answers[reply.order] = answer
        self.__dict__.pop("conduct", None)
        return True

    def report(self, call_sign: str, tier: Tier, at: float, evidence: Evidence) -> None:
        """Take a word about an arrival; of one unit and one kind of evidence the earliest is kept."""
        arrived = Arrived(call_sign, tier, at, evidence)
        name = f"{call_sign} {evidence}"
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
        """The units that are sent, come, and were not called off before the close, in the order they were sent."""
        closed_at = self.closed_at
        return tuple(name for at, name in self.conduct.coming if closed_at is None or at <= closed_at)

    def engaged(self, arrivals: tuple[Arrived, ...]) -> dict[str, bool]:
        """The units that are busy with it, and whether they are there.

        Sent units are, and those that said themselves to be on scene until they are told to stand down, or say that
        they do not come. A unit that only the geofence saw may be passing by, and stays free.
        """
        there = {arrived.call_sign for arrived in arrivals}
        busy = {name: name in there for name in self.assigned()}
        for arrived in self.reports.values():
            told = self.conduct.told.get(arrived.call_sign)
            if told is None or told.free_since is None or told.free_since < arrived.at:
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

    def _drop_a_note(self) -> None:
        """Too much is on record: the oldest note goes, and is counted."""
        notes = [name for name, order in self.orders.items() if order.verb is Verb.NOTE]
        if notes:
            del self.orders[min(notes, key=lambda name: oldest_first(self.orders[name]))]
            self.notes_dropped += 1


def _not_before(arrived: Arrived, zero_at: float) -> Arrived:
    """Who was there before clock zero arrived at clock zero: no response takes less than no time."""
    if arrived.at >= zero_at:
        return arrived
    return Arrived(arrived.call_sign, arrived.tier, zero_at, arrived.evidence, arrived.error_s)


def _earlier(one: float | None, other: float | None) -> float | None:
    known = [at for at in (one, other) if at is not None]
    return min(known, default=None)
