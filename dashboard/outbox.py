"""The outbox: orders on their way to units, kept in the state server until a route has taken them or given up.

A letter is put in together with how far the journal was read, so whoever dies in between sends none too few. A letter
may be sent twice; the unit's device knows an order by its id.
"""

from collections.abc import Mapping

from dashboard.store import connect, or_unavailable

_LETTERS, _BOOKMARK = "wall:outbox", "wall:outbox:bookmark"


class Outbox:
    """One process's hold on the outbox."""

    def __init__(self, url: str) -> None:
        self._redis = connect(url)

    @or_unavailable
    def bookmark(self) -> bytes | None:
        """How far the journal was read for orders; None: never."""
        kept: bytes | None = self._redis.get(_BOOKMARK)
        return kept

    @or_unavailable
    def post(self, letters: Mapping[str, bytes], bookmark: bytes) -> None:
        """Put letters in, by order id, all or none, and note how far the journal was read."""
        pipe = self._redis.pipeline(transaction=True)
        if letters:
            pipe.hset(_LETTERS, mapping=dict(letters))
        pipe.set(_BOOKMARK, bookmark)
        pipe.execute()

    @or_unavailable
    def letters(self) -> dict[str, bytes]:
        """What is still on its way, by order id."""
        return {order.decode(): letter for order, letter in self._redis.hgetall(_LETTERS).items()}

    @or_unavailable
    def done(self, order: str) -> None:
        """A route has taken this letter, or all have given up."""
        self._redis.hdel(_LETTERS, order)
