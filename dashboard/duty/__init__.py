"""Shifts: who is on duty by the rosters, and how one shift hands over to the next."""

from collections.abc import Iterable

from msgspec import Struct

from dashboard.records import Order


class Signature(Struct, frozen=True, array_like=True):
    """Who signed, and when."""

    at: float
    by: str
    actor: str


class Handover(Struct, frozen=True, kw_only=True):
    """One handover of one centre's shift; signed by both sides it is frozen."""

    id: str  # of the order
    centre: str
    at: float
    digest: str  # SHA-256 of the document
    document: str  # canonical JSON, as drafted and noted by who goes
    gives: Signature
    takes: Signature | None = None
    gone: bool = False  # old: copies drop it, the audit trail keeps it


class Duty:
    """The handovers of the last days."""

    def __init__(self) -> None:
        """None yet."""
        self._handovers: dict[str, Handover] = {}

    def apply(self, order: Order, received_at: float) -> list[Handover]:
        """Take one signature; the handover that it changed."""
        return []

    def tick(self, now: float) -> list[Handover]:
        """Let time pass: old ones go."""
        return []

    def all(self) -> list[Handover]:
        """Every handover that is held."""
        return list(self._handovers.values())

    def adopt(self, handovers: Iterable[Handover]) -> None:
        """Take states as another process made them."""
        for handover in handovers:
            if handover.gone:
                self._handovers.pop(handover.id, None)
            else:
                self._handovers[handover.id] = handover
