"""The way from a feed to the door: nothing is dropped while the journal is away. And its signs of life.

A feed gets one `Delivery` and knows neither door nor journal. A call that returns has put everything into the
journal, so a feed acknowledges to its source after the call and never before.
"""

import logging
import random
import time
from collections.abc import Callable, Mapping, Sequence
from threading import Event
from typing import TypeVar

from dashboard.door import Door, Receipt, Source
from dashboard.door.receipts import Reason
from dashboard.journal import Journal
from dashboard.records import Fix, Record
from dashboard.stills import NotAPicture, Stills
from dashboard.store import JournalUnavailable
from dashboard.wire import FixBatch
from feeds.source import FeedSettings

log = logging.getLogger(__name__)

T = TypeVar("T")

_BEAT_S = 5.0
_SAY_AGAIN_S = 60.0  # how often a stream of bad messages is mentioned in the log
_HOLD_FIRST_S, _HOLD_LONGEST_S = 0.1, 2.0


class FeedStopped(Exception):
    """The process is ending while the journal is away: what was being delivered was not taken."""


class Delivery:
    """One feed's way to the door."""

    def __init__(
        self,
        feed: FeedSettings,
        door: Door,
        journal: Journal,
        stop: Event,
        stills: Stills | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Without `stills` no pictures are kept. `stop` ends the waiting for a journal that is away."""
        self.is_lost = False
        self._feed, self._door, self._journal, self._stop = feed, door, journal, stop
        self._stills, self._clock = stills, clock
        self._source = Source(name=feed.name, crs=feed.crs.value, kinds=())
        self._beat_at = self._said_at = float("-inf")
        self._unsaid = 0

    def records(self, batch: Sequence[Record]) -> Receipt:
        """Deliver typed records; returns when the journal has them."""
        return self._hold(lambda: self._door.take_records(self._feed.name, list(batch), self._clock()))

    def fixes(self, rows: Sequence[Fix]) -> Receipt:
        """Deliver typed positions; returns when the journal has them."""
        return self._hold(lambda: self._door.take_fix_rows(self._feed.name, list(rows), self._clock()))

    def columns(self, batch: FixBatch) -> int:
        """Deliver positions in columns of roster places; returns when the journal has them."""
        return self._hold(lambda: self._door.take_fixes(self._feed.name, batch, self._clock()))

    def json(self, kind: str, body: bytes) -> Receipt:
        """Deliver what a sender wrote in our own JSON form, `kind` as in the intake's addresses."""
        return self._hold(lambda: self._door.take_json(self._source, kind, body, self._clock()))

    def still(self, picture: bytes) -> str | None:
        """Keep a picture; None where that cannot be: an alert is worth more than its picture."""
        if self._stills is None:
            return None
        try:
            return self._stills.store(picture)
        except NotAPicture as error:
            self.refuse(str(error), Reason.BAD_PICTURE)
        except OSError as error:
            log.warning("feed %s: a picture could not be kept: %s", self._feed.name, error)
        return None

    def refuse(self, why: str, reason: Reason = Reason.MALFORMED) -> None:
        """Count one message that could not be read, and say so in the log now and then."""
        self._hold(lambda: self._door.refuse(self._feed.name, reason))
        self._unsaid += 1
        if self._clock() - self._said_at >= _SAY_AGAIN_S:
            log.warning("feed %s: %d refused, the last one: %s", self._feed.name, self._unsaid, why)
            self._said_at, self._unsaid = self._clock(), 0

    def set_aside(self, raw: bytes, why: str) -> None:
        """Put what was refused where a person can look at it."""
        self._hold(lambda: self._journal.quarantine(self._feed.name, raw, why))

    def dropped(self, fields: Mapping[str, int]) -> None:
        """Count fields about persons that were left behind, by field."""
        if fields:
            totals = {"dropped": {f"{self._feed.name}|{name}": times for name, times in fields.items()}}
            self._hold(lambda: self._journal.count(totals))

    def alive(self) -> None:
        """The source is connected; cheap enough for every turn of a feed's loop."""
        if self.is_lost:
            log.info("feed %s is back", self._feed.name)
            self.is_lost = False
            self._beat_at = float("-inf")
        if self._clock() - self._beat_at >= _BEAT_S:
            self._beat("")

    def lost(self, error: BaseException) -> None:
        """The source is gone: said once in the log, and on the feed strip until it is back."""
        if not self.is_lost:
            log.warning("feed %s is lost: %s", self._feed.name, describe(error))
        self.is_lost = True
        self._beat(describe(error))

    def _beat(self, error: str) -> None:
        title = self._feed.title or self._feed.name
        self._beat_at = self._clock()
        try:
            self._journal.beat(self._feed.name, title, self._beat_at, error, self._feed.rhythm_s)
        except JournalUnavailable:
            log.debug("feed %s: the journal is away, no beat", self._feed.name)

    def _hold(self, take: Callable[[], T]) -> T:
        """Do it, again and again while the journal is away; raises FeedStopped if the process ends first."""
        attempt = 0
        while True:
            try:
                taken = take()
            except JournalUnavailable as error:
                if attempt == 0:
                    log.warning("feed %s holds: the journal is away: %s", self._feed.name, error)
                if self._stop.wait(pause_s(attempt, _HOLD_FIRST_S, _HOLD_LONGEST_S)):
                    raise FeedStopped from error
                attempt += 1
            else:
                if attempt:
                    log.info("feed %s delivers again", self._feed.name)
                return taken


def pause_s(attempt: int, first_s: float, longest_s: float) -> float:
    """How long to wait before the next attempt: doubling to a limit, jittered so that none march in step."""
    return min(longest_s, first_s * 2.0 ** min(attempt, 30)) * random.uniform(0.5, 1.0)


def describe(error: BaseException) -> str:
    """One short line for an operator."""
    text = " ".join(str(error).split())[:200]
    return text or type(error).__name__
