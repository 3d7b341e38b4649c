import pytest

from dashboard import desk, overview
from dashboard.alarms import AlarmKind, AlarmState
from dashboard.command import RollCall
from dashboard.desk import Cameras, Task, Want
from dashboard.district import District
from dashboard.records import Level, Reply, ReplyState, Verb
from dashboard.situation import Situation
from tests.builders import HERE, NOON, alert, at, fixes, incident, order
from tests.feeds.small_district import small_district
from tests.layouts import scenes

T0 = NOON.timestamp()
NEAR = (HERE[0] + 0.004, HERE[1])  # some 450 m north of the incidents
ELSEWHERE = (22.611, 113.922)  # in community C5 of sub-district B


@pytest.fixture
def district() -> District:
    return small_district()


@pytest.fixture
def situation(district: District) -> Situation:
    situation = Situation(district)
    situation.move(fixes(district, dict.fromkeys(("VO000", "AU000", "PO000"), NEAR), 0), T0)
    return situation


def waiting(situation: Situation, district: District, code: str = "D", after_s: float = 30) -> list[Task]:
    scope = district.scope(code)
    seen = overview.build(situation, district, scope, T0 + after_s)
    return desk.tasks(seen, situation, scope, desk.incidents_of(situation, district, scope, T0 + after_s))


def wants(tasks: list[Task]) -> list[str]:
    return [task.key for task in tasks]


def test_an_empty_scope_wants_nothing(situation: Situation, district: District) -> None:
    assert waiting(situation, district) == []


def test_a_graver_incident_comes_first_then_the_older(situation: Situation, district: District) -> None:
    situation.apply(incident(1, 0), T0)
    situation.apply(incident(2, 5, level=Level.I), T0 + 5)
    situation.apply(incident(3, -20), T0 + 5)
    found = [task for task in waiting(situation, district, after_s=10) if task.want is Want.ACKNOWLEDGE]
    assert wants(found) == ["acknowledge:cad/I2", "acknowledge:cad/I3", "acknowledge:cad/I1"]


def test_what_is_acknowledged_does_not_wait_any_more(situation: Situation, district: District) -> None:
    situation.apply(incident(1, 0), T0)
    situation.apply(order(Verb.ACKNOWLEDGE, "cad/I1", 5), T0 + 5)
    assert "acknowledge:cad/I1" not in wants(waiting(situation, district, after_s=10))


def test_a_scope_sees_its_own_only(situation: Situation, district: District) -> None:
    situation.apply(incident(1, 0), T0)
    situation.apply(incident(2, 0, lat=ELSEWHERE[0], lon=ELSEWHERE[1]), T0)
    assert "acknowledge:cad/I2" in wants(waiting(situation, district, "B", 10))
    assert "acknowledge:cad/I1" not in wants(waiting(situation, district, "B", 10))


def test_a_tier_that_is_late_waits_with_its_deadline(situation: Situation, district: District) -> None:
    situation.apply(incident(1, 0), T0)
    situation.move(fixes(district, {"VO000": NEAR}, 65), T0 + 65)
    situation.tick(T0 + 70)
    late = next(task for task in waiting(situation, district, after_s=70) if task.want is Want.LEG)
    assert (late.subject, late.detail, late.due_at) == ("cad/I1", "volunteer", T0 + 60)


def test_a_unit_that_declines_waits_until_another_is_sent(situation: Situation, district: District) -> None:
    situation.apply(incident(1, 0), T0)
    sent = order(Verb.DISPATCH, "cad/I1", 5, unit="VO000")
    situation.apply(sent, T0 + 5)
    situation.apply(
        Reply(source="x", id="r1", order=sent.id, unit="VO000", at=at(9), state=ReplyState.DECLINED), T0 + 9
    )
    declined = [task for task in waiting(situation, district, after_s=10) if task.want is Want.ORDER]
    assert [(task.subject, task.detail) for task in declined] == [("cad/I1", "VO000")]
    situation.apply(order(Verb.DISPATCH, "cad/I1", 12, unit="AU000"), T0 + 12)
    assert Want.ORDER not in [task.want for task in waiting(situation, district, after_s=13)]


def test_a_first_report_waits_from_ten_minutes_before_it_is_due(situation: Situation, district: District) -> None:
    situation.apply(incident(1, 0), T0)
    early, late = (waiting(situation, district, after_s=seconds) for seconds in (600, 1300))
    assert "report:cad/I1" not in wants(early)
    assert "report:cad/I1" in wants(late)


def test_an_offer_waits_at_the_centre_that_it_was_made_to(situation: Situation, district: District) -> None:
    situation.apply(incident(1, 0), T0)
    situation.apply(order(Verb.OFFER, "cad/I1", 5, into="A", centre="D", by="chief"), T0 + 5)
    assert "offer:cad/I1" in wants(waiting(situation, district, "A", 10))
    assert "offer:cad/I1" not in wants(waiting(situation, district, "D", 10))


