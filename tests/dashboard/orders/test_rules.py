from typing import Any

import pytest
from msgspec.structs import replace

from dashboard.alerts.decisions import CLAIM_S
from dashboard.orders import Reason, Refused
from dashboard.orders.rules import HANDOVER_S, moves
from dashboard.orders.slots import Held, TooLate
from dashboard.records import Order, Verb
from tests.builders import at, order

FIRE, ALERT, ALARM, CASE = "cad/I1", "video/A1", "incident/cad/I1", "cases/C1"


class Desk:
    """Slots in a dictionary: what the ledger does without a state server."""

    def __init__(self) -> None:
        self.slots: dict[str, Held] = {}
        self.count = 0

    def give(self, verb: Verb, target: str, after_s: float = 0.0, actor: str = "li", **fields: Any) -> str:
        """Take one order; its id."""
        self.count += 1
        given: Order = order(
            verb, target, after_s, **{"id": f"o{self.count}", "actor": actor, "centre": "C1", **fields}
        )
        self.slots.update(moves(given, self.slots.get))
        return given.id

    def lose(self, verb: Verb, target: str, after_s: float = 0.0, **fields: Any) -> tuple[str, Reason]:
        """An order that comes too late; by which one, and why."""
        with pytest.raises(TooLate) as late:
            self.give(verb, target, after_s, **fields)
        return late.value.held.order, late.value.reason

    def refuse(self, verb: Verb, target: str, after_s: float = 0.0, **fields: Any) -> Reason:
        """An order that cannot be taken; why."""
        with pytest.raises(Refused) as refused:
            self.give(verb, target, after_s, **fields)
        return refused.value.reason


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.mark.parametrize(
    ("verb", "target", "fields"),
    [
        (Verb.ACKNOWLEDGE, FIRE, {}),
        (Verb.ARRIVE, FIRE, {"unit": "VO000"}),
        (Verb.ASK_UP, FIRE, {"into": "A"}),
        (Verb.REPORT, FIRE, {"kind": "first"}),
        (Verb.REPORT, FIRE, {"kind": "final"}),
        (Verb.CLOSE, FIRE, {}),
        (Verb.ACKNOWLEDGE_ALARM, ALARM, {"ref": "100.0"}),
        (Verb.SUPERVISE, CASE, {}),
    ],
)
def test_one_order_alone_can_be_this(desk: Desk, verb: Verb, target: str, fields: dict[str, str]) -> None:
    first = desk.give(verb, target, **fields)
    assert desk.lose(verb, target, 1, actor="wang", **fields) == (first, Reason.TAKEN)
    desk.give(verb, f"{target}x", 2, **fields)


@pytest.mark.parametrize(("verb", "kind"), [(Verb.NOTE, ""), (Verb.URGE, ""), (Verb.REPORT, "follow_up")])
def test_others_can_be_many(desk: Desk, verb: Verb, kind: str) -> None:
    desk.give(verb, FIRE, kind=kind)
    desk.give(verb, FIRE, kind=kind)


def test_an_alarm_that_rings_again_wants_to_be_acknowledged_again(desk: Desk) -> None:
    desk.give(Verb.ACKNOWLEDGE_ALARM, ALARM, ref="100.0")
    desk.give(Verb.ACKNOWLEDGE_ALARM, ALARM, ref="200.0")


def test_a_classification_replaces_the_one_that_the_officer_saw(desk: Desk) -> None:
    first = desk.give(Verb.CLASSIFY, FIRE)
    assert desk.lose(Verb.CLASSIFY, FIRE, actor="wang") == (first, Reason.CHANGED)
    second = desk.give(Verb.CLASSIFY, FIRE, ref=first)
    assert desk.lose(Verb.CLASSIFY, FIRE, ref=first) == (second, Reason.CHANGED)
    assert Desk().refuse(Verb.CLASSIFY, FIRE, ref="nothing") is Reason.UNKNOWN_ORDER


def test_a_classification_taken_back_gives_the_one_before_its_place(desk: Desk) -> None:
    first = desk.give(Verb.CLASSIFY, FIRE)
    second = desk.give(Verb.CLASSIFY, FIRE, ref=first)
    third = desk.give(Verb.CLASSIFY, FIRE, ref=second)
    desk.give(Verb.RETRACT, FIRE, ref=second)
    desk.give(Verb.CLASSIFY, FIRE, ref=third, id="fourth")
    desk.give(Verb.RETRACT, FIRE, ref="fourth")
    desk.give(Verb.RETRACT, FIRE, ref=third)
    assert desk.lose(Verb.CLASSIFY, FIRE, ref=third) == (first, Reason.CHANGED)
    desk.give(Verb.RETRACT, FIRE, ref=first)
    assert desk.lose(Verb.CLASSIFY, FIRE, ref=first)[1] is Reason.CHANGED
    desk.give(Verb.CLASSIFY, FIRE)


