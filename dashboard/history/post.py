"""What web processes and the history process say to each other: asks in one stream, answers in one stream a replay."""

from typing import Any

import msgspec

from dashboard.store import connect, or_unavailable

_ASKS, _ANSWERS = "wall:replay:asks", "wall:replay:"
_ASKS_KEEP, _ANSWERS_KEEP = 2_000, 60
_EXPIRE_S = 60

KEEP_ALIVE_S = 5.0  # a viewer says so often that it is still there
SILENT_S = 20.0  # one that does not is forgotten


class Ask(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a viewer of a replay wants; what is None stays. Without anything: it is still there."""

    session: str
    at: float | None = None  # epoch seconds: go there
    speed: float | None = None
    playing: bool | None = None
    over: bool = False


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a replay stands now, and what changed since the answer before."""

    at: float
    speed: float = 1.0
    playing: bool = False
    seeking: bool = False
    error: str = ""
    is_fresh: bool = False  # the change is the whole situation
    is_gap: bool = False
    shown_at: float = 0.0
    change: bytes = b""  # picture.encode_change; "": nothing


class Post:
    """One process's hold on it."""

    def __init__(self, url: str) -> None:
        self._redis = connect(url)

    @or_unavailable
    def ask(self, ask: Ask) -> None:
        """Say what a viewer wants."""
        self._redis.xadd(_ASKS, {"b": msgspec.msgpack.encode(ask)}, maxlen=_ASKS_KEEP, approximate=True)

    @or_unavailable
    def newest_ask(self) -> bytes:
        """Where the asks end now; what was asked before is of nobody who still waits."""
        newest = self._redis.xrevrange(_ASKS, count=1)
        return bytes(newest[0][0]) if newest else b"0-0"

    @or_unavailable
    def asks(self, after: bytes, block_ms: int) -> tuple[list[Ask], bytes]:
        """The asks behind `after`, waiting at most `block_ms` for the first; and where they end."""
        rows = self._read(_ASKS, after, block_ms)
        asks = [msgspec.msgpack.decode(fields[b"b"], type=Ask) for _, fields in rows]
        return asks, rows[-1][0] if rows else after

    @or_unavailable
    def answer(self, session: str, answer: Answer) -> None:
        """Tell a viewer; what nobody fetches is gone after a minute."""
        pipe = self._redis.pipeline(transaction=False)
        name = _ANSWERS + session
        pipe.xadd(name, {"b": msgspec.msgpack.encode(answer)}, maxlen=_ANSWERS_KEEP, approximate=False)
        pipe.expire(name, _EXPIRE_S)
        pipe.execute()

    @or_unavailable
    def answers(self, session: str, after: bytes, block_ms: int) -> tuple[list[Answer], bytes]:
        """The answers behind `after`, waiting at most `block_ms` for the first; and where they end."""
        rows = self._read(_ANSWERS + session, after, block_ms)
        answers = [msgspec.msgpack.decode(fields[b"b"], type=Answer) for _, fields in rows]
        return answers, rows[-1][0] if rows else after

    def _read(self, stream: str, after: bytes, block_ms: int) -> list[tuple[bytes, dict[bytes, Any]]]:
        found = self._redis.xread({stream: after}, count=100, block=max(1, block_ms)) or []
        return [row for _, rows in found for row in rows]
