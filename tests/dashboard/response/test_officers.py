"""What officers do about an incident, from their orders to the state that screens show."""

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.forces import Forces, Status
from dashboard.records import Evidence, Level, ReplyState, Tier, Verb, moment
from dashboard.response import IncidentState, Memory, Noted, Response
from dashboard.response.policy import decode
from tests.dashboard.response.ground import T0, drive, incident, order, reply, report, stage

POLICE_1 = order(Verb.DISPATCH, 30, "police-1", by="甲", centre="C0")
POLICE_2 = order(Verb.DISPATCH, 50, "police-2", by="甲", centre="C0")
OFFER = order(Verb.OFFER, 60, id="o1", into="S0", by="甲", centre="C0")
STORY = [
    incident(),
    incident(revision=1, title="smoke"),
    order(Verb.ACKNOWLEDGE, 20, id="a2", by="乙", centre="S0"),
    order(Verb.ACKNOWLEDGE, 15, id="a1", by="甲", centre="C0"),
    order(Verb.CLASSIFY, 25, id="k1", level=Level.I, actor="li"),
    order(Verb.CLASSIFY, 26, id="k2", level=Level.IV, actor="li"),
    order(Verb.RETRACT, 27, ref="k2", actor="li"),
    POLICE_1,
    reply(POLICE_1, 32, ReplyState.DELIVERED),
    reply(POLICE_1, 36, ReplyState.DECLINED, reason="车辆故障"),
    POLICE_2,
    reply(POLICE_2, 52, ReplyState.READ),
    reply(POLICE_2, 58, ReplyState.ACCEPTED),
    OFFER,
    order(Verb.ACCEPT, 80, ref="o1", by="乙", centre="S0"),
    order(Verb.ASK_UP, 90, into="D", by="乙", centre="S0"),
    order(Verb.NOTE, 95, id="n1", text="东门进", actor="li"),
    order(Verb.REPORT, 100, kind="first", text="初报", by="乙", centre="S0"),
    order(Verb.ARRIVE, 250, "police-2", by="乙", centre="S0"),
    report("volunteer-1", 55),
    order(Verb.CLOSE, 400, kind="unfounded"),
    order(Verb.REOPEN, 410),
    order(Verb.CLOSE, 600, kind="handled", text="明火已灭", by="乙", centre="S0"),
]


def near_here(**policy) -> tuple[Forces, Response]:
    forces, response = stage(decode(policy), volunteer=1, auxiliary=1, police=3)
    rows = [("volunteer-1", 0, 0, 75), ("auxiliary-1", 0, 0, 400), ("police-1", 0, 0, 900), ("police-2", 0, 0, 1200)]
    drive(forces, response, *rows)
    return forces, response


def tell(response: Response, *records, now_s: float | None = None) -> IncidentState:
    """The state of the incident after these, each when it happened, or all at one time."""
    for record in records:
        at = record.reported_at if hasattr(record, "reported_at") else record.at
        response.apply(record, at.timestamp() if now_s is None else T0 + now_s)
    (state,) = response.all()
    return state


def legs(state: IncidentState) -> dict[str, str]:
    return {leg.tier: leg.state for leg in state.legs}


def words(state: IncidentState) -> list[str]:
    return [deed.word for deed in state.deeds]


def test_the_whole_story_is_told_in_its_state():
    forces, response = near_here()
    tell(response, *STORY[:-1])
    drive(forces, response, ("auxiliary-1", 590, 0, 400))
    state = tell(response, STORY[-1])
    assert (state.acknowledged_by, state.acknowledged_from, state.acknowledged_at) == ("甲", "C0", T0 + 15)
    assert (state.level, state.classified_by) == (Level.I, "k1")
    assert (state.in_command, state.offer, state.asked_up, state.held_by) == ("S0", None, ("D",), "D")
    assert [(order.unit, order.state, order.reason) for order in state.sent] == [
        ("police-1", "declined", "车辆故障"),
        ("police-2", "accepted", ""),
    ]
    assert state.assigned == ("police-2",)
    assert [(each.part, each.text) for each in state.reports] == [("first", "初报")]
    assert state.report_due_at == T0 + 1800
    assert (state.closed_at, state.outcome, state.outcome_text) == (T0 + 600, "handled", "明火已灭")
    assert legs(state) == {"volunteer": "met", "auxiliary": "overdue", "police": "met"}
    assert words(state) == [
        "reported",
        "acknowledge",
        "acknowledge",
        "classify",
        "classify",
        "retract",
        "dispatch",
        "declined",
        "dispatch",
        "arrived",
        "accepted",
        "offer",
        "accept",
        "ask_up",
        "note",
        "report",
        "overdue",
        "arrive",
        "close",
        "reopen",
        "close",
    ]


