"""A whole web process, and browsers of people in every role before it."""

import dataclasses
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from flask_socketio import SocketIOTestClient

from callbacks.web import Web
from dashboard import messages
from dashboard.access import Role
from dashboard.district import District
from dashboard.settings import Settings
from tests import people
from tests.feeds.small_district import small_district

ORIGIN = {"Origin": "http://localhost"}


def demonstration() -> District:
    """The small district, where guests may look."""
    return dataclasses.replace(small_district(), demonstration=True)


def web(url: str, data_dir: Path, district: District | None = None, **settings: Any) -> Web:
    """A web process of the small district, which is real: nobody gets in without an account."""
    return Web(Settings(data_dir=data_dir, **settings), district or small_district(), url, {}, people.way_in(url))


def browser(web: Web, token: str = "") -> FlaskClient:
    """A browser that is in a session; without a token it is in none."""
    client = web.server.test_client()
    if token:
        client.set_cookie(web.callers.cookie.name, token)
    return client


def visitor(web: Web, role: Role, centre: str = "D", name: str = "") -> FlaskClient:
    """The browser of somebody new in a role."""
    return browser(web, people.let_in(web.access, name or f"some-{role}", role, centre))


def socket(web: Web, client: FlaskClient, **headers: str) -> SocketIOTestClient:
    """The live wire of a browser's page, opened but not joined."""
    return web.socket.test_client(
        web.server,
        namespace=messages.NAMESPACE,
        flask_test_client=client,
        headers=headers or ORIGIN,
    )
