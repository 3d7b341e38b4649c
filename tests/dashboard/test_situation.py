import random
from collections.abc import Sequence

import msgspec
import pytest

from dashboard.alerts import AlertState
from dashboard.district import District
from dashboard.duty import Rosters, Shift
from dashboard.duty.document import canonical, digest
from dashboard.records import Level, Reading, Record, ReplyState, Stage, Verb
from dashboard.response import IncidentState
from dashboard.situation import Change, Memory, Situation
from dashboard.wire import FixBatch
from tests.builders import HERE, NOON, alert, arrival, at, case, fixes, incident, order, reply, step
from tests.feeds.small_district import small_district

T0 = NOON.timestamp()
HANDOVER = canonical({"centre": "A", "notes": "钥匙"})
NEAR = (HERE[0] + 0.004, HERE[1])
SENT = order(Verb.DISPATCH, "cad/I1", 85, unit="PO000")


@pytest.fixture(scope="module")
def district() -> District:
    return small_district()


def volunteers(district: District) -> list[str]:
    return [name for name in district.roster.call_signs if name.startswith("VO")]


def story(district: District) -> list[Record | FixBatch]:
    """A short hour of everything, in order."""
    first, second = volunteers(district)[:2]
    return [
        fixes(district, {first: NEAR, second: NEAR, "PO000": NEAR}, 0),
        case(1),
        case(2, 5, item="I2"),
        step(1, 60, Stage.FILED, by="centre"),
        incident(1, 70),
        order(Verb.ACKNOWLEDGE, "cad/I1", 80),
        SENT,
        alert(1, 90),
        alert(2, 91),
        fixes(district, {first: HERE}, 100),
        step(1, 110, Stage.DISPATCHED, by="centre", department="X"),
        reply(SENT, 112, ReplyState.ACCEPTED),
        order(Verb.CLASSIFY, "cad/I1", 115, level=Level.II, actor="li"),
        order(Verb.OFFER, "cad/I1", 120, id="o1", into="A", centre="C0"),
        order(Verb.ACCEPT, "cad/I1", 130, ref="o1", centre="A"),
        order(Verb.NOTE, "cad/I1", 140, id="n1", text="断电", actor="li"),
        order(Verb.RETRACT, "cad/I1", 145, ref="n1", actor="li"),
        order(Verb.REPORT, "cad/I1", 150, kind="first", text="初报"),
        arrival(1, "PO000", 160),
        Reading(source="iot", id="r1", sensor="gauge-1", at=at(165), value=0.2),
        Reading(source="iot", id="r2", sensor="gauge-1", at=at(170), value=0.95),
        Reading(source="iot", id="r3", sensor="gauge-1", at=at(180), value=0.97),
        order(Verb.CLAIM, "video/A1", 181, centre="D"),
        order(Verb.ANSWER, "C0", 184, ref="roll", by="C0"),
        order(Verb.CALL_ROLL, "A", 182, id="roll", by="A"),
        order(Verb.TAKE_OVER, "A", 188, ref="shift", actor="wang"),
        order(Verb.HAND_OVER, "A", 186, id="shift", text=HANDOVER, ref=digest(HANDOVER), actor="li"),
        step(1, 190, Stage.CLOSED, by="centre"),
        incident(1, 70, revision=1, closed_at=at(200)),
    ]


def fold(situation: Situation, told: Sequence[Record | FixBatch], received_at: float) -> list[Change]:
    changes = []
    for each in told:
        if isinstance(each, FixBatch):
            moved = situation.move(each, received_at)
            changes += [moved.change, situation.follow(moved)]
        else:
            changes.append(situation.apply(each, received_at))
        changes.append(situation.redraw())
    changes += [situation.tick(received_at), situation.redraw()]
    return changes


def without_frames(situation: Situation) -> Change:
    """Everything in a fixed order; frames round times, so they are compared apart."""
    whole = situation.everything()
    return msgspec.structs.replace(
        whole,
        cases=tuple(sorted(whole.cases, key=lambda row: row.key)),
        incidents=tuple(sorted(whole.incidents, key=lambda state: state.key)),
        alerts=tuple(sorted(whole.alerts, key=lambda state: state.key)),
        sensors=tuple(sorted(whole.sensors, key=lambda state: state.sensor)),
        units=(),
    )


def camera_alerts(situation: Situation) -> list[AlertState]:
    """Without the sensors' own: a reading that comes late is passed over, so debounce depends on the order."""
    return [state for state in without_frames(situation).alerts if state.key.startswith("video/")]


def handled(state: IncidentState) -> tuple[object, ...]:
    """What officers made of an incident; how precisely the geofence saw an arrival depends on which fix came first."""
    orders = [deed for deed in state.deeds if deed.verb]
    return orders, state.sent, state.reports, state.level, state.in_command, state.offer, state.acknowledged_at


