"""Alarms after ISA-18.2: what needs a person's timely action. A case is not an alarm.

Conditions come from the rest of the situation (conditions.py), orders from consoles; here each alarm gets its state.
"""

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

from dashboard.records import Level, Order


class AlarmKind(StrEnum):
    """What an alarm is about; `subject` is the key of that thing."""

    INCIDENT = "incident"  # nobody has acknowledged it
    LEG = "leg"  # a tier is overdue
    REPORT = "report"  # the first report is overdue
    ORDER = "order"  # a unit declined, or did not answer in time
    SOS = "sos"
    SENSOR = "sensor"
    ALERT = "alert"  # a video alert of level I or II
    FEED = "feed"  # a source is lost
    CASES = "cases"  # a cluster of cases past their limit in one area
    STORAGE = "storage"


class AlarmState(Struct, frozen=True, kw_only=True):
    """One alarm: active or cleared, acknowledged or not, shelved or not."""

    key: str  # "<kind>/<subject>"
    kind: AlarmKind
    subject: str
    level: Level
    cause: str = ""  # what distinguishes it within its kind: a tier, a band, a reason
    title: str = ""
    community: int = -1
    held_by: str = ""  # code of the centre that the escalation has reached
    raised_at: float
    active: bool = True
    cleared_at: float | None = None
    acknowledged_at: float | None = None
    acknowledged_by: str = ""
    acknowledged_from: str = ""  # code of the centre
    rang_at: float = 0.0  # the last time it called for attention: raised, raised again, or unanswered for long
    shelved_until: float | None = None
    shelved_by: str = ""
    shelve_reason: str = ""
    shelve_order: str = ""  # id of the order that shelved it, or asks to
    needs_approval: bool = False  # shelving was asked for and waits for a second person
    approved_by: str = ""
    raised_count: int = 1
    chattering: bool = False
    stale: bool = False  # active for more than 24 h
    group: str = ""  # in a flood: the area and kind under which it is folded; "" stands alone
    gone: bool = False  # cleared and acknowledged: copies drop it

    @property
    def needs_action(self) -> bool:
        """Whether it calls for somebody now."""
        return self.acknowledged_at is None and self.shelved_until is None and not self.gone


class AlarmFigures(Struct, frozen=True):
    """How healthy the alarms of a scope are (DOMAIN section 9, A2-A4)."""

    last_10_min: int = 0
    last_hour: int = 0
    last_day: int = 0
    flood_since: float | None = None
    chattering: int = 0
    stale: int = 0
    shelved: int = 0


class AlarmsMemory(Struct, array_like=True):
    """What a successor needs beside the states."""


class Alarms:
    """All alarms that are active, unacknowledged or shelved."""

    def __init__(self) -> None:
        """None yet."""
        self._states: dict[str, AlarmState] = {}

    def apply(self, order: Order, received_at: float) -> list[AlarmState]:
        """Take one order on an alarm; what it changed."""
        return []

    def all(self) -> list[AlarmState]:
        """Every alarm."""
        return list(self._states.values())

    def adopt(self, states: Iterable[AlarmState]) -> None:
        """Take states as another process made them."""
        for state in states:
            if state.gone:
                self._states.pop(state.key, None)
            else:
                self._states[state.key] = state

    def memory(self) -> AlarmsMemory:
        """What the states do not say."""
        return AlarmsMemory()

    def restore(self, memory: AlarmsMemory) -> None:
        """Go on from another's memory, beside its adopted states."""
