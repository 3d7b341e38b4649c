"""The draft of a handover (交接班): what one shift of a centre leaves to the next, drawn from the situation.

A document is a plain dict that stands for itself: names and local times are written out, so that it reads the same in
a year. Lists are cut where nobody would read on; `more` says how many entries each left out.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from dashboard.alarms import AlarmState
from dashboard.alerts import AlertStage, AlertState
from dashboard.backlog.cases import FINAL, is_overdue
from dashboard.district import District, Scope
from dashboard.duty.document import Document
from dashboard.duty.document_form import made_plain
from dashboard.duty.plan import Watch
from dashboard.heartbeats import FeedCondition
from dashboard.records import ReplyState
from dashboard.response.deeds import ReportPart
from dashboard.response.incidents import IncidentState
from dashboard.response.legs import LegState
from dashboard.situation import Situation

VERSION = 1
ENTRIES_MOST = 150  # of one list; a document must stay within what an order carries
NOTES_MOST = 4_000  # characters
_LIMITED = ("incidents", "reports", "orders", "unacknowledged", "shelved", "claimed", "feeds")
_ALONE_S = 12 * 3600.0  # how far a first document looks back, where no shift is known


def since(situation: Situation, centre: str, now: float) -> float:
    """When the shift began that hands over now: taken over, or by the plan, or half a day ago."""
    began = situation.duty.shift_began(centre, now)
    if began is not None:
        return began
    watch = situation.duty.plan.who(centre, now)
    return watch.starts if watch else now - _ALONE_S


def draft(situation: Situation, district: District, centre: str, now: float, since: float, notes: str = "") -> Document:
    """The document of a centre's shift that began at `since`; `notes` are the words of who goes."""
    scope = district.scope(centre)
    writer = _Writer(district, scope, now, since)
    states = [state for state in situation.response.all() if scope.covers(state.community)]
    opened = sorted((state for state in states if state.closed_at is None), key=lambda state: state.reported_at)
    parts: dict[str, Any] = {
        "incidents": [writer.incident(state) for state in opened],
        "reports": [report for state in states for report in writer.reports(state)],
        "orders": [order for state in opened for order in writer.orders(state)],
        "unacknowledged": writer.unacknowledged(situation),
        "shelved": writer.shelved(situation),
        "claimed": writer.claimed(situation),
        "feeds": writer.feeds(situation),
    }
    document = {
        "version": VERSION,
        "centre": centre,
        "name": scope.centre.name,
        "name_en": scope.centre.name_en,
        "from": writer.local(since),
        "to": writer.local(now),
        "handled": writer.handled(situation, states),
        "cases": writer.cases(situation),
        **{name: parts[name][:ENTRIES_MOST] for name in _LIMITED},
        "more": {name: len(parts[name]) - ENTRIES_MOST for name in _LIMITED if len(parts[name]) > ENTRIES_MOST},
        "goes": writer.watch(situation.duty.responsible(centre, now)),
        "comes": writer.watch(situation.duty.plan.after(centre, now)),
        "notes": notes.strip()[:NOTES_MOST],
    }
    plain: Document = made_plain(document)  # names of rosters and districts come from files
    return plain


