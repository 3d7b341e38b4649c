"""The page shell: which screen an address shows, in which language and theme, for which centre."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import parse_qs

import dash_mantine_components as dmc
from dash import Dash, Input, Output, dcc, html

from callbacks import duty as duty_callbacks
from callbacks import identity
from callbacks import wall as wall_callbacks
from dashboard.access import Principal
from dashboard.access.permissions import SCREENS as PERMISSIONS
from dashboard.district import District
from dashboard.history.moments import asked
from dashboard.settings import Settings
from layouts import duty as duty_layout
from layouts import ids
from layouts import wall as wall_layout


class Screen(NamedTuple):
    """One screen: where it is, how it looks, when it changes. A new screen is one more of these."""

    path: str
    screen: Callable[..., Any]
    register: Callable[[Dash, District], None]


SCREENS = (
    Screen("/wall", wall_layout.screen, wall_callbacks.register),
    Screen("/duty", duty_layout.screen, duty_callbacks.register),
)
_LANGUAGES, _THEMES = ("zh", "en"), ("dark", "light")


def register(app: Dash, district: District, settings: Settings) -> None:
    """Lay out the shell and wire every screen."""

    def show(pathname: Any, search: Any) -> Any:
        return show_screen(district, settings, identity.current(), pathname, search)

    lay_out = partial(_lay_out, district, settings, district.root.code, {})
    app.layout = shell
    app.validation_layout = html.Div([shell(), *map(lay_out, SCREENS)])
    app.callback(Output(ids.PAGE, "children"), Input(ids.ADDRESS, "pathname"), Input(ids.ADDRESS, "search"))(show)
    for screen in SCREENS:
        screen.register(app, district)


def shell() -> Any:
    """What every page has: its address, and a place for the screen."""
    return html.Div([dcc.Location(id=ids.ADDRESS, refresh="callback-nav"), html.Main(id=ids.PAGE)])


def show_screen(district: District, settings: Settings, who: Principal, pathname: Any, search: Any) -> Any:
    """The screen of an address; an unknown one, or one that is not for this caller, leads to the wall.

    Any client may send any value as either.
    """
    query = {name: values[-1] for name, values in parse_qs(_text(search).removeprefix("?")).items()}
    seen = [screen for screen in SCREENS if who.may(PERMISSIONS[screen.path.removeprefix("/")])]
    screen = next((each for each in seen if each.path == _text(pathname).rstrip("/")), SCREENS[0])
    return _lay_out(district, settings, who.centre, query, screen)


def _lay_out(district: District, settings: Settings, home: str, query: Mapping[str, str], screen: Screen) -> Any:
    theme = _choice(query, "theme", _THEMES, settings.theme)
    language = _choice(query, "lang", _LANGUAGES, settings.language)
    room = {"viewing_distance_m": settings.viewing_distance_m, "pixel_pitch_mm": settings.pixel_pitch_mm}
    past = asked(query["at"], district.timezone) if "at" in query else None
    content = screen.screen(district, language, theme, **room, tile_url=settings.tile_url, home=home, asked=past)
    return dmc.MantineProvider(content, forceColorScheme=theme)


def _choice(query: Mapping[str, str], name: str, choices: tuple[str, ...], default: str) -> str:
    wish = query.get(name, default)
    return wish if wish in choices else default


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
