from itertools import permutations

from dashboard.alerts.decisions import CLAIM_S, AlertStage, decide, in_order, word_of
from dashboard.records import Verb
from tests.builders import at, order


def said(*orders, after_s=60.0):
    return decide(sorted((word_of(each, 0) for each in orders), key=in_order), at(after_s).timestamp())


def test_nobody_said_anything() -> None:
    assert said().stage is AlertStage.NEW


def test_the_same_words_in_any_order_say_the_same() -> None:
    words = (
        order(Verb.CLAIM, "v/A1", 1, actor="li", by="李"),
        order(Verb.RELEASE, "v/A1", 2, actor="li"),
        order(Verb.CLAIM, "v/A1", 3, actor="wu", by="吴"),
        order(Verb.CONFIRM, "v/A1", 4, actor="wu", by="吴", into="cad/7"),
        order(Verb.MARK_FALSE, "v/A1", 5, actor="li", reason="late"),
    )
    decisions = {said(*each) for each in permutations(words)}
    [decision] = decisions
    assert (decision.stage, decision.into, decision.decided_by) == (AlertStage.CONFIRMED, "cad/7", "吴")


def test_without_accounts_the_centre_is_who_claimed() -> None:
    claim = order(Verb.CLAIM, "v/A1", 1, centre="S1")
    assert said(claim, order(Verb.RELEASE, "v/A1", 2, centre="S2")).stage is AlertStage.CLAIMED
    assert said(claim, order(Verb.RELEASE, "v/A1", 2, centre="S1")).stage is AlertStage.NEW


def test_a_claim_that_is_not_renewed_runs_out() -> None:
    claim, renewed = (order(Verb.CLAIM, "v/A1", at_s, actor="li", by="李") for at_s in (0, 600))
    assert said(claim, after_s=CLAIM_S).stage is AlertStage.CLAIMED
    assert said(claim, after_s=CLAIM_S + 1).stage is AlertStage.NEW
    assert said(claim, renewed, after_s=CLAIM_S + 1).claimed_by == "李"
    taken = order(Verb.CLAIM, "v/A1", CLAIM_S + 1, actor="wu", by="吴")
    assert said(claim, taken, after_s=CLAIM_S + 2).claimed_by == "吴"
    verdict = order(Verb.MARK_FALSE, "v/A1", CLAIM_S + 1, actor="wu", by="吴")
    assert said(claim, verdict).claimed_by == ""
