"""What was done about an incident, as its page shows it: log, orders to units with their answers, reports, offers."""

import math
from enum import StrEnum

from msgspec import Struct

from dashboard.records import ReplyState, Verb


class Noted(StrEnum):
    """What the system itself writes into the log, beside what officers do."""

    REPORTED = "reported"
    ARRIVED = "arrived"  # `unit`; `kind`: the evidence
    OVERDUE = "overdue"  # `kind`: the tier whose leg it is
    ESCALATED = "escalated"  # `into`: the centre that it has climbed to
    ACCEPTED = "accepted"  # `unit` comes; `ref`: the order that it answers
    DECLINED = "declined"  # `unit` does not come; `reason`, `ref`
    FAILED = "failed"  # the order `ref` did not reach `unit`
    BY_VOICE = "by_voice"  # the order `ref` has to be told to `unit` by radio or telephone
    UNANSWERED = "unanswered"  # `unit` has not said in time whether it comes; `ref`
    OFFER_LAPSED = "offer_lapsed"  # the centre `into` has not answered the offer `ref`
    REPORT_OVERDUE = "report_overdue"  # no first report went up in time
    SOURCE_CLOSED = "source_closed"  # the source says that it is over


class Deed(Struct, frozen=True, array_like=True):
    """One line of an incident's log: an order, or what the system noted. What was taken back is marked and stays."""

    at: float
    id: str  # of the order; "" for what the system noted
    verb: Verb | None  # None: the system noted it
    by: str
    centre: str  # code
    unit: str = ""
    text: str = ""  # of a note and a close; a report's text is in Report
    kind: str = ""
    level: int = 0
    into: str = ""
    reason: str = ""
    ref: str = ""
    retracted: bool = False
    noted: Noted | None = None

    @property
    def word(self) -> str:
        """What happened, as the value of its verb or of Noted."""
        return str(self.verb or self.noted or "")


class UnitOrder(Struct, frozen=True, array_like=True):
    """The last order that a unit was given, and how far it has come."""

    id: str
    unit: str
    at: float
    go: bool  # false: stand down
    by: str
    centre: str
    answer_due_at: float  # later than this it has visibly not answered; inf: no answer is awaited (any more)
    state: ReplyState | None = None  # None: nothing was heard yet
    state_at: float | None = None
    reason: str = ""

    @property
    def is_awaited(self) -> bool:
        """Whether its device still owes an answer, or owed one and gave none."""
        return self.answer_due_at < math.inf


class ReportPart(StrEnum):
    """The three kinds of report."""

    FIRST = "first"  # 初报
    FOLLOW_UP = "follow_up"  # 续报
    FINAL = "final"  # 终报


class Outcome(StrEnum):
    """How an incident ended, as the `kind` of its close."""

    HANDLED = "handled"  # 处置完毕
    UNFOUNDED = "unfounded"  # 不实警情
    DUPLICATE = "duplicate"  # 重复接报
    TRANSFERRED = "transferred"  # 移交


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
    lapses_at: float = 0.0  # an answer after it does not count
