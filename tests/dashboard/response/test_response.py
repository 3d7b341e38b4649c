import random

import msgspec
import pytest

from dashboard.forces import Forces, Status
from dashboard.records import Evidence, Level, Tier, Verb, moment
from dashboard.response import IncidentState, Memory, Response, waiting
from dashboard.response.legs import LegState
from dashboard.response.policy import decode
from tests.dashboard.response.ground import (
    HERE,
    T0,
    FlatOrigin,
    drive,
    fixes,
    incident,
    order,
    report,
    stage,
)


def legs(state: IncidentState) -> dict[str, str]:
    return {leg.tier: leg.state for leg in state.legs}


def leg(state: IncidentState, tier: Tier):
    return next(leg for leg in state.legs if leg.tier is tier)


def offered(state: IncidentState, tier: Tier = Tier.POLICE) -> list[str]:
    return [candidate.call_sign for candidate in leg(state, tier).candidates]


def near_here(at_s: float = 0.0):
    """One unit of each rung, all a short way off and seen at `at_s`."""
    forces, response = stage(volunteer=1, auxiliary=1, police=1)
    rows = [("volunteer-1", at_s, 0, 75), ("auxiliary-1", at_s, 0, 400), ("police-1", at_s, 0, 1200)]
    drive(forces, response, *rows)
    return forces, response


def standing(response: Response, key: str = "cad/1") -> IncidentState:
    return next(state for state in response.all() if state.key == key)


def away(east_m: float) -> dict[str, float]:
    lat, lon = FlatOrigin().unproject(east_m, 0.0)
    return {"lat": float(lat), "lon": float(lon)}


def test_one_three_five_from_report_to_the_last_arrival():
    forces, response = near_here()
    (state,) = response.apply(incident(), T0)
    assert legs(state) == {"volunteer": "running", "auxiliary": "running", "police": "running"}
    assert [leg.due_at - T0 for leg in state.legs] == [60, 180, 300]
    assert offered(state, Tier.VOLUNTEER) == ["volunteer-1"]

    (state,) = drive(forces, response, ("volunteer-1", 10, 0, 55), ("volunteer-1", 20, 0, 45))
    arrived = leg(state, Tier.VOLUNTEER).arrived
    assert arrived is not None
    assert (arrived.at - T0, arrived.evidence) == (pytest.approx(15, abs=0.01), Evidence.GEOFENCE)
    assert legs(state)["volunteer"] == "met"
    assert offered(state, Tier.VOLUNTEER) == []

    drive(forces, response, ("auxiliary-1", 170, 0, 400), ("police-1", 170, 0, 1200))
    response.tick(T0 + 170)
    assert legs(standing(response)) == {"volunteer": "met", "auxiliary": "at_risk", "police": "at_risk"}
    (state,) = response.apply(report("auxiliary-1", 180), T0 + 181)
    assert legs(state)["auxiliary"] == "met"  # exactly at the deadline

    drive(forces, response, ("police-1", 295, 0, 1100))
    (state,) = response.tick(T0 + 300.5)
    assert legs(state)["police"] == "overdue"
    (state,) = response.apply(report("police-1", 301, Evidence.OPERATOR), T0 + 302)
    assert legs(state)["police"] == "late"
    assert [each.evidence for each in state.arrivals] == ["geofence", "unit", "operator"]


def test_nothing_is_told_while_nothing_changes():
    forces, response = near_here()
    response.apply(incident(), T0)
    assert response.tick(T0 + 1) == []
    assert response.tick(T0 + 9) == []
    assert len(response.tick(T0 + 10)) == 1  # ages are shown in full tens of seconds
    assert drive(forces, response, ("police-1", 11, 0, 1201)) == []


def test_a_leg_is_at_risk_before_it_is_overdue():
    _, response = near_here()
    response.apply(incident(), T0)  # volunteer: 75 m * 1.3 / 2 m/s = 49 s
    response.tick(T0 + 11)
    assert legs(standing(response))["volunteer"] == "running"
    response.tick(T0 + 12)
    assert legs(standing(response))["volunteer"] == "at_risk"
    assert legs(standing(response))["auxiliary"] == "running"


def test_nobody_seen_means_unknown_before_and_after_the_deadline():
    _, response = stage(police=1)
    (state,) = response.apply(incident(), T0)
    assert set(legs(state).values()) == {"unknown"}
    assert response.tick(T0 + 100) == []
    response.tick(T0 + 1000)
    assert set(legs(standing(response)).values()) == {"unknown"}
    assert [row.total for row in response.attainment()] == [1, 1, 1]