class _Writer:
    """Writes entries of one scope at one time."""

    def __init__(self, district: District, scope: Scope, now: float, since: float) -> None:
        self._district, self._scope = district, scope
        self._now, self._since = now, since
        self._codes = {scope.centre.code, *(centre.code for centre in district.below(scope.centre.code))}

    def local(self, at: float | None) -> str:
        """A time in the district's zone, to the second; empty for none."""
        if at is None:
            return ""
        return datetime.fromtimestamp(at, self._district.timezone).isoformat(timespec="seconds")

    def centre(self, code: str) -> str:
        """A centre by its name, so that the document needs no district to be read."""
        node = self._district.centres.get(code)
        return node.name if node else code

    def incident(self, state: IncidentState) -> Document:
        """One open incident: who commands, and which legs are late."""
        return {
            **self._named(state),
            "kind": state.kind,
            "level": int(state.level),
            "drill": state.drill,
            "reported_at": self.local(state.reported_at),
            "acknowledged": state.acknowledged_at is not None,
            "in_command": self.centre(state.in_command or state.held_by),
            "offered_to": self.centre(state.offer.into) if state.offer else "",
            "late": [leg.tier.value for leg in state.legs if leg.state in (LegState.OVERDUE, LegState.LATE)],
        }

    def reports(self, state: IncidentState) -> list[Document]:
        """The reports that an incident still owes: the first, and behind a first one that was closed the final."""
        sent = {report.part for report in state.reports}
        if state.closed_at is None and state.report_due_at is not None and ReportPart.FIRST not in sent:
            overdue = self._now > state.report_due_at
            return [{**self._named(state), "part": "first", "due_at": self.local(state.report_due_at), "late": overdue}]
        if state.closed_at is not None and ReportPart.FIRST in sent and ReportPart.FINAL not in sent:
            return [{**self._named(state), "part": "final", "due_at": "", "late": False}]
        return []

    def orders(self, state: IncidentState) -> list[Document]:
        """Orders to units that none has accepted and no arrival has answered."""
        there = {arrived.call_sign for arrived in state.arrivals}
        return [
            {
                **self._named(state),
                "unit": order.unit,
                "at": self.local(order.at),
                "state": order.state.value if order.state else "",
                "late": order.answer_due_at is not None and self._now > order.answer_due_at,
            }
            for order in state.sent
            if order.go and order.unit not in there and order.state is not ReplyState.ACCEPTED
        ]

    def unacknowledged(self, situation: Situation) -> list[Document]:
        """Alarms that nobody has acknowledged."""
        return [self._alarm(alarm) for alarm in self._alarms(situation) if alarm.needs_action]

    def shelved(self, situation: Situation) -> list[Document]:
        """Alarms that are shelved, or wait for a second person to agree: by whom, why, and until when."""
        return [
            {
                **self._alarm(alarm),
                "until": self.local(alarm.shelved_until or alarm.wanted_until or alarm.raised_at),
                "by": alarm.shelved_by,
                "reason": alarm.shelve_reason,
            }
            for alarm in self._alarms(situation)
            if alarm.shelved_until is not None or alarm.needs_approval
        ]

    def claimed(self, situation: Situation) -> list[Document]:
        """Alerts that somebody claimed and did not decide."""
        return [
            {
                "key": alert.key,
                "title": alert.title or alert.kind,
                "since": self.local(alert.first_at),
                "by": self.centre(alert.claimed_by),
            }
            for alert in self._alerts(situation)
            if alert.stage is AlertStage.CLAIMED
        ]

    def feeds(self, situation: Situation) -> list[Document]:
        """Sources that do not deliver as they should."""
        feeds = sorted(situation.feeds.values(), key=lambda feed: feed.name)
        return [
            {
                "name": feed.name,
                "title": feed.title,
                "state": feed.condition.value,
                "last": self.local(feed.record_at or None),
            }
            for feed in feeds
            if feed.condition in (FeedCondition.LOST, FeedCondition.SILENT)
        ]

    def cases(self, situation: Situation) -> dict[str, int]:
        """How many cases are open, past their limit, and supervised."""
        department = self._scope.department
        opened = [
            row
            for row in situation.backlog.all()
            if row.stage not in FINAL and self._scope.covers(row.community) and department in (None, row.department)
        ]
        return {
            "open": len(opened),
            "overdue": sum(is_overdue(row, self._now) for row in opened),
            "supervised": sum(row.supervised_at is not None for row in opened),
        }

    def handled(self, situation: Situation, states: Iterable[IncidentState]) -> Document:
        """What this shift has done with: what is open is not all that is handed over."""
        closed = [state for state in states if state.closed_at is not None and state.closed_at >= self._since]
        done = (AlertStage.CONFIRMED, AlertStage.FALSE)
        decided = [each for each in self._alerts(situation) if each.stage in done and each.last_at >= self._since]
        return {
            "incidents": [
                {**self._named(state), "outcome": state.outcome, "closed_at": self.local(state.closed_at)}
                for state in sorted(closed, key=lambda state: (state.closed_at or 0.0, state.key))[:ENTRIES_MOST]
            ],
            "alerts": len(decided),
        }

    def watch(self, watch: Watch | None) -> Document | None:
        """Who is on duty, by name and time."""
        if watch is None:
            return None
        return {
            "leader": watch.leader,
            "chief": watch.chief,
            "officers": list(watch.officers),
            "from": self.local(watch.starts),
            "to": self.local(watch.ends),
        }

    def _named(self, state: IncidentState) -> Document:
        return {"key": state.key, "title": state.title or state.place or state.kind}

    def _alarm(self, alarm: AlarmState) -> Document:
        return {
            "key": alarm.key,
            "title": alarm.title or alarm.subject,
            "cause": alarm.cause,
            "level": int(alarm.level),
            "raised_at": self.local(alarm.raised_at),
        }

    def _alarms(self, situation: Situation) -> list[AlarmState]:
        alarms = situation.alarms.all()
        inside = (alarm for alarm in alarms if self._scope.covers(alarm.community) or alarm.area in self._codes)
        return sorted(inside, key=lambda alarm: (alarm.level, alarm.raised_at, alarm.key))

    def _alerts(self, situation: Situation) -> list[AlertState]:
        inside = (alert for alert in situation.alerts.all() if self._scope.covers(alert.community))
        return sorted(inside, key=lambda alert: (alert.first_at, alert.key))