def test_who_was_asked_or_commands_sees_the_incident_wherever_it_is(situation: Situation, district: District) -> None:
    situation.apply(incident(1, 0), T0)
    scope = district.scope("B")
    assert desk.incidents_of(situation, district, scope, T0 + 5) == ()
    offer = order(Verb.OFFER, "cad/I1", 5, into="B", centre="D")
    situation.apply(offer, T0 + 5)
    assert "offer:cad/I1" in wants(waiting(situation, district, "B", 10))
    situation.apply(order(Verb.ACCEPT, "cad/I1", 20, centre="B", ref=offer.id), T0 + 20)
    assert [state.key for state in desk.incidents_of(situation, district, scope, T0 + 25)] == ["cad/I1"]


def test_a_roll_call_waits_where_it_was_not_answered(situation: Situation, district: District) -> None:
    call = RollCall(id="R1", centre="D", by="chief", at=T0, due_at=T0 + 120, asked=("A", "B"))
    situation.command.adopt([call])
    assert wants(waiting(situation, district, "A")) == ["roll_call:R1"]
    assert waiting(situation, district, "D") == []


def test_an_alarm_about_a_thing_with_a_row_joins_that_row(situation: Situation, district: District) -> None:
    situation.apply(incident(1, 0), T0)
    same = AlarmState(key="incident/cad/I1", kind=AlarmKind.INCIDENT, subject="cad/I1", level=Level.II, raised_at=T0)
    other = AlarmState(key="feed/cad", kind=AlarmKind.FEED, subject="cad", level=Level.II, raised_at=T0)
    situation.alarms.adopt([same, other])
    found = {task.key: task for task in waiting(situation, district, after_s=5)}
    assert found["acknowledge:cad/I1"].alarm == "incident/cad/I1"
    assert found["acknowledge:cad/I1"].level is Level.II
    assert found["alarm:feed/cad"].alarm == "feed/cad"
    assert "alarm:incident/cad/I1" not in found


def test_a_shelving_that_needs_a_second_person_waits(situation: Situation, district: District) -> None:
    asked = AlarmState(
        key="sos/1",
        kind=AlarmKind.SOS,
        subject="1",
        level=Level.I,
        raised_at=T0,
        needs_approval=True,
        acknowledged_at=T0,
    )
    situation.alarms.adopt([asked])
    assert wants(waiting(situation, district)) == ["approve:sos/1"]


def test_new_alerts_wait_and_claimed_ones_do_not(situation: Situation, district: District) -> None:
    situation.apply(alert(1, 0), T0)
    assert "alert:video/A1" in wants(waiting(situation, district, after_s=5))
    situation.apply(order(Verb.CLAIM, "video/A1", 6), T0 + 6)
    assert "alert:video/A1" not in wants(waiting(situation, district, after_s=7))


def test_the_newest_of_the_gravest_has_the_place_of_honour() -> None:
    tasks = [
        Task(want=Want.ACKNOWLEDGE, subject="old", level=Level.I, since=T0),
        Task(want=Want.ACKNOWLEDGE, subject="new", level=Level.I, since=T0 + 9),
        Task(want=Want.ACKNOWLEDGE, subject="lesser", level=Level.II, since=T0 + 99),
        Task(want=Want.LEG, subject="late", level=Level.I, since=T0 + 99),
    ]
    newest = desk.newest_critical(tasks)
    assert newest is not None
    assert newest.subject == "new"
    assert desk.newest_critical(tasks[3:]) is None


def test_help_is_asked_one_centre_higher_each_time(district: District) -> None:
    community = district.communities[0]
    state = scenes.incident(community=0, in_command=community.code)
    assert desk.next_up(district, state) == community.parent
    assert desk.next_up(district, scenes.incident(community=0, in_command=community.parent)) == "D"
    assert desk.next_up(district, scenes.incident(community=0, in_command="D")) == ""


def test_closed_incidents_stay_for_an_hour_behind_the_open_ones(situation: Situation, district: District) -> None:
    situation.apply(incident(1, 0), T0)
    situation.apply(incident(2, 0, closed_at=at(20)), T0 + 20)
    scope = district.scope("D")
    assert [state.key for state in desk.incidents_of(situation, district, scope, T0 + 30)] == ["cad/I1", "cad/I2"]
    assert [state.key for state in desk.incidents_of(situation, district, scope, T0 + 4000)] == ["cad/I1"]


def test_the_nearest_cameras_come_nearest_first() -> None:
    baoan = scenes.baoan()
    found = Cameras(baoan).nearest(22.579, 113.8915, 6)
    away = [camera.away_m for camera in found]
    assert len(found) == 6
    assert away == sorted(away)
    assert away[0] < 300
