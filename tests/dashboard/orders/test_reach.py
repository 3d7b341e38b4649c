from typing import Any

import pytest

from dashboard.access import Principal, Role, Via
from dashboard.alarms import AlarmKind, AlarmState
from dashboard.command import RollCall
from dashboard.orders import OrderForm, Reason, Refused
from dashboard.orders.reach import ABOUT, Reach, Thing
from dashboard.orders.slots import slot, unit_slot
from dashboard.records import Level, Verb
from dashboard.situation import Change, Situation
from tests.builders import HERE, alert, at, case, incident, order
from tests.feeds.small_district import small_district

FIRE, ALERT, CASE, ALARM = "cad/I1", "video/A1", "cases/C1", "incident/cad/I1"
OUTSIDE = (23.0, 114.5)


def person(centre: str, role: Role = Role.OFFICER) -> Principal:
    return Principal("li", "值班员 李", role, centre, "s1", Via.PASSWORD)


@pytest.fixture
def situation() -> Situation:
    """An incident, an alert, a case and an alarm in community C0 of sub-district A."""
    situation = Situation(small_district())
    situation.apply(incident(1), at(0).timestamp())
    situation.apply(incident(2, lat=OUTSIDE[0], lon=OUTSIDE[1]), at(0).timestamp())
    situation.apply(alert(1, lat=HERE[0], lon=HERE[1]), at(0).timestamp())
    situation.apply(case(1), at(0).timestamp())
    state = AlarmState(
        key=ALARM, kind=AlarmKind.INCIDENT, subject=FIRE, level=Level.III, community=0, raised_at=at(0).timestamp()
    )
    call = RollCall(id="call", centre="D", by="D", at=0.0, due_at=60.0, asked=("A", "C0"))
    situation.adopt(Change(alarms=(state,), roll_calls=(call,)))
    return situation


def form(verb: Verb, target: str, **fields: Any) -> OrderForm:
    return OrderForm(**{"id": "o", "verb": verb, "target": target, **fields})


def find(situation: Situation, centre: str, verb: Verb, target: str, **fields: Any) -> Any:
    return Reach(person(centre), small_district(), situation).find(form(verb, target, **fields))


def refusal(situation: Situation, centre: str, verb: Verb, target: str, **fields: Any) -> tuple[Reason, str]:
    with pytest.raises(Refused) as refused:
        find(situation, centre, verb, target, **fields)
    return refused.value.reason, refused.value.field


OF_THING = {Thing.INCIDENT: FIRE, Thing.ALERT: ALERT, Thing.ALARM: ALARM, Thing.CASE: CASE, Thing.RECORD: FIRE}
NEEDS: dict[Verb, dict[str, Any]] = {
    Verb.ASK_UP: {"into": "A"},
    Verb.OFFER: {"into": "A"},
    Verb.CONFIRM: {"into": FIRE},
    Verb.CLASSIFY: {"kind": "fire"},
}


@pytest.mark.parametrize("verb", [verb for verb in Verb if ABOUT.get(verb, Thing.INCIDENT) in OF_THING])
def test_every_order_reaches_what_lies_below_its_centre_and_nothing_else(situation: Situation, verb: Verb) -> None:
    target, fields = OF_THING[ABOUT.get(verb, Thing.INCIDENT)], NEEDS.get(verb, {})
    for centre in ("D", "A", "C0"):
        find(situation, centre, verb, target, **fields)
    for centre in ("B", "C1"):
        assert refusal(situation, centre, verb, target, **fields) == (Reason.OUT_OF_SCOPE, "target")
    assert refusal(situation, "D", verb, "nobody/X", **fields) == (Reason.UNKNOWN_TARGET, "target")


def test_what_lies_outside_of_all_areas_is_for_the_district(situation: Situation) -> None:
    find(situation, "D", Verb.ACKNOWLEDGE, "cad/I2")
    assert refusal(situation, "C0", Verb.CLAIM, ALERT.replace("A1", "A9"))[0] is Reason.UNKNOWN_TARGET
    call = {"kind": "fire", "level": Level.I, "lat": OUTSIDE[0], "lon": OUTSIDE[1]}
    find(situation, "D", Verb.REGISTER, "", **call)
    assert refusal(situation, "A", Verb.REGISTER, "", **call)[0] is Reason.OUT_OF_SCOPE


def test_who_was_asked_for_help_or_offered_the_command_reaches_it_wherever_it_is(situation: Situation) -> None:
    situation.apply(order(Verb.ASK_UP, FIRE, 1, centre="C0", into="B"), at(1).timestamp())
    find(situation, "B", Verb.ACKNOWLEDGE, FIRE)
    assert refusal(situation, "C1", Verb.ACKNOWLEDGE, FIRE)[0] is Reason.OUT_OF_SCOPE
    situation.apply(order(Verb.OFFER, FIRE, 2, centre="C0", into="C1"), at(2).timestamp())
    find(situation, "C1", Verb.ACCEPT, FIRE, ref="o")


def test_the_command_is_offered_by_who_has_it_or_by_somebody_above(situation: Situation) -> None:
    for centre in ("C0", "A", "D"):
        find(situation, centre, Verb.OFFER, FIRE, into="A")
    situation.apply(order(Verb.OFFER, FIRE, 1, centre="C0", into="A", id="offer"), at(1).timestamp())
    situation.apply(order(Verb.ACCEPT, FIRE, 2, centre="A", ref="offer"), at(2).timestamp())
    assert refusal(situation, "C0", Verb.OFFER, FIRE, into="D") == (Reason.WRONG_CENTRE, "centre")
    find(situation, "A", Verb.OFFER, FIRE, into="D")