def test_a_report_is_known_even_where_positions_are_not():
    _, response = stage(police=1)
    response.apply(incident(), T0)
    (state,) = response.apply(report("police-1", 200), T0 + 201)
    assert legs(state)["police"] == "met"


def test_a_unit_sent_is_committed_comes_and_is_released_by_the_close():
    forces, response = near_here()
    response.apply(incident(), T0)
    (state,) = response.apply(order(Verb.DISPATCH, 5, "police-1"), T0 + 5)
    assert state.assigned == ("police-1",)
    assert [unit.call_sign for unit in leg(state, Tier.POLICE).coming] == ["police-1"]
    assert forces.status[2] == Status.COMMITTED
    drive(forces, response, ("police-1", 50, 0, 60), ("police-1", 52, 0, 40))
    assert forces.status[2] == Status.ON_SCENE
    response.apply(order(Verb.CLOSE, 400), T0 + 400)
    assert forces.status[2] == Status.AVAILABLE


def test_a_unit_that_stands_down_is_free_unless_another_incident_has_it():
    forces, response = near_here()
    response.apply(incident(), T0)
    response.apply(incident(id="2"), T0)
    for target in ("cad/1", "cad/2"):
        response.apply(order(Verb.DISPATCH, 5, "police-1", target), T0 + 5)
    response.apply(order(Verb.STAND_DOWN, 10, "police-1"), T0 + 10)
    assert forces.status[2] == Status.COMMITTED
    response.apply(order(Verb.STAND_DOWN, 11, "police-1", "cad/2"), T0 + 11)
    assert forces.status[2] == Status.AVAILABLE


def test_a_candidate_is_not_offered_to_two_incidents():
    forces, response = stage(police=2)
    drive(forces, response, ("police-1", 0, 100, 0), ("police-2", 0, 5000, 0))
    response.apply(incident(level=Level.IV), T0)
    (graver,) = response.apply(incident(id="2", level=Level.I), T0)
    assert offered(standing(response)) == ["police-1", "police-2"]
    assert offered(graver) == []
    response.tick(T0 + 1)  # from now on the graver one draws first
    assert offered(standing(response, "cad/2")) == ["police-1"]
    assert offered(standing(response)) == ["police-2"]


def test_a_committed_unit_is_not_offered_elsewhere_and_the_shortfall_says_so():
    forces, response = stage(police=1)
    drive(forces, response, ("police-1", 0, 100, 0))
    response.apply(incident(), T0)
    response.apply(order(Verb.DISPATCH, 1, "police-1"), T0 + 1)
    (other,) = response.apply(incident(id="2"), T0 + 2)
    shortfall = leg(other, Tier.POLICE).shortfall
    assert shortfall is not None
    assert (shortfall.reason, shortfall.count, shortfall.within_m) == ("committed", 1, 400)
    assert legs(other)["police"] == "at_risk"


def test_a_drill_runs_the_same_clock_and_stays_out_of_the_figures():
    _, response = near_here()
    (state,) = response.apply(incident(drill=True), T0)
    assert state.drill
    response.apply(report("police-1", 20), T0 + 20)
    assert legs(standing(response))["police"] == "met"
    assert response.attainment() == ()


def test_earlier_evidence_corrects_a_leg_that_was_late():
    _, response = near_here()
    response.apply(incident(), T0)
    response.apply(report("police-1", 330, Evidence.OPERATOR), T0 + 330)
    assert legs(standing(response))["police"] == "late"
    (state,) = response.apply(report("police-1", 280), T0 + 900)
    assert legs(state)["police"] == "met"
    assert len(state.arrivals) == 2


def test_a_late_fix_corrects_the_arrival_of_the_geofence():
    forces, response = near_here()
    response.apply(incident(), T0)
    drive(forces, response, ("police-1", 310, 0, 20))
    assert legs(standing(response))["police"] == "late"
    drive(forces, response, ("police-1", 290, 0, 55), ("police-1", 295, 0, 45), now_s=320)
    state = standing(response)
    assert legs(state)["police"] == "met"
    assert leg(state, Tier.POLICE).arrived.at - T0 == pytest.approx(292.5, abs=0.01)


