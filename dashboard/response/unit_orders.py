"""Orders to units: which one holds for each unit, and how far its device says that it has come."""

import math
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from msgspec import Struct

from dashboard.records import DESK, Order, Reply, ReplyState, Verb
from dashboard.response.deeds import UnitOrder

UNIT_VERBS = (Verb.DISPATCH, Verb.STAND_DOWN)

# How far each state is. Only a unit can take back its own word; a failure is forgotten when the order came through.
_RANK = {
    ReplyState.FAILED: 0,
    ReplyState.BY_VOICE: 1,
    ReplyState.DELIVERED: 2,
    ReplyState.READ: 3,
    ReplyState.ACCEPTED: 4,
    ReplyState.DECLINED: 4,
}
_DECIDED = _RANK[ReplyState.ACCEPTED]
_LOST = (ReplyState.DECLINED, ReplyState.FAILED)  # a unit in these does not come
_AWAITED = (None, ReplyState.DELIVERED, ReplyState.READ)


class Answer(Struct, frozen=True, array_like=True):
    """The furthest that was heard of one order."""

    state: ReplyState
    at: float
    reason: str = ""


def further(known: Answer | None, reply: Reply) -> Answer:
    """What is known of an order after one more reply, in whatever order replies come."""
    heard = Answer(reply.state, reply.at.timestamp(), reply.reason)
    return heard if known is None else max(known, heard, key=_progress)


def _progress(answer: Answer) -> tuple[int, float, str, str]:
    """The further one counts; of two words of the unit the last, of two like states the first."""
    rank = _RANK[answer.state]
    return rank, answer.at if rank == _DECIDED else -answer.at, answer.state, answer.reason


@dataclass(frozen=True)
class Told:
    """The order that holds for one unit."""

    order: Order
    first_at: float  # when the unit was first told anything about this incident
    answer: Answer | None

    @property
    def at(self) -> float:
        """When the order was given."""
        return self.order.at.timestamp()

    @property
    def is_sent(self) -> bool:
        """Whether the unit is to come, and nothing says that it does not."""
        return self.order.verb is Verb.DISPATCH and not self._is_lost

    @property
    def free_since(self) -> float | None:
        """Since when the unit is not ours: called off, or it said that it does not come."""
        if self.order.verb is Verb.STAND_DOWN:
            return self.at
        return self.answer.at if self.answer is not None and self._is_lost else None

    @property
    def _is_lost(self) -> bool:
        return self.answer is not None and self.answer.state in _LOST


def told(orders: Iterable[Order], answers: Mapping[str, Answer]) -> dict[str, Told]:
    """The last order to each unit with its answer; `orders` oldest first, units in the order they were first told."""
    latest: dict[str, Told] = {}
    for order in orders:
        if order.verb in UNIT_VERBS and order.unit:
            known = latest.get(order.unit)
            first_at = order.at.timestamp() if known is None else known.first_at
            latest[order.unit] = Told(order, first_at, answers.get(order.id))
    return latest


def unit_orders(
    each_told: Iterable[Told], answer_s: float, there: AbstractSet[str], is_closed: bool
) -> tuple[UnitOrder, ...]:
    """As a screen needs them. Nobody waits for the answer of a unit that is there, nor after the close."""
    return tuple(_unit_order(one, answer_s, is_closed or one.order.unit in there) for one in each_told)


def _unit_order(one: Told, answer_s: float, is_settled: bool) -> UnitOrder:
    order, answer = one.order, one.answer
    state = answer.state if answer else None
    # Orders of other systems than our consoles do not go out by our routes: who is silent there may have no device.
    is_ours = order.source == DESK or state is not None
    is_awaited = order.verb is Verb.DISPATCH and state in _AWAITED and is_ours and not is_settled
    return UnitOrder(
        id=order.id,
        unit=order.unit,
        at=one.at,
        go=order.verb is Verb.DISPATCH,
        by=order.by,
        centre=order.centre,
        answer_due_at=one.at + answer_s if is_awaited else math.inf,
        state=state,
        state_at=answer.at if answer else None,
        reason=answer.reason if answer else "",
    )
