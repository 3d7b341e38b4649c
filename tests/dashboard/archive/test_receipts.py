"""When a fix was received survives either way in which a file keeps it, to the last bit."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from dashboard.archive import parts
from dashboard.archive.parts import Part
from dashboard.archive.reader import Archive
from dashboard.archive.schema import PLANS, Table
from dashboard.archive.store import LocalStore
from dashboard.district import District

MS = 1_795_534_200_000
DAY = "2026-11-24"


def fixes(ids: list[int], at_ms: list[int]) -> pa.Table:
    schema, none = PLANS[Table.TRACKS].schema, [0] * len(ids)
    columns = [ids, none, list(range(len(ids))), at_ms, *[none] * 5]
    return pa.table([pa.array(each, field.type) for each, field in zip(columns, schema, strict=True)], schema=schema)


def each_by_itself() -> pa.Table:
    """A device ahead of us, one behind, one that dreams of 1970 and one of 2100; four in one millisecond."""
    at_ms = [MS - 120, MS + 4_000, MS - 3_600_000, 1, 4_102_444_800_000, MS, MS, MS]
    ids = [MS * 1_000_000 + place for place in range(4)]
    return fixes([*ids, *((MS + place) * 1_000_000 for place in range(1, 5))], at_ms)


def together() -> pa.Table:
    ids = np.repeat([MS * 1_000_000, (MS + 1_000) * 1_000_000 + 3], 1_000).tolist()
    return fixes(ids, [MS] * 2_000)


@pytest.mark.parametrize("rows", [each_by_itself(), together(), fixes([], [])], ids=["alone", "together", "none"])
def test_ids_come_back(rows: pa.Table, tmp_path: Path, small: District) -> None:
    store, ids = LocalStore(tmp_path), rows["id"].to_pylist()
    part = Part(Table.TRACKS, DAY, min(ids, default=1), max(ids, default=2))
    store.write(part.name, parts.pack(Table.TRACKS, rows))
    assert parts.read(store, part).sort_by([("id", "ascending"), ("unit", "ascending")]).equals(rows)
    with Archive(store, None, small).open() as reading:
        assert reading.table("SELECT * FROM tracks ORDER BY id, unit").equals(rows)


def test_files_of_both_ways_are_one_table(tmp_path: Path, small: District) -> None:
    store = LocalStore(tmp_path)
    first, second = together(), each_by_itself()
    last = (MS + 9_000) * 1_000_000
    store.write(Part(Table.TRACKS, DAY, 1, MS * 1_000_000 + 2).name, parts.pack(Table.TRACKS, second))
    store.write(Part(Table.TRACKS, DAY, MS * 1_000_000, last).name, parts.pack(Table.TRACKS, first))
    with Archive(store, None, small).open() as reading:
        found = reading.rows("SELECT count(*), max(id) FROM tracks")
    # Of the wider part only what the one before does not hold counts: the later half of it.
    assert found == [(second.num_rows + 1_000, (MS + 1_000) * 1_000_000 + 3)]
