"""What officers order about a case: urge, supervise, hold, extend, and take such an order back.

A hold and an extension are moves like those of a source. All orders of a case are kept, those too that another one
takes back, so their order of arrival says nothing.
"""

from collections.abc import Sequence

from msgspec import Struct

from dashboard.backlog.course import Move, Pressed
from dashboard.records import Order, Stage, Verb, seconds

VERBS = frozenset({Verb.URGE, Verb.SUPERVISE, Verb.HOLD, Verb.EXTEND, Verb.RETRACT})
RETRACTABLE = frozenset({Verb.SUPERVISE, Verb.HOLD, Verb.EXTEND})  # who was urged has heard it
_MOVES = {Verb.HOLD: Stage.HELD, Verb.EXTEND: Stage.EXTENDED}


class Deed(Struct, frozen=True, array_like=True, gc=False):
    """One order about a case, as much of it as the backlog needs."""

    at: float
    id: str
    verb: Verb
    by: str = ""
    reason: str = ""
    due_at: float | None = None  # of an extension
    ref: str = ""  # the order that this one takes back


def deed(order: Order) -> Deed:
    """What the backlog keeps of an order."""
    return Deed(
        at=order.at.timestamp(),
        id=order.id,
        verb=order.verb,
        by=order.by,
        reason=order.reason.strip(),
        due_at=seconds(order.until),
        ref=order.ref,
    )


def in_force(deeds: Sequence[Deed]) -> list[Deed]:
    """Those that nobody took back, by time."""
    taken_back = {each.ref for each in deeds if each.verb is Verb.RETRACT}
    valid = [each for each in deeds if not (each.verb in RETRACTABLE and each.id in taken_back)]
    return sorted(valid, key=lambda each: (each.at, each.id))


def moves(valid: Sequence[Deed]) -> list[Move]:
    """The moves among orders that are in force."""
    return [
        Move(each.at, each.id, _MOVES[each.verb], each.by, reason=each.reason, due_at=each.due_at)
        for each in valid
        if each.verb in _MOVES
    ]


def pressed(valid: Sequence[Deed]) -> Pressed:
    """How orders that are in force press for the case: urged so often, supervised since the first time."""
    urges = [each for each in valid if each.verb is Verb.URGE]
    watches = [each for each in valid if each.verb is Verb.SUPERVISE]
    return Pressed(
        urged=len(urges),
        urged_at=urges[-1].at if urges else None,
        urged_by=urges[-1].by if urges else "",
        supervised_at=watches[0].at if watches else None,
        supervised_by=watches[0].by if watches else "",
    )
