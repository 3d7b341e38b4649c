"""The log of an incident that reads as a story: what officers did, and between it what the system noted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter

from dashboard.records import Evidence, ReplyState, Verb
from dashboard.response.deeds import Deed, Noted, Offer, UnitOrder
from dashboard.response.legs import Arrived, Held, Leg, LegState

_ANSWERS = {
    ReplyState.ACCEPTED: Noted.ACCEPTED,
    ReplyState.DECLINED: Noted.DECLINED,
    ReplyState.FAILED: Noted.FAILED,
    ReplyState.BY_VOICE: Noted.BY_VOICE,
}


@dataclass(frozen=True)
class Course:
    """What became of an incident, as far as its log tells of it."""

    reported_at: float
    legs: Sequence[Leg]
    arrivals: Sequence[Arrived]  # earliest first
    ladder: Sequence[Held]
    sent: Sequence[UnitOrder]
    lapsed: Sequence[Offer]
    report_missed_at: float | None  # when the first report became overdue
    source_closed_at: float | None


def story(lines: Sequence[Deed], course: Course, now: float) -> tuple[Deed, ...]:
    """The log, oldest first; `lines`: the orders, oldest first. At the same time orders come before what follows."""
    reported, *noted = _noted(course, lines, now)
    return tuple(sorted([reported, *lines, *noted], key=attrgetter("at")))


def _noted(course: Course, lines: Sequence[Deed], now: float) -> list[Deed]:
    """What the system writes by itself, the report of the incident first."""
    noted = [_line(Noted.REPORTED, course.reported_at)]
    noted += _arrivals(course.arrivals, lines)
    for leg in course.legs:
        if leg.state in (LegState.OVERDUE, LegState.LATE):
            noted.append(_line(Noted.OVERDUE, leg.due_at, kind=leg.tier))
    # A centre that an officer asked has a line of his order already.
    noted += [_line(Noted.ESCALATED, step.since, into=step.by) for step in course.ladder[1:] if not step.is_asked]
    for order in course.sent:
        noted += _answers(order, now)
    noted += [_line(Noted.OFFER_LAPSED, offer.lapses_at, into=offer.into, ref=offer.id) for offer in course.lapsed]
    if course.report_missed_at is not None:
        noted.append(_line(Noted.REPORT_OVERDUE, course.report_missed_at))
    if course.source_closed_at is not None:
        noted.append(_line(Noted.SOURCE_CLOSED, course.source_closed_at))
    return noted


def _arrivals(arrivals: Iterable[Arrived], lines: Iterable[Deed]) -> list[Deed]:
    """The first evidence of each unit, unless it is an officer's order that is in the log already."""
    marked = {(line.unit, line.at) for line in lines if line.verb is Verb.ARRIVE}
    first: dict[str, Arrived] = {}
    for arrived in arrivals:
        first.setdefault(arrived.call_sign, arrived)
    return [
        _line(Noted.ARRIVED, arrived.at, unit=arrived.call_sign, kind=arrived.evidence)
        for arrived in first.values()
        if arrived.evidence is not Evidence.OPERATOR or (arrived.call_sign, arrived.at) not in marked
    ]


def _answers(order: UnitOrder, now: float) -> list[Deed]:
    if order.state in _ANSWERS and order.state_at is not None:
        return [_line(_ANSWERS[order.state], order.state_at, unit=order.unit, reason=order.reason, ref=order.id)]
    if now > order.answer_due_at:
        return [_line(Noted.UNANSWERED, order.answer_due_at, unit=order.unit, ref=order.id)]
    return []


def _line(
    noted: Noted, at: float, unit: str = "", kind: str = "", into: str = "", reason: str = "", ref: str = ""
) -> Deed:
    return Deed(at, "", None, "", "", unit=unit, kind=str(kind), into=into, reason=reason, ref=ref, noted=noted)