def test_a_unit_is_sent_to_one_incident_until_it_stands_down(desk: Desk) -> None:
    first = desk.give(Verb.DISPATCH, FIRE, unit="VO000")
    assert desk.lose(Verb.DISPATCH, "cad/I2", unit="VO000") == (first, Reason.TAKEN)
    assert desk.lose(Verb.DISPATCH, FIRE, unit="VO000") == (first, Reason.TAKEN)
    desk.give(Verb.STAND_DOWN, "cad/I3", unit="VO000")  # of an incident that it is not at: changes nothing
    assert desk.lose(Verb.DISPATCH, "cad/I2", unit="VO000") == (first, Reason.TAKEN)
    desk.give(Verb.STAND_DOWN, FIRE, unit="VO000")
    desk.give(Verb.DISPATCH, "cad/I2", unit="VO000")


def test_a_close_sets_the_units_free(desk: Desk) -> None:
    desk.give(Verb.DISPATCH, FIRE, unit="VO000")
    closed = desk.give(Verb.CLOSE, FIRE)
    desk.give(Verb.DISPATCH, "cad/I2", unit="VO000")
    assert desk.lose(Verb.DISPATCH, FIRE, unit="PO000") == (closed, Reason.CLOSED)


def test_a_close_is_taken_back_once(desk: Desk) -> None:
    assert desk.refuse(Verb.REOPEN, FIRE) is Reason.NOTHING_TO_UNDO
    desk.give(Verb.CLOSE, FIRE)
    desk.give(Verb.REOPEN, FIRE)
    assert desk.refuse(Verb.REOPEN, FIRE) is Reason.NOTHING_TO_UNDO
    desk.give(Verb.DISPATCH, FIRE, unit="VO000")
    desk.give(Verb.CLOSE, FIRE)


def test_the_command_goes_to_who_was_offered_it(desk: Desk) -> None:
    offer = desk.give(Verb.OFFER, FIRE, into="A")
    assert desk.lose(Verb.OFFER, FIRE, into="B") == (offer, Reason.TAKEN)
    assert desk.refuse(Verb.ACCEPT, FIRE, ref=offer, centre="B") is Reason.WRONG_CENTRE
    accepted = desk.give(Verb.ACCEPT, FIRE, ref=offer, centre="A", actor="wang")
    assert desk.lose(Verb.DECLINE, FIRE, ref=offer, centre="A") == (accepted, Reason.CHANGED)
    again = desk.give(Verb.OFFER, FIRE, into="B", centre="A")
    assert desk.lose(Verb.ACCEPT, FIRE, ref=offer, centre="A") == (again, Reason.CHANGED)


def test_an_offer_is_declined_or_taken_back(desk: Desk) -> None:
    assert desk.refuse(Verb.DECLINE, FIRE, ref="none") is Reason.UNKNOWN_ORDER
    desk.give(Verb.DECLINE, FIRE, ref=desk.give(Verb.OFFER, FIRE, into="A"), centre="A")
    desk.give(Verb.DECLINE, FIRE, ref=desk.give(Verb.OFFER, FIRE, into="A"), centre="C1")
    offer = desk.give(Verb.OFFER, FIRE, into="A")
    assert desk.refuse(Verb.DECLINE, FIRE, ref=offer, centre="B") is Reason.WRONG_CENTRE


def test_an_offer_that_ran_out_is_not_accepted_and_can_be_made_again(desk: Desk) -> None:
    offer = desk.give(Verb.OFFER, FIRE, into="A")
    desk.slots["offer|cad/I1"] = replace(desk.slots["offer|cad/I1"], until=at(300).timestamp())
    assert desk.lose(Verb.ACCEPT, FIRE, 301, ref=offer, centre="A") == (offer, Reason.CHANGED)
    desk.give(Verb.OFFER, FIRE, 302, into="A")


def test_two_officers_never_work_the_same_alert(desk: Desk) -> None:
    claim = desk.give(Verb.CLAIM, ALERT)
    assert desk.lose(Verb.CLAIM, ALERT, 1, actor="wang") == (claim, Reason.TAKEN)
    assert desk.lose(Verb.CONFIRM, ALERT, 1, actor="wang") == (claim, Reason.TAKEN)
    assert desk.lose(Verb.RELEASE, ALERT, 1, actor="wang") == (claim, Reason.TAKEN)
    desk.give(Verb.CLAIM, ALERT, 2)
    verdict = desk.give(Verb.MARK_FALSE, ALERT, 3)
    assert desk.lose(Verb.CONFIRM, ALERT, 4) == (verdict, Reason.TAKEN)
    assert desk.lose(Verb.CLAIM, ALERT, 4) == (verdict, Reason.TAKEN)


def test_a_claim_is_given_back_or_runs_out(desk: Desk) -> None:
    assert desk.refuse(Verb.RELEASE, ALERT) is Reason.NOTHING_TO_UNDO
    desk.give(Verb.CLAIM, ALERT)
    desk.give(Verb.RELEASE, ALERT)
    desk.give(Verb.CLAIM, ALERT, actor="wang")
    desk.give(Verb.CONFIRM, ALERT, CLAIM_S + 1)