def test_after_the_close_nothing_later_counts_but_a_late_word_of_before_does():
    _, response = near_here(at_s=290)
    response.apply(incident(), T0 + 290)
    (state,) = response.apply(order(Verb.CLOSE, 310), T0 + 310)
    assert legs(state) == {"volunteer": "overdue", "auxiliary": "overdue", "police": "overdue"}
    (state,) = response.apply(report("police-1", 311), T0 + 312)
    assert legs(state)["police"] == "overdue"
    (state,) = response.apply(report("police-1", 250, Evidence.OPERATOR), T0 + 600)
    assert legs(state)["police"] == "met"
    assert response.tick(T0 + 900) == []


def test_closed_in_time_a_leg_was_not_required():
    _, response = near_here(at_s=50)
    response.apply(incident(), T0)
    (state,) = response.apply(incident(revision=1, closed_at=moment(T0 + 100)), T0 + 100)
    assert legs(state) == {"volunteer": "overdue", "auxiliary": "not_required", "police": "not_required"}
    assert [(row.tier, row.total) for row in response.attainment()][1:] == [("auxiliary", 0), ("police", 0)]


def test_a_closed_incident_is_forgotten_after_an_hour_and_does_not_come_back():
    _, response = near_here()
    response.apply(incident(), T0)
    response.apply(order(Verb.CLOSE, 100), T0 + 100)
    response.tick(T0 + 3700)
    assert len(response.all()) == 1
    response.tick(T0 + 3701)
    assert response.all() == []
    assert response.apply(incident(revision=7), T0 + 3800) == []
    assert response.apply(report("police-1", 50), T0 + 3800) == []
    assert response.memory().pending == ()


@pytest.mark.parametrize(("zero", "due_s"), [("reported_at", 300), ("occurred_at", 260), ("dispatched_at", 330)])
def test_the_clock_starts_where_the_policy_says(zero, due_s):
    _, response = stage(decode({"zero": zero}), police=1)
    known = {"occurred_at": moment(T0 - 40), "dispatched_at": moment(T0 + 30)}
    (state,) = response.apply(incident(**known), T0 + 40)
    assert leg(state, Tier.POLICE).due_at - T0 == due_s
    assert (state.occurred_at, state.dispatched_at) == (T0 - 40, T0 + 30)


def test_a_policy_without_a_rung_shows_it_as_not_required():
    _, response = stage(decode({"legs": [{"tier": "police", "limit_s": 300}]}), police=1)
    (state,) = response.apply(incident(), T0)
    assert legs(state) == {"volunteer": "not_required", "auxiliary": "not_required", "police": "unknown"}


def test_two_are_needed_and_the_second_completes_the_leg():
    _, response = stage(decode({"legs": [{"tier": "police", "limit_s": 300, "needed": 2}]}), police=3)
    response.apply(incident(), T0)
    response.apply(report("police-1", 100), T0 + 100)
    response.apply(report("police-1", 110, Evidence.OPERATOR), T0 + 110)
    assert legs(standing(response))["police"] == "unknown"
    (state,) = response.apply(report("police-2", 200), T0 + 200)
    assert leg(state, Tier.POLICE).arrived.at - T0 == 200


def test_what_comes_before_its_incident_waits_for_it():
    _, response = near_here()
    assert response.apply(report("police-1", 30), T0 + 30) == []
    assert response.apply(report("police-1", 30), T0 + 31) == []
    assert response.apply(order(Verb.ACKNOWLEDGE, 31), T0 + 31) == []
    assert len(response.memory().pending) == 2
    (state,) = response.apply(incident(), T0 + 40)
    assert legs(state)["police"] == "met"
    assert state.acknowledged_at == T0 + 31
    assert response.memory().pending == ()


def test_what_waits_for_an_incident_that_never_comes_is_dropped_after_a_day(monkeypatch):
    _, response = near_here()
    response.apply(report("police-1", 30), T0 + 30)
    response.tick(T0 + 30 + 86_400)
    assert len(response.memory().pending) == 1
    response.tick(T0 + 31 + 86_400)
    assert response.memory().pending == ()
    monkeypatch.setattr(waiting, "PENDING_MOST", 3)
    for at_s in range(5):
        response.apply(report("police-1", at_s), T0)
    assert (len(response.memory().pending), response.given_up) == (3, 2)


def test_an_arrival_names_the_whole_key_or_an_id_of_its_own_source():
    _, response = near_here()
    response.apply(incident(source="radio"), T0)
    assert len(response.apply(report("police-1", 30, target="1"), T0 + 30)) == 1
    assert len(response.apply(report("police-1", 20, target="radio/1"), T0 + 30)) == 1


