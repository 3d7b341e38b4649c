import json
import re
from html import unescape

from layouts import tracks_page
from layouts.plain_page import Look
from layouts.tracks_page import Asked
from layouts.words import Lang
from tests.layouts import scenes
from tests.layouts.scenes import NOW
from tests.layouts.test_after_action import track

LOOK = Look(Lang.EN, "dark", "示范区", "Model District", "/tracks")


def test_the_script_gets_columns_of_one_length_and_no_nan() -> None:
    html = tracks_page.screen(LOOK, scenes.view(Lang.EN), [track(), track("<b>")], (NOW, NOW + 400), "mark")
    data = json.loads(unescape(re.search(r'data-tracks="([^"]*)"', html)[1]))  # type: ignore[index]
    assert [unit["name"] for unit in data["units"]] == ["XX-0001", "<b>"]
    for unit in data["units"]:
        assert len({len(unit[name]) for name in ("at", "x", "y", "speed")}) == 1
    assert "NaN" not in html and html.count("<b>") == 1  # of the brand


def test_one_can_be_followed_and_tails_have_a_length() -> None:
    html = tracks_page.screen(LOOK, scenes.view(Lang.EN), [track()], (NOW, NOW + 400), "mark")
    assert 'name="follow"' in html and 'name="tail"' in html and "mark" in html


def test_nothing_to_show_is_said() -> None:
    assert "no fix" in tracks_page.screen(LOOK, scenes.view(Lang.EN), [], (0, 1), "mark")


def test_the_form_keeps_what_was_typed() -> None:
    html = tracks_page.ask(LOOK, Asked("VO000", "2026-11-20T12:00", "", "why"), "wrong")
    assert "VO000</textarea>" in html and 'value="why"' in html and "wrong" in html
