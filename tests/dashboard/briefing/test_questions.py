import math

import duckdb
import pytest

from dashboard.briefing.questions import ends_before, week_of

SPANS = [(0.0, 10.0), (30.0, 40.0), (40.0, 50.0)]  # last year's week, then two


@pytest.mark.parametrize(
    ("at", "place"),
    [(-1, None), (0, 0), (9.9, 0), (10, None), (29, None), (30, 1), (40, 2), (49.9, 2), (50, None), (None, None)],
)
def test_a_moment_lies_in_one_week_or_in_none(at: float | None, place: int | None) -> None:
    with duckdb.connect() as connection:
        connection.execute(week_of(SPANS))
        assert connection.execute("SELECT week_of($at::DOUBLE)", {"at": at}).fetchall() == [(place,)]


@pytest.mark.parametrize(("at", "count"), [(-1, 0), (9.9, 0), (10, 1), (39, 1), (40, 2), (50, 3), (math.inf, 3)])
def test_ends_of_weeks_are_counted_up_to_a_moment(at: float, count: int) -> None:
    with duckdb.connect() as connection:
        connection.execute(ends_before(SPANS))
        assert connection.execute("SELECT ends_before($at::DOUBLE)", {"at": at}).fetchall() == [(count,)]
