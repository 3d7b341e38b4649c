"""Reach: whether what an order is about is there and lies within somebody's scope, and who has its slots already.

Reads the situation of one moment and changes nothing; whoever calls holds its lock.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from msgspec.structs import replace

from dashboard.access import Permission, Principal
from dashboard.alarms import AlarmState
from dashboard.alarms.states import raise_ref
from dashboard.alerts import AlertStage, AlertState
from dashboard.backlog.cases import CaseRow
from dashboard.district import District
from dashboard.orders import INTO_CASE, INTO_INCIDENT, OrderForm, Reason, Refused
from dashboard.orders.slots import Held, Slots, slot, unit_slot
from dashboard.records import Verb
from dashboard.response import IncidentState
from dashboard.situation import Situation


class Thing(StrEnum):
    """What an order is about."""

    CALL = "call"  # nothing that is there yet
    INCIDENT = "incident"
    ALERT = "alert"
    ALARM = "alarm"
    CASE = "case"
    CENTRE = "centre"
    RECORD = "record"  # an incident or a case


ABOUT: Mapping[Verb, Thing] = {
    Verb.REGISTER: Thing.CALL,
    Verb.CLAIM: Thing.ALERT,
    Verb.RELEASE: Thing.ALERT,
    Verb.CONFIRM: Thing.ALERT,
    Verb.MARK_FALSE: Thing.ALERT,
    Verb.ACKNOWLEDGE_ALARM: Thing.ALARM,
    Verb.SHELVE: Thing.ALARM,
    Verb.APPROVE: Thing.ALARM,
    Verb.UNSHELVE: Thing.ALARM,
    Verb.URGE: Thing.CASE,
    Verb.SUPERVISE: Thing.CASE,
    Verb.HOLD: Thing.CASE,
    Verb.EXTEND: Thing.CASE,
    Verb.CALL_ROLL: Thing.CENTRE,
    Verb.ANSWER: Thing.CENTRE,
    Verb.HAND_OVER: Thing.CENTRE,
    Verb.TAKE_OVER: Thing.CENTRE,
    Verb.RETRACT: Thing.RECORD,
}  # all others: an incident
_OF_CENTRES = (Verb.ASK_UP, Verb.OFFER)  # `into` names a centre


class Found(NamedTuple):
    """What the situation says to an order that may be given."""

    seen: Slots  # who has its slots, as far as the situation knows
    alert: AlertState | None = None
    alarm: AlarmState | None = None


class Reach:
    """One person's reach in one situation."""

    def __init__(self, principal: Principal, district: District, situation: Situation) -> None:
        self._principal = principal
        self._district = district
        self._situation = situation
        self._scope = district.scope(principal.centre)

    def find(self, form: OrderForm) -> Found:
        """What an order is about; raises Refused where that is not there, or not theirs to decide."""
        if form.unit and form.unit not in self._district.roster.index:
            raise Refused(Reason.UNKNOWN_UNIT, "unit")
        if form.verb in _OF_CENTRES and form.into not in self._district.centres:
            raise Refused(Reason.UNKNOWN_CENTRE, "into")
        match ABOUT.get(form.verb, Thing.INCIDENT):
            case Thing.CALL:
                self._check_kind(form.kind)
                self._check_place(form)
                return Found({})
            case Thing.INCIDENT:
                return self._incident(form)
            case Thing.ALERT:
                return self._alert(form)
            case Thing.ALARM:
                return self._alarm(form)
            case Thing.CASE:
                self._case(form.target, "target")
                return Found({})
            case Thing.RECORD:
                found = self._record(form.target, "target")
                needed = Permission.ACT_INCIDENT if isinstance(found, IncidentState) else Permission.ACT_CASE
                if not self._principal.may(needed):
                    raise Refused(Reason.NOT_ALLOWED)
                return Found({})
            case Thing.CENTRE:
                return self._centre(form)

    # -- kinds of things -------------------------------------------------------------------------------------------

    def _incident(self, form: OrderForm) -> Found:
        state = self._incident_at(form.target, "target")
        if form.verb is Verb.CLASSIFY and form.kind != state.kind:
            self._check_kind(form.kind)
        if form.verb is Verb.OFFER and state.in_command:
            self._check_command(form, state)
        seen = seen_of_incident(state)
        if form.unit:
            seen[unit_slot(form.unit)] = seen_of_unit(form.unit, self._situation)
        return Found(seen)

    def _alert(self, form: OrderForm) -> Found:
        state = self._situation.alerts.get(form.target)
        if state is None:
            raise Refused(Reason.UNKNOWN_TARGET, "target")
        self._check_community(state.community)
        if form.verb is Verb.CONFIRM:
            self._check_into(form)
        seen: Slots = {}
        if state.stage in (AlertStage.CONFIRMED, AlertStage.FALSE):
            decided_at = state.last_at if state.decided_at is None else state.decided_at
            seen[slot("verdict", form.target)] = _said(
                "", form.target, decided_at, state.decided_by, state.decided_from
            )
        return Found(seen, alert=state)

    def _alarm(self, form: OrderForm) -> Found:
        state = next((each for each in self._situation.alarms.all() if each.key == form.target), None)
        if state is None:
            raise Refused(Reason.UNKNOWN_TARGET, "target")
        if not self._is_covered(state.community) and not self._principal.covers(state.held_by, self._district):
            raise Refused(Reason.OUT_OF_SCOPE, "target")
        return Found(seen_of_alarm(state), alarm=state)

    def _centre(self, form: OrderForm) -> Found:
        if form.target not in self._district.centres:
            raise Refused(Reason.UNKNOWN_TARGET, "target")
        if not self._principal.covers(form.target, self._district):
            raise Refused(Reason.OUT_OF_SCOPE, "target")
        call = next((each for each in self._situation.command.all() if each.id == form.ref), None)
        if form.verb is Verb.ANSWER and call is not None and form.target not in call.asked:
            raise Refused(Reason.WRONG_CENTRE, "target")
        return Found({})

    def _record(self, key: str, field: str) -> IncidentState | CaseRow:
        try:
            return self._incident_at(key, field)
        except Refused as refused:
            if refused.reason is not Reason.UNKNOWN_TARGET:
                raise
            return self._case(key, field)

    def _incident_at(self, key: str, field: str) -> IncidentState:
        state = next((each for each in self._situation.response.all() if each.key == key), None)
        if state is None:
            raise Refused(Reason.UNKNOWN_TARGET, field)
        # Whoever was asked for help, or is offered the command, reaches it wherever it is.
        drawn_in = [state.in_command, state.held_by, *state.asked_up, *([state.offer.into] if state.offer else [])]
        if not self._is_covered(state.community) and not any(
            self._principal.covers(centre, self._district) for centre in drawn_in
        ):
            raise Refused(Reason.OUT_OF_SCOPE, field)
        return state

    def _case(self, key: str, field: str) -> CaseRow:
        row = self._situation.backlog.get(key)
        if row is None:
            raise Refused(Reason.UNKNOWN_TARGET, field)
        is_own = row.department == self._scope.department if self._scope.department is not None else True
        if not is_own or not self._is_covered(row.community):
            raise Refused(Reason.OUT_OF_SCOPE, field)
        return row

    # -- checks ----------------------------------------------------------------------------------------------------

    def _check_into(self, form: OrderForm) -> None:
        """An alert becomes something new of a known kind, or part of something that is there."""
        if form.into not in (INTO_INCIDENT, INTO_CASE):
            self._record(form.into, "into")
        elif form.into == INTO_INCIDENT:
            self._check_kind(form.kind)
        elif form.item and form.item not in self._district.items:
            raise Refused(Reason.BAD_WORD, "item")
        if form.lat is not None:
            self._check_place(form)

    def _check_kind(self, kind: str) -> None:
        if kind not in self._district.kinds:
            raise Refused(Reason.BAD_WORD, "kind")

    def _check_place(self, form: OrderForm) -> None:
        if form.lat is None or form.lon is None:
            raise Refused(Reason.NO_PLACE)
        self._check_community(self._district.community_at(form.lat, form.lon))

    def _check_community(self, community: int) -> None:
        if not self._is_covered(community):
            raise Refused(Reason.OUT_OF_SCOPE, "target")

    def _check_command(self, form: OrderForm, state: IncidentState) -> None:
        """The command is handed on by who has it, or by somebody above."""
        centre = form.centre or self._principal.centre
        above = state.in_command
        while above and above != centre:
            above = self._district.centres[above].parent if above in self._district.centres else ""
        if not above:
            raise Refused(Reason.WRONG_CENTRE, "centre")

    def _is_covered(self, community: int) -> bool:
        """Whether a community is looked after; what lies outside of all is for who looks after the whole district."""
        communities = self._scope.communities
        return bool(communities[community]) if community >= 0 else bool(communities.all())


