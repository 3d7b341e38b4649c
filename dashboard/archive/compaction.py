"""Tidying the archive: many small parts become few, what is superseded goes after a while, what is too old at once.

A wider part is whole before anything in it is removed, and readers leave out what lies within a wider one: so a death
at any step, and a copy of the folder made meanwhile, lose and double nothing.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta, tzinfo
from itertools import groupby
from typing import NamedTuple

import duckdb
import pyarrow as pa

from dashboard.archive import cases, cell_days, parts
from dashboard.archive.parts import Counting, Part
from dashboard.archive.schema import PLANS, RETOLD, Table, received_at
from dashboard.archive.store import Store

log = logging.getLogger(__name__)

GRACE_S = 3600.0  # a copy of the folder that was begun before may still want what is superseded
_HOUR_S = 3600.0
_SETTLED_S = 120.0  # an hour or a day is over when nothing of it can be on its way into the archive
_BY_HOUR = (Table.TRACKS,)  # a day of them would not fit into memory


class Keep(NamedTuple):
    """For how many days what is kept."""

    tracks: float  # tracks, beats and checkpoints: what a replay needs
    history: float  # all else


_REPLAY = (Table.TRACKS, Table.BEATS)


class Tidier:
    """Does what is due, a little at a time; called after each move."""

    def __init__(self, store: Store, zone: tzinfo, zone_name: str, keep: Keep, grace_s: float = GRACE_S) -> None:
        self._store = store
        self._zone = zone
        self._zone_name = zone_name
        self._keep = keep
        self._grace_s = grace_s
        self._done_at = -_HOUR_S

    def tidy(self, now: float) -> None:
        """Once an hour all of it. Raises what the store raises."""
        if now - self._done_at < _HOUR_S:
            return
        compact(self._store, self._zone, self._zone_name, now)
        remove_superseded(self._store, self._grace_s)
        for name in sweep(self._store, parts.local_day(now, self._zone), self._keep):
            log.info("%s is too old and deleted", name)
        self._done_at = now


def compact(store: Store, zone: tzinfo, zone_name: str, now: float) -> list[Part]:
    """Make one part of each hour of tracks and of each day of all else that is over; the new parts."""
    made = []
    for table in Table:
        counting = parts.counting(parts.listed(store, table))
        over = [each for each in counting if _end_of(each.part, table, zone) + _SETTLED_S <= now]
        for _, group in groupby(over, key=lambda each: (each.part.day, _span_of(each.part, table))):
            pieces = list(group)
            if len(pieces) > 1:
                made.append(_joined(store, table, pieces))
    midnight = parts.local_day(now - _SETTLED_S, zone)
    closed = [each.part.last for each in parts.counting(parts.listed(store, Table.CASES)) if _day(each.part) < midnight]
    if closed:
        cases.merge(store, zone_name, max(closed))
    cell_days.sum_up(store, zone_name, midnight.isoformat())
    return made


def remove_superseded(store: Store, grace_s: float) -> list[str]:
    """Take away the parts within wider ones, and old versions of the cases, once all who began before are done."""
    gone = []
    for table in Table:
        every = parts.listed(store, table)
        counting = {each.part for each in parts.counting(every)}
        wider = [part for part in every if part in counting]
        for part in every:
            if part not in counting and _is_settled(store, _around(part, wider), grace_s):
                gone.append(part.name)
    base = cases.listed(store)
    if _is_settled(store, [f"base/cases/merged/{base.merged:020}"] if base.merged else [], grace_s):
        gone += [each.name for each in base.old if each.version < base.merged]
        merged = (each.part for each in parts.counting(parts.listed(store, Table.CASES)))
        gone += [part.name for part in merged if part.last <= base.merged]
    for name in gone:
        store.remove(name)
    return gone


def sweep(store: Store, today: date, keep: Keep) -> list[str]:
    """Delete whole days that are older than they are kept; what was deleted."""
    gone = []
    for name in [*store.names("parts"), *store.names("checkpoints"), *store.names("base")]:
        kind, _, rest = name.partition("/")
        table, _, rest = rest.partition("/") if kind != "checkpoints" else ("", "", rest)
        days = keep.tracks if kind == "checkpoints" or table in _REPLAY else keep.history
        day = _as_day(rest.partition("/")[0])
        if day is not None and day < today - timedelta(days):
            store.remove(name)
            gone.append(name)
    return gone


def _joined(store: Store, table: Table, pieces: Sequence[Counting]) -> Part:
    """One part of several that lie one behind the other."""
    rows = pa.concat_tables([parts.read_counting(store, each) for each in pieces])
    first, last = pieces[0].part, pieces[-1].part
    wide = Part(table, first.day, first.first, last.last)
    store.write(wide.name, parts.pack(table, _latest(table, rows)))
    return wide


def _latest(table: Table, rows: pa.Table) -> pa.Table:
    """Of states the last of each key: nobody asks for where an alert stood at 14:03; a replay folds it anew.

    Of what was told twice the first.
    """
    key = PLANS[table].key
    if not key and table not in RETOLD:
        return rows
    with duckdb.connect(":memory:") as connection:
        connection.register("rows", rows)
        newest = f"SELECT * FROM rows QUALIFY rank() OVER (PARTITION BY {key} ORDER BY id DESC) = 1"
        if not key:
            newest = "SELECT min(id) AS id, * EXCLUDE (id) FROM rows GROUP BY ALL"
        return connection.sql(newest).to_arrow_table().cast(rows.schema)


def _span_of(part: Part, table: Table) -> int:
    return int(received_at(part.first) // _HOUR_S) if table in _BY_HOUR else 0


def _end_of(part: Part, table: Table, zone: tzinfo) -> float:
    """When the hour or the day of a part is over."""
    if table in _BY_HOUR:
        return (received_at(part.first) // _HOUR_S + 1) * _HOUR_S
    return _midnight(_day(part) + timedelta(1), zone)


def _midnight(day: date, zone: tzinfo) -> float:
    return datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()


def _day(part: Part) -> date:
    return date.fromisoformat(part.day)


def _around(part: Part, wider: Iterable[Part]) -> Iterator[str]:
    return (each.name for each in wider if each.first <= part.first and part.last <= each.last)


def _is_settled(store: Store, names: Iterable[str], grace_s: float) -> bool:
    """Whether one of these is old enough."""
    return any(store.age_s(name) >= grace_s for name in names)


def _as_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
