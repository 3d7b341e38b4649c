"""Moves the streams into the archive, and says how far they may be forgotten.

A move writes the parts of one stretch of one stream, the table that commits it last. Where the archive ends is read
from the store before each move, so a death at any instruction leaves either a part that the next move finds, or none;
what is written twice is the same stretch of the same stream, of which only one part counts.
"""

import logging
import threading
import time
from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from itertools import takewhile
from typing import Any, NamedTuple

import pyarrow as pa
from msgspec import DecodeError

from dashboard.archive import districts, facts, gaps, parts
from dashboard.archive.checkpoints import Checkpoints
from dashboard.archive.districts import Districts
from dashboard.archive.gaps import Gap
from dashboard.archive.parts import Part
from dashboard.archive.schema import PLANS, Table, number, number_at, stream_id
from dashboard.archive.store import LocalStore, Store, StoreError
from dashboard.district import District
from dashboard.journal import DELTAS, FIXES, JOURNAL, Delta, Entry, Journal
from dashboard.picture import decode_head
from dashboard.store import JournalUnavailable

log = logging.getLogger(__name__)

# A stretch is read in pages until it is so long or so large: some tens of megabytes, however far we are behind.
_PAGE = {JOURNAL: 2_000, FIXES: 64, DELTAS: 128}
_ENTRIES, _BYTES = 20_000, 16_000_000
_PICTURES = 4  # that wait while the archive cannot be written: some tens of megabytes each
_NEAR = 2  # checkpoints that are looked at behind a message for one of its engine
_COMPLAIN_S = 300.0  # a trouble that lasts is said so often
_COMMIT = {JOURNAL: Table.RECORDS, FIXES: Table.TRACKS, DELTAS: Table.BEATS}
_OF_DELTAS: tuple[Table, ...] = tuple(
    table for table, plan in PLANS.items() if plan.stream == DELTAS and table is not Table.BEATS
)


class Saved(NamedTuple):
    """What the last saved picture stands on: nothing behind it may be forgotten, the next engine needs it."""

    journal: bytes
    fixes: bytes
    delta: bytes


class Keep(NamedTuple):
    """How long the streams keep what is archived already, seconds."""

    journal_s: float
    fixes_s: float
    deltas_s: float


