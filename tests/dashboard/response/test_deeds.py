import math

import msgspec
import pytest

from dashboard.records import ReplyState, Verb
from dashboard.response.deeds import Deed, Noted, Offer, Outcome, Report, ReportPart, UnitOrder

DEED = Deed(1.0, "d1", Verb.NOTE, "值班员", "C0", text="东门进")
NOTED = Deed(2.0, "", None, "", "", into="S0", noted=Noted.ESCALATED)


def test_a_line_says_what_happened_in_one_word():
    assert (DEED.word, NOTED.word) == ("note", "escalated")


def test_no_word_of_the_system_is_a_verb_of_an_officer():
    assert not {noted.value for noted in Noted} & {verb.value for verb in Verb}


def test_an_answer_that_never_comes_due_is_not_awaited():
    order = UnitOrder("o", "police-1", 1.0, True, "值班员", "C0", 61.0)
    assert order.is_awaited
    assert not msgspec.structs.replace(order, answer_due_at=math.inf).is_awaited


@pytest.mark.parametrize(
    "one",
    [
        DEED,
        NOTED,
        UnitOrder("o", "police-1", 1.0, True, "值班员", "C0", math.inf, ReplyState.DECLINED, 2.0, "车辆故障"),
        Report("r", ReportPart.FIRST, 1.0, "值班员", "C0", "初报"),
        Offer("o", "S0", "值班员", "C0", 1.0, 301.0),
    ],
)
def test_they_travel_as_they_are(one):
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(one), type=type(one)) == one


def test_an_outcome_is_what_a_close_can_be_of_kind():
    assert Outcome("handled") is Outcome.HANDLED
