"""One replay: its clock, and where its player stands. A step never takes long, so that several share a process."""

from dashboard.archive.reader import HistoryError
from dashboard.archive.store import StoreError
from dashboard.history.player import Moment, NoHistory, Player
from dashboard.history.post import Answer, Ask
from dashboard.picture import encode_change
from dashboard.situation import Change

LEAST_SPEED, MOST_SPEED = 1.0, 600.0
_ANSWER_S = 0.25  # at most so often
_BEAT_S = 1.0  # at least so often: a viewer must hear that it is alive
_BUDGET_S = 0.15  # of work in one step
_BEHIND_S = 2.0  # a replay comes no nearer to now


class Session:
    """A viewer's replay."""

    def __init__(self, name: str, player: Player) -> None:
        self.name = name
        self.heard_at = 0.0  # monotonic, when its viewer last said a word
        self._player = player
        self._at = 0.0
        self._speed = 1.0
        self._playing = True
        self._since: float | None = None  # the monotonic time at which the clock stood at `_at`
        self._wanted: float | None = None  # a moment to go to
        self._error = ""
        self._pending: list[Change] = []
        self._is_fresh = False
        self._moment: Moment | None = None
        self._answered_at = -_BEAT_S

    def hear(self, ask: Ask, mono: float) -> list[Answer]:
        """Take what the viewer wants; what it is told at once."""
        self.heard_at = mono
        if ask.at is None and ask.speed is None and ask.playing is None:
            return []
        self._at, self._since = self._clock(mono), mono
        if ask.speed is not None:
            self._speed = min(max(ask.speed, LEAST_SPEED), MOST_SPEED)
        if ask.playing is not None:
            self._playing = ask.playing
        if ask.at is not None:
            self._wanted = self._at = ask.at
            return [Answer(ask.at, self._speed, self._playing, seeking=True)]
        self._answered_at = -_BEAT_S
        return []

    def step(self, mono: float, now: float) -> Answer | None:
        """Go on a little; an answer where one is due. `mono`: a clock that never jumps; `now`: epoch seconds."""
        try:
            self._go(mono, now)
        except NoHistory:
            self._fail("no_archive")
        except (HistoryError, StoreError, OSError):
            self._fail("away")
        due = self._is_fresh or mono - self._answered_at >= (_ANSWER_S if self._pending else _BEAT_S)
        return self._answer(mono) if due else None

    def _go(self, mono: float, now: float) -> None:
        if self._wanted is not None:
            wanted, self._wanted = min(self._wanted, now - _BEHIND_S), None
            self._error = ""
            self._take(self._player.seek(wanted), mono)
            return
        if self._error or not self._playing or self._moment is None:
            return
        target = min(self._clock(mono), now - _BEHIND_S)
        if target > self._at:
            self._take(self._player.advance(target, _BUDGET_S), mono)

    def _take(self, moment: Moment, mono: float) -> None:
        """The clock goes on from where the work came to: a replay that cannot keep its pace is slower, never behind."""
        self._at, self._since, self._moment = moment.at, mono, moment
        if moment.is_fresh:
            self._is_fresh, self._pending = True, []
        elif not moment.change.is_empty() or moment.at != moment.shown_at:
            self._pending.append(moment.change)

    def _clock(self, mono: float) -> float:
        if not self._playing or self._since is None:
            return self._at
        return self._at + (mono - self._since) * self._speed

    def _fail(self, why: str) -> None:
        self._error, self._playing, self._pending = why, False, []
        self._answered_at = -_BEAT_S

    def _answer(self, mono: float) -> Answer:
        self._answered_at = mono
        gap, shown_at = (self._moment.is_gap, self._moment.shown_at) if self._moment else (False, 0.0)
        change, is_fresh = b"", self._is_fresh
        if not self._error and self._moment is not None and (is_fresh or self._pending):
            change = encode_change(self._change())
        self._pending, self._is_fresh = [], False
        return Answer(self._at, self._speed, self._playing, False, self._error, is_fresh, gap, shown_at, change)

    def _change(self) -> Change:
        """All that changed; where units are is said once, by one frame."""
        situation = self._player.situation
        if self._is_fresh:
            return situation.everything()
        return Change.merged([*self._pending, Change(units=(situation.forces.frame(),))])
