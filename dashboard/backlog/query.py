"""Which cases a table shows: filter, order and page over the columns of the caseload, for tens of thousands of cases.

Filters and orders come from browsers, so they are decoded here with all their limits: what cannot be used raises
QueryError with a sentence that may be shown.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Any, TypeVar

import msgspec
import numpy as np
from msgspec import Meta, Struct, field

from dashboard.backlog.caseload import STAGE_PLACE, Caseload, Columns, Floats, Indexes
from dashboard.backlog.cases import FINAL, CaseRow
from dashboard.district import District, Scope
from dashboard.records import Stage

PAGE_MOST = 500
SOON_SHARE = 0.2  # of a limit: with less than this left the case is soon overdue

_Codes = Annotated[tuple[Annotated[str, Meta(max_length=80)], ...], Meta(max_length=200)]
_Span = Annotated[float, Meta(ge=0, le=10 * 366 * 86_400)]


_T = TypeVar("_T")


class QueryError(ValueError):
    """The filter or order cannot be used; the text says why."""


class Filter(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Which cases; what is not set lets all pass. Cases that ended show only if their stage is asked for."""

    stages: Annotated[tuple[Stage, ...], Meta(max_length=len(Stage))] = ()
    items: _Codes = ()
    departments: _Codes = ()
    places: _Codes = ()  # codes of sub-districts and communities
    overdue: bool = False
    due_within_s: _Span | None = None  # the limit runs out so soon, or is past
    older_than_s: _Span | None = None
    supervised: bool = False
    urged: bool = False
    text: Annotated[str, Meta(max_length=80)] = ""  # in title or key


class Column(StrEnum):
    """What a table can be sorted by."""

    LEFT = "left"  # what is most overdue comes first
    ITEM = "item"
    STAGE = "stage"
    DEPARTMENT = "department"
    PLACE = "place"
    REPORTED = "reported"
    SINCE = "since"
    DUE = "due"
    URGED = "urged"
    SUPERVISED = "supervised"
    HELD = "held"
    RETURNED = "returned"


class Sort(Struct, frozen=True, rename={"column": "colId", "direction": "sort"}):
    """One step of an order, in the form in which AG Grid says it."""

    column: Column
    direction: Annotated[str, Meta(pattern="^(asc|desc)$")] = "asc"


class Query(Struct, frozen=True):
    """One page of a table: rows from `start` up to `end`."""

    filter: Filter = field(default_factory=Filter)
    order: tuple[Sort, ...] = ()
    start: int = 0
    end: int = 100


class Page(Struct, frozen=True):
    """What a query finds: its page, and how many cases there are in all."""

    rows: tuple[CaseRow, ...]
    total: int


class _Request(Struct, frozen=True):
    """What of AG Grid's getRowsRequest is of use."""

    startRow: Annotated[int, Meta(ge=0, le=10_000_000)] = 0
    endRow: Annotated[int, Meta(ge=0, le=10_000_000)] = 100
    sortModel: Annotated[tuple[Sort, ...], Meta(max_length=6)] = ()
    filterModel: dict[str, Any] = {}


def decode(request: Any, chosen: Any) -> Query:
    """The query of a grid's request and of what is chosen in the filter bar; raises QueryError."""
    asked = _convert({} if request is None else request, _Request)
    if asked.filterModel:
        raise QueryError("the columns have no filters; filter by the bar above them")
    if asked.endRow - asked.startRow > PAGE_MOST:
        raise QueryError(f"a page has at most {PAGE_MOST} rows")
    return Query(decode_filter(chosen), asked.sortModel, asked.startRow, asked.endRow)


def decode_filter(chosen: Any) -> Filter:
    """What is chosen in the filter bar; raises QueryError."""
    return _convert({} if chosen is None else chosen, Filter)


def decode_order(order: Any) -> tuple[Sort, ...]:
    """An order as AG Grid says it; raises QueryError."""
    return _convert({"sortModel": [] if order is None else order}, _Request).sortModel


def page(load: Caseload, query: Query, scope: Scope, district: District, now: float) -> Page:
    """One page of the cases that a query finds in a scope."""
    slots = _find(load, query.filter, query.order, scope, district, now)
    shown = slots[query.start : query.end].tolist()
    return Page(tuple(load.at(slot) for slot in shown), len(slots))


def matching(
    load: Caseload, wish: Filter, order: Sequence[Sort], scope: Scope, district: District, now: float
) -> list[CaseRow]:
    """All cases that a filter finds in a scope, in order."""
    return [load.at(slot) for slot in _find(load, wish, order, scope, district, now).tolist()]


def is_within(row: CaseRow, scope: Scope) -> bool:
    """Whether a case belongs to a scope."""
    is_here = _is_whole(scope) or (row.community >= 0 and bool(scope.communities[row.community]))
    return is_here and scope.department in (None, row.department)


def changed_since(load: Caseload, scope: Scope, mark: int) -> int:
    """How many cases of a scope changed after the caseload's change number `mark`."""
    return int((_scoped(load.columns(), scope).touched > mark).sum())


def is_soon(row: CaseRow, now: float) -> bool:
    """Whether little of the limit is left and the clock runs."""
    if row.due_at is None or row.closed_at is not None or row.held_since is not None:
        return False
    return 0 <= row.due_at - now <= SOON_SHARE * (row.due_at - row.reported_at)


