"""Parts: immutable Parquet files, each named by the stretch of its stream that it covers.

`parts/<table>/<local day of receipt>/<first id>-<last id>.parquet`. A part whose stretch lies within a wider one's was
compacted into that and counts no more. The folder is the only list of them.
"""

import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, tzinfo
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dashboard.archive import receipts
from dashboard.archive.schema import PLANS, Table, received_at
from dashboard.archive.store import Store

COMMITS = (Table.RECORDS, Table.TRACKS, Table.BEATS)  # the table of each stream that is written last, even if empty
_NAME = re.compile(r"parts/([a-z]+)/(\d{4}-\d\d-\d\d)/(\d{20})-(\d{20})\.parquet")
_DELTAS = frozenset({"id", "seq", "at_ms", "unit", "lat", "lon", "journal", "fixes"})  # neighbours are near each other
_TABLES = {table.value: table for table in Table}
_ROW_GROUP = 262_144
_ZSTD_LEVEL = 6
_MANY_SHARE = 400  # so many rows of one id, and a dictionary of ids is tighter than their differences


class Part(NamedTuple):
    """One file."""

    table: Table
    day: str
    first: int  # the stretch of the stream, both ends with it
    last: int

    @property
    def name(self) -> str:
        """Its name in the store."""
        return f"parts/{self.table}/{self.day}/{self.first:020}-{self.last:020}.parquet"


def named(name: str) -> Part | None:
    """The part of that name; None where it is none."""
    found = _NAME.fullmatch(name)
    table = _TABLES.get(found[1]) if found else None
    if found is None or table is None:
        return None
    return Part(table, found[2], int(found[3]), int(found[4]))


def listed(store: Store, table: Table) -> list[Part]:
    """All parts of a table that are there, in the order of their stretches; superseded ones too."""
    found = (named(name) for name in store.names(f"parts/{table}"))
    return sorted((part for part in found if part is not None), key=lambda part: (part.first, -part.last))


class Counting(NamedTuple):
    """A part of which only the rows behind an id count: those up to it stand in the part before."""

    part: Part
    above: int


def counting(parts: Sequence[Part]) -> list[Counting]:
    """Those that count (`parts` as `listed` gives them): none that lies within another.

    Two engines that both believed to lead can have written stretches that overlap: the same rows, which count once.
    """
    kept: list[Counting] = []
    for part in parts:
        reached = kept[-1].part.last if kept else -1
        if part.last > reached:
            kept.append(Counting(part, reached))
    return kept


def end(store: Store, table: Table) -> int:
    """The id up to which a table is archived; 0 where nothing is."""
    return max((part.last for part in listed(store, table)), default=0)


def day_of(id_: int, zone: tzinfo) -> str:
    """The local day on which what has this id was received."""
    return local_day(received_at(id_), zone).isoformat()


def local_day(at: float, zone: tzinfo) -> date:
    """The local day of a moment."""
    return datetime.fromtimestamp(at, zone).date()


def pack(table: Table, rows: pa.Table) -> bytes:
    """Rows as the bytes of a part: sorted, compressed, each column in the encoding that fits it."""
    plan = PLANS[table]
    if rows.num_rows:
        rows = rows.sort_by([(column, "ascending") for column in plan.sort])
    is_shared = rows.num_rows > _MANY_SHARE * pc.count_distinct(rows["id"]).as_py()
    if table is Table.TRACKS:
        rows = receipts.stored(rows, is_shared)
    # The tightest first: differences for what rises or stays near, a dictionary for what repeats.
    near = {field.name for field in rows.schema if field.name in _DELTAS and pa.types.is_integer(field.type)}
    if is_shared:
        near.discard("id")
    encoded = dict.fromkeys(near, "DELTA_BINARY_PACKED")
    into = io.BytesIO()
    pq.write_table(
        rows,
        into,
        compression="zstd",
        compression_level=_ZSTD_LEVEL,
        use_dictionary=[name for name in rows.schema.names if name not in encoded],
        column_encoding=encoded,
        row_group_size=_ROW_GROUP,
        write_statistics=True,
    )
    return into.getvalue()


def read(store: Store, part: Part, columns: Sequence[str] | None = None, filters: Any = None) -> pa.Table:
    """The rows of a part, or those that `filters` (as pyarrow takes them) choose. Raises what the store raises."""
    source, chosen = store.source(part.name), list(columns) if columns else None
    if part.table is not Table.TRACKS:
        return pq.read_table(source, columns=chosen, filters=filters, partitioning=None)
    rows = receipts.told(pq.read_table(source, partitioning=None))
    if filters is not None:
        rows = rows.filter(pq.filters_to_expression(filters))
    return rows.select(chosen) if chosen else rows


def read_counting(store: Store, counting: Counting, columns: Sequence[str] | None = None) -> pa.Table:
    """The rows of a part that count."""
    part, above = counting
    filters = [("id", ">", above)] if above >= part.first else None
    return read(store, part, columns, filters)


def within(counting: Iterable[Counting], first: int, last: int) -> list[Counting]:
    """Those that may hold what lies between two ids."""
    return [each for each in counting if each.part.last >= first and each.part.first <= last]
