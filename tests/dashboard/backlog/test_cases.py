from msgspec.structs import replace

from dashboard.backlog.cases import CaseRow, is_overdue
from dashboard.records import Stage

OPEN = CaseRow("a/1", 0, "", "", -1, -1, -1, Stage.HANDLING, 100.0, 100.0, 500.0, None)


def test_an_open_case_is_overdue_after_its_limit_and_not_at_it():
    assert not is_overdue(OPEN, 500.0)
    assert is_overdue(OPEN, 500.1)


def test_a_closed_case_stays_what_it_was_when_it_was_closed():
    assert not is_overdue(replace(OPEN, closed_at=400.0), 9e9)
    assert is_overdue(replace(OPEN, closed_at=501.0), 0.0)


def test_a_case_without_limit_is_never_overdue():
    assert not is_overdue(replace(OPEN, due_at=None), 9e9)


def test_a_held_case_does_not_become_overdue_while_its_clock_stands():
    assert not is_overdue(replace(OPEN, held_since=450.0), 9e9)
    assert is_overdue(replace(OPEN, held_since=600.0), 9e9)


def test_a_case_closed_before_it_was_reported_is_in_time():
    assert not is_overdue(replace(OPEN, closed_at=50.0), 9e9)
