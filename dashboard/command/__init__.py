"""The command tree at work: roll-calls, who answered and how late, and who is at their console."""

from collections.abc import Iterable

from msgspec import Struct

from dashboard.records import Order


class Staff(Struct, frozen=True, array_like=True):
    """Who is signed in at a console of a centre."""

    at: float  # the last sign of it
    names: tuple[str, ...]  # titles of the accounts


class Answer(Struct, frozen=True, array_like=True):
    """One centre's answer to a roll-call."""

    at: float
    by: str


class RollCall(Struct, frozen=True, kw_only=True):
    """One roll-call (点名): a centre asks all below it."""

    id: str  # of the order
    centre: str
    by: str
    at: float
    due_at: float  # an answer after it is late
    asked: tuple[str, ...]
    answers: dict[str, Answer] = {}
    gone: bool = False  # old: copies drop it


class Command:
    """The roll-calls of the last day."""

    def __init__(self) -> None:
        """None yet."""
        self._calls: dict[str, RollCall] = {}

    def apply(self, order: Order, received_at: float) -> list[RollCall]:
        """Take one order; the roll-calls that it changed."""
        return []

    def tick(self, now: float) -> list[RollCall]:
        """Let time pass: old ones go."""
        return []

    def all(self) -> list[RollCall]:
        """Every roll-call that is held."""
        return list(self._calls.values())

    def adopt(self, calls: Iterable[RollCall]) -> None:
        """Take states as another process made them."""
        for call in calls:
            if call.gone:
                self._calls.pop(call.id, None)
            else:
                self._calls[call.id] = call
