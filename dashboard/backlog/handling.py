"""The four kinds of handling clock: when a limit runs out, and how much of it a stretch of time uses up.

Work time is 08-12 and 14-18 local time on workdays: Monday to Friday unless the holiday table says otherwise.
The table belongs to the district and people edit it; a year that it lacks is named, never guessed at.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

WORK_WINDOWS = ((time(8), time(12)), (time(14), time(18)))
WORK_DAY_S = 8 * 3600.0
_LONGEST = timedelta(days=40 * 366)  # no limit is that long; a longer one is a slip of somebody's keyboard


class Clock(StrEnum):
    """How the time of a limit is counted."""

    URGENT_HOUR = "urgent_hour"  # every hour counts: nights, weekends and holidays too
    WORK_HOUR = "work_hour"
    WORK_DAY = "work_day"  # eight work hours
    NATURAL_DAY = "natural_day"  # 24 hours, whatever the day


UNIT_S: Mapping[Clock, float] = {
    Clock.URGENT_HOUR: 3600.0,
    Clock.WORK_HOUR: 3600.0,
    Clock.WORK_DAY: WORK_DAY_S,
    Clock.NATURAL_DAY: 86_400.0,
}
_WORK_CLOCKS = (Clock.WORK_HOUR, Clock.WORK_DAY)


class DayKind(StrEnum):
    """What the holiday table says of a day that is not what its weekday makes it."""

    HOLIDAY = "holiday"
    WORKDAY = "workday"  # a weekend day that makes up for a holiday


class LimitError(ValueError):
    """The limit cannot be reckoned: negative, not a number, or beyond any sensible length."""


class Deadline(NamedTuple):
    """When a limit runs out, UTC, and the years on the way that the holiday table does not cover."""

    at: datetime
    unknown_years: tuple[int, ...] = ()


@dataclass(frozen=True)
class Calendar:
    """Workdays of one district: its time zone and its holiday table.

    In a year that the table lacks, Monday to Friday are workdays, and whoever asks is told so.
    """

    timezone: ZoneInfo
    days: Mapping[date, str]  # the values of DayKind
    years: frozenset[int]  # the years that the table covers

    def is_workday(self, day: date) -> bool:
        """Whether people work on this day."""
        kind = self.days.get(day)
        return day.weekday() < 5 if kind is None else kind == DayKind.WORKDAY

    def workdays_between(self, first: date, last: date) -> int:
        """Workdays after `first` and before `last`."""
        after = first + timedelta(days=1)
        regular = int(np.busday_count(after, last, holidays=self._weekday_holidays))
        return regular + sum(after <= day < last for day in self._weekend_workdays)

    def unknown_years(self, start: datetime, end: datetime) -> tuple[int, ...]:
        """The years from start to end, local time, that the table does not cover."""
        first, last = self.local(start).year, self.local(end).year
        return tuple(year for year in range(first, last + 1) if year not in self.years)

    def local(self, at: datetime) -> datetime:
        """A time as the district's clocks show it."""
        return at.astimezone(self.timezone)

    def windows(self, day: date) -> list[tuple[datetime, datetime]]:
        """The work windows of a day in UTC; none on a day off."""
        if not self.is_workday(day):
            return []
        # UTC at once: Python subtracts times of one zone by their faces, wrong across a clock change.
        return [(self._utc(day, opens), self._utc(day, closes)) for opens, closes in WORK_WINDOWS]

    def _utc(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, self.timezone).astimezone(UTC)

    @cached_property
    def _weekday_holidays(self) -> list[date]:
        return [day for day, kind in self.days.items() if kind == DayKind.HOLIDAY and day.weekday() < 5]

    @cached_property
    def _weekend_workdays(self) -> list[date]:
        return [day for day, kind in self.days.items() if kind == DayKind.WORKDAY and day.weekday() >= 5]


def deadline(start: datetime, amount: float, clock: Clock, calendar: Calendar) -> Deadline:
    """The earliest time by which `amount` units of the clock have passed since `start`; raises LimitError.

    Four work hours from 08:00 end at 12:00, not at 14:00. A natural day is 24 hours from the start, not the
    end of a calendar day.
    """
    try:
        return _deadline(start.astimezone(UTC), timedelta(seconds=amount * UNIT_S[clock]), clock, calendar)
    except (OverflowError, ValueError) as error:
        raise LimitError(f"{amount} x {clock} from {start.isoformat()}: {error}") from error


def elapsed(start: datetime, end: datetime, clock: Clock, calendar: Calendar) -> float:
    """Units of the clock that pass from start to end, 0 if the end is not later; the inverse of `deadline`.

    Raises LimitError for times at the edge of what a calendar can hold.
    """
    if end <= start:
        return 0.0
    try:
        counted_s = (
            _worked_s(start.astimezone(UTC), end.astimezone(UTC), calendar)
            if clock in _WORK_CLOCKS
            else (end - start).total_seconds()
        )
    except (OverflowError, ValueError) as error:
        raise LimitError(f"{clock} from {start.isoformat()} to {end.isoformat()}: {error}") from error
    return counted_s / UNIT_S[clock]


def _deadline(start: datetime, left: timedelta, clock: Clock, calendar: Calendar) -> Deadline:
    if not timedelta(0) <= left <= _LONGEST:
        raise LimitError("no sensible length")
    if clock not in _WORK_CLOCKS:
        return Deadline(start + left)
    end = _after_work(start, left, calendar)
    return Deadline(end, calendar.unknown_years(start, end))


def _after_work(start: datetime, left: timedelta, calendar: Calendar) -> datetime:
    if not left:
        return start
    day = calendar.local(start).date()
    while True:
        for opens, closes in calendar.windows(day):
            begins = max(opens, start)
            free = max(closes - begins, timedelta(0))
            if left <= free:
                return begins + left
            left -= free
        day += timedelta(days=1)


def _worked_s(start: datetime, end: datetime, calendar: Calendar) -> float:
    first, last = calendar.local(start).date(), calendar.local(end).date()
    days: Iterable[date] = (first,) if first == last else (first, last)
    at_the_ends = sum(_overlap_s(window, start, end) for day in days for window in calendar.windows(day))
    return at_the_ends + (WORK_DAY_S * calendar.workdays_between(first, last) if first != last else 0.0)


def _overlap_s(window: tuple[datetime, datetime], start: datetime, end: datetime) -> float:
    opens, closes = window
    return max((min(closes, end) - max(opens, start)).total_seconds(), 0.0)
