"""The ledger: orders into journal and audit trail at once, each slot to one order; and whatever else is audited.

`wall:audit` is the stream of rows, numbered by their place in the chain, `wall:audit:head` where it ends. A write is
one transaction that stands only if the head is still where it was looked up: all of them come one behind the other.
Slots and orders are remembered in `wall:slot:<name>` for two weeks; then the situation knows.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec import Struct

from dashboard.audit import chain
from dashboard.audit.chain import Entry, Head, Row
from dashboard.door.plain_text import plain
from dashboard.journal import write
from dashboard.orders import Reason, Refused
from dashboard.orders.rules import moves
from dashboard.orders.slots import Held, Slots, TooLate, given, reconcile
from dashboard.records import Case, Incident, Order, encode, moment
from dashboard.store import Conflicted, JournalUnavailable, connect, or_unavailable

AUDIT, HEAD, SLOT = "wall:audit", "wall:audit:head", "wall:slot:"
_KEEP_S = 14 * 86_400
_TRIES = 200  # a try fails only when another process's succeeded
_TURN_S = 5.0
_PAGE = 5_000
_STEP = timedelta(microseconds=1)
_AHEAD_S = 2.0  # a clock that was set back by more than this is believed
_MOST_CHARS = {"kind": 40, "actor": 80, "role": 40, "centre": 80, "subject": 200, "detail": 4_000}


class Proposal(Struct, frozen=True):
    """An order to be committed, what comes with it, and what the situation says of its slots."""

    order: Order
    companions: tuple[Incident | Case, ...] = ()
    role: str = ""
    seen: Mapping[str, Held] = {}
    seen_at: float = 0.0  # how current `seen` is, epoch seconds


class Committed(Struct, frozen=True):
    """It is in the journal and in the trail, just now or, `again`, since an earlier delivery."""

    id: str
    at: float
    by: str
    centre: str
    again: bool = False


class Conflict(Struct, frozen=True):
    """Another officer was first: who, from where, when, by which order."""

    id: str
    reason: Reason
    order: str
    at: float
    by: str
    centre: str


class Unfit(Struct, frozen=True):
    """It cannot be taken as things are."""

    id: str
    reason: Reason
    field: str = ""


Result = Committed | Conflict | Unfit


class Ledger:
    """One process's hold on the ledger. Every method raises JournalUnavailable where nothing was kept."""

    def __init__(self, url: str, alg: str = chain.ALGORITHMS[0], clock: Callable[[], float] = time.time) -> None:
        self._redis = connect(url)
        self._alg = alg
        self._clock = clock
        self._turn = threading.Lock()  # within a process nobody needs to race for the head

    # -- writing -----------------------------------------------------------------------------------------------

    def commit(self, proposals: Sequence[Proposal]) -> list[Result]:
        """Take orders, each whole or not at all, in one transaction; the same id again is answered as it was taken."""
        results: list[Result] = self._write(lambda sheet: [sheet.take(proposal) for proposal in proposals])
        return results

    def note(
        self,
        kind: str,
        actor: str,
        *,
        role: str = "",
        centre: str = "",
        subject: str = "",
        detail: str = "",
        at: datetime | None = None,
    ) -> None:
        """Write down what is no order: a sign-in, a refusal, a sight of protected data, an export ..."""
        words = {"kind": kind, "actor": actor, "role": role, "centre": centre, "subject": subject, "detail": detail}
        cut = {name: _sound(word, _MOST_CHARS[name]) for name, word in words.items()}
        entry = Entry(at=moment(self._clock()) if at is None else at, **cut)
        self._write(lambda sheet: sheet.note(entry))

    @or_unavailable
    def _write(self, fill: "Callable[[_Sheet], Any]") -> Any:
        with self._in_turn():
            for _ in range(_TRIES):
                with self._redis.pipeline(transaction=True) as pipe:
                    pipe.watch(HEAD)
                    sheet = _Sheet(pipe, _end(pipe), self._alg)
                    answer = fill(sheet)
                    try:
                        sheet.send()
                    except Conflicted:
                        continue
                    return answer
        raise JournalUnavailable("too many write to the audit trail at once")

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        if not self._turn.acquire(timeout=_TURN_S):
            raise JournalUnavailable("the audit trail is busy")
        try:
            yield
        finally:
            self._turn.release()

    # -- reading -----------------------------------------------------------------------------------------------

    @or_unavailable
    def head(self) -> Head:
        """Where the chain ends."""
        return _head(self._redis.get(HEAD))

    @or_unavailable
    def rows(self, after: int = 0, limit: int = 1_000) -> list[Row]:
        """Rows of the stream behind a number, oldest first; what the daily seal put into files is not here any more."""
        return [_row(*found) for found in self._redis.xrange(AUDIT, min=f"{after + 1}-0", count=limit)]

    def all_rows(self, after: int = 0) -> list[Row]:
        """All rows of the stream behind a number: those of a day or two."""
        rows: list[Row] = []
        while page := self.rows(rows[-1].seq if rows else after, _PAGE):
            rows += page
        return rows

    @or_unavailable
    def latest(self, before: int | None = None, limit: int = 1_000) -> list[Row]:
        """Rows of the stream before a number, newest first."""
        newest = "+" if before is None else f"{max(0, before - 1)}-0"
        return [_row(*found) for found in self._redis.xrevrange(AUDIT, max=newest, count=limit)]

    @or_unavailable
    def held(self, name: str) -> Held | None:
        """Who has a slot, as far as the ledger remembers."""
        return _slot(self._redis.get(SLOT + name))

    @or_unavailable
    def trim(self, through: int) -> None:
        """Forget rows up to a number: they are sealed in a file."""
        self._redis.xtrim(AUDIT, minid=f"{through + 1}-0", approximate=False)


