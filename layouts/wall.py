"""The wall: one screen for commanders, read from eight metres. Frame once, then panels as plain JSON.

State in, components and payloads out: no I/O and no clock. Each panel is a module of its own; this one joins them.
"""

import json
from collections.abc import Callable
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import messages
from dashboard.briefing.model import Briefing
from dashboard.district import District
from dashboard.history.moments import Asked
from dashboard.overview import Overview
from dashboard.playlist import Page
from dashboard.records import TIERS
from dashboard.response import policy
from dashboard.wall_page import Playing
from layouts import (
    alarms_strip,
    alerts_panel,
    backlog_panel,
    briefing_wall,
    cards,
    charts,
    forces_panel,
    header,
    ids,
    map_panel,
    patrol_panel,
    playlist,
    scope_picker,
    sensors_panel,
    time_bar,
    tree_panel,
)
from layouts.slots import Payload, both
from layouts.theme import PALETTES, Theme, least_root_px
from layouts.view import View
from layouts.words import UNKNOWN, WEEKDAYS, Lang, Words

_PANELS: dict[str, Callable[[Overview, View], Payload]] = {
    "header": header.payload,
    "feeds": header.status_payload,
    "alarms": alarms_strip.payload,
    "backlog": backlog_panel.payload,
    "flow": lambda overview, view: charts.flow_payload(overview.backlog, view),
    "map": map_panel.payload,
    "cards": cards.payload,
    "alerts": alerts_panel.payload,
    "forces": forces_panel.payload,
    "tree": tree_panel.payload,
    "sensors": sensors_panel.payload,
    "patrol": patrol_panel.payload,
}
_STANDING = Playing(Page.SITUATION, None)
_BROWSER_WORDS = (
    *playlist.BROWSER_WORDS,
    "as_of",
    "data_late",
    "synchronised",
    "not_synchronised",
    "connection_lost",
    "not_connected",
    "engine_lost",
    "last_word",
    "whole_district",
    *(f"tier.{tier.value}" for tier in TIERS),
    "stale",
)


def still_address(still: str) -> str:
    """Where the picture with that SHA-256 is served."""
    return f"/stills/{still}"


def screen(
    district: District,
    lang: str = Lang.ZH,
    theme: str = Theme.DARK,
    *,
    viewing_distance_m: float = 0.0,
    pixel_pitch_mm: float = 0.0,
    tile_url: str = "",
    home: str = "",
    asked: Asked | None = None,
) -> Component:
    """The frame of the wall, without a figure in it; the room's distance and pixel pitch only ever enlarge the text.

    `home`: the centre whose screen this is, the district if none is named; what is above it cannot be chosen. `asked`:
    the past moment that it begins with; None: it is live.
    """
    view = View(district, Words(Lang(lang)), still_address)
    home = home or district.root.code
    palette = PALETTES[Theme(theme)]
    settings = browser_settings(view, Theme(theme), least_root_px(viewing_distance_m, pixel_pitch_mm), home)
    settings["replay"] = time_bar.browser_settings(view, asked)
    return html.Div(
        [
            header.frame(view, scope_picker.picker(view, home, ids.WALL_CENTRE, view.words("scope"))),
            html.Div(
                [
                    backlog_panel.frame(view, palette),
                    map_panel.frame(view, tile_url),
                    html.Div([forces_panel.frame(view), tree_panel.frame(view)], className="side"),
                    html.Div([alerts_panel.frame(view), sensors_panel.frame(view)], className="side side-alerts"),
                    cards.frame(view),
                    patrol_panel.frame(view),
                    briefing_wall.frame(view),
                ],
                className="body",
            ),
            playlist.frame(view),
            html.Div([header.status_frame(view), alarms_strip.frame(view)], className="feet"),
            *time_bar.frames(view),
            _banner(view),
            _help(view),
        ],
        id=ids.WALL,
        className="wall is-connecting",
        lang=lang,
        **{"data-theme": theme, "data-page": Page.SITUATION, "data-settings": json.dumps(settings, ensure_ascii=False)},
    )


def panels(
    overview: Overview,
    district: District,
    lang: str,
    still_url: Callable[[str], str] = still_address,
    playing: Playing = _STANDING,
    briefing: Briefing | None = None,
) -> dict[str, Payload]:
    """What each panel shows, by panel name: plain JSON that live.js puts in place.

    `playing`: where the playlist is; `briefing`: the last frozen one.
    """
    view = View(district, Words(Lang(lang)), still_url)
    return {
        **{name: payload(overview, view) for name, payload in _PANELS.items()},
        "playlist": playlist.payload(playing),
        "briefing": briefing_wall.payload(briefing, view),
    }


def browser_settings(view: View, theme: Theme, least_root: float, home: str) -> dict[str, Any]:
    """What the browser must know before the first message: place, roster, freshness, words."""
    district, words = view.district, view.words
    rules = policy.decode(district.response_settings)
    origin = district.origin
    return {
        "namespace": messages.NAMESPACE,
        "screen": "wall",
        "lang": words.lang.value,
        "theme": theme.value,
        "centre": home,
        "zone": district.timezone.key,
        "origin": {"lat": origin.lat, "lon": origin.lon},
        "bounds": list(district.bounds),
        "district": district.version,
        "roster": district.roster.checksum,
        "tiers": [words(f"tier.{tier.value}") for tier in TIERS],
        "fresh_s": list(rules.fresh_by_tier()),
        "off_s": rules.off_after_s,
        "silence_s": messages.SILENCE_S,
        "engine_silence_s": messages.ENGINE_SILENCE_S,
        "least_root_px": round(least_root, 1),
        "keys": map_panel.KEYS,
        "layers": map_panel.LAYERS_ON,
        "playlist": playlist.browser_settings(),
        "ids": {
            "map": ids.WALL_MAP,
            "flow": ids.WALL_FLOW,
            "layers": ids.WALL_LAYERS,
            "centre": ids.WALL_CENTRE,
        },
        "weekdays": WEEKDAYS[words.lang],
        "unknown": UNKNOWN,
        "words": {key: words(key) for key in _BROWSER_WORDS},
    }


def _banner(view: View) -> Component:
    return html.Div(
        [
            html.Span(className="banner-text", **{"data-live": "banner"}),
            html.Span(className="banner-age num", **{"data-live": "banner-age"}),
        ],
        className="banner",
        role="alert",
        hidden=True,
    )


def _help(view: View) -> Component:
    return html.Div(
        html.Div([html.H2(both(view.words, "help")), map_panel.rows_of_help(view)], className="help-page"),
        className="help",
        role="dialog",
        hidden=True,
        **{"data-live": "help", "aria-label": view.words("help")},
    )
