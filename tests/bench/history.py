"""Measurement: what the archive costs on disk and takes to write, and how long a year of it takes to answer."""

import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from dashboard.archive import parts
from dashboard.archive.reader import Archive, Reading
from dashboard.archive.schema import PER_MS, PLANS, Table
from dashboard.archive.store import LocalStore
from dashboard.briefing import rows as behind
from dashboard.briefing import weeks
from dashboard.briefing.asking import Asking
from dashboard.briefing.making import make
from dashboard.briefing.rules import Rules
from dashboard.district import District, load
from dashboard.settings import Settings
from tests.bench import past
from tests.bench.report import CannotMeasure, Row, percentile

_UNITS, _EVERY_S, _HOUR_S, _DAY_S = 4_866, 5, 3600, 86_400
_FIXES_A_DAY = _UNITS * _DAY_S // _EVERY_S
_MUST_MB, _MUST_S = 600.0, 1.0
_MUST_OPEN_MS = 50.0
_SOME_CASES = """
    SELECT key, reported_at FROM cases WHERE reported_at > (SELECT max(reported_at) - 6e5 FROM cases)
    ORDER BY hash(key) LIMIT 10
"""
_ALL_OF_IT = """
    SELECT sub_district, month(to_timestamp(reported_at)), count(*),
        quantile_cont(closed_at - reported_at, 0.5), quantile_cont(closed_at - reported_at, 0.9)
    FROM cases GROUP BY ALL
"""
_MOVES_OF = "SELECT id, body FROM records WHERE kind = 'case-step' AND key = ? ORDER BY id"
_JITTER_MS, _ON_ITS_WAY_MS = 15, 60  # of a device's timer; at least, and on average as much again
_RAW_BYTES = 26  # of a fix in the stream: the bound without any packing


class Road(NamedTuple):
    """How positions come."""

    name: str
    entries_per_s: float  # of the stream; each holds what came meanwhile
    clock_ms: int  # the resolution of the devices' clocks


_ROADS = (
    Road("a platform posts each second", 1, 1000),
    Road("devices by MQTT, whole seconds", 30, 1000),
    Road("devices by MQTT, milliseconds", 30, 1),
    Road("each device posts by itself, milliseconds", np.inf, 1),
)


