import re

from dash import Dash

from callbacks import wall as callbacks
from layouts import ids, wall
from tests.layouts import scenes


def test_choices_are_wired_to_functions_that_the_browser_has() -> None:
    app = Dash("wall")
    callbacks.register(app, scenes.baoan())
    wired = [entry["clientside_function"] for entry in app._callback_list]
    source = (scenes.ASSETS / "keys.js").read_text()
    for function in wired:
        assert function["namespace"] == "wall"
        assert re.search(rf"\b{function['function_name']}\(", source)


def test_what_is_wired_is_laid_out() -> None:
    app = Dash("wall")
    callbacks.register(app, scenes.baoan())
    wired = {given["id"] for entry in app._callback_list for given in entry["inputs"]}
    laid = {props.get("id") for props in scenes.walk(scenes.tree(wall.screen(scenes.baoan())))}
    assert wired == {ids.WALL_CENTRE, ids.WALL_LAYERS}
    assert wired <= laid
