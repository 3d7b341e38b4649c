"""Replay: recorded data down the same road as live data, as fast as possible or at a pace.

A recording is our own NDJSON (records with their tag and fixes, one a line) or one of the public tables that
this package can read; which one, its header says. Times stay as recorded or move so that the rehearsal is
today.
"""

import gzip
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from threading import Event
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import numpy as np

from dashboard import records, source_names
from dashboard.door import Door
from dashboard.records import Case, Fix, Record
from dashboard.store import JournalUnavailable
from dashboard.wire import FixBatch
from feeds import boston_311, cab_tracks, recorded_tables, sf_fire

log = logging.getLogger(__name__)

OWN_SOURCE = "replay"  # for records of ours that name no source
_CHUNK = 500  # records in one delivery
_TICK_S = 0.25
_RETRY_S = (0.5, 1.0, 2.0, 5.0)  # while the state server is away; the last is repeated

Piece = Record | Fix | FixBatch


class ReplayError(ValueError):
    """A file cannot be played; the message names it and says why."""


class StartAt(StrEnum):
    """Where a replay lies in time."""

    ORIGINAL = "original"
    NOW = "now"  # moved as late as possible without anything from the future: at pace 1 it begins now


@dataclass(frozen=True)
class Happening:
    """One recorded thing: when it happened (epoch seconds), whose word it is, and what it says."""

    at: float
    source: str
    what: Piece


@dataclass
class Progress:
    """How far a replay is; given to the caller after each delivery."""

    delivered: int
    total: int
    at: float  # the recording's own time, epoch seconds


def read(
    paths: Sequence[Path],
    places: Mapping[str, int],
    day: date | None = None,
    window: tuple[datetime, datetime] | None = None,
) -> list[Happening]:
    """What the files hold, in order of time; `places` is the roster's index of call-signs.

    `day` moves the cabs' tracks to that local day; without it they keep their own, unless incidents are
    played with them: then it is the first day of the same weekday that has incidents. `window` keeps what
    happened between two times, as recorded (tracks: after their move). Raises ReplayError.
    """
    found: list[Happening] = []
    tracks = []
    for path in paths:
        decoder = _decoder_of(path)
        if decoder is None:
            tracks.append(recorded_tables.read(path))
        else:
            found += decoder(path)
    for rows in tracks:
        onto = day or _same_weekday(rows["epoch_s"].astype("int64").min(), found)
        shift_s = cab_tracks.shift_to(rows, onto) if onto else 0.0
        found += [
            Happening(float(batch.at[0]), cab_tracks.SOURCE, batch)
            for batch in cab_tracks.decode(rows, places, shift_s)
        ]
    if window is not None:
        begin, end = (moment.timestamp() for moment in window)
        found = [happening for happening in found if begin <= happening.at < end]
    found.sort(key=lambda happening: happening.at)  # stable: a decoder's order holds within one moment
    return found


def play(
    recording: Sequence[Happening],
    inlet: Door,
    speed: float = 0.0,
    start_at: StartAt = StartAt.ORIGINAL,
    stop: Event | None = None,
    progress: Callable[[Progress], None] = lambda _: None,
    clock: Callable[[], float] = time.time,
) -> int:
    """Deliver a recording; answers how many happenings went out before the end or `stop`.

    `speed` 0 is as fast as possible, 1 as it happened, 60 a minute a second. A replay that is moved to now
    gets new identifiers, so that the same rehearsal tomorrow is not answered "repeated". The state server's
    absence holds it up and loses nothing.
    """
    if not recording:
        return 0
    stop = stop or Event()
    began, first = clock(), recording[0].at
    shift_s = shift_for(recording, speed, began) if start_at is StartAt.NOW else 0.0
    run = f"~{_short(int(began))}" if start_at is StartAt.NOW else ""
    done = 0
    while done < len(recording) and not stop.is_set():
        end = done
        reached = first + (clock() - began) * speed if speed else float("inf")
        while end < len(recording) and end - done < _CHUNK and recording[end].at <= reached:
            end += 1
        for source, pieces in _runs(recording[done:end]):
            _deliver(inlet, source, [moved(piece, shift_s, run) for piece in pieces], stop, clock)
        done = end
        if done < len(recording):
            progress(Progress(done, len(recording), recording[done].at))
            if speed and recording[done].at > reached:
                stop.wait(_TICK_S)
    progress(Progress(done, len(recording), recording[-1].at))
    return done


def shift_for(recording: Sequence[Happening], speed: float, now: float) -> float:
    """Seconds to add so that the last happening is played at its new time and none comes from the future."""
    first, last = recording[0].at, recording[-1].at
    return now + ((last - first) / speed if speed else 0.0) - last


def moved(piece: Piece, shift_s: float, run: str = "") -> Piece:
    """The same piece at another time; `run` is added to its identifier and to those that it refers to."""
    if isinstance(piece, FixBatch):
        columns = {name: getattr(piece, name) for name in piece.__dataclass_fields__}
        return FixBatch(**{**columns, "at": piece.at + shift_s}) if shift_s else piece
    changes: dict[str, Any] = {}
    for name in piece.__struct_fields__:
        value = getattr(piece, name)
        if isinstance(value, datetime) and shift_s:
            changes[name] = value + timedelta(seconds=shift_s)
        elif run and name in _REFERENCES and value and not isinstance(piece, Fix):
            changes[name] = value + run
    return msgspec.structs.replace(piece, **changes) if changes else piece


_REFERENCES = {"id", "case", "incident", "target", "into"}


