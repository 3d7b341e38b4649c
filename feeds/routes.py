"""Routes: how orders reach units, one module a kind of way. Those that may stand in wall.toml: feeds.ROUTES.

A route module has `Settings` and `open_route(settings)`, which gives a sender. A sender takes one letter; it returns
when the letter is safe with whoever brings it on, and raises RouteError where it is not.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec
from msgspec import Struct

from dashboard.records import Moment, ReplyState, Tier


class RouteError(Exception):
    """The letter was not taken; it will be tried again until it is too old."""


class Scene(Struct, frozen=True, kw_only=True):
    """What a unit must know of the incident it is sent to."""

    key: str
    kind: str
    level: int
    title: str
    place: str
    lat: float  # WGS-84
    lon: float
    reported_at: Moment
    drill: bool


class Letter(Struct, frozen=True, kw_only=True):
    """One order to one unit, as every route carries it."""

    order: str  # its id, to be named in replies; a repeated letter has the same
    unit: str
    go: bool  # false: stand down
    at: Moment
    by: str
    centre: str
    scene: Scene | None  # None: the incident is not known here (yet)


class RouteSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every route's table in wall.toml has; `name` is the table's own."""

    name: str
    tiers: tuple[Tier, ...] = ()  # whom it reaches; none: all


class Sender(Protocol):
    """One open route."""

    def send(self, letter: Letter) -> ReplyState | None:
        """Hand one letter on; answers what is known of it then, None if nothing. Raises RouteError."""

    def close(self) -> None:
        """Let go of connections."""


@dataclass(frozen=True)
class Route:
    """One kind of route: the `type` of its tables in wall.toml, how they are read, how it is opened."""

    name: str
    settings: type[RouteSettings]
    open_route: Callable[[Any], Sender]


class RouteMistake(ValueError):
    """A table [routes.NAME] cannot be used; the text names table and field."""


def configure(kinds: Sequence[Route], tables: Mapping[str, Mapping[str, Any]]) -> list[tuple[Route, RouteSettings]]:
    """The routes of wall.toml's tables [routes.NAME], in order; raises RouteMistake."""
    return [_configure(kinds, name, table) for name, table in tables.items()]


def _configure(kinds: Sequence[Route], name: str, table: Mapping[str, Any]) -> tuple[Route, RouteSettings]:
    where = f"routes.{name}"
    known = {route.name: route for route in kinds}
    route = known.get(str(table.get("type", "")))
    if route is None:
        raise RouteMistake(f"{where}: `type` must be one of {', '.join(known)}")
    fields = {key: value for key, value in table.items() if key != "type"}
    try:
        return route, msgspec.convert({**fields, "name": name}, route.settings)
    except msgspec.ValidationError as error:
        raise RouteMistake(f"{where}: {error}") from error
