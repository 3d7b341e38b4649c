from layouts.words import Lang
from tests.layouts import scenes


def test_centres_are_named_without_their_kind() -> None:
    part = scenes.baoan().sub_districts[1]
    assert scenes.view().centre(part.code) == part.name.removesuffix("街道")
    assert scenes.view().centre("none-such") == "none-such"


def test_what_the_catalogues_do_not_have_keeps_its_code() -> None:
    view = scenes.view(Lang.EN)
    assert (view.kind("none-such"), view.item("X"), view.device("D")) == ("none-such", "X", "D")
    assert view.sub_district(-1) == "outside"