def happened_at(record: Record) -> float:
    """When a record can have been known: a case's close, if it tells of one; else when the thing happened."""
    if isinstance(record, Case) and record.closed_at is not None and record.revision > 0:
        return max(record.closed_at, record.reported_at).timestamp()
    return records.event_time(record).timestamp()


def _deliver(inlet: Door, source: str, pieces: list[Piece], stop: Event, clock: Callable[[], float]) -> None:
    """Hand one run of like pieces to the door, again and again while the state server is away."""
    for attempt in range(1_000_000):
        try:
            return _hand_over(inlet, source, pieces, clock())
        except JournalUnavailable as error:
            if attempt == 0:
                log.warning("replay waits for the state server: %s", error)
            if stop.wait(_RETRY_S[min(attempt, len(_RETRY_S) - 1)]):
                return None


def _hand_over(inlet: Door, source: str, pieces: list[Piece], now: float) -> None:
    batches = [piece for piece in pieces if isinstance(piece, FixBatch)]
    fixes = [piece for piece in pieces if isinstance(piece, Fix)]
    told = [piece for piece in pieces if not isinstance(piece, FixBatch | Fix)]
    if batches:
        inlet.take_fixes(source, _joined(batches), now)
    if fixes:
        inlet.take_fix_rows(source, fixes, now)
    if told:
        inlet.take_records(source, told, now)


def _joined(batches: list[FixBatch]) -> FixBatch:
    if len(batches) == 1:
        return batches[0]
    names = FixBatch.__dataclass_fields__
    return FixBatch(**{name: np.concatenate([getattr(batch, name) for batch in batches]) for name in names})


def _runs(happenings: Iterable[Happening]) -> Iterator[tuple[str, list[Piece]]]:
    """Neighbours of one source and one road together, in order."""
    key, run = None, list[Piece]()
    for happening in happenings:
        road = FixBatch if isinstance(happening.what, FixBatch) else Fix if isinstance(happening.what, Fix) else Record
        if key != (happening.source, road):
            if key is not None:
                yield key[0], run
            key, run = (happening.source, road), []
        run.append(happening.what)
    if key is not None:
        yield key[0], run


def _decoder_of(path: Path) -> Callable[[Path], list[Happening]] | None:
    """What reads this file; None for tracks, which need to know the day of the others first."""
    if not path.is_file():
        raise ReplayError(f"{path}: no such file")
    if {".ndjson", ".jsonl"} & set(path.suffixes):
        return _read_own
    if ".csv" not in path.suffixes:
        raise ReplayError(f"{path}: neither .ndjson nor .csv (either may end in .gz)")
    header = set(recorded_tables.columns_of(path))
    if header.issuperset(sf_fire.HEADER):
        return lambda table: _told(sf_fire.decode(recorded_tables.read(table)))
    if header.issuperset(boston_311.HEADER):
        return lambda table: _told(boston_311.decode_life(recorded_tables.read(table)))
    if header.issuperset(cab_tracks.HEADER):
        return None
    raise ReplayError(f"{path}: its header is of no table that can be played: {', '.join(sorted(header))}")


def _told(records_in_order: Iterable[Record]) -> list[Happening]:
    return [Happening(happened_at(record), record.source or OWN_SOURCE, record) for record in records_in_order]


class _Tagged(msgspec.Struct):
    record: str = ""


_TAG = msgspec.json.Decoder(_Tagged)
_FIX = msgspec.json.Decoder(Fix)


def _read_own(path: Path) -> list[Happening]:
    """Our own NDJSON: a line with a `record` tag is a record, any other a fix; blank lines are skipped."""
    raw = path.read_bytes()
    lines = (gzip.decompress(raw) if path.suffix == ".gz" else raw).splitlines()
    found = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            if _TAG.decode(line).record:
                record = records.decode(line)
                _check_source(record.source)
                found += _told([record])
            else:
                fix = _FIX.decode(line)
                found.append(Happening(fix.at.timestamp(), OWN_SOURCE, fix))
        except (msgspec.DecodeError, ValueError) as error:
            raise ReplayError(f"{path}, line {number}: {error}") from error
    return found


def _check_source(name: str) -> None:
    """Raises ValueError where a recording speaks as our own consoles, whose orders the audit trail must know."""
    if name in source_names.OURS and name != OWN_SOURCE:
        raise ValueError(
            f"source {name!r} is wall135's own: what officers did here cannot be played as if they did it now"
        )


def _same_weekday(epoch_s: float, told: Sequence[Happening]) -> date | None:
    """The first local day of the tracks' weekday on which an incident was told; None without incidents."""
    zone = ZoneInfo(cab_tracks.ZONE)
    weekday = datetime.fromtimestamp(float(epoch_s), zone).weekday()
    days = {datetime.fromtimestamp(one.at, zone).date() for one in told if one.source == sf_fire.SOURCE}
    return min((day for day in days if day.weekday() == weekday), default=None)


def _short(number: int) -> str:
    """A number in few characters: the run's start, in base 36."""
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    text = ""
    while number:
        number, digit = divmod(number, 36)
        text = digits[digit] + text
    return text


def parse_window(text: str) -> tuple[datetime, datetime]:
    """Two ISO times joined by a slash, as the command line takes them; without a zone they are UTC."""
    begin, _, end = text.partition("/")
    both = [datetime.fromisoformat(part) for part in (begin, end)]
    first, second = (moment if moment.tzinfo else moment.replace(tzinfo=UTC) for moment in both)
    return first, second
