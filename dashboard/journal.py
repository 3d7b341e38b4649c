"""The journal: records, positions, deltas, signs of life and counters, as the state server keeps them.

Streams: `wall:journal` (records), `wall:fixes` (packed positions), `wall:deltas` (changes of the situation, for web
processes), `wall:quarantine` (refused for a reason worth a look). A stream id carries the time of receipt.
Every method raises JournalUnavailable while the state server is away or full: nothing was promised then.
"""

import datetime
import secrets
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from dashboard import records
from dashboard.command.consoles import Consoles, Staff, is_silent, merged
from dashboard.records import Record
from dashboard.store import connect, or_unavailable

JOURNAL, FIXES, DELTAS, QUARANTINE = "wall:journal", "wall:fixes", "wall:deltas", "wall:quarantine"
_PICTURE, _EPOCH, _LEASE = "wall:picture", "wall:epoch", "wall:lease:engine"
_FORGOTTEN = "wall:forgotten"
_FEEDS, _MANNED, _STAFFED = "wall:feeds", "wall:manned", "wall:staffed"
_LAST, _SKEW = "wall:last", "wall:skew"
_TOTALS = "wall:totals:"
_QUARANTINE_KEEP = 1_000  # enough for a person to see a pattern, too few to fill memory
_SEEN_DAYS = 2  # within these a repeated delivery is answered "repeated"; later ones the fold recognises


class Entry(NamedTuple):
    """One entry of the journal or of the positions, in the order of receipt."""

    id: bytes
    received_at: float  # epoch seconds, the state server's clock
    record: Record | None  # None: a batch of positions, or bytes that are no record of this version
    fixes: bytes
    source: str
    raw: bytes = b""  # of what is no record of this version


class Cursor(NamedTuple):
    """How far both streams were read."""

    journal: bytes = b"0-0"
    fixes: bytes = b"0-0"


class Tick(msgspec.Struct, frozen=True, array_like=True):
    """One second of the engine, as a replay needs it: what it had folded by then, and what else it took in."""

    at: float  # the engine's clock, epoch seconds
    cursor: Cursor  # all of both streams up to here was folded before it
    signs: bytes = b""  # situation.Signs as MessagePack


class Delta(NamedTuple):
    """One change of the situation as the leading engine published it."""

    id: bytes
    epoch: int
    seq: int
    change: bytes
    tick: Tick | None = None


class Beat(msgspec.Struct, frozen=True):
    """A feed's own word on how it is doing."""

    title: str
    at: float
    error: str = ""
    rhythm_s: float = 60.0


def write(pipe: Any, record: Record) -> None:
    """Append one record, as a part of the transaction that `pipe` collects."""
    pipe.xadd(JOURNAL, {"r": records.encode(record)})


