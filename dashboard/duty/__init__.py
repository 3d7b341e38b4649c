"""Shifts: who is on duty by the rosters, and how one shift hands over to the next.

A handover is signed by who goes, then by who comes; until then the shift that goes stays responsible. What follows
from the signatures is a pure function of all of them in the order of their times, so they may come late, repeated or in
any order. The document is drafted in `handover`, rosters are in `roster`, who is on duty says `plan`.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from dashboard.district import District
from dashboard.duty.document import digest
from dashboard.duty.document_form import signable
from dashboard.duty.plan import Plan, Rosters, Watch
from dashboard.duty.roster import Shift
from dashboard.records import Order, Verb, moment

__all__ = [
    "Duty",
    "DutyMemory",
    "Handover",
    "Plan",
    "Rosters",
    "Shift",
    "Signature",
    "Watch",
]

KEEP_S = 14 * 86_400.0
STAYS_S = 86_400.0  # longer than this a shift does not stay responsible, whoever forgot to take over

# Why a signature is not taken.
UNKNOWN_CENTRE, WRONG_DIGEST, UNREADABLE = "unknown_centre", "wrong_digest", "unreadable"
UNKNOWN_HANDOVER, SAME_PERSON, TAKEN, REPLACED = "unknown_handover", "same_person", "taken", "replaced"


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
    replaced: bool = False  # who goes signed anew before anybody took it
    gone: bool = False  # old: copies drop it, the audit trail keeps it

    @property
    def is_open(self) -> bool:
        """Whether it waits for who comes."""
        return self.takes is None and not self.replaced

    @property
    def is_frozen(self) -> bool:
        """Whether both sides have signed."""
        return self.takes is not None


class Take(NamedTuple):
    """One signature of somebody who comes."""

    at: float
    id: str  # of the order
    by: str
    actor: str
    centre: str


class DutyMemory(Struct, frozen=True, array_like=True):
    """What a successor needs beside handovers and rosters."""

    takes: dict[str, tuple[Take, ...]] = {}
    anomalies: dict[str, int] = {}
    now: float = 0.0


class Duty:
    """The plan of who is on duty, and the handovers of the last days."""

    def __init__(self, district: District) -> None:
        """No handovers and no rosters yet."""
        self.plan = Plan(district)
        self._district = district
        self._handovers: dict[str, Handover] = {}
        self._takes: dict[
            str, tuple[Take, ...]
        ] = {}  # id of the handover -> who wanted to take it; some came before it
        self._anomalies: Counter[str] = Counter()
        self._now = 0.0

    # -- the engine's part -----------------------------------------------------------------------------------------

    def apply(self, order: Order, received_at: float) -> list[Handover]:
        """Take one signature; the handovers that it changed."""
        self._now = max(self._now, received_at)
        if self._is_old(order.at.timestamp()):
            return []
        return self._give(order) if order.verb is Verb.HAND_OVER else self._take(order)

    def tick(self, now: float) -> list[Handover]:
        """Let time pass: old ones go."""
        self._now = max(self._now, now)
        old = [handover for handover in self._handovers.values() if self._is_old(handover.at)]
        for handover in old:
            del self._handovers[handover.id]
        for key in [key for key, takes in self._takes.items() if all(self._is_old(take.at) for take in takes)]:
            del self._takes[key]
        return [replace(handover, gone=True) for handover in old]

    def note_rosters(self, rosters: Rosters) -> Rosters | None:
        """Take over the rosters; None if they are those that are known."""
        if rosters == self.plan.rosters:
            return None
        self.plan.adopt(rosters)
        return rosters

    def memory(self) -> DutyMemory:
        """What handovers and rosters do not say; it shares a live table, so it is to be encoded at once."""
        return DutyMemory(self._takes, dict(self._anomalies), self._now)

    def restore(self, memory: DutyMemory) -> None:
        """Go on from another's memory, beside its adopted handovers."""
        self._takes = dict(memory.takes)
        self._anomalies = Counter(memory.anomalies)
        self._now = memory.now

    # -- everybody's part ------------------------------------------------------------------------------------------

    def fault(self, order: Order) -> str:
        """Why a signature cannot be taken as things stand; empty: it can."""
        if order.verb is Verb.HAND_OVER:
            return self._fault_of_document(order)
        handover = self._handovers.get(order.ref)
        if handover is None or handover.centre != order.target:
            return UNKNOWN_HANDOVER
        if handover.is_frozen:
            return TAKEN
        if handover.replaced:
            return REPLACED
        return SAME_PERSON if _is_same(handover.gives, order.by, order.actor) else ""

    def open_handover(self, centre: str) -> Handover | None:
        """The handover of a centre that was given and not taken: until then who gave it stays responsible."""
        return max((one for one in self._of(centre) if one.is_open), key=lambda one: (one.at, one.id), default=None)

    def shift_began(self, centre: str, at: float) -> float | None:
        """When whoever was responsible at a time took over, by the signatures; None: nobody did within a day."""
        taken = (one.takes.at for one in self._of(centre) if one.takes is not None)
        began = max((time for time in taken if time <= at), default=None)
        return began if began is not None and at - began <= STAYS_S else None

    def responsible(self, centre: str, now: float) -> Watch | None:
        """Who leads a centre now: by the plan, but while its handover is open, the shift that gave it."""
        handover = self.open_handover(centre)
        if handover is not None and now - handover.at <= STAYS_S:
            began = self.shift_began(centre, handover.at)
            giving = self.plan.who(centre, handover.at if began is None else began)
            if giving is not None:
                return giving
        return self.plan.who(centre, now)

    def find(self, text: str = "", centre: str = "", day: date | None = None) -> list[Handover]:
        """Handovers whose document or signatures contain a text, of a centre, of a local day; newest first."""
        zone, wanted = self._district.timezone, text.casefold()
        found = [
            one
            for one in self._handovers.values()
            if centre in ("", one.centre)
            and (day is None or moment(one.at).astimezone(zone).date() == day)
            and (not wanted or wanted in _searched(one))
        ]
        return sorted(found, key=lambda one: (-one.at, one.id))

    def get(self, handover: str) -> Handover | None:
        """One handover by the id of its order."""
        return self._handovers.get(handover)

    def anomalies(self) -> dict[str, int]:
        """How many signatures were refused, by the reason."""
        return dict(sorted(self._anomalies.items()))

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

    # -- parts -----------------------------------------------------------------------------------------------------

    def _give(self, order: Order) -> list[Handover]:
        if order.id in self._handovers:
            return []
        if why := self._fault_of_document(order):
            self._anomalies[why] += 1
            return []
        at = order.at.timestamp()
        gives = Signature(at, order.by, order.actor)
        given = Handover(id=order.id, centre=order.target, at=at, digest=order.ref, document=order.text, gives=gives)
        self._handovers[given.id] = given
        changed = self._settle(given.centre)
        return changed if any(one.id == given.id for one in changed) else [*changed, given]

    def _take(self, order: Order) -> list[Handover]:
        take = Take(order.at.timestamp(), order.id, order.by, order.actor, order.target)
        known = self._takes.get(order.ref, ())
        if take in known:
            return []
        self._takes[order.ref] = (*known, take)
        handover = self._handovers.get(order.ref)
        if handover is None:
            return []
        if why := self.fault(order):
            self._anomalies[why] += 1
        return self._settle(handover.centre)

    def _settle(self, centre: str) -> list[Handover]:
        """Make all handovers of a centre follow from all signatures again; those that became different."""
        given = sorted(self._of(centre), key=lambda one: (one.at, one.id))
        changed = []
        for place, one in enumerate(given):
            until = given[place + 1].at if place + 1 < len(given) else float("inf")
            takes = self._taker(one, until)
            settled = replace(one, takes=takes, replaced=takes is None and place + 1 < len(given))
            if settled != one:
                self._handovers[one.id] = settled
                changed.append(settled)
        return changed

    def _taker(self, handover: Handover, until: float) -> Signature | None:
        """The first other person who signed while the handover was open."""
        for take in sorted(self._takes.get(handover.id, ())):
            is_in_time = handover.at <= take.at < until
            if is_in_time and take.centre == handover.centre and not _is_same(handover.gives, take.by, take.actor):
                return Signature(take.at, take.by, take.actor)
        return None

    def _fault_of_document(self, order: Order) -> str:
        if order.target not in self._district.centres:
            return UNKNOWN_CENTRE
        if digest(order.text) != order.ref:
            return WRONG_DIGEST
        return UNREADABLE if signable(order.text, order.target) is None else ""

    def _of(self, centre: str) -> list[Handover]:
        return [one for one in self._handovers.values() if one.centre == centre]

    def _is_old(self, at: float) -> bool:
        return self._now - at > KEEP_S


def _is_same(gives: Signature, by: str, actor: str) -> bool:
    """Whether who takes is who gives; rehearsals have no accounts, so there the names must differ."""
    return gives.actor == actor if gives.actor or actor else gives.by == by


def _searched(handover: Handover) -> str:
    takes = handover.takes.by if handover.takes else ""
    return f"{handover.document} {handover.gives.by} {takes} {handover.digest}".casefold()
