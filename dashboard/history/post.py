"""What web processes and the history process say to each other: asks in one stream, answers in one stream a replay.

Nothing in it is kept: whoever hears that a replay is gone asks for it anew.
"""

import msgspec
import zstandard

from dashboard.store import connect, or_unavailable

_ASKS, _ANSWERS, _LEASE = "wall:replay:asks", "wall:replay:", "wall:replay:lease"
_ASKS_KEEP, _ANSWERS_KEEP = 2_000, 60
_EXPIRE_S = 60
_PLAIN_BYTES = 65_536  # a whole situation is megabytes, and the state server writes each of them to its log
_PACKED = b"\x28\xb5\x2f\xfd"  # how zstd begins; msgpack of a change does not

KEEP_ALIVE_S = 5.0  # a viewer says so often that it is still there
SILENT_S = 20.0  # one that does not is forgotten


class Ask(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a viewer of a replay wants; what is None stays. Without anything: it is still there."""

    session: str
    at: float | None = None  # epoch seconds: go there
    speed: float | None = None
    playing: bool | None = None
    is_new: bool = False  # begin it, if it is not there
    is_over: bool = False


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a replay stands now, and what changed since the answer before."""

    at: float
    speed: float = 1.0
    playing: bool = False
    seeking: bool = False  # on its way to `at`
    error: str = ""  # one of messages.Replay's
    is_fresh: bool = False  # the change is the whole situation
    is_gap: bool = False
    shown_at: float = 0.0
    district: str = ""  # version of its files by which the situation is to be read
    change: bytes = b""  # picture.encode_change; "": nothing


class Post:
    """One process's hold on it."""

    def __init__(self, url: str) -> None:
        self._redis = connect(url)

    # -- of viewers ------------------------------------------------------------------------------------------------

    @or_unavailable
    def ask(self, ask: Ask) -> None:
        """Say what a viewer wants."""
        self._redis.xadd(_ASKS, {"b": msgspec.msgpack.encode(ask)}, maxlen=_ASKS_KEEP, approximate=True)

    @or_unavailable
    def answers(self, session: str, block_ms: int) -> list[Answer]:
        """The answers that were not fetched yet, oldest first; waits at most `block_ms` for one."""
        name = _ANSWERS + session
        found = self._redis.xread({name: b"0-0"}, block=max(1, block_ms)) or []
        rows = [row for _, rows in found for row in rows]
        if rows:
            self._redis.xdel(name, *(entry_id for entry_id, _ in rows))
        return [msgspec.msgpack.decode(_unpacked(fields[b"b"]), type=Answer) for _, fields in rows]

    # -- of the history process ------------------------------------------------------------------------------------

    @or_unavailable
    def lead(self, name: str, lease_ms: int) -> bool:
        """Be the one that plays, or stay it; False while another one is."""
        if self._redis.set(_LEASE, name, nx=True, px=lease_ms):
            return True
        if self._redis.get(_LEASE) != name.encode():
            return False
        return bool(self._redis.pexpire(_LEASE, lease_ms))

    @or_unavailable
    def newest_ask(self) -> bytes:
        """Where the asks end now; what was asked before is of nobody who still waits."""
        newest = self._redis.xrevrange(_ASKS, count=1)
        return bytes(newest[0][0]) if newest else b"0-0"

    @or_unavailable
    def asks(self, after: bytes, block_ms: int) -> tuple[list[Ask], bytes]:
        """The asks behind `after`, waiting at most `block_ms` for the first (0: not at all); and where they end."""
        found = self._redis.xread({_ASKS: after}, block=block_ms or None) or []
        rows = [row for _, rows in found for row in rows]
        asks = [msgspec.msgpack.decode(fields[b"b"], type=Ask) for _, fields in rows]
        return asks, rows[-1][0] if rows else after

    @or_unavailable
    def answer(self, session: str, answer: Answer) -> None:
        """Tell a viewer. A fresh start takes the place of all that was not fetched; nobody's is gone after a minute."""
        name, packed = _ANSWERS + session, msgspec.msgpack.encode(answer)
        if len(packed) > _PLAIN_BYTES:
            packed = zstandard.ZstdCompressor(level=1).compress(packed)
        pipe = self._redis.pipeline(transaction=True)
        if answer.is_fresh:
            pipe.xtrim(name, maxlen=0, approximate=False)
        pipe.xadd(name, {"b": packed}, maxlen=_ANSWERS_KEEP, approximate=False)
        pipe.expire(name, _EXPIRE_S)
        pipe.execute()

    @or_unavailable
    def unfetched(self, session: str) -> int:
        """How many answers wait for a viewer."""
        return int(self._redis.xlen(_ANSWERS + session))

    @or_unavailable
    def forget(self, session: str) -> None:
        """A replay is over."""
        self._redis.delete(_ANSWERS + session)


def _unpacked(packed: bytes) -> bytes:
    return zstandard.ZstdDecompressor().decompress(packed) if packed.startswith(_PACKED) else packed
