"""The 1-3-5 clock: incidents, their legs, who could come, who came and how we know.

Records and fixes are facts and go into dossiers (dossier.py, geofence.py); time and forces make states of
them by the rules in legs.py and candidates.py. Here the parts are joined, pending records wait, and changes
are told.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from msgspec import Struct

from dashboard.district import District
from dashboard.forces import Forces, Moved
from dashboard.forces.plausible import Mask
from dashboard.records import TIERS, Arrival, Evidence, Incident, Order, Reply, Tier, Verb
from dashboard.response.candidates import Candidate, Need, Outlook, Shortfall, survey
from dashboard.response.conduct import VERBS
from dashboard.response.deeds import Deed, Noted, Offer, Outcome, Report, ReportPart, UnitOrder
from dashboard.response.dossier import Dossier
from dashboard.response.geofence import LONGEST_SEGMENT_S, all_present, is_sure, late_sightings, sightings
from dashboard.response.incidents import IncidentState, View, chain_of, runs_out, state_of
from dashboard.response.legs import OPEN, Arrived, Attainment, Leg, LegState, attainment
from dashboard.response.policy import ClockZero, LegRule, Policy, PolicyError
from dashboard.response.unit_orders import UNIT_VERBS
from dashboard.response.waiting import Pending, Waiting

__all__ = [
    "OPEN",
    "Arrived",
    "Attainment",
    "Candidate",
    "ClockZero",
    "Deed",
    "IncidentState",
    "Leg",
    "LegRule",
    "LegState",
    "Memory",
    "Noted",
    "Offer",
    "Outcome",
    "Policy",
    "PolicyError",
    "Report",
    "ReportPart",
    "Response",
    "Shortfall",
    "UnitOrder",
]

_FORGOTTEN_S = 86_400.0  # how long we remember that an incident was closed and forgotten


class Memory(Struct, frozen=True):
    """What must be kept beside the states to go on after a restart."""

    dossiers: dict[str, Dossier] = {}
    pending: tuple[Pending, ...] = ()
    forgotten: dict[str, float] = {}  # closed incidents that are no longer held, and since when


class Response:
    """All open incidents, and the closed ones until they are forgotten."""

    def __init__(self, places: District, policy: Policy, forces: Forces) -> None:
        """No incident yet. Units that are sent are committed in `forces`, whose fixes are watched."""
        self.places = places
        self.policy = policy
        self.forces = forces
        self.unknown_units = 0  # arrivals of units that the roster does not have
        self._dossiers: dict[str, Dossier] = {}
        self._states: dict[str, IncidentState] = {}
        self._waiting = Waiting()
        self._ordered: dict[str, str] = {}  # id of an order -> the incident that it is about
        self._forgotten: dict[str, float] = {}
        self._offered: dict[str, frozenset[int]] = {}
        self._engaged: dict[str, dict[str, bool]] = {}
        self._watched: dict[frozenset[Tier], Mask] = {}

    def apply(self, record: Incident | Arrival | Order | Reply, received_at: float) -> list[IncidentState]:
        """Fold one record; answers the states that it changed, none if it said nothing new."""
        if isinstance(record, Reply):
            return self._hear(record, received_at)
        key = _key_of(record)
        if key in self._forgotten or (isinstance(record, Order) and record.verb not in VERBS):
            return []
        if isinstance(record, Incident):
            self._learn(key, record, received_at)
        elif key in self._dossiers:
            self._take(key, record)
        else:
            self._waiting.add(Pending(_waits_for_incident(key), record, received_at))
            return []
        return self._refresh([key], received_at)

    def watch(self, moved: Moved, now: float) -> list[IncidentState]:
        """Fold what a batch of fixes tells about arrivals; answers the states that it changed."""
        sure = is_sure(moved.batch, self.policy.geofence_accuracy_m)
        late_sure = is_sure(moved.late, self.policy.geofence_accuracy_m)
        since = min(moved.batch.at.min(initial=np.inf), moved.late.at.min(initial=np.inf))
        concerned = [key for key, dossier in self._dossiers.items() if _concerns(dossier, since)]
        touched = [key for key in concerned if self._watch_one(key, moved, sure, late_sure)]
        return self._refresh(touched, now)

    def tick(self, now: float) -> list[IncidentState]:
        """Time passes: deadlines, estimates and candidates, escalation; answers the states that changed."""
        self.forget(now)
        self._waiting.drop(received_before=now - self.policy.pending_s)
        return self._refresh([key for key, dossier in self._dossiers.items() if dossier.closed_at is None], now)

    def forget(self, now: float) -> list[str]:
        """Let go of what was closed long ago; answers the keys. `tick` calls it, so must a copy."""
        gone = [key for key, state in self._states.items() if self._is_done(state, now)]
        for key in gone:
            self._forgotten[key] = now
            if key in self._dossiers:
                for order in self._dossiers[key].orders.values():
                    self._ordered.pop(order.id, None)
            for part in (self._dossiers, self._states, self._offered, self._engaged):
                part.pop(key, None)
        self._forgotten = {key: since for key, since in self._forgotten.items() if now - since <= _FORGOTTEN_S}
        return gone

    def all(self) -> list[IncidentState]:
        """Every incident that is held, open or closed."""
        return list(self._states.values())

    @property
    def given_up(self) -> int:
        """Records that waited for their incident or order and were dropped because too many did."""
        return self._waiting.given_up

    def open(self) -> list[IncidentState]:
        """Those that are not closed, what runs out first comes first."""
        return sorted(filter(lambda state: state.closed_at is None, self._states.values()), key=runs_out)

    def adopt(self, states: Iterable[IncidentState]) -> None:
        """Take over states from the engine that made them."""
        self._states.update((state.key, state) for state in states)

    def memory(self) -> Memory:
        """What to keep for a restart beside `all()` and the snapshot of forces."""
        return Memory(self._dossiers, self._waiting.all(), self._forgotten)

    def restore(self, memory: Memory) -> None:
        """Go on from `memory`; adopt states and forces first."""
        self._dossiers = dict(memory.dossiers)
        self._waiting = Waiting(memory.pending)
        self._forgotten = dict(memory.forgotten)
        self._ordered = {order.id: key for key, dossier in self._dossiers.items() for order in dossier.orders.values()}
        self._commit([self._view(key) for key in self._dossiers])

    def attainment(self) -> tuple[Attainment, ...]:
        """How the clock was kept in what is held now, by tier; drills are left out."""
        return attainment(leg for state in self._states.values() if not state.drill for leg in state.legs)

    def _learn(self, key: str, incident: Incident, received_at: float) -> None:
        """A new incident, or news of one; what waited for it is folded with it."""
        dossier = self._dossiers.get(key)
        if dossier is None:
            dossier = Dossier(incident=incident, received_at=received_at, community=-1)
            self._dossiers[key] = dossier
        elif not dossier.revise(incident, received_at):
            return
        dossier.community = self.places.community_at(incident.lat, incident.lon)
        for record in self._waiting.take(_waits_for_incident(key)):
            if not isinstance(record, Reply):
                self._take(key, record)
        self._look_around(key)

    def _take(self, key: str, record: Arrival | Order) -> None:
        if isinstance(record, Arrival):
            self._report(key, record.unit, record)
            return
        dossier = self._dossiers[key]
        before = self._rules(dossier), dossier.closed_at
        if not dossier.order(record):
            return
        self._ordered.setdefault(record.id, key)
        if record.verb is Verb.ARRIVE:
            self._report(key, record.unit, record)
        if record.verb in UNIT_VERBS:
            for reply in self._waiting.take(_waits_for_order(record.id)):
                if isinstance(reply, Reply):
                    dossier.answer(reply)
        if dossier.closed_at is None and before != (self._rules(dossier), None):
            self._look_around(key)  # reopened, or classified anew: who came meanwhile is seen

    def _hear(self, reply: Reply, received_at: float) -> list[IncidentState]:
        """A unit's device speaks: about an order that we have, or one that is still to come."""
        key = self._ordered.get(reply.order)
        if key is None:
            self._waiting.add(Pending(_waits_for_order(reply.order), reply, received_at))
            return []
        return self._refresh([key], received_at) if self._dossiers[key].answer(reply) else []

    def _look_around(self, key: str) -> None:
        """Who is near an incident already, as if every last fix came now."""
        present = all_present(self.forces)
        self._watch_one(key, present, is_sure(present.batch, self.policy.geofence_accuracy_m), np.zeros(0, bool))

    def _report(self, key: str, call_sign: str, record: Arrival | Order) -> None:
        """A word about an arrival: the unit's own, or that of an officer who saw it."""
        unit = self.forces.roster.index.get(call_sign)
        if unit is None:
            self.unknown_units += 1
            return
        evidence = record.evidence if isinstance(record, Arrival) else Evidence.OPERATOR
        self._dossiers[key].report(call_sign, TIERS[self.forces.tier[unit]], record.at.timestamp(), evidence)

    def _watch_one(self, key: str, moved: Moved, sure: Mask, late_sure: Mask) -> bool:
        """Show one incident a batch; says whether it told anything new."""
        dossier, radius_m = self._dossiers[key], self.policy.geofence_m
        incident, zero_at = dossier.incident, dossier.zero_at(self.policy.zero)
        watched = self._watch_list(self._rules(dossier))
        seen = list(sightings(moved, sure, incident.lat, incident.lon, radius_m, watched))
        if len(moved.late):
            known = self._known(dossier)
            seen += late_sightings(moved.late, late_sure, incident.lat, incident.lon, radius_m, watched, known)
        names = self.forces.roster.call_signs
        return any([dossier.see(names[sight.unit], sight, zero_at, radius_m) for sight in seen])

    def _rules(self, dossier: Dossier) -> tuple[LegRule, ...]:
        return self.policy.legs_for(dossier.kind, dossier.level)

    def _watch_list(self, rules: tuple[LegRule, ...]) -> Mask:
        """Which units are of a tier that these legs wait for."""
        tiers = frozenset(rule.tier for rule in rules)
        if tiers not in self._watched:
            self._watched[tiers] = np.isin(self.forces.tier, [TIERS.index(tier) for tier in tiers])
        return self._watched[tiers]

    def _known(self, dossier: Dossier) -> Mask:
        known = np.zeros(len(self.forces), bool)
        index = self.forces.roster.index
        known[[index[name] for name in dossier.crossings if name in index]] = True
        return known

    def _view(self, key: str) -> View:
        dossier = self._dossiers[key]
        rules = self._rules(dossier)
        index = self.forces.roster.index
        tiers = {name: TIERS[self.forces.tier[index[name]]] for name in dossier.crossings if name in index}
        arrivals = dossier.arrivals(self.policy, rules, tiers)
        return View(key, dossier, rules, dossier.zero_at(self.policy.zero), dossier.closed_at, arrivals)

    def _refresh(self, keys: Sequence[str], now: float) -> list[IncidentState]:
        """Make the states of these incidents anew; answers those that differ from what was told before."""
        views = [self._view(key) for key in keys]
        for view in views:
            self._note_close(view, now)
        self._commit(views)
        outlooks = self._survey(views, now)
        states = [state_of(view, self.policy, self._chain(view), outlooks, now) for view in views]
        changed = [state for state in states if self._states.get(state.key) != state]
        self.adopt(changed)
        return changed

    def _note_close(self, view: View, now: float) -> None:
        """The close settles of which tiers nobody could say anything: that never changes again."""
        dossier = view.dossier
        if view.closed_at is None:
            dossier.close_seen_at, dossier.blind = None, ()
        elif dossier.close_seen_at is None:
            dossier.close_seen_at = now
            tiers = [rule.tier for rule in view.rules]
            dossier.blind = tuple(tier for tier in tiers if not self.forces.is_fresh(tier, now).any())

    def _commit(self, views: Iterable[View]) -> None:
        """Tell forces which units are busy, when that changed. A unit can be sent to several incidents."""
        before = self._busy()
        for view in views:
            self._engaged[view.key] = view.dossier.engaged(view.arrivals) if view.closed_at is None else {}
        after = self._busy()
        for call_sign in before.keys() - after.keys():
            self.forces.release(call_sign)
        for call_sign, on_scene in after.items():
            if before.get(call_sign) is not on_scene:
                self.forces.commit(call_sign, on_scene)

    def _busy(self) -> dict[str, bool]:
        busy: dict[str, bool] = {}
        for engaged in self._engaged.values():
            for call_sign, on_scene in engaged.items():
                busy[call_sign] = busy.get(call_sign, False) or on_scene
        return busy

    def _survey(self, views: Iterable[View], now: float) -> dict[tuple[str, Tier], Outlook]:
        """The outlook of every leg that still waits; nobody is offered who is offered to another incident."""
        waiting = []
        for view in views:
            self._offered.pop(view.key, None)
            if view.closed_at is None:
                short = [rule for rule in view.rules if len(view.there(rule)) < rule.needed]
                waiting += [(view.urgency(rule), self._need(view, rule)) for rule in short]
        needs = [need for _, need in sorted(waiting, key=lambda each: each[0])]
        taken = frozenset[int]().union(*self._offered.values())
        outlooks = survey(self.forces, self.policy, needs, now, taken)
        for need, outlook in zip(needs, outlooks, strict=True):
            self._offered[need.key] = self._offered.get(need.key, frozenset()) | outlook.offered
        return {(need.key, need.tier): outlook for need, outlook in zip(needs, outlooks, strict=True)}

    def _need(self, view: View, rule: LegRule) -> Need:
        index, incident = self.forces.roster.index, view.dossier.incident
        there = {arrived.call_sign for arrived in view.there(rule)}
        sent = tuple(index[name] for name in view.dossier.assigned() if name in index and name not in there)
        arrived = frozenset(index[name] for name in there if name in index)
        missing = rule.needed - len(there)
        return Need(view.key, rule.tier, incident.lat, incident.lon, missing, sent, arrived)

    def _is_done(self, state: IncidentState, now: float) -> bool:
        return state.close_seen_at is not None and now - state.close_seen_at > self.policy.forget_after_s

    def _chain(self, view: View) -> list[str]:
        return chain_of(self.places, view.dossier.community)


def _concerns(dossier: Dossier, since: float) -> bool:
    """Whether fixes from `since` on can tell anything about an incident: not long after its close."""
    return dossier.closed_at is None or since <= dossier.closed_at + LONGEST_SEGMENT_S


def _waits_for_incident(key: str) -> str:
    return f"incident {key}"


def _waits_for_order(order: str) -> str:
    return f"order {order}"


def _key_of(record: Incident | Arrival | Order) -> str:
    """An incident is `source/id`. Arrivals and orders name the whole key, or an id of their own source."""
    if isinstance(record, Incident):
        return f"{record.source}/{record.id}"
    target = record.incident if isinstance(record, Arrival) else record.target
    return target if "/" in target else f"{record.source}/{target}"
