from dash import html

from layouts.slots import rows, slot, value
from tests.layouts import scenes


def test_list_is_laid_out_once_and_copied_in_the_browser() -> None:
    made = scenes.tree(rows("feeds", [slot("name")], 10))
    assert scenes.places(made) == {"feeds": {"rows": 10, "name": None}}


def test_value_leaves_out_what_is_empty() -> None:
    assert value() == {}
    assert value(0, "zero", hide=False) == {"text": "0", "state": "zero", "hide": False}


def test_slot_can_be_any_element() -> None:
    assert isinstance(slot("still", "still", html.Img, alt=""), html.Img)