def tracks(minutes: int) -> list[Row]:
    """Disk a day and write rate of positions: wardens who walk, with the noise of a real receiver and network."""
    walked, rates, rows = _walk(minutes * 60 // _EVERY_S), [], []
    for road in _ROADS:
        received = _received(walked, road)
        began = time.monotonic()
        packed = parts.pack(Table.TRACKS, received)
        rates.append(received.num_rows / (time.monotonic() - began) / 1e6)
        rows.append(_disk_row(road, len(packed) / received.num_rows, minutes))
    slowest = f"{min(rates):.1f} million fixes/s"
    return [*rows, Row("archive write rate", "", slowest, note="the slowest of these roads, an hour's part packed")]


def _disk_row(road: Road, each: float, minutes: int) -> Row:
    day = each * _FIXES_A_DAY / 1e6
    return Row(
        f"a day of 84 million fixes on disk: {road.name}",
        f"<= {_MUST_MB:.0f} MB",
        f"{day:.0f} MB ({each:.1f} B a fix)",
        day <= _MUST_MB,
        of_bound=f"{each / _RAW_BYTES:.2f}",
        note=f"from {minutes} min; bound: {_RAW_BYTES} B a fix as the stream has them",
    )


def year(days: int) -> list[Row]:
    """So many days of a large district: made, opened, asked all that a briefing asks, and for the moves of cases."""
    district = load(Settings().district_folder())
    with tempfile.TemporaryDirectory(prefix="wall-year-") as folder:
        store = LocalStore(Path(folder))
        last = weeks.monday_of(time.time(), district.timezone)
        began = time.monotonic()
        past.make(store.folder, district, last - timedelta(1), days)
        made_s = time.monotonic() - began
        return [_size_row(store, days, made_s), *ask(Archive(store, None, district), district, last, days)]


def ask(archive: Archive, district: District, last: date, days: int) -> list[Row]:
    """The rows of an archive of so many days that end before a Monday."""
    of = f"{days} days, {days * past.CASES / 1e6:.1f} million cases"
    areas = (district.root.code, district.sub_districts[0].code, district.communities[0].code)
    rows = [_opening_row(archive, of)]
    for kind, centre in zip(("the district", "a sub-district", "a community"), areas, strict=True):
        rows.append(_briefing_row(archive, district, kind, centre, last - weeks.WEEK, of))
    return [*rows, _behind_row(archive, district, last - weeks.WEEK, of), *_other_rows(archive, of)]


def _size_row(store: LocalStore, days: int, made_s: float) -> Row:
    cases, moves = (
        sum(store.size(name) for name in store.names(below)) / 1e6 for below in ("base/cases", "parts/records")
    )
    return Row(
        f"{days} days of cases and their moves on disk",
        "",
        f"{(cases + moves) / 1e3:.2f} GB",
        note=f"a day: {cases / days:.1f} MB of cases, {moves / days:.1f} MB of moves; made up in {made_s:.0f} s",
    )


def _opening_row(archive: Archive, of: str) -> Row:
    took = []
    for _ in range(20):
        began = time.monotonic()
        with archive.open():
            took.append((time.monotonic() - began) * 1000)
    p95 = percentile(took, 95)
    return Row("history opened", f"p95 <= {_MUST_OPEN_MS:.0f} ms", f"p95 {p95:.0f} ms", p95 <= _MUST_OPEN_MS, note=of)


def _briefing_row(archive: Archive, district: District, kind: str, centre: str, week: date, of: str) -> Row:
    times: dict[str, float] = {}
    with archive.open(seconds=120) as reading:
        timed: Any = _Timed(reading, times)
        began = time.monotonic()
        make(timed, district, centre, week, Rules(), time.time())
        whole = time.monotonic() - began
    slowest = max(times, key=lambda sql: times[sql])
    return Row(
        f"the briefing of {kind}: slowest of {len(times)} questions",
        f"<= {_MUST_S:.0f} s",
        f"{times[slowest]:.2f} s",
        times[slowest] <= _MUST_S,
        note=f"{of}; median {percentile(list(times.values()), 50):.2f}, all {whole:.1f} s; "
        f"{' '.join(slowest.split())[:60]}",
    )


def _behind_row(archive: Archive, district: District, week: date, of: str) -> Row:
    """The rows behind each number of a briefing, how many and the first page."""
    times = {}
    for query in behind.QUERIES:
        with archive.open(seconds=120) as reading:
            asking = Asking(reading, district, district.scope(district.root.code), week, Rules())
            times[query] = _timed(lambda query=query, asking=asking: behind.page(asking, query, {}, 100, 0))  # type: ignore[misc]
    slowest = max(times, key=lambda query: times[query])
    return Row(
        f"the rows behind a number: slowest of {len(times)} queries",
        f"<= {_MUST_S:.0f} s",
        f"{times[slowest]:.2f} s",
        times[slowest] <= _MUST_S,
        note=f"{of}; median {percentile(list(times.values()), 50):.2f}; {slowest}",
    )


class _Timed:
    """A reading that remembers how long each question took."""

    def __init__(self, reading: Reading, times: dict[str, float]) -> None:
        self._reading = reading
        self._times = times

    def rows(self, sql: str, parameters: Any = ()) -> Any:
        began = time.monotonic()
        found = self._reading.rows(sql, parameters)
        self._times[sql] = time.monotonic() - began
        return found

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reading, name)


def _other_rows(archive: Archive, of: str) -> list[Row]:
    """A question over all there is, and the moves of cases of one day as a page of a case asks for them."""
    with archive.open(seconds=120) as reading:
        whole_s = _timed(lambda: reading.rows(_ALL_OF_IT))
        some = reading.rows(_SOME_CASES)
    moves = [_moves_s(archive, key, found) for key, found in some]
    must = f"<= {_MUST_S:.0f} s"
    return [
        Row(
            "all of it by sub-district and month: number, p50, p90",
            must,
            f"{whole_s:.2f} s",
            whole_s <= _MUST_S,
            note=of,
        ),
        Row(
            "the moves of one case",
            must,
            f"max {max(moves):.2f} s",
            max(moves) <= _MUST_S,
            note=f"{len(moves)} of {of}",
        ),
    ]


