"""The page shell: which screen an address shows, in which language and theme, for which centre."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import parse_qs

import dash_mantine_components as dmc
from dash import Dash, Input, Output, dcc, html

from callbacks import wall as wall_callbacks
from dashboard.district import District
from dashboard.settings import Settings
from layouts import ids
from layouts import wall as wall_layout


class Screen(NamedTuple):
    """One screen: where it is, how it looks, when it changes. A new screen is one more of these."""

    path: str
    screen: Callable[..., Any]
    register: Callable[[Dash, District], None]


SCREENS = (Screen("/wall", wall_layout.screen, wall_callbacks.register),)
_LANGUAGES, _THEMES = ("zh", "en"), ("dark", "light")


def register(app: Dash, district: District, settings: Settings) -> None:
    """Lay out the shell and wire every screen."""
    show = partial(show_screen, district, settings)
    app.layout = shell
    app.validation_layout = html.Div([shell(), *(show(screen.path, "") for screen in SCREENS)])
    app.callback(Output(ids.PAGE, "children"), Input(ids.ADDRESS, "pathname"), Input(ids.ADDRESS, "search"))(show)
    for screen in SCREENS:
        screen.register(app, district)


def shell() -> Any:
    """What every page has: its address, and a place for the screen."""
    return html.Div([dcc.Location(id=ids.ADDRESS, refresh="callback-nav"), html.Main(id=ids.PAGE)])


def show_screen(district: District, settings: Settings, pathname: Any, search: Any) -> Any:
    """The screen of an address; an unknown one leads to the wall. Any client may send any value as either."""
    query = {name: values[-1] for name, values in parse_qs(_text(search).removeprefix("?")).items()}
    screen = next((each for each in SCREENS if each.path == _text(pathname).rstrip("/")), SCREENS[0])
    theme = _choice(query, "theme", _THEMES, settings.theme)
    language = _choice(query, "lang", _LANGUAGES, settings.language)
    room = {"viewing_distance_m": settings.viewing_distance_m, "pixel_pitch_mm": settings.pixel_pitch_mm}
    content = screen.screen(district, language, theme, **room, tile_url=settings.tile_url)
    return dmc.MantineProvider(content, forceColorScheme=theme)


def _choice(query: Mapping[str, str], name: str, choices: tuple[str, ...], default: str) -> str:
    wish = query.get(name, default)
    return wish if wish in choices else default


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
