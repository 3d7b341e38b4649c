"""Rules: what an order of each verb takes and frees, and when it comes too late. Pure.

A rule looks at slots by name and answers what becomes of them; the ledger sees to it that nothing comes between the
look and the write.
"""

from collections.abc import Callable, Mapping

from msgspec.structs import replace

from dashboard.alerts.decisions import CLAIM_S
from dashboard.orders import Reason, Refused
from dashboard.orders.slots import UNDOABLE, Held, Slots, TooLate, given, held, slot, unit_slot
from dashboard.records import Order, Verb

HANDOVER_S = 8 * 3600.0  # a handover that nobody took over is void a shift later

Look = Callable[[str], Held | None]
Rule = Callable[[Order, Look], Slots]


def moves(order: Order, look: Look) -> Slots:
    """What an order makes of its slots; raises TooLate or Refused."""
    taken = _RULES.get(order.verb, _nothing)(order, look)
    return {**taken, given(order.id): held(order)}


def _holder(order: Order, look: Look, name: str) -> Held | None:
    """Who has a slot at the time of an order; None: it is free."""
    found = look(name)
    if found is None or not found.taken:
        return None
    return None if found.until is not None and order.at.timestamp() > found.until else found


def _take(order: Order, look: Look, name: str, until: float | None = None) -> Slots:
    """The one slot that is to be had, if nobody has it."""
    holder = _holder(order, look, name)
    if holder is not None:
        raise TooLate(holder)
    return {name: replace(held(order), until=until)}


def _only(*words: Callable[[Order], str]) -> Rule:
    """The rule of a verb that one order alone can be, for each value of these words."""
    return lambda order, look: _take(order, look, slot(order.verb, *(word(order) for word in words)))


def _while_open(rule: Rule) -> Rule:
    """The rule, as long as the incident is not closed."""

    def guarded(order: Order, look: Look) -> Slots:
        closed = _holder(order, look, _closed(order.target))
        if closed is not None:
            raise TooLate(closed, Reason.CLOSED)
        return rule(order, look)

    return guarded


def _nothing(order: Order, look: Look) -> Slots:
    return {}


def _closed(target: str) -> str:
    return slot(Verb.CLOSE, target)


# -- an incident -----------------------------------------------------------------------------------------------


def _classify(order: Order, look: Look) -> Slots:
    """Only who saw the latest classification may replace it."""
    name = slot("class", order.target)
    latest = look(name)
    if (latest.order if latest and latest.taken else "") != order.ref:
        if latest is None:
            raise Refused(Reason.UNKNOWN_ORDER, "ref")
        raise TooLate(latest, Reason.CHANGED)
    return {name: held(order)}


def _dispatch(order: Order, look: Look) -> Slots:
    """A unit is sent to one incident; a close of that one sets it free."""
    holder = _holder(order, look, unit_slot(order.unit))
    if holder is not None and _holder(order, look, _closed(holder.target)) is None:
        raise TooLate(holder)
    return {unit_slot(order.unit): held(order)}


def _stand_down(order: Order, look: Look) -> Slots:
    """Frees the unit, unless it was sent to another incident since."""
    holder = _holder(order, look, unit_slot(order.unit))
    return {} if holder and holder.target != order.target else {unit_slot(order.unit): held(order, taken=False)}


def _report(order: Order, look: Look) -> Slots:
    """There is one first report and one final one, and as many between as it takes."""
    return {} if order.kind == "follow_up" else _take(order, look, slot(Verb.REPORT, order.kind, order.target))


def _reopen(order: Order, look: Look) -> Slots:
    if _holder(order, look, _closed(order.target)) is None:
        raise Refused(Reason.NOTHING_TO_UNDO)
    return {_closed(order.target): held(order, taken=False)}


def _answer_offer(order: Order, look: Look) -> Slots:
    """The offer stands until it is accepted by the centre that it was made to, declined, or taken back."""
    name = slot(Verb.OFFER, order.target)
    found = look(name)
    if found is None:
        raise Refused(Reason.UNKNOWN_ORDER, "ref")
    if _holder(order, look, name) is None or found.order != order.ref:
        raise TooLate(found, Reason.CHANGED)
    may = (found.into,) if order.verb is Verb.ACCEPT else (found.into, found.centre)
    if order.centre not in may:
        raise Refused(Reason.WRONG_CENTRE, "centre")
    return {name: held(order, taken=False)}


# -- an alert --------------------------------------------------------------------------------------------------


def _claim(order: Order, look: Look) -> Slots:
    """One officer looks at an alert; claiming again goes on with it."""
    verdict = _holder(order, look, slot("verdict", order.target))
    if verdict is not None:
        raise TooLate(verdict)
    name = slot(Verb.CLAIM, order.target)
    holder = _holder(order, look, name)
    if holder is not None and holder.actor != order.actor:
        raise TooLate(holder)
    return {name: replace(held(order), until=order.at.timestamp() + CLAIM_S)}


def _release(order: Order, look: Look) -> Slots:
    name = slot(Verb.CLAIM, order.target)
    holder = _holder(order, look, name)
    if holder is None:
        raise Refused(Reason.NOTHING_TO_UNDO)
    if holder.actor != order.actor:
        raise TooLate(holder)
    return {name: held(order, taken=False)}


def _verdict(order: Order, look: Look) -> Slots:
    """One verdict an alert, and not over the head of who claimed it."""
    claim = _holder(order, look, slot(Verb.CLAIM, order.target))
    taken = _take(order, look, slot("verdict", order.target))
    if claim is not None and claim.actor != order.actor:
        raise TooLate(claim)
    return taken