def _moves_s(archive: Archive, key: str, found: float) -> float:
    began = time.monotonic()
    with archive.open(found - _HOUR_S, found + _HOUR_S) as reading:
        moves = reading.rows(_MOVES_OF, [key])
    if len(moves) != len(past.MOVES):
        raise CannotMeasure(f"{key} has {len(moves)} moves")
    return time.monotonic() - began


def _timed(act: Callable[[], object]) -> float:
    began = time.monotonic()
    act()
    return time.monotonic() - began


def _received(walked: pa.Table, road: Road) -> pa.Table:
    """The same fixes as they come on a road: each is some time on its way, and travels on with what came meanwhile."""
    dice, n = np.random.default_rng(2), walked.num_rows
    made = walked["at_ms"].to_numpy() + np.rint(dice.normal(0, _JITTER_MS, n)).astype(np.int64)
    came = made + _ON_ITS_WAY_MS + np.rint(dice.exponential(_ON_ITS_WAY_MS, n)).astype(np.int64)
    if np.isfinite(road.entries_per_s):
        count = int((came.max() - came.min()) / 1000 * road.entries_per_s * 2) + 10
        ends = came.min() + np.cumsum(np.rint(dice.exponential(1000 / road.entries_per_s, count)).astype(np.int64) + 1)
        ids = ends[np.searchsorted(ends, came)] * PER_MS
    else:
        order = np.argsort(came, kind="stable")
        _, first, of = np.unique(came[order], return_index=True, return_inverse=True)
        ids = np.empty(n, np.int64)
        ids[order] = came[order] * PER_MS + np.arange(n) - first[of]
    said = made // road.clock_ms * road.clock_ms
    return walked.set_column(0, "id", pa.array(ids)).set_column(3, "at_ms", pa.array(said))


def _walk(steps: int) -> pa.Table:
    """Fixes as devices make them; received at once."""
    dice = np.random.default_rng(1)
    heading, speed = (
        dice.uniform(0, 2 * np.pi, _UNITS),
        np.where(dice.random(_UNITS) < 0.5, dice.uniform(0.8, 1.6, _UNITS), 0),
    )
    lat, lon = dice.uniform(22.5, 22.8, _UNITS), dice.uniform(113.7, 114.0, _UNITS)
    phase = dice.integers(0, _EVERY_S, _UNITS) * 1000
    columns: list[list[Any]] = [[] for _ in range(9)]
    for step in range(steps):
        heading = heading + dice.normal(0, 0.2, _UNITS)
        lat = lat + speed * _EVERY_S * np.cos(heading) / 111_195
        lon = lon + speed * _EVERY_S * np.sin(heading) / 102_700
        noise = dice.normal(0, 3, (2, _UNITS))
        at = 1_764_000_000_000 + step * _EVERY_S * 1000 + phase
        said = np.abs(speed + dice.normal(0, 0.2, _UNITS))
        values = (
            at * 1_000_000,
            np.ones(_UNITS),
            np.arange(_UNITS),
            at,
            np.rint((lat + noise[0] / 111_195) * 1e7),
            np.rint((lon + noise[1] / 102_700) * 1e7),
            (np.rint(said * 10) / 10).astype("f2"),
            np.rint(np.degrees(heading) % 360).astype("f2"),
            np.rint(dice.uniform(3, 15, _UNITS)).astype("f2"),
        )
        for column, value in zip(columns, values, strict=True):
            column.append(value)
    schema = PLANS[Table.TRACKS].schema
    arrays = [
        pa.array(np.concatenate(column).astype(field.type.to_pandas_dtype()), field.type)
        for column, field in zip(columns, schema, strict=True)
    ]
    return pa.table(arrays, schema=schema)
