"""The live wire: each web process follows the situation and tells its own viewers what changed.

Viewers of one screen, scope and language form a room with its own sequence numbers. Positions go out at once, incidents
almost at once, everything else at most once a second; a panel that shows the same as before is not sent again.
"""

import logging
import math
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from flask import request
from flask_socketio import ConnectionRefusedError, SocketIO, join_room, leave_room

from callbacks.replays import Panels, PanelsOf, Replays
from callbacks.sockets import Sockets
from dashboard import messages, overview
from dashboard.access.permissions import gives_orders
from dashboard.archive.districts import Districts
from dashboard.backlog.cases import BacklogFigures
from dashboard.follower import Follower
from dashboard.history.post import Post
from dashboard.journal import Journal
from dashboard.situation import Change
from dashboard.store import JournalUnavailable
from dashboard.wire import restamp

log = logging.getLogger(__name__)

_FRAME_GAP_S = 0.05  # positions that trickle in are sent together, at most this often
_URGENT_GAP_S = 0.05  # incidents and alerts
# Everything else; longer than the engine's beat, which brings most of it, so that both go out as one.
_CALM_GAP_S = 1.25
_PRESENCE_S = 10.0
_CONSOLE = "duty"  # the screen at which somebody sits


@dataclass(frozen=True)
class Room:
    """What a set of viewers has in common."""

    screen: str
    centre: str
    language: str

    @property
    def name(self) -> str:
        """Its name on the wire."""
        return f"{self.screen}:{self.centre}:{self.language}"

    @property
    def has_units(self) -> bool:
        """Whether its viewers see positions."""
        return self.screen in messages.WITH_UNITS


@dataclass
class _Channel:
    """What was said in a room: the number of the last message and each panel's last content."""

    seq: int = 0
    viewers: set[str] = field(default_factory=set)
    shown: dict[str, bytes] = field(default_factory=dict)
    backlog: BacklogFigures | None = None  # of the last second: an incident need not wait for it


