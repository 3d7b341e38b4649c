"""A shelf: structs of one kind as JSON in one hash of the state server, changed so that no process undoes another.

Every method raises JournalUnavailable while the state server is away: nothing was changed then.
"""

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import Struct

from dashboard.store import Conflicted, or_unavailable

T = TypeVar("T", bound=Struct)
_TRIES = 200  # a try fails only when another one succeeded, so this many mean that something else is wrong


class Shelf(Generic[T]):
    """What lies in one hash, by name."""

    def __init__(self, redis: Any, key: str, kind: type[T]) -> None:
        """`redis`: what store.connect returned."""
        self._redis, self._key = redis, key
        self._decoder = msgspec.json.Decoder(kind)

    @or_unavailable
    def get(self, name: str) -> T | None:
        """The one of this name."""
        return self._read(self._redis.hget(self._key, name))

    @or_unavailable
    def get_many(self, names: Sequence[str]) -> list[T | None]:
        """Those of these names, in their order, in one round trip."""
        return [self._read(value) for value in self._redis.hmget(self._key, list(names))] if names else []

    @or_unavailable
    def all(self) -> dict[str, T]:
        """Everything, by name."""
        return {name.decode(): self._decoder.decode(value) for name, value in self._redis.hgetall(self._key).items()}

    @or_unavailable
    def is_empty(self) -> bool:
        """Whether nothing lies here."""
        return not self._redis.exists(self._key)

    @or_unavailable
    def put(self, name: str, thing: T) -> None:
        """Lay down one whose name is new for certain."""
        self._redis.hset(self._key, name, msgspec.json.encode(thing))

    def change(self, name: str, step: Callable[[T | None], T | None]) -> T | None:
        """Replace one by what `step` makes of it; None takes it away. `step` may run more than once, and may raise."""
        return self._watched(name, lambda old, _: step(old))

    def add_first(self, name: str, thing: T) -> bool:
        """Lay down the very first one; False where something lies here already."""
        return self._watched(name, lambda old, is_empty: thing if is_empty else old) == thing

    @or_unavailable
    def take(self, name: str) -> T | None:
        """Take one away and return it: of several who try, one gets it."""
        pipe = self._redis.pipeline(transaction=True)
        pipe.hget(self._key, name)
        pipe.hdel(self._key, name)
        return self._read(pipe.execute()[0])

    @or_unavailable
    def drop(self, names: Sequence[str]) -> None:
        """Take away those of these names that are here."""
        if names:
            self._redis.hdel(self._key, *names)

    @or_unavailable
    def _watched(self, name: str, step: Callable[[T | None, bool], T | None]) -> T | None:
        with self._redis.pipeline(transaction=True) as pipe:
            for _ in range(_TRIES - 1):
                try:
                    return self._attempt(pipe, name, step)
                except Conflicted:
                    continue
            return self._attempt(pipe, name, step)

    def _attempt(self, pipe: Any, name: str, step: Callable[[T | None, bool], T | None]) -> T | None:
        pipe.watch(self._key)
        old = self._read(pipe.hget(self._key, name))
        new = step(old, not pipe.exists(self._key))
        if new != old:
            pipe.multi()
            if new is None:
                pipe.hdel(self._key, name)
            else:
                pipe.hset(self._key, name, msgspec.json.encode(new))
            pipe.execute()
        return new

    def _read(self, value: bytes | None) -> T | None:
        return None if value is None else self._decoder.decode(value)
