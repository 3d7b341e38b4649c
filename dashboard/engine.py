"""The engine process: leads by a lease, reads the journal, folds it, publishes what changed, saves the picture.

Effects are exactly once by construction: the saved picture holds the situation together with how far the journal
was read, so a successor continues from there, and its new epoch makes every web process start from its picture.
"""

import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator

import msgspec
from msgspec.structs import replace

from dashboard.archive import unfinished
from dashboard.archive.mover import Mover, Saved
from dashboard.archive.reader import Archive, HistoryError
from dashboard.archive.schema import number, number_at
from dashboard.archive.store import StoreError
from dashboard.audit.seal import Sealer
from dashboard.district import District
from dashboard.duty import Rosters
from dashboard.duty.roster_book import RosterBook
from dashboard.folding import fold
from dashboard.heartbeats import Heartbeats
from dashboard.journal import JOURNAL, Cursor, Entry, Journal, Tick, place
from dashboard.picture import Picture, decode_picture, decode_signs, encode_change, encode_picture, encode_signs
from dashboard.settings import Settings
from dashboard.situation import Change, Signs, Situation
from dashboard.storage import ARCHIVE, shares
from dashboard.store import JournalUnavailable
from dashboard.wire import WireError, unpack_fixes

log = logging.getLogger(__name__)

_LEASE_MS, _ANEW_MS = 3_000, 60_000  # to read years of the archive's keys takes a while, and once is enough
TICK_S = 1.0  # how often time alone changes the situation; also renews the lease
_BLOCK_MS = 200
_PICTURE_S = 30.0
_MANY_RECORDS, _MANY_S = 5_000, 3.0  # so many since a picture: another one, or a replay folds them for seconds
DELTAS_KEEP_S = 120.0  # several pictures long: a web process starts from a picture and catches up
_STORAGE_S = 10.0
_AWAY_S = 0.5
_SECONDS_AT_ONCE = 256
_RECORDS_AT_ONCE = 1_000


class Engine:
    """One engine; any number may run, one leads."""

    def __init__(
        self,
        district: District,
        journal: Journal,
        settings: Settings,
        clock: Callable[[], float] = time.time,
        book: RosterBook | None = None,
        sealer: Sealer | None = None,
        mover: Mover | None = None,
        archive: Archive | None = None,
        tick_s: float = TICK_S,
    ) -> None:
        """`book`: where the rosters are kept. `sealer`, `mover`: who seals the trail and archives; none: nobody.

        `archive`: what there was before the journal begins; None: nothing.
        """
        self._tick_s = tick_s
        self._archive = archive
        self._mover = mover
        self._book = book
        self._sealer = sealer
        self._district = district
        self._journal = journal
        self._settings = settings
        self._clock = clock
        self._name = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"  # its own, within a process too

    def run(self, stop: threading.Event) -> None:
        """Lead whenever the lease is free, until told to stop."""
        while not stop.is_set():
            try:
                if self._journal.lead(self._name, _LEASE_MS):
                    self._leadership().run(stop)
                else:
                    stop.wait(_AWAY_S)
            except JournalUnavailable as error:
                log.warning("the state server is away (%s); trying again", error)
                stop.wait(_AWAY_S)
        try:
            self._journal.resign(self._name)
        except JournalUnavailable:
            log.info("the state server is away; the lease runs out by itself")

    def _leadership(self) -> "_Leadership":
        return _Leadership(
            self._district,
            self._journal,
            self._settings,
            self._clock,
            self._name,
            self._book,
            self._sealer,
            self._mover,
            self._archive,
            self._tick_s,
        )


