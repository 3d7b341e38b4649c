"""What a roster says: who leads which centre from when to when, where nobody does, and how one replaces another.

A roster is dated shifts with two leaders each (双领导值班). `roster_tables` reads them, `roster_book` keeps them.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

AHEAD = timedelta(days=14)  # so far ahead a gap is warned of


class Shift(Struct, frozen=True, array_like=True):
    """One shift of one centre."""

    centre: str  # code
    starts: datetime  # aware
    ends: datetime  # aware
    leader: str  # 带班领导
    chief: str  # 值班长
    officers: tuple[str, ...] = ()  # 值班员
    name: str = ""  # 班次

    def covers(self, at: datetime) -> bool:
        """Whether it is on at an aware time."""
        return self.starts <= at < self.ends


class Span(NamedTuple):
    """From when to when, both aware."""

    starts: datetime
    ends: datetime


def fault(shift: Shift) -> tuple[str, str] | None:
    """The field that one shift has wrong, and why; None: nothing."""
    if shift.ends <= shift.starts:
        return "ends", "ends before it starts"
    if shift.ends - shift.starts > timedelta(days=7):
        return "ends", "lasts more than seven days"
    for field in ("leader", "chief"):
        if not getattr(shift, field):
            return field, "is empty: a shift has two leaders, leader and chief"
    if shift.leader == shift.chief:
        return "chief", f"{shift.chief!r} is the leader too: a shift has two leaders"
    return None


def overlaps(shifts: Sequence[Shift]) -> list[tuple[int, int]]:
    """Places of shifts that run into an earlier one of their centre, each with the place of that one.

    Without the first of each pair nothing overlaps any more.
    """
    found = []
    holder: int | None = None  # the last shift that runs into none
    for place in sorted(range(len(shifts)), key=lambda place: (shifts[place].centre, shifts[place].starts, place)):
        if holder is not None and _clash(shifts[holder], shifts[place]):
            found.append((place, holder))
        else:
            holder = place
    return found


def gaps(shifts: Iterable[Shift], centre: str, since: datetime, until: datetime) -> list[Span]:
    """When nobody leads a centre between two aware times, by these shifts."""
    found, covered = [], since
    for shift in sorted(shifts, key=lambda shift: shift.starts):
        if shift.centre != centre or shift.ends <= covered:
            continue
        if shift.starts >= until:
            break
        if shift.starts > covered:
            found.append(Span(covered, shift.starts))
        covered = shift.ends
    return [*found, Span(covered, until)] if covered < until else found


def replaced(known: Iterable[Shift], given: Sequence[Shift]) -> list[Shift]:
    """The roster with these shifts in it: each centre's span is theirs alone, what reaches into it is cut there."""
    spans: dict[str, Span] = {}
    for shift in given:
        span = spans.get(shift.centre, Span(shift.starts, shift.ends))
        spans[shift.centre] = Span(min(span.starts, shift.starts), max(span.ends, shift.ends))
    kept = [part for shift in known for part in _outside(shift, spans.get(shift.centre))]
    return in_order([*kept, *given])


def in_order(shifts: Iterable[Shift]) -> list[Shift]:
    """Shifts by centre and time."""
    return sorted(shifts, key=lambda shift: (shift.centre, shift.starts, shift.ends))


def without_old(shifts: Sequence[Shift], before: datetime) -> list[Shift]:
    """Those that ended later, and the last one of each centre: it shows that the centre keeps a roster."""
    last = {shift.centre: shift for shift in in_order(shifts)}
    return [shift for shift in shifts if shift.ends > before or last[shift.centre] is shift]


def _clash(before: Shift, after: Shift) -> bool:
    return before.centre == after.centre and after.starts < before.ends


def _outside(shift: Shift, span: Span | None) -> list[Shift]:
    if span is None or shift.ends <= span.starts or shift.starts >= span.ends:
        return [shift]
    before = [replace(shift, ends=span.starts)] if shift.starts < span.starts else []
    after = [replace(shift, starts=span.ends)] if shift.ends > span.ends else []
    return before + after
