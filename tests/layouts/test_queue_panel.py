from typing import Any

from dashboard.alarms import AlarmKind
from dashboard.desk import Want
from dashboard.records import Level
from layouts import queue_panel
from tests.layouts import duty_scenes, scenes
from tests.layouts.duty_scenes import task


def shown(*tasks: Any, **subjects: Any) -> Any:
    known = {subject.key: subject for subject in subjects.values()}
    return queue_panel.payload(list(tasks), known, scenes.view())


def test_nothing_to_do_is_said() -> None:
    empty = shown()
    assert empty["empty"] == {"hide": False}
    assert empty["critical"] is None
    assert empty["no_critical"]["hide"] is False


def test_the_newest_grave_one_has_its_place_whatever_stands_in_the_list() -> None:
    lesser = [task(subject=f"cad/I{number}", level=Level.II) for number in range(99)]
    newest = task(subject="cad/I200", level=Level.I, since=scenes.NOW + 99)
    told = shown(*lesser, newest)
    assert told["critical"]["subject"] == "cad/I200"
    assert len(told["tasks"]) == queue_panel.ROWS
    assert told["more"]["text"] == "另有 40 项"


def test_only_a_top_level_that_nobody_took_up_is_marked_as_such() -> None:
    told = shown(task(level=Level.I), task(Want.LEG, level=Level.I, detail="police"), task(level=Level.II))
    assert [row["row"]["state"] for row in told["tasks"]] == ["top", "leg", "acknowledge"]


def test_rows_say_what_is_wanted_of_what_and_where() -> None:
    late = task(Want.LEG, detail="volunteer,police", due_at=scenes.NOW + 60)
    row = shown(late, subject=scenes.incident(title="海秀路火灾"))["tasks"][0]
    assert (row["want"]["text"], row["name"]["text"]) == ("到场超时", "海秀路火灾")
    assert row["detail"]["text"].startswith("义警、民警 · ")
    assert row["clock"] == {"due": scenes.NOW + 60}


def test_an_alarm_says_its_kind_and_leads_to_what_it_is_about() -> None:
    alarm = duty_scenes.alarm(kind=AlarmKind.LEG, subject="cad/I1", cause="police", title="火灾")
    told = shown(task(Want.ALARM, alarm.key, alarm=alarm.key), subject=alarm)
    assert told["tasks"][0]["want"]["text"] == "到场超时"
    assert told["tasks"][0]["name"]["text"] == "火灾 · 民警"
    assert (told["items"][0]["view"], told["items"][0]["subject"]) == ("incident", "cad/I1")


def test_an_alarm_without_a_view_of_its_own_leads_to_the_alarms() -> None:
    alarm = duty_scenes.alarm()
    item = shown(task(Want.ALARM, alarm.key, alarm=alarm.key), subject=alarm)["items"][0]
    assert (item["view"], item["subject"]) == ("alarms", alarm.key)


def test_every_want_has_a_view() -> None:
    assert set(queue_panel.VIEW_OF) == set(Want)
