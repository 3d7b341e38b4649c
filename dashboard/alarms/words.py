"""What officers said about one alarm: acknowledged, shelved, approved, taken off the shelf.

Orders are kept and read by their event time, so that late, repeated and disordered ones end the same.
"""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from dashboard.records import Order, Verb, seconds

VERBS = (Verb.ACKNOWLEDGE_ALARM, Verb.SHELVE, Verb.APPROVE, Verb.UNSHELVE)
_SAME_RAISE_S = 0.0005  # raises are named to the millisecond


class Word(Struct, frozen=True, array_like=True):
    """One order on an alarm."""

    at: float
    id: str
    verb: Verb
    by: str = ""
    who: str = ""  # the account, or where there is none the name: two persons differ in it
    centre: str = ""
    ref: str = ""
    until: float | None = None
    reason: str = ""
    received_at: float = 0.0


class Shelf(Struct, frozen=True):
    """What shelving makes of an alarm now."""

    order: str = ""  # id of the order that shelved it, or asks to; "": nobody did
    by: str = ""
    reason: str = ""
    until: float = 0.0
    since: float | None = None  # from when on it is silent; None: it waits for approval, or is not shelved
    approved_by: str = ""
    released_at: float | None = None  # when it last came off the shelf

    @property
    def is_shelved(self) -> bool:
        """Whether the alarm is silent on the shelf."""
        return self.since is not None

    @property
    def needs_approval(self) -> bool:
        """Whether it waits for a second person."""
        return bool(self.order) and self.since is None


def word_of(order: Order, received_at: float) -> Word:
    """The word of one order."""
    return Word(
        at=order.at.timestamp(),
        id=order.id,
        verb=order.verb,
        by=order.by,
        who=order.actor or order.by,
        centre=order.centre,
        ref=order.ref,
        until=seconds(order.until),
        reason=order.reason.strip(),
        received_at=received_at,
    )


def order_of(word: Word) -> tuple[float, str]:
    """Where a word stands among the words on its alarm."""
    return word.at, word.id


def acknowledgement(words: Iterable[Word], raised_at: float) -> Word | None:
    """The first word that acknowledges this raise.

    It names the raise that was seen. One that names none is of whatever stood there when it was said.
    """
    for word in words:
        if word.verb is Verb.ACKNOWLEDGE_ALARM and covers(word, raised_at):
            return word
    return None


def covers(word: Word, raised_at: float) -> bool:
    """Whether an acknowledgement is one of this raise."""
    if not word.ref:
        return word.at >= raised_at
    try:
        return abs(float(word.ref) - raised_at) < _SAME_RAISE_S
    except ValueError:
        return False


def shelf(words: Sequence[Word], needs_two: bool, most_s: float, now: float) -> Shelf:
    """What `words`, sorted by time, make of the shelf at `now`; `needs_two`: a second person must agree."""
    current = Shelf()
    for word in words:
        current = _run_out(current, word.at)
        if word.verb is Verb.SHELVE and is_shelving(word):
            current = _put_up(word, _approval(words, word), needs_two, most_s, current.released_at)
        elif word.verb is Verb.UNSHELVE:
            current = _off(current, word.at)
    return _run_out(current, now)


def is_shelving(word: Word) -> bool:
    """Whether a shelving says why, and until when."""
    return bool(word.reason) and word.until is not None and word.until > word.at


def _put_up(asked: Word, second: Word | None, needs_two: bool, most_s: float, released_at: float | None) -> Shelf:
    since = asked.at if second is None else max(asked.at, second.at)
    return Shelf(
        order=asked.id,
        by=asked.by,
        reason=asked.reason,
        until=min(asked.until or 0.0, asked.at + most_s),
        since=None if needs_two and second is None else since,
        approved_by=second.by if second is not None else "",
        released_at=released_at,
    )


def _run_out(current: Shelf, now: float) -> Shelf:
    return _off(current, current.until) if current.order and current.until <= now else current


def _off(current: Shelf, at: float) -> Shelf:
    """Off the shelf; one that was only asked for has never been on it."""
    return Shelf(released_at=at if current.is_shelved else current.released_at)


def _approval(words: Iterable[Word], asked: Word) -> Word | None:
    for word in words:
        if word.verb is Verb.APPROVE and word.ref == asked.id and word.who != asked.who:
            return word
    return None
