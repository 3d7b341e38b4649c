from typing import Any

from dashboard.desk import Camera
from dashboard.records import Level, Verb
from dashboard.response.deeds import Noted
from layouts import incident_context
from layouts.words import WORDS
from tests.layouts import duty_scenes, scenes
from tests.layouts.duty_scenes import deed


def record(*deeds: Any) -> Any:
    state = duty_scenes.incident(deeds=deeds)
    return incident_context.payload(state, (), scenes.view())["deeds"]


def test_the_record_is_read_newest_first_with_who_and_from_where() -> None:
    rows = record(deed(Verb.ACKNOWLEDGE, at=scenes.NOW), deed(Verb.DISPATCH, unit="MJ-1", at=scenes.NOW + 5))
    assert [row["what"]["text"] for row in rows] == ["派遣 MJ-1", "确认"]
    assert rows[0]["who"]["text"] == "值班员 李（宝安区）"


def test_what_was_taken_back_stays_and_is_marked() -> None:
    row = record(deed(text="x", retracted=True))[0]
    assert row["row"]["state"] == "retracted"
    assert "已撤回" in row["what"]["text"]


def test_a_classification_and_an_outcome_are_in_words() -> None:
    assert record(deed(Verb.CLASSIFY, level=2, kind="fire"))[0]["text"]["text"] == "Ⅱ 火灾事故"
    assert record(deed(Verb.CLOSE, kind="handled", text="无伤亡"))[0]["text"]["text"] == "处置完毕 · 无伤亡"


def test_all_that_can_be_on_record_has_a_word() -> None:
    assert {f"done.{verb}" for verb in Verb} | {f"noted.{noted}" for noted in Noted} <= set(WORDS)
    assert record(deed(None, id="", noted=Noted.ESCALATED, into="440306"))[0]["what"]["text"] == "升级至 宝安区"


def test_a_long_text_is_cut_where_the_record_would_be_nothing_else() -> None:
    assert len(record(deed(text="火" * 900))[0]["text"]["text"]) < 300


def test_cameras_say_how_far_they_are() -> None:
    cameras = (Camera("c1", "路口", 84.2, True), Camera("c2", "", 1200.0, False))
    told = incident_context.payload(duty_scenes.incident(), cameras, scenes.view())
    assert told["camera_ids"] == ["c1", "c2"]
    assert [row["name"]["text"] for row in told["cameras"]] == ["路口", "c2"]
    assert [row["away"]["text"] for row in told["cameras"]] == ["84 m", "1.2 km"]
    assert [row["ai"]["hide"] for row in told["cameras"]] == [False, True]


def test_the_list_counts_the_open_and_keeps_the_closed_behind() -> None:
    told = incident_context.list_payload(
        [scenes.incident(1), scenes.incident(2, Level.I, closed_at=scenes.NOW)], scenes.view()
    )
    assert told["count"]["text"] == "1"
    assert [row["row"]["state"] for row in told["incidents"]] == ["open", "closed"]
    assert told["incidents"][1]["level"]["state"] == "zero"