# -- an alarm --------------------------------------------------------------------------------------------------


def _shelve(order: Order, look: Look) -> Slots:
    return _take(order, look, slot(Verb.SHELVE, order.target), order.until.timestamp() if order.until else None)


def _approve(order: Order, look: Look) -> Slots:
    """A second person agrees to a shelving that still stands."""
    shelved = _holder(order, look, slot(Verb.SHELVE, order.target))
    if shelved is None:
        raise Refused(Reason.UNKNOWN_ORDER, "ref")
    if shelved.order != order.ref:
        raise TooLate(shelved, Reason.CHANGED)
    if shelved.actor == order.actor:
        raise Refused(Reason.SECOND_PERSON)
    return _take(order, look, slot(Verb.APPROVE, order.ref))


def _unshelve(order: Order, look: Look) -> Slots:
    name = slot(Verb.SHELVE, order.target)
    if _holder(order, look, name) is None:
        raise Refused(Reason.NOTHING_TO_UNDO)
    return {name: held(order, taken=False)}


# -- a centre --------------------------------------------------------------------------------------------------


def _answer(order: Order, look: Look) -> Slots:
    """One answer of each centre to a roll-call."""
    call = look(given(order.ref))
    if call is None or call.verb != Verb.CALL_ROLL:
        raise Refused(Reason.UNKNOWN_ORDER, "ref")
    return _take(order, look, slot(Verb.ANSWER, order.ref, order.target))


def _hand_over(order: Order, look: Look) -> Slots:
    """One handover of a centre waits at a time; who wrote it may write it anew."""
    name = slot(Verb.HAND_OVER, order.target)
    waiting = _holder(order, look, name)
    if waiting is not None and waiting.actor != order.actor:
        raise TooLate(waiting)
    return {name: replace(held(order), until=order.at.timestamp() + HANDOVER_S)}


def _take_over(order: Order, look: Look) -> Slots:
    """Somebody else than who gave the shift takes it, as it was last written."""
    name = slot(Verb.HAND_OVER, order.target)
    found = look(name)
    if found is None:
        raise Refused(Reason.UNKNOWN_ORDER, "ref")
    waiting = _holder(order, look, name)
    if waiting is None or waiting.order != order.ref:
        raise TooLate(found, Reason.CHANGED)
    if waiting.actor == order.actor:
        raise Refused(Reason.SECOND_PERSON)
    return {name: held(order, taken=False)}


# -- taking back -----------------------------------------------------------------------------------------------


def _retract(order: Order, look: Look) -> Slots:
    """Who gave a note, classification, supervision, hold or extension takes it back, once."""
    meant = look(given(order.ref))
    if meant is None or meant.target != order.target:
        raise Refused(Reason.UNKNOWN_ORDER, "ref")
    if meant.verb not in UNDOABLE:
        raise Refused(Reason.NOT_UNDOABLE, "ref")
    if meant.actor != order.actor:
        raise Refused(Reason.ONLY_OWN)
    taken = _take(order, look, _retracted(order.ref))
    name = slot("class", order.target)
    latest = look(name)
    if meant.verb == Verb.CLASSIFY and latest is not None and latest.order == order.ref:
        taken[name] = _earlier_class(meant, look) or held(order, taken=False)
    if meant.verb == Verb.SUPERVISE:
        taken[slot(Verb.SUPERVISE, order.target)] = held(order, taken=False)  # somebody may supervise the case again
    return taken


def _retracted(order_id: str) -> str:
    return slot(Verb.RETRACT, order_id)


def _earlier_class(meant: Held, look: Look) -> Held | None:
    """The classification that holds again when this one is taken back."""
    earlier = look(given(meant.ref)) if meant.ref else None
    while earlier is not None and look(_retracted(earlier.order)) is not None:
        earlier = look(given(earlier.ref)) if earlier.ref else None
    return earlier


_RULES: Mapping[Verb, Rule] = {
    Verb.ACKNOWLEDGE: _while_open(_only(lambda order: order.target)),
    Verb.CLASSIFY: _while_open(_classify),
    Verb.DISPATCH: _while_open(_dispatch),
    Verb.STAND_DOWN: _stand_down,
    Verb.ARRIVE: _while_open(_only(lambda order: order.target, lambda order: order.unit)),
    Verb.ASK_UP: _while_open(_only(lambda order: order.target, lambda order: order.into)),
    Verb.OFFER: _while_open(_only(lambda order: order.target)),
    Verb.ACCEPT: _while_open(_answer_offer),
    Verb.DECLINE: _answer_offer,
    Verb.REPORT: _report,
    Verb.CLOSE: _only(lambda order: order.target),
    Verb.REOPEN: _reopen,
    Verb.CLAIM: _claim,
    Verb.RELEASE: _release,
    Verb.CONFIRM: _verdict,
    Verb.MARK_FALSE: _verdict,
    Verb.ACKNOWLEDGE_ALARM: _only(lambda order: order.target, lambda order: order.ref),
    Verb.SHELVE: _shelve,
    Verb.APPROVE: _approve,
    Verb.UNSHELVE: _unshelve,
    Verb.SUPERVISE: _only(lambda order: order.target),
    Verb.ANSWER: _answer,
    Verb.HAND_OVER: _hand_over,
    Verb.TAKE_OVER: _take_over,
    Verb.RETRACT: _retract,
}
