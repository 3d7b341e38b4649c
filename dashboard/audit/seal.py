"""Daily seals: the rows of each past day in a file of their own, `audit/YYYY-MM-DD.jsonl.gz`, signed with our key.

A file is written whole or not at all, and never again; the stream is trimmed only behind what a file holds. So a death
at any point loses nothing, doubles nothing, and the next run goes on where the last one ended.
"""

import contextlib
import gzip
import hashlib
import hmac
import logging
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import NamedTuple

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from dashboard.audit import chain
from dashboard.audit.chain import Head, Row
from dashboard.audit.ledger import Ledger
from dashboard.records import moment
from dashboard.store import JournalUnavailable

log = logging.getLogger(__name__)

_SUFFIX = ".jsonl.gz"
_AFTER_MIDNIGHT_S = 60.0  # what was begun before midnight is written by then
_AGAIN_S = 300.0


class Seal(Struct, frozen=True, kw_only=True):
    """The last line of a day's file: what the file holds, and our signature under it."""

    day: str
    previous: str  # day of the file before it; "" for the first
    count: int
    first_seq: int
    last_seq: int
    before: str  # hash of the row before the first one
    first_hash: str
    last_hash: str
    sealed_at: str
    key: str  # which key signed, by its fingerprint
    mac: str = ""

    @property
    def start(self) -> Head:
        """Where the chain stood before this file."""
        return Head(self.first_seq - 1, self.before)

    @property
    def end(self) -> Head:
        """Where the chain stands behind it."""
        return Head(self.last_seq, self.last_hash)


class _Last(Struct, frozen=True):
    seal: Seal


class SealError(ValueError):
    """A day's file cannot be read as one."""


class Sealed(NamedTuple):
    """A day's file, read back."""

    rows: list[Row]
    seal: Seal


def files(folder: Path) -> list[Path]:
    """The days' files, oldest first."""
    return sorted(path for path in folder.glob(f"*{_SUFFIX}") if _is_day(path.name.removesuffix(_SUFFIX)))


def read(path: Path) -> Sealed:
    """A day's file; raises SealError."""
    try:
        *lines, last = gzip.decompress(path.read_bytes()).splitlines()
        seal = msgspec.json.decode(last, type=_Last).seal
    except (OSError, EOFError, ValueError, msgspec.DecodeError) as error:
        raise SealError(f"{path.name} cannot be read ({error})") from None
    return Sealed([chain.read(line, seal.first_seq + place) for place, line in enumerate(lines)], seal)


def sign(seal: Seal, key: bytes) -> Seal:
    """The seal with our signature."""
    named = replace(seal, key=fingerprint(key))
    return replace(named, mac=_mac(named, key))


def is_signed(seal: Seal, key: bytes) -> bool:
    """Whether the signature is ours and fits."""
    return hmac.compare_digest(seal.mac.encode(), _mac(seal, key).encode())


def fingerprint(key: bytes) -> str:
    """The name of a key, which says nothing of the key."""
    return hashlib.sha256(b"audit key|" + key).hexdigest()[:12]


def due(rows: Sequence[Row], last_day: date | None, today: date, zone: tzinfo) -> Iterator[tuple[date, list[Row]]]:
    """The rows of each day that is over, in their order.

    A row that is late for its day, or ahead of ours by a clock that was wrong, goes with the rows around it.
    """
    first_free = last_day + timedelta(1) if last_day else date.min
    day: date | None = None
    part: list[Row] = []
    for row in rows:
        said = _said(row, zone)
        if said <= today and (day is None or said > day):
            turn = max(said, first_free)
            if turn >= today:
                break
            if day is not None and turn > day:
                yield day, part
                part = []
            day = turn
        part.append(row)
    if day is not None:
        yield day, part


def seal_days(ledger: Ledger, folder: Path, key: Callable[[], bytes], zone: tzinfo, now: float) -> list[date]:
    """Seal every day that is over; the days. `key` is asked only where there is something to sign."""
    last = _last(folder)
    if last is not None:
        ledger.trim(last.last_seq)  # a run that died may have left what the file holds
    rows = ledger.all_rows(last.last_seq if last else 0)
    last_day = date.fromisoformat(last.day) if last else None
    today = moment(now).astimezone(zone).date()
    sealed = []
    for day, part in due(rows, last_day, today, zone):
        seal = sign(_seal(day, part, last, now), key())
        _write(folder, part, seal)
        last = read(_path(folder, day)).seal
        ledger.trim(last.last_seq)
        sealed.append(day)
    return sealed


