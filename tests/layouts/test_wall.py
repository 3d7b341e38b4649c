import json

import pytest

from dashboard.alarms import AlarmKind, AlarmState
from dashboard.records import Level, Verb
from dashboard.response.deeds import Deed, Report, ReportPart, UnitOrder
from layouts import ids, wall
from layouts.words import Lang
from tests.layouts import scenes

READ_BY_SCRIPTS = {"map": {"incidents", "alerts", "centre"}, "playlist": {"page", "emergency", "is_on"}}


def screens() -> list[tuple[str, str]]:
    return [(lang, theme) for lang in ("zh", "en") for theme in ("dark", "light")]


@pytest.mark.parametrize(("lang", "theme"), screens())
def test_screen_is_plain_data_in_each_language_and_theme(lang: str, theme: str) -> None:
    props = scenes.tree(wall.screen(scenes.baoan(), lang, theme))["props"]
    settings = json.loads(props["data-settings"])
    assert (props["id"], props["lang"], props["data-theme"]) == (ids.WALL, lang, theme)
    assert settings["roster"] == scenes.baoan().roster.checksum
    assert len(settings["fresh_s"]) == len(settings["tiers"]) == 6


def test_every_figure_of_a_payload_has_its_place_in_the_layout() -> None:
    drawn = scenes.tree(wall.screen(scenes.baoan()))
    panels = {
        props["data-panel"]: scenes.places(props["children"]) for props in scenes.walk(drawn) if "data-panel" in props
    }
    payloads = wall.panels(scenes.overview(), scenes.baoan(), "zh")
    assert payloads.keys() - panels.keys() == {"flow"}
    for name, payload in payloads.items():
        if name == "flow":
            continue
        shown = {
            key: content
            for key, content in payload.items()
            if key != "rests" and key not in READ_BY_SCRIPTS.get(name, ())
        }
        assert scenes.misfits(shown, panels[name]) == [], name


def test_payload_is_json_and_the_same_for_the_same_overview() -> None:
    once, again = (wall.panels(scenes.overview(), scenes.baoan(), "en") for _ in range(2))
    assert json.dumps(once) == json.dumps(again)


def test_time_alone_changes_no_panel() -> None:
    before = wall.panels(scenes.overview(), scenes.baoan(), "zh")
    after = wall.panels(scenes.overview(as_of=scenes.NOW + 3), scenes.baoan(), "zh")
    assert before == after


def test_empty_wall_and_forty_incidents_both_have_a_picture() -> None:
    empty = scenes.overview(incidents=(), alerts=(), sensors_abnormal=(), feeds=())
    many = scenes.overview(incidents=tuple(scenes.incident(number) for number in range(40)))
    assert wall.panels(empty, scenes.baoan(), "zh")["cards"]["empty"] == {"hide": False}
    cards = wall.panels(many, scenes.baoan(), "zh")["cards"]
    assert cards["rests"][5] == "另有 35 起 · Ⅲ 35"


def test_page_has_few_dash_components() -> None:
    # Dash needs time that grows with the square of their number.
    assert sum(1 for _ in scenes.walk(scenes.tree(wall.screen(scenes.baoan())))) < 600


def test_scope_is_named_and_leads_back() -> None:
    part = scenes.baoan().sub_districts[1]
    header = wall.panels(scenes.overview(centre=part.code), scenes.baoan(), Lang.ZH)["header"]
    assert header["scope"] == {"text": part.name.removesuffix("街道"), "state": "part"}
    assert header["back"]["hide"] is False


def test_a_wall_names_no_officer_and_shows_no_words_of_theirs() -> None:
    who = "李四值班员"
    deed = Deed(scenes.NOW, "n1", Verb.NOTE, who, "440306", text="report text")
    told = scenes.incident(
        acknowledged_at=scenes.NOW, acknowledged_by=who, in_command="440306017", deeds=(deed,),
        sent=(UnitOrder("o1", "YJ-0001", scenes.NOW, True, who, "440306", scenes.NOW + 60, reason="reply text"),),
        reports=(Report("r1", ReportPart.FIRST, scenes.NOW, who, "440306", "report text"),),
        outcome_text="outcome text",
    )  # fmt: skip
    alert = scenes.alert(1, claimed_by=who, decided_by=who, reason="reason text", claimed_actor="li4")
    alarm = AlarmState(
        key="feed/x", kind=AlarmKind.FEED, subject="x", level=Level.II, raised_at=scenes.NOW, acknowledged_by=who,
        shelved_by=who, shelve_reason="reason text",
    )  # fmt: skip
    shown = wall.panels(scenes.overview(incidents=(told,), alerts=(alert,), alarms=(alarm,)), scenes.baoan(), Lang.ZH)
    text = json.dumps(shown, ensure_ascii=False)
    assert not [
        word for word in (who, "li4", "report text", "reply text", "outcome text", "reason text") if word in text
    ]
