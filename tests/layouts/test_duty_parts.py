from layouts import duty_parts
from layouts.words import Lang
from tests.layouts import scenes


def test_a_person_is_written_with_the_centre() -> None:
    code = scenes.baoan().sub_districts[1].code
    assert duty_parts.who("李四", code, scenes.view()) == "李四（西乡）"
    assert duty_parts.who("Li", code, scenes.view(Lang.EN)) == "Li (Xixiang)"
    assert duty_parts.who("", code, scenes.view()) == "西乡"
    assert duty_parts.who("李四", "", scenes.view()) == "李四"


def test_an_incident_without_a_title_is_called_by_its_kind() -> None:
    assert duty_parts.called(scenes.incident(title="", kind="fire"), scenes.view()) == "火灾事故"


def test_words_in_a_row_follow_the_language() -> None:
    assert duty_parts.many(["a", "b"], scenes.view()) == "a、b"
    assert duty_parts.many(["a", "b"], scenes.view(Lang.EN)) == "a, b"


def test_a_level_that_is_over_has_no_colour() -> None:
    assert duty_parts.level_chip(1) == {"text": "Ⅰ", "state": "level-1"}
    assert duty_parts.level_chip(1, is_on=False)["state"] == "zero"
