"""Measurement: what the archive costs on disk and takes to write, and how long a year of it takes to answer."""

import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from dashboard.archive import parts
from dashboard.archive.parts import Part
from dashboard.archive.reader import Archive, Reading
from dashboard.archive.schema import PLANS, Table, number_at
from dashboard.archive.store import LocalStore
from dashboard.briefing import weeks
from dashboard.briefing.making import make
from dashboard.briefing.rules import Rules
from dashboard.district import District, load
from dashboard.records import STAGES
from dashboard.settings import Settings
from tests.bench.report import Row, percentile

_UNITS, _EVERY_S, _HOUR_S, _DAY_S = 4_866, 5, 3600, 86_400
_FIXES_A_DAY = _UNITS * _DAY_S // _EVERY_S
_MUST_MB, _MUST_S = 600.0, 1.0
_CASES_A_DAY, _MOVES = 27_000, 7
_MOVES_OF = "SELECT id, body FROM records WHERE kind = 'case-step' AND key = ? ORDER BY id"
_RAW_BYTES = 26  # of a fix in the stream: the bound without any packing


def tracks(minutes: int) -> list[Row]:
    """Disk a day and write rate of positions: wardens who walk, with the noise of a real receiver."""
    rows = _walk(minutes * 60 // _EVERY_S)
    began = time.monotonic()
    packed = parts.pack(Table.TRACKS, rows)
    took = time.monotonic() - began
    each = len(packed) / rows.num_rows
    day = each * _FIXES_A_DAY / 1e6
    return [
        Row(
            "tracks on disk, a day of 84 million fixes",
            f"<= {_MUST_MB:.0f} MB",
            f"{day:.0f} MB ({each:.1f} B a fix)",
            day <= _MUST_MB,
            of_bound=f"{each / _RAW_BYTES:.2f}",
            note=f"from {minutes} min; bound: {_RAW_BYTES} B a fix as the stream has them",
        ),
        Row("archive write rate", "", f"{rows.num_rows / took / 1e6:.1f} million fixes/s", note="pack one hour's part"),
    ]


def year(days: int, with_moves: int) -> list[Row]:
    """Every question of the briefing over so many days of 27,000 cases, beside the moves of `with_moves` days."""
    district = load(Settings().district_folder())
    with tempfile.TemporaryDirectory(prefix="wall-year-") as folder:
        store = LocalStore(Path(folder))
        began = time.monotonic()
        last = weeks.monday_of(time.time(), district.timezone)
        _write_cases(store, district, last, days)
        moves = _write_moves(store, last, with_moves)
        made_s = time.monotonic() - began
        archive = Archive(store, None, district)
        rows = _briefing_rows(archive, district, last, days)
        return [
            *rows,
            *_case_row(archive, moves, with_moves),
            Row("the synthetic history", "", f"{made_s:.0f} s to make"),
        ]


def _briefing_rows(archive: Archive, district: District, last: Any, days: int) -> list[Row]:
    times: dict[str, float] = {}
    with archive.open(seconds=120) as reading:
        began = time.monotonic()
        reading.rows("SELECT count(*) FROM cases")
        opened_s = time.monotonic() - began
        timed: Any = _Timed(reading, times)
        began = time.monotonic()
        make(timed, district, district.root.code, last - weeks.WEEK, Rules(), time.time())
        whole = time.monotonic() - began
    slowest = max(times, key=lambda sql: times[sql])
    of = f"{days} days, {days * _CASES_A_DAY / 1e6:.1f} million cases"
    return [
        Row(
            "slowest question of the briefing",
            f"<= {_MUST_S:.0f} s",
            f"{times[slowest]:.2f} s",
            times[slowest] <= _MUST_S,
            note=f"{of}; {' '.join(slowest.split())[:60]}",
        ),
        Row(
            "all questions of one briefing",
            "",
            f"{len(times)} in {whole:.2f} s; median {percentile(list(times.values()), 50):.2f} s",
            note=f"{of}; first view of the cases {opened_s:.2f} s",
        ),
    ]


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


def _case_row(archive: Archive, moves: int, days: int) -> list[Row]:
    """The moves of one case, as a page of it asks for them."""
    if not moves:
        return []
    key = f"cases/{days * _CASES_A_DAY // 2}"
    began = time.monotonic()
    with archive.open(seconds=120) as reading:
        found = reading.rows(
            "SELECT id, kind, body FROM records WHERE kind = 'case-step' AND key = ? ORDER BY id", [key]
        )
    took = time.monotonic() - began
    note = f"{moves / 1e6:.1f} million moves of {days} days; {len(found)} found"
    return [Row("the moves of one case", f"<= {_MUST_S:.0f} s", f"{took:.2f} s", took <= _MUST_S, note=note)]


def _walk(steps: int) -> pa.Table:
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
            (at + dice.integers(100, 160)) * 1_000_000,
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


def _write_cases(store: LocalStore, district: District, last: Any, days: int) -> None:
    """One row a case, by the day on which it was found, in the shape that years of compaction leave."""
    dice, zone = np.random.default_rng(2), district.timezone
    items, schema = list(district.items), PLANS[Table.CASES].schema
    departments = [centre.code for centre in district.departments]
    communities = np.array([centre.code for centre in district.communities])
    areas = np.array([district.sub_districts[place].code for place in district.sub_district_of])
    for back in range(days, 0, -1):
        day = last - timedelta(back)
        start, count = weeks.starts_at(day, zone), _CASES_A_DAY
        found = np.sort(start + dice.random(count) * _DAY_S)
        closed = found + dice.lognormal(8.9, 1.2, count)
        cell = dice.integers(0, len(district.cell_codes), count)
        community = district.cell_community[cell]
        due = found + dice.choice([4, 8, 24, 72], count) * 3600.0
        is_open = closed > weeks.starts_at(last, zone)
        nothing = pa.nulls(count, pa.float64())
        first = (days - back) * count
        columns: dict[str, Any] = {
            "id": number_at(start) + np.arange(count),
            "key": [f"cases/{first + place}" for place in range(count)],
            "revision": np.zeros(count, np.int64),
            "item": pa.array(np.array(items)[dice.integers(0, len(items), count)]),
            "title": pa.array([""] * count),
            "department": pa.array(np.array(departments)[dice.integers(0, len(departments), count)]),
            "community": pa.array(communities[community]),
            "sub_district": pa.array(areas[community]),
            "cell": pa.array(np.array(district.cell_codes)[cell]),
            "stage": pa.array(np.where(is_open, "handling", "closed")),
            "reported_at": found,
            "since": found,
            "due_at": due,
            "closed_at": pa.array(closed, mask=is_open),
            "returned": np.zeros(count, np.int32),
            "reworked": np.zeros(count, np.int32),
            "returned_at": pa.array(found + 600, mask=dice.random(count) > 0.03),
            "reworked_at": pa.array(found + 900, mask=dice.random(count) > 0.02),
            "paused_s": np.zeros(count),
            "held_since": nothing,
            "limit_unsure": np.zeros(count, bool),
            "by": pa.array([""] * count),
            "reason": pa.array([""] * count),
            "urged": np.zeros(count, np.int32),
            "supervised_at": nothing,
        }
        path = Path(store.source(f"base/cases/{day.isoformat()}/{1:020}.parquet"))
        path.parent.mkdir(parents=True)
        table = pa.table([pa.array(columns[field.name], field.type) for field in schema], schema=schema)
        pq.write_table(table, path, compression="zstd")
    store.write(f"base/cases/merged/{1:020}", b"")


def _write_moves(store: LocalStore, last: Any, days: int) -> int:
    """Seven moves a case, as records: of these the moves of one case are asked for."""
    schema, count = PLANS[Table.RECORDS].schema, _CASES_A_DAY * _MOVES
    stages = np.array([f'{{"record":"case-step","stage":"{stage.value}"}}'.encode() for stage in STAGES[:_MOVES]])
    for back in range(days, 0, -1):
        start = time.mktime((last - timedelta(back)).timetuple())
        cases = np.repeat(np.arange(_CASES_A_DAY) + (days - back) * _CASES_A_DAY, _MOVES)
        ids = number_at(start) + np.arange(count) * (_DAY_S * 1_000_000_000 // count)
        columns = [
            pa.array(ids),
            pa.array(start + np.arange(count) * (_DAY_S / count)),
            pa.array(["case-step"] * count),
            pa.array(["cases"] * count),
            pa.array(np.char.add("cases/", cases.astype(str))),
            pa.array(np.tile(stages, _CASES_A_DAY).tolist(), pa.binary()),
        ]
        rows = pa.table(columns, schema=schema)
        part = Part(Table.RECORDS, (last - timedelta(back)).isoformat(), int(ids[0]), int(ids[-1]))
        store.write(part.name, parts.pack(Table.RECORDS, rows))
    return count * days
