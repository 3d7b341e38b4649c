"""Weeks as people here count them: from Monday 00:00 local to the Monday after, however many hours that is."""

from datetime import date, datetime, timedelta, tzinfo

WEEK = timedelta(7)
LAST_YEAR = timedelta(364)  # the same week of the year before: 52 weeks earlier, so that weekdays match


def monday_of(at: float, zone: tzinfo) -> date:
    """The Monday of the week that a moment (epoch seconds) lies in."""
    day = datetime.fromtimestamp(at, zone).date()
    return day - timedelta(day.weekday())


def last_full_week(now: float, zone: tzinfo) -> date:
    """The Monday of the newest week that is over."""
    return monday_of(now, zone) - WEEK


def starts_at(day: date, zone: tzinfo) -> float:
    """Local midnight of a day, epoch seconds."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()


def edges(monday: date, count: int, zone: tzinfo) -> list[float]:
    """The starts of `count` weeks of which `monday`'s is the last, and the end of that: count + 1 moments."""
    return [starts_at(monday - WEEK * back, zone) for back in range(count - 1, -2, -1)]


def parse(text: str) -> date:
    """The Monday of the week of a date written YYYY-MM-DD; raises ValueError."""
    day = date.fromisoformat(text)
    return day - timedelta(day.weekday())
