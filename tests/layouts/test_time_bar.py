import json
from collections.abc import Iterator
from typing import Any

import pytest

from dashboard.history.moments import Asked
from layouts import duty, time_bar, wall
from layouts.view import View
from layouts.words import Lang, Words
from tests.feeds.small_district import small_district
from tests.layouts import scenes


def view(lang: Lang = Lang.ZH) -> View:
    return View(small_district(), Words(lang), wall.still_address)


def elements(made: list[Any]) -> Iterator[list[Any]]:
    yield made
    for child in made[2:]:
        if not isinstance(child, str):
            yield from elements(child)


def every(lang: Lang = Lang.ZH) -> list[list[Any]]:
    return [each for top in time_bar.bar(view(lang)) for each in elements(top)]


def test_every_button_does_something_that_the_script_knows_and_says_what() -> None:
    script = (scenes.ASSETS / "time-bar.js").read_text(encoding="utf-8")
    buttons = [attributes for tag, attributes, *_ in every() if tag == "button"]
    assert len(buttons) == 2 * len(time_bar.STEPS_S) + 1 + 2 + 2 * len(time_bar.JUMPS) + 1
    for attributes in buttons:
        assert f"    {attributes['data-replay']}:" in script
        assert attributes.get("title") or attributes.get("data-replay-part") == "play"


@pytest.mark.parametrize("lang", Lang)
def test_the_bar_is_written_in_both_languages_without_a_gap(lang: Lang) -> None:
    texts = [text for each in every(lang) for text in (*each[1].values(), *each[2:]) if isinstance(text, str)]
    assert not [text for text in texts if "{" in text]
    assert ("返回实时" in texts) is (lang is Lang.ZH)


def test_css_classes_of_the_bar_are_no_others() -> None:
    # All style sheets are on every page: a name that another panel has would change that panel.
    taken = {css for tag, attributes, *_ in every() for css in attributes["class"].split()} - {"num", "beside"}
    for sheet in scenes.ASSETS.glob("*.css"):
        if sheet.stem not in ("time-bar", "replay"):
            text = sheet.read_text(encoding="utf-8")
            assert not [css for css in taken if css and f".{css} " in text], sheet.stem


@pytest.mark.parametrize("screen", [wall.screen, duty.screen])
def test_the_moment_in_the_address_reaches_the_browser(screen: Any) -> None:
    def told(asked: Asked | None) -> dict[str, Any]:
        settings = json.loads(scenes.tree(screen(small_district(), asked=asked))["props"]["data-settings"])
        return settings["replay"]

    assert (told(None)["at_ms"], told(None)["bad"]) == (None, "")
    assert told(Asked("2026-11-20T14:32", 5.0))["at_ms"] == 5000
    assert (told(Asked("noon", None))["at_ms"], told(Asked("noon", None))["bad"]) == (None, "noon")


@pytest.mark.parametrize("screen", [wall.screen, duty.screen])
def test_every_screen_has_plate_frame_watermark_and_a_way_in(screen: Any) -> None:
    written = json.dumps(scenes.tree(screen(small_district())), ensure_ascii=False)
    for css in ("time-bar", "replay-plate", "replay-frame", "replay-watermark", "replay-notice", "replay-open"):
        assert written.count(f'"className": "{css}"') == 1, css


def test_nothing_of_a_replay_shows_on_a_live_screen() -> None:
    text = (scenes.ASSETS / "replay.css").read_text(encoding="utf-8")
    hidden = text[: text.index("display: none;")].rpartition("}")[2]
    for css in (".replay-plate", ".replay-frame", ".replay-watermark", ".time-bar", ".replay-none"):
        assert css in hidden


def test_help_lists_the_keys() -> None:
    texts = time_bar.texts_of_help(view(Lang.EN))
    assert texts[0] == ["⇧T", "Look back; again: back to live"]
    assert len(texts) == len(time_bar.rows_of_help(view())) == 7
