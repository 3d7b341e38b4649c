import io
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dashboard.archive import parts
from dashboard.archive.parts import Part, counting, day_of, named
from dashboard.archive.schema import PLANS, Table, number_at
from dashboard.archive.store import LocalStore


def part(first: int, last: int) -> Part:
    return Part(Table.RECORDS, "2026-11-25", first, last)


def test_a_name_says_its_stretch_and_is_read_back() -> None:
    assert named(part(3, 17).name) == part(3, 17)


@pytest.mark.parametrize("name", ["parts/records/2026-11-25/1-2.parquet", "parts/nothing/2026-11-25/" + "0" * 20, "x"])
def test_another_name_is_no_part(name: str) -> None:
    assert named(name) is None


def test_a_part_within_another_counts_no_more_and_an_overlap_once() -> None:
    known = sorted([part(0, 9), part(0, 4), part(5, 9), part(8, 12), part(13, 14)], key=lambda p: (p.first, -p.last))
    assert [(each.part.first, each.part.last, each.above) for each in counting(known)] == [
        (0, 9, -1),
        (8, 12, 9),
        (13, 14, 12),
    ]


def test_the_day_is_the_local_one_of_receipt() -> None:
    at = 1_795_534_200.0  # 2026-11-24T15:30Z
    assert day_of(number_at(at), ZoneInfo("Asia/Shanghai")) == "2026-11-24"
    assert day_of(number_at(at + 1800), ZoneInfo("Asia/Shanghai")) == "2026-11-25"


def test_rows_come_back_sorted_and_exact(tmp_path: Path) -> None:
    schema = PLANS[Table.TRACKS].schema
    columns = [[2, 1], [7, 7], [5, 3], [10, 20], [225500001, 1], [-5, 6], [1.5, np.nan], [np.nan, 359.0], [3.0, 4.0]]
    rows = pa.table(
        [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)], schema=schema
    )
    store = LocalStore(tmp_path)
    there = Part(Table.TRACKS, "2026-11-25", 1, 2)
    store.write(there.name, parts.pack(Table.TRACKS, rows))
    back = parts.read(store, there)
    assert back.schema == schema
    assert back["unit"].to_pylist() == [3, 5]
    assert back["lat"].to_pylist() == [1, 225500001]
    assert parts.read(store, there, ["unit"], [("id", ">", 1)]).to_pylist() == [{"unit": 5}]


def encodings(ids: list[int]) -> set[str]:
    schema = PLANS[Table.TRACKS].schema
    columns = [ids, *([0] * len(ids) for _ in schema.names[1:])]
    rows = pa.table([pa.array(each, field.type) for each, field in zip(columns, schema, strict=True)], schema=schema)
    group = pq.read_metadata(io.BytesIO(parts.pack(Table.TRACKS, rows))).row_group(0)
    return {
        column.path_in_schema
        for column in map(group.column, range(group.num_columns))
        if column.statistics.null_count < column.num_values and column.path_in_schema in ("id", "late_ms", "nth")
    }


def test_ids_that_thousands_share_are_kept_and_of_others_how_late_they_came() -> None:
    assert encodings([1, 2] * 500) == {"id"}
    assert encodings(list(range(1000))) == {"late_ms", "nth"}


def test_an_empty_stretch_is_a_part_too(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    store.write(part(1, 5).name, parts.pack(Table.RECORDS, PLANS[Table.RECORDS].schema.empty_table()))
    assert parts.end(store, Table.RECORDS) == 5
    assert parts.read(store, part(1, 5)).num_rows == 0
