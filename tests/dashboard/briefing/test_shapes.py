from datetime import date

from dashboard.briefing.model import Unit
from dashboard.briefing.shapes import share, trend_labels, trended


def test_a_share_of_nothing_is_unknown_and_a_share_of_none_is_zero() -> None:
    assert share(0, 0) is None
    assert share(None, 3) is None
    assert share(0, 3) == 0


def test_a_figure_knows_last_year_the_weeks_before_and_itself() -> None:
    made = trended("cases.found", Unit.COUNT, [1, 2, 3, 4, 5], 2)
    assert (made.last_year, made.previous, made.value) == (1, (3, 4), 5)


def test_a_trend_is_labelled_by_mondays() -> None:
    assert trend_labels(date(2026, 11, 16), 3) == ("2026-11-02", "2026-11-09", "2026-11-16")
