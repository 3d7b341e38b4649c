"""An alarm as screens and copies know it, and the figures of a scope. No rules in here."""

from enum import StrEnum

from msgspec import Struct

from dashboard.records import Level


class AlarmKind(StrEnum):
    """What an alarm is about; `subject` is the key of that thing. docs/alarms.md says why each exists."""

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
    ARCHIVE = "archive"  # it cannot be written


class AlarmState(Struct, frozen=True, kw_only=True):
    """One alarm: active or cleared, acknowledged or not, shelved or not."""

    key: str  # "<kind>/<subject>", and behind it the tier or unit where one subject can have several
    kind: AlarmKind
    subject: str
    level: Level
    cause: str = ""  # what distinguishes it within its kind: a tier, a band, a reason
    unit: str = ""  # call-sign, where it is about one
    title: str = ""
    community: int = -1
    area: str = ""  # code of the sub-district, where it is about the whole of one
    held_by: str = ""  # code of the centre that the escalation has reached
    raised_at: float  # names the raise: an acknowledgement says `raise_ref` of what it saw
    active: bool = True
    cleared_at: float | None = None
    acknowledged_at: float | None = None
    acknowledged_by: str = ""
    acknowledged_from: str = ""  # code of the centre
    rang_at: float = 0.0  # the last time it called for attention: raised, raised again, or unanswered; 0: never
    shelved_until: float | None = None
    wanted_until: float | None = None  # while it waits for approval: what was asked for
    shelved_by: str = ""
    shelve_reason: str = ""
    shelve_order: str = ""  # id of the order that shelved it, or asks to
    needs_approval: bool = False  # shelving was asked for and waits for a second person
    approved_by: str = ""
    raised_count: int = 1  # within the hour up to the last raise
    chattering: bool = False
    stale: bool = False  # active for more than 24 h
    group: str = ""  # in a flood: the area and kind under which it is folded; "" stands alone
    gone: bool = False  # cleared and acknowledged: copies drop it

    @property
    def needs_action(self) -> bool:
        """Whether it calls for somebody now."""
        return self.acknowledged_at is None and self.shelved_until is None and not self.gone


class AlarmFigures(Struct, frozen=True, kw_only=True):
    """How healthy the alarms of a scope are (DOMAIN section 9, A2-A4)."""

    last_10_min: int = 0
    last_hour: int = 0
    last_day: int = 0
    flood_since: float | None = None
    flood_share: float = 0.0  # of the last day's 10-minute periods, those with more alarms than a person can take
    chattering: int = 0
    stale: int = 0
    shelved: int = 0
    waiting: tuple[int, int, int, int] = (0, 0, 0, 0)  # that need action now, by level I to IV
    mix: tuple[int, int, int, int] = (0, 0, 0, 0)  # raised in the last day, by level I to IV
    groups: tuple[tuple[str, int], ...] = ()  # alarms folded under each group
    top: tuple[tuple[str, int], ...] = ()  # the keys raised most in the last day, with how often
    operators: int = 0  # officers at consoles of the scope, who share the load


def raise_ref(state: AlarmState) -> str:
    """What an order on this alarm gives as `ref`: the raise that the officer saw."""
    return repr(state.raised_at)


def urgency(state: AlarmState) -> tuple[bool, int, float, str]:
    """The order of a list: what needs action first, then by level, the oldest first."""
    return not state.needs_action, state.level, state.raised_at, state.key
