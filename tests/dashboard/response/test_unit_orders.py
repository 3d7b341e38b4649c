import math
from itertools import permutations

import pytest

from dashboard.records import ReplyState, Verb
from dashboard.response.deeds import UnitOrder
from dashboard.response.unit_orders import Answer, further, told, unit_orders
from tests.dashboard.response.ground import T0, order, reply

SENT = order(Verb.DISPATCH, 10, "police-1", by="值班员", centre="C0")
OFF = order(Verb.STAND_DOWN, 50, "police-1")


def heard(*said: tuple[float, ReplyState]) -> Answer | None:
    answer = None
    for at_s, state in said:
        answer = further(answer, reply(SENT, at_s, state))
    return answer


def shown(
    orders=(SENT,), answer: Answer | None = None, there: frozenset[str] = frozenset(), is_closed: bool = False
) -> UnitOrder:
    (one,) = unit_orders(told(orders, {SENT.id: answer} if answer else {}).values(), 60, there, is_closed)
    return one


def test_an_order_only_goes_forward_in_whatever_order_its_replies_come():
    said = ((11, ReplyState.DELIVERED), (13, ReplyState.READ), (15, ReplyState.ACCEPTED))
    for mixed in permutations((*said, (12, ReplyState.DELIVERED), (9, ReplyState.FAILED))):
        assert heard(*mixed) == Answer(ReplyState.ACCEPTED, T0 + 15)


@pytest.mark.parametrize(
    ("said", "state", "at_s"),
    [
        (((11, ReplyState.DELIVERED), (12, ReplyState.DELIVERED)), ReplyState.DELIVERED, 11),
        (((15, ReplyState.ACCEPTED), (40, ReplyState.DECLINED)), ReplyState.DECLINED, 40),
        (((15, ReplyState.DECLINED), (40, ReplyState.ACCEPTED)), ReplyState.ACCEPTED, 40),
        (((300, ReplyState.FAILED), (12, ReplyState.READ)), ReplyState.READ, 12),
        (((11, ReplyState.BY_VOICE), (300, ReplyState.FAILED)), ReplyState.BY_VOICE, 11),
    ],
)
def test_a_unit_may_change_its_mind_and_a_failure_is_forgotten_when_the_order_came_through(said, state, at_s):
    assert heard(*said) == heard(*said[::-1]) == Answer(state, T0 + at_s)


def test_the_last_order_to_a_unit_holds():
    again = order(Verb.DISPATCH, 90, "police-1")
    assert told([SENT], {})["police-1"].is_sent
    assert not told([SENT, OFF], {})["police-1"].is_sent
    held = told([SENT, OFF, again], {})["police-1"]
    assert (held.is_sent, held.at - T0, held.first_at - T0, held.free_since) == (True, 90, 10, None)


def test_a_unit_that_declined_or_was_not_reached_is_not_sent_until_it_is_told_again():
    for state in (ReplyState.DECLINED, ReplyState.FAILED):
        lost = told([SENT], {SENT.id: Answer(state, T0 + 20)})["police-1"]
        assert (lost.is_sent, lost.free_since) == (False, T0 + 20)
    again = order(Verb.DISPATCH, 90, "police-1")
    assert told([SENT, again], {SENT.id: Answer(ReplyState.DECLINED, T0 + 20)})["police-1"].is_sent


def test_an_answer_is_awaited_until_the_unit_says_whether_it_comes():
    assert shown().answer_due_at == T0 + 70
    assert shown(answer=Answer(ReplyState.READ, T0 + 12)).answer_due_at == T0 + 70
    for state in (ReplyState.ACCEPTED, ReplyState.DECLINED, ReplyState.FAILED, ReplyState.BY_VOICE):
        assert not shown(answer=Answer(state, T0 + 12)).is_awaited


def test_nobody_waits_for_who_is_there_or_called_off_nor_after_the_close():
    assert shown().is_awaited
    assert shown(there=frozenset({"police-1"})).answer_due_at == math.inf
    assert not shown(is_closed=True).is_awaited
    assert not shown((SENT, OFF)).is_awaited


def test_who_was_sent_by_another_system_is_awaited_only_if_its_device_speaks():
    theirs = order(Verb.DISPATCH, 10, "police-1", source="cad", id=SENT.id)
    assert not shown((theirs,)).is_awaited
    assert shown((theirs,), Answer(ReplyState.DELIVERED, T0 + 11)).is_awaited


def test_an_order_is_shown_with_who_gave_it_and_what_was_heard():
    one = shown(answer=Answer(ReplyState.DECLINED, T0 + 20, "车辆故障"))
    assert (one.id, one.unit, one.at, one.go) == (SENT.id, "police-1", T0 + 10, True)
    assert (one.by, one.centre, one.state, one.state_at) == ("值班员", "C0", "declined", T0 + 20)
    assert one.reason == "车辆故障"