def sweep(folder: Path, today: date, keep_days: float) -> list[Path]:
    """Delete files that are older than they must be kept, but never the newest; what was deleted."""
    gone = [path for path in files(folder)[:-1] if date.fromisoformat(_day(path)) < today - timedelta(keep_days)]
    for path in gone:
        path.unlink()
    return gone


class Sealer:
    """Seals on a thread of its own, once a day is over; the engine that leads looks at it every second."""

    def __init__(self, ledger: Ledger, folder: Path, key: Callable[[], bytes], zone: tzinfo, keep_days: float) -> None:
        self._ledger = ledger
        self._folder = folder
        self._key = key
        self._zone = zone
        self._keep_days = keep_days
        self._done: date | None = None  # the day up to which all is sealed
        self._again_at = 0.0
        self._thread: threading.Thread | None = None

    def look(self, now: float) -> None:
        """Begin to seal where that is due and nobody does it yet."""
        today = self._today(now - _AFTER_MIDNIGHT_S)
        if today == self._done or now < self._again_at or (self._thread and self._thread.is_alive()):
            return
        self._again_at = now + _AGAIN_S
        self._thread = threading.Thread(target=self.run, args=(now,), daemon=True, name="seal")
        self._thread.start()

    def run(self, now: float) -> None:
        """Seal what is due, delete what is old enough."""
        today = self._today(now - _AFTER_MIDNIGHT_S)
        try:
            for day in seal_days(self._ledger, self._folder, self._key, self._zone, now - _AFTER_MIDNIGHT_S):
                log.info("the audit trail of %s is sealed", day)
            for path in sweep(self._folder, today, self._keep_days):
                log.info("%s is older than %g days and deleted", path.name, self._keep_days)
            self._done = today
        except (JournalUnavailable, OSError, ValueError):
            log.exception("the audit trail could not be sealed; trying again in %.0f s", _AGAIN_S)

    def _today(self, now: float) -> date:
        return moment(now).astimezone(self._zone).date()


def _seal(day: date, rows: Sequence[Row], last: Seal | None, now: float) -> Seal:
    return Seal(
        day=day.isoformat(),
        previous=last.day if last else "",
        count=len(rows),
        first_seq=rows[0].seq,
        last_seq=rows[-1].seq,
        before=last.last_hash if last else chain.GENESIS,
        first_hash=rows[0].hash,
        last_hash=rows[-1].hash,
        sealed_at=chain.utc(moment(now)),
        key="",
    )


def _write(folder: Path, rows: Sequence[Row], seal: Seal) -> None:
    """The file of one day, whole and on the disk, unless it is there already."""
    folder.mkdir(parents=True, exist_ok=True)
    target = _path(folder, date.fromisoformat(seal.day))
    draft = folder / f".{target.name}.{os.getpid()}.{threading.get_ident()}"
    lines = [msgspec.json.encode(row) for row in rows] + [msgspec.json.encode(_Last(seal))]
    packed = gzip.compress(b"\n".join(lines) + b"\n", mtime=0)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(packed)
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(FileExistsError):
        os.link(draft, target)  # not os.replace: of two engines that both believe to lead, the first one's file stays
    draft.unlink()
    _settle(folder)


def _settle(folder: Path) -> None:
    """See to it that the folder itself is on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _last(folder: Path) -> Seal | None:
    """The newest seal; drafts that a dead run left behind are removed."""
    for draft in folder.glob(f".*{_SUFFIX}.*"):
        draft.unlink(missing_ok=True)
    known = files(folder)
    return read(known[-1]).seal if known else None


def _said(row: Row, zone: tzinfo) -> date:
    """The local day of a row; one that says none is ahead of every day."""
    try:
        return datetime.fromisoformat(row.at).astimezone(zone).date()
    except ValueError:
        return date.max


def _mac(seal: Seal, key: bytes) -> str:
    signed = b"audit seal|" + chain.canonical(msgspec.to_builtins(seal))
    return hmac.new(key, signed, hashlib.sha256).hexdigest()


def _path(folder: Path, day: date) -> Path:
    return folder / f"{day.isoformat()}{_SUFFIX}"


def _day(path: Path) -> str:
    return path.name.removesuffix(_SUFFIX)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
