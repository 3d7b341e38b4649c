from collections import Counter

import pytest

from dashboard.records import Level, Order, ReplyState, Verb, moment
from dashboard.response import Outcome
from feeds.simulated_officers import Plan, close, order, orders, replies
from tests.feeds.small_district import small_district

NOW = 1_800_000_000.0


def plan(seed: int = 1, **facts: object) -> Plan:
    usual = Plan("E1", NOW, NOW + 600, NOW + 20, "fire", Level.IV, False, 22.6, 113.9, 0, seed)
    return usual._replace(**facts)


def verbs(one: Plan) -> list[Verb]:
    return [each.verb for each in orders(one, small_district())]


def test_a_plain_incident_is_answered_noted_and_closed_by_its_community() -> None:
    told = list(orders(plan(), small_district()))
    assert [each.verb for each in told] == [Verb.ACKNOWLEDGE, Verb.NOTE, Verb.CLOSE]
    assert {(each.by, each.centre) for each in told} == {("值班员", "C0")}
    assert told[1].text


def test_a_grave_one_goes_up_and_is_reported_first_and_last() -> None:
    told = list(orders(plan(level=Level.II), small_district()))
    by_verb = {each.verb: each for each in told}
    assert by_verb[Verb.ASK_UP].into == by_verb[Verb.OFFER].into == by_verb[Verb.ACCEPT].centre == "A"
    assert by_verb[Verb.ACCEPT].ref == by_verb[Verb.OFFER].id
    assert [each.kind for each in told if each.verb is Verb.REPORT] == ["first", "final"]
    assert told[-1].verb is Verb.CLOSE
    assert [each.at for each in told] == sorted(each.at for each in told)


def test_a_first_report_is_a_text_that_names_time_place_and_kind() -> None:
    (report,) = [each for each in orders(plan(level=Level.III), small_district()) if each.verb is Verb.REPORT]
    assert report.text.startswith("16:00接报，甲街道C0社区发生火灾")


def test_now_and_then_an_officer_finds_it_graver() -> None:
    told = [each for seed in range(100) for each in orders(plan(seed), small_district()) if each.verb is Verb.CLASSIFY]
    assert 3 <= len(told) <= 20
    assert {(each.kind, each.level) for each in told} == {("fire", Level.III)}


def test_nothing_is_ordered_after_the_end_and_every_order_has_an_id_of_its_own() -> None:
    for seed in range(50):
        told = list(orders(plan(seed, level=Level.I, ends=NOW + 90), small_district()))
        assert all(each.at <= moment(NOW + 90) for each in told)
        assert len({each.id for each in told}) == len(told)


def test_the_end_is_the_same_whoever_tells_it() -> None:
    assert list(orders(plan(), small_district()))[-1] == close(plan(), small_district())
    outcomes = Counter(close(plan(seed), small_district()).kind for seed in range(200))
    assert outcomes[Outcome.HANDLED] > outcomes[Outcome.UNFOUNDED] > 0


@pytest.fixture
def sent() -> Order:
    return order(plan(), Verb.DISPATCH, NOW + 30, "C0", "PO000")


def test_a_device_answers_step_by_step(sent: Order) -> None:
    said = replies(plan(), sent)
    assert [each.state for each in said] == [ReplyState.DELIVERED, ReplyState.READ, ReplyState.ACCEPTED]
    assert all((each.order, each.unit) == (sent.id, "PO000") for each in said)
    assert sent.at < said[0].at < said[1].at < said[2].at
    assert replies(plan(), sent) == said


def test_some_decline_with_a_reason_and_some_say_nothing(sent: Order) -> None:
    last = [replies(plan(seed), sent)[-1] for seed in range(900)]
    states = Counter(each.state for each in last)
    assert states[ReplyState.ACCEPTED] > 850
    assert min(states[ReplyState.DECLINED], states[ReplyState.DELIVERED]) > 2
    assert all(each.reason for each in last if each.state is ReplyState.DECLINED)