class Live:
    """All rooms of one web process."""

    def __init__(
        self,
        socket: SocketIO,
        sockets: Sockets,
        districts: Districts,
        follower: Follower,
        journal: Journal,
        panels_of: PanelsOf,
        post: Post,
    ) -> None:
        """`sockets`: who is behind each; `post`: where replays are asked for."""
        self._replays = Replays(districts, post, panels_of, self._emit)
        self._socket = socket
        self._sockets = sockets
        self._district = districts.current
        self._follower = follower
        self._journal = journal
        self._panels: Mapping[str, Panels] = panels_of(districts.current)
        self._channels: dict[Room, _Channel] = {}
        self._room_of: dict[str, Room] = {}
        self._lock = follower.lock  # joins come on other threads than changes
        self._frames: list[bytes] = []
        self._frame_at = self._panels_at = self._settled_at = self._presence_at = 0.0
        self._is_urgent = False

    # -- from the situation --------------------------------------------------------------------------------------

    def on_start(self) -> None:
        """The copy was built afresh: every room starts afresh too."""
        with self._lock:
            for room in self._occupied():
                self._refresh(room)
                self._send_snapshot(room, to=room.name)

    def on_change(self, change: Change) -> None:
        """Send positions at once; remember that an incident or alert waits."""
        with self._lock:
            if change.units:
                self._frames += change.units
                self._send_frames()
            self._is_urgent |= any(
                (change.incidents, change.alerts, change.alarms, change.roll_calls, change.handovers)
            )

    def on_pause(self) -> float:
        """Send what is due; answers in how many seconds something else will be."""
        now = time.monotonic()
        with self._lock:
            self._send_frames()
            if now >= self._panels_due():
                self._send_panels(now)
        if now - self._presence_at >= _PRESENCE_S:
            self._presence_at = now
            self._tell_presence()
        return self._next_due() - time.monotonic()

    def _next_due(self) -> float:
        frames_due = self._frame_at + _FRAME_GAP_S if self._frames else math.inf
        return min(frames_due, self._panels_due())

    def _panels_due(self) -> float:
        return self._panels_at + (_URGENT_GAP_S if self._is_urgent else _CALM_GAP_S)

    def _occupied(self) -> list[Room]:
        return [room for room, channel in self._channels.items() if channel.viewers]

    def _send_frames(self) -> None:
        now = time.monotonic()
        if not self._frames or now - self._frame_at < _FRAME_GAP_S:
            return
        self._frame_at = now
        frames, self._frames = self._frames, []
        for room in filter(lambda room: room.has_units, self._occupied()):
            channel = self._channels[room]
            for frame in frames:
                channel.seq += 1
                self._emit(messages.UNITS, restamp(frame, self._follower.epoch, channel.seq), room.name)

    def _send_panels(self, now: float) -> None:
        self._panels_at, self._is_urgent = now, False
        if now - self._settled_at >= _CALM_GAP_S:
            self._settled_at = now
            self._follower.situation.settle(time.time())
        for room in self._occupied():
            self._refresh(room)

    def _refresh(self, room: Room) -> None:
        """Bring the room's panels up to now and tell its viewers what changed; nothing changed is said too."""
        channel = self._channels[room]
        changed, panels = {}, self._render(room)
        for name in channel.shown.keys() - panels.keys():
            del channel.shown[name]  # an incident's page: whoever joins later need not hear of it
        for name, content in panels.items():
            encoded = msgspec.json.encode(content)
            if channel.shown.get(name) != encoded:
                channel.shown[name] = encoded
                changed[name] = content
        if channel.viewers:
            channel.seq += 1
            self._emit(messages.PANELS, self._panels_message(room, changed), room.name)

    def _render(self, room: Room) -> dict[str, Any]:
        now = time.time()
        situation, scope = self._follower.situation, self._district.scope(room.centre)
        channel = self._channels[room]
        if channel.backlog is None or now - channel.backlog.as_of >= _CALM_GAP_S:
            channel.backlog = overview.backlog_figures(situation, self._district, scope, now)
        figures = overview.build(situation, self._district, scope, now, channel.backlog)
        return self._panels[room.screen](figures, situation, room.language)

    def _send_snapshot(self, room: Room, to: str) -> None:
        channel = self._channels[room]
        panels = {name: msgspec.json.decode(encoded) for name, encoded in channel.shown.items()}
        self._emit(messages.SNAPSHOT, self._panels_message(room, panels), to)
        if not room.has_units:
            return
        everyone = self._follower.situation.forces.frame()
        self._emit(messages.UNITS, restamp(everyone, self._follower.epoch, channel.seq), to)

    def _panels_message(self, room: Room, panels: dict[str, Any]) -> dict[str, Any]:
        message = messages.Panels(
            self._follower.epoch,
            self._channels[room].seq,
            time.time() * 1000,
            self._follower.heard_at * 1000,
            room.centre,
            panels,
        )
        return dict(msgspec.structs.asdict(message))

    def _emit(self, message: str, content: Any, to: str) -> None:
        self._socket.emit(message, content, to=to, namespace=messages.NAMESPACE)

    def _tell_presence(self) -> None:
        with self._lock:
            centres = {room.centre for room in self._occupied()}
            staff = self._staff()
        try:
            self._journal.man(centres, time.time())
            self._journal.staff(staff, time.time())
        except JournalUnavailable:
            log.info("the state server is away; presence is told later")

    def _staff(self) -> dict[str, list[str]]:
        """Who sits at consoles, by the centre that they act as: those alone who may give orders there."""
        staff: dict[str, set[str]] = {}
        for viewer, room in self._room_of.items():
            who = self._sockets.who(viewer)
            if room.screen == _CONSOLE and who is not None and gives_orders(who.role):
                staff.setdefault(room.centre, set()).add(who.title)
        return {centre: sorted(titles) for centre, titles in staff.items()}

    # -- from the viewers ----------------------------------------------------------------------------------------

    def join(self, wish: Any) -> dict[str, Any]:
        """A viewer names its scope and language; it gets a snapshot, then what changes. Answers with the numbers.

        Whoever names a scope that is not theirs is told which is.
        """
        viewer = request.sid  # type: ignore[attr-defined]
        who = self._sockets.who(viewer)
        room = self._wished_room(wish, who.centre if who else "")
        if room is None:
            return {"error": "no such centre or language"}
        if who is None or not self._sockets.may_see(viewer, room.screen, room.centre):
            return {"error": "not permitted", "centre": who.centre if who else ""}
        if (at := _moment(wish)) is not None:
            with self._lock:
                self._leave(viewer)
            self._replays.open(viewer, room.screen, room.centre, room.language, at)
            return dict(msgspec.structs.asdict(messages.Joined(0, 0, time.time() * 1000)))
        self._replays.close(viewer)
        with self._lock:
            self._leave(viewer)
            channel = self._channels.setdefault(room, _Channel())
            if self._follower.is_loaded:
                self._refresh(room)  # before the viewer is in the room: it gets this in its snapshot
            join_room(room.name)
            channel.viewers.add(viewer)
            self._room_of[viewer] = room
            if self._follower.is_loaded:
                self._send_snapshot(room, to=viewer)
            joined = messages.Joined(self._follower.epoch, channel.seq, time.time() * 1000)
            return dict(msgspec.structs.asdict(joined))

    def leave(self, *_: Any) -> None:
        """A viewer went away."""
        viewer = request.sid  # type: ignore[attr-defined]
        self._sockets.leave(viewer)
        self._replays.close(viewer)
        with self._lock:
            self._leave(viewer)

    def steer(self, wish: Any) -> dict[str, Any]:
        """A viewer of a replay wants to be elsewhere, faster, or to stand still."""
        return self._replays.steer(request.sid, wish)  # type: ignore[attr-defined]

    def _leave(self, viewer: str) -> None:
        room = self._room_of.pop(viewer, None)
        if room is None:
            return
        channel = self._channels[room]
        channel.viewers.discard(viewer)
        if not channel.viewers:
            del self._channels[room]
        if self._socket.server.manager.is_connected(viewer, messages.NAMESPACE):
            leave_room(room.name)

    def _wished_room(self, wish: Any, own_centre: str) -> Room | None:
        if not isinstance(wish, dict):
            return None
        screen, language = wish.get("screen", messages.SCREENS[0]), wish.get("lang", "zh")
        centre = wish.get("centre") or own_centre
        if screen not in messages.SCREENS or language not in ("zh", "en"):
            return None
        if not isinstance(centre, str) or centre not in self._district.centres:
            return None
        return Room(screen, centre, language)

    def shown(self, viewer: str) -> tuple[str, str] | None:
        """Which screen of which centre a viewer sees; None before it has joined."""
        with self._lock:
            room = self._room_of.get(viewer)
        return (room.screen, room.centre) if room else self._replays.shown(viewer)

    def sweep(self) -> None:
        """Close the sockets of those who may not be here any more."""

        def close(viewer: str) -> None:
            log.info("closing a live socket: its session or its scope has ended")
            self._socket.server.disconnect(viewer, namespace=messages.NAMESPACE)

        self._sockets.sweep(self.shown, close)

    def viewers(self) -> int:
        """How many screens are joined."""
        with self._lock:
            return len(self._room_of)


