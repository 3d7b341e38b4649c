from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.alarms import Alarms, AlarmState, raise_ref
from dashboard.backlog.cases import is_overdue
from dashboard.district import District
from dashboard.heartbeats import FeedCondition
from dashboard.records import Alert, Level, Order, Reading, Reply, ReplyState, Stage, Verb
from dashboard.situation import Change, Memory, Situation
from tests.builders import HERE, alert, at, case, fixes, incident, order, step
from tests.dashboard.alarms.ground import T0, Wall, feed, shelve
from tests.feeds.small_district import small_district

ELSEWHERE = (22.611, 113.922)  # in community C5 of sub-district B
GAUGE = "sensor/gauge-1"


@pytest.fixture
def wall(district: District) -> Wall:
    return Wall(district)


@pytest.fixture(scope="module")
def district() -> District:
    return small_district()


def reading(after_s: float, value: float, sensor: str = "gauge-1") -> Reading:
    return Reading(source="iot", id=f"{sensor}-{after_s}", sensor=sensor, at=at(after_s), value=value)


def flood_gauge(wall: Wall, after_s: float = 0, value: float = 0.95) -> None:
    """Two readings in a row are believed."""
    for later_s in (0, 1):
        wall.tell(after_s + later_s, reading(after_s + later_s, value))


def successor(situation: Situation, district: District) -> Situation:
    """Another engine that goes on from what this one saved."""
    heir = Situation(district)
    heir.adopt(sent(situation.everything(), Change))
    heir.restore(sent(situation.memory(), Memory))
    return heir


def sent(struct: Any, kind: Any) -> Any:
    return msgspec.msgpack.decode(msgspec.msgpack.encode(struct), type=kind)


def as_set(alarms: Alarms) -> dict[str, AlarmState]:
    return {state.key: state for state in alarms.all()}


# -- one alarm after another ---------------------------------------------------------------------------------------


def test_an_incident_rings_at_once_and_its_acknowledgement_ends_the_alarm(wall: Wall) -> None:
    wall.tell(0, incident(1, level=Level.II))
    state = wall.alarm("incident/cad/I1")
    assert (state.level, state.rang_at, state.needs_action, state.held_by) == (Level.II, T0, True, "C0")
    wall.tell(20, order(Verb.ACKNOWLEDGE, "cad/I1", 20, by="duty", centre="C0"))
    assert wall.keys() == []
    assert [each.key for each in wall.situation.alarms.raises()] == ["incident/cad/I1"]


def test_acknowledging_the_alarm_never_acknowledges_the_incident(wall: Wall) -> None:
    wall.tell(0, incident(1))
    wall.tell(9, wall.acknowledge("incident/cad/I1", 9))
    state = wall.alarm("incident/cad/I1")
    assert (state.active, state.needs_action, state.acknowledged_by) == (True, False, "duty")
    (fire,) = wall.situation.response.open()
    assert fire.acknowledged_at is None


def test_legs_become_alarms_by_the_clock_and_stay_until_somebody_saw_them(wall: Wall, district: District) -> None:
    near = {name: (HERE[0] + 0.01, HERE[1]) for name in ("VO000", "AU000", "PO000")}
    wall.situation.follow(wall.situation.move(fixes(district, near, 30), T0 + 30))
    wall.tell(30, incident(1, 0), order(Verb.ACKNOWLEDGE, "cad/I1", 30, by="duty"))
    wall.tick(60)
    assert wall.keys() == []
    wall.tick(61)
    assert wall.alarm("leg/cad/I1/volunteer").raised_at == T0 + 60
    there = wall.situation.move(fixes(district, {"VO000": HERE}, 70), T0 + 70)
    wall.copy.adopt(wall.situation.follow(there))
    late = wall.alarm("leg/cad/I1/volunteer")
    assert (late.active, late.needs_action) == (False, True)
    wall.tell(80, wall.acknowledge(late.key, 80))
    assert wall.keys() == []


def test_closing_the_incident_ends_all_its_alarms(wall: Wall) -> None:
    wall.tell(0, incident(1))
    wall.tick(2000)
    assert wall.alarm("incident/cad/I1").active
    wall.tell(2001, order(Verb.CLOSE, "cad/I1", 2001, by="duty", kind="done"))
    assert wall.keys() == []


