"""Replays in the web process: a browser that asks for a past moment gets a copy of its own, and nobody else notices."""

import itertools
import logging
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from dashboard import messages, overview
from dashboard.archive.districts import Districts
from dashboard.district import District
from dashboard.history.post import KEEP_ALIVE_S, Answer, Ask, Post
from dashboard.overview import Overview
from dashboard.picture import decode_change
from dashboard.situation import Situation
from dashboard.store import JournalUnavailable
from dashboard.wire import restamp

log = logging.getLogger(__name__)

# What a screen shows: overview of the scope, the whole situation, language -> panels
Panels = Callable[[Overview, Situation, str], dict[str, Any]]
PanelsOf = Callable[[District], Mapping[str, Panels]]  # what each screen shows of a district, by its name
Emit = Callable[[str, Any, str], None]  # message, content, to whom

_BLOCK_MS = 250
_AWAY_S = 1.0
_PANELS_S = 0.4  # panels are drawn at most so often, positions come with each answer
_PANELS_SHARE = 0.2  # of a processor that drawing may take: the live rooms share it
_SILENT_S = 4.0  # the history process answers each second
_EPOCHS = itertools.count(
    2**31 + secrets.randbelow(2**30)
)  # an engine's never get there: no browser takes one for ours


@dataclass(frozen=True)
class View:
    """Who sees what."""

    socket: str
    screen: str
    centre: str
    lang: str


class Replays:
    """All replays of one web process."""

    def __init__(self, districts: Districts, post: Post, panels_of: PanelsOf, emit: Emit) -> None:
        """`emit` sends a message to one browser."""
        self._districts = districts
        self._post = post
        self._panels_of = panels_of
        self._emit = emit
        self._viewers: dict[str, Viewer] = {}
        self._lock = threading.Lock()

    def open(self, socket: str, screen: str, centre: str, lang: str, at: float) -> None:
        """Begin a replay for one browser; one that it had ends."""
        self.close(socket)
        view = View(socket, screen, centre, lang)
        viewer = Viewer(view, at, self._districts, self._post, self._panels_of, self._emit)
        with self._lock:
            self._viewers[socket] = viewer
        threading.Thread(target=viewer.run, daemon=True, name="replay").start()

    def close(self, socket: str) -> None:
        """The browser is gone, or wants something else."""
        with self._lock:
            viewer = self._viewers.pop(socket, None)
        if viewer is not None:
            viewer.stop.set()

    def shown(self, socket: str) -> tuple[str, str] | None:
        """Which screen of which centre a browser sees replayed; None: none."""
        viewer = self._viewers.get(socket)
        return (viewer.view.screen, viewer.view.centre) if viewer else None

    def steer(self, socket: str, wish: Any) -> dict[str, Any]:
        """Seek, play, pause, or change speed; answers {} or {"error": why}."""
        viewer = self._viewers.get(socket)
        try:
            steer = msgspec.convert(wish, messages.Steer)
        except msgspec.ValidationError:
            return {"error": "not understood"}
        if viewer is None:
            return {"error": "no replay"}
        try:
            viewer.steer(steer)
        except JournalUnavailable:
            return {"error": "away"}
        return {}


