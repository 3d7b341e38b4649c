from typing import Any

import pytest

from dashboard.alarms import conditions
from dashboard.alarms.policy import AlarmPolicy
from dashboard.alarms.states import AlarmKind
from dashboard.alerts import AlertStage, AlertState
from dashboard.district import District
from dashboard.heartbeats import FeedCondition, FeedState
from dashboard.records import Evidence, Level, ReplyState, Tier
from dashboard.response.deeds import Report, ReportPart, UnitOrder
from dashboard.response.incidents import IncidentState
from dashboard.response.legs import Arrived, Leg, LegState
from dashboard.sensors import Band, SensorState
from tests.dashboard.alarms.ground import T0
from tests.feeds.small_district import small_district


@pytest.fixture
def district() -> District:
    return small_district()


def incident(**fields: Any) -> IncidentState:
    defaults = {"key": "cad/I1", "revision": 0, "kind": "fire", "level": Level.III, "title": "", "place": "Market"}
    where = {"lat": 22.6, "lon": 113.9, "community": 0, "reported_at": T0, "received_at": T0 + 2, "held_by": "C0"}
    return IncidentState(**{**defaults, **where, "acknowledged_at": T0 + 5, **fields})


def leg(state: LegState, tier: Tier = Tier.VOLUNTEER) -> Leg:
    return Leg(tier, 60, 1, T0 + 60, state)


def sent(state: ReplyState | None = None, **fields: Any) -> UnitOrder:
    defaults = {"id": "o1", "unit": "PO001", "at": T0, "go": True, "by": "duty", "centre": "D"}
    return UnitOrder(**{**defaults, "answer_due_at": T0 + 60, "state": state, "state_at": T0 + 9, **fields})


def found(state: IncidentState, after_s: float = 100) -> list[tuple[AlarmKind, str, float]]:
    made = conditions.of_incident(state, T0 + after_s)
    return [(each.kind, each.cause, (each.since or 0) - T0) for each in made]


def test_an_incident_that_nobody_acknowledged() -> None:
    (each,) = conditions.of_incident(incident(acknowledged_at=None), T0 + 3)
    assert (each.kind, each.level, each.title, each.since) == (AlarmKind.INCIDENT, Level.III, "Market", T0 + 2)
    assert (each.held_by, each.community, each.silent) == ("C0", 0, False)


def test_drills_and_closed_incidents_are_none() -> None:
    assert found(incident(acknowledged_at=None, drill=True)) == []
    assert found(incident(acknowledged_at=None, closed_at=T0 + 9)) == []


def test_one_that_was_told_late_is_one_without_a_bell() -> None:
    told = incident(acknowledged_at=None, late_record=True)
    (each,) = conditions.of_incident(told, told.received_at + conditions.LATE_SETTLES_S)
    assert each.silent


def test_what_was_told_late_has_time_to_be_told_to_its_end() -> None:
    told = incident(acknowledged_at=None, late_record=True, legs=(leg(LegState.OVERDUE),))
    assert not list(conditions.of_incident(told, told.received_at + conditions.LATE_SETTLES_S - 1))
    assert len(list(conditions.of_incident(told, told.received_at + conditions.LATE_SETTLES_S))) == 2


def test_overdue_legs_each_by_tier() -> None:
    legs = (leg(LegState.OVERDUE), leg(LegState.OVERDUE, Tier.POLICE), leg(LegState.UNKNOWN, Tier.AUXILIARY))
    assert found(incident(legs=legs)) == [(AlarmKind.LEG, "volunteer", 60), (AlarmKind.LEG, "police", 60)]
    assert found(incident(legs=(leg(LegState.AT_RISK), leg(LegState.LATE), leg(LegState.MET)))) == []


def test_the_first_report_is_overdue_until_it_is_sent() -> None:
    due = incident(report_due_at=T0 + 50)
    assert found(due, 50) == []
    assert found(due, 51) == [(AlarmKind.REPORT, "first", 50)]
    first = Report("r", ReportPart.FIRST, T0 + 70, "duty", "D", "text")
    assert found(incident(report_due_at=T0 + 50, reports=(first,)), 100) == []


