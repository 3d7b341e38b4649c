"""One web process: pages, intake, live wire and health, joined on one Flask server."""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dash import Dash
from flask import Flask
from flask_socketio import SocketIO

from callbacks import gate, geography, health, intake, live, pages
from dashboard import credentials
from dashboard.district import District
from dashboard.door import Door
from dashboard.follower import Follower
from dashboard.journal import Journal
from dashboard.settings import Settings
from dashboard.stills import Stills
from layouts import wall

log = logging.getLogger(__name__)

_ASSETS = Path(__file__).parent.parent / "assets"
_MESSAGE_BYTES = 65_536  # viewers only join and ask the time

Environment = dict[str, Any]
Wsgi = Callable[[Environment, Callable[..., Any]], Iterable[bytes]]


class Web:
    """The server and what runs behind it. `start` must be called in the process that serves, after any fork."""

    def __init__(self, settings: Settings, district: District, url: str, push_decoders: Mapping[str, Any]) -> None:
        self.journal = Journal(url)
        self.follower = Follower(district, self.journal)
        self.stills = Stills(settings.data_dir / "stills")
        self._stop = threading.Event()
        self.server = Flask("wall135", static_folder=None)
        self._key = credentials.secret_key(settings)
        door = Door(district, self.journal, self.stills)
        intake.register(self.server, door, credentials.sources(settings), push_decoders)
        geography.register(self.server, district, self.follower)
        self.app = _dash(self.server, district, settings)
        gate.register(self.server, self.app, self.stills, self._key, image_origins=_origins(settings.tile_url))
        self.socket = _socket(self.server)
        self.live = live.Live(self.socket, district, self.follower, self.journal, self._panels(district))
        live.register(self.socket, self.live)
        health.register(self.server, self.journal, self.follower, self.live)

    def _panels(self, district: District) -> dict[str, live.Panels]:
        """What each screen of the live wire shows."""

        def still_url(still: str) -> str:
            return gate.still_link(self._key, still, time.time())

        return {"wall": lambda overview, situation, lang: wall.panels(overview, district, lang, still_url)}

    def start(self) -> None:
        """Begin to follow the situation."""
        live.start(self.live, self.follower, self._stop)

    def stop(self) -> None:
        """Stop following."""
        self._stop.set()

    def wsgi(self, environment: Environment, respond: Callable[..., Any]) -> Iterable[bytes]:
        """The server without per-message compression.

        Browsers offer it, simple-websocket accepts it, and then compresses every frame once for each viewer: at 200
        viewers that alone is a whole core.
        """
        environment.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        return self.server.wsgi_app(environment, respond)


def _dash(server: Flask, district: District, settings: Settings) -> Dash:
    app = Dash(
        "wall135",
        server=server,
        assets_folder=str(_ASSETS),
        title=f"{district.name} · wall135",
        update_title="",
        serve_locally=True,
    )
    pages.register(app, district, settings)
    return app


def _origins(tile_url: str) -> list[str]:
    """Where map tiles come from, if not from here: browsers must be told to let them in."""
    parts = urlsplit(tile_url)
    return [f"{parts.scheme}://{parts.netloc}"] if parts.netloc else []


def _socket(server: Flask) -> SocketIO:
    return SocketIO(
        server,
        async_mode="threading",
        transports=["websocket"],
        ping_interval=10,
        ping_timeout=5,
        max_http_buffer_size=_MESSAGE_BYTES,
        logger=False,
        engineio_logger=False,
    )
