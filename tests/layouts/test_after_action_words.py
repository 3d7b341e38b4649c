from layouts.after_action_words import AFTER_ACTION_WORDS
from layouts.words import WORDS


def test_every_word_is_there_in_both_languages_and_hides_no_other() -> None:
    assert all(WORDS[key] == pair and all(pair) for key, pair in AFTER_ACTION_WORDS.items())
