"""A year of history made up as columns: what the archive holds of a large district after all of it was compacted.

Numbers come from the order of magnitude of a real district: 27,000 cases a day with seven moves each, and what a wall
of 135 sees beside them. Every row is made from a seed. The moves of a case are received on the day it was found.
"""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dashboard.archive import cases, cell_days, parts
from dashboard.archive.facts import of_change
from dashboard.archive.parts import Part
from dashboard.archive.schema import PLANS, Table, number_at
from dashboard.archive.store import LocalStore
from dashboard.district import District
from dashboard.records import Stage
from dashboard.situation import Situation
from tests.builders import incident

CASES = 27_000  # a day, as all below
MOVES = (Stage.REPORTED, Stage.FILED, Stage.DISPATCHED, Stage.HANDLING, Stage.FEEDBACK, Stage.VERIFIED, Stage.CLOSED)
_INCIDENTS, _ALERTS, _ALARMS, _RAISES, _FEEDS, _VISITS = 80, 2_000, 300, 600, 12, 150_000
_CONSOLES = 20  # centres that are staffed around the clock
_TIERS = ("community", "sub_district", "district")
_LIMITS_S = (60.0, 180.0, 300.0)
_HOURS = np.array([2, 1, 1, 1, 1, 2, 4, 8, 12, 13, 12, 10, 8, 10, 12, 12, 11, 9, 7, 6, 5, 4, 3, 2], float)
_DAY_S = 86_400.0
_MEDIAN_S, _SPREAD = 6 * 3600.0, 1.4
_LIMIT_S = 24 * 3600.0
_WORKERS = 2

Columns = dict[str, Any]


@dataclass(frozen=True)
class Names:
    """What rows name, as arrays to draw from."""

    communities: pa.Array
    sub_district_of: np.ndarray[Any, Any]
    sub_districts: pa.Array
    departments: pa.Array
    items: pa.Array
    department_of: np.ndarray[Any, Any]
    cells: pa.Array
    community_of: np.ndarray[Any, Any]
    kinds: pa.Array
    body: bytes  # of an incident


def names_of(district: District) -> Names:
    """The names of a district."""
    departments = [centre.code for centre in district.departments]
    change = Situation(district).apply(incident(1), 0.0)
    body = of_change(change, 1, district)[Table.INCIDENTS]["body"][0].as_py()
    return Names(
        pa.array([centre.code for centre in district.communities]),
        np.asarray(district.sub_district_of),
        pa.array([centre.code for centre in district.sub_districts]),
        pa.array(departments),
        pa.array(list(district.items)),
        np.array([max(0, departments.index(item.department)) for item in district.items.values()]),
        pa.array(district.cell_codes),
        np.maximum(np.asarray(district.cell_community), 0),
        pa.array(list(district.kinds)),
        body,
    )


def make(folder: Path, district: District, last: date, days: int) -> None:
    """Fill an empty folder with so many days that end with `last`."""
    every = [last - timedelta(back) for back in range(days)]
    work = partial(_day, folder, names_of(district), district.timezone.key)
    with ProcessPoolExecutor(_WORKERS, multiprocessing.get_context("spawn")) as pool:
        versions = list(pool.map(work, every, chunksize=4))
    cases.settle(LocalStore(folder), max(versions))


def _day(folder: Path, names: Names, zone: str, day: date) -> int:
    """One day's files; the greatest id of its cases."""
    making = _Day(LocalStore(folder), names, zone, day)
    making.records(*making.cases())
    making.incidents()
    making.alerts()
    making.alarms()
    making.raises()
    making.feeds()
    making.consoles()
    making.visits()
    return number_at(making.midnight + _DAY_S)


