from layouts.playlist_words import PLAYLIST_WORDS
from layouts.words import WORDS


def test_no_word_of_the_playlist_hides_another() -> None:
    assert all(WORDS[key] == pair and all(pair) for key, pair in PLAYLIST_WORDS.items())
