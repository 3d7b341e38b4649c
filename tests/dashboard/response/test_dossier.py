import random

import pytest

from dashboard.records import Evidence, Level, ReplyState, Tier, Verb, moment
from dashboard.response.dossier import CROSSINGS_KEPT, ORDERS_KEPT, Dossier
from dashboard.response.geofence import Point, Sight
from dashboard.response.policy import ClockZero, LegRule, Policy
from tests.dashboard.response.ground import T0, incident, order, reply

POLICY = Policy()
RULES = (LegRule(Tier.POLICE, 300),)


def a_dossier(**changes) -> Dossier:
    return Dossier(incident=incident(**changes), received_at=T0, community=0)


def evidence(dossier: Dossier) -> list[tuple[str, float, str]]:
    tiers = {name: Tier.POLICE for name in dossier.crossings}
    return [(each.call_sign, each.at - T0, each.evidence) for each in dossier.arrivals(POLICY, RULES, tiers)]


def see(dossier: Dossier, unit: str, at_s: float, north_m: float = 0.0) -> bool:
    return dossier.see(unit, Sight(0, Point(T0 + at_s, 0, north_m), None), T0, 50.0)


@pytest.mark.parametrize(
    ("zero", "stated", "expected_s"),
    [
        (ClockZero.REPORTED_AT, {"occurred_at": -60, "dispatched_at": 20}, 0),
        (ClockZero.OCCURRED_AT, {"occurred_at": -60}, -60),
        (ClockZero.OCCURRED_AT, {}, 0),
        (ClockZero.DISPATCHED_AT, {"dispatched_at": 20}, 20),
        (ClockZero.DISPATCHED_AT, {}, 0),
    ],
)
def test_the_clock_starts_where_the_policy_says_or_at_the_report(zero, stated, expected_s):
    dossier = a_dossier(**{name: moment(T0 + at_s) for name, at_s in stated.items()})
    assert dossier.zero_at(zero) - T0 == expected_s


def test_without_a_stated_dispatch_the_first_unit_sent_is_the_dispatch():
    dossier = a_dossier()
    dossier.order(order(Verb.DISPATCH, 30, "police-1"))
    dossier.order(order(Verb.DISPATCH, 25, "police-2"))
    assert dossier.zero_at(ClockZero.DISPATCHED_AT) - T0 == 25


def test_an_older_or_the_same_revision_changes_nothing():
    dossier = a_dossier(revision=3, title="now")
    assert not dossier.revise(incident(revision=3, title="other"), T0 + 5)
    assert not dossier.revise(incident(revision=2, title="before", lat=22.6), T0 + 5)
    assert dossier.incident.title == "now"
    assert dossier.revise(incident(revision=4, lat=22.6), T0 + 5)


def test_what_was_seen_at_another_place_is_forgotten():
    dossier = a_dossier()
    see(dossier, "police-1", 5)
    dossier.revise(incident(revision=1, title="same place"), T0)
    assert list(dossier.crossings) == ["police-1"]
    dossier.revise(incident(revision=2, lat=22.6), T0)
    assert dossier.crossings == {}


def test_the_latest_order_to_a_unit_holds_in_whatever_order_they_come():
    there = (order(Verb.DISPATCH, 10, "police-1"), order(Verb.STAND_DOWN, 20, "police-1"))
    again = order(Verb.DISPATCH, 30, "police-1")
    for orders, expected in (((*there, again), True), ((again, *there), True), (there[::-1], False)):
        dossier = a_dossier()
        for each in orders:
            dossier.order(each)
        assert (dossier.assigned() == ("police-1",)) is expected


def test_the_first_acknowledgement_and_the_first_close_count():
    dossier = a_dossier(closed_at=moment(T0 + 500))
    for at_s in (30, 20):
        dossier.order(order(Verb.ACKNOWLEDGE, at_s))
        dossier.order(order(Verb.CLOSE, 400 + at_s))
    assert dossier.acknowledged_at == T0 + 20
    assert dossier.closed_at == T0 + 420


def test_an_officer_sees_kind_and_level_otherwise_and_a_later_revision_does_not_undo_it():
    dossier = a_dossier()
    assert (dossier.kind, dossier.level) == ("fire", Level.II)
    dossier.order(order(Verb.CLASSIFY, 10, level=Level.I))
    assert (dossier.kind, dossier.level) == ("fire", Level.I)
    dossier.order(order(Verb.CLASSIFY, 20, kind="flood"))
    dossier.revise(incident(revision=1, level=Level.IV), T0)
    assert (dossier.kind, dossier.level) == ("flood", Level.IV)


def test_a_source_that_closed_its_incident_has_closed_it_whatever_is_reopened():
    dossier = a_dossier(closed_at=moment(T0 + 500))
    dossier.order(order(Verb.CLOSE, 400))
    dossier.order(order(Verb.REOPEN, 450))
    assert dossier.closed_at == T0 + 500


def test_the_same_order_again_tells_nothing_new():
    dossier = a_dossier()
    assert dossier.order(order(Verb.DISPATCH, 10, "police-1"))
    assert not dossier.order(order(Verb.DISPATCH, 10, "police-1"))


