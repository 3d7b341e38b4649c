import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from dashboard.records import ReplyState
from feeds import http_route
from feeds.routes import RouteError
from tests.feeds.letters import letter


class Callback:
    """A real HTTP server that notes what it is sent."""

    def __init__(self) -> None:
        self.status, self.body = 200, b""
        self.seen: list[tuple[dict[str, str], dict[str, object]]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.seen.append((dict(self.headers), json.loads(body)))
                self.send_response(outer.status)
                self.send_header("Content-Length", str(len(outer.body)))
                self.end_headers()
                self.wfile.write(outer.body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/orders"

    def stop(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def callback() -> Iterator[Callback]:
    running = Callback()
    yield running
    running.stop()


def test_a_letter_is_posted_with_all_that_a_unit_must_know(callback: Callback) -> None:
    caller = http_route.open_route(http_route.Settings(name="app", url=callback.url, token="secret"))
    assert caller.send(letter()) is None
    caller.close()
    [(headers, body)] = callback.seen
    assert headers["Authorization"] == "Bearer secret"
    assert headers["Idempotency-Key"] == "o1"
    assert body["unit"] == "PO000"
    assert body["scene"]["title"] == "沿街商铺起火"  # type: ignore[index]
    assert body["at"] == "2026-11-18T11:06:50Z"


@pytest.mark.parametrize(
    ("body", "state"),
    [(b'{"state": "delivered"}', ReplyState.DELIVERED), (b"{}", None), (b"ok", None), (b'{"state": "maybe"}', None)],
)
def test_the_answer_may_say_how_far_it_has_come(callback: Callback, body: bytes, state: ReplyState | None) -> None:
    callback.body = body
    caller = http_route.open_route(http_route.Settings(name="app", url=callback.url))
    assert caller.send(letter()) is state
    caller.close()


@pytest.mark.parametrize("status", [302, 400, 401, 500, 503])
def test_whoever_does_not_take_it_is_asked_again(callback: Callback, status: int) -> None:
    callback.status = status
    caller = http_route.open_route(http_route.Settings(name="app", url=callback.url))
    with pytest.raises(RouteError, match=str(status)):
        caller.send(letter())
    caller.close()


def test_an_address_where_nobody_listens_is_an_error_of_the_route() -> None:
    caller = http_route.open_route(http_route.Settings(name="app", url="http://127.0.0.1:1/"))
    with pytest.raises(RouteError, match="app"):
        caller.send(letter())
    caller.close()
