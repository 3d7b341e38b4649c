"""What a replay is made of, out of the archive and of what is still in the streams: pictures, seconds, entries."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

import msgspec
import numpy as np

from dashboard import records
from dashboard.archive import parts
from dashboard.archive.checkpoints import Checkpoint, Checkpoints
from dashboard.archive.districts import Districts
from dashboard.archive.reader import Archive
from dashboard.archive.schema import Table, number, received_at
from dashboard.district import District
from dashboard.journal import Journal
from dashboard.picture import Picture, decode_head, decode_picture
from dashboard.records import Record
from dashboard.wire import FixBatch

_DEGREE = 1e7
_TRIES = 3  # pictures looked at for the one that an engine began with
_BEATS = """
    SELECT id, epoch, tick_at, journal, fixes, signs FROM beats
    WHERE tick_at IS NOT NULL AND id > ? AND id <= ? ORDER BY id LIMIT ?
"""
_RECORDS = "SELECT id, body FROM records WHERE id > ? AND id <= ? ORDER BY id"
_FIXES = """
    SELECT id, unit, at_ms, lat, lon, speed_mps, bearing_deg, accuracy_m FROM tracks
    WHERE roster = ? AND id > ? AND id <= ? ORDER BY id, unit, at_ms
"""


class Kept(NamedTuple):
    """A picture that was kept; to open it takes a tenth of a second where a district has many cases."""

    id: int  # of the last message that it holds
    open: Callable[[], Picture | None]  # None: of another version, of a district that is not kept, or swept meanwhile


class Second(NamedTuple):
    """One second of an engine."""

    id: int
    epoch: int
    at: float  # the engine's clock
    journal: int  # all of both streams up to here was folded before it
    fixes: int
    signs: bytes


class Happening(NamedTuple):
    """One entry of a stream."""

    id: int
    what: Record | FixBatch | None

    @property
    def received_at(self) -> float:
        """When it was received, epoch seconds."""
        return received_at(self.id)

    def is_in(self, second: Second) -> bool:
        """Whether it was folded before that second."""
        return self.id <= (second.fixes if isinstance(self.what, FixBatch) else second.journal)


class Chunk(NamedTuple):
    """The seconds of a stretch, and all that was folded in them."""

    seconds: list[Second]
    journal: list[Happening]
    fixes: list[Happening]


class Source:
    """The history of one district, whatever its files were."""

    def __init__(self, archive: Archive, checkpoints: Checkpoints, journal: Journal | None, district: District) -> None:
        self._archive = archive
        self._checkpoints = checkpoints
        self._journal = journal
        self.districts = Districts(archive.store, district)

    def picture_before(self, at: float) -> Kept | None:
        """The newest picture that was published at `at` or before it; None where history begins later."""
        running = self._running()
        if running is not None and received_at(running.id) <= at:
            return running
        known = self._checkpoints.latest(at)
        return Kept(known.id, partial(self._load, known)) if known else None

    def picture_of(self, epoch: int, after: int) -> Picture | None:
        """The picture that an engine began with, whose last message lies at the id `after` or behind it."""
        for known in [each for each in self._checkpoints.all() if each.id >= after][:_TRIES]:
            picture = self._load(known)
            if picture is not None and picture.epoch == epoch:
                return picture
        return None

    def first_at(self) -> float | None:
        """When history begins."""
        known = self._checkpoints.all()
        return known[0].at if known else None

    def end(self) -> int:
        """The id of the newest message of an engine."""
        archived = parts.end(self._archive.store, Table.BEATS)
        return max(archived, number(self._journal.last_delta()) if self._journal is not None else 0)

    def chunk(self, last: Second, after: int, until: int, most: int, roster: int) -> Chunk:
        """The seconds between two ids, the first `most` of them, and all that was folded behind the second `last`.

        `roster`: the checksum of that of the engine; fixes of others it left out as well. Raises HistoryError.
        """
        # What a second stands on was received seconds before it; parts are opened by the day.
        with self._archive.open(since=min(received_at(after), last.at), until=received_at(until)) as reading:
            seconds = [Second(*row) for row in reading.rows(_BEATS, [after, until, most])]
            if not seconds:
                return Chunk([], [], [])
            newest = seconds[-1]
            journal = [_record(*row) for row in reading.rows(_RECORDS, [last.journal, newest.journal])]
            fixes = reading.table(_FIXES, [roster, last.fixes, newest.fixes])
        return Chunk(seconds, journal, list(batches(fixes)))

    def _running(self) -> Kept | None:
        saved = self._journal.picture() if self._journal is not None else None
        try:
            head = decode_head(saved) if saved is not None else None
        except msgspec.DecodeError:
            return None
        if saved is None or head is None or self.districts.of(head.district) is None:
            return None
        return Kept(number(head.delta), partial(self._open, saved))

    def _load(self, known: Checkpoint) -> Picture | None:
        try:
            picture = self._checkpoints.load(known.name)
        except (msgspec.DecodeError, FileNotFoundError):
            return None  # of another version, or swept meanwhile
        return self._known(picture)

    def _open(self, saved: bytes) -> Picture | None:
        try:
            picture = decode_picture(saved)
        except msgspec.DecodeError:
            return None
        return self._known(picture)

    def _known(self, picture: Picture) -> Picture | None:
        return picture if self.districts.of(picture.district) is not None else None


def _record(id_: int, body: bytes) -> Happening:
    try:
        return Happening(id_, records.decode(body))
    except msgspec.DecodeError:
        return Happening(id_, None)  # the engine could not read it either


def batches(rows: Any) -> Iterator[Happening]:
    """The batches of fixes again, each as it was received."""
    columns = {name: rows[name].to_numpy() for name in rows.column_names}
    ids = columns["id"]
    if not len(ids):
        return
    for part in np.split(np.arange(len(ids)), np.flatnonzero(np.diff(ids)) + 1):
        batch = FixBatch(
            columns["unit"][part].astype(np.int64),
            columns["at_ms"][part] / 1000,
            columns["lat"][part] / _DEGREE,
            columns["lon"][part] / _DEGREE,
            columns["speed_mps"][part].astype(float),
            columns["bearing_deg"][part].astype(float),
            columns["accuracy_m"][part].astype(float),
        )
        yield Happening(int(ids[part[0]]), batch)
