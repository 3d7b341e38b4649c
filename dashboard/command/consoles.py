"""Who is at the consoles of each centre: what several web processes say of it, as one."""

from collections.abc import Iterable

from msgspec import Struct

STAFFED_S = 30.0  # a web process that was not heard for so long has no consoles any more


class Staff(Struct, frozen=True, array_like=True):
    """Who is signed in at a console of a centre."""

    at: float  # the last sign of it
    names: tuple[str, ...]  # titles of the accounts


class Consoles(Struct, frozen=True, array_like=True):
    """What one web process says of its own consoles."""

    at: float
    names: dict[str, tuple[str, ...]]  # centre -> titles of the accounts


def merged(told: Iterable[Consoles], now: float) -> dict[str, Staff]:
    """Who is where by the last word of each web process; one that has fallen silent says nothing any more."""
    found: dict[str, Staff] = {}
    for consoles in told:
        if is_silent(consoles.at, now):
            continue
        for centre, names in consoles.names.items():
            known = found.get(centre, Staff(consoles.at, ()))
            everybody = tuple(sorted({*known.names, *names}))
            if everybody:
                found[centre] = Staff(max(known.at, consoles.at), everybody)
    return found


def is_silent(at: float, now: float) -> bool:
    """Whether a word of that time is too old to be true still."""
    return now - at > STAFFED_S


def staffed_by(staff: Staff | None, now: float) -> tuple[str, ...]:
    """Who is at a centre's consoles now; nobody where the last sign is too old."""
    return () if staff is None or is_silent(staff.at, now) else staff.names
