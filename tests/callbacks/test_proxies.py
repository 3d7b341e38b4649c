from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.test import create_environ

from callbacks.proxies import behind
from dashboard.exposure import networks

SAID = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "wall.example"}


def seen(trusted: str, peer: str) -> tuple[str, str, str]:
    """Address, scheme and host as the server sees them."""
    found: dict[str, Any] = {}

    def server(environment: dict[str, Any], _: Callable[..., Any]) -> Iterable[bytes]:
        found.update(environment)
        return []

    environment = create_environ("/", "http://inside:8050", headers=SAID) | {"REMOTE_ADDR": peer}
    behind(server, networks(trusted))(environment, lambda *_: None)
    return found["REMOTE_ADDR"], found["wsgi.url_scheme"], found["HTTP_HOST"]


def test_a_declared_proxy_is_believed() -> None:
    assert seen("10.0.0.0/8", "10.1.2.3") == ("203.0.113.9", "https", "wall.example")


def test_anybody_else_is_not() -> None:
    assert seen("10.0.0.0/8", "192.0.2.1") == ("192.0.2.1", "http", "inside:8050")
    assert seen("", "127.0.0.1") == ("127.0.0.1", "http", "inside:8050")
