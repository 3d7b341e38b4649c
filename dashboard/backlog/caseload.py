"""The rows of the backlog, by key and in columns, so that figures over all of them cost milliseconds."""

from collections.abc import Iterator
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from dashboard.backlog.cases import CaseRow
from dashboard.records import STAGES

Floats = NDArray[np.float64]
Indexes = NDArray[np.int64]
Mask = NDArray[np.bool_]

STAGE_PLACE = {stage: place for place, stage in enumerate(STAGES)}  # a stage as the columns hold it
_TIMES = ("reported", "since", "due", "closed", "held", "returned", "reworked", "supervised")
_FREE = 255  # in the stage column: no case here
_NEVER = (
    np.inf
)  # a limit, an end or a pause that is not there lies after every time; a return that is not there, before


@dataclass(frozen=True)
class Columns:
    """Some rows in columns of one length; times in epoch seconds."""

    slot: Indexes  # where `Caseload.at` finds the row
    stage: NDArray[np.uint8]  # place in records.STAGES
    department: NDArray[np.int16]  # -1 unknown
    community: NDArray[np.int16]  # -1 unknown
    reported: Floats
    since: Floats
    due: Floats  # inf: no limit
    closed: Floats  # inf: open
    held: Floats  # inf: the clock runs
    returned: Floats  # -inf: never
    reworked: Floats  # -inf: never
    urged: NDArray[np.int16]  # how many times
    supervised: Floats  # inf: nobody does
    tie: Indexes  # puts rows in one order on all machines where nothing else does
    touched: Indexes  # which change of the caseload was its last

    def take(self, chosen: Mask | Indexes) -> "Columns":
        """The rows that a mask or a list of places chooses."""
        # By places: numpy takes some ten times longer for a mask without order, and again for each column.
        places = np.flatnonzero(chosen) if chosen.dtype == np.bool_ else chosen
        return Columns(**{name: column.take(places) for name, column in vars(self).items()})

    def within(self, communities: Mask | None, department: int | None) -> "Columns":
        """Those of some communities (None: all, unknown ones too) and of one department (None: all)."""
        rows = self
        if communities is not None:
            rows = rows.take(np.append(communities, False)[rows.community])  # -1, unknown, meets the last one
        return rows if department is None else rows.take(rows.department == department)

    @property
    def is_open(self) -> Mask:
        """Which of them wait for something still."""
        return np.isinf(self.closed)

    def is_overdue(self, as_of: float) -> Mask:
        """`cases.is_overdue` of each row."""
        return np.less(self.left_s(as_of), 0)

    def left_s(self, as_of: float) -> Floats:
        """Seconds until each one's limit, below zero past it; inf: no limit. A held or closed one's stand still."""
        return self.due - np.where(self.is_open, np.minimum(self.held, as_of), self.closed)


class Caseload:
    """All rows; a row that goes leaves a free slot for the next one."""

    def __init__(self, room: int = 1024) -> None:
        """Empty, with columns for so many rows; they double when full."""
        self._slots: dict[str, int] = {}
        self._rows: list[CaseRow | None] = []
        self._free: list[int] = []
        self._columns = _empty(room)
        self.changes = 0  # how many times a row was put

    def __len__(self) -> int:
        """How many rows."""
        return len(self._slots)

    def __iter__(self) -> Iterator[CaseRow]:
        """Every row."""
        return (row for row in self._rows if row is not None)

    def get(self, key: str) -> CaseRow | None:
        """The row of one case."""
        slot = self._slots.get(key)
        return None if slot is None else self._rows[slot]

    def at(self, slot: int) -> CaseRow:
        """The row in one slot."""
        row = self._rows[slot]
        if row is None:
            raise KeyError(slot)
        return row

    def put(self, row: CaseRow) -> None:
        """Keep this row in place of the one of the same key."""
        slot = self._slots.get(row.key)
        if slot is None:
            slot = self._new_slot(row.key)
            self._columns.tie[slot] = crc32(row.key.encode())
        self._rows[slot] = row
        columns = self._columns
        columns.stage[slot] = STAGE_PLACE[row.stage]
        columns.department[slot] = row.department
        columns.community[slot] = row.community
        columns.reported[slot] = row.reported_at
        columns.since[slot] = row.since
        columns.due[slot] = _NEVER if row.due_at is None else row.due_at
        columns.closed[slot] = _NEVER if row.closed_at is None else row.closed_at
        columns.held[slot] = _NEVER if row.held_since is None else row.held_since
        columns.returned[slot] = -_NEVER if row.returned_at is None else row.returned_at
        columns.reworked[slot] = -_NEVER if row.reworked_at is None else row.reworked_at
        columns.urged[slot] = row.urged
        columns.supervised[slot] = _NEVER if row.supervised_at is None else row.supervised_at
        self.changes += 1
        columns.touched[slot] = self.changes

    def drop(self, key: str) -> None:
        """Forget one case."""
        slot = self._slots.pop(key)
        self._rows[slot] = None
        self._columns.stage[slot] = _FREE
        self._free.append(slot)

    def columns(self) -> Columns:
        """All rows in columns; a copy."""
        return self._columns.take(self._columns.stage != _FREE)

    def open_columns(self) -> Columns:
        """All rows that wait for something still, in columns; a copy."""
        return self._columns.take((self._columns.stage != _FREE) & self._columns.is_open)

    def closed_and_found_before(self, at: float) -> list[str]:
        """Keys of the cases of which both the end and the report lie before `at`."""
        columns = self._columns
        old = (columns.stage != _FREE) & (columns.closed < at) & (columns.reported < at)
        return [self.at(slot).key for slot in np.flatnonzero(old).tolist()]

    def _new_slot(self, key: str) -> int:
        if self._free:
            slot = self._free.pop()
        else:
            slot = len(self._rows)
            self._rows.append(None)
            if slot == len(self._columns.slot):
                self._columns = _doubled(self._columns)
        self._slots[key] = slot
        return slot


def _empty(room: int) -> Columns:
    return Columns(
        slot=np.arange(room),
        stage=np.full(room, _FREE, np.uint8),
        department=np.zeros(room, np.int16),
        community=np.zeros(room, np.int16),
        urged=np.zeros(room, np.int16),
        tie=np.zeros(room, np.int64),
        touched=np.zeros(room, np.int64),
        **{name: np.zeros(room) for name in _TIMES},
    )


def _doubled(columns: Columns) -> Columns:
    room = len(columns.slot)
    grown = _empty(2 * room)
    for name, column in vars(columns).items():
        vars(grown)[name][:room] = column
    return grown