class Viewer:
    """One browser's replay: asks for it, follows the answers with a copy, draws and sends. A thread runs it."""

    def __init__(
        self, view: View, at: float, districts: Districts, post: Post, panels_of: PanelsOf, emit: Emit
    ) -> None:
        self.view = view
        self.stop = threading.Event()
        self._districts = districts
        self._district = districts.current  # of the moment that is shown
        self._post = post
        self._panels_of = panels_of
        self._panels = panels_of(districts.current)[view.screen]
        self._emit = emit
        self._session = secrets.token_hex(8)
        self._wish = Ask(self._session, at, 1.0, True, is_new=True)  # begins it anew where it stands
        self._standing = Answer(at, playing=True, seeking=True)
        self._situation: Situation | None = None  # None: nothing came yet, or nothing that can be shown
        self._trouble = ""  # why it cannot: an error of messages.Replay
        self._shown: dict[str, bytes] = {}
        self._epoch, self._seq = next(_EPOCHS), 0
        self._heard_at = self._asked_at = self._sent_at = self._drawn_at = time.monotonic()
        self._draw_s = _PANELS_S

    def steer(self, steer: messages.Steer) -> None:
        """Another moment, speed, or standing still."""
        at = None if steer.at_ms is None else steer.at_ms / 1000
        wish = Ask(self._session, at, steer.speed, steer.playing)
        self._remember(at, steer.speed, steer.playing)
        self._post.ask(wish)

    def run(self) -> None:
        """Follow until told to stop, whatever dies meanwhile."""
        is_asked = False
        while not self.stop.is_set():
            try:
                if not is_asked:
                    self._post.ask(self._wish)
                    is_asked = True
                self.turn(_BLOCK_MS)
            except JournalUnavailable:
                is_asked = False
                self._beat(time.monotonic())
                self.stop.wait(_AWAY_S)
            except Exception:
                log.exception("a replay ended")
                self._send(messages.PANELS, {}, msgspec.structs.replace(self._standing, error="broken"))
                return
        try:
            self._post.ask(Ask(self._session, is_over=True))
        except JournalUnavailable:
            log.info("the state server is away; a replay ends by itself")

    def turn(self, block_ms: int) -> None:
        """Take what came, send what is new, and say that somebody is here."""
        answers = self._post.answers(self._session, block_ms)
        now = time.monotonic()
        if any([self._take(answer) for answer in answers]):
            self._heard_at = now
            self._show(any(answer.is_fresh for answer in answers), any(answer.change for answer in answers), now)
        self._beat(now)
        if now - self._asked_at >= (KEEP_ALIVE_S if now - self._heard_at < _SILENT_S else _AWAY_S):
            self._asked_at = now
            self._post.ask(Ask(self._session))

    # -- parts -----------------------------------------------------------------------------------------------------

    def _remember(self, at: float | None, speed: float | None, playing: bool | None) -> None:
        wish = self._wish
        self._wish = Ask(
            self._session,
            wish.at if at is None else at,
            wish.speed if speed is None else speed,
            wish.playing if playing is None else playing,
            is_new=True,
        )

    def _take(self, answer: Answer) -> bool:
        """Take over what an answer says; False where it says that there is no such replay (any more)."""
        if answer.error == "gone":
            self._post.ask(self._wish)
            return False
        self._standing = answer
        if answer.error:
            return True
        self._remember(answer.at, None, None)
        if answer.is_fresh:
            self._trouble = self._stand_on(answer.district)
            self._situation = None if self._trouble else Situation(self._district)
        if answer.change and self._situation is not None:
            self._situation.adopt(decode_change(answer.change))
        if self._trouble:
            self._standing = msgspec.structs.replace(answer, error=self._trouble)
        return True

    def _stand_on(self, version: str) -> str:
        """Show by the district as it was then; answers why that cannot be, "" where it can."""
        district = self._districts.of(version or self._districts.current.version)
        if district is None:
            return "broken"
        if self.view.centre not in district.centres:
            return "no_centre"
        if district is not self._district:
            self._district, self._panels = district, self._panels_of(district)[self.view.screen]
        return ""

    def _show(self, is_fresh: bool, has_moved: bool, now: float) -> None:
        """Send what is new: after a seek everything, under an epoch of its own, because units may go back in time."""
        if self._situation is None:
            self._send(messages.PANELS, {}, self._standing)
        elif is_fresh:
            self._epoch, self._seq, self._shown = next(_EPOCHS), 0, {}
            self._send(messages.SNAPSHOT, self._drawn(self._situation, now), self._standing)
        else:
            is_due = has_moved and now - self._drawn_at >= self._draw_s
            self._send(messages.PANELS, self._drawn(self._situation, now) if is_due else {}, self._standing)
        if has_moved and self._situation is not None and self.view.screen in messages.WITH_UNITS:
            self._seq += 0 if is_fresh else 1  # all units after a snapshot carry its number
            frame = restamp(self._situation.forces.frame(), self._epoch, self._seq)
            self._emit(messages.UNITS, frame, self.view.socket)

    def _drawn(self, situation: Situation, now: float) -> dict[str, Any]:
        """The panels that show something else than before."""
        at, scope = self._standing.at, self._district.scope(self.view.centre)
        situation.settle(at)
        panels = self._panels(overview.build(situation, self._district, scope, at), situation, self.view.lang)
        encoded = {name: msgspec.json.encode(content) for name, content in panels.items()}
        changed = {name: panels[name] for name, content in encoded.items() if self._shown.get(name) != content}
        self._shown, self._drawn_at = encoded, now
        self._draw_s = max(_PANELS_S, (time.monotonic() - now) / _PANELS_SHARE)
        return changed

    def _beat(self, now: float) -> None:
        """Say something at least every HEARTBEAT_S: the browser waits, even while nobody plays its replay."""
        if now - self._sent_at < messages.HEARTBEAT_S / 2:
            return
        is_gone = now - self._heard_at > _SILENT_S
        standing = msgspec.structs.replace(self._standing, error="gone") if is_gone else self._standing
        self._send(messages.PANELS, {}, standing)

    def _send(self, message: str, panels: dict[str, Any], standing: Answer) -> None:
        self._sent_at = time.monotonic()
        self._seq += 1
        told = messages.Panels(
            self._epoch,
            self._seq,
            time.time() * 1000,
            (standing.shown_at if standing.is_gap else standing.at) * 1000,
            self.view.centre,
            panels,
            msgspec.structs.asdict(_replay(standing, self._district.version)),
        )
        self._emit(message, dict(msgspec.structs.asdict(told)), self.view.socket)


def _replay(standing: Answer, district: str) -> messages.Replay:
    return messages.Replay(
        standing.at * 1000,
        standing.speed,
        standing.playing,
        standing.seeking,
        standing.error,
        standing.is_gap,
        standing.shown_at * 1000,
        district,
    )
