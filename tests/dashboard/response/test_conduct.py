from itertools import permutations

from dashboard.records import Level, Order, ReplyState, Verb
from dashboard.response.conduct import Conduct, conduct_of
from dashboard.response.unit_orders import Answer
from tests.dashboard.response.ground import T0, order


def conduct(*orders: Order) -> Conduct:
    """The same of these orders in any order (up to five of them)."""
    made = conduct_of(orders, {})
    for mixed in permutations(orders):
        assert conduct_of(mixed, {}) == made
    return made


def classify(at_s: float, level: Level, **fields) -> Order:
    return order(Verb.CLASSIFY, at_s, level=level, kind="flood", **fields)


def test_of_two_who_take_notice_the_earlier_counts_and_both_are_known():
    made = conduct(
        order(Verb.ACKNOWLEDGE, 30, centre="S0", by="乙", id="b"),
        order(Verb.ACKNOWLEDGE, 20, centre="C0", by="甲", id="a"),
    )
    assert made.acknowledged is not None
    assert (made.acknowledged.by, made.acknowledged.centre) == ("甲", "C0")
    assert made.acknowledging == {"C0", "S0"}


def test_the_latest_classification_holds_until_its_author_takes_it_back():
    first = classify(10, Level.II, id="k1", actor="li")
    second = classify(20, Level.I, id="k2", actor="li")
    theirs = order(Verb.RETRACT, 30, ref="k2", actor="wang")
    own = order(Verb.RETRACT, 40, ref="k2", actor="li")
    assert conduct(first, second).classified == second
    assert conduct(first, second, theirs).classified == second
    assert conduct(first, second, theirs, own).classified == first
    assert conduct(second, own).classified is None


def test_what_is_taken_back_is_marked_and_stays_on_record():
    note = order(Verb.NOTE, 10, id="n1", text="东门进", actor="li")
    made = conduct(note, order(Verb.RETRACT, 20, ref="n1", actor="li"))
    assert [(line.verb, line.text, line.retracted) for line in made.lines] == [
        (Verb.NOTE, "东门进", True),
        (Verb.RETRACT, "", False),
    ]


def test_only_notes_and_classifications_are_taken_back():
    acknowledged = order(Verb.ACKNOWLEDGE, 10, id="a")
    made = conduct(acknowledged, order(Verb.RETRACT, 20, ref="a"))
    assert made.acknowledged == acknowledged
    assert not any(line.retracted for line in made.lines)


def test_a_close_holds_from_the_first_one_since_it_was_reopened():
    closes = [order(Verb.CLOSE, at_s, kind="handled") for at_s in (100, 120, 300, 320)]
    reopened = order(Verb.REOPEN, 200)
    assert conduct(*closes[:2]).closed == closes[0]
    assert conduct(*closes[:2], reopened).closed is None
    assert conduct(*closes, reopened).closed == closes[2]


def test_what_was_ordered_at_the_same_instant_follows_as_cause_and_effect():
    assert conduct(order(Verb.CLOSE, 10, id="z"), order(Verb.REOPEN, 10, id="a")).closed is None
    sent = conduct(order(Verb.STAND_DOWN, 10, "police-1", id="a"), order(Verb.DISPATCH, 10, "police-1", id="z"))
    assert not sent.told["police-1"].is_sent


def test_the_first_unit_sent_is_the_dispatch_whatever_became_of_it():
    orders = (order(Verb.DISPATCH, 10, "police-1", id="d"), order(Verb.DISPATCH, 30, "police-2"))
    made = conduct_of(orders, {"d": Answer(ReplyState.DECLINED, T0 + 20)})
    assert made.first_sent_at == T0 + 10
    assert [name for name, told in made.told.items() if told.is_sent] == ["police-2"]


def test_reports_are_kept_by_part_and_another_kind_is_only_a_line():
    made = conduct(
        order(Verb.REPORT, 60, kind="first", text="初报", by="甲", centre="C0"),
        order(Verb.REPORT, 90, kind="follow_up", text="续报"),
        order(Verb.REPORT, 95, kind="weekly"),
    )
    assert [(report.part, report.at - T0, report.text) for report in made.reports] == [
        ("first", 60, "初报"),
        ("follow_up", 90, "续报"),
    ]
    assert [(line.kind, line.text) for line in made.lines] == [("first", ""), ("follow_up", ""), ("weekly", "")]


def test_a_centre_is_asked_when_it_was_asked_first():
    made = conduct(
        order(Verb.ASK_UP, 50, into="D"), order(Verb.ASK_UP, 30, into="S0"), order(Verb.ASK_UP, 40, into="D")
    )
    assert made.asked == {"S0": T0 + 30, "D": T0 + 40}
