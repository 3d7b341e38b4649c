import threading

import pytest
from msgspec import Struct

from dashboard.access.shelf import Shelf
from dashboard.store import JournalUnavailable, connect


class Box(Struct, frozen=True):
    count: int = 0


@pytest.fixture
def shelf(url: str) -> Shelf[Box]:
    return Shelf(connect(url), "boxes", Box)


def more(box: Box | None) -> Box:
    return Box((box.count if box else 0) + 1)


def at_once(count: int, act) -> None:
    threads = [threading.Thread(target=act) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_what_is_laid_down_is_found_by_name(shelf: Shelf[Box]) -> None:
    assert shelf.is_empty()
    shelf.put("a", Box(1))
    shelf.put("甲", Box(2))
    assert shelf.get("甲") == Box(2)
    assert shelf.get_many(["甲", "b", "a"]) == [Box(2), None, Box(1)]
    assert shelf.get_many([]) == []
    assert shelf.all() == {"a": Box(1), "甲": Box(2)}
    assert not shelf.is_empty()


def test_no_change_is_lost_when_many_change_at_once(url: str) -> None:
    at_once(8, lambda: [Shelf(connect(url), "boxes", Box).change("a", more) for _ in range(5)])
    assert Shelf(connect(url), "boxes", Box).get("a") == Box(40)


def test_a_change_that_is_refused_changes_nothing(shelf: Shelf[Box]) -> None:
    shelf.put("a", Box(1))

    def refuse(box: Box | None) -> Box:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        shelf.change("a", refuse)
    assert shelf.get("a") == Box(1)


def test_a_change_to_nothing_takes_away(shelf: Shelf[Box]) -> None:
    shelf.put("a", Box(1))
    assert shelf.change("a", lambda _: None) is None
    assert shelf.is_empty()


def test_what_is_taken_is_taken_once(url: str) -> None:
    shelf, taken = Shelf(connect(url), "boxes", Box), []
    shelf.put("a", Box(1))
    at_once(8, lambda: taken.append(shelf.take("a")))
    assert [box for box in taken if box] == [Box(1)]


def test_of_many_who_lay_down_the_first_one_does(url: str) -> None:
    shelf, first = Shelf(connect(url), "boxes", Box), []
    numbers = iter(range(8))

    def lay() -> None:
        number = next(numbers)
        first.append(shelf.add_first(f"box-{number}", Box(number)))

    at_once(8, lay)
    assert sum(first) == 1
    assert len(shelf.all()) == 1


def test_what_is_dropped_is_gone(shelf: Shelf[Box]) -> None:
    shelf.put("a", Box(1))
    shelf.put("b", Box(2))
    shelf.drop(["a", "never"])
    shelf.drop([])
    assert shelf.all() == {"b": Box(2)}


def test_a_server_that_is_away_is_said() -> None:
    with pytest.raises(JournalUnavailable):
        Shelf(connect("redis://127.0.0.1:1/0"), "boxes", Box).change("a", more)