def test_words_that_the_district_does_not_have_are_named(situation: Situation) -> None:
    assert refusal(situation, "A", Verb.DISPATCH, FIRE, unit="XX1") == (Reason.UNKNOWN_UNIT, "unit")
    assert refusal(situation, "A", Verb.OFFER, FIRE, into="XX") == (Reason.UNKNOWN_CENTRE, "into")
    assert refusal(situation, "A", Verb.CLASSIFY, FIRE, kind="party") == (Reason.BAD_WORD, "kind")
    assert refusal(situation, "A", Verb.CONFIRM, ALERT, into="case", item="I99") == (Reason.BAD_WORD, "item")
    assert refusal(situation, "A", Verb.CONFIRM, ALERT, into="incident", kind="party") == (Reason.BAD_WORD, "kind")
    assert refusal(situation, "A", Verb.CONFIRM, ALERT, into="cad/I9") == (Reason.UNKNOWN_TARGET, "into")
    assert refusal(situation, "A", Verb.REGISTER, "", kind="fire") == (Reason.NO_PLACE, "")


def test_a_centre_answers_a_roll_call_that_asks_it(situation: Situation) -> None:
    find(situation, "C0", Verb.ANSWER, "C0", ref="call")
    assert refusal(situation, "D", Verb.ANSWER, "B", ref="call") == (Reason.WRONG_CENTRE, "target")
    assert refusal(situation, "A", Verb.ANSWER, "D", ref="call") == (Reason.OUT_OF_SCOPE, "target")
    assert refusal(situation, "A", Verb.CALL_ROLL, "X") == (Reason.UNKNOWN_TARGET, "target")


def test_taking_back_needs_the_permission_of_what_is_taken_back(situation: Situation) -> None:
    reach = Reach(person("D", Role.LEADER), small_district(), situation)
    reach.find(form(Verb.RETRACT, FIRE, ref="o"))
    with pytest.raises(Refused, match="not_allowed"):
        reach.find(form(Verb.RETRACT, CASE, ref="o"))


def test_the_situation_says_who_has_what_of_an_incident(situation: Situation) -> None:
    before = find(situation, "A", Verb.DISPATCH, FIRE, unit="VO000").seen
    assert {name for name, held in before.items() if held.taken} == set()
    for given in (
        order(Verb.ACKNOWLEDGE, FIRE, 1, centre="C0", by="王"),
        order(Verb.CLASSIFY, FIRE, 2, centre="C0", kind="fire", level=Level.II, id="class"),
        order(Verb.DISPATCH, FIRE, 3, centre="C0", unit="VO000", by="王", id="sent"),
        order(Verb.OFFER, FIRE, 4, centre="C0", into="A", id="offer"),
    ):
        situation.apply(given, given.at.timestamp())
    seen = find(situation, "A", Verb.DISPATCH, FIRE, unit="VO000").seen
    assert (seen[slot("acknowledge", FIRE)].by, seen[slot("acknowledge", FIRE)].centre) == ("王", "C0")
    assert seen[slot("class", FIRE)].order == "class"
    assert (seen[unit_slot("VO000")].order, seen[unit_slot("VO000")].target) == ("sent", FIRE)
    assert (seen[slot("offer", FIRE)].order, seen[slot("offer", FIRE)].into) == ("offer", "A")
    situation.apply(order(Verb.CLOSE, FIRE, 5, kind="done"), at(5).timestamp())
    seen = find(situation, "A", Verb.DISPATCH, FIRE, unit="VO000").seen
    assert seen[slot("close", FIRE)].at == at(5).timestamp()
    assert not seen[unit_slot("VO000")].taken


def test_the_situation_says_who_decided_on_an_alert(situation: Situation) -> None:
    assert find(situation, "A", Verb.CLAIM, ALERT).seen == {}
    situation.apply(order(Verb.MARK_FALSE, ALERT, 1, by="王", centre="C0", reason="雾"), at(1).timestamp())
    held = find(situation, "A", Verb.CLAIM, ALERT).seen[slot("verdict", ALERT)]
    assert (held.by, held.centre, held.at) == ("王", "C0", at(1).timestamp())


def test_the_situation_says_who_shelved_an_alarm(situation: Situation) -> None:
    assert not find(situation, "A", Verb.SHELVE, ALARM).seen[slot("shelve", ALARM)].taken
    state = AlarmState(
        key=ALARM, kind=AlarmKind.INCIDENT, subject=FIRE, level=Level.III, community=0, raised_at=100.0,
        acknowledged_at=110.0, acknowledged_by="王", shelved_until=900.0, shelved_by="赵", shelve_order="s",
    )  # fmt: skip
    situation.adopt(Change(alarms=(state,)))
    seen = find(situation, "A", Verb.SHELVE, ALARM).seen
    assert (seen[slot("shelve", ALARM)].order, seen[slot("shelve", ALARM)].by) == ("s", "赵")
    assert seen[slot("acknowledge_alarm", ALARM, "100.0")].by == "王"


def test_an_alarm_is_reached_by_the_centre_that_it_climbed_to(situation: Situation) -> None:
    state = AlarmState(key="feed/cad", kind=AlarmKind.FEED, subject="cad", level=Level.III, raised_at=1.0, held_by="B")
    situation.adopt(Change(alarms=(state,)))
    find(situation, "B", Verb.SHELVE, "feed/cad")
    find(situation, "D", Verb.SHELVE, "feed/cad")
    assert refusal(situation, "A", Verb.SHELVE, "feed/cad")[0] is Reason.OUT_OF_SCOPE