@pytest.mark.parametrize(
    ("order", "cause"),
    [
        (sent(ReplyState.DECLINED), "declined"),
        (sent(ReplyState.FAILED), "failed"),
        (sent(None), "unanswered"),
        (sent(ReplyState.READ), "unanswered"),
        (sent(ReplyState.ACCEPTED), None),
        (sent(ReplyState.BY_VOICE), None),
        (sent(None, answer_due_at=T0 + 900), None),
        (sent(ReplyState.DECLINED, go=False), None),
    ],
)
def test_a_unit_that_does_not_come(order: UnitOrder, cause: str | None) -> None:
    assert [each[1] for each in found(incident(sent=(order,)))] == ([cause] if cause else [])


def test_a_unit_that_is_there_needs_no_answer() -> None:
    arrived = Arrived("PO001", Tier.POLICE, T0 + 40, Evidence.GEOFENCE)
    assert found(incident(sent=(sent(None),), arrivals=(arrived,))) == []


def signal(**fields: Any) -> AlertState:
    defaults = {"key": "video/A1", "kind": "smoke", "device": "cam", "title": "", "level": Level.II}
    rest = {"stage": AlertStage.NEW, "active": True, "first_at": T0, "last_at": T0, "community": 0}
    return AlertState(**{**defaults, **rest, **fields})


@pytest.mark.parametrize(
    ("state", "kind", "level"),
    [
        (signal(), AlarmKind.ALERT, Level.II),
        (signal(active=False), AlarmKind.ALERT, Level.II),
        (signal(level=Level.III), None, None),
        (signal(stage=AlertStage.CLAIMED), None, None),
        (signal(kind="sos", level=Level.IV), AlarmKind.SOS, Level.I),
        (signal(key="sensors/x", kind="sensor-high"), None, None),
    ],
)
def test_grave_alerts_and_calls_for_help(state: AlertState, kind: AlarmKind | None, level: Level | None) -> None:
    assert [(each.kind, each.level) for each in conditions.of_alert(state)] == ([(kind, level)] if kind else [])


@pytest.mark.parametrize(
    ("band", "level"),
    [(Band.HIGH, Level.III), (Band.VERY_HIGH, Level.II), (Band.LOW, Level.III), (Band.NORMAL, None)],
)
def test_a_sensor_beyond_its_limits(district: District, band: Band, level: Level | None) -> None:
    made = list(conditions.of_sensor(SensorState("gauge-1", 1.0, T0, band, T0), district, T0))
    assert [each.level for each in made] == ([level] if level else [])
    if made:
        assert (made[0].title, made[0].cause, made[0].silent) == ("gauge 1", band.value, False)


def test_a_lost_source_by_its_last_beat() -> None:
    lost = FeedState(name="gps", title="GPS", condition=FeedCondition.LOST, beat_at=T0)
    (each,) = conditions.of_feed(lost)
    assert (each.key, each.level, each.since) == ("feed/gps", Level.II, T0 + 10)
    assert list(conditions.of_feed(FeedState(name="gps", title="", condition=FeedCondition.SILENT))) == []


def test_an_archive_that_cannot_be_written() -> None:
    assert list(conditions.of_archive({"archive": 290.0, "disk": 0.99}, AlarmPolicy())) == []
    (each,) = conditions.of_archive({"archive": 310.0}, AlarmPolicy())
    assert (each.key, each.level) == ("archive/archive", Level.II)
    assert list(conditions.of_storage({"archive": 310.0}, AlarmPolicy())) == []


def test_storage_that_runs_full() -> None:
    made = list(conditions.of_storage({"memory": 0.81, "disk": 0.9}, AlarmPolicy()))
    assert [(each.subject, each.cause) for each in made] == [("memory", "81%")]
