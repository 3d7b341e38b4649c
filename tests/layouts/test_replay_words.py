from layouts.replay_words import REPLAY_WORDS
from tests.layouts import scenes


def test_every_word_that_the_scripts_ask_for_is_there() -> None:
    for name in ("replay", "time-bar"):
        text = (scenes.ASSETS / f"{name}.js").read_text(encoding="utf-8")
        asked = [part.split('"')[0] for part in text.split('word("')[1:]]
        assert asked
        assert [word for word in asked if word not in REPLAY_WORDS] == []


def test_every_trouble_of_a_replay_has_its_word() -> None:
    for error in ("no_archive", "future", "busy", "gone", "broken"):
        assert f"replay.error.{error}" in REPLAY_WORDS
