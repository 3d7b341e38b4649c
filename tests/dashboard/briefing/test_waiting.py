import threading
from collections.abc import Callable

import pytest

from dashboard.archive.reader import HistoryError
from dashboard.briefing.model import Briefing
from dashboard.briefing.waiting import Waiting
from tests.briefings import example

PATIENCE_S = 10.0


class Kitchen:
    """Makes a briefing when it is told to, or fails."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.begun = threading.Event()
        self.made = 0
        self.error: Exception | None = None

    def of(self, week: str, centre: str, progress: Callable[[float], None]) -> Briefing:
        progress(0.25)
        self.begun.set()
        assert self.go.wait(PATIENCE_S)
        self.made += 1
        if self.error:
            raise self.error
        return example(week, centre)


@pytest.fixture
def kitchen() -> Kitchen:
    return Kitchen()


def waiting(kitchen: Kitchen) -> Waiting:
    return Waiting(kitchen)  # type: ignore[arg-type]


def test_who_waits_hears_how_far_it_is_and_then_gets_it(kitchen: Kitchen) -> None:
    queue = waiting(kitchen)
    queue.ask("2026-11-16", "440306", 0.0)
    assert kitchen.begun.wait(PATIENCE_S)
    assert queue.ask("2026-11-16", "440306", 0.0) == 0.25
    kitchen.go.set()
    made = queue.ask("2026-11-16", "440306", PATIENCE_S)
    assert isinstance(made, Briefing) and made.week == "2026-11-16"


def test_all_who_ask_for_the_same_get_one_making(kitchen: Kitchen) -> None:
    queue = waiting(kitchen)
    for _ in range(5):
        queue.ask("2026-11-16", "440306", 0.0)
    kitchen.go.set()
    queue.ask("2026-11-16", "440306", PATIENCE_S)
    assert kitchen.made == 1


def test_what_went_wrong_is_told_to_who_asked_and_tried_again_next_time(kitchen: Kitchen) -> None:
    queue, kitchen.error = waiting(kitchen), HistoryError("away")
    kitchen.go.set()
    with pytest.raises(HistoryError):
        queue.ask("2026-11-16", "440306", PATIENCE_S)
    kitchen.error = None
    assert isinstance(queue.ask("2026-11-16", "440306", PATIENCE_S), Briefing)


def test_too_many_at_once_are_turned_away(kitchen: Kitchen) -> None:
    queue = waiting(kitchen)
    for number in range(8):
        queue.ask("2026-11-16", str(number), 0.0)
    with pytest.raises(HistoryError):
        queue.ask("2026-11-16", "one more", 0.0)
    kitchen.go.set()
