"""One web process: pages, intake, live wire and health, joined on one Flask server."""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from dash import Dash
from flask import Flask
from flask_socketio import SocketIO

from callbacks import (
    accounts,
    after_action,
    audit,
    briefing,
    briefing_exports,
    case_table,
    duty,
    duty_records,
    exports,
    gate,
    geography,
    headers,
    health,
    intake,
    live,
    orders,
    own_pages,
    pages,
    patrol,
    proxies,
    signin,
    sockets,
    still_links,
    timeline,
    tracks,
    video,
    wall_briefing,
)
from callbacks.callers import Callers, guest_of
from callbacks.cookies import Cookie
from callbacks.look import Looks
from callbacks.replays import Panels, PanelsOf
from callbacks.trail import Trail
from dashboard import credentials, desk, exposure, wall_page
from dashboard.access import access
from dashboard.archive.districts import Districts
from dashboard.archive.reader import Archive
from dashboard.archive.store import open_store
from dashboard.audit.ledger import Ledger
from dashboard.briefing import rules as briefing_rules
from dashboard.briefing.jobs import Jobs
from dashboard.briefing.making import Briefings
from dashboard.district import District
from dashboard.door import Door
from dashboard.duty.roster_book import RosterBook
from dashboard.follower import Follower
from dashboard.history.post import Post
from dashboard.journal import Journal
from dashboard.overview import Overview
from dashboard.printing import Printer, PrintingError
from dashboard.settings import Settings
from dashboard.situation import Situation
from dashboard.stills import Stills
from dashboard.video import gateways
from layouts import duty as duty_layout
from layouts import wall

log = logging.getLogger(__name__)

_ASSETS = Path(__file__).parent.parent / "assets"
# Style and script of pages that are no screens: their words for things (a part, a figure, a table) are not the wall's.
_OF_OTHER_PAGES = r"^(briefing|record|tracks)\.(css|js)$"
_MESSAGE_BYTES = 65_536  # viewers only join and ask the time

Environment = dict[str, Any]
Wsgi = Callable[[Environment, Callable[..., Any]], Iterable[bytes]]


