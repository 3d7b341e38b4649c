import json

from dash import html

from layouts.grown import grown
from tests.layouts import scenes
from tests.layouts.scenes import HOSTILE


def test_what_is_in_a_part_becomes_data_and_the_part_stays() -> None:
    part = grown(
        html.Section([html.H2("巡查", hidden=True), html.P([HOSTILE, html.B("1")])], id="x", className="panel")
    )
    drawn = scenes.tree(part)
    assert drawn["props"]["className"] == "panel"
    assert sum(1 for _ in scenes.walk(drawn)) == 2
    (inner,) = drawn["props"]["children"]
    heading, text = json.loads(inner["props"]["data-grown"])
    assert heading == {"type": "H2", "props": {"children": "巡查", "hidden": True}}
    assert text["props"]["children"] == [HOSTILE, {"type": "B", "props": {"children": "1"}}]


def test_slots_in_grown_parts_are_found_as_others_are() -> None:
    part = grown(html.Section(html.Span(**{"data-slot": "count"})))
    assert scenes.places(scenes.tree(part)) == {"count": None}
