import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import websocket
from flask_socketio import SocketIOTestClient
from werkzeug.serving import make_server

from callbacks.sockets import SWEEP_S
from callbacks.web import Web
from dashboard import messages
from dashboard.access import Role
from dashboard.audit.ledger import Ledger
from dashboard.journal import Journal
from dashboard.state_server import StateServer
from tests import people
from tests.callbacks import visitors


@pytest.fixture
def web(journal: Journal, state_server: StateServer, tmp_path: Path) -> Web:
    """Of a real district, without its threads: the test says when it sweeps."""
    web = visitors.web(state_server.url, tmp_path)
    web.follower.is_loaded, web.follower.epoch = True, 7
    return web


def opened(web: Web, role: Role, centre: str = "D", name: str = "") -> SocketIOTestClient:
    return visitors.socket(web, visitors.visitor(web, role, centre, name))


def join(wire: SocketIOTestClient, screen: str = "wall", centre: str = "") -> dict[str, object]:
    wish = {"screen": screen, "centre": centre, "lang": "zh", "roster": 0}
    answer: dict[str, object] = wire.emit(messages.JOIN, wish, namespace=messages.NAMESPACE, callback=True)
    return answer


def is_open(wire: SocketIOTestClient) -> bool:
    return bool(wire.is_connected(messages.NAMESPACE))


# -- opening ----------------------------------------------------------------------------------------------


def test_nobody_opens_a_socket_without_a_session(web: Web) -> None:
    assert not is_open(visitors.socket(web, visitors.browser(web)))
    assert not is_open(visitors.socket(web, visitors.browser(web, "a token of nobody")))
    assert is_open(opened(web, Role.OFFICER))


