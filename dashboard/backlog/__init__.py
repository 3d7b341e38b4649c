"""The backlog of cases: the fold of case records and their moves into rows. A case is not an alarm.

The rules of one case are in `course`, its limits in `handling`, the figures in `flow`. However late, often or
disordered records arrive, the rows end up the same.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import tzinfo

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from dashboard.backlog import deeds, flow, query
from dashboard.backlog.caseload import Caseload, Mask
from dashboard.backlog.cases import AgeRow, BacklogFigures, CaseRow, OldCase, Ratio, is_overdue
from dashboard.backlog.course import Claim, Course, Move, Terms
from dashboard.backlog.handling import Calendar, Clock
from dashboard.backlog.stories import Stories
from dashboard.backlog.stories import StoriesMemory as BacklogMemory
from dashboard.district import District, Item, Scope
from dashboard.records import Case, CaseStep, Order, Stage, seconds

__all__ = [
    "AgeRow",
    "Backlog",
    "BacklogFigures",
    "BacklogMemory",
    "CaseRow",
    "OldCase",
    "Ratio",
    "is_overdue",
]

log = logging.getLogger(__name__)

_REASONED = (Stage.HELD, Stage.EXTENDED)  # stages that keep why
KEEP_S = 26 * 3600.0  # the longest figure looks back 25 h; a record that comes 24 h late must still find its case


class Backlog:
    """All open cases, and those found or closed lately."""

    def __init__(self, district: District) -> None:
        """Empty; `district` gives places, departments, limits and holidays."""
        self._district = district
        self._calendar = Calendar(district.timezone, district.holidays, district.holiday_years)
        self._items = _by_code_and_name(district.items)
        self._areas = flow.Areas(
            [centre.code for centre in district.sub_districts],
            [centre.code for centre in district.departments],
            district.sub_district_of,
        )
        self._load = Caseload()
        self._stories = Stories(self._terms)
        self._warned = False

    def apply(self, record: Case | CaseStep | Order, received_at: float) -> list[CaseRow]:
        """Take one record; the rows that it changed."""
        if isinstance(record, Case):
            return self._take_case(record)
        if isinstance(record, Order):
            return self._obey(record, received_at)
        key = record.case if "/" in record.case else f"{record.source}/{record.case}"
        course = self._stories.move(key, _move(record), received_at)
        row = self._load.get(key)
        return [] if course is None or row is None else self._keep(row, course)

    def tick(self, now: float) -> list[CaseRow]:
        """Let time pass: rows do not change by it, but what no figure needs any more is forgotten."""
        self.prune(now)
        return []

    def prune(self, now: float) -> None:
        """Forget cases that ended long ago, and moves whose case never came."""
        for key in self._load.closed_and_found_before(now - KEEP_S):
            self._load.drop(key)
            self._stories.forget(key)
        self._stories.prune(now)

    def get(self, key: str) -> CaseRow | None:
        """One case, if the backlog (still) has it."""
        return self._load.get(key)

    def figures(self, communities: Mask | None, department: int | None, now: float, zone: tzinfo) -> BacklogFigures:
        """The figures of a scope; None is every community, unknown ones too, and every department."""
        return flow.figures(self._load, self._areas, communities, department, now, zone)

    def lately_overdue(self, now: float, window_s: float) -> list[flow.Overdue]:
        """Each sub-district's open cases, and how many of them passed their limit within the window."""
        return flow.lately_overdue(self._load, self._areas, now, window_s)

    def open_by_cell(self, cells: int, department: int | None) -> NDArray[np.int64]:
        """Open cases (cells,) of one department (None: all); those outside every cell are not among them."""
        places = [
            row.cell
            for row in self._load
            if row.closed_at is None and row.cell >= 0 and department in (None, row.department)
        ]
        return np.bincount(np.array(places, np.int64), minlength=cells)

    def page(self, wish: query.Query, scope: Scope, now: float) -> query.Page:
        """One page of a table of cases; raises QueryError."""
        return query.page(self._load, wish, scope, self._district, now)

    def matching(self, wish: query.Filter, order: Sequence[query.Sort], scope: Scope, now: float) -> list[CaseRow]:
        """All cases of a scope that a filter finds, in order; raises QueryError."""
        return query.matching(self._load, wish, order, scope, self._district, now)

    @property
    def changes(self) -> int:
        """How many changes of rows this backlog has seen; a copy counts its own."""
        return self._load.changes

    def changed_since(self, mark: int, scope: Scope) -> int:
        """How many cases of a scope changed after `changes` was `mark`."""
        return query.changed_since(self._load, scope, mark)

    def anomalies(self) -> dict[str, int]:
        """How many moves were refused or odd, by the name of what was wrong."""
        return self._stories.anomalies()

    def all(self) -> list[CaseRow]:
        """Every row."""
        return list(self._load)

    def adopt(self, rows: Iterable[CaseRow]) -> None:
        """Take rows as another process made them."""
        for row in rows:
            self._load.put(row)

    def memory(self) -> BacklogMemory:
        """What the rows do not say; it shares live lists, so it is to be encoded at once."""
        return self._stories.memory()

    def restore(self, memory: BacklogMemory) -> None:
        """Go on from another backlog's memory, beside its adopted rows."""
        self._stories.restore(memory)

    def _obey(self, order: Order, received_at: float) -> list[CaseRow]:
        if order.verb not in deeds.VERBS:
            return []
        course = self._stories.order(order.target, deeds.deed(order), received_at)
        row = self._load.get(order.target)
        return [] if course is None or row is None else self._keep(row, course)

    def _take_case(self, case: Case) -> list[CaseRow]:
        key = f"{case.source}/{case.id}"
        known = self._load.get(key)
        if known is not None and case.revision <= known.revision:
            return []
        claim = _claim(case, self._items.get(case.item))
        community, cell = self._place(case)
        row = CaseRow(
            key=key,
            revision=case.revision,
            item=case.item,
            title=case.title,
            department=-1,
            community=community,
            cell=cell,
            stage=claim.stage,
            reported_at=claim.reported_at,
            since=claim.reported_at,
            due_at=None,
            closed_at=None,
        )
        return self._keep(row, self._stories.claim(key, claim))

    def _keep(self, row: CaseRow, course: Course) -> list[CaseRow]:
        row = replace(
            row,
            department=self._district.department_index.get(course.department, -1),
            stage=course.stage,
            since=course.since,
            due_at=course.due_at,
            closed_at=course.closed_at,
            returned=course.returned,
            returned_at=course.returned_at,
            reworked=course.reworked,
            reworked_at=course.reworked_at,
            paused_s=course.paused_s,
            held_since=course.held_since,
            limit_unsure=course.limit_unsure,
            by=course.by,
            reason=course.reason,
            urged=course.pressed.urged,
            urged_at=course.pressed.urged_at,
            urged_by=course.pressed.urged_by,
            supervised_at=course.pressed.supervised_at,
            supervised_by=course.pressed.supervised_by,
        )
        if row == self._load.get(row.key):
            return []
        self._load.put(row)
        if row.limit_unsure and not self._warned:
            self._warned = True
            log.warning("the holiday table does not cover the limit of case %s, nor perhaps others'", row.key)
        return [row]

    def _terms(self, claim: Claim) -> Terms:
        item = self._items.get(claim.item)
        if item is None:
            return Terms(self._calendar)
        return Terms(self._calendar, Clock(item.clock), item.limit if claim.due_at is None else None)

    def _place(self, case: Case) -> tuple[int, int]:
        """Community and cell of a case, -1 each where unknown."""
        if case.lat is not None and case.lon is not None:
            cell = int(self._district.locate(case.lat, case.lon)[0])
            if cell >= 0:
                return int(self._district.cell_community[cell]), cell
        return self._district.community_index.get(case.community, -1), -1


def _by_code_and_name(items: Mapping[str, Item]) -> dict[str, Item]:
    """Sources name an item as they like; a code wins over a name."""
    named = {name: item for item in items.values() for name in (item.name_en, item.name) if name}
    return named | dict(items)


def _claim(case: Case, item: Item | None) -> Claim:
    return Claim(
        reported_at=case.reported_at.timestamp(),
        stage=case.stage,
        item=case.item,
        department=case.department or (item.department if item else ""),
        due_at=seconds(case.due_at),
        closed_at=seconds(case.closed_at),
    )


def _move(record: CaseStep) -> Move:
    return Move(
        at=record.at.timestamp(),
        id=record.id,
        stage=record.stage,
        by=record.by,
        department=record.department,
        reason=record.reason.strip() if record.stage in _REASONED else "",
        due_at=seconds(record.due_at),
    )
