from typing import Any

import pytest

from dashboard.alarms.words import Shelf, Word, acknowledgement, order_of, shelf, word_of
from dashboard.records import Verb
from tests.builders import at, order
from tests.dashboard.alarms.ground import T0, shelve

MOST_S = 8 * 3600.0
KEY = "sensor/gauge-1"


def said(*orders: Any) -> list[Word]:
    return sorted((word_of(each, T0) for each in orders), key=order_of)


def approve(after_s: float, of: str, **fields: Any) -> Any:
    return order(Verb.APPROVE, KEY, after_s, **{"ref": of, "by": "chief", "actor": "li", **fields})


def unshelve(after_s: float) -> Any:
    return order(Verb.UNSHELVE, KEY, after_s, by="duty", actor="zhang")


def up(words: list[Word], after_s: float, needs_two: bool = False) -> Shelf:
    return shelf(words, needs_two, MOST_S, T0 + after_s)


def test_an_acknowledgement_is_of_the_raise_that_was_seen() -> None:
    words = said(order(Verb.ACKNOWLEDGE_ALARM, KEY, 90, ref=repr(T0), by="duty"))
    assert acknowledgement(words, T0) is not None
    assert acknowledgement(words, T0 + 60) is None


def test_one_that_names_no_raise_is_of_what_stood_there() -> None:
    words = said(order(Verb.ACKNOWLEDGE_ALARM, KEY, 90))
    assert acknowledgement(words, T0 + 60) is not None
    assert acknowledgement(words, T0 + 91) is None


@pytest.mark.parametrize("ref", ["x", "nan", "inf", "1e999"])
def test_one_that_names_nonsense_is_of_nothing(ref: str) -> None:
    assert acknowledgement(said(order(Verb.ACKNOWLEDGE_ALARM, KEY, 90, ref=ref)), T0) is None


def test_of_two_officers_the_first_counts() -> None:
    late, early = (order(Verb.ACKNOWLEDGE_ALARM, KEY, at_s, by=by) for at_s, by in ((9, "B"), (5, "A")))
    word = acknowledgement(said(late, early), T0)
    assert word is not None and word.by == "A"


def test_a_shelf_has_an_end() -> None:
    words = said(shelve(KEY, 0, 600))
    assert up(words, 599).is_shelved
    assert up(words, 600) == Shelf(released_at=T0 + 600)


def test_nothing_is_shelved_longer_than_a_shift() -> None:
    words = said(shelve(KEY, 0, 40 * 3600))
    assert up(words, 0).until == T0 + MOST_S
    assert not up(words, MOST_S).is_shelved


@pytest.mark.parametrize("fields", [{"reason": "  "}, {"until": None}, {"until": at(-1)}])
def test_without_reason_or_end_nothing_is_shelved(fields: dict[str, Any]) -> None:
    assert up(said(shelve(KEY, 0, 600, **fields)), 1) == Shelf()


def test_the_top_level_waits_for_a_second_person() -> None:
    asked = shelve(KEY, 0, 600)
    waiting = up(said(asked), 5, needs_two=True)
    assert (waiting.is_shelved, waiting.needs_approval, waiting.by) == (False, True, "duty")
    agreed = up(said(asked, approve(10, asked.id)), 11, needs_two=True)
    assert (agreed.is_shelved, agreed.since, agreed.approved_by) == (True, T0 + 10, "chief")


def test_nobody_approves_what_they_asked_for() -> None:
    asked = shelve(KEY, 0, 600)
    assert up(said(asked, approve(10, asked.id, actor="zhang")), 11, needs_two=True).needs_approval
    assert up(said(asked, approve(10, "another")), 11, needs_two=True).needs_approval


def test_without_accounts_two_names_are_two_persons() -> None:
    asked = shelve(KEY, 0, 600, actor="", by="A")
    assert up(said(asked, approve(10, asked.id, actor="", by="A")), 11, needs_two=True).needs_approval
    assert up(said(asked, approve(10, asked.id, actor="", by="B")), 11, needs_two=True).is_shelved


def test_an_officer_takes_it_off_the_shelf() -> None:
    assert up(said(shelve(KEY, 0, 600), unshelve(60)), 61) == Shelf(released_at=T0 + 60)
    assert up(said(shelve(KEY, 0, 600), unshelve(700)), 701) == Shelf(released_at=T0 + 600)


def test_a_request_that_was_never_approved_releases_nothing() -> None:
    assert up(said(shelve(KEY, 0, 600)), 700, needs_two=True) == Shelf()


def test_it_can_be_shelved_again() -> None:
    again = up(said(shelve(KEY, 0, 600), shelve(KEY, 700, 100)), 750)
    assert (again.is_shelved, again.since, again.released_at) == (True, T0 + 700, T0 + 600)


def test_a_later_request_replaces_an_earlier_one() -> None:
    later = up(said(shelve(KEY, 0, 600), shelve(KEY, 60, 3600, reason="still")), 700)
    assert (later.is_shelved, later.reason, later.released_at) == (True, "still", None)