def _convert(raw: Any, into: type[_T]) -> _T:
    try:
        return msgspec.convert(raw, into)
    except msgspec.ValidationError as error:
        raise QueryError(str(error)) from error


def _is_whole(scope: Scope) -> bool:
    return bool(scope.communities.all())


def _scoped(rows: Columns, scope: Scope) -> Columns:
    return rows.within(None if _is_whole(scope) else scope.communities, scope.department)


def _find(load: Caseload, wish: Filter, order: Sequence[Sort], scope: Scope, district: District, now: float) -> Indexes:
    """Slots of the cases, in order. What costs most per case comes last."""
    rows = load.columns() if set(FINAL) & set(wish.stages) else load.open_columns()
    rows = _by_columns(_scoped(rows, scope), wish, district, now)
    rows = _by_rows(load, rows, wish, district)
    return rows.slot[np.lexsort(_keys(load, rows, order, district, now))]


def _by_columns(rows: Columns, wish: Filter, district: District, now: float) -> Columns:
    if wish.stages:
        rows = rows.take(np.isin(rows.stage, [STAGE_PLACE[stage] for stage in wish.stages]))
    if wish.departments:
        rows = rows.take(np.isin(rows.department, _indexes(wish.departments, district.department_index)))
    if wish.places:
        rows = rows.take(np.isin(rows.community, _communities(wish.places, district)))
    if wish.overdue:
        rows = rows.take(rows.is_overdue(now))
    if wish.due_within_s is not None:
        rows = rows.take(rows.left_s(now) <= wish.due_within_s)
    if wish.older_than_s is not None:
        rows = rows.take(rows.reported <= now - wish.older_than_s)
    if wish.supervised:
        rows = rows.take(np.isfinite(rows.supervised))
    return rows.take(rows.urged > 0) if wish.urged else rows


def _by_rows(load: Caseload, rows: Columns, wish: Filter, district: District) -> Columns:
    """What no column knows: items and text."""
    if wish.items:
        names = _item_names(wish.items, district)
        rows = rows.take(_places(rows, lambda slot: load.at(slot).item in names))
    text = wish.text.strip().casefold()
    if not text:
        return rows
    if text.upper() == text:  # Chinese and numbers have no case; folding every title costs most of it
        return rows.take(_places(rows, lambda slot: text in load.at(slot).title or text in load.at(slot).key))
    return rows.take(_places(rows, lambda slot: text in f"{load.at(slot).title}\n{load.at(slot).key}".casefold()))


def _places(rows: Columns, is_wanted: Callable[[int], bool]) -> Indexes:
    return np.array([place for place, slot in enumerate(rows.slot.tolist()) if is_wanted(slot)], np.int64)


def _keys(load: Caseload, rows: Columns, order: Sequence[Sort], district: District, now: float) -> list[Floats]:
    """The sort keys, the first to decide last, as np.lexsort wants them; at the end all else being equal."""
    steps = order or (Sort(Column.LEFT),)
    keys = [_directed(_key(load, rows, step.column, district, now), step.direction == "desc") for step in steps]
    return [rows.tie.astype(np.float64), rows.reported, *reversed(keys)]


def _directed(key: Floats, is_descending: bool) -> Floats:
    """Infinity stands for what is not there, and that comes last in both directions."""
    return np.where(np.isinf(key), np.inf, -key if is_descending else key)


def _key(load: Caseload, rows: Columns, column: Column, district: District, now: float) -> Floats:
    match column:
        case Column.LEFT:
            return rows.left_s(now)
        case Column.ITEM:
            return _item_ranks(load, rows)
        case Column.PLACE:
            areas = np.append(district.sub_district_of, len(district.sub_districts))
            return areas[rows.community] * float(len(district.communities) + 1) + rows.community
    numbers: Floats = vars(rows)[column.value].astype(np.float64)
    return numbers


def _item_ranks(load: Caseload, rows: Columns) -> Floats:
    items = [load.at(slot).item for slot in rows.slot.tolist()]
    rank = {item: place for place, item in enumerate(sorted(set(items)))}
    return np.array([rank[item] for item in items], np.float64)


def _indexes(codes: Iterable[str], index: Mapping[str, int]) -> list[int]:
    unknown = [code for code in codes if code not in index]
    if unknown:
        raise QueryError(f"there is no centre {unknown[0]!r}")
    return [index[code] for code in codes]


def _communities(codes: Sequence[str], district: District) -> list[int]:
    """Indexes of communities, and of those in the sub-districts among the codes."""
    areas = {centre.code: place for place, centre in enumerate(district.sub_districts)}
    wide = [areas[code] for code in codes if code in areas]
    inside = np.flatnonzero(np.isin(district.sub_district_of, wide)).tolist()
    return [*inside, *_indexes([code for code in codes if code not in areas], district.community_index)]


def _item_names(codes: Sequence[str], district: District) -> set[str]:
    """What sources may call these items: by code or by name."""
    unknown = [code for code in codes if code not in district.items]
    if unknown:
        raise QueryError(f"there is no item {unknown[0]!r}")
    found = (district.items[code] for code in codes)
    return {name for item in found for name in (item.code, item.name, item.name_en) if name}
