"""Slots: what only one officer can have, and who has it. The name of a slot is its words joined by "|".

How orders take and free them is in `rules`; the ledger keeps them.
"""

from msgspec import Struct
from msgspec.structs import replace

from dashboard.orders import Reason
from dashboard.records import Order, Verb

SETTLE_S = 10.0  # so long after an order the situation may still show what was before it
UNDOABLE = (Verb.NOTE, Verb.CLASSIFY, Verb.SUPERVISE, Verb.HOLD, Verb.EXTEND)  # what RETRACT takes back


class Held(Struct, frozen=True, omit_defaults=True):
    """Who has a slot, by which order; or, `taken` false, who freed it."""

    order: str  # id
    verb: str
    target: str
    at: float  # epoch seconds
    actor: str = ""
    by: str = ""
    centre: str = ""
    into: str = ""
    ref: str = ""
    until: float | None = None  # the slot is free again after it
    taken: bool = True


class TooLate(Exception):
    """Another officer was first, or what this order builds on has changed; `held` says who and when."""

    def __init__(self, held: Held, reason: Reason = Reason.TAKEN) -> None:
        super().__init__(f"{reason.value} {held.order}")
        self.held = held
        self.reason = reason


Slots = dict[str, Held]


def held(order: Order, taken: bool = True) -> Held:
    """An order as what it takes or frees says it."""
    return Held(
        order=order.id,
        verb=order.verb,
        target=order.target,
        at=order.at.timestamp(),
        actor=order.actor,
        by=order.by,
        centre=order.centre,
        into=order.into,
        ref=order.ref,
        taken=taken,
    )


def given(order_id: str) -> str:
    """The slot of an order itself: that it was given, so that it is taken once, and by whom."""
    return f"order|{order_id}"


def unit_slot(unit: str) -> str:
    """The slot of a unit: the incident that it is sent to."""
    return f"unit|{unit}"


def slot(*words: str) -> str:
    """The name of a slot."""
    return "|".join(words)


def reconcile(kept: Held | None, seen: Held | None, seen_at: float) -> Held | None:
    """What holds of a slot: what the ledger kept, unless the situation has said otherwise for long enough since.

    The ledger knows nothing of what other systems did, nor of slots so old that they were dropped; the situation is
    always a little behind.
    """
    if kept is None:
        return seen
    if seen is None:
        return kept
    if seen.taken == kept.taken:
        return replace(kept, until=kept.until or seen.until)
    return kept if seen_at < kept.at + SETTLE_S else seen