class _Leadership:
    """One time in the lead: from taking the lease to losing it, under one epoch."""

    def __init__(
        self,
        district: District,
        journal: Journal,
        settings: Settings,
        clock: Callable[[], float],
        name: str,
        book: RosterBook | None,
        sealer: Sealer | None,
        mover: Mover | None,
        archive: Archive | None,
        tick_s: float,
    ) -> None:
        self._mover = mover
        self._archive = archive
        self._tick_s = tick_s
        self._district = district
        self._journal = journal
        self._settings = settings
        self._clock = clock
        self._name = name
        self._book = book
        self._sealer = sealer
        self._situation = Situation(district)
        self._heartbeats = Heartbeats()
        self._cursor = Cursor()
        self._delta = b"0-0"  # the last message that the picture holds
        self._epoch = journal.new_epoch()
        self._seq = 0
        self._new_records = 0  # since the last picture
        self._missed: list[Change] = []
        self._left_out = 0  # batches of positions that could not be read
        self._storage: dict[str, float] | None = None  # how full we are, until the next second takes it in
        self._tick_at = self._picture_at = self._storage_at = 0.0

    def run(self, stop: threading.Event) -> None:
        """Restore, catch up, then follow; returns when the lease is lost."""
        if not self._restore(stop) or not self._catch_up(stop):
            return
        # What the dead engine may not have told any more; before the picture, so that no death can lose it. Said even
        # when it is nothing: the picture has its place behind it.
        self._send(Change.merged(self._missed))
        self._missed.clear()
        self._save_picture()
        log.info("leading epoch %d", self._epoch)
        while not stop.is_set():
            entries, cursor = self._journal.read(self._cursor, _BLOCK_MS)
            self._take(entries)
            self._cursor = cursor
            if not self._pass_time():
                return
        self._save_picture()

    def _restore(self, stop: threading.Event) -> bool:
        """Begin where the saved picture stands, or else with what is open; False when the lease was lost meanwhile."""
        saved = self._journal.picture()
        if saved is None:
            return True
        try:
            picture = decode_picture(saved)
        except msgspec.DecodeError as error:
            log.error("the saved picture is of another version (%s)", error)
            return self._begin_anew(stop)
        if picture.district != self._district.version:
            log.warning("the district's files have changed since the saved picture")
            return self._begin_anew(stop)
        self._situation.adopt(picture.everything)
        self._situation.restore(picture.memory)
        self._heartbeats.know(picture.everything.feeds)
        self._cursor, self._delta = picture.cursor, picture.delta
        return True

    def _begin_anew(self, stop: threading.Event) -> bool:
        """Fold what is open and older than the journal out of the archive; the journal itself comes next."""
        if self._archive is None:
            return True
        entries = self._journal.stretch(JOURNAL, b"0-0", 1)
        now = self._clock()
        before = number(entries[0].id) if entries else number_at(now)
        count = 0
        if not self._journal.lead(self._name, _ANEW_MS):
            return False
        try:
            for count, older in enumerate(unfinished.read(self._archive, before, now), 1):
                fold(self._situation, older.record, older.received_at, str(older.id))
                if count % _RECORDS_AT_ONCE == 0 and (stop.is_set() or not self._journal.lead(self._name, _ANEW_MS)):
                    return False
        except (HistoryError, StoreError) as error:
            log.error("the archive cannot be read (%s): what is older than the journal is not shown", error)
        log.info("%d records of the archive and then the journal make the situation anew", count)
        return self._journal.lead(self._name, _LEASE_MS)

    def _catch_up(self, stop: threading.Event) -> bool:
        """Fold what was journaled since the picture; False when the lease was lost meanwhile.

        First the seconds of the engine that led before, exactly as it lived them: what it has published is so. Only
        what came behind its last second is new.
        """
        for tick in self._seconds_since(self._delta):
            self._relive(tick)
        while not stop.is_set():
            entries, self._cursor = self._journal.read(self._cursor, block_ms=1)
            told = [change for entry in entries if (change := self._fold(entry)) is not None]
            if entries:
                told.append(self._situation.tick(entries[-1].received_at))
            # Where units are is in the picture that follows.
            self._missed.append(replace(Change.merged(told), units=()))
            if not self._journal.lead(self._name, _LEASE_MS):
                return False
            if not entries:
                break
        self._missed.append(replace(self._situation.tick(self._clock()), units=()))
        return True

    def _seconds_since(self, after: bytes) -> Iterator[Tick]:
        while deltas := self._journal.told(after, _SECONDS_AT_ONCE):
            yield from (delta.tick for delta in deltas if delta.tick is not None)
            after = deltas[-1].id

    def _relive(self, tick: Tick) -> None:
        """Fold one second of the engine before, up to where it had read by then."""
        while _is_behind(self._cursor, tick.cursor):
            entries, self._cursor = self._journal.read(self._cursor, block_ms=1, upto=tick.cursor)
            for entry in entries:
                self._fold(entry)
            if not entries:
                break  # what it had read is not there any more: the archive alone has it
        self._situation.pass_time(tick.at, decode_signs(tick.signs))
        self._journal.lead(self._name, _LEASE_MS)

    def _take(self, entries: list[Entry]) -> None:
        """Fold what was read. A batch of positions goes out before anything else is made of it."""
        changes = []
        for entry in entries:
            change = self._fold(entry, publish_moves=True)
            if change is not None:
                changes.append(change)
        self._publish(Change.merged([*changes, self._situation.redraw()]))

    def _fold(self, entry: Entry, publish_moves: bool = False) -> Change | None:
        try:
            batch = unpack_fixes(entry.fixes, self._district.roster.checksum) if entry.fixes else None
        except WireError as error:
            # After an edit of the roster thousands of the old one stand in the stream: the first is named.
            level = logging.DEBUG if self._left_out else logging.WARNING
            log.log(level, "positions at %s, and others like them, left out: %s", entry.id.decode(), error)
            self._left_out += 1
            return None
        self._new_records += batch is None
        told = self._publish if publish_moves else None
        return fold(self._situation, batch or entry.record, entry.received_at, entry.id.decode(), told)

    def _pass_time(self) -> bool:
        """What time alone brings, when it is due; False when the lease is lost."""
        now = self._clock()
        if now < self._tick_at:
            return True
        self._tick_at = now + self._tick_s
        if not self._journal.lead(self._name, _LEASE_MS):
            log.warning("another engine leads; epoch %d ends", self._epoch)
            return False
        signs = self._signs(now)
        change = self._situation.pass_time(now, signs)
        # Published even when empty: it tells web processes, and so every wall, that the situation still moves.
        self._send(change, Tick(now, self._cursor, encode_signs(signs)))
        if now >= self._picture_at or self._is_much_new(now):
            self._save_picture()
        if now >= self._storage_at:
            self._look_at_storage(now)
        if self._sealer is not None:
            self._sealer.look(now)
        if self._mover is not None:
            self._mover.look(now)
        return True

    def _is_much_new(self, now: float) -> bool:
        """Whether a flood of records came since the last picture, and that is some seconds old."""
        return self._new_records >= _MANY_RECORDS and now >= self._picture_at - _PICTURE_S + _MANY_S

    def _signs(self, now: float) -> Signs:
        """What is to be taken in beside the streams: how feeds and centres do, who is on duty, how full we are."""
        situation = self._situation
        states = self._heartbeats.look(self._journal.beats(), self._journal.last_heard(), self._journal.totals(), now)
        manned, staffed = self._journal.manned(), self._journal.staffed(now)
        storage, self._storage = self._storage, None
        return Signs(
            tuple(state for state in states if situation.feeds.get(state.name) != state),
            manned if manned != situation.manned else None,
            staffed if staffed != situation.staffed else None,
            self._new_rosters(),
            storage,
        )

    def _new_rosters(self) -> Rosters | None:
        """The rosters, if somebody changed them."""
        if self._book is None or self._book.version() == self._situation.duty.plan.rosters.version:
            return None
        version, edition = self._book.read()
        return Rosters(version, edition.shifts)

    def _publish(self, change: Change) -> None:
        if not change.is_empty():
            self._send(change)

    def _send(self, change: Change, tick: Tick | None = None) -> None:
        self._seq += 1
        self._journal.publish(self._epoch, self._seq, encode_change(change), tick)

    def _save_picture(self) -> None:
        delta = self._journal.last_delta()
        picture = encode_picture(
            Picture(
                self._district.version,
                self._epoch,
                self._seq,
                delta,
                self._cursor,
                self._situation.everything(),
                self._situation.memory(),
            )
        )
        self._journal.save_picture(picture)
        now = self._clock()
        if self._mover is not None:
            # The first of an engine, from which a replay goes on behind its predecessor; and what keeps seeks short.
            is_wanted = self._picture_at == 0 or self._new_records >= _MANY_RECORDS
            self._mover.note_picture(now, Saved(self._cursor.journal, self._cursor.fixes, delta), picture, is_wanted)
        self._picture_at, self._new_records = now + _PICTURE_S, 0

    def _look_at_storage(self, now: float) -> None:
        self._storage_at = now + _STORAGE_S
        self._storage = shares(self._journal.usage(), self._settings.data_dir)
        failing_since = self._mover.failing_since if self._mover is not None else None
        if failing_since is not None:
            self._storage[ARCHIVE] = now - failing_since


def _is_behind(cursor: Cursor, goal: Cursor) -> bool:
    """Whether something of either stream is still to be read."""
    return any(place(each) < place(wanted) for each, wanted in zip(cursor, goal, strict=True))
