import io
from typing import Any

import pytest
from pptx import Presentation

from layouts import pptx_deck
from layouts.pptx_deck import INK, Deck
from layouts.words import Lang


def read(deck: Deck) -> Any:
    return Presentation(io.BytesIO(deck.save()))


def test_a_slide_has_a_title_a_mark_a_number_and_notes() -> None:
    deck = Deck(Lang.ZH, "张三 2026")
    deck.slide("每周简报", "先讲逾期")
    (slide,) = read(deck).slides
    assert slide.shapes.title.text_frame.text == "每周简报"
    assert slide.notes_slide.notes_text_frame.text == "先讲逾期\n张三 2026"
    texts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    assert "张三 2026" in texts
    assert b'type="slidenum"' in slide.part.blob


def test_the_theme_has_our_faces_and_hues() -> None:
    theme = Deck(Lang.EN, "")._deck.slide_masters[0].part.part_related_by(pptx_deck.RELATIONSHIP_TYPE.THEME).blob
    assert theme.count(b'<a:ea typeface="Microsoft YaHei"/>') == 2
    assert theme.count(b'<a:latin typeface="Arial"/>') == 2
    assert b'<a:accent2><a:srgbClr val="D55E00"/>' in theme


def test_places_of_the_master_reach_over_the_whole_width() -> None:
    made = read(Deck(Lang.EN, ""))
    (title,) = [each for each in made.slide_layouts[5].placeholders if each.placeholder_format.idx == 0]
    assert title.left + title.width > made.slide_width * 0.9


@pytest.mark.parametrize(("text", "least", "most"), [("宝安区" * 4, 1.9, 2.1), ("District", 0.5, 0.75), ("", 0, 0)])
def test_chinese_is_wider_than_latin(text: str, least: float, most: float) -> None:
    assert least <= pptx_deck.width(text, 12) <= most


def test_what_is_too_long_is_cut_and_says_so() -> None:
    assert pptx_deck.clip("short", 3, 12) == "short"
    cut = pptx_deck.clip("区城市管理和综合执法局" * 3, 2, 12)
    assert cut.endswith("…") and pptx_deck.width(cut, 12) <= 2


def test_lines_are_counted_as_they_wrap() -> None:
    assert pptx_deck.lines("one\ntwo", 5, 12) == 2
    assert pptx_deck.lines("字" * 61, 5, 12) == 3


def test_a_box_has_no_shadow_of_the_theme() -> None:
    deck = Deck(Lang.EN, "")
    box = deck.box(deck.slide("x"), (1, 1, 1, 1), INK)
    assert box._element.find("{*}style") is None
