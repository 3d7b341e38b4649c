"""Records that came before what they are about: they wait for it, so many and so long that nothing true is lost."""

from collections import Counter
from collections.abc import Iterable

from msgspec import Struct

from dashboard.records import Arrival, Order, Reply

PENDING_MOST = 10_000  # beyond it the oldest is given up


class Pending(Struct, frozen=True):
    """An arrival or order that came before its incident, or a reply that came before its order."""

    about: str  # what it waits for
    record: Arrival | Order | Reply
    received_at: float


class Waiting:
    """What waits, the oldest first; the same record for the same thing waits once."""

    def __init__(self, pending: Iterable[Pending] = ()) -> None:
        """Go on with what waited already."""
        self.given_up = 0
        self._pending = {(each.about, each.record): each for each in pending}
        self._count = Counter(about for about, _ in self._pending)

    def add(self, pending: Pending) -> None:
        """One more; the oldest makes room for it if there are too many."""
        place = pending.about, pending.record
        if place in self._pending:
            return
        self._pending[place] = pending
        self._count[pending.about] += 1
        if len(self._pending) > PENDING_MOST:
            self._remove(next(iter(self._pending)))
            self.given_up += 1

    def take(self, about: str) -> list[Arrival | Order | Reply]:
        """All that waited for this, which waits no more."""
        if about not in self._count:
            return []
        return [self._remove(place) for place in [place for place in self._pending if place[0] == about]]

    def drop(self, received_before: float) -> None:
        """Give up what has waited since before a time."""
        for place in [place for place, each in self._pending.items() if each.received_at < received_before]:
            self._remove(place)

    def all(self) -> tuple[Pending, ...]:
        """Everything that waits, oldest first."""
        return tuple(self._pending.values())

    def _remove(self, place: tuple[str, Arrival | Order | Reply]) -> Arrival | Order | Reply:
        self._count[place[0]] -= 1
        if not self._count[place[0]]:
            del self._count[place[0]]
        return self._pending.pop(place).record
