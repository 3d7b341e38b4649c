"""Plays history: a situation of its own, folded along the seconds of the engines that led."""

from collections import deque
from heapq import merge
from operator import attrgetter
from time import monotonic

from msgspec import Struct
from msgspec.structs import replace

from dashboard.archive.schema import number, number_at, received_at
from dashboard.district import District
from dashboard.folding import fold
from dashboard.history.source import Happening, Second, Source
from dashboard.picture import Picture, decode_signs
from dashboard.situation import Change, Situation

GAP_S = 5.0  # no second for so long: nobody led
_SLACK_S = 5.0  # a second is published this much after it was counted, at most
_SECONDS_AT_ONCE = 300  # read of history; 300 s of 4,866 units are 20 MB
_NOTHING = Second(0, 0, 0.0, 0, 0, b"")


class NoHistory(LookupError):
    """There is nothing to show for that moment."""


class Moment(Struct, frozen=True):
    """Where the player stands after a step."""

    at: float  # the replayed moment
    change: Change  # since the step before; frames of units are left out: forces.frame() says where all are
    is_fresh: bool = False  # the situation was begun anew: everything() says it
    is_gap: bool = False  # nobody led at this moment; what is shown is from `shown_at`
    shown_at: float = 0.0


class Player:
    """One replay."""

    def __init__(self, district: District, source: Source) -> None:
        self.district = district  # of the moment that is shown
        self._source = source
        self.situation = Situation(district)
        self._now = self._last_read = _NOTHING  # the second that was folded last, and the last that was read
        self._seconds: deque[Second] = deque()
        self._waiting: deque[Happening] = deque()
        self._read_to = 0
        self._is_adrift = False  # the first picture of the engine that leads was not to be had (yet)

    @property
    def second(self) -> Second:
        """The second that was folded last."""
        return self._now

    def seek(self, at: float, budget_s: float | None = None) -> Moment:
        """Go to a moment; where `budget_s` seconds of work do not lead there, `advance` goes on.

        Raises NoHistory, and what the archive raises.
        """
        kept = self._source.picture_before(at)
        if kept is None:
            raise NoHistory
        # Nearer than any picture is where we are, perhaps.
        if self._is_adrift or not (kept.id <= self._now.id and self._now.at <= at):
            picture = kept.open()
            if picture is None:
                raise NoHistory
            self._begin(picture)
        _, _, reached = self._fold_to(at, budget_s)
        return self._moment(reached, Change(), is_fresh=True)

    def follow(self, picture: Picture, last: int) -> None:
        """Begin with a picture and fold every second up to the message with the id `last`, for a comparison."""
        self._begin(picture)
        while (second := self._next(received_at(last) + _SLACK_S)) is not None and second.id <= last:
            self._fold(second)

    def advance(self, until: float, budget_s: float | None = None) -> Moment:
        """Go on to a moment, or as far as `budget_s` seconds of work lead."""
        told, fresh, reached = self._fold_to(until, budget_s)
        return self._moment(reached, Change.merged(told), fresh)

    def _moment(self, at: float, change: Change, is_fresh: bool) -> Moment:
        shown_at = self._now.at
        return Moment(at, change, is_fresh, at - shown_at > GAP_S, shown_at)

    def _begin(self, picture: Picture) -> None:
        district = self._source.districts.of(picture.district)
        if district is None:
            raise NoHistory
        self.district, self.situation = district, Situation(district)
        self.situation.adopt(picture.everything)
        self.situation.restore(picture.memory)
        delta, cursor = number(picture.delta), picture.cursor
        streams = number(cursor.journal), number(cursor.fixes)
        self._now = self._last_read = Second(delta, picture.epoch, received_at(delta), *streams, b"")
        self._seconds.clear()
        self._waiting.clear()
        self._read_to = delta
        self._is_adrift = False

    def _fold_to(self, until: float, budget_s: float | None) -> tuple[list[Change], bool, float]:
        """Fold every second up to `until`; what changed, whether it was begun anew, and how far it came."""
        told, is_fresh, began = [], False, monotonic()
        while (second := self._next(until)) is not None:
            if second.epoch != self._now.epoch and self._succeed(second):
                is_fresh = True
                continue
            told.append(replace(self._fold(second), units=()))
            if budget_s is not None and monotonic() - began > budget_s:
                return told, is_fresh, second.at
        return told, is_fresh, until

    def _next(self, until: float) -> Second | None:
        """The next second up to `until`; None where there is none (yet)."""
        wanted = min(number_at(until + _SLACK_S), self._source.end()) if not self._seconds else 0
        while not self._seconds and self._read_to < wanted:
            self._read(wanted)
        return self._seconds[0] if self._seconds and self._seconds[0].at <= until else None

    def _read(self, upto: int) -> None:
        roster = self.district.roster.checksum
        chunk = self._source.chunk(self._last_read, self._read_to, upto, _SECONDS_AT_ONCE, roster)
        self._seconds.extend(chunk.seconds)
        # Of the same instant the journal's entry comes first, as the engine reads them.
        self._waiting.extend(merge(chunk.journal, chunk.fixes, key=attrgetter("id")))
        self._read_to = upto
        if chunk.seconds:
            self._last_read = chunk.seconds[-1]
        if len(chunk.seconds) == _SECONDS_AT_ONCE:
            self._read_to = self._last_read.id

    def _fold(self, second: Second) -> Change:
        self._seconds.popleft()
        told = []
        while self._waiting and self._waiting[0].is_in(second):
            happening = self._waiting.popleft()
            change = fold(self.situation, happening.what, happening.received_at, str(happening.id))
            told.append(change or Change())
        self._now = second
        return Change.merged([*told, self.situation.pass_time(second.at, decode_signs(second.signs))])

    def _succeed(self, second: Second) -> bool:
        """Another engine leads: go on from the picture that it began with; False where that is not to be had."""
        picture = self._source.picture_of(second.epoch, self._now.id)
        if picture is None:
            self._now = self._now._replace(epoch=second.epoch)
            self._is_adrift = True
            return False
        self._begin(picture)
        return True
