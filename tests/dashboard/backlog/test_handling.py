from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.backlog.handling import Calendar, Clock, LimitError, deadline, elapsed
from tests.dashboard.backlog.backlog_ground import HOLIDAYS, ZONE

CALENDAR = Calendar(ZONE, HOLIDAYS, frozenset({2026}))


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def ends(start: str, amount: float, clock: Clock) -> str:
    end = deadline(local(start), amount, clock, CALENDAR).at
    return end.astimezone(ZONE).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("start", "amount", "clock", "expected"),
    [
        ("2026-03-07 23:00", 4, Clock.URGENT_HOUR, "2026-03-08 03:00"),  # Saturday night: every hour counts
        ("2026-03-07 23:00", 2, Clock.NATURAL_DAY, "2026-03-09 23:00"),
        ("2026-03-09 08:00", 4, Clock.WORK_HOUR, "2026-03-09 12:00"),  # ends with the window, not after lunch
        ("2026-03-09 11:00", 4, Clock.WORK_HOUR, "2026-03-09 17:00"),
        ("2026-03-09 12:30", 1, Clock.WORK_HOUR, "2026-03-09 15:00"),  # begins at lunch
        ("2026-03-09 05:00", 1, Clock.WORK_HOUR, "2026-03-09 09:00"),  # begins before the window
        ("2026-03-06 17:00", 2, Clock.WORK_HOUR, "2026-03-09 09:00"),  # over the weekend of 8 March
        ("2026-03-08 09:00", 1, Clock.WORK_DAY, "2026-03-09 18:00"),  # begins on a Sunday
        ("2026-03-05 10:00", 1, Clock.WORK_DAY, "2026-03-06 10:00"),
        ("2026-09-18 17:00", 2, Clock.WORK_HOUR, "2026-09-20 09:00"),  # a Sunday that makes up for a holiday
        ("2026-09-30 17:00", 2, Clock.WORK_HOUR, "2026-10-08 09:00"),  # over National Day week
        ("2026-09-30 10:00", 4, Clock.WORK_DAY, "2026-10-12 10:00"),  # Thu 8, Fri 9, worked Sat 10, Mon 12
        ("2026-10-01 10:00", 4, Clock.URGENT_HOUR, "2026-10-01 14:00"),
        ("2026-10-03 10:00", 0, Clock.WORK_HOUR, "2026-10-03 10:00"),
    ],
)
def test_a_limit_ends_when_its_clock_says(start, amount, clock, expected):
    assert ends(start, amount, clock) == expected


def test_a_limit_into_a_year_without_holiday_table_names_the_year():
    known = deadline(local("2026-12-30 17:00"), 1, Clock.WORK_HOUR, CALENDAR)
    beyond = deadline(local("2026-12-31 17:00"), 2, Clock.WORK_HOUR, CALENDAR)
    assert known.unknown_years == ()
    assert beyond.unknown_years == (2027,)
    assert beyond.at.astimezone(ZONE) == local("2027-01-01 09:00")  # Monday to Friday, for want of better


def test_clocks_that_never_stop_need_no_holiday_table():
    assert deadline(local("2031-01-01 00:00"), 3, Clock.NATURAL_DAY, CALENDAR).unknown_years == ()


def test_a_natural_day_is_24_hours_across_a_clock_change():
    boston = ZoneInfo("America/New_York")
    start = datetime(2015, 3, 7, 12, tzinfo=boston)
    end = deadline(start, 1, Clock.NATURAL_DAY, Calendar(boston, {}, frozenset())).at
    assert end - start.astimezone(UTC) == timedelta(hours=24)
    assert end.astimezone(boston).hour == 13


@pytest.mark.parametrize("amount", [-1, float("nan"), float("inf"), 1e12])
def test_a_senseless_limit_is_refused(amount):
    with pytest.raises(LimitError):
        deadline(local("2026-03-09 10:00"), amount, Clock.WORK_DAY, CALENDAR)


def test_nothing_passes_backwards():
    assert elapsed(local("2026-03-09 10:00"), local("2026-03-09 09:00"), Clock.WORK_HOUR, CALENDAR) == 0


def test_a_weekend_takes_nothing_of_a_work_clock():
    assert elapsed(local("2026-03-06 18:00"), local("2026-03-09 08:00"), Clock.WORK_HOUR, CALENDAR) == 0
    assert elapsed(local("2026-03-06 17:00"), local("2026-03-09 10:00"), Clock.WORK_HOUR, CALENDAR) == 3


def test_elapsed_over_years_counts_as_day_by_day():
    start, end = local("2026-01-05 09:30"), local("2026-12-23 15:15")
    days = [date(2026, 1, 6) + timedelta(days=n) for n in range((end.date() - start.date()).days - 1)]
    by_day = sum(CALENDAR.is_workday(day) for day in days)
    assert elapsed(start, end, Clock.WORK_HOUR, CALENDAR) == 6.5 + 8 * by_day + 5.25


moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 3, 1), timezones=st.just(ZONE))


@settings(max_examples=200, deadline=None)
@given(start=moments, amount=st.floats(0.001, 400), clock=st.sampled_from(Clock))
def test_what_elapses_until_the_deadline_is_the_limit(start, amount, clock):
    end = deadline(start, amount, clock, CALENDAR).at
    assert elapsed(start, end, clock, CALENDAR) == pytest.approx(amount, abs=1e-6)


@settings(max_examples=200, deadline=None)
@given(start=moments, first=st.floats(0.001, 50), second=st.floats(0.001, 50), clock=st.sampled_from(Clock))
def test_a_limit_in_two_parts_ends_like_one(start, first, second, clock):
    halfway = deadline(start, first, clock, CALENDAR).at
    in_parts = deadline(halfway, second, clock, CALENDAR).at
    at_once = deadline(start, first + second, clock, CALENDAR).at
    # A microsecond of rounding may push one end over a night; on the clock itself it stays that small.
    assert elapsed(min(in_parts, at_once), max(in_parts, at_once), clock, CALENDAR) < 1e-6
