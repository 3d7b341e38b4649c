from typing import Any

from dashboard.alerts import AlertStage
from dashboard.video import Gateways, gateways
from layouts import triage_panel
from layouts.words import Lang
from tests.layouts import scenes

LIVE = gateways("https://gw/{device}/a.m3u8", "https://gw/{device}/{from}-{to}.mp4")


def panel(*alerts: Any, gateways: Gateways = LIVE, lang: Lang = Lang.ZH) -> Any:
    return triage_panel.payload(alerts, gateways, scenes.view(lang))


def places(name: str) -> Any:
    frame = scenes.tree(triage_panel.frame(scenes.view()))
    return scenes.places(next(each for each in frame["props"]["children"] if each["props"]["data-panel"] == name))


def test_what_is_told_has_a_place_in_both_languages() -> None:
    for lang in Lang:
        told = panel(scenes.alert(1, still="a" * 64), scenes.alert(2, stage=AlertStage.FALSE), lang=lang)
        listed = {name: told[name] for name in ("count", "alerts", "empty")}
        assert scenes.misfits(listed, places("triage")) == []
        for page in told["pages"].values():
            assert scenes.misfits(page, places("alert")) == []


def test_open_alerts_come_first_and_each_has_its_page() -> None:
    told = panel(
        scenes.alert(1, stage=AlertStage.CONFIRMED), scenes.alert(2), scenes.alert(3, stage=AlertStage.CLAIMED)
    )
    assert told["items"] == ["cam/A2", "cam/A3", "cam/A1"]
    assert told["count"]["text"] == "2"
    assert set(told["pages"]) == set(told["acts"]) == set(told["facts"]) == set(told["items"])


def test_what_cannot_be_done_has_its_reason() -> None:
    new = triage_panel.acts(scenes.alert(1, device="c"), LIVE, scenes.view())
    assert {name for name, why in new.items() if not why} >= {"claim", "mark_false", "confirm_case", "live", "clip"}
    assert new["release"] == "未认领"
    claimed = triage_panel.acts(scenes.alert(1, stage=AlertStage.CLAIMED), Gateways(), scenes.view())
    assert claimed["claim"] and not claimed["release"] and claimed["live"] and claimed["clip"]
    done = triage_panel.acts(scenes.alert(1, stage=AlertStage.FALSE), LIVE, scenes.view())
    assert all(done[name] for name in ("claim", "release", "confirm_incident", "confirm_case", "mark_false"))


def test_how_often_a_camera_was_wrong_shows_what_it_is_made_of() -> None:
    told = panel(scenes.alert(1, device_confirmed=1, device_false=3), scenes.alert(2))
    assert told["pages"]["cam/A1"]["camera_rate"]["text"] == "75.0% (3/4)"
    assert told["pages"]["cam/A2"]["camera_rate"]["text"] == "尚无研判"


def test_who_has_it_and_what_was_found_stand_on_the_page() -> None:
    alert = scenes.alert(
        1, stage=AlertStage.FALSE, claimed_by="李", claimed_at=scenes.NOW, decided_by="吴", reason="车灯",
        decided_at=scenes.NOW + 60,
    )  # fmt: skip
    page = panel(alert)["pages"]["cam/A1"]
    assert page["claimed"]["text"].endswith("李")
    assert page["decided"]["text"].endswith("吴 · 车灯")


def test_every_act_has_a_button_with_its_key() -> None:
    buttons = [
        props["data-triage-act"]
        for props in scenes.walk(scenes.tree(triage_panel.frame(scenes.view())))
        if "data-triage-act" in props
    ]
    assert buttons == [act.name for act in triage_panel.ACTS]
    keys = [act.key for act in triage_panel.ACTS]
    assert len(keys) == len(set(keys))
