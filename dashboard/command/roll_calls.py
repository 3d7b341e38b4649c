"""One roll-call (点名): whom it asks, who answered, how late, and who did not."""

from enum import StrEnum

from msgspec import Struct


class Answer(Struct, frozen=True, array_like=True):
    """One centre's answer to a roll-call."""

    at: float
    by: str


class RollCall(Struct, frozen=True, kw_only=True):
    """One roll-call: a centre asks all below it."""

    id: str  # of the order
    centre: str
    by: str
    at: float
    due_at: float  # an answer after it is late
    asked: tuple[str, ...]
    answers: dict[str, Answer] = {}
    gone: bool = False  # old: copies drop it


class Standing(StrEnum):
    """How one centre stands in a roll-call."""

    IN_TIME = "in_time"
    LATE = "late"
    WAITING = "waiting"  # no answer yet, and still time for it
    SILENT = "silent"  # no answer, and the time is over


class RollFigures(Struct, frozen=True):
    """How many of the asked centres stand where."""

    asked: int
    in_time: int
    late: int
    waiting: int
    silent: int

    @property
    def answered(self) -> int:
        """How many answered at all."""
        return self.in_time + self.late


def standing(call: RollCall, centre: str, now: float) -> Standing:
    """How one of the asked centres stands."""
    answer = call.answers.get(centre)
    if answer is not None:
        return Standing.IN_TIME if answer.at <= call.due_at else Standing.LATE
    return Standing.WAITING if now <= call.due_at else Standing.SILENT


def took_s(call: RollCall, centre: str) -> float | None:
    """How long a centre took to answer; None: it has not."""
    answer = call.answers.get(centre)
    return None if answer is None else max(0.0, answer.at - call.at)


def late_s(call: RollCall, centre: str, now: float) -> float:
    """By how much a centre's answer was late, or is by now if there is none; 0 if it is not."""
    answer = call.answers.get(centre)
    return max(0.0, (now if answer is None else answer.at) - call.due_at)


def figures(call: RollCall, now: float) -> RollFigures:
    """The count of each standing."""
    found = [standing(call, centre, now) for centre in call.asked]
    return RollFigures(len(found), *(found.count(each) for each in Standing))


def is_over(call: RollCall, now: float) -> bool:
    """Whether all have answered, or nobody can any more in time."""
    return now > call.due_at or len(call.answers) == len(call.asked)