def test_an_arrival_of_an_unknown_unit_is_counted():
    _, response = near_here()
    response.apply(incident(), T0)
    assert response.apply(report("nobody", 30), T0) == []
    assert response.unknown_units == 1


def test_a_unit_that_stands_there_when_the_incident_is_reported_arrived_at_once():
    forces, response = near_here()
    drive(forces, response, ("police-1", 99, 0, 10))
    response.apply(incident(100), T0 + 100)
    assert legs(standing(response))["police"] == "running"  # seen before the report only
    drive(forces, response, ("police-1", 101, 0, 10))
    assert leg(standing(response), Tier.POLICE).arrived.at == T0 + 100


def test_an_incident_learnt_of_late_sees_who_is_there_already():
    forces, response = near_here()
    drive(forces, response, ("police-1", 130, 0, 10))
    (state,) = response.apply(incident(100), T0 + 140)
    arrived = leg(state, Tier.POLICE).arrived
    assert (arrived.at - T0, arrived.error_s) == (130, 30)


def test_an_incident_that_is_moved_is_watched_at_its_new_place():
    forces, response = near_here()
    response.apply(incident(), T0)
    drive(forces, response, ("police-1", 150, 500, 0))
    drive(forces, response, ("volunteer-1", 20, 0, 0))
    (state,) = response.apply(incident(revision=1, **away(500)), T0 + 160)
    assert legs(state)["police"] == "met"
    assert legs(state)["volunteer"] != "met"
    assert [each.call_sign for each in state.arrivals] == ["police-1"]


def test_a_fix_that_is_not_sure_or_of_another_tier_is_no_arrival():
    forces, response = stage(police=1, drone=1)
    response.apply(incident(), T0)
    unsure = forces.move(fixes(forces, [("police-1", 5, 0, 0)], accuracy_m=500), T0 + 5)
    response.watch(unsure, T0 + 5)
    drive(forces, response, ("drone-1", 6, 0, 0))
    assert standing(response).arrivals == ()


def test_an_unacknowledged_incident_climbs_the_command_tree():
    _, response = near_here()
    (state,) = response.apply(incident(), T0)
    assert (state.community, state.held_by) == (0, "C0")
    response.tick(T0 + 125)
    assert (standing(response).held_by, standing(response).held_since) == ("S0", T0 + 120)
    response.tick(T0 + 305)
    assert standing(response).held_by == "D"


def test_an_acknowledged_incident_in_good_order_stays_where_it_is():
    _, response = near_here()
    response.apply(incident(), T0)
    response.apply(order(Verb.ACKNOWLEDGE, 20), T0 + 20)
    for unit in ("volunteer-1", "auxiliary-1", "police-1"):
        response.apply(report(unit, 40), T0 + 40)
    response.tick(T0 + 2000)
    assert standing(response).held_by == "C0"


def test_open_incidents_are_listed_by_what_runs_out_first():
    _, response = near_here()
    response.apply(incident(50), T0 + 50)
    response.apply(incident(0, id="2"), T0 + 50)
    response.apply(incident(20, id="3"), T0 + 50)
    response.apply(order(Verb.CLOSE, 55, target="cad/3"), T0 + 55)
    response.tick(T0 + 55)
    assert [state.key for state in response.open()] == ["cad/2", "cad/1"]
    assert len(response.all()) == 3


def test_orders_about_other_things_are_left_alone():
    _, response = near_here()
    assert response.apply(order(Verb.CLAIM, 5, target="camera/1"), T0 + 5) == []
    assert response.memory().pending == ()


def test_a_copy_shows_what_the_engine_told_and_forgets_by_itself():
    _, response = near_here()
    _, copy = near_here()
    copy.adopt(response.apply(incident(), T0))
    copy.adopt(response.apply(order(Verb.CLOSE, 100), T0 + 100))
    assert copy.all() == response.all()
    assert copy.forget(T0 + 3600) == []
    assert copy.forget(T0 + 3701) == ["cad/1"]


