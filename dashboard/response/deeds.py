"""What was done about an incident, as its page shows it: log, orders to units with their answers, reports, command."""

from enum import StrEnum

from msgspec import Struct

from dashboard.records import ReplyState, Verb


class Deed(Struct, frozen=True, array_like=True):
    """One line of an incident's record; what was taken back is marked and stays."""

    at: float
    id: str  # of the order
    verb: Verb
    by: str
    centre: str  # code
    unit: str = ""
    text: str = ""
    kind: str = ""
    level: int = 0
    into: str = ""
    reason: str = ""
    ref: str = ""
    retracted: bool = False


class UnitOrder(Struct, frozen=True, array_like=True):
    """The last order that a unit was given, and how far it has come."""

    id: str
    unit: str
    at: float
    go: bool  # false: stand down
    by: str
    centre: str
    answer_due_at: float  # by then a device should have answered; later it is visibly timed out
    state: ReplyState | None = None  # None: nothing was heard yet
    state_at: float | None = None
    reason: str = ""


class ReportPart(StrEnum):
    """The three kinds of report."""

    FIRST = "first"  # 初报
    FOLLOW_UP = "follow_up"  # 续报
    FINAL = "final"  # 终报


class Report(Struct, frozen=True, array_like=True):
    """One report that was sent up."""

    id: str
    part: ReportPart
    at: float
    by: str
    centre: str
    text: str


class Offer(Struct, frozen=True, array_like=True):
    """The command was offered to a centre, which has not answered."""

    id: str
    into: str
    by: str
    centre: str
    at: float