class Mover:
    """Moves on a thread of its own; the engine that leads looks at it every second."""

    def __init__(
        self,
        journal: Journal,
        store: Store,
        district: District,
        every_s: float,
        keep: Keep,
        checkpoints: Checkpoints | None = None,
        tidy: Callable[[float], None] | None = None,
        files: bytes | None = None,
    ) -> None:
        """`journal`: a hold of its own. `tidy`: what else is to be done to the archive, after each move.

        `files`: the district's own, as districts.pack makes them, to be kept with the history that is told by them.
        """
        self._journal = journal
        self._store = store
        self._district = district
        self._every_s = every_s
        self._keep = keep
        self._checkpoints = checkpoints
        self._tidy = tidy
        self._files = files  # None as soon as they are kept
        self._editions: dict[int, District] = {}  # by the epoch of the engine that read it
        self._epoch: int | None = None  # since when those that lead have our own
        self._again_at = 0.0
        self._thread: threading.Thread | None = None
        self._saved: Saved | None = None
        self._pictures: deque[tuple[float, bytes, bytes]] = deque()
        self._pictures_lock = threading.Lock()
        self._archived: dict[str, int] = {}
        self._complained_at = -_COMPLAIN_S
        self.failing_since: float | None = None  # since when the archive cannot be written; None: it can

    # -- on the engine's thread ----------------------------------------------------------------------------------

    def note_picture(self, now: float, saved: Saved, picture: bytes, is_wanted: bool) -> None:
        """A picture was saved: it becomes a checkpoint now and then, and always where the engine wants it."""
        self._saved = saved
        if self._checkpoints is not None and (is_wanted or self._checkpoints.is_due(now)):
            self._checkpoints.taken_at(now)
            with self._pictures_lock:
                if len(self._pictures) == _PICTURES:
                    del self._pictures[1]  # the oldest is what a replay of all since must begin with
                self._pictures.append((now, saved.delta, picture))

    def look(self, now: float) -> None:
        """Begin to move where that is due and the last move is over."""
        if now < self._again_at or (self._thread and self._thread.is_alive()):
            return
        self._again_at = now + self._every_s
        self._thread = threading.Thread(target=self.run, args=(now,), daemon=True, name="archive")
        self._thread.start()

    def wait(self, seconds: float) -> None:
        """Let a move that runs come to its end."""
        if self._thread is not None:
            self._thread.join(seconds)

    # -- on its own ----------------------------------------------------------------------------------------------

    def run(self, now: float) -> None:
        """Move all there is, keep the checkpoints, forget what may be forgotten."""
        try:
            self._keep_files()
            self.move()
            self._keep_checkpoints()
            self.forget(now)
            if self._tidy is not None:
                self._tidy(now)
            if self.failing_since is not None:
                log.info("the archive can be written again")
            self.failing_since = None
        except (JournalUnavailable, StoreError, OSError) as error:
            self.failing_since = self.failing_since or now
            self._complain(error)
        except Exception:
            self.failing_since = self.failing_since or now
            log.exception("the archive could not be written; trying again in %.0f s", self._every_s)

    def move(self) -> None:
        """Bring the archive up to where the streams end now."""
        if self._epoch is None and self._pictures:
            with suppress(DecodeError):
                self._epoch = decode_head(self._pictures[0][2]).epoch
        for stream in (JOURNAL, FIXES, DELTAS):
            while self._move_one(stream):
                pass

    def forget(self, now: float) -> None:
        """Trim the streams: only what is archived, and is old, and lies behind the saved picture."""
        if self._saved is None or not self._archived:
            return
        keep = {JOURNAL: self._keep.journal_s, FIXES: self._keep.fixes_s, DELTAS: self._keep.deltas_s}
        saved = {JOURNAL: self._saved.journal, FIXES: self._saved.fixes, DELTAS: self._saved.delta}
        limits = {}
        for stream, archived in self._archived.items():
            least = min(archived, number(saved[stream]), number_at(now - keep[stream]))
            limits[stream] = stream_id(max(0, least))
        self._journal.trim(limits)

    def _move_one(self, stream: str) -> bool:
        """Move one stretch; whether there may be more."""
        after = parts.end(self._store, _COMMIT[stream])
        rows, is_more = self._rows(stream, stream_id(after))
        if stream not in self._archived:
            self._note_gap(stream, after, rows)
        self._archived[stream] = after
        if not rows:
            return False
        stretch = self._one_day(rows)
        if stream == DELTAS:
            stretch = self._one_edition(stretch)
        day = parts.day_of(number(stretch[0].id), self._district.timezone)
        for table, made in self._tables(stream, stretch).items():
            self._write(Part(table, day, number(stretch[0].id), number(stretch[-1].id)), made)
        self._archived[stream] = number(stretch[-1].id)
        return is_more or len(stretch) < len(rows)

    def _rows(self, stream: str, after: bytes) -> tuple[list[Any], bool]:
        """Entries, or of the engine's messages deltas; and whether there may be more."""
        found: list[Any] = []
        size = 0
        while len(found) < _ENTRIES and size < _BYTES:
            page = self._page(stream, found[-1].id if found else after)
            found += page
            size += sum(_size(row) for row in page)
            if len(page) < _PAGE[stream]:
                return found, False
        return found, True

    def _page(self, stream: str, after: bytes) -> Sequence[Entry | Delta]:
        if stream == DELTAS:
            return self._journal.told(after, _PAGE[stream])
        return self._journal.stretch(stream, after, _PAGE[stream])

    def _note_gap(self, stream: str, after: int, rows: Sequence[Any]) -> None:
        """Put on record where the stream was forgotten beyond what this archive has: it was emptied, or is another."""
        forgotten = number(self._journal.forgotten(stream))
        upto = min(forgotten, number(rows[0].id)) if rows else forgotten
        if upto <= after + 1 or parts.end(self._store, _COMMIT[stream]) != after:
            return
        gap = Gap(stream.removeprefix("wall:"), after + 1, upto - 1)
        log.error("the archive lacks what was in %s before %s", stream, stream_id(upto).decode())
        gaps.note(self._store, gap)

    def _one_day(self, rows: list[Any]) -> list[Any]:
        """The first of these, up to the local midnight."""
        zone = self._district.timezone
        day = parts.day_of(number(rows[0].id), zone)
        if parts.day_of(number(rows[-1].id), zone) == day:
            return rows
        return [row for row in rows if parts.day_of(number(row.id), zone) == day]

    def _one_edition(self, rows: list[Delta]) -> list[Delta]:
        """The first of these, up to where an engine leads that read another edition of the district's files."""
        first = self._edition(rows[0])
        return list(takewhile(lambda delta: self._edition(delta) is first, rows))

    def _edition(self, delta: Delta) -> District:
        """The district whose places an engine's message names by their numbers; ours where that is not known."""
        if self._epoch is None or delta.epoch >= self._epoch:
            return self._district
        if delta.epoch not in self._editions:
            self._editions[delta.epoch] = self._earlier_edition(delta)
        return self._editions[delta.epoch]

    def _earlier_edition(self, delta: Delta) -> District:
        editions = Districts(self._store, self._district)
        if self._checkpoints is None or not editions.has_others():
            return self._district
        known = self._checkpoints.all()
        near = bisect_left(known, number(delta.id), key=lambda checkpoint: checkpoint.id)
        for checkpoint in known[max(0, near - 1) : near + _NEAR]:
            try:
                picture = self._checkpoints.load(checkpoint.name)
            except (DecodeError, FileNotFoundError):
                continue  # of another version, or swept meanwhile
            if picture.epoch == delta.epoch:
                return editions.of(picture.district) or self._district
        return self._district

    def _tables(self, stream: str, rows: Sequence[Any]) -> Mapping[Table, pa.Table]:
        """What is to be written of a stretch, the table that commits it last."""
        if stream == JOURNAL:
            return {Table.RECORDS: facts.of_journal(rows)}
        if stream == FIXES:
            return {Table.TRACKS: facts.of_fixes(rows)}
        made = facts.of_deltas(rows, self._edition(rows[0]))
        tables: dict[Table, pa.Table] = {table: made[table] for table in _OF_DELTAS if made[table].num_rows}
        tables[Table.BEATS] = made[Table.BEATS]
        return tables

    def _write(self, part: Part, rows: pa.Table) -> None:
        self._store.write(part.name, parts.pack(part.table, rows))

    def _keep_files(self) -> None:
        if self._files is not None:
            districts.keep(self._store, self._district, self._files)
            self._files = None

    def _keep_checkpoints(self) -> None:
        while self._checkpoints is not None and self._pictures:
            oldest = self._pictures[0]
            self._checkpoints.keep(*oldest)
            with self._pictures_lock:
                if self._pictures[0] is oldest:
                    self._pictures.popleft()

    def _complain(self, error: Exception) -> None:
        if time.monotonic() - self._complained_at >= _COMPLAIN_S:
            self._complained_at = time.monotonic()
            log.error("the archive cannot be written (%s); nothing is forgotten meanwhile", error)


def _size(row: Entry | Delta) -> int:
    """About how many bytes it holds."""
    return len(row.change) if isinstance(row, Delta) else len(row.fixes) + len(row.raw)


def swept(store: Store) -> Store:
    """The store without what a dead writer left behind."""
    if isinstance(store, LocalStore):
        store.sweep()
    return store
