"""Who commands an incident: the lowest centre that took it on, until the command is handed over and accepted."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from dashboard.records import Order, Verb
from dashboard.response.deeds import Offer


@dataclass(frozen=True)
class Authority:
    """Where the command is, and where it was offered to."""

    in_command: str  # code of a centre
    offer: Offer | None = None  # the one that still waits for an answer
    lapsed: tuple[Offer, ...] = ()  # those that nobody answered in time


def authority(
    transfers: Iterable[Order],
    chain: Sequence[str],
    acknowledging: AbstractSet[str],
    offer_s: float,
    now: float,
    closed_at: float | None = None,
) -> Authority:
    """Fold offers, acceptances and refusals, oldest first. `chain`: the centres that can hold it, lowest first.

    A later offer replaces an earlier one; an acceptance counts only for the offer that stands, and only before it
    lapses. With the close every offer ends.
    """
    in_command = next((centre for centre in chain if centre in acknowledging), chain[0] if chain else "")
    offer: Offer | None = None
    lapsed: list[Offer] = []
    for order in transfers:
        at = order.at.timestamp()
        if offer is not None and at > offer.lapses_at:
            lapsed.append(offer)
            offer = None
        if order.verb is Verb.OFFER:
            offer = Offer(order.id, order.into, order.by, order.centre, at, at + offer_s)
        elif offer is not None and order.ref == offer.id:
            in_command = offer.into if order.verb is Verb.ACCEPT else in_command
            offer = None
    until = now if closed_at is None else closed_at
    if offer is not None and until > offer.lapses_at:
        lapsed.append(offer)
        offer = None
    return Authority(in_command, offer if closed_at is None else None, tuple(lapsed))