class Journal:
    """One process's hold on the journal."""

    def __init__(self, url: str) -> None:
        self._redis = connect(url)
        self._process = secrets.token_hex(8)  # names this process's own word among those of its kind

    @or_unavailable
    def ping(self) -> bool:
        """Whether the state server answers."""
        return bool(self._redis.ping())

    # -- writing -----------------------------------------------------------------------------------------------

    @or_unavailable
    def append(self, batch: Sequence[Record]) -> list[bool]:
        """Append records, all or none; False where (source, kind, id, revision) was there already.

        Records and their marks are written in one transaction, so a crash between the two cannot lose a record
        that a later delivery would then be told is "repeated".
        """
        if not batch:
            return []
        keys = [_identity(record) for record in batch]
        fresh = self._unseen(keys)
        if not any(fresh):
            return fresh
        pipe = self._redis.pipeline(transaction=True)
        for record, is_fresh in zip(batch, fresh, strict=True):
            if is_fresh:
                write(pipe, record)
        today = _seen_bucket(0)
        pipe.hset(today, mapping={key: 1 for key, is_fresh in zip(keys, fresh, strict=True) if is_fresh})
        pipe.expire(today, (_SEEN_DAYS + 1) * 86_400)
        pipe.execute()
        return fresh

    @or_unavailable
    def append_fixes(self, source: str, packed: bytes, count: int) -> None:
        """Append one packed batch of positions (wire.pack_fixes)."""
        self._redis.xadd(FIXES, {"b": packed, "s": source, "n": count})

    def _unseen(self, keys: list[str]) -> list[bool]:
        pipe = self._redis.pipeline(transaction=False)
        for days_ago in range(_SEEN_DAYS):
            pipe.hmget(_seen_bucket(days_ago), keys)
        marks = pipe.execute()
        known = {key for bucket in marks for key, mark in zip(keys, bucket, strict=True) if mark is not None}
        fresh = []
        for key in keys:
            fresh.append(key not in known)
            known.add(key)
        return fresh

    @or_unavailable
    def put_back(self, id_: bytes, record: Record) -> None:
        """A record of an archive, under the id that it had; only into a stream that ends before it."""
        self._redis.xadd(JOURNAL, {"r": records.encode(record)}, id=id_)

    @or_unavailable
    def put_back_fixes(self, id_: bytes, packed: bytes, count: int) -> None:
        """A batch of positions of an archive, under the id that it had."""
        self._redis.xadd(FIXES, {"b": packed, "s": "archive", "n": count}, id=id_)

    @or_unavailable
    def begin_again(self, epoch: int, last_delta: bytes) -> None:
        """Go on counting where an archive ends: no epoch and no message may come twice."""
        self._redis.set(_EPOCH, epoch)
        self._redis.xgroup_create(DELTAS, "none", mkstream=True)
        self._redis.xgroup_destroy(DELTAS, "none")
        self._redis.execute_command("XSETID", DELTAS, last_delta)

    # -- reading -----------------------------------------------------------------------------------------------

    @or_unavailable
    def read(
        self, after: Cursor, block_ms: int, limit: int = 512, upto: Cursor | None = None
    ) -> tuple[list[Entry], Cursor]:
        """Entries of both streams in the order of receipt, waiting at most `block_ms` for the first.

        `upto`: what lies behind it in either stream is not read.
        """
        found = dict(
            self._redis.xread({JOURNAL: after.journal, FIXES: after.fixes}, count=limit, block=max(1, int(block_ms)))
            or []
        )
        rows = {name.encode(): found.get(name.encode(), []) for name in (JOURNAL, FIXES)}
        # A stream that filled its share may hold more: what the other received after that waits for the next read.
        horizon = min((place(part[-1][0]) for part in rows.values() if len(part) == limit), default=None)
        kept = {
            name: [row for row in part if horizon is None or place(row[0]) <= horizon] for name, part in rows.items()
        }
        if upto is not None:
            ends = {JOURNAL.encode(): place(upto.journal), FIXES.encode(): place(upto.fixes)}
            kept = {name: [row for row in part if place(row[0]) <= ends[name]] for name, part in kept.items()}
        entries = [_entry(row) for part in kept.values() for row in part]
        entries.sort(key=lambda entry: place(entry.id))
        journal, fixes = kept[JOURNAL.encode()], kept[FIXES.encode()]
        return entries, Cursor(journal[-1][0] if journal else after.journal, fixes[-1][0] if fixes else after.fixes)

    @or_unavailable
    def records(self, after: bytes, block_ms: int, limit: int = 512) -> list[Entry]:
        """Entries of the journal alone behind `after`, waiting at most `block_ms` for the first."""
        found = self._redis.xread({JOURNAL: after}, count=limit, block=max(1, int(block_ms))) or []
        return [_entry(row) for _, rows in found for row in rows]

    @or_unavailable
    def stretch(self, stream: str, after: bytes, limit: int) -> list[Entry]:
        """The entries of the journal or of the positions behind `after`, as many as are there, at most `limit`."""
        return [_entry(row) for row in self._redis.xrange(stream, b"(" + after, count=limit)]

    @or_unavailable
    def told(self, after: bytes, limit: int) -> list[Delta]:
        """The deltas behind `after`, as many as are there, at most `limit`."""
        return [_delta(row) for row in self._redis.xrange(DELTAS, b"(" + after, count=limit)]

    @or_unavailable
    def end(self) -> bytes:
        """Where the journal ends now."""
        newest = self._redis.xrevrange(JOURNAL, count=1)
        return bytes(newest[0][0]) if newest else b"0-0"

    @or_unavailable
    def now_at(self) -> float:
        """The state server's clock, epoch seconds."""
        seconds, microseconds = self._redis.time()
        return float(seconds + microseconds / 1e6)

    # -- the leading engine ------------------------------------------------------------------------------------

    @or_unavailable
    def lead(self, name: str, hold_ms: int) -> bool:
        """Take or keep the engine's lease; False while another engine holds it."""
        holder = self._redis.get(_LEASE)
        if holder == name.encode():
            return bool(self._redis.pexpire(_LEASE, hold_ms))
        return bool(self._redis.set(_LEASE, name, nx=True, px=hold_ms))

    @or_unavailable
    def resign(self, name: str) -> None:
        """Give the lease up, so that a successor need not wait for it to run out."""
        if self._redis.get(_LEASE) == name.encode():
            self._redis.delete(_LEASE)

    @or_unavailable
    def new_epoch(self) -> int:
        """The number of a new leadership; it only ever rises."""
        return int(self._redis.incr(_EPOCH))

    @or_unavailable
    def publish(self, epoch: int, seq: int, change: bytes, tick: Tick | None = None) -> None:
        """Publish one change to all web processes; `tick` where time brought it."""
        fields = {"e": epoch, "q": seq, "b": change}
        self._redis.xadd(DELTAS, fields if tick is None else {**fields, "t": msgspec.msgpack.encode(tick)})

    @or_unavailable
    def last_delta(self) -> bytes:
        """Where the deltas end now; a picture saved next to it holds all of them."""
        newest = self._redis.xrevrange(DELTAS, count=1)
        return bytes(newest[0][0]) if newest else b"0-0"

    @or_unavailable
    def deltas(self, after: bytes, block_ms: int, limit: int = 64) -> list[Delta]:
        """Deltas behind `after`, waiting at most `block_ms` for the first."""
        found = self._redis.xread({DELTAS: after}, count=limit, block=block_ms) or []
        return [_delta(row) for _, rows in found for row in rows]

    @or_unavailable
    def save_picture(self, picture: bytes) -> None:
        """Keep the whole situation: web processes start from it, and so does the next engine."""
        self._redis.set(_PICTURE, picture)

    @or_unavailable
    def picture(self) -> bytes | None:
        """The last saved situation, if any."""
        picture: bytes | None = self._redis.get(_PICTURE)
        return picture

    @or_unavailable
    def trim(self, before: Mapping[str, bytes]) -> None:
        """Forget the entries of each stream in front of an id."""
        pipe = self._redis.pipeline(transaction=False)
        pipe.hset(_FORGOTTEN, mapping=dict(before))  # noted first: what is gone is always known to be
        for stream, least in before.items():
            pipe.xtrim(stream, minid=least, approximate=True)
        pipe.execute()

    @or_unavailable
    def forgotten(self, stream: str) -> bytes:
        """The id in front of which entries of a stream may be forgotten; 0-0 where none is."""
        noted: bytes | None = self._redis.hget(_FORGOTTEN, stream)
        if noted is not None or not self._redis.exists(stream):
            return noted or b"0-0"
        about = self._redis.xinfo_stream(stream)  # trimmed by a version that did not note it
        if about["entries-added"] == about["length"]:
            return b"0-0"
        first = about["first-entry"]
        return bytes(first[0] if first else about["last-generated-id"])

    # -- signs of life and counters ----------------------------------------------------------------------------

    @or_unavailable
    def beat(self, feed: str, title: str, now: float, error: str = "", rhythm_s: float = 60.0) -> None:
        """A feed says that it lives, and what ails it."""
        self._redis.hset(_FEEDS, feed, msgspec.json.encode(Beat(title, now, error, rhythm_s)))

    @or_unavailable
    def beats(self) -> dict[str, Beat]:
        """The last word of each feed."""
        decoder = msgspec.json.Decoder(Beat)
        return {name.decode(): decoder.decode(value) for name, value in self._redis.hgetall(_FEEDS).items()}

    @or_unavailable
    def man(self, centres: Iterable[str], now: float) -> None:
        """Somebody's screen of these centres is connected."""
        mapping = {centre: f"{now:.0f}" for centre in centres}
        if mapping:
            self._redis.hset(_MANNED, mapping=mapping)

    @or_unavailable
    def manned(self) -> dict[str, float]:
        """When each centre was last seen manned, epoch seconds."""
        return {centre.decode(): float(at) for centre, at in self._redis.hgetall(_MANNED).items()}

    @or_unavailable
    def staff(self, names: Mapping[str, Sequence[str]], now: float) -> None:
        """Who sits at consoles of this web process: centre -> titles of their accounts; all of it, each time."""
        told = Consoles(now, {centre: tuple(titles) for centre, titles in names.items()})
        self._redis.hset(_STAFFED, self._process, msgspec.json.encode(told))

    @or_unavailable
    def staffed(self, now: float) -> dict[str, Staff]:
        """Who is at the consoles of each centre, by all web processes; those that fell silent are forgotten."""
        decoder = msgspec.json.Decoder(Consoles)
        told = {name: decoder.decode(value) for name, value in self._redis.hgetall(_STAFFED).items()}
        silent = [name for name, consoles in told.items() if is_silent(consoles.at, now)]
        if silent:
            self._redis.hdel(_STAFFED, *silent)
        return merged(told.values(), now)

    @or_unavailable
    def count(self, totals: Mapping[str, Mapping[str, int]]) -> None:
        """Add to the running totals: {"accepted" | "refused" | "dropped": {"source|what": how many}}."""
        pipe = self._redis.pipeline(transaction=False)
        for name, amounts in totals.items():
            for key, amount in amounts.items():
                pipe.hincrby(_TOTALS + name, key, amount)
        pipe.execute()

    @or_unavailable
    def totals(self) -> dict[str, dict[str, int]]:
        """The running totals, as `count` takes them."""
        pipe = self._redis.pipeline(transaction=False)
        names = ("accepted", "repeated", "refused", "dropped")
        for name in names:
            pipe.hgetall(_TOTALS + name)
        return {
            name: {key.decode(): int(amount) for key, amount in amounts.items()}
            for name, amounts in zip(names, pipe.execute(), strict=True)
        }

    @or_unavailable
    def heard(self, source: str, now: float, skew_s: float | None) -> None:
        """A source sent something: when, and how far its clock is from ours."""
        pipe = self._redis.pipeline(transaction=False)
        pipe.hset(_LAST, source, f"{now:.3f}")
        if skew_s is not None:
            pipe.hset(_SKEW, source, f"{skew_s:.1f}")
        pipe.execute()

    @or_unavailable
    def last_heard(self) -> dict[str, tuple[float, float]]:
        """When each source was last heard (epoch seconds) and its clock's distance (seconds)."""
        pipe = self._redis.pipeline(transaction=False)
        pipe.hgetall(_LAST)
        pipe.hgetall(_SKEW)
        last, skew = pipe.execute()
        return {name.decode(): (float(at), float(skew.get(name, 0))) for name, at in last.items()}

    @or_unavailable
    def quarantine(self, source: str, raw: bytes, why: str) -> None:
        """Set aside what was refused for a reason that a person should see; bounded."""
        self._redis.xadd(
            QUARANTINE, {"s": source, "b": raw[:4096], "w": why}, maxlen=_QUARANTINE_KEEP, approximate=True
        )

    @or_unavailable
    def usage(self) -> dict[str, float]:
        """Memory and stream lengths of the state server, for /metrics."""
        pipe = self._redis.pipeline(transaction=False)
        pipe.info("memory")
        for stream in (JOURNAL, FIXES, DELTAS, QUARANTINE):
            pipe.xlen(stream)
        memory, *lengths = pipe.execute()
        return {
            "memory_bytes": float(memory["used_memory"]),
            "memory_limit_bytes": float(memory["maxmemory"]),
            **{
                name.removeprefix("wall:") + "_entries": float(length)
                for name, length in zip((JOURNAL, FIXES, DELTAS, QUARANTINE), lengths, strict=True)
            },
        }