@pytest.mark.parametrize(
    "headers",
    [
        {"User-Agent": "no browser"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"},
    ],
)
def test_a_socket_that_no_page_of_ours_opens_stays_shut(web: Web, headers: dict[str, str]) -> None:
    officer = visitors.visitor(web, Role.OFFICER)
    assert not is_open(visitors.socket(web, officer, **headers))


def test_half_way_in_is_not_in(web: Web) -> None:
    link = web.access.keeper.add("li", Role.OFFICER, "D")
    outcome = web.access.accept(link, people.PASSWORD, people.ADDRESS, "tests")
    assert not is_open(visitors.socket(web, visitors.browser(web, outcome.token)))  # type: ignore[union-attr]


# -- rooms ------------------------------------------------------------------------------------------------


def test_everybody_joins_within_their_scope_alone_and_is_told_which_that_is(web: Web) -> None:
    wire = opened(web, Role.OFFICER, "A")
    assert "error" not in join(wire, centre="A")
    assert "error" not in join(wire, centre="C1")
    for other in ("D", "B", "C5"):
        assert join(wire, centre=other) == {"error": "not permitted", "centre": "A"}
    assert "error" not in join(wire, centre="")
    assert web.live.shown(next(iter(web.live._room_of))) == ("wall", "A")


def test_a_wall_screen_joins_no_console(web: Web) -> None:
    wire = opened(web, Role.WALL)
    assert join(wire, "duty")["error"] == "not permitted"
    assert "error" not in join(wire, "wall")
    assert "duty" not in {room.screen for room in web.live._channels}


def test_a_refused_join_is_on_record(web: Web, state_server: StateServer) -> None:
    join(opened(web, Role.OFFICER, "A", name="li"), centre="D")
    (row,) = [row for row in Ledger(state_server.url).rows() if row.kind == "refused"]
    assert (row.actor, row.subject) == ("li", "live wall D")


# -- who may stay -----------------------------------------------------------------------------------------


def test_a_sweep_puts_out_who_may_not_be_here_any_more(web: Web) -> None:
    keeper = web.access.keeper
    wires = {name: opened(web, Role.OFFICER, "A", name) for name in ("li", "wang", "zhao", "chen", "sun")}
    wires["hall"] = opened(web, Role.WALL, "A", "hall")
    for wire in wires.values():
        join(wire, centre="A")
    web.live.sweep()
    assert all(map(is_open, wires.values()))
    keeper.disable("li")
    keeper.amend("wang", centre="B")
    keeper.end_sessions("zhao")
    keeper.revoke_screen("hall")
    keeper.amend("chen", role=Role.AUDITOR)
    web.live.sweep()
    assert [name for name, wire in wires.items() if is_open(wire)] == ["chen", "sun"]
    assert web.live.viewers() == 2


def test_whoever_is_put_out_of_a_demonstration_starts_afresh_as_a_guest(
    journal: Journal, state_server: StateServer, tmp_path: Path
) -> None:
    web = visitors.web(state_server.url, tmp_path, visitors.demonstration())
    officer, guest = visitors.visitor(web, Role.OFFICER), visitors.browser(web)
    wires = [visitors.socket(web, client) for client in (officer, guest)]
    web.access.keeper.end_sessions("some-officer")
    web.live.sweep()
    assert [is_open(wire) for wire in wires] == [False, True]


def test_another_role_holds_on_an_open_socket(web: Web) -> None:
    wire = opened(web, Role.OFFICER, name="li")
    web.access.keeper.amend("li", role=Role.AUDITOR)
    web.live.sweep()
    assert is_open(wire)
    assert join(wire, "duty")["error"] == "not permitted"


def test_a_sweep_keeps_no_session_alive(web: Web) -> None:
    client = visitors.visitor(web, Role.OFFICER)
    visitors.socket(web, client)
    (session,) = web.access.sessions()
    web.live.sweep()
    assert web.access.sessions() == [session]


def test_while_the_state_server_is_away_all_stay(
    web: Web, monkeypatch: pytest.MonkeyPatch, state_server: StateServer
) -> None:
    wire = opened(web, Role.OFFICER)
    web.callers.access = people.way_in("redis://127.0.0.1:1")
    web.live.sweep()
    assert is_open(wire)
    assert not is_open(opened_later := visitors.socket(web, visitors.browser(web, "token"))), opened_later


def test_who_left_leaves_no_trace(web: Web) -> None:
    wire = opened(web, Role.OFFICER)
    join(wire)
    wire.disconnect(messages.NAMESPACE)
    assert not web.sockets._held


# -- who sits where ---------------------------------------------------------------------------------------


def test_consoles_of_those_who_give_orders_are_staffed(web: Web, journal: Journal) -> None:
    web.live._panels = {**web.live._panels, "duty": web.live._panels["wall"]}
    for name, role, screen in (
        ("li", Role.OFFICER, "duty"),
        ("wang", Role.COMMANDER, "duty"),
        ("zhao", Role.OFFICER, "wall"),
    ):
        join(opened(web, role, "A", name), screen, "C1")
    web.live._tell_presence()
    assert {centre: staff.names for centre, staff in journal.staffed(time.time()).items()} == {"C1": ("li", "wang")}


# -- on a real wire -----------------------------------------------------------------------------------------


@pytest.fixture
def served(web: Web) -> Iterator[tuple[Web, int]]:
    """The same over TCP, with the thread that sweeps."""
    server = make_server("127.0.0.1", 0, web.wsgi, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    from callbacks import sockets

    sockets.keep_sweeping(web.live.sweep, web._stop)
    yield web, server.server_port
    web.stop()
    server.shutdown()


def dial(port: int, token: str, origin: str | None) -> websocket.WebSocket:
    wire: websocket.WebSocket = websocket.create_connection(
        f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket",
        cookie=f"wall-session={token}" if token else None,
        origin=origin,
        suppress_origin=origin is None,
        timeout=8,
    )
    assert wire.recv().startswith("0")
    wire.send(f"40{messages.NAMESPACE},")
    return wire


def test_a_lock_closes_a_real_socket_within_five_seconds(served: tuple[Web, int]) -> None:
    web, port = served
    token = people.let_in(web.access, "li", Role.OFFICER, "D")
    wire = dial(port, token, f"http://127.0.0.1:{port}")
    assert wire.recv().startswith(f"40{messages.NAMESPACE},")
    web.access.keeper.disable("li")
    began = time.monotonic()
    while not (heard := wire.recv()).startswith("41"):
        assert heard == "2" or heard.startswith("42"), heard
    assert time.monotonic() - began < 5
    assert SWEEP_S < 5
    wire.close()


@pytest.mark.parametrize("origin", [None, "http://evil.example"])
def test_a_real_socket_of_another_page_is_refused(served: tuple[Web, int], origin: str | None) -> None:
    web, port = served
    token = people.let_in(web.access, "li", Role.OFFICER, "D")
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        dial(port, token, origin)
    assert refused.value.status_code == 403


@pytest.mark.parametrize("token", ["", "nobody's"])
def test_who_is_not_in_takes_up_no_thread_of_a_socket(served: tuple[Web, int], token: str) -> None:
    _, port = served
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        dial(port, token, f"http://127.0.0.1:{port}")
    assert refused.value.status_code == 403
