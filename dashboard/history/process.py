"""The history process: replays for all web processes, on a machine's idle time. It can die and come back alone."""

import logging
import math
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable

from dashboard.history.player import Player
from dashboard.history.post import Answer, Ask, Post
from dashboard.history.session import Session
from dashboard.store import JournalUnavailable

log = logging.getLogger(__name__)

_LEASE_MS, _LEASE_S = 5_000, 1.0
_IDLE_S = 0.5
_AWAY_S = 1.0


class History:
    """All replays of one state server. Any number of these may run, one plays."""

    def __init__(
        self,
        post: Post,
        player: Callable[[], Player],
        most: int,
        steady: Callable[[], float] = time.monotonic,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`player` makes one; `most`: so many replays at once, further ones are told that it is busy."""
        self._steady, self._clock = steady, clock
        self._post = post
        self._player = player
        self._most = most
        self._name = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._sessions: dict[str, Session] = {}
        self._after: bytes | None = None  # up to here the asks were read; None: begin at their end
        self._leads_until = float("-inf")

    def run(self, stop: threading.Event) -> None:
        """Answer until told to stop."""
        while not stop.is_set():
            try:
                if not self.turn():
                    stop.wait(_AWAY_S)
            except JournalUnavailable as error:
                log.warning("the state server is away (%s)", error)
                self._drop_all()
                stop.wait(_AWAY_S)

    def turn(self) -> bool:
        """Hear what is asked, then let each replay go on a little; False while another process plays."""
        if not self._leads(self._steady()):
            return False
        if self._after is None:
            self._after = self._post.newest_ask()
        asks, self._after = self._post.asks(self._after, self._block_ms(self._steady()))
        for ask in asks:
            self._hear(ask, self._steady(), self._clock())
        for session in list(self._sessions.values()):
            if session.is_silent(self._steady()):
                self._end(session.name)
            else:
                self._step(session)
        return True

    def _leads(self, mono: float) -> bool:
        if mono < self._leads_until:
            return True
        if not self._post.lead(self._name, _LEASE_MS):
            self._drop_all()
            return False
        self._leads_until = mono + _LEASE_S
        return True

    def _drop_all(self) -> None:
        """Let go of every replay; their viewers ask again."""
        self._sessions.clear()
        self._after, self._leads_until = None, float("-inf")

    def _block_ms(self, mono: float) -> int:
        """How long to wait for an ask: not at all while there is work."""
        due_s = min((session.due_s(mono) for session in self._sessions.values()), default=_IDLE_S)
        return math.ceil(min(_IDLE_S, due_s) * 1000)

    def _hear(self, ask: Ask, mono: float, now: float) -> None:
        session = self._sessions.get(ask.session)
        if ask.is_over:
            self._end(ask.session)
            return
        if session is None:
            # Its viewer knows where it was and says so, if this process has come back meanwhile.
            if not ask.is_new:
                self._post.answer(ask.session, Answer(0.0, error="gone"))
                return
            if len(self._sessions) >= self._most:
                self._post.answer(ask.session, Answer(ask.at or 0.0, error="busy"))
                return
            session = self._sessions[ask.session] = Session(ask.session, self._player(), mono)
        session.hear(ask, mono, now)

    def _step(self, session: Session) -> None:
        try:
            answer = session.step(self._steady(), self._clock(), lambda: self._post.unfetched(session.name))
        except JournalUnavailable:
            raise
        except Exception:
            # One replay that breaks must not take the others with it.
            log.exception("a replay ends")
            self._end(session.name)
            answer = Answer(0.0, error="broken")
        if answer is not None:
            self._post.answer(session.name, answer)

    def _end(self, name: str) -> None:
        self._sessions.pop(name, None)
        self._post.forget(name)
