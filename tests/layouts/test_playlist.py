from dashboard.playlist import PAGES, Page
from dashboard.wall_page import Playing
from layouts import playlist
from layouts.words import WORDS, Lang, Words
from tests.layouts import scenes


def test_every_page_has_a_key_and_a_name_in_both_languages() -> None:
    assert list(playlist.browser_settings()["keys"].values()) == [page.value for page in PAGES]
    for page in PAGES:
        assert all(WORDS[f"page.{page.value}"])


def test_the_plate_names_all_pages() -> None:
    drawn = scenes.tree(playlist.frame(scenes.view()))
    assert [props["data-page-name"] for props in scenes.walk(drawn) if "data-page-name" in props] == list(PAGES)


def test_the_payload_says_when_the_page_turns() -> None:
    told = playlist.payload(Playing(Page.VIDEO, scenes.NOW + 20, is_on=True))
    assert (told["page"], told["is_on"], told["next"]) == ("video", True, {"due": scenes.NOW + 20, "hide": False})


def test_in_an_emergency_nothing_is_counted_down() -> None:
    told = playlist.payload(Playing(Page.SITUATION, scenes.NOW + 20, "cad/I1"))
    assert (told["emergency"], told["next"]) == ("cad/I1", {"hide": True})


def test_words_of_the_browser_are_there() -> None:
    assert [Words(Lang.EN)(word) for word in playlist.BROWSER_WORDS]
