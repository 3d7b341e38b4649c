import pytest

import feeds
from feeds import http_route, mqtt_route, routes
from feeds.routes import RouteMistake


def test_tables_become_routes_in_order() -> None:
    configured = routes.configure(
        feeds.ROUTES,
        {
            "radio": {"type": "mqtt", "host": "broker.local", "tiers": ["police", "auxiliary"]},
            "app": {"type": "http", "url": "https://app.local/orders", "token": "t"},
        },
    )
    (_, radio), (_, app) = configured
    assert isinstance(radio, mqtt_route.Settings)
    assert (radio.name, radio.tiers, radio.topic) == ("radio", ("police", "auxiliary"), "wall/orders/{unit}")
    assert isinstance(app, http_route.Settings)
    assert (app.url, app.tiers) == ("https://app.local/orders", ())


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({}, "routes.x: `type` must be one of mqtt, http"),
        ({"type": "pigeon"}, "`type`"),
        ({"type": "mqtt"}, "host"),
        ({"type": "http", "url": "u", "tiers": ["navy"]}, "navy"),
        ({"type": "http", "url": "u", "colour": "red"}, "colour"),
    ],
)
def test_a_mistake_names_table_and_field(table: dict[str, object], says: str) -> None:
    with pytest.raises(RouteMistake, match=says):
        routes.configure(feeds.ROUTES, {"x": table})
