from typing import Any

from dashboard.alarms import AlarmFigures, AlarmKind
from dashboard.records import Level
from layouts import alarm_list
from layouts.words import WORDS
from tests.layouts import scenes
from tests.layouts.duty_scenes import alarm
from tests.layouts.scenes import NOW


def shown(*alarms: Any, **figures: Any) -> Any:
    return alarm_list.payload(alarms, AlarmFigures(**figures), scenes.view())


def test_active_and_cleared_are_told_apart_from_acknowledged_and_not() -> None:
    alarms = (
        alarm(1),
        alarm(2, active=False, cleared_at=NOW),
        alarm(3, acknowledged_at=NOW, acknowledged_by="李", acknowledged_from="440306"),
        alarm(4, shelved_until=NOW + 60),
        alarm(5, needs_approval=True),
    )
    rows = shown(*alarms)["alarms"]
    states = ["waiting", "cleared", "acknowledged", "shelved", "asked"]
    assert [row["state"]["state"] for row in rows] == states
    assert rows[1]["state"]["text"] == "已恢复 · 未确认"
    assert rows[2]["until"]["text"] == "李（宝安区）"
    assert rows[3]["until"] == {"due": NOW + 60}


def test_what_cannot_be_done_with_an_alarm_says_why() -> None:
    fresh, shelved, asked = shown(alarm(1), alarm(2, shelved_until=NOW), alarm(3, needs_approval=True))["items"]
    assert (fresh["acts"]["shelve"], fresh["acts"]["unshelve"]) == ("", "未搁置")
    assert (shelved["acts"]["shelve"], shelved["acts"]["unshelve"]) == ("已搁置或待批", "")
    assert (asked["acts"]["approve"], fresh["acts"]["approve"]) == ("", "无待批搁置")


def test_a_flood_is_folded_and_nothing_of_it_is_lost() -> None:
    grouped = [alarm(number, group="A/sensor") for number in range(1, 30)]
    told = shown(alarm(99, Level.I), *grouped)
    assert told["alarms"][1]["name"]["text"].startswith("29 条已归并 · ")
    assert [item["members"] for item in told["items"]] == [1, 29, *[0] * 28]
    assert {item["group"] for item in told["items"][1:]} == {"A/sensor"}


def test_one_alarm_rings_the_gravest_and_among_equals_the_latest() -> None:
    assert alarm_list.ring([]) is None
    rung = alarm_list.ring([alarm(1), alarm(2, Level.II), alarm(3, Level.II), alarm(4, Level.I, acknowledged_at=NOW)])
    assert rung == {"key": "sensor/S3", "level": 2, "at": NOW + 3}


def test_what_is_shelved_chattering_or_late_on_record_does_not_ring() -> None:
    quiet = [alarm(1, shelved_until=NOW), alarm(2, chattering=True), alarm(3, rang_at=0.0)]
    assert alarm_list.ring(quiet) is None


def test_figures_beyond_what_a_person_can_take_stand_out() -> None:
    rows = shown(last_10_min=11, last_hour=13, last_day=20)["figures"]
    assert [row["row"]["state"] for row in rows[:3]] == ["late", "warn", "good"]


def test_a_flood_says_since_when() -> None:
    assert shown(flood_since=NOW)["flood"] == {"text": "告警泛滥，自 19:06:40", "hide": False}


def test_every_kind_of_alarm_has_a_word() -> None:
    assert {f"alarm.{kind.value}" for kind in AlarmKind} <= set(WORDS)


def test_a_cause_is_said_in_words() -> None:
    leg = alarm(kind=AlarmKind.LEG, cause="police", title="火灾")
    silent = alarm(kind=AlarmKind.ORDER, cause="unanswered", unit="MJ-1", title="火灾")
    feed = alarm(kind=AlarmKind.FEED, cause="lost", title="接处警")
    assert alarm_list.name_of(leg, scenes.view()) == "火灾 · 民警"
    assert alarm_list.name_of(silent, scenes.view()) == "火灾 · MJ-1 · 超时未应"
    assert alarm_list.name_of(feed, scenes.view()) == "接处警"


def test_officers_at_their_consoles_share_the_rates() -> None:
    alone = alarm_list.payload((), AlarmFigures(last_hour=20, operators=1), scenes.view())["figures"][1]
    shared = alarm_list.payload((), AlarmFigures(last_hour=20, operators=4), scenes.view())["figures"][1]
    assert (alone["figure"]["text"], alone["row"]["state"]) == ("20", "warn")
    assert (shared["figure"]["text"], shared["row"]["state"]) == ("20 · 每席 5.0", "good")
