"""How we learn it: one module for each outside source, and the tuple of those that may stand in wall.toml.

A feed module has `decode` (pure: raw in, records out, all in SI, UTC and WGS-84) and, where it has to go
and get it, `fetch(settings, deliver, stop)`. A new source is such a module, one line in FEEDS, recordings and
a test.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from dashboard.district.geo import Crs
from feeds import hikvision, http_route, mqtt, mqtt_route, redis_stream
from feeds.routes import Route
from feeds.source import Feed, FeedError, FeedSettings

FEEDS: tuple[Feed, ...] = (
    Feed("mqtt", mqtt.Settings, mqtt.fetch),
    Feed("redis_stream", redis_stream.Settings, redis_stream.fetch),
    Feed("hikvision", hikvision.Settings, None),
)

ROUTES: tuple[Route, ...] = (
    Route("mqtt", mqtt_route.Settings, mqtt_route.open_route),
    Route("http", http_route.Settings, http_route.open_route),
)


def configure(tables: Mapping[str, Mapping[str, Any]]) -> list[tuple[Feed, FeedSettings]]:
    """The feeds of wall.toml's tables [feeds.NAME], in order; raises FeedError that names table and field."""
    return [_configure(name, table) for name, table in tables.items()]


def _configure(name: str, table: Mapping[str, Any]) -> tuple[Feed, FeedSettings]:
    where = f"feeds.{name}"
    known = {feed.name: feed for feed in FEEDS}
    feed = known.get(str(table.get("type", "")))
    if feed is None:
        raise FeedError(f"{where}: `type` must be one of {', '.join(known)}")
    if "crs" not in table:
        raise FeedError(
            f"{where}: `crs` is missing: say in which coordinates this source sends, one of {', '.join(Crs)}"
        )
    fields = {key: value for key, value in table.items() if key != "type"}
    try:
        return feed, msgspec.convert({**fields, "name": name}, feed.settings)
    except msgspec.ValidationError as error:
        raise FeedError(f"{where}: {error}") from error
