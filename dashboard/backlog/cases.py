"""What the backlog says: the row of one case, when it is overdue, and the figures of one scope."""

from msgspec import Struct

from dashboard.records import Stage

FINAL = (Stage.CLOSED, Stage.DECLINED)  # no move leads out of these


class CaseRow(Struct, frozen=True, array_like=True, gc=False):
    """One case as the backlog keeps it."""

    key: str
    revision: int
    item: str
    title: str
    department: int  # index into the district's departments, -1 unknown
    community: int  # index, -1 unknown
    cell: int  # index, -1 unknown
    stage: Stage
    reported_at: float
    since: float  # when it entered its stage
    due_at: float | None
    closed_at: float | None  # when it left the backlog, closed or declined; a source may put it before reported_at
    returned: int = 0  # how many times it came back from a department
    reworked: int = 0  # how many times verification sent it back
    paused_s: float = 0.0  # clock time that does not count, in seconds of the case's own clock
    held_since: float | None = None  # since when the clock stands still; None while it runs
    returned_at: float | None = None  # the last time
    reworked_at: float | None = None  # the last time
    limit_unsure: bool = False  # due_at was reckoned through a year that the holiday table does not cover
    by: str = ""  # the last office or post that moved it and said its name
    reason: str = ""  # why it is held or extended
    urged: int = 0  # how many times officers urged it
    urged_at: float | None = None  # the last time
    urged_by: str = ""  # the last time
    supervised_at: float | None = None  # since when it is supervised; None: it is not
    supervised_by: str = ""


def is_overdue(row: CaseRow, as_of: float) -> bool:
    """Whether the case is, or was when it was closed, past its limit; without a limit never.

    While the clock of a held case stands still, it is what it was when it stopped.
    """
    if row.due_at is None:
        return False
    if row.closed_at is not None:
        return row.closed_at > row.due_at
    return (as_of if row.held_since is None else min(as_of, row.held_since)) > row.due_at


class OldCase(Struct, frozen=True):
    """One of the oldest open cases."""

    key: str
    title: str
    item: str
    stage: Stage
    community: int
    department: int
    reported_at: float
    due_at: float | None


class Ratio(Struct, frozen=True):
    """A rate that shows what it is made of."""

    numerator: int
    denominator: int
    window_s: float


class AgeRow(Struct, frozen=True):
    """Open cases of one centre by age bucket, and how many of them are overdue."""

    centre: str  # code of a sub-district or department
    counts: tuple[int, ...]
    overdue: int


class BacklogFigures(Struct, frozen=True, kw_only=True):
    """What the wall says of the backlog of one scope at one time."""

    as_of: float
    open: int
    overdue: int  # open ones past their limit
    found_today: int  # reported since local midnight
    closed_today: int  # closed or declined since local midnight: what left the backlog
    found_per_h: float  # over the flow window
    closed_per_h: float  # likewise, closed or declined
    clear_at: float | None  # when the open cases would be gone at this pace; None: never
    funnel: tuple[tuple[Stage, int], ...]  # the seven stages; `closed` counts today's
    aside: tuple[tuple[Stage, int], ...]  # declined (today's), returned, rework, held, extended
    on_time: Ratio  # closed in the window with a limit: in time / all
    returned_today: int  # cases, however often each came back
    rework_today: int  # likewise
    age_edges_h: tuple[float, ...]  # upper edges of the age buckets; the last bucket is open
    by_sub_district: tuple[AgeRow, ...]
    by_department: tuple[AgeRow, ...]
    stage_ages: tuple[tuple[Stage, tuple[int, ...]], ...] = ()  # stage x age bucket, of the stages that wait
    oldest: tuple[OldCase, ...] = ()
    stuck: Stage | None = None  # the stage where cases wait longest, by median time in stage
    stuck_median_s: float = 0.0
    hours: tuple[float, ...] = ()  # starts of the last 24 full hours, oldest first
    found_by_hour: tuple[int, ...] = ()
    closed_by_hour: tuple[int, ...] = ()
    flow_window_s: float = 0.0  # what found_per_h and closed_per_h look back on
