"""What follows from the orders about one incident, whatever order they came in: no clock, no policy, no forces."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dashboard.records import Order, Verb
from dashboard.response.deeds import Deed, Report, ReportPart
from dashboard.response.unit_orders import Answer, Told, told

VERBS = (
    Verb.REGISTER,
    Verb.ACKNOWLEDGE,
    Verb.CLASSIFY,
    Verb.DISPATCH,
    Verb.STAND_DOWN,
    Verb.ARRIVE,
    Verb.ASK_UP,
    Verb.OFFER,
    Verb.ACCEPT,
    Verb.DECLINE,
    Verb.NOTE,
    Verb.REPORT,
    Verb.CLOSE,
    Verb.REOPEN,
    Verb.RETRACT,
)
_RETRACTABLE = (Verb.NOTE, Verb.CLASSIFY)
_TRANSFERS = (Verb.OFFER, Verb.ACCEPT, Verb.DECLINE)
_PLACE = {verb: place for place, verb in enumerate(VERBS)}
_PARTS = {part.value: part for part in ReportPart}


@dataclass(frozen=True)
class Conduct:
    """How officers handled one incident."""

    acknowledged: Order | None  # the earliest
    acknowledging: frozenset[str]  # centres
    classified: Order | None  # the latest that was not taken back
    closed: Order | None  # the first close since it was last reopened
    first_sent_at: float | None
    told: Mapping[str, Told]  # by call-sign
    coming: tuple[tuple[float, str], ...]  # the units that are sent, with the time of the order, oldest first
    asked: Mapping[str, float]  # centre -> when it was first asked for help
    transfers: tuple[Order, ...]  # offers of the command and their answers, oldest first
    reports: tuple[Report, ...]
    lines: tuple[Deed, ...]  # all orders, oldest first


def oldest_first(order: Order) -> tuple[float, int, str, str]:
    """How orders follow each other: by time; at the same instant cause before effect."""
    return order.at.timestamp(), _PLACE[order.verb], order.id, order.source


def conduct_of(orders: Iterable[Order], answers: Mapping[str, Answer]) -> Conduct:
    """The conduct that these orders make; `answers` by the id of the order."""
    course = sorted(orders, key=oldest_first)
    by_verb: dict[Verb, list[Order]] = {verb: [] for verb in VERBS}
    for order in course:
        by_verb[order.verb].append(order)
    retracted = _retracted(course)
    classifications = [order for order in by_verb[Verb.CLASSIFY] if order.id not in retracted]
    asked: dict[str, float] = {}
    for order in by_verb[Verb.ASK_UP]:
        asked.setdefault(order.into, order.at.timestamp())
    each_told = told(course, answers)
    return Conduct(
        acknowledged=next(iter(by_verb[Verb.ACKNOWLEDGE]), None),
        acknowledging=frozenset(order.centre for order in by_verb[Verb.ACKNOWLEDGE]),
        classified=classifications[-1] if classifications else None,
        closed=_closed(course),
        first_sent_at=min((order.at.timestamp() for order in by_verb[Verb.DISPATCH]), default=None),
        told=each_told,
        coming=tuple(sorted((one.at, unit) for unit, one in each_told.items() if one.is_sent)),
        asked=asked,
        transfers=tuple(order for order in course if order.verb in _TRANSFERS),
        reports=tuple(_report(order) for order in by_verb[Verb.REPORT] if order.kind in _PARTS),
        lines=tuple(_line(order, order.id in retracted) for order in course),
    )


def _retracted(course: Iterable[Order]) -> frozenset[str]:
    """The ids of what was taken back: only who gave an order can do so."""
    course = list(course)
    wishes = {(order.ref, order.actor) for order in course if order.verb is Verb.RETRACT}
    return frozenset(order.id for order in course if order.verb in _RETRACTABLE and (order.id, order.actor) in wishes)


def _closed(course: Iterable[Order]) -> Order | None:
    closed: Order | None = None
    for order in course:
        if order.verb is Verb.REOPEN:
            closed = None
        elif order.verb is Verb.CLOSE and closed is None:
            closed = order
    return closed


def _report(order: Order) -> Report:
    return Report(order.id, _PARTS[order.kind], order.at.timestamp(), order.by, order.centre, order.text)


def _line(order: Order, is_retracted: bool) -> Deed:
    return Deed(
        at=order.at.timestamp(),
        id=order.id,
        verb=order.verb,
        by=order.by,
        centre=order.centre,
        unit=order.unit,
        text="" if order.verb is Verb.REPORT else order.text,
        kind=order.kind,
        level=int(order.level or 0),
        into=order.into,
        reason=order.reason,
        ref=order.ref,
        retracted=is_retracted,
    )
