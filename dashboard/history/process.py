"""The history process: replays for all web processes, on a machine's idle time. It can die and come back alone."""

import logging
import threading
import time
from collections.abc import Callable

from dashboard.history.player import Player
from dashboard.history.post import SILENT_S, Answer, Ask, Post
from dashboard.history.session import Session
from dashboard.store import JournalUnavailable

log = logging.getLogger(__name__)

_IDLE_MS, _BUSY_MS = 500, 20
_AWAY_S = 1.0


class History:
    """All replays that this process plays."""

    def __init__(self, post: Post, player: Callable[[], Player], most: int) -> None:
        """`player` makes one; `most`: so many replays at once, further ones are told that it is busy."""
        self._post = post
        self._player = player
        self._most = most
        self._sessions: dict[str, Session] = {}
        self._after = b"0-0"

    def run(self, stop: threading.Event) -> None:
        """Answer until told to stop."""
        while not stop.is_set():
            try:
                self._after = self._post.newest_ask()
                while not stop.is_set():
                    self.turn(time.monotonic(), time.time())
            except JournalUnavailable as error:
                log.warning("the state server is away (%s)", error)
                self._sessions.clear()  # their viewers ask again
                stop.wait(_AWAY_S)

    def turn(self, mono: float, now: float) -> None:
        """Hear what is asked, then let each replay go on a little."""
        asks, self._after = self._post.asks(self._after, _BUSY_MS if self._sessions else _IDLE_MS)
        for ask in asks:
            self._hear(ask, mono)
        for session in list(self._sessions.values()):
            if mono - session.heard_at > SILENT_S:
                del self._sessions[session.name]
                continue
            answer = session.step(time.monotonic(), now)
            if answer is not None:
                self._post.answer(session.name, answer)

    def _hear(self, ask: Ask, mono: float) -> None:
        session = self._sessions.get(ask.session)
        if ask.over:
            self._sessions.pop(ask.session, None)
            return
        if session is None:
            # Its viewer knows where it was and says so, if this process has come back meanwhile.
            if ask.at is None:
                self._post.answer(ask.session, Answer(0.0, error="gone"))
                return
            if len(self._sessions) >= self._most:
                self._post.answer(ask.session, Answer(ask.at, error="busy"))
                return
            session = self._sessions[ask.session] = Session(ask.session, self._player())
        for answer in session.hear(ask, mono):
            self._post.answer(session.name, answer)