def test_another_order_to_the_unit_ends_the_alarm_that_it_did_not_answer(wall: Wall) -> None:
    wall.tell(0, incident(1), order(Verb.ACKNOWLEDGE, "cad/I1", 1), order(Verb.DISPATCH, "cad/I1", 2, unit="PO000"))
    wall.tick(61)
    assert wall.keys() == []
    wall.tick(63)
    state = wall.alarm("order/cad/I1/PO000")
    assert (state.cause, state.unit, state.subject, state.raised_at) == ("unanswered", "PO000", "cad/I1", T0 + 62)
    wall.tell(70, order(Verb.DISPATCH, "cad/I1", 70, unit="PO000"))
    assert wall.keys() == []


def test_a_unit_that_declines_after_it_did_not_answer_is_a_new_raise(wall: Wall) -> None:
    sent_out = order(Verb.DISPATCH, "cad/I1", 2, unit="PO000")
    wall.tell(0, incident(1), order(Verb.ACKNOWLEDGE, "cad/I1", 1), sent_out)
    wall.tick(63)
    wall.tell(64, wall.acknowledge("order/cad/I1/PO000", 64))
    declined = Reply(
        source="mqtt", id="r1", order=sent_out.id, unit="PO000", at=at(66), state=ReplyState.DECLINED, reason="injured"
    )
    wall.tell(66, declined)
    state = wall.alarm("order/cad/I1/PO000")
    assert (state.cause, state.needs_action, state.rang_at) == ("declined", True, T0 + 66)


def test_the_first_report_ends_the_alarm_that_it_is_overdue(wall: Wall) -> None:
    wall.tell(0, incident(1), order(Verb.ACKNOWLEDGE, "cad/I1", 1))
    wall.tick(1801)
    assert wall.alarm("report/cad/I1").raised_at == T0 + 1800
    wall.tell(1810, order(Verb.REPORT, "cad/I1", 1810, kind="first", text="fire", by="duty", centre="D"))
    assert "report/cad/I1" not in wall.keys()  # noqa: SIM118 - a wall is no mapping


def test_a_drill_rings_nowhere(wall: Wall) -> None:
    wall.tell(0, incident(1, drill=True))
    wall.ticks(0, 600, 60)
    assert wall.keys() == []


def test_an_incident_that_was_told_late_is_shown_and_rings_no_bell(wall: Wall) -> None:
    wall.tell(4000, incident(1, 0, level=Level.I))
    wall.ticks(4000, 4400, 50)
    state = wall.alarm("incident/cad/I1")
    assert (state.rang_at, state.needs_action) == (0.0, True)


def test_a_sensor_that_was_acknowledged_and_is_back_to_normal_is_gone(wall: Wall) -> None:
    flood_gauge(wall)
    first = wall.alarm(GAUGE)
    assert (first.level, first.cause) == (Level.III, "high")
    wall.tell(5, wall.acknowledge(GAUGE, 5))
    assert not wall.alarm(GAUGE).needs_action
    wall.tell(50, reading(50, 0.1), reading(51, 0.1))
    wall.ticks(50, 62)
    assert wall.keys() == []


def test_what_a_sensor_says_is_one_alarm_and_not_two(wall: Wall) -> None:
    flood_gauge(wall)
    assert wall.keys() == [GAUGE]
    assert any(state.kind == "sensor-high" for state in wall.situation.alerts.all())


def test_a_call_for_help_is_of_the_top_level_until_somebody_takes_it_up(wall: Wall) -> None:
    wall.tell(0, alert(1, kind="sos", level=Level.IV))
    assert wall.alarm("sos/video/A1").level is Level.I
    wall.tell(9, order(Verb.CLAIM, "video/A1", 9, by="duty", centre="C0", actor="zhang"))
    assert wall.keys() == []
    wall.tell(30, order(Verb.RELEASE, "video/A1", 30, by="duty", centre="C0", actor="zhang"))
    assert wall.alarm("sos/video/A1").rang_at == T0 + 30


