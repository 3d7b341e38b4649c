"""An incident as a screen needs it: the state that follows from dossier, forces and time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from msgspec import Struct

from dashboard.district import Centre, District
from dashboard.records import Level, Tier, seconds
from dashboard.response.authority import authority
from dashboard.response.candidates import Outlook
from dashboard.response.deeds import Deed, Offer, Report, UnitOrder
from dashboard.response.dossier import Dossier
from dashboard.response.legs import Arrived, Leg, LegState, climb, first_arrivals, in_ladder_order, judge, not_required
from dashboard.response.policy import LegRule, Policy
from dashboard.response.story import Course, story
from dashboard.response.unit_orders import unit_orders


class IncidentState(Struct, frozen=True, kw_only=True):
    """All that is known of one incident now."""

    key: str
    revision: int
    kind: str
    level: Level
    title: str
    place: str
    lat: float
    lon: float
    community: int  # index, -1 outside
    reported_at: float
    occurred_at: float | None = None
    dispatched_at: float | None = None
    zero_at: float = 0.0  # where the clock starts, by policy
    acknowledged_at: float | None = None
    closed_at: float | None = None
    drill: bool = False
    late_record: bool = False  # it reached us long after it was reported: no bell
    assigned: tuple[str, ...] = ()
    arrivals: tuple[Arrived, ...] = ()
    legs: tuple[Leg, ...] = ()
    held_by: str = ""  # the centre that the escalation has reached
    held_since: float = 0.0
    received_at: float = 0.0  # when we first heard of it, server clock
    close_seen_at: float | None = None  # when we learnt of the close, server clock
    acknowledged_by: str = ""
    acknowledged_from: str = ""  # code of the centre
    classified_by: str = ""  # id of the order that gave kind and level; "": they are the source's
    in_command: str = ""  # code of the centre that commands: the lowest of the chain until it is handed over
    offer: Offer | None = None
    asked_up: tuple[str, ...] = ()  # codes of the centres that were asked for help
    sent: tuple[UnitOrder, ...] = ()  # by unit, in the order they were sent
    reports: tuple[Report, ...] = ()
    report_due_at: float | None = None  # of the first report; None: the policy asks for none
    outcome: str = ""
    outcome_text: str = ""
    deeds: tuple[Deed, ...] = ()  # oldest first
    notes_dropped: int = 0  # notes older than all that are kept


@dataclass(frozen=True)
class View:
    """One dossier as one refresh sees it: what follows from its facts alone."""

    key: str
    dossier: Dossier
    rules: tuple[LegRule, ...]
    zero_at: float
    closed_at: float | None
    arrivals: tuple[Arrived, ...]

    def there(self, rule: LegRule) -> list[Arrived]:
        """The first arrival of each unit that counts for a leg, earliest first."""
        return first_arrivals(self.arrivals, rule.tier, np.inf if self.closed_at is None else self.closed_at)

    def urgency(self, rule: LegRule) -> tuple[bool, int, float, str]:
        """Who may draw candidates first: the least value. A drill never takes a unit from a real incident."""
        dossier = self.dossier
        return dossier.incident.drill, dossier.level, self.zero_at + rule.limit_s, self.key


Outlooks = Mapping[tuple[str, Tier], Outlook]  # by incident key and tier


def state_of(view: View, policy: Policy, chain: Sequence[str], outlooks: Outlooks, now: float) -> IncidentState:
    """The state of one incident. `chain`: the centres that can hold it, lowest first."""
    dossier, incident, conduct = view.dossier, view.dossier.incident, view.dossier.conduct
    reported_at = incident.reported_at.timestamp()
    legs = [_leg(view, rule, outlooks, now) for rule in view.rules]
    until = now if view.closed_at is None else view.closed_at
    first_at = max(reported_at, dossier.received_at)
    ladder = climb(chain, policy.climb_s, first_at, dossier.acknowledged_at, legs, until, conduct.asked)
    commanded = authority(conduct.transfers, chain, conduct.acknowledging, policy.offer_s, now, view.closed_at)
    there = {arrived.call_sign for arrived in view.arrivals}
    sent = unit_orders(conduct.told.values(), policy.answer_s, there, view.closed_at is not None)
    first_report_s = policy.first_report_s(dossier.level)
    report_due_at = None if first_report_s is None else reported_at + first_report_s
    course = Course(
        reported_at=reported_at,
        legs=legs,
        arrivals=view.arrivals,
        ladder=ladder,
        sent=sent,
        lapsed=commanded.lapsed,
        report_missed_at=report_due_at if _is_missed(report_due_at, conduct.reports, until) else None,
        source_closed_at=seconds(incident.closed_at),
    )
    return IncidentState(
        key=view.key,
        revision=incident.revision,
        kind=dossier.kind,
        level=dossier.level,
        title=incident.title,
        place=incident.place,
        lat=incident.lat,
        lon=incident.lon,
        community=dossier.community,
        reported_at=reported_at,
        occurred_at=seconds(incident.occurred_at),
        dispatched_at=dossier.dispatched_at,
        zero_at=view.zero_at,
        acknowledged_at=dossier.acknowledged_at,
        closed_at=view.closed_at,
        drill=incident.drill,
        late_record=dossier.received_at - reported_at > policy.late_after_s,
        assigned=dossier.assigned(),
        arrivals=view.arrivals,
        legs=in_ladder_order([*legs, *not_required(view.rules, view.zero_at)]),
        held_by=ladder[-1].by,
        held_since=ladder[-1].since,
        received_at=dossier.received_at,
        close_seen_at=dossier.close_seen_at,
        acknowledged_by=conduct.acknowledged.by if conduct.acknowledged else "",
        acknowledged_from=conduct.acknowledged.centre if conduct.acknowledged else "",
        classified_by=conduct.classified.id if conduct.classified else "",
        in_command=commanded.in_command,
        offer=commanded.offer,
        asked_up=tuple(conduct.asked),
        sent=sent,
        reports=conduct.reports,
        report_due_at=report_due_at,
        outcome=conduct.closed.kind if conduct.closed else "",
        outcome_text=conduct.closed.text if conduct.closed else "",
        deeds=story(conduct.lines, course, now),
        notes_dropped=dossier.notes_dropped,
    )


def _is_missed(due_at: float | None, reports: Iterable[Report], until: float) -> bool:
    """Whether the time for the first report passed without one, up to now or the close."""
    return due_at is not None and until > due_at and all(report.at > due_at for report in reports)


def _leg(view: View, rule: LegRule, outlooks: Outlooks, now: float) -> Leg:
    if view.closed_at is None:
        outlook = outlooks.get((view.key, rule.tier), Outlook())
    else:
        outlook = Outlook(is_blind=rule.tier in view.dossier.blind)
    return judge(rule, view.zero_at, view.closed_at, view.there(rule), outlook, now)


def chain_of(places: District, community: int) -> list[str]:
    """The centres that can hold an incident of a community, lowest first; outside of all the root."""
    centre: Centre | None = places.communities[community] if community >= 0 else places.root
    chain: list[str] = []
    while centre is not None:
        chain.append(centre.code)
        centre = places.centres.get(centre.parent)
    return chain


def runs_out(state: IncidentState) -> tuple[float, int, str]:
    """The next deadline that can still be kept; then the graver incident."""
    running = [leg.due_at for leg in state.legs if leg.state in (LegState.RUNNING, LegState.AT_RISK)]
    return min(running, default=np.inf), state.level, state.key
