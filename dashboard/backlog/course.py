"""The course of one case: what its source says of it and its moves, folded in the order of their event times.

Moves come late, twice and in any order, so a course is always what all of them together say, sorted and taken
one by one. A case record does not tell since when it holds; `settle` states what it may overrule.
"""

from dataclasses import dataclass
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from dashboard.backlog.cases import FINAL
from dashboard.backlog.handling import UNIT_S, Calendar, Clock, Deadline, LimitError, deadline, elapsed
from dashboard.records import Stage, moment

# How moves of the same second follow each other: many sources know no finer time.
_ORDER: dict[Stage, int] = {
    stage: place
    for place, stage in enumerate(
        (
            Stage.REPORTED,
            Stage.FILED,
            Stage.DISPATCHED,
            Stage.RETURNED,
            Stage.HANDLING,
            Stage.HELD,
            Stage.EXTENDED,
            Stage.FEEDBACK,
            Stage.VERIFIED,
            Stage.REWORK,
            Stage.DECLINED,
            Stage.CLOSED,
        )
    )
}
_ROAD = (
    Stage.REPORTED,
    Stage.FILED,
    Stage.DISPATCHED,
    Stage.HANDLING,
    Stage.FEEDBACK,
    Stage.VERIFIED,
    Stage.CLOSED,
)

MOVED_AFTER_END = "moved_after_end"
VERIFIED_BY_HANDLER = "verified_by_handler"
HELD_WITHOUT_REASON = "held_without_reason"
EXTENDED_WITHOUT_LIMIT = "extended_without_limit"


class Move(Struct, frozen=True, array_like=True, gc=False):
    """One move of a case, as much of it as the course needs."""

    at: float
    id: str
    stage: Stage
    by: str = ""
    department: str = ""
    reason: str = ""  # of a hold or an extension; other moves need not keep theirs
    due_at: float | None = None


class Claim(Struct, frozen=True, array_like=True, gc=False):
    """What the source says of the case in its latest revision."""

    reported_at: float
    stage: Stage
    item: str = ""
    department: str = ""
    due_at: float | None = None
    closed_at: float | None = None


class Pressed(Struct, frozen=True, array_like=True, gc=False):
    """How officers have pressed for a case, beside its course."""

    urged: int = 0  # how many times
    urged_at: float | None = None  # the last time
    urged_by: str = ""  # the last time
    supervised_at: float | None = None  # since when somebody above watches it; None: nobody does
    supervised_by: str = ""


class Course(Struct, frozen=True, kw_only=True, gc=False):
    """Where a case stands after some moves."""

    stage: Stage
    since: float
    department: str
    due_at: float | None
    limit_unsure: bool = False
    closed_at: float | None = None
    returned: int = 0
    returned_at: float | None = None
    reworked: int = 0
    reworked_at: float | None = None
    paused_s: float = 0.0
    held_since: float | None = None
    is_filed: bool = False
    furthest: int = 0  # the furthest place on the main road that a move has reached
    has_strayed: bool = False  # a move has led aside from the main road
    handlers: tuple[str, ...] = ()  # offices that handled it and so must not verify it
    by: str = ""  # the last office that moved it and said its name
    reason: str = ""  # why it is held or extended
    pressed: Pressed = Pressed()


@dataclass(frozen=True)
class Terms:
    """How the clock of a case counts: the limit of its item, if the catalogue gives one, and the calendar."""

    calendar: Calendar
    clock: Clock = Clock.URGENT_HOUR
    amount: float | None = None  # None: no limit from the catalogue, because the source gave one or nobody did

    def limit_from(self, start: float) -> tuple[float | None, bool]:
        """When the limit runs out if its clock starts then, and whether that is unsure."""
        if self.amount is None:
            return None, False
        try:
            return _plain(deadline(moment(start), self.amount, self.clock, self.calendar))
        except (LimitError, OverflowError, ValueError, OSError):
            return None, False  # a time that no calendar holds has no limit

    def paused_s(self, start: float, end: float) -> float:
        """Seconds of the case's clock between two times."""
        try:
            return elapsed(moment(start), moment(end), self.clock, self.calendar) * UNIT_S[self.clock]
        except (LimitError, OverflowError, ValueError, OSError):
            return 0.0

    def put_off(self, due_at: float, paused_s: float) -> float:
        """The limit after a pause of so many seconds of the case's clock."""
        try:
            amount = paused_s / UNIT_S[self.clock]
            return deadline(moment(due_at), amount, self.clock, self.calendar).at.timestamp()
        except (LimitError, OverflowError, ValueError, OSError):
            return due_at


def order(move: Move) -> tuple[float, int, str]:
    """Where a move stands among the moves of its case."""
    return move.at, _ORDER[move.stage], move.id