def test_an_alert_that_nobody_took_up_stays_until_somebody_saw_it(wall: Wall) -> None:
    wall.tell(0, alert(1, level=Level.II))
    wall.ticks(0, 4000, 50)
    state = wall.alarm("alert/video/A1")
    assert (state.active, state.needs_action) == (False, True)


def test_an_alert_that_became_part_of_another_leaves_no_alarm(wall: Wall) -> None:
    wall.tell(40, alert(2, 40, level=Level.II))
    assert wall.keys() == ["alert/video/A2"]
    wall.tell(41, alert(1, 0, level=Level.II))
    assert wall.keys() == ["alert/video/A1"]


def test_a_lost_source_is_an_alarm_of_the_district(wall: Wall, district: District) -> None:
    wall.feeds(0, feed())
    state = wall.alarm("feed/gps")
    assert (state.level, state.title, state.held_by, state.community) == (Level.II, "GPS", "D", -1)
    alarms = wall.situation.alarms
    assert not alarms.is_inside(state, district.scope("A").communities)
    assert alarms.is_inside(state, None)


def test_a_source_is_looked_at_when_it_is_told_and_not_a_tick_later(wall: Wall) -> None:
    wall.tick(0)
    change = wall.situation.note_life([feed()], {})
    assert [state.key for state in change.alarms] == ["feed/gps"]
    assert len(change.raises) == 1


def test_memory_that_runs_full_is_an_alarm_before_anything_is_refused(wall: Wall) -> None:
    wall.situation.note_storage({"memory": 0.85, "disk": 0.2})
    wall.ticks(0, 9)
    assert wall.keys() == []
    wall.tick(10)
    assert wall.alarm("storage/memory").cause == "85%"
    wall.situation.note_storage({"disk": 0.2})
    wall.ticks(11, 80)
    assert not wall.alarm("storage/memory").active


# -- cases ---------------------------------------------------------------------------------------------------------


def late_cases(count: int, **fields: Any) -> list[Any]:
    return [case(number, 0, due_at=at(600 + number), **fields) for number in range(count)]


def test_a_thousand_cases_are_no_alarm_and_a_cluster_past_its_limit_is_one(wall: Wall) -> None:
    wall.tell(0, *late_cases(1000, lat=ELSEWHERE[0], lon=ELSEWHERE[1]))
    wall.ticks(0, 600, 60)
    assert wall.keys() == []
    wall.ticks(700, 800, 10)
    state = wall.alarm("cases/B")
    assert (state.level, state.area, state.held_by) == (Level.III, "B", "B")
    assert wall.keys() == ["cases/B"]


def test_a_cluster_is_counted_case_by_case(wall: Wall) -> None:
    wall.tell(0, *late_cases(30))
    wall.tell(1, step(3, 1, Stage.CLOSED, by="centre"), step(4, 1, Stage.HELD, by="centre", reason="x"))
    backlog, now = wall.situation.backlog, T0 + 620
    (mine, other) = backlog.lately_overdue(now, 3600)
    assert (mine.centre, mine.open, other.overdue) == ("A", 29, 0)
    assert mine.overdue == sum(is_overdue(row, now) for row in backlog.all() if row.closed_at is None)
    assert backlog.lately_overdue(now, 5)[0].overdue == 4


def test_few_or_old_cases_are_no_cluster(wall: Wall) -> None:
    wall.tell(0, *late_cases(19))
    wall.tell(0, *[case(number, 0, due_at=at(-9000)) for number in range(100, 200)])
    wall.ticks(800, 900, 10)
    assert wall.keys() == []


def test_what_is_little_against_all_open_cases_is_no_cluster(wall: Wall) -> None:
    wall.tell(0, *late_cases(21), *(case(number, 0) for number in range(100, 1200)))
    wall.ticks(800, 900, 10)
    assert wall.keys() == []


def test_a_cluster_is_of_the_sub_district_and_of_none_of_its_communities(wall: Wall, district: District) -> None:
    wall.tell(0, *late_cases(30))
    wall.ticks(700, 800, 10)
    alarms, state = wall.copy.alarms, wall.alarm("cases/A")
    inside = [code for code in ("D", "A", "B", "C0") if alarms.is_inside(state, district.scope(code).communities)]
    assert inside == ["D", "A"]


