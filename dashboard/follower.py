"""A web process's copy of the situation: from the saved picture, then by the deltas; never by the journal itself."""

import logging
import threading
import time
from collections.abc import Callable

import msgspec

from dashboard.district import District
from dashboard.journal import Delta, Journal, place
from dashboard.picture import decode_change, decode_picture
from dashboard.situation import Change, Situation
from dashboard.store import JournalUnavailable

log = logging.getLogger(__name__)

_LONGEST_BLOCK_S = 0.25
_AWAY_S = 0.3


class Follower:
    """Keeps `situation` current; tells one listener of each change, of each fresh start and of passing time."""

    def __init__(self, district: District, journal: Journal) -> None:
        self._district = district
        self._journal = journal
        self.lock = threading.RLock()  # held while the copy changes; whoever reads it on another thread holds it too
        self.situation = Situation(district)
        self.epoch = 0
        self.seq = 0
        self.gaps = 0
        self.heard_at = 0.0  # when the last delta came, epoch seconds; 0: none yet
        self.is_loaded = False
        self._delta = self._known_end = b"0-0"
        self._least_epoch = 0  # of a picture that is worth loading

    @property
    def is_current(self) -> bool:
        """Whether the copy holds all that was published when it was loaded: the picture alone may be half a minute old,
        and nobody can be told by it that something is not there."""
        return self.is_loaded and place(self._delta) >= place(self._known_end)

    def follow(
        self,
        stop: threading.Event,
        on_start: Callable[[], None],
        on_change: Callable[[Change], None],
        on_pause: Callable[[], float],
    ) -> None:
        """Follow until told to stop.

        `on_start` is called when the copy was built afresh, `on_change` for each change just before the copy takes it,
        and `on_pause` after each read, with or without changes: what is drawn at leisure is drawn there. It answers
        in how many seconds it wants to be called again at the latest.
        """
        block_s = 0.0
        while not stop.is_set():
            try:
                if not self.is_loaded and self._load():
                    on_start()
                if self.is_loaded:
                    self._read(on_change, block_s)
                else:
                    stop.wait(_AWAY_S)
            except JournalUnavailable as error:
                log.warning("the state server is away (%s)", error)
                stop.wait(_AWAY_S)
            block_s = min(on_pause(), _LONGEST_BLOCK_S)

    def _load(self) -> bool:
        saved, end = self._journal.picture(), self._journal.last_delta()
        if saved is None:
            return False
        try:
            picture = decode_picture(saved)
        except msgspec.DecodeError:
            return False  # an older engine's; the new one saves its own as soon as it leads
        if picture.district != self._district.version or picture.epoch < max(self.epoch, self._least_epoch):
            return False
        situation = Situation(self._district)
        situation.adopt(picture.everything)
        self.situation, self.epoch, self.seq = situation, picture.epoch, picture.seq
        self._delta, self._known_end = picture.delta, end
        self.is_loaded = True
        return True

    def _read(self, on_change: Callable[[Change], None], block_s: float) -> None:
        for delta in self._journal.deltas(self._delta, max(1, int(block_s * 1000))):
            self._delta = delta.id
            if delta.epoch < self.epoch or (delta.epoch == self.epoch and delta.seq <= self.seq):
                continue  # an engine that lost its lease, or part of the picture
            if delta.epoch > self.epoch or delta.seq != self.seq + 1:
                self._start_over(delta)
                return
            self.seq = delta.seq
            self.heard_at = time.time()
            change = decode_change(delta.change)
            with self.lock:  # told first: positions reach viewers a millisecond earlier
                on_change(change)
                self.situation.adopt(change)

    def _start_over(self, delta: Delta) -> None:
        """A new leader begins with a picture; a gap is healed by one."""
        if delta.epoch == self.epoch:
            self.gaps += 1
            log.warning("deltas %d to %d are missing; starting from the picture", self.seq + 1, delta.seq - 1)
        self._least_epoch = delta.epoch
        self.is_loaded = False
