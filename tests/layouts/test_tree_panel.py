from layouts import tree_panel
from tests.layouts import scenes


def test_every_community_has_a_mark_in_its_sub_district() -> None:
    payload = tree_panel.payload(scenes.overview(), scenes.view())
    assert sum(len(area["marks"]) for area in payload["areas"]) == len(scenes.baoan().communities)
    states = {mark["row"]["state"] for area in payload["areas"] for mark in area["marks"]}
    assert states == {"online", "offline"}


def test_absent_departments_are_named() -> None:
    payload = tree_panel.payload(scenes.overview(), scenes.view())
    assert payload["away"]["text"].startswith("离线 ")
    assert tree_panel.payload(scenes.overview(centres=()), scenes.view())["away"] == {"hide": True}