def start(claim: Claim, terms: Terms) -> Course:
    """The course before any move."""
    due_at, unsure = (claim.due_at, False) if claim.due_at is not None else terms.limit_from(claim.reported_at)
    return Course(
        stage=Stage.REPORTED if claim.stage in FINAL else claim.stage,
        since=claim.reported_at,
        department=claim.department,
        due_at=due_at,
        limit_unsure=unsure,
    )


def step(course: Course, move: Move, terms: Terms) -> tuple[Course, str]:
    """The course after one more move, and what was wrong with the move ("" if nothing).

    A refused move changes nothing: one after the end, and a verification by an office that handled the case.
    """
    if course.stage in FINAL:
        return course, MOVED_AFTER_END
    if move.stage is Stage.VERIFIED and move.by and move.by in course.handlers:
        return course, VERIFIED_BY_HANDLER
    if move.stage is not Stage.HELD:
        course = _resume(course, move.at, terms)
    changes, remark = _consequences(course, move, terms)
    return replace(course, **_arrival(course, move), **changes), remark


def settle(course: Course, claim: Claim, terms: Terms) -> Course:
    """The course with what the source itself says, which wins where it can only be the newer word.

    That is when it says that the case has ended, or names a stage of the main road beyond all that the moves
    have reached. Otherwise the moves, which have times, know better.
    """
    if claim.closed_at is not None or claim.stage in FINAL:
        return _ended(course, claim, terms)
    is_ahead = claim.stage in _ROAD and _ROAD.index(claim.stage) > course.furthest and not course.has_strayed
    return replace(course, stage=claim.stage) if is_ahead and course.stage not in FINAL else course


def _arrival(course: Course, move: Move) -> dict[str, Any]:
    department = move.department or course.department
    stays = move.stage is course.stage and department == course.department
    return {
        "stage": move.stage,
        "since": course.since if stays else move.at,
        "department": department,
        "furthest": max(course.furthest, _ROAD.index(move.stage)) if move.stage in _ROAD else course.furthest,
        "has_strayed": course.has_strayed or move.stage not in _ROAD,
        "by": move.by or course.by,
        "reason": move.reason,
    }


def _consequences(course: Course, move: Move, terms: Terms) -> tuple[dict[str, Any], str]:
    """What a move changes beyond the stage, and a remark."""
    match move.stage:
        case Stage.FILED:
            return _filed(course, move, terms), ""
        case Stage.HANDLING | Stage.FEEDBACK if move.by and move.by not in course.handlers:
            return {"handlers": (*course.handlers, move.by)}, ""
        case Stage.RETURNED:
            return {"returned": course.returned + 1, "returned_at": move.at, "handlers": ()}, ""
        case Stage.REWORK:
            return {"reworked": course.reworked + 1, "reworked_at": move.at}, ""
        case Stage.HELD if not move.reason:
            return {}, HELD_WITHOUT_REASON
        case Stage.HELD:
            return {"held_since": move.at if course.held_since is None else course.held_since}, ""
        case Stage.EXTENDED if move.due_at is None:
            return {}, EXTENDED_WITHOUT_LIMIT
        case Stage.EXTENDED:
            return {"due_at": move.due_at, "limit_unsure": False}, ""
        case Stage.CLOSED | Stage.DECLINED:
            return {"closed_at": move.at}, ""
    return {}, ""


def _filed(course: Course, move: Move, terms: Terms) -> dict[str, Any]:
    """The clock of the catalogue's limit starts when the case is first filed."""
    if course.is_filed or terms.amount is None:
        return {"is_filed": True}
    due_at, unsure = terms.limit_from(move.at)
    return {"is_filed": True, "due_at": due_at, "limit_unsure": unsure}


def _resume(course: Course, at: float, terms: Terms) -> Course:
    """The course with its clock running again; the limit moves by what the pause took of it."""
    if course.held_since is None:
        return course
    paused_s = terms.paused_s(course.held_since, at)
    return replace(
        course,
        held_since=None,
        paused_s=course.paused_s + paused_s,
        due_at=None if course.due_at is None else terms.put_off(course.due_at, paused_s),
    )


def _ended(course: Course, claim: Claim, terms: Terms) -> Course:
    at = claim.closed_at
    if at is None:
        at = course.since if course.closed_at is None else course.closed_at
    was_declined = course.stage is Stage.DECLINED and claim.stage is not Stage.CLOSED
    stage = Stage.DECLINED if claim.stage is Stage.DECLINED or was_declined else Stage.CLOSED
    return replace(_resume(course, at, terms), stage=stage, since=at, closed_at=at)


def _plain(limit: Deadline) -> tuple[float, bool]:
    return limit.at.timestamp(), bool(limit.unknown_years)