@pytest.mark.parametrize("seed", range(8))
def test_the_geofence_tells_the_same_of_fixes_in_disorder(seed):
    """Units come in at their own pace and stay; fixes come up to 20 s late, and 30 % of them twice."""
    shuffle = random.Random(seed)
    rows = []
    for n in range(1, 4):
        pace, start = shuffle.uniform(3, 12), shuffle.uniform(200, 900)
        rows += [(f"police-{n}", at + n / 10, 0, max(start - pace * at, 5)) for at in range(200)]
    rows.sort(key=lambda row: row[1])
    copies = rows + shuffle.sample(rows, len(rows) * 3 // 10)
    mixed = sorted(copies, key=lambda row: row[1] + shuffle.uniform(0, 20))
    ends = []
    for stream in (rows, mixed):
        forces, response = stage(police=3)
        response.apply(incident(), T0)
        for start in range(0, len(stream), 10):
            drive(forces, response, *stream[start : start + 10], now_s=300)
        ends.append(standing(response))
    assert ends[0].arrivals == ends[1].arrivals
    assert ends[0].legs == ends[1].legs


STORY = [
    incident(0, revision=0),
    incident(0, revision=1, title="smoke", occurred_at=moment(T0 - 30)),
    incident(0, revision=2, title="fire", closed_at=moment(T0 + 1000)),
    incident(5, id="2", level=Level.IV, **away(400)),
    order(Verb.ACKNOWLEDGE, 15),
    order(Verb.DISPATCH, 20, "police-1"),
    order(Verb.STAND_DOWN, 25, "police-1"),
    order(Verb.DISPATCH, 30, "police-2"),
    order(Verb.DISPATCH, 31, "police-1", "cad/2"),
    report("volunteer-1", 55),
    report("volunteer-1", 65, Evidence.OPERATOR),
    report("auxiliary-1", 200),
    report("police-2", 290),
    report("police-1", 340, target="cad/2"),
    order(Verb.CLOSE, 950),
]


def told(records) -> tuple[list[IncidentState], list[int]]:
    """The end of a story in which every record reached us at one time, so that only their order differs."""
    forces, response = stage(volunteer=2, auxiliary=2, police=3)
    drive(
        forces,
        response,
        ("police-3", 1095, 900, 0),
        ("volunteer-2", 1095, 500, 0),
        ("auxiliary-2", 1095, 900, 0),
    )
    for record in records:
        response.apply(record, T0 + 1100)
    response.tick(T0 + 1101)
    return sorted(response.all(), key=lambda state: state.key), forces.status.tolist()


@pytest.mark.parametrize("seed", range(20))
def test_disorder_and_duplicates_lead_to_the_same_end(seed):
    shuffle = random.Random(seed)
    records = STORY + shuffle.sample(STORY, len(STORY) * 3 // 10)
    shuffle.shuffle(records)
    assert told(records) == told(STORY)


def test_the_end_of_the_story():
    (first, second), status = told(STORY)
    assert legs(first) == {"volunteer": "met", "auxiliary": "late", "police": "met"}
    assert (first.title, first.closed_at, first.assigned) == ("fire", T0 + 950, ("police-2",))
    assert legs(second)["police"] == "late"
    assert status[4:] == [Status.ON_SCENE, Status.OFF, Status.AVAILABLE]


def restarted(forces: Forces, response: Response) -> tuple[Forces, Response]:
    """New parts that know only what was kept, down the road of bytes."""
    memory = msgspec.msgpack.encode(response.memory())
    states = msgspec.msgpack.encode(response.all())
    again = Forces(forces.ground, response.policy.fresh_by_tier(), response.policy.off_after_s)
    again.adopt(forces.snapshot())
    reply = Response(response.places, response.policy, again)
    reply.adopt(msgspec.msgpack.decode(states, type=list[IncidentState]))
    reply.restore(msgspec.msgpack.decode(memory, type=Memory))
    return again, reply


def play(restart_after: int | None):
    forces, response = stage(volunteer=2, auxiliary=2, police=3)
    steps = sorted(STORY, key=lambda record: (record.id * 7, record.source))  # any order, some before its incident
    told_states = []
    for place, record in enumerate(steps):
        now = T0 + 10 * place
        forces.move(fixes(forces, []), now)
        told_states += drive(forces, response, ("police-3", 10 * place, 0, 200 - 12 * place), now_s=10 * place)
        told_states += response.apply(record, now)
        told_states += response.tick(now)
        if place == restart_after:
            forces, response = restarted(forces, response)
    return told_states, forces.status.tolist()


@pytest.mark.parametrize("restart_after", range(len(STORY)))
def test_a_restart_at_any_moment_changes_nothing_of_what_is_told(restart_after):
    assert play(restart_after) == play(None)


def test_states_travel_as_json_and_back():
    _, response = near_here()
    (state,) = response.apply(incident(), T0)
    assert msgspec.json.decode(msgspec.json.encode(state), type=IncidentState) == state
    assert (state.lat, state.lon) == HERE
    assert LegState.RUNNING in legs(state).values()