def test_only_the_unit_that_was_told_answers_an_order():
    sent = order(Verb.DISPATCH, 10, "police-1")
    note = order(Verb.NOTE, 11)
    dossier = a_dossier()
    for each in (sent, note):
        dossier.order(each)
    assert not dossier.answer(reply(sent, 15, ReplyState.DECLINED, unit="police-2"))
    assert not dossier.answer(reply(note, 15, ReplyState.DECLINED))
    assert dossier.answer(reply(sent, 15, ReplyState.DECLINED))
    assert not dossier.answer(reply(sent, 15, ReplyState.DECLINED))
    assert not dossier.answer(reply(sent, 12, ReplyState.READ))
    assert dossier.assigned() == ()


def test_a_unit_that_does_not_come_is_not_busy_until_it_says_that_it_is_there():
    sent = order(Verb.DISPATCH, 10, "police-1")
    dossier = a_dossier()
    dossier.order(sent)
    dossier.answer(reply(sent, 15, ReplyState.DECLINED))
    assert dossier.engaged(()) == {}
    dossier.report("police-1", Tier.POLICE, T0 + 14, Evidence.UNIT)
    assert dossier.engaged(()) == {}
    dossier.report("police-1", Tier.POLICE, T0 + 40, Evidence.OPERATOR)
    assert dossier.engaged(()) == {"police-1": True}


@pytest.mark.parametrize("seed", range(4))
def test_of_too_many_orders_the_oldest_notes_go_and_are_counted(seed):
    shuffle = random.Random(seed)
    notes = [order(Verb.NOTE, n, id=f"n{n}") for n in range(ORDERS_KEPT)]
    orders = [*notes, *(order(Verb.DISPATCH, n, f"police-{n}") for n in range(20))]
    shuffle.shuffle(orders)
    dossier = a_dossier()
    for each in orders:
        dossier.order(each)
    assert (len(dossier.orders), dossier.notes_dropped) == (ORDERS_KEPT, 20)
    assert min(each.at for each in dossier.orders.values() if each.verb is Verb.NOTE) == moment(T0 + 20)


def test_a_unit_sent_after_the_close_is_not_assigned():
    dossier = a_dossier(closed_at=moment(T0 + 100))
    dossier.order(order(Verb.DISPATCH, 90, "police-1"))
    dossier.order(order(Verb.DISPATCH, 110, "police-2"))
    assert dossier.assigned() == ("police-1",)


def test_each_kind_of_evidence_stays_on_record_with_its_earliest_time():
    dossier = a_dossier()
    see(dossier, "police-1", 40)
    for at_s, kind in (
        (60, Evidence.UNIT),
        (50, Evidence.UNIT),
        (55, Evidence.UNIT),
        (70, Evidence.OPERATOR),
    ):
        dossier.report("police-1", Tier.POLICE, T0 + at_s, kind)
    assert evidence(dossier) == [
        ("police-1", 40, "geofence"),
        ("police-1", 50, "unit"),
        ("police-1", 70, "operator"),
    ]


def test_an_arrival_before_clock_zero_counts_from_zero():
    dossier = a_dossier()
    dossier.report("police-1", Tier.POLICE, T0 + -20, Evidence.UNIT)
    assert evidence(dossier) == [("police-1", 0, "unit")]


def test_of_those_who_pass_by_only_as_many_are_shown_as_are_needed_and_all_that_were_sent():
    dossier = a_dossier()
    for n in range(1, 5):
        see(dossier, f"police-{n}", 10 * n)
    dossier.order(order(Verb.DISPATCH, 5, "police-3"))
    assert [unit for unit, _, _ in evidence(dossier)] == ["police-1", "police-3"]


def test_the_geofence_sees_nothing_after_the_close():
    dossier = a_dossier(closed_at=moment(T0 + 100))
    see(dossier, "police-1", 101)
    assert evidence(dossier) == []


def test_the_same_sight_again_tells_nothing_new():
    dossier = a_dossier()
    assert see(dossier, "police-1", 5)
    assert not see(dossier, "police-1", 5)
    assert not see(dossier, "police-1", 6)
    assert not see(dossier, "police-2", 6, north_m=60)


def test_of_a_crowd_the_earliest_are_kept():
    dossier = a_dossier()
    for n in range(CROSSINGS_KEPT + 10):
        see(dossier, f"police-{n}", 1000 - n)
    assert len(dossier.crossings) == CROSSINGS_KEPT
    assert "police-0" not in dossier.crossings


def test_who_is_sent_or_reported_is_busy_and_who_passes_by_is_not():
    dossier = a_dossier()
    for unit in ("police-1", "police-2"):
        dossier.order(order(Verb.DISPATCH, 1, unit))
    dossier.report("police-2", Tier.POLICE, T0 + 30, Evidence.UNIT)
    dossier.report("police-3", Tier.POLICE, T0 + 30, Evidence.UNIT)
    dossier.report("police-4", Tier.POLICE, T0 + 30, Evidence.UNIT)
    dossier.order(order(Verb.STAND_DOWN, 40, "police-4"))
    see(dossier, "police-5", 20)
    busy = dossier.engaged(dossier.arrivals(POLICY, RULES, {"police-5": Tier.POLICE}))
    assert busy == {"police-1": False, "police-2": True, "police-3": True}
