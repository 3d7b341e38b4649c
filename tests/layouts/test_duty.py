import json

import pytest

from layouts import duty, ids
from tests.layouts import duty_scenes, scenes

FOR_THE_BROWSER = {"items", "critical", "keys", "codes", "ids", "most", "waiting", "acts", "facts", "ring", "asked"}
FOR_THE_BROWSER |= {"pages", "needs", "camera_ids"}
OF_TRIAGE = {"alert"}  # shown from `pages` of triage


@pytest.mark.parametrize(("lang", "theme"), [(lang, theme) for lang in ("zh", "en") for theme in ("dark", "light")])
def test_screen_is_plain_data_in_each_language_and_theme(lang: str, theme: str) -> None:
    props = scenes.tree(duty.screen(scenes.baoan(), lang, theme))["props"]
    settings = json.loads(props["data-settings"])
    assert (props["id"], props["lang"], props["data-theme"]) == (ids.DUTY, lang, theme)
    assert settings["screen"] == "duty"
    assert settings["forms"]["note"]["fields"][0]["name"] == "text"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_figure_of_a_payload_has_its_place_in_the_layout(lang: str) -> None:
    drawn = scenes.tree(duty.screen(scenes.baoan(), lang))
    places = {
        props["data-panel"]: scenes.places(props["children"]) for props in scenes.walk(drawn) if "data-panel" in props
    }
    told = duty_scenes.panels(lang)
    page = next(payload for name, payload in told.items() if name.startswith("incident:"))
    shown = {name: payload for name, payload in told.items() if not name.startswith("incident:")}
    assert set(shown) | {"incident", "context"} | OF_TRIAGE == set(places)
    for name, payload in shown.items():
        figures = {key: content for key, content in payload.items() if key not in FOR_THE_BROWSER}
        assert scenes.misfits(figures, places[name]) == [], name
    both = places["incident"] | places["context"]
    assert scenes.misfits({key: each for key, each in page.items() if key not in FOR_THE_BROWSER}, both) == []


def test_payload_is_json_and_the_same_for_the_same_situation() -> None:
    assert json.dumps(duty_scenes.panels()) == json.dumps(duty_scenes.panels())


def test_ids_of_the_console_are_laid_out_once() -> None:
    found = [props["id"] for props in scenes.walk(scenes.tree(duty.screen(scenes.baoan()))) if "id" in props]
    assert len(found) == len(set(found))
    assert {ids.DUTY, ids.DUTY_CENTRE, ids.DUTY_SCOPE, ids.DUTY_SEARCH} <= set(found)


def test_page_has_few_dash_components() -> None:
    # Dash needs time that grows with the square of their number.
    assert sum(1 for _ in scenes.walk(scenes.tree(duty.screen(scenes.baoan())))) < 600


def test_an_officer_can_choose_only_what_lies_below_their_centre() -> None:
    home = scenes.baoan().sub_districts[1].code
    tree = scenes.tree(duty.screen(scenes.baoan(), home=home))
    picker = next(props for props in scenes.walk(tree) if props.get("id") == ids.DUTY_SCOPE)
    offered = [item["value"] for group in picker["data"] for item in group["items"]]
    below = [centre.code for centre in scenes.baoan().below(home)]
    assert picker["value"] == home
    assert sorted(offered) == sorted([home, *below])


def test_every_word_of_the_browser_is_told() -> None:
    settings = json.loads(scenes.tree(duty.screen(scenes.baoan()))["props"]["data-settings"])
    for name in ("duty", "duty-acts", "duty-fields", "duty-foot", "duty-forms", "duty-may", "duty-shift"):
        text = (scenes.ASSETS / f"{name}.js").read_text(encoding="utf-8")
        for part in text.split('word("')[1:]:
            assert part.split('"')[0] in settings["words"], (name, part[:40])
