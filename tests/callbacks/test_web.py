import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from callbacks.web import Web
from dashboard.journal import Journal
from dashboard.state_server import StateServer
from layouts import ids
from tests.callbacks import visitors


@pytest.fixture
def web(journal: Journal, state_server: StateServer, tmp_path: Path) -> Web:
    return visitors.web(state_server.url, tmp_path, visitors.demonstration())


@pytest.fixture
def client(web: Web) -> Iterator[FlaskClient]:
    with web.server.test_client() as client:
        yield client


def test_the_wall_is_served_with_a_strict_policy(client: FlaskClient) -> None:
    answer = client.get("/wall")
    assert answer.status_code == 200
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe-eval" not in policy
    assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]


def test_every_id_that_is_wired_is_laid_out(web: Web, client: FlaskClient) -> None:
    wired = {
        part["id"]
        for callback in json.loads(client.get("/_dash-dependencies").data)
        for part in [*callback["inputs"], *callback["state"]]
    }
    laid_out = json.dumps(web.app.validation_layout.to_plotly_json(), default=str)
    assert wired
    assert not [name for name in wired if name not in laid_out]
    assert ids.WALL_MAP in laid_out


def test_a_frame_is_never_compressed_for_each_viewer(web: Web) -> None:
    environment = {
        "HTTP_SEC_WEBSOCKET_EXTENSIONS": "permessage-deflate",
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/healthz",
    }
    environment |= {"SERVER_NAME": "x", "SERVER_PORT": "1", "wsgi.url_scheme": "http", "wsgi.input": None}
    environment |= {"wsgi.errors": None, "wsgi.multithread": True, "wsgi.multiprocess": False, "wsgi.run_once": False}
    web.wsgi(environment, lambda status, headers: lambda body: None)
    assert "HTTP_SEC_WEBSOCKET_EXTENSIONS" not in environment


def test_map_tiles_from_elsewhere_are_let_in(journal: Journal, state_server: StateServer, tmp_path: Path) -> None:
    tiles = "https://tiles.example:8443/{z}/{x}/{y}.png"
    web = visitors.web(state_server.url, tmp_path, tile_url=tiles)
    policy = web.server.test_client().get("/wall").headers["Content-Security-Policy"]
    assert "https://tiles.example:8443" in policy.split("img-src")[1].split(";")[0]


def test_it_is_not_ready_before_it_has_heard_the_engine(client: FlaskClient) -> None:
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
