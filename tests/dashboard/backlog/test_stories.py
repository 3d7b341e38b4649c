from dashboard.backlog.course import HELD_WITHOUT_REASON, MOVED_AFTER_END, Claim, Move, Terms
from dashboard.backlog.deeds import Deed
from dashboard.backlog.handling import Calendar
from dashboard.backlog.stories import (
    MOVES_MOST,
    ORDERS_MOST,
    STEP_WITHOUT_CASE,
    TOO_MANY_ORDERS,
    TOO_MANY_STEPS,
    WAIT_S,
    Stories,
)
from dashboard.records import Stage, Verb
from tests.dashboard.backlog.backlog_ground import ZONE

CLAIM = Claim(0.0, Stage.REPORTED)


def stories() -> Stories:
    return Stories(lambda claim: Terms(Calendar(ZONE, {}, frozenset())))


def move(at: float, stage: Stage = Stage.HANDLING) -> Move:
    return Move(at, f"{stage}-{at}", stage)


def test_moves_wait_for_their_case():
    book = stories()
    assert book.move("a", move(5.0), 10.0) is None
    course = book.claim("a", CLAIM)
    assert (course.stage, course.since) == (Stage.HANDLING, 5.0)


def test_moves_without_a_case_are_given_up_after_a_day():
    book = stories()
    book.move("a", move(5.0), 10.0)
    book.prune(10.0 + WAIT_S)
    assert book.anomalies() == {}
    book.prune(11.0 + WAIT_S)
    assert book.anomalies() == {STEP_WITHOUT_CASE: 1}
    assert book.claim("a", CLAIM).stage is Stage.REPORTED


def test_a_repeated_move_says_nothing():
    book = stories()
    book.claim("a", CLAIM)
    assert book.move("a", move(5.0), 10.0) is not None
    assert book.move("a", move(5.0), 11.0) is None


def test_what_is_wrong_is_counted_by_what_all_moves_say_together():
    book = stories()
    book.claim("a", CLAIM)
    book.move("a", move(5.0, Stage.CLOSED), 10.0)
    book.move("a", move(7.0, Stage.HELD), 10.0)
    assert book.anomalies() == {MOVED_AFTER_END: 1}
    book.move("a", move(4.0, Stage.HELD), 11.0)
    assert book.anomalies() == {HELD_WITHOUT_REASON: 1, MOVED_AFTER_END: 1}


def test_one_case_cannot_fill_the_memory():
    book = stories()
    book.claim("a", CLAIM)
    for number in range(MOVES_MOST + 3):
        book.move("a", move(float(number)), 10.0)
    assert book.anomalies() == {TOO_MANY_STEPS: 3}


def test_orders_that_wait_in_vain_count_but_a_retraction_may_be_of_an_incident():
    book = stories()
    book.order("a", Deed(5.0, "1", Verb.URGE), 10.0)
    book.order("b", Deed(5.0, "2", Verb.RETRACT, ref="9"), 10.0)
    book.prune(11.0 + WAIT_S)
    assert book.anomalies() == {STEP_WITHOUT_CASE: 1}


def test_orders_cannot_fill_the_memory_either():
    book = stories()
    book.claim("a", CLAIM)
    for number in range(ORDERS_MOST + 2):
        book.order("a", Deed(5.0, str(number), Verb.URGE), 10.0)
    assert book.anomalies() == {TOO_MANY_ORDERS: 2}


def test_a_move_after_an_order_keeps_what_was_ordered():
    book = stories()
    book.claim("a", CLAIM)
    book.order("a", Deed(5.0, "1", Verb.URGE), 10.0)
    course = book.move("a", move(6.0), 10.0)
    assert course is not None
    assert (course.stage, course.pressed.urged) == (Stage.HANDLING, 1)


def test_a_successor_goes_on_from_the_memory():
    book, heir = stories(), stories()
    book.claim("a", CLAIM)
    book.move("a", move(5.0), 10.0)
    book.move("b", move(6.0), 10.0)
    heir.restore(book.memory())
    assert heir.move("a", move(5.0), 12.0) is None
    assert heir.move("a", move(7.0, Stage.REWORK), 12.0).reworked == 1
    assert heir.claim("b", CLAIM).stage is Stage.HANDLING
