"""Who is behind each live socket. A socket is opened with the cookie of a session and may outlive what the session
could do: so each is looked at again every two seconds, and closed when its caller may not have it any more."""

import logging
import threading
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from flask import Flask

from callbacks import own_pages
from callbacks.callers import Callers, address
from callbacks.trail import Trail
from dashboard.access import Principal
from dashboard.access.permissions import EVENTS, SCREENS
from dashboard.district import District
from dashboard.store import JournalUnavailable

SWEEP_S = 2.0
_PATH = "/socket.io"

Environment = dict[str, Any]
Wsgi = Callable[[Environment, Callable[..., Any]], Iterable[bytes]]

log = logging.getLogger(__name__)


class _Held(NamedTuple):
    token: str
    address: str
    who: Principal


class Sockets:
    """Who is behind each socket of this web process."""

    def __init__(self, callers: Callers, district: District, trail: Trail, names: frozenset[str] | None = None) -> None:
        """`names`: see own_pages.own_names."""
        self._names = names
        self._callers = callers
        self._district = district
        self._trail = trail
        self._held: dict[str, _Held] = {}
        self._lock = threading.Lock()

    def guarded(self, wsgi: Wsgi, server: Flask) -> Wsgi:
        """The server, where nobody takes up the thread of a socket who may not have one."""

        def answer(environment: Environment, respond: Callable[..., Any]) -> Iterable[bytes]:
            if not environment.get("PATH_INFO", "").startswith(_PATH):
                return wsgi(environment, respond)
            with server.request_context(environment):
                found = self._caller()
            if isinstance(found, Principal):
                return wsgi(environment, respond)
            respond("403 FORBIDDEN", [("Content-Type", "text/plain"), ("Connection", "close")])
            return [found.encode()]

        return answer

    def enter(self, socket: str) -> str:
        """A browser opens a socket: "" lets it in, otherwise why not."""
        found = self._caller()
        if not isinstance(found, Principal):
            return found
        with self._lock:
            self._held[socket] = _Held(self._callers.cookie.token(), address(), found)
        return ""

    def _caller(self) -> Principal | str:
        """Who opens the socket of the request being answered, or why it stays shut."""
        if not own_pages.is_own_name(self._names) or not own_pages.is_own_socket():
            return "another site may not open this"
        try:
            who = self._callers.who(self._callers.cookie.token(), address())
        except JournalUnavailable:
            return "the state server is away"
        return who if who is not None and who.may(EVENTS["connect"]) else "sign in first"

    def leave(self, socket: str) -> None:
        """A socket was closed."""
        with self._lock:
            self._held.pop(socket, None)

    def who(self, socket: str) -> Principal | None:
        """Who is behind a socket."""
        held = self._held.get(socket)
        return held.who if held else None

    def may_send(self, socket: str, event: str) -> bool:
        """Whether who is behind a socket may send an event."""
        who, needed = self.who(socket), EVENTS.get(event)
        may = who is not None and needed is not None and who.may(needed)
        return may or self._refuse(who, event)

    def may_see(self, socket: str, screen: str, centre: str) -> bool:
        """Whether who is behind a socket may see a screen of a centre."""
        who = self.who(socket)
        return (who is not None and self._sees(who, screen, centre)) or self._refuse(who, f"{screen} {centre}")

    def sweep(self, shown: Callable[[str], tuple[str, str] | None], close: Callable[[str], None]) -> None:
        """Look at everybody again, and close the sockets of those who may not be here any more.

        `shown`: which screen of which centre a socket shows. While the state server is away nobody's session can end
        nor anybody's role change, and what stands on the screens goes stale by itself: then all stay.
        """
        with self._lock:
            everybody = list(self._held.items())
        try:
            found = self._callers.who_all([held.token for _, held in everybody])
        except JournalUnavailable:
            return
        for (socket, held), who in zip(everybody, found, strict=True):
            place = shown(socket)
            fits = who is not None and who.may(EVENTS["connect"]) and (place is None or self._sees(who, *place))
            # Somebody else behind the same socket (a session that ended where guests may look) starts afresh too.
            if who is None or not fits or who.name != held.who.name:
                close(socket)
                continue
            with self._lock:
                if socket in self._held:
                    self._held[socket] = held._replace(who=who)

    def _refuse(self, who: Principal | None, wish: str) -> bool:
        self._trail.refusal(who.name if who else address(), f"live {wish}", "not permitted", who)
        return False

    def _sees(self, who: Principal, screen: str, centre: str) -> bool:
        needed = SCREENS.get(screen)
        return needed is not None and who.may(needed) and who.covers(centre, self._district)


def keep_sweeping(sweep: Callable[[], None], stop: threading.Event) -> threading.Thread:
    """Sweep on a thread of its own until told to stop."""

    def run() -> None:
        while not stop.wait(SWEEP_S):
            try:
                sweep()
            except Exception:  # the next sweep may work; without sweeps nobody would ever be put out
                log.exception("a sweep over the live sockets failed")

    thread = threading.Thread(target=run, daemon=True, name="sockets")
    thread.start()
    return thread
