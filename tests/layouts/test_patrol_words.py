from layouts.patrol_words import PATROL_WORDS
from layouts.words import WORDS


def test_every_word_has_both_languages_and_is_on_the_screens() -> None:
    for key, (zh, en) in PATROL_WORDS.items():
        assert zh and en and WORDS[key] == (zh, en)
        assert zh.count("{") == en.count("{"), key
