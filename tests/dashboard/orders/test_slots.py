from dashboard.orders.slots import SETTLE_S, Held, held, reconcile, slot
from dashboard.records import Verb
from tests.builders import at, order

FIRE = "cad/I1"


def test_a_slot_is_named_by_its_words() -> None:
    assert slot(Verb.REPORT, "first", FIRE) == "report|first|cad/I1"


def test_who_has_a_slot_is_said_as_the_order_says_it() -> None:
    found = held(order(Verb.OFFER, FIRE, 1, id="o", actor="li", by="李", centre="C0", into="A"))
    assert found == Held("o", "offer", FIRE, at(1).timestamp(), "li", "李", "C0", "A")


def test_the_ledger_is_believed_until_the_situation_has_had_time_to_know() -> None:
    kept = held(order(Verb.DISPATCH, FIRE, 0))
    free = Held("", "", "", 0.0, taken=False)
    soon, later = (at(0).timestamp() + SETTLE_S + shift for shift in (-0.1, 0.1))
    assert reconcile(None, free, soon) is free
    assert reconcile(kept, None, later) is kept
    assert reconcile(kept, free, soon) is kept
    assert reconcile(kept, free, later) is free
    assert reconcile(kept, Held("x", "", "", 0.0), later) == kept


def test_the_situation_knows_when_what_the_ledger_kept_runs_out() -> None:
    kept = held(order(Verb.OFFER, FIRE, 0, id="offer"))
    found = reconcile(kept, Held("offer", "", FIRE, 0.0, until=900.0), 0.0)
    assert found is not None
    assert (found.order, found.until) == ("offer", 900.0)
