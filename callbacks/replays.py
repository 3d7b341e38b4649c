"""Replays in the web process: a browser that asks for a past moment gets a copy of its own, and nobody else notices."""

import logging
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from dashboard import messages, overview
from dashboard.district import District, Scope
from dashboard.history.post import KEEP_ALIVE_S, Answer, Ask, Post
from dashboard.overview import Overview
from dashboard.picture import decode_change
from dashboard.situation import Situation
from dashboard.store import JournalUnavailable
from dashboard.wire import restamp

log = logging.getLogger(__name__)

Panels = Callable[[Overview, Situation, str], dict[str, Any]]
Emit = Callable[[str, Any, str], None]  # message, content, to whom

_BLOCK_MS = 250
_AWAY_S = 1.0
_PANELS_S = 0.4  # panels are drawn at most so often, positions with each answer


@dataclass
class _Viewer:
    """One browser's replay."""

    socket: str
    screen: str
    scope: Scope
    lang: str
    at: float
    session: str = field(default_factory=lambda: secrets.token_hex(8))
    speed: float = 1.0
    playing: bool = True
    seq: int = 0
    stop: threading.Event = field(default_factory=threading.Event)


class Replays:
    """All replays of one web process."""

    def __init__(self, district: District, post: Callable[[], Post], panels: dict[str, Panels], emit: Emit) -> None:
        """`post` makes a hold on the history process's post: one a viewer, because each waits on its own."""
        self._district = district
        self._post = post
        self._panels = panels
        self._emit = emit
        self._viewers: dict[str, _Viewer] = {}
        self._lock = threading.Lock()

    def open(self, socket: str, screen: str, centre: str, lang: str, at: float) -> None:
        """Begin a replay for one browser; one that it had ends."""
        self.close(socket)
        viewer = _Viewer(socket, screen, self._district.scope(centre), lang, at)
        with self._lock:
            self._viewers[socket] = viewer
        threading.Thread(target=self._run, args=(viewer,), daemon=True, name="replay").start()

    def close(self, socket: str) -> None:
        """The browser is gone, or wants something else."""
        with self._lock:
            viewer = self._viewers.pop(socket, None)
        if viewer is not None:
            viewer.stop.set()

    def shown(self, socket: str) -> tuple[str, str] | None:
        """Which screen of which centre a browser sees replayed; None: none."""
        viewer = self._viewers.get(socket)
        return (viewer.screen, viewer.scope.centre.code) if viewer else None

    def steer(self, socket: str, wish: Any) -> dict[str, Any]:
        """Seek, play, pause, or change speed; answers {} or {"error": why}."""
        viewer = self._viewers.get(socket)
        try:
            steer = msgspec.convert(wish, messages.Steer)
        except msgspec.ValidationError:
            return {"error": "not understood"}
        if viewer is None:
            return {"error": "no replay"}
        at = None if steer.at_ms is None else steer.at_ms / 1000
        viewer.at = viewer.at if at is None else at
        viewer.speed = viewer.speed if steer.speed is None else steer.speed
        viewer.playing = viewer.playing if steer.playing is None else steer.playing
        try:
            self._post().ask(Ask(viewer.session, at, steer.speed, steer.playing))
        except JournalUnavailable:
            return {"error": "away"}
        return {}

    # -- on the viewer's thread ------------------------------------------------------------------------------------

    def _run(self, viewer: _Viewer) -> None:
        while not viewer.stop.is_set():
            try:
                self._follow(viewer, self._post())
            except JournalUnavailable:
                viewer.stop.wait(_AWAY_S)
            except Exception:
                log.exception("a replay ended")
                return

    def _follow(self, viewer: _Viewer, post: Post) -> None:
        """Ask for the moment and show what comes, until the viewer is gone or the state server is."""
        post.ask(Ask(viewer.session, viewer.at, viewer.speed, viewer.playing))
        situation, after, asked_at, drawn_at = Situation(self._district), b"0-0", time.monotonic(), 0.0
        is_begun = False
        while not viewer.stop.is_set():
            answers, after = post.answers(viewer.session, after, _BLOCK_MS)
            for answer in answers:
                if answer.error == "gone":
                    post.ask(Ask(viewer.session, viewer.at, viewer.speed, viewer.playing))
                    continue
                if answer.is_fresh:
                    situation, is_begun = Situation(self._district), True
                if answer.change and is_begun:
                    situation.adopt(decode_change(answer.change))
                    situation.settle(answer.at)
                viewer.at = viewer.at if answer.seeking else answer.at
            if answers:
                drawn_at = self._show(viewer, situation, answers, drawn_at)
            if time.monotonic() - asked_at >= KEEP_ALIVE_S:
                asked_at = time.monotonic()
                post.ask(Ask(viewer.session))
        post.ask(Ask(viewer.session, over=True))

    def _show(self, viewer: _Viewer, situation: Situation, answers: list[Answer], drawn_at: float) -> float:
        """Send what is new; when the panels were last drawn."""
        newest, is_fresh = answers[-1], any(answer.is_fresh for answer in answers)
        now = time.monotonic()
        panels: dict[str, Any] = {}
        is_due = is_fresh or now - drawn_at >= _PANELS_S
        if is_due and not newest.error and not newest.seeking:
            panels, drawn_at = self._render(viewer, situation, newest.at), now
        message = messages.SNAPSHOT if is_fresh or not viewer.seq else messages.PANELS
        self._send(viewer, message, panels, newest)
        if viewer.screen in messages.WITH_UNITS and any(answer.change for answer in answers):
            if message != messages.SNAPSHOT:
                viewer.seq += 1
            self._emit(messages.UNITS, restamp(situation.forces.frame(), 0, viewer.seq), viewer.socket)
        return drawn_at

    def _render(self, viewer: _Viewer, situation: Situation, at: float) -> dict[str, Any]:
        figures = overview.build(situation, self._district, viewer.scope, at)
        return self._panels[viewer.screen](figures, situation, viewer.lang)

    def _send(self, viewer: _Viewer, message: str, panels: dict[str, Any], answer: Answer) -> None:
        viewer.seq += 1
        replay = messages.Replay(
            answer.at * 1000,
            answer.speed,
            answer.playing,
            answer.seeking,
            answer.error,
            answer.is_gap,
            answer.shown_at * 1000,
        )
        told = messages.Panels(
            0,
            viewer.seq,
            time.time() * 1000,
            answer.at * 1000,
            viewer.scope.centre.code,
            panels,
            msgspec.structs.asdict(replay),
        )
        self._emit(message, dict(msgspec.structs.asdict(told)), viewer.socket)