def end_of(records) -> tuple[IncidentState, list[int]]:
    forces, response = near_here()
    state = tell(response, *records, now_s=700)
    return state, forces.status.tolist()


STORY_END = end_of(STORY)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.permutations(STORY), st.lists(st.sampled_from(STORY), max_size=8))
def test_disorder_and_duplicates_lead_to_the_same_end(mixed, again):
    half = len(mixed) // 2
    assert end_of([*mixed[:half], *again, *mixed[half:], *again]) == STORY_END


def restarted(forces: Forces, response: Response) -> Response:
    states, memory = msgspec.msgpack.encode(response.all()), msgspec.msgpack.encode(response.memory())
    again = Forces(forces.ground, response.policy.fresh_by_tier(), response.policy.off_after_s)
    again.adopt(forces.snapshot())
    successor = Response(response.places, response.policy, again)
    successor.adopt(msgspec.msgpack.decode(states, type=list[IncidentState]))
    successor.restore(msgspec.msgpack.decode(memory, type=Memory))
    return successor


@pytest.mark.parametrize("cut", range(len(STORY)))
def test_a_successor_goes_on_anywhere_and_backwards_too(cut):
    for records in (STORY, STORY[::-1]):
        forces, response = near_here()
        for record in records[:cut]:
            response.apply(record, T0 + 700)
        successor = restarted(forces, response)
        for record in records[cut:]:
            successor.apply(record, T0 + 700)
        assert successor.all() == [STORY_END[0]]
        assert successor.memory().pending == ()


def test_of_two_centres_that_acknowledge_the_earlier_wins_whichever_is_heard_first():
    ours, theirs = (order(Verb.ACKNOWLEDGE, at_s, id=by, by=by, centre=by) for at_s, by in ((10, "S0"), (12, "C0")))
    for orders in ((ours, theirs), (theirs, ours)):
        _, response = near_here()
        state = tell(response, incident(), *orders)
        assert (state.acknowledged_from, state.acknowledged_at) == ("S0", T0 + 10)


def test_what_is_reopened_runs_on_as_if_it_had_never_been_closed():
    forces, response = near_here()
    state = tell(response, incident(), POLICE_1, order(Verb.CLOSE, 100))
    assert legs(state) == {"volunteer": "unknown", "auxiliary": "not_required", "police": "not_required"}
    assert forces.status[2] == Status.AVAILABLE
    drive(forces, response, *[(unit, 290, 0, 500) for unit in ("volunteer-1", "auxiliary-1", "police-1")])
    state = tell(response, order(Verb.REOPEN, 300))
    assert (state.closed_at, state.outcome, state.close_seen_at) == (None, "", None)
    assert legs(state)["auxiliary"] == "overdue"
    assert forces.status[2] == Status.COMMITTED
    assert state.assigned == ("police-1",)


def test_who_came_while_it_was_closed_is_seen_when_it_is_reopened():
    forces, response = near_here()
    tell(response, incident(), order(Verb.CLOSE, 20))
    drive(forces, response, ("police-1", 200, 0, 10))
    state = tell(response, order(Verb.REOPEN, 210))
    assert [(each.call_sign, each.evidence) for each in state.arrivals] == [("police-1", "geofence")]


def test_a_graver_level_asks_for_other_legs_until_it_is_taken_back():
    two = [{"tier": "police", "limit_s": 120, "needed": 2}]
    _, response = near_here(kinds={"fire": {"I": two}})
    state = tell(response, incident(), order(Verb.CLASSIFY, 10, id="k1", level=Level.I))
    police = next(leg for leg in state.legs if leg.tier is Tier.POLICE)
    assert (police.needed, police.limit_s) == (2, 120)
    assert legs(state)["volunteer"] == "not_required"
    state = tell(response, order(Verb.RETRACT, 20, ref="k1"))
    assert (state.level, state.classified_by, legs(state)["volunteer"]) == (Level.II, "", "at_risk")


def test_a_reply_waits_for_its_order_and_the_order_for_its_incident():
    _, response = near_here()
    early = reply(POLICE_1, 35, ReplyState.ACCEPTED)
    assert response.apply(early, T0 + 35) == []
    assert response.apply(POLICE_1, T0 + 36) == []
    assert len(response.memory().pending) == 2
    state = tell(response, incident(), now_s=37)
    assert [order.state for order in state.sent] == ["accepted"]
    assert response.memory().pending == ()