# -- what the situation says of slots ------------------------------------------------------------------------------


def seen_of_incident(state: IncidentState) -> Slots:
    """Who acknowledged, classified, closed and offered an incident, as far as the situation knows."""
    seen: Slots = {slot(Verb.OFFER, state.key): _seen_offer(state)}
    if state.acknowledged_at is not None:
        seen[slot(Verb.ACKNOWLEDGE, state.key)] = _said(
            "", state.key, state.acknowledged_at, state.acknowledged_by, state.acknowledged_from
        )
    if state.classified_by:
        seen[slot("class", state.key)] = _said(state.classified_by, state.key, state.reported_at, "", "")
    if state.closed_at is not None:
        seen[slot(Verb.CLOSE, state.key)] = _said("", state.key, state.closed_at, "", "")
    return seen


def _seen_offer(state: IncidentState) -> Held:
    """The offer of the command that stands; one that nobody answered in time does not any more."""
    offer = state.offer
    if offer is None:
        return Held("", Verb.DECLINE, state.key, 0.0, taken=False)
    said = _said(offer.id, state.key, offer.at, offer.by, offer.centre)
    return replace(said, into=offer.into, until=offer.lapses_at)


def seen_of_unit(unit: str, situation: Situation) -> Held:
    """The incident that a unit is sent to, or that it is sent to none."""
    for state in situation.response.open():
        if unit in state.assigned:
            sent = next((order for order in state.sent if order.unit == unit), None)
            if sent is None:
                return _said("", state.key, state.reported_at, "", "")
            return _said(sent.id, state.key, sent.at, sent.by, sent.centre)
    return Held("", Verb.STAND_DOWN, "", 0.0, taken=False)


def seen_of_alarm(state: AlarmState) -> Slots:
    """Who acknowledged and shelved an alarm."""
    seen: Slots = {}
    if state.acknowledged_at is not None:
        name = slot(Verb.ACKNOWLEDGE_ALARM, state.key, raise_ref(state))
        seen[name] = _said("", state.key, state.acknowledged_at, state.acknowledged_by, state.acknowledged_from)
    if state.shelved_until is not None or state.needs_approval:
        shelved = _said(state.shelve_order, state.key, state.raised_at, state.shelved_by, "")
    else:
        shelved = Held("", Verb.UNSHELVE, state.key, 0.0, taken=False)
    seen[slot(Verb.SHELVE, state.key)] = shelved
    return seen


def _said(order: str, target: str, at: float, by: str, centre: str) -> Held:
    return Held(order, "", target, at, by=by, centre=centre)
