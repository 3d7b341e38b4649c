"""The command tree at work: roll-calls, who answered and how late, and who is at their console.

What one roll-call says is in `roll_calls`, who sits at which console in `consoles`. Orders may come late, repeated or
in any order: the roll-calls end up the same.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, NamedTuple

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from dashboard.command.consoles import Consoles, Staff, staffed_by
from dashboard.command.roll_calls import Answer, RollCall, RollFigures, Standing
from dashboard.district import District
from dashboard.records import Order, Verb

__all__ = [
    "Answer",
    "Command",
    "CommandMemory",
    "Consoles",
    "RollCall",
    "RollFigures",
    "Rules",
    "RulesError",
    "Staff",
    "Standing",
    "staffed_by",
]

KEEP_S = 86_400.0  # so long a roll-call is held, and an answer waits for its call
WAITING_MOST = 5_000  # answers whose call never came; the oldest give way

UNKNOWN_CENTRE, NOT_ASKED, GIVEN_UP = "unknown_centre", "not_asked", "answer_without_call"


class RulesError(ValueError):
    """The district's [command] settings cannot be used."""


class Rules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a district runs its command tree."""

    roll_call_s: Annotated[float, Meta(gt=0, le=KEEP_S)] = 120.0  # an answer after this is late


def rules_of(settings: Mapping[str, Any]) -> Rules:
    """The rules of a district's [command] table."""
    try:
        return msgspec.convert(dict(settings), Rules)
    except msgspec.ValidationError as error:
        raise RulesError(f"[command]: {error}") from None


class Waiting(NamedTuple):
    """An answer that came before its call."""

    call: str
    centre: str
    answer: Answer
    received_at: float


class CommandMemory(Struct, frozen=True, array_like=True):
    """What a successor needs beside the roll-calls."""

    waiting: tuple[Waiting, ...] = ()
    anomalies: dict[str, int] = {}
    now: float = 0.0


class Command:
    """The roll-calls of the last day."""

    def __init__(self, district: District) -> None:
        """None yet; `district` says who is below whom. Raises RulesError."""
        self._district = district
        self._rules = rules_of(district.command_settings)
        self._calls: dict[str, RollCall] = {}
        self._waiting: list[Waiting] = []
        self._anomalies: Counter[str] = Counter()
        self._now = 0.0

    def apply(self, order: Order, received_at: float) -> list[RollCall]:
        """Take one order; the roll-calls that it changed."""
        self._now = max(self._now, received_at)
        if order.target not in self._district.centres:
            self._anomalies[UNKNOWN_CENTRE] += 1
            return []
        if order.verb is Verb.CALL_ROLL:
            return self._call(order)
        return self._answer(Waiting(order.ref, order.target, Answer(order.at.timestamp(), order.by), received_at))

    def tick(self, now: float) -> list[RollCall]:
        """Let time pass: old ones go."""
        self._now = max(self._now, now)
        old = [call for call in self._calls.values() if self._is_old(call.at)]
        for call in old:
            del self._calls[call.id]
        kept = [each for each in self._waiting if not self._is_old(each.received_at)][-WAITING_MOST:]
        if len(kept) < len(self._waiting):
            self._anomalies[GIVEN_UP] += len(self._waiting) - len(kept)
            self._waiting = kept
        return [replace(call, gone=True) for call in old]

    def get(self, call: str) -> RollCall | None:
        """One roll-call by the id of its order."""
        return self._calls.get(call)

    def listed(self, centre: str) -> list[RollCall]:
        """The roll-calls that a centre made or is asked in, newest first."""
        concerned = (call for call in self._calls.values() if centre == call.centre or centre in call.asked)
        return sorted(concerned, key=lambda call: (-call.at, call.id))

    def unanswered(self, centre: str) -> list[RollCall]:
        """The roll-calls that wait for this centre's answer, oldest first."""
        waiting = [call for call in self.listed(centre) if centre in call.asked and centre not in call.answers]
        return waiting[::-1]

    def anomalies(self) -> dict[str, int]:
        """How many orders could not be used, by the name of what was wrong."""
        return dict(sorted(self._anomalies.items()))

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

    def memory(self) -> CommandMemory:
        """What the roll-calls do not say."""
        return CommandMemory(tuple(self._waiting), dict(self._anomalies), self._now)

    def restore(self, memory: CommandMemory) -> None:
        """Go on from another's memory, beside its adopted roll-calls."""
        self._waiting = list(memory.waiting)
        self._anomalies = Counter(memory.anomalies)
        self._now = memory.now

    def _call(self, order: Order) -> list[RollCall]:
        at = order.at.timestamp()
        if order.id in self._calls or self._is_old(at):
            return []
        asked = tuple(centre.code for centre in self._district.below(order.target))
        due_at = at + self._rules.roll_call_s
        call = RollCall(id=order.id, centre=order.target, by=order.by, at=at, due_at=due_at, asked=asked)
        self._calls[call.id] = call
        early = [each for each in self._waiting if each.call == call.id]
        self._waiting = [each for each in self._waiting if each.call != call.id]
        for each in early:
            self._answer(each)
        return [self._calls[call.id]]

    def _answer(self, told: Waiting) -> list[RollCall]:
        call = self._calls.get(told.call)
        if call is None:
            if not any(each[:3] == told[:3] for each in self._waiting):
                self._waiting.append(told)
            return []
        if told.centre not in call.asked:
            self._anomalies[NOT_ASKED] += 1
            return []
        known = call.answers.get(told.centre, told.answer)
        first = min(known, told.answer, key=lambda answer: (answer.at, answer.by))
        if call.answers.get(told.centre) == first:
            return []
        call = replace(call, answers={**call.answers, told.centre: first})
        self._calls[call.id] = call
        return [call]

    def _is_old(self, at: float) -> bool:
        return self._now - at > KEEP_S