class _Sheet:
    """One try to write: looks at slots through the watched connection, collects what is to be written, sends it."""

    def __init__(self, pipe: Any, head: Head, alg: str) -> None:
        self._pipe = pipe
        self._head = head
        self._alg = alg
        self._rows: list[Row] = []
        self._records: list[Order | Incident | Case] = []
        self._slots: Slots = {}

    def take(self, proposal: Proposal) -> Result:
        """What becomes of one order, behind those that were taken before it."""
        order = proposal.order
        known = self._look(given(order.id))
        if known is not None:
            if (known.verb, known.target, known.actor) != (order.verb, order.target, order.actor):
                return Unfit(order.id, Reason.ID_TAKEN, "id")
            return Committed(order.id, known.at, known.by, known.centre, again=True)
        order = self._in_time(order)

        def look(name: str) -> Held | None:
            return reconcile(self._look(name), proposal.seen.get(name), proposal.seen_at)

        try:
            self._slots.update(moves(order, look))
        except TooLate as late:
            held = late.held
            return Conflict(order.id, late.reason, held.order, held.at, held.by, held.centre)
        except Refused as refused:
            return Unfit(order.id, refused.reason, refused.field)
        self._records += [*proposal.companions, order]
        self.note(_entry(order, proposal))
        return Committed(order.id, order.at.timestamp(), order.by, order.centre)

    def note(self, entry: Entry) -> None:
        """One more row."""
        row, self._head = chain.append(self._head, entry, self._alg)
        self._rows.append(row)

    def send(self) -> None:
        """Write all of it, or raise Conflicted."""
        if not self._rows:
            return
        self._pipe.multi()
        for record in self._records:
            write(self._pipe, record)
        for name, held in self._slots.items():
            self._pipe.set(SLOT + name, msgspec.json.encode(held), ex=_KEEP_S)
        for row in self._rows:
            self._pipe.xadd(AUDIT, {"r": msgspec.json.encode(row)}, id=f"{row.seq}-0")
        self._pipe.set(HEAD, msgspec.json.encode(self._head))
        self._pipe.execute()

    def _look(self, name: str) -> Held | None:
        if name in self._slots:
            return self._slots[name]
        return _slot(self._pipe.get(SLOT + name))

    def _in_time(self, order: Order) -> Order:
        """The order behind the one before it: folds sort by time, and several clocks never agree to the microsecond."""
        ahead_s = self._head.at - order.at.timestamp()
        if not 0 <= ahead_s < _AHEAD_S:
            return order
        return msgspec.structs.replace(order, at=moment(self._head.at) + _STEP)


def _entry(order: Order, proposal: Proposal) -> Entry:
    """The row of an order: all that it says, and what came with it."""
    detail: dict[str, Any] = {"order": msgspec.Raw(encode(order))}
    if proposal.companions:
        detail["with"] = [msgspec.Raw(encode(each)) for each in proposal.companions]
    return Entry(
        at=order.at,
        kind=f"order.{order.verb.value}",
        actor=order.actor,
        role=proposal.role,
        centre=order.centre,
        subject=order.target,
        detail=msgspec.json.encode(detail).decode(),
    )


def _end(pipe: Any) -> Head:
    """Where the next row comes behind: the head, or a newer row where somebody took the head away or set it back."""
    head = _head(pipe.get(HEAD))
    newest = pipe.xrevrange(AUDIT, count=1)
    if not newest:
        return head
    row = _row(*newest[0])
    return head if row.seq <= head.seq else Head(row.seq, row.hash)


def _sound(text: str, most: int) -> str:
    """Text that can be written as UTF-8, no longer than a row can bear, and that does nothing to a terminal."""
    return plain(text.encode("utf-8", "replace").decode()[:most])


def _head(kept: bytes | None) -> Head:
    return Head() if kept is None else msgspec.json.decode(kept, type=Head)


def _slot(kept: bytes | None) -> Held | None:
    return None if kept is None else msgspec.json.decode(kept, type=Held)


def _row(entry_id: bytes, fields: Mapping[bytes, bytes]) -> Row:
    return chain.read(fields.get(b"r", b""), int(entry_id.split(b"-")[0]))