# -- orders --------------------------------------------------------------------------------------------------------


def test_an_order_that_comes_before_its_alarm_waits_for_it(wall: Wall) -> None:
    wall.tell(0, shelve(GAUGE, 0, 3600))
    assert wall.keys() == []
    flood_gauge(wall, 10)
    assert wall.alarm(GAUGE).shelved_until == T0 + 3600


def test_a_repeated_order_changes_nothing(wall: Wall) -> None:
    flood_gauge(wall)
    said = wall.acknowledge(GAUGE, 5)
    assert wall.situation.apply(said, T0 + 5).alarms
    assert wall.situation.apply(said, T0 + 6).is_empty()
    assert [word.id for word in wall.situation.alarms.memory().words[GAUGE]] == [said.id]


def test_what_is_shelved_is_listed_for_the_handover(wall: Wall) -> None:
    flood_gauge(wall)
    wall.tell(1, incident(1, level=Level.I))
    wall.tell(5, shelve(GAUGE, 5, 3600), shelve("incident/cad/I1", 6, 600))
    assert [state.key for state in wall.copy.alarms.shelved(None)] == ["incident/cad/I1", GAUGE]
    assert wall.alarm("incident/cad/I1").needs_action


def test_a_successor_in_the_middle_of_a_shelf_goes_on_exactly(wall: Wall, district: District) -> None:
    flood_gauge(wall)
    wall.feeds(3, feed())
    wall.tell(5, shelve(GAUGE, 5, 600), wall.acknowledge("feed/gps", 6))
    wall.tick(100)
    heir = successor(wall.situation, district)
    for after_s in (101, 604, 605, 606, 1000):
        assert heir.tick(T0 + after_s).alarms == wall.situation.tick(T0 + after_s).alarms
        assert as_set(heir.alarms) == as_set(wall.situation.alarms)
    assert heir.alarms.raises() == wall.situation.alarms.raises()
    off = as_set(heir.alarms)[GAUGE]
    assert (off.shelved_until, off.rang_at, off.needs_action) == (None, T0 + 905, True)
    assert not as_set(heir.alarms)["feed/gps"].needs_action


def test_an_engine_that_died_before_it_saved_knows_the_same_raises(wall: Wall, district: District) -> None:
    told = [incident(1, 0), alert(1, 3, level=Level.I)]
    wall.tell(4, *told)
    acknowledged = [wall.acknowledge(key, 6) for key in ("incident/cad/I1", "alert/video/A1")]
    wall.tell(6, *acknowledged)
    heir = Situation(district)
    for record in (*told, *acknowledged):
        heir.apply(record, T0 + (4 if record in told else 6))
    heir.tick(T0 + 60)
    assert [state.needs_action for state in heir.alarms.all()] == [False, False]


ORDERS = [
    order(Verb.ACKNOWLEDGE_ALARM, GAUGE, 10, ref=repr(T0), by="A"),
    order(Verb.ACKNOWLEDGE_ALARM, GAUGE, 12, ref=repr(T0), by="B"),
    order(Verb.ACKNOWLEDGE_ALARM, GAUGE, 14, by="C"),
    shelve(GAUGE, 20, 300),
    shelve(GAUGE, 25, 40, reason="shorter"),
    order(Verb.APPROVE, GAUGE, 30, ref=shelve(GAUGE, 20, 300).id, actor="li", by="chief"),
    order(Verb.UNSHELVE, GAUGE, 40, by="D"),
    shelve(GAUGE, 60, 900, reason="again"),
]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    chosen=st.lists(st.sampled_from(ORDERS), unique_by=lambda each: each.id),
    repeated=st.lists(st.sampled_from(ORDERS), max_size=5),
    order_seed=st.randoms(use_true_random=False),
)
def test_orders_in_any_order_and_repeated_end_the_same(
    district: District, chosen: list[Order], repeated: list[Order], order_seed: Any
) -> None:
    shuffled = [*chosen, *(each for each in repeated if each in chosen)]
    order_seed.shuffle(shuffled)
    ends = []
    for orders in (sorted(chosen, key=lambda each: each.at), shuffled):
        wall = Wall(district)
        flood_gauge(wall)
        wall.tell(70, *orders)
        wall.tick(80)
        wall.tell(90, reading(90, 0.1), reading(91, 0.1))
        wall.ticks(91, 130, 3)
        ends.append(as_set(wall.situation.alarms))
        assert as_set(wall.copy.alarms) == ends[-1]
    assert ends[0] == ends[1]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(places=st.lists(st.integers(0, 6), min_size=len(ORDERS), max_size=len(ORDERS)))
