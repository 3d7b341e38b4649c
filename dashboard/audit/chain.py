"""The chain of the audit trail: each row's hash covers the hash before it, so no row changes, goes or comes unnoticed.

Pure: rows in, rows or the first fault out. Where rows are kept is said in `ledger` (the stream) and `seal` (the files).
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct

ALGORITHMS = ("sha256", "sm3")  # sm3 where this machine's OpenSSL has it
_WORDS = ("kind", "actor", "role", "centre", "subject", "detail")
GENESIS = ""  # what stands in place of a hash before the first row


class Entry(Struct, frozen=True, kw_only=True):
    """What is to be written down: somebody did something at a time."""

    at: datetime
    kind: str  # order.<verb>, sign_in, sign_out, refusal, sight, export, account, cli, seal
    actor: str  # name of the account, screen or process
    role: str = ""
    centre: str = ""  # code
    subject: str = ""  # key, code or name of what it was done to
    detail: str = ""  # plain words or JSON


class Row(Struct, frozen=True, kw_only=True):
    """One row of the trail; its fields but the hash are what the hash covers."""

    seq: int  # 1, 2, 3 ... without a gap
    at: str  # ISO 8601, UTC
    kind: str
    actor: str
    role: str
    centre: str
    subject: str
    detail: str
    alg: str
    hash: str = ""


class Head(Struct, frozen=True):
    """Where the chain ends: number and hash of its newest row, and when that was written (epoch seconds)."""

    seq: int = 0
    hash: str = GENESIS
    at: float = 0.0


class Fault(NamedTuple):
    """The first row that is not as it was written."""

    seq: int
    why: str


def append(head: Head, entry: Entry, alg: str = ALGORITHMS[0]) -> tuple[Row, Head]:
    """The row that comes behind the head, and the head behind that."""
    bare = Row(
        seq=head.seq + 1,
        at=utc(entry.at),
        kind=entry.kind,
        actor=entry.actor,
        role=entry.role,
        centre=entry.centre,
        subject=entry.subject,
        detail=entry.detail,
        alg=alg,
    )
    row = msgspec.structs.replace(bare, hash=digest(bare, head.hash))
    return row, Head(row.seq, row.hash, entry.at.timestamp())


def digest(row: Row, before: str) -> str:
    """The hash of a row behind a hash; raises ValueError for an algorithm that is not ours or not here."""
    if row.alg not in ALGORITHMS:
        raise ValueError(f"{row.alg!r} is no algorithm of the trail")
    return hashlib.new(row.alg, before.encode() + b"\n" + canonical(msgspec.to_builtins(row))).hexdigest()


def canonical(fields: dict[str, Any]) -> bytes:
    """The one JSON form of a row or seal that is hashed: keys sorted, no spaces, UTF-8, without hash and mac."""
    bare = {name: value for name, value in fields.items() if name not in ("hash", "mac")}
    return json.dumps(bare, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def utc(at: datetime) -> str:
    """An aware time as rows write it: UTC with microseconds, so that texts sort as times do."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def read(line: bytes, seq: int) -> Row:
    """The row of one JSON line that stands in place `seq`; what is no row becomes one that no check passes."""
    try:
        return msgspec.json.decode(line, type=Row)
    except msgspec.DecodeError:
        return Row(seq=seq, at=utc(datetime.fromtimestamp(0, UTC)), alg="none", **dict.fromkeys(_WORDS, ""))


def verify(rows: Iterable[Row], head: Head) -> tuple[Fault | None, Head]:
    """The first bad row behind `head`, if any, and where the good ones end."""
    for row in rows:
        fault = _fault(row, head)
        if fault is not None:
            return fault, head
        head = Head(row.seq, row.hash, datetime.fromisoformat(row.at).timestamp())
    return None, head


def _fault(row: Row, head: Head) -> Fault | None:
    if row.seq > head.seq + 1:
        missing = f"row {head.seq + 1} is" if row.seq == head.seq + 2 else f"rows {head.seq + 1} to {row.seq - 1} are"
        return Fault(head.seq + 1, f"{missing} missing: row {row.seq} follows row {head.seq}")
    if row.seq <= head.seq:
        return Fault(row.seq, f"row {row.seq} stands behind row {head.seq}: it was put in, doubled or moved")
    try:
        fits = digest(row, head.hash) == row.hash
    except ValueError as error:
        return Fault(row.seq, f"row {row.seq} cannot be checked: {error}")
    if not fits:
        return Fault(row.seq, f"row {row.seq} was changed: its hash does not fit what it says behind row {head.seq}")
    return None