class _Day:
    """What is received on one day."""

    def __init__(self, store: LocalStore, names: Names, zone: str, day: date) -> None:
        self._store, self._names, self._zone, self._day = store, names, zone, day.isoformat()
        self._dice = np.random.default_rng(day.toordinal())
        self.midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).timestamp()

    def cases(self) -> tuple[pa.Array, Any, Any]:
        """The cases found on it, into the base; their numbers, and when they were found and closed."""
        found = self._times(CASES)
        took = self._dice.lognormal(np.log(_MEDIAN_S), _SPREAD, CASES)
        closed = found + took
        is_open = self._dice.random(CASES) < 0.01
        returned, reworked = self._dice.random(CASES) < 0.05, self._dice.random(CASES) < 0.03
        numbers = _numbers(self._day, CASES)
        where, item = self._where(CASES), self._dice.zipf(1.4, CASES) % len(self._names.items)
        made = self._rows(
            Table.CASES,
            id=self._ids(found, closed),
            key=_joined("cases/C", numbers),
            revision=np.zeros(CASES, np.int64),
            item=self._names.items.take(pa.array(item)),
            title=_joined("", self._names.items.take(pa.array(item)), " reported from the street"),
            department=self._names.departments.take(pa.array(self._names.department_of[item])),
            **where,
            stage=pa.array(np.where(is_open, "handling", "closed")),
            reported_at=found,
            since=np.where(is_open, found + took / 2, closed),
            due_at=found + _LIMIT_S,
            closed_at=pa.array(closed, mask=is_open),
            returned=returned.astype(np.int32),
            reworked=reworked.astype(np.int32),
            returned_at=pa.array(found + took / 3, mask=~returned),
            reworked_at=pa.array(found + took / 2, mask=~reworked),
            paused_s=np.zeros(CASES),
            limit_unsure=np.zeros(CASES, bool),
            urged=np.zeros(CASES, np.int32),
        )
        cases.put(self._store, self._day, int(max(made["id"].to_numpy())), made.sort_by("reported_at"))
        return numbers, found, took

    def records(self, numbers: pa.Array, found: Any, took: Any) -> None:
        """The moves of those cases."""
        tables = []
        for place, stage in enumerate(MOVES):
            at = found + took * place / (len(MOVES) - 1)
            whole = pa.array((at * 1000).astype(np.int64)).cast(pa.timestamp("ms"))
            iso = pc.strftime(whole.cast(pa.timestamp("s"), safe=False), "%Y-%m-%dT%H:%M:%SZ")
            head, case = '{"record":"case-step","case":"C', '","at":"'
            tail = f'","stage":"{stage.value}","by":"440306","source":"cases","id":"S{place}-'
            body = _joined(head, numbers, case, iso, tail, numbers, '"}')
            tables.append(
                self._rows(
                    Table.RECORDS,
                    id=self._ids(at, np.full(CASES, place, float)),
                    at=at,
                    kind=_same("case-step", CASES),
                    source=_same("cases", CASES),
                    key=_joined("cases/C", numbers),
                    body=body.cast(pa.binary()),
                )
            )
        self._put(Table.RECORDS, pa.concat_tables(tables))

    def incidents(self) -> None:
        """Incidents with their legs."""
        at, n = self._times(_INCIDENTS), _INCIDENTS
        keys, where, ids = _joined("cad/I", _numbers(self._day, n)), self._where(n), self._ids(at)
        del where["cell"]
        self._put(
            Table.INCIDENTS,
            self._rows(
                Table.INCIDENTS,
                id=ids,
                key=keys,
                kind=self._drawn(self._names.kinds, n),
                level=self._dice.integers(1, 5, n).astype(np.int32),
                title=keys,
                **where,
                reported_at=at,
                zero_at=at + 20,
                acknowledged_at=at + self._dice.exponential(30, n),
                closed_at=at + 3600,
                drill=np.zeros(n, bool),
                late_record=np.zeros(n, bool),
                body=pa.array([self._names.body] * n),
            ),
        )
        legs = []
        for tier, limit in zip(_TIERS, _LIMITS_S, strict=True):
            took = self._dice.lognormal(np.log(limit * 0.7), 0.6, n)
            legs.append(
                self._rows(
                    Table.LEGS,
                    id=ids,
                    key=keys,
                    tier=_same(tier, n),
                    limit_s=np.full(n, limit),
                    needed=np.ones(n, np.int32),
                    due_at=at + 20 + limit,
                    state=pa.array(np.where(took <= limit, "met", "overdue")),
                    arrived_at=at + 20 + took,
                    unit=_same("", n),
                    evidence=_same("geofence", n),
                )
            )
        self._put(Table.LEGS, pa.concat_tables(legs))

    def alerts(self) -> None:
        """Alerts of cameras and sensors."""
        n, at = _ALERTS, self._times(_ALERTS)
        where = self._where(n)
        del where["cell"]
        self._put(
            Table.ALERTS,
            self._rows(
                Table.ALERTS,
                id=self._ids(at),
                key=_joined("video/A", _numbers(self._day, n)),
                kind=self._drawn(pa.array(["smoke", "crowd", "parking", "waterlogging"]), n),
                device=_joined("cam-", pa.array(self._dice.integers(0, 42_000, n)).cast(pa.string())),
                level=self._dice.integers(1, 5, n).astype(np.int32),
                stage=self._drawn(pa.array(["confirmed", "false", "expired"]), n),
                active=np.zeros(n, bool),
                first_at=at,
                last_at=at + 60,
                count=np.ones(n, np.int32),
                **where,
                confidence=self._dice.random(n),
                claimed_at=at + self._dice.exponential(40, n),
                decided_at=at + self._dice.exponential(120, n),
                late_record=np.zeros(n, bool),
            ),
        )

    def alarms(self) -> None:
        """Alarms of the wall's own."""
        n, at = _ALARMS, self._times(_ALARMS)
        where = self._where(n)
        del where["cell"]
        false = np.zeros(n, bool)
        self._put(
            Table.ALARMS,
            self._rows(
                Table.ALARMS,
                id=self._ids(at),
                key=_joined("overdue/", _numbers(self._day, n)),
                kind=_same("overdue", n),
                level=self._dice.integers(1, 4, n).astype(np.int32),
                **where,
                raised_at=at,
                cleared_at=at + self._dice.exponential(1800, n),
                approved=false,
                chattering=false,
                stale=false,
            ),
        )

    def raises(self) -> None:
        """Each time that an alarm was raised."""
        n, at = _RAISES, self._times(_RAISES)
        where = self._where(n)
        del where["cell"]
        key = _joined("overdue/", _numbers(self._day, n))
        level = self._dice.integers(1, 4, n).astype(np.int32)
        kind = _same("overdue", n)
        self._put(
            Table.RAISES, self._rows(Table.RAISES, id=self._ids(at), at=at, key=key, kind=kind, level=level, **where)
        )

    def feeds(self) -> None:
        """Each feed once a minute."""
        at = np.repeat(self.midnight + np.arange(0, _DAY_S, 60), _FEEDS)
        n = len(at)
        which = _joined("feed-", pa.array(np.tile(np.arange(_FEEDS), n // _FEEDS)).cast(pa.string()))
        is_good = self._dice.random(n) < 0.995
        self._put(
            Table.FEEDS,
            self._rows(
                Table.FEEDS,
                id=self._ids(at),
                at=at,
                name=which,
                title=which,
                condition=pa.array(np.where(is_good, "good", "silent")),
                accepted=np.arange(n, dtype=np.int64) * 20,
                refused=np.arange(n, dtype=np.int64) // 100,
                skew_s=self._dice.normal(0, 0.2, n),
            ),
        )

    def consoles(self) -> None:
        """Officers at the consoles of some centres, once a minute."""
        at = np.repeat(self.midnight + np.arange(0, _DAY_S, 60), _CONSOLES)
        n = len(at)
        centres = self._names.communities.take(pa.array(np.tile(np.arange(_CONSOLES), n // _CONSOLES)))
        officers = np.ones(n, np.int32)
        self._put(
            Table.CONSOLES, self._rows(Table.CONSOLES, id=self._ids(at), at=at, centre=centres, officers=officers)
        )

    def visits(self) -> None:
        """Cells that were patrolled."""
        n, at = _VISITS, np.sort(self.midnight + self._dice.random(_VISITS) * _DAY_S)
        tiers = self._drawn(pa.array(_TIERS), n)
        rows = self._rows(Table.VISITS, id=self._ids(at), at=at, tier=tiers, **self._where(n))
        cell_days.put(self._store, self._put(Table.VISITS, rows), rows, self._zone)

    # -- columns -------------------------------------------------------------------------------------------------

    def _times(self, count: int) -> Any:
        """Moments of the day, as busy as its hours, in order."""
        hours = self._dice.choice(24, count, p=_HOURS / _HOURS.sum())
        return np.sort(self.midnight + (hours + self._dice.random(count)) * 3600)

    def _ids(self, at: Any, more: Any = 0.0) -> Any:
        """Ids of receipt, on this day; `more` tells apart what comes at one time."""
        within = np.minimum(at, self.midnight + _DAY_S - 1)
        return (within * 1000).astype(np.int64) * 1_000_000 + (np.arange(len(at)) * 7 + np.asarray(more)).astype(
            np.int64
        ) % 1_000_000

    def _where(self, count: int) -> Columns:
        names = self._names
        cell = self._dice.integers(0, len(names.cells), count)
        community = names.community_of[cell]
        return {
            "community": names.communities.take(pa.array(community)),
            "sub_district": names.sub_districts.take(pa.array(names.sub_district_of[community])),
            "cell": names.cells.take(pa.array(cell)),
        }

    def _drawn(self, known: pa.Array, count: int) -> pa.Array:
        return known.take(pa.array(self._dice.integers(0, len(known), count)))

    def _rows(self, table: Table, **columns: Any) -> pa.Table:
        """Columns in their order; those that are not given are empty."""
        schema, count = PLANS[table].schema, len(columns["id"])
        arrays = []
        for field in schema:
            given = columns.get(field.name)
            if given is None:
                empty = "" if pa.types.is_string(field.type) else None
                given = pa.array([empty], field.type).take(pa.array(np.zeros(count, np.int32)))
            arrays.append(given if isinstance(given, pa.Array) else pa.array(given, field.type))
        return pa.table(arrays, schema=schema)

    def _put(self, table: Table, rows: pa.Table) -> Part:
        ids = rows["id"].to_numpy()
        part = Part(table, self._day, int(ids.min()), int(ids.max()))
        self._store.write(part.name, parts.pack(table, rows))
        return part


def _numbers(day: str, count: int) -> pa.Array:
    return pa.array([f"{day.replace('-', '')}{place:05}" for place in range(count)])


def _same(text: str, count: int) -> pa.Array:
    return pa.array([text]).take(pa.array(np.zeros(count, np.int32)))


def _joined(*pieces: "str | pa.Array") -> pa.Array:
    return pc.binary_join_element_wise(*pieces, "")