def test_orders_before_between_and_after_the_raises_end_the_same(district: District, places: list[int]) -> None:
    ends = []
    for spread in (places, [6] * len(ORDERS)):
        wall = Wall(district)
        steps = [
            lambda wall=wall: flood_gauge(wall),
            lambda wall=wall: wall.tick(20),
            lambda wall=wall: wall.tell(30, reading(30, 0.1), reading(31, 0.1)),
            lambda wall=wall: wall.ticks(31, 50),
            lambda wall=wall: flood_gauge(wall, 60),
            lambda wall=wall: wall.tick(70),
            lambda wall=wall: wall.tick(400),
        ]
        for place, do in enumerate(steps):
            wall.tell(0, *(each for each, when in zip(ORDERS, spread, strict=True) if when == place))
            do()
        wall.tick(401)
        ends.append(as_set(wall.situation.alarms))
        assert as_set(wall.copy.alarms) == ends[-1]
    assert ends[0] == ends[1]


# -- many at once --------------------------------------------------------------------------------------------------


def burst(count: int, level: Level = Level.III) -> list[Alert]:
    """So many calls, each of a camera of its own."""
    return [alert(number, level=level, device=f"cam-{number}", lat=22.601, lon=113.901) for number in range(count)]


def test_a_burst_is_a_flood_within_two_seconds_and_hides_nothing_critical(wall: Wall, district: District) -> None:
    critical: list[str] = []
    for second in range(10):
        fires = [incident(second * 60 + number, second, level=Level.III) for number in range(59)]
        grave = incident(second * 60 + 59, second, level=Level.I)
        critical.append(f"incident/cad/{grave.id}")
        for record in (*fires, grave):
            change = wall.situation.apply(record, T0 + second)
            wall.copy.adopt(change)
        assert {state.key: state.group for state in change.alarms}[critical[-1]] == ""
        if second == 1:
            assert wall.copy.alarms.figures(None, T0 + second).flood_since == T0
    figures = wall.copy.alarms.figures(None, T0 + 9)
    assert (figures.last_10_min, figures.flood_since) == (600, T0)
    assert figures.groups == (("incident/A", 590),)
    assert figures.waiting == (10, 0, 590, 0)
    listed = wall.copy.alarms.listed(None, 40)
    assert [state.key for state in listed[:10]] == critical
    assert len(wall.copy.alarms.all()) == 600
    assert as_set(wall.copy.alarms) == as_set(wall.situation.alarms)


def test_after_a_flood_every_alarm_stands_alone_again(wall: Wall) -> None:
    wall.tell(0, *(incident(number) for number in range(12)))
    assert {state.group for state in wall.situation.alarms.all()} == {"incident/A"}
    wall.tell(1, *(order(Verb.CLOSE, f"cad/I{number}", 1) for number in range(2, 12)))
    wall.tick(599)
    assert {state.group for state in wall.copy.alarms.all()} == {"incident/A"}
    wall.tick(4000)
    assert {state.group for state in wall.copy.alarms.all()} == {""}


def test_a_flood_is_of_the_scopes_that_it_reaches_and_folds_everywhere(wall: Wall, district: District) -> None:
    wall.tell(0, *(incident(number) for number in range(11)))
    wall.tell(0, *(incident(number, lat=ELSEWHERE[0], lon=ELSEWHERE[1]) for number in range(11, 13)))
    alarms = wall.copy.alarms
    since = {code: alarms.figures(district.scope(code).communities, T0).flood_since for code in ("A", "B", "C0")}
    assert since == {"A": T0, "B": None, "C0": T0}
    assert alarms.figures(None, T0).groups == (("incident/A", 11), ("incident/B", 2))


