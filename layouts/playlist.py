"""The wall's pages: which is up, why, and what comes next. A page is the same panels in another order (pages.css)."""

from dash import html
from dash.development.base_component import Component

from dashboard.playlist import PAGES, Page
from dashboard.wall_page import Playing
from layouts.slots import Payload, panel, slot, value
from layouts.view import View

KEYS = {str(place): page for place, page in enumerate(PAGES, 1)}
BROWSER_WORDS = ("playlist.by_hand", "playlist.follows", "playlist.emergency")


def frame(view: View) -> Component:
    """The plate that says which page is up; hidden where only the situation ever is."""
    names = [
        html.Span(view.words(f"page.{page.value}"), className="page-name", **{"data-page-name": page}) for page in PAGES
    ]
    return panel(
        "playlist",
        "playlist",
        [
            html.Span(className="playlist-mode", **{"data-live": "playlist-mode"}),
            html.Div(names, className="page-names"),
            slot("next", "playlist-next num"),
        ],
        view.words("playlist"),
        html.Aside,
    )


def payload(playing: Playing) -> Payload:
    """Where the playlist is; assets/pages.js reads `page`, `emergency` and `is_on`."""
    has_next = playing.until is not None and not playing.emergency
    return {
        "page": playing.page.value,
        "emergency": playing.emergency,
        "is_on": playing.is_on,
        "next": value(due=playing.until, hide=False) if has_next else value(hide=True),
    }


def browser_settings() -> Payload:
    """What assets/pages.js must know before the first message."""
    return {"keys": {key: page.value for key, page in KEYS.items()}, "home": Page.SITUATION.value}