def test_a_unit_that_declines_is_free_and_can_be_sent_again():
    forces, response = near_here()
    tell(response, incident(), POLICE_1)
    assert forces.status[2] == Status.COMMITTED
    state = tell(response, reply(POLICE_1, 36, ReplyState.DECLINED))
    assert forces.status[2] == Status.AVAILABLE
    assert (state.assigned, [order.state for order in state.sent]) == ((), ["declined"])
    state = tell(response, order(Verb.DISPATCH, 60, "police-1"))
    assert (forces.status[2], state.assigned, state.sent[0].state) == (Status.COMMITTED, ("police-1",), None)


def test_a_unit_that_does_not_answer_is_told_of_once_its_time_is_over():
    _, response = near_here(answer_s=40)
    state = tell(response, incident(), POLICE_1)
    assert state.sent[0].answer_due_at == T0 + 70
    response.tick(T0 + 70)
    assert "unanswered" not in words(response.all()[0])
    response.tick(T0 + 71)
    (late,) = [deed for deed in response.all()[0].deeds if deed.noted is Noted.UNANSWERED]
    assert (late.unit, late.at, late.ref) == ("police-1", T0 + 70, POLICE_1.id)


def test_an_officer_who_sees_a_unit_on_scene_completes_its_leg():
    _, response = near_here()
    state = tell(response, incident(), order(Verb.ARRIVE, 250, "police-1", by="甲"))
    (arrived,) = state.arrivals
    assert (arrived.call_sign, arrived.at, arrived.evidence) == ("police-1", T0 + 250, Evidence.OPERATOR)
    assert legs(state)["police"] == "met"
    response.apply(order(Verb.ARRIVE, 251, "nobody"), T0 + 251)
    assert response.unknown_units == 1


def test_an_offer_lapses_by_itself_and_the_log_says_so():
    _, response = near_here(offer_s=120)
    state = tell(response, incident(), order(Verb.ACKNOWLEDGE, 15, centre="C0"), OFFER)
    assert (state.offer.into, state.in_command) == ("S0", "C0")
    response.tick(T0 + 181)
    (state,) = response.all()
    assert (state.offer, state.in_command) == (None, "C0")
    assert "offer_lapsed" in words(state)


def test_a_centre_that_is_asked_for_help_holds_the_incident_at_once():
    _, response = near_here()
    state = tell(response, incident(), order(Verb.ACKNOWLEDGE, 15), order(Verb.ASK_UP, 40, into="S0"))
    assert (state.held_by, state.held_since, state.asked_up) == ("S0", T0 + 40, ("S0",))
    assert words(state) == ["reported", "acknowledge", "ask_up"]


def test_each_step_up_by_itself_is_on_record():
    _, response = near_here()
    tell(response, incident())
    for now_s in (121, 301):
        response.tick(T0 + now_s)
    steps = [(deed.into, deed.at - T0) for deed in response.all()[0].deeds if deed.noted is Noted.ESCALATED]
    assert steps == [("S0", 120), ("D", 300)]


def test_a_first_report_that_does_not_come_is_on_record_and_drills_owe_one_too():
    _, response = near_here(reports={"first_s": {"II": 600}})
    tell(response, incident(drill=True))
    response.tick(T0 + 601)
    (state,) = response.all()
    assert state.report_due_at == T0 + 600
    assert "report_overdue" in words(state)
    state = tell(response, order(Verb.CLASSIFY, 605, level=Level.IV))
    assert (state.report_due_at, "report_overdue" in words(state)) == (None, False)


def test_a_report_in_time_leaves_no_overdue_line():
    _, response = near_here(reports={"first_s": 600})
    tell(response, incident(), order(Verb.REPORT, 300, kind="first", text="初报"))
    response.tick(T0 + 9999)
    assert "report_overdue" not in words(response.all()[0])


def test_a_source_that_closes_its_incident_is_in_the_log():
    _, response = near_here()
    state = tell(response, incident(), incident(revision=1, closed_at=moment(T0 + 50)))
    assert (state.outcome, words(state)) == ("", ["reported", "source_closed"])


def test_a_tick_tells_nothing_while_the_log_stays_the_same():
    _, response = near_here()
    tell(response, incident(), order(Verb.ACKNOWLEDGE, 5), POLICE_1, order(Verb.NOTE, 31, text="东门进"))
    response.tick(T0 + 32)
    assert response.tick(T0 + 33) == []