def over_the_wire(change: Change) -> Change:
    return msgspec.msgpack.decode(msgspec.msgpack.encode(change), type=Change)


def test_a_story_leaves_its_traces_everywhere(district: District) -> None:
    situation = Situation(district)
    fold(situation, story(district), T0 + 205)
    whole = without_frames(situation)
    assert [row.stage for row in whole.cases] == [Stage.CLOSED, Stage.REPORTED]
    (fire,) = whole.incidents
    assert fire.closed_at == T0 + 200
    assert {leg.tier: leg.state.value for leg in fire.legs}["volunteer"] == "met"
    assert (fire.level, fire.in_command, fire.sent[0].state) == (Level.II, "A", ReplyState.ACCEPTED)
    assert [report.text for report in fire.reports] == ["初报"]
    assert {state.key for state in whole.alerts} >= {"video/A1"}
    (call,), (shift,) = whole.roll_calls, whole.handovers
    assert list(call.answers) == ["C0"] and shift.is_frozen
    assert any(state.kind.startswith("gauge") or "gauge" in state.device for state in whole.alerts)


def test_a_copy_that_adopts_every_change_equals_the_engine(district: District) -> None:
    engine, copy = Situation(district), Situation(district)
    for change in fold(engine, story(district), T0 + 205):
        copy.adopt(over_the_wire(change))
    assert without_frames(copy) == without_frames(engine)
    assert (copy.forces.status == engine.forces.status).all()
    seen = engine.forces.at > 0
    assert seen.sum() == 3
    assert abs(copy.forces.at[seen] - engine.forces.at[seen]).max() < 0.002
    assert abs(copy.forces.lat - engine.forces.lat).max() < 1e-6


def test_a_copy_that_starts_late_from_everything_equals_the_engine(district: District) -> None:
    engine, copy = Situation(district), Situation(district)
    told = story(district)
    fold(engine, told[:9], T0 + 95)
    copy.adopt(over_the_wire(engine.everything()))
    for change in fold(engine, told[9:], T0 + 205):
        copy.adopt(over_the_wire(change))
    assert without_frames(copy) == without_frames(engine)


@pytest.mark.parametrize("cut", range(1, 25, 2))
def test_a_successor_that_starts_anywhere_ends_like_an_uninterrupted_engine(district: District, cut: int) -> None:
    told = story(district)
    whole, first, second = Situation(district), Situation(district), Situation(district)
    fold(whole, told[:cut], T0 + 100)
    fold(whole, told[cut:], T0 + 205)
    fold(first, told[:cut], T0 + 100)
    second.adopt(over_the_wire(first.everything()))
    second.restore(msgspec.msgpack.decode(msgspec.msgpack.encode(first.memory()), type=Memory))
    fold(second, told[cut:], T0 + 205)
    assert without_frames(second) == without_frames(whole)


@pytest.mark.parametrize("seed", range(8))
def test_disorder_and_duplicates_end_in_the_same_situation(district: District, seed: int) -> None:
    told = story(district)
    clean, shuffled = Situation(district), Situation(district)
    fold(clean, told, T0 + 205)
    chance = random.Random(seed)
    records = told + [each for each in told if chance.random() < 0.3]
    chance.shuffle(records)
    fold(shuffled, records, T0 + 205)
    assert without_frames(shuffled).cases == without_frames(clean).cases
    assert camera_alerts(shuffled) == camera_alerts(clean)
    assert shuffled.command.all() == clean.command.all()
    assert shuffled.duty.all() == clean.duty.all()
    ours, theirs = without_frames(shuffled).incidents[0], without_frames(clean).incidents[0]
    assert handled(ours) == handled(theirs)
    assert [(leg.tier, leg.state, leg.arrived and leg.arrived.call_sign) for leg in ours.legs] == [
        (leg.tier, leg.state, leg.arrived and leg.arrived.call_sign) for leg in theirs.legs
    ]


def test_rosters_go_to_copies_and_successors_once(district: District) -> None:
    engine, copy, late = Situation(district), Situation(district), Situation(district)
    rosters = Rosters(3, (Shift("A", at(0), at(60), "甲", "乙", ("丙",)),))
    copy.adopt(over_the_wire(engine.note_rosters(rosters)))
    late.adopt(over_the_wire(engine.everything()))
    assert engine.note_rosters(rosters).is_empty()
    for each in (engine, copy, late):
        watch = each.duty.plan.who("A", T0)
        assert watch is not None and (watch.leader, each.duty.plan.rosters.version) == ("甲", 3)


def test_nothing_new_is_an_empty_change(district: District) -> None:
    situation = Situation(district)
    situation.apply(case(1), T0)
    assert situation.apply(case(1), T0).is_empty()
    assert Change.merged([Change(), Change()]).is_empty()