def _moment(wish: Any) -> float | None:
    """The past moment that a viewer asks for, epoch seconds; None: it wants what is now."""
    at_ms = wish.get("at_ms") if isinstance(wish, dict) else None
    if not isinstance(at_ms, int | float) or isinstance(at_ms, bool) or not math.isfinite(at_ms):
        return None
    return at_ms / 1000


def register(socket: SocketIO, live: Live, sockets: Sockets) -> None:
    """Wire the messages that viewers send; each is let through only to who may send it."""

    def enter(*_: Any) -> None:
        if why := sockets.enter(request.sid):  # type: ignore[attr-defined]
            raise ConnectionRefusedError(why)

    def guarded(event: str, handler: Callable[..., Any]) -> Callable[..., Any]:
        def answer(*sent: Any) -> Any:
            may = sockets.may_send(request.sid, event)  # type: ignore[attr-defined]
            return handler(*sent) if may else {"error": "not permitted"}

        return answer

    socket.on_event("connect", enter, namespace=messages.NAMESPACE)
    socket.on_event("disconnect", live.leave, namespace=messages.NAMESPACE)
    answers: dict[str, Callable[..., Any]] = {
        messages.JOIN: live.join,
        messages.STEER: live.steer,
        messages.TSYNC: lambda *_: time.time() * 1000,
    }
    for event, handler in answers.items():
        socket.on_event(event, guarded(event, handler), namespace=messages.NAMESPACE)


def start(live: Live, follower: Follower, stop: threading.Event) -> threading.Thread:
    """Follow the situation on a thread of its own until told to stop."""
    thread = threading.Thread(
        target=follower.follow,
        args=(stop, live.on_start, live.on_change, live.on_pause),
        daemon=True,
        name="live",
    )
    thread.start()
    return thread
