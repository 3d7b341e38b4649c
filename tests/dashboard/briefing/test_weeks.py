from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from dashboard.briefing import weeks

BOSTON = ZoneInfo("America/New_York")


def test_a_week_in_which_the_clock_changes_is_an_hour_shorter_or_longer() -> None:
    spring, autumn = (weeks.edges(monday, 1, BOSTON) for monday in (date(2015, 3, 2), date(2015, 10, 26)))
    assert spring[1] - spring[0] == 167 * 3600
    assert autumn[1] - autumn[0] == 169 * 3600


def test_sunday_midnight_belongs_to_the_week_that_begins() -> None:
    midnight = datetime(2015, 3, 9, tzinfo=BOSTON).timestamp()
    assert weeks.monday_of(midnight - 1, BOSTON) == date(2015, 3, 2)
    assert weeks.monday_of(midnight, BOSTON) == date(2015, 3, 9)


def test_the_last_full_week_is_the_one_before_this_one() -> None:
    monday_seven = datetime(2015, 3, 9, 7, tzinfo=BOSTON).timestamp()
    assert weeks.last_full_week(monday_seven, BOSTON) == date(2015, 3, 2)
    assert weeks.last_full_week(monday_seven + 6 * 86_400, BOSTON) == date(2015, 3, 2)


def test_edges_end_with_the_end_of_the_week() -> None:
    found = weeks.edges(date(2015, 3, 9), 3, BOSTON)
    assert [datetime.fromtimestamp(at, BOSTON).date().isoformat() for at in found] == [
        "2015-02-23", "2015-03-02", "2015-03-09", "2015-03-16",
    ]  # fmt: skip


def test_the_same_week_of_last_year_begins_with_a_monday() -> None:
    assert (date(2026, 11, 16) - weeks.LAST_YEAR).weekday() == 0


def test_any_day_names_its_week() -> None:
    assert weeks.parse("2015-03-08") == weeks.parse("2015-03-02") == date(2015, 3, 2)
    with pytest.raises(ValueError):
        weeks.parse("last week")
