from dashboard.records import Order, Verb
from dashboard.response.authority import Authority, authority
from tests.dashboard.response.ground import T0, order

CHAIN = ("C0", "S0", "D")
OFFER = order(Verb.OFFER, 10, id="o1", into="S0", by="甲", centre="C0")


def at(now_s: float, *transfers: Order, closed_s: float | None = None, acknowledging=frozenset()) -> Authority:
    closed_at = None if closed_s is None else T0 + closed_s
    return authority(transfers, CHAIN, acknowledging, 300.0, T0 + now_s, closed_at)


def accept(at_s: float, ref: str = "o1") -> Order:
    return order(Verb.ACCEPT, at_s, ref=ref, centre="S0")


def test_the_lowest_centre_commands_until_one_of_the_chain_takes_notice():
    assert at(5).in_command == "C0"
    assert at(5, acknowledging=frozenset({"S0"})).in_command == "S0"
    assert at(5, acknowledging=frozenset({"D", "S0", "elsewhere"})).in_command == "S0"
    assert authority((), (), frozenset(), 300.0, T0).in_command == ""


def test_an_offer_stands_until_it_is_accepted_and_then_the_command_moves():
    standing = at(20, OFFER)
    assert standing.offer is not None
    assert (standing.offer.into, standing.offer.by, standing.offer.centre) == ("S0", "甲", "C0")
    assert standing.offer.lapses_at == T0 + 310
    assert standing.in_command == "C0"
    assert at(30, OFFER, accept(25)) == Authority("S0")


def test_an_offer_that_is_declined_or_taken_back_leaves_the_command_where_it_is():
    assert at(30, OFFER, order(Verb.DECLINE, 25, ref="o1")) == Authority("C0")
    assert at(30, OFFER, order(Verb.DECLINE, 25, ref="another")).offer is not None


def test_an_offer_lapses_and_an_acceptance_after_that_does_not_count():
    assert at(310, OFFER).offer is not None
    for after in (at(311, OFFER), at(400, OFFER, accept(311))):
        assert (after.in_command, after.offer) == ("C0", None)
        assert [offer.id for offer in after.lapsed] == ["o1"]
    assert at(400, OFFER, accept(310)).in_command == "S0"


def test_a_later_offer_replaces_an_earlier_one():
    second = order(Verb.OFFER, 20, id="o2", into="D")
    assert at(40, OFFER, second, accept(30)).in_command == "C0"
    assert at(40, OFFER, second, accept(30, "o2")) == Authority("D")


def test_the_command_can_be_handed_on_and_back():
    back = order(Verb.OFFER, 40, id="o2", into="C0")
    assert at(60, OFFER, accept(20), back).in_command == "S0"
    assert at(60, OFFER, accept(20), back, accept(50, "o2")).in_command == "C0"


def test_with_the_close_every_offer_ends_and_none_lapses_after_it():
    closed = at(9999, OFFER, closed_s=100)
    assert (closed.offer, closed.lapsed) == (None, ())
    assert len(at(9999, OFFER, closed_s=400).lapsed) == 1