class Web:
    """The server and what runs behind it. `start` must be called in the process that serves, after any fork."""

    def __init__(
        self,
        settings: Settings,
        district: District,
        url: str,
        push_decoders: Mapping[str, Any],
        way_in: access.Access | None = None,
    ) -> None:
        """`way_in`: whom to let in, if it is not to be made from the settings."""
        self.journal = Journal(url)
        self.follower = Follower(district, self.journal)
        self.stills = Stills(settings.data_dir / "stills")
        self.access = way_in or access.opened(url, settings)
        self.callers = Callers(self.access, Cookie(settings.is_tls()), guest_of(settings, district))
        self.ledger = Ledger(url, settings.audit_hash)
        self.trail = Trail(self.ledger.note)
        self._stop = threading.Event()
        self.server = Flask("wall135", static_folder=None)
        self._key = credentials.secret_key(settings)
        door = Door(district, self.journal, self.stills)
        intake.register(self.server, door, credentials.sources(settings), push_decoders)
        store = open_store(settings.archive_url, settings.data_dir)
        self.archive = Archive(store, self.journal, district)
        self.districts = Districts(store, district)
        geography.register(self.server, self.districts, self.follower)
        patrol.register(self.server, patrol.Desk(district, self.follower, self.trail))
        still_links.register(self.server, self.stills, self._key)
        self.app = _dash(self.server, district, settings)
        case_table.register(self.app, district, self.follower)
        self._open_doors(settings, district)
        duty_records.register(self.server, district, self.follower, RosterBook(url), self.trail.note)
        exports.register(self.server, district, self.follower, self.trail.note)
        self.socket = _socket(self.server)
        self.sockets = sockets.Sockets(self.callers, district, self.trail, own_pages.own_names(settings))
        panels_of = self._panels_of(settings, district)
        self.live = live.Live(
            self.socket, self.sockets, self.districts, self.follower, self.journal, panels_of, Post(url)
        )
        live.register(self.socket, self.live, self.sockets)
        health.register(self.server, self.journal, self.follower, self.live)
        guarded = self.sockets.guarded(self.server.wsgi_app, self.server)
        self._wsgi = proxies.behind(guarded, exposure.networks(settings.trusted_proxy))

    def _open_doors(self, settings: Settings, district: District) -> None:
        """The gate, and what lies right behind it: signing in, and what officers see beside the screens."""
        looks, cameras = Looks(district, settings), gateways(settings.video_url, settings.clip_url)
        token = settings.metrics_token.get_secret_value() if settings.metrics_token else ""
        guard = gate.Gate(self.app, self.callers, self.trail, looks, token, own_pages.own_names(settings))
        tiles, is_tls = headers.origins(settings.tile_url), settings.is_tls()
        gate.register(self.server, self.app, guard, tiles, cameras.origins(), is_tls)
        rules, has_provider = settings.password_profile, settings.oidc is not None
        sign_in = signin.SignIn(self.callers, self.trail, looks, rules, has_provider, district)
        signin.register(self.server, sign_in)
        if settings.oidc:
            from callbacks import provider  # Authlib costs a quarter of a second of every start

            way = provider.Provider(self.server, settings.oidc, district, self.access, sign_in, looks)
            provider.register(self.server, way, self._key, is_tls)
        accounts.register(self.server, self.access.keeper, district, self.trail, looks)
        duty.serve(self.server, district, self.follower)
        orders.register(self.server, district, self.follower, self.ledger, self.trail, looks)
        timeline.register(self.server, timeline.Timelines(self.archive, self.journal, district))
        printing = after_action.Printing(Printer(_ASSETS).print, PrintingError)
        tracks.register(self.server, tracks.Desk(self.archive, self.districts, self.trail, looks))
        after_action.register(self.server, after_action.Desk(self.archive, self.districts, self.trail, looks, printing))
        scale = briefing_rules.decode(district.briefing_settings)
        self.briefings = Briefings(self.archive, district, scale)
        briefing_desk = briefing.Desk(self.briefings, self.trail, looks)
        briefing.register(self.server, briefing_desk)
        jobs = Jobs(settings.data_dir / "exports")
        briefing_exports.register(self.server, briefing_exports.Exports(briefing_desk, jobs, self.trail, looks))
        archive = audit.Archive(self.ledger, settings.data_dir / "audit", self._key, settings.audit_keep_days)
        audit.register(self.server, audit.Desk(archive, district, self.trail, looks))
        video.register(self.server, district, cameras, self.trail.note)

    def _panels_of(self, settings: Settings, current: District) -> PanelsOf:
        """What each screen shows: of the current district once for all, of an earlier one for who sees its past."""
        last = wall_briefing.LastFrozen(self.archive.store, current)
        shared = self._panels(settings, current, last)

        def of(district: District) -> Mapping[str, Panels]:
            return shared if district is current else self._panels(settings, district, last)

        return of

    def _panels(self, settings: Settings, district: District, last: wall_briefing.LastFrozen) -> Mapping[str, Panels]:
        """What each screen of the live wire shows."""

        def still_url(still: str) -> str:
            return still_links.link(self._key, still, time.time())

        console = duty_layout.Console(
            district, desk.Cameras(district), gateways(settings.video_url, settings.clip_url), still_url
        )

        def wall_panels(overview: Overview, _: Situation, lang: str) -> dict[str, Any]:
            near = (*overview.incidents, *overview.ended)
            playing = wall_page.playing(settings.playlist, near, overview.as_of, district.timezone)
            return wall.panels(overview, district, lang, still_url, playing, last.of(overview.centre))

        return {
            "wall": wall_panels,
            "duty": console.panels,
        }

    def start(self) -> None:
        """Begin to follow the situation."""
        live.start(self.live, self.follower, self._stop)
        sockets.keep_sweeping(self.live.sweep, self._stop)

    def stop(self) -> None:
        """Stop following."""
        self._stop.set()

    def wsgi(self, environment: Environment, respond: Callable[..., Any]) -> Iterable[bytes]:
        """The server without per-message compression.

        Browsers offer it, simple-websocket accepts it, and then compresses every frame once for each viewer: at 200
        viewers that alone is a whole core.
        """
        environment.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        return self._wsgi(environment, respond)


def _dash(server: Flask, district: District, settings: Settings) -> Dash:
    app = Dash(
        "wall135",
        server=server,
        assets_folder=str(_ASSETS),
        assets_ignore=_OF_OTHER_PAGES,
        title=f"{district.name} · wall135",
        update_title="",
        serve_locally=True,
    )
    pages.register(app, district, settings)
    return app


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