def test_a_shelved_alarm_is_approved_by_somebody_else(desk: Desk) -> None:
    assert desk.refuse(Verb.APPROVE, ALARM, ref="none") is Reason.UNKNOWN_ORDER
    shelved = desk.give(Verb.SHELVE, ALARM, until=at(600))
    assert desk.refuse(Verb.APPROVE, ALARM, ref=shelved) is Reason.SECOND_PERSON
    assert desk.lose(Verb.APPROVE, ALARM, ref="other", actor="wang") == (shelved, Reason.CHANGED)
    approved = desk.give(Verb.APPROVE, ALARM, ref=shelved, actor="wang")
    assert desk.lose(Verb.APPROVE, ALARM, ref=shelved, actor="zhao") == (approved, Reason.TAKEN)


def test_a_shelf_ends_by_time_or_by_hand(desk: Desk) -> None:
    shelved = desk.give(Verb.SHELVE, ALARM, until=at(600))
    assert desk.lose(Verb.SHELVE, ALARM, 599, until=at(900)) == (shelved, Reason.TAKEN)
    desk.give(Verb.SHELVE, ALARM, 601, until=at(900))
    desk.give(Verb.UNSHELVE, ALARM, 602)
    assert desk.refuse(Verb.UNSHELVE, ALARM, 603) is Reason.NOTHING_TO_UNDO
    desk.give(Verb.SHELVE, ALARM, 604, until=at(900))


def test_each_centre_answers_a_roll_call_once(desk: Desk) -> None:
    call = desk.give(Verb.CALL_ROLL, "D")
    answer = desk.give(Verb.ANSWER, "A", ref=call)
    assert desk.lose(Verb.ANSWER, "A", ref=call, actor="wang") == (answer, Reason.TAKEN)
    desk.give(Verb.ANSWER, "B", ref=call)
    assert desk.refuse(Verb.ANSWER, "A", ref=answer) is Reason.UNKNOWN_ORDER


def test_a_shift_goes_from_one_person_to_another(desk: Desk) -> None:
    assert desk.refuse(Verb.TAKE_OVER, "A", ref="none") is Reason.UNKNOWN_ORDER
    given = desk.give(Verb.HAND_OVER, "A")
    assert desk.lose(Verb.HAND_OVER, "A", 1, actor="wang") == (given, Reason.TAKEN)
    anew = desk.give(Verb.HAND_OVER, "A", 2)
    assert desk.lose(Verb.TAKE_OVER, "A", 3, ref=given, actor="wang") == (anew, Reason.CHANGED)
    assert desk.refuse(Verb.TAKE_OVER, "A", 3, ref=anew) is Reason.SECOND_PERSON
    taken = desk.give(Verb.TAKE_OVER, "A", 4, ref=anew, actor="wang")
    assert desk.lose(Verb.TAKE_OVER, "A", 5, ref=anew, actor="zhao") == (taken, Reason.CHANGED)
    desk.give(Verb.HAND_OVER, "A", 6, actor="wang")


def test_a_handover_that_nobody_took_gives_way_a_shift_later(desk: Desk) -> None:
    old = desk.give(Verb.HAND_OVER, "A")
    desk.give(Verb.HAND_OVER, "A", HANDOVER_S + 1, actor="wang")
    assert desk.lose(Verb.TAKE_OVER, "A", HANDOVER_S + 2, ref=old, actor="zhao")[1] is Reason.CHANGED


def test_only_who_gave_an_order_takes_it_back_and_only_once(desk: Desk) -> None:
    note = desk.give(Verb.NOTE, FIRE)
    assert desk.refuse(Verb.RETRACT, FIRE, ref=note, actor="wang") is Reason.ONLY_OWN
    assert desk.refuse(Verb.RETRACT, "cad/I2", ref=note) is Reason.UNKNOWN_ORDER
    assert desk.refuse(Verb.RETRACT, FIRE, ref="none") is Reason.UNKNOWN_ORDER
    taken_back = desk.give(Verb.RETRACT, FIRE, ref=note)
    assert desk.lose(Verb.RETRACT, FIRE, ref=note) == (taken_back, Reason.TAKEN)
    assert desk.refuse(Verb.RETRACT, FIRE, ref=desk.give(Verb.CLOSE, FIRE)) is Reason.NOT_UNDOABLE
    desk.give(Verb.RETRACT, CASE, ref=desk.give(Verb.HOLD, CASE))


def test_a_supervision_that_was_taken_back_can_be_given_again(desk: Desk) -> None:
    watch = desk.give(Verb.SUPERVISE, CASE)
    assert desk.lose(Verb.SUPERVISE, CASE, 1, actor="wang") == (watch, Reason.TAKEN)
    assert desk.refuse(Verb.RETRACT, CASE, 2, ref=watch, actor="wang") is Reason.ONLY_OWN
    desk.give(Verb.RETRACT, CASE, 3, ref=watch)
    again = desk.give(Verb.SUPERVISE, CASE, 4, actor="wang")
    assert desk.lose(Verb.RETRACT, CASE, 5, ref=watch)[1] is Reason.TAKEN
    assert desk.lose(Verb.SUPERVISE, CASE, 6) == (again, Reason.TAKEN)
