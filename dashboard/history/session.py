"""One replay: its clock, and where its player stands. A step never takes long, so that several share a process."""

import logging
from collections.abc import Callable

from msgspec.structs import replace

from dashboard.archive.reader import HistoryError
from dashboard.archive.store import StoreError
from dashboard.history.player import Moment, NoHistory, Player
from dashboard.history.post import SILENT_S, Answer, Ask
from dashboard.picture import encode_change
from dashboard.situation import Change

log = logging.getLogger(__name__)

LEAST_SPEED, MOST_SPEED = 1.0, 600.0
EDGE_S = 3.0  # a replay comes no nearer to now: the last seconds may not be in the streams yet
_AHEAD_S = 60.0  # of us may a browser's clock be; who asks for later asks for the future
_ANSWER_S = 0.2  # at most so often
_BEAT_S = 1.0  # at least so often: a viewer must hear that it is alive
_BUDGET_S = 0.1  # of work in one step
_UNFETCHED_MOST = 2  # answers; a viewer that is slower gets fewer and larger ones
_PENDING_MOST = 20_000  # states that wait for a slow viewer; beyond, the whole situation is shorter


class Session:
    """A viewer's replay. `mono`: a clock that never jumps; `now`: epoch seconds."""

    def __init__(self, name: str, player: Player, mono: float) -> None:
        self.name = name
        self._player = player
        self._heard_at = mono
        self._at = 0.0
        self._speed = LEAST_SPEED
        self._playing = True
        self._since = mono  # when the clock stood at `_at`
        self._wanted: float | None = None  # on the way there
        self._is_under_way = False
        self._moment: Moment | None = None
        self._error = ""
        self._pending = Change()
        self._is_fresh = self._is_news = False
        self._is_behind = False  # the last step did not manage all that was due
        self._due_at = mono

    def is_silent(self, mono: float) -> bool:
        """Whether its viewer was not heard for too long."""
        return mono - self._heard_at > SILENT_S

    def due_s(self, mono: float) -> float:
        """In how many seconds it wants a step; 0: at once, there is work."""
        return 0.0 if self._wanted is not None or self._is_behind else max(0.0, self._due_at - mono)

    def hear(self, ask: Ask, mono: float, now: float) -> None:
        """Take what the viewer wants."""
        self._heard_at = mono
        if ask.at is None and ask.speed is None and ask.playing is None:
            return
        self._since = mono
        if ask.speed is not None:
            self._speed = min(max(ask.speed, LEAST_SPEED), MOST_SPEED)
        if ask.playing is not None:
            self._playing = ask.playing
        if ask.at is not None:
            self._seek(ask.at, now)
        self._due_at = mono  # a hand waits for the answer

    def step(self, mono: float, now: float, unfetched: Callable[[], int] = lambda: 0) -> Answer | None:
        """Go on a little; an answer where one is due. `unfetched`: how many answers wait for the viewer."""
        try:
            self._go(mono, now)
        except NoHistory:
            self._fail("no_archive")
        except (HistoryError, StoreError) as error:
            log.warning("a replay cannot go on: %s", error)
            self._fail("broken")
        if mono < self._due_at:
            return None
        is_rolling = self._playing and not self._error and self._wanted is None
        self._due_at = mono + (_ANSWER_S if is_rolling else _BEAT_S)
        return self._answer() if unfetched() <= _UNFETCHED_MOST else None

    # -- parts -----------------------------------------------------------------------------------------------------

    def _seek(self, at: float, now: float) -> None:
        self._at, self._error, self._is_under_way = at, "", False
        self._start_over()
        if at > now + _AHEAD_S:
            self._fail("future")
        else:
            self._wanted = self._at = min(at, now - EDGE_S)

    def _go(self, mono: float, now: float) -> None:
        if self._wanted is not None:
            go = self._player.advance if self._is_under_way else self._player.seek
            moment = go(self._wanted, _BUDGET_S)
            self._is_under_way = True
            if moment.at < self._wanted:
                return
            self._wanted, self._due_at = None, mono
            self._take(replace(moment, is_fresh=True), mono)
        elif (self._is_behind or mono >= self._due_at) and (target := self._clock(mono, now)) > self._at:
            self._take(self._player.advance(target, _BUDGET_S), mono)
            self._is_behind = self._at < target

    def _take(self, moment: Moment, mono: float) -> None:
        """The clock goes on from where the work came to: a replay that cannot keep its pace is slower, never behind."""
        self._is_fresh |= moment.is_fresh
        self._is_news |= moment.is_fresh or self._moment is None or moment.shown_at != self._moment.shown_at
        self._at, self._since, self._moment = moment.at, mono, moment
        self._pending = Change() if self._is_fresh else Change.merged([self._pending, moment.change])
        if sum(len(states) for states in (self._pending.cases, self._pending.incidents)) > _PENDING_MOST:
            self._is_fresh = True

    def _clock(self, mono: float, now: float) -> float:
        """Where the replay should be."""
        if not self._playing or self._error or self._moment is None or self._wanted is not None:
            return self._at
        return min(self._at + (mono - self._since) * self._speed, max(self._at, now - EDGE_S))

    def _fail(self, why: str) -> None:
        self._error, self._wanted, self._moment = why, None, None
        self._start_over()

    def _start_over(self) -> None:
        """Let go of what waits to be told."""
        self._pending, self._is_fresh, self._is_news, self._is_behind = Change(), False, False, False

    def _answer(self) -> Answer:
        gap, shown_at = (self._moment.is_gap, self._moment.shown_at) if self._moment else (False, 0.0)
        change, is_fresh = (self._change(), self._is_fresh) if self._is_news else (b"", False)
        self._pending, self._is_fresh, self._is_news = Change(), False, False
        is_seeking = self._wanted is not None
        version = self._player.district.version
        return Answer(
            self._at, self._speed, self._playing, is_seeking, self._error, is_fresh, gap, shown_at, version, change
        )

    def _change(self) -> bytes:
        """All that changed; where units are is said once, by one frame."""
        situation = self._player.situation
        if self._is_fresh:
            return encode_change(situation.everything())
        return encode_change(replace(self._pending, units=(situation.forces.frame(),)))
