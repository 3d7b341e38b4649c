from datetime import timedelta

import pytest

from dashboard.duty.roster import Shift
from dashboard.duty.roster_book import RosterBook
from dashboard.journal import Journal
from dashboard.state_server import StateServer
from dashboard.store import JournalUnavailable
from tests.builders import NOON, at


@pytest.fixture
def book(journal: Journal, state_server: StateServer) -> RosterBook:
    return RosterBook(state_server.url)


def shift(starts_s: float, ends_s: float, leader: str = "甲", centre: str = "A") -> Shift:
    return Shift(centre, at(starts_s), at(ends_s), leader, "长", ("员",))


def test_an_empty_book_has_no_shifts(book: RosterBook) -> None:
    assert book.version() == 0
    assert book.read()[1].shifts == ()


def test_an_import_replaces_a_centres_span_and_says_who_did_it(book: RosterBook) -> None:
    assert book.replace([shift(0, 60), shift(60, 120), shift(0, 60, centre="B")], "li", NOON, "一.xlsx") == 1
    assert book.replace([shift(60, 120, "乙")], "wang", NOON, "二.xlsx") == 2
    version, edition = book.read()
    assert version == book.version() == 2
    assert edition.shifts == (shift(0, 60), shift(60, 120, "乙"), shift(0, 60, centre="B"))
    assert (edition.by, edition.at, edition.what) == ("wang", NOON, "二.xlsx")


def test_undo_brings_the_rosters_back_and_undone_again_takes_them_away(book: RosterBook) -> None:
    book.replace([shift(0, 60)], "li", NOON, "一.xlsx")
    book.replace([shift(0, 60, "乙")], "li", NOON, "二.xlsx")
    assert book.undo("wang", NOON) == 3
    assert [each.leader for each in book.read()[1].shifts] == ["甲"]
    assert book.undo("wang", NOON) == 4
    assert [each.leader for each in book.read()[1].shifts] == ["乙"]


def test_what_ended_long_ago_goes_with_the_next_import(book: RosterBook) -> None:
    book.replace([shift(0, 60), shift(60, 120)], "li", NOON)
    book.replace([shift(90 * 86_400, 91 * 86_400)], "li", NOON + timedelta(days=60))
    assert [each.starts for each in book.read()[1].shifts] == [at(90 * 86_400)]


def test_two_imports_at_once_lose_none(book: RosterBook, state_server: StateServer) -> None:
    other = RosterBook(state_server.url)
    raced: list[int] = []
    plain = book._redis.pipeline

    def pipeline() -> object:
        pipe = plain()
        look = pipe.hmget

        def hmget(*arguments: object) -> object:
            found = look(*arguments)
            if not raced:
                raced.append(other.replace([shift(0, 60, centre="B")], "wang", NOON))
            return found

        pipe.hmget = hmget
        return pipe

    book._redis.pipeline = pipeline
    assert book.replace([shift(0, 60)], "li", NOON) == 2
    assert raced == [1]
    assert {each.centre for each in book.read()[1].shifts} == {"A", "B"}


def test_a_server_that_is_away_keeps_nothing() -> None:
    with pytest.raises(JournalUnavailable):
        RosterBook("redis://127.0.0.1:1/0").replace([shift(0, 60)], "li", NOON)
