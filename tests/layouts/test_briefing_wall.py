from layouts import briefing_wall
from tests.briefings import example
from tests.layouts import scenes


def test_every_figure_has_its_place() -> None:
    drawn = scenes.tree(briefing_wall.frame(scenes.view()))
    places = scenes.places(drawn["props"]["children"])
    assert scenes.misfits(briefing_wall.payload(example(), scenes.view()), places) == []
    assert scenes.misfits(briefing_wall.payload(None, scenes.view()), places) == []


def test_headline_and_figures_are_those_of_the_briefing() -> None:
    shown = briefing_wall.payload(example(), scenes.view())
    assert len(shown["figures"]) >= 10 and shown["lines"]
    assert shown["empty"] == {"hide": True}


def test_before_the_first_one_that_is_said() -> None:
    shown = briefing_wall.payload(None, scenes.view())
    assert shown["empty"]["hide"] is False and shown["figures"] == []
