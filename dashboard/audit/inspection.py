"""Inspection: whether files, seals, stream and head of the trail fit together, and the first row that does not."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct

from dashboard.audit.chain import Head, Row, verify
from dashboard.audit.ledger import Ledger
from dashboard.audit.seal import Seal, Sealed, SealError, files, fingerprint, is_signed, read

STREAM = "stream"  # where rows are until their day is sealed


class Finding(Struct, frozen=True):
    """The first thing that is wrong."""

    where: str  # name of a file, or the stream
    seq: int  # the row
    why: str


class Report(Struct, frozen=True):
    """What was looked through, and what was found."""

    rows: int
    files: int
    end: Head
    finding: Finding | None = None


class _Walk(NamedTuple):
    """How far the inspection has come."""

    head: Head
    seal: Seal | None


class _Wrong(Exception):
    def __init__(self, where: str, seq: int, why: str) -> None:
        super().__init__(why)
        self.finding = Finding(where, seq, why)


def inspect(
    ledger: Ledger, folder: Path, key: bytes, today: date, keep_days: float, newest: int | None = None
) -> Report:
    """Look through the trail; it may be written to and sealed meanwhile. `newest`: only so many sealed days of it."""
    head = ledger.head()  # before the rows: what is written later is behind it
    stream = ledger.all_rows()  # before the files: what is sealed meanwhile is in both
    known = files(folder)
    chosen = known if newest is None else known[-newest:]
    walk, count, kept_since = _Walk(Head(), None), 0, today - timedelta(keep_days)
    if len(chosen) < len(known):
        kept_since = date.max  # those before are not looked for
    try:
        for path in chosen:
            sealed = _file(path, walk, key, kept_since)
            walk = _Walk(sealed.seal.end, sealed.seal)
            count += len(sealed.rows)
        rest = [row for row in stream if row.seq > walk.head.seq]
        end = _stream(rest, walk.head, head)
    except _Wrong as wrong:
        return Report(count, len(chosen), walk.head, wrong.finding)
    return Report(count + len(rest), len(chosen), end)


def _file(path: Path, walk: _Walk, key: bytes, kept_since: date) -> Sealed:
    """A day's file that is as it was written and follows the one before it."""
    try:
        sealed = read(path)
    except SealError as error:
        raise _Wrong(path.name, walk.head.seq + 1, str(error)) from None
    seal = sealed.seal
    _check_signature(path, seal, key)
    _check_place(path, seal, walk, kept_since)
    fault, end = verify(sealed.rows, seal.start)
    if fault is not None:
        raise _Wrong(path.name, *fault)
    if (end.seq, end.hash, len(sealed.rows)) != (seal.last_seq, seal.last_hash, seal.count):
        why = f"rows {end.seq + 1} to {seal.last_seq} are missing: the file ends before its seal says"
        raise _Wrong(path.name, end.seq + 1, why)
    return sealed


def _check_signature(path: Path, seal: Seal, key: bytes) -> None:
    if seal.key != fingerprint(key):
        why = f"the seal was signed with another key ({seal.key}); ours is {fingerprint(key)}"
        raise _Wrong(path.name, seal.first_seq, why)
    if not is_signed(seal, key):
        raise _Wrong(path.name, seal.first_seq, "the seal was changed: its signature does not fit what it says")
    if not path.name.startswith(f"{seal.day}."):
        raise _Wrong(path.name, seal.first_seq, f"the file was renamed: its seal is of {seal.day}")


def _check_place(path: Path, seal: Seal, walk: _Walk, kept_since: date) -> None:
    """Nothing is missing before this file, but for files that were old enough to be deleted."""
    expected = walk.seal.day if walk.seal else ""
    if seal.previous != expected:
        is_swept = walk.seal is None and date.fromisoformat(seal.previous) < kept_since
        if is_swept:
            return
        raise _Wrong(path.name, walk.head.seq + 1, f"the file of {seal.previous or 'no day'} before it is missing")
    if seal.first_seq != walk.head.seq + 1:
        why = f"rows {walk.head.seq + 1} to {seal.first_seq - 1} are missing before this file"
        raise _Wrong(path.name, walk.head.seq + 1, why)
    if seal.before != walk.head.hash:
        raise _Wrong(path.name, seal.first_seq, "the file does not continue the one before it")


def _stream(rows: Sequence[Row], start: Head, head: Head) -> Head:
    """The rows that no file holds yet: they follow the files and reach the head."""
    fault, end = verify(rows, start)
    if fault is not None:
        raise _Wrong(STREAM, *fault)
    if end.seq < head.seq:
        missing = f"row {head.seq} is" if end.seq + 1 == head.seq else f"rows {end.seq + 1} to {head.seq} are"
        raise _Wrong(STREAM, end.seq + 1, f"{missing} missing at the end: the trail once reached row {head.seq}")
    hashes = {start.seq: start.hash, **{row.seq: row.hash for row in rows}}
    if hashes.get(head.seq, head.hash) != head.hash:
        raise _Wrong(STREAM, head.seq, f"row {head.seq} is not the one that the head was made of")
    if head.seq < start.seq or (head.seq == 0 and rows):
        raise _Wrong(STREAM, start.seq + 1, "the head was taken away or set back")
    return end