def _identity(record: Record) -> str:
    kind = type(record).__struct_config__.tag
    return f"{record.source}|{kind}|{record.id}|{getattr(record, 'revision', 0)}"


def _seen_bucket(days_ago: int) -> str:
    day = datetime.datetime.fromtimestamp(time.time(), datetime.UTC).date() - datetime.timedelta(days_ago)
    return f"wall:seen:{day.isoformat()}"


def place(entry_id: bytes) -> tuple[int, int]:
    """The place of an entry in its stream: later ones are greater."""
    milliseconds, number = entry_id.split(b"-")
    return int(milliseconds), int(number)


def _delta(row: tuple[bytes, dict[bytes, Any]]) -> Delta:
    row_id, fields = row
    return Delta(row_id, int(fields[b"e"]), int(fields[b"q"]), fields[b"b"], _tick(fields.get(b"t")))


def _tick(packed: bytes | None) -> Tick | None:
    """None, too, for one of another version: it must not stop who reads the deltas behind it."""
    try:
        return None if packed is None else msgspec.msgpack.decode(packed, type=Tick)
    except msgspec.DecodeError:
        return None


def _entry(row: tuple[bytes, dict[bytes, Any]]) -> Entry:
    entry_id, fields = row
    received_at = place(entry_id)[0] / 1000
    if b"b" in fields:
        return Entry(entry_id, received_at, None, fields[b"b"], fields.get(b"s", b"").decode())
    try:
        record = records.decode(fields[b"r"])
    except (msgspec.DecodeError, KeyError):
        return Entry(entry_id, received_at, None, b"", "", fields.get(b"r", b""))
    return Entry(entry_id, received_at, record, b"", record.source)