def test_too_many_for_a_list_leave_out_the_rest_of_the_groups_first(wall: Wall) -> None:
    wall.tell(0, *(incident(number) for number in range(30)))
    wall.feeds(1, feed())
    flood_gauge(wall, 2)
    listed = wall.copy.alarms.listed(None, 5)
    assert wall.alarm(GAUGE).group == "", "one alone is no group"
    assert [state.kind.value for state in listed] == ["feed", "incident", "incident", "incident", "sensor"]


def test_a_source_that_flaps_each_second_is_one_row(wall: Wall) -> None:
    rows = set()
    for second in range(120):
        lost = second % 2 == 0
        wall.feeds(second, feed(condition=FeedCondition.LOST if lost else FeedCondition.GOOD))
        rows.add(len(wall.situation.alarms.all()))
    assert rows == {1}
    assert len(wall.situation.alarms.raises()) == 1
    wall.ticks(120, 126)
    assert not wall.alarm("feed/gps").active


def test_a_source_that_flaps_slowly_is_one_row_that_says_so_and_rings_twice(wall: Wall) -> None:
    rang = set()
    for second in range(200):
        lost = second % 14 < 4
        wall.feeds(second, feed(condition=FeedCondition.LOST if lost else FeedCondition.GOOD))
        rang.add(wall.alarm("feed/gps").rang_at - T0)
    state = wall.alarm("feed/gps")
    assert (state.chattering, len(wall.situation.alarms.all())) == (True, 1)
    assert state.raised_count > 10
    assert rang == {0, 14}
    assert wall.copy.alarms.figures(None, T0 + 200).chattering == 1


# -- figures -------------------------------------------------------------------------------------------------------


def test_the_figures_of_a_scope_are_its_own(wall: Wall, district: District) -> None:
    wall.tell(0, incident(1, level=Level.I), incident(2, lat=ELSEWHERE[0], lon=ELSEWHERE[1]))
    wall.feeds(1, feed())
    alarms = wall.copy.alarms
    whole, mine = alarms.figures(None, T0 + 2, operators=3), alarms.figures(district.scope("A").communities, T0 + 2)
    assert (whole.last_hour, whole.waiting, whole.mix, whole.operators) == (3, (1, 1, 1, 0), (1, 1, 1, 0), 3)
    assert (mine.last_hour, mine.waiting) == (1, (1, 0, 0, 0))
    assert [state.key for state in alarms.listed(district.scope("B").communities)] == ["incident/cad/I2"]


def test_what_is_gone_is_forgotten_and_still_counted(wall: Wall) -> None:
    wall.tell(0, incident(1), order(Verb.ACKNOWLEDGE, "cad/I1", 1), order(Verb.CLOSE, "cad/I1", 2))
    wall.ticks(0, 8000, 100)
    alarms = wall.situation.alarms
    assert alarms.memory().tracks == {}
    assert (alarms.figures(None, T0 + 8000).last_day, alarms.figures(None, T0 + 8000).last_hour) == (1, 0)
    wall.tick(90_000)
    assert alarms.raises() == []


def test_old_orders_are_forgotten_but_not_the_acknowledgement_of_what_still_stands(wall: Wall) -> None:
    flood_gauge(wall)
    wall.tell(5, wall.acknowledge(GAUGE, 5), order(Verb.ACKNOWLEDGE_ALARM, "sensor/x", 5, by="A"))
    wall.tick(90_000)
    assert list(wall.situation.alarms.memory().words) == [GAUGE]
    state = wall.alarm(GAUGE)
    assert (state.needs_action, state.stale) == (False, True)


def test_a_raise_ref_of_the_copy_is_that_of_the_engine(wall: Wall) -> None:
    wall.tell(0.1, incident(1, 0.1))
    (state,) = sent(wall.situation.everything(), Change).alarms
    assert raise_ref(state) == raise_ref(wall.alarm("incident/cad/I1"))
