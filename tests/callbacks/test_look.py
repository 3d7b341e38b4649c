import pytest
from flask import Flask

from callbacks.look import Looks
from dashboard.settings import Settings
from layouts.plain_page import Look
from tests.feeds.small_district import small_district

SERVER = Flask("test")


def look(address: str, **settings: str) -> Look:
    with SERVER.test_request_context(address):
        return Looks(small_district(), Settings(**settings)).current()


def test_language_and_theme_come_from_the_address_then_from_the_settings() -> None:
    assert look("/signin?lang=en&theme=light")[:2] == ("en", "light")
    assert look("/signin", language="en", theme="light")[:2] == ("en", "light")
    assert look("/signin")[:2] == ("zh", "dark")


@pytest.mark.parametrize("query", ["lang=fr&theme=purple", "lang=<script>&theme=%00", "lang=&theme="])
def test_others_are_not_there(query: str) -> None:
    assert look(f"/signin?{query}")[:2] == ("zh", "dark")


def test_what_else_the_address_says_is_kept_for_the_links() -> None:
    shown = look("/signin?next=/duty&lang=en")
    assert (shown.path, shown.query) == ("/signin", (("next", "/duty"),))
