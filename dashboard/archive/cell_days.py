"""The days on which cells were patrolled: a row a cell and local day, where visits have one each ten minutes.

`base/cell_days/<day of receipt>/<first id>-<last id>.parquet` is the sum of the part of visits with these ids, made
once that day is one part. Without its part it counts no more. A cell whose last visit of a day came after midnight has
rows of that day in two files.
"""

import io
import re
from collections import Counter
from collections.abc import Sequence

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from dashboard.archive import parts
from dashboard.archive.parts import Counting, Part
from dashboard.archive.schema import Table
from dashboard.archive.store import Store

NAME = "cell_days"
_FILE = re.compile(r"base/cell_days/(\d{4}-\d\d-\d\d)/(\d{20})-(\d{20})\.parquet")


def summed(rows: str, zone: str) -> str:
    """A select of the sums of a select of visits."""
    day = f"""strftime(timezone('{zone.replace("'", "")}', to_timestamp("at")), '%Y-%m-%d')"""
    return f"""
        SELECT {day} AS day, cell, community, sub_district,
            CAST(count(*) AS INTEGER) AS visits, min("at") AS first_at, max("at") AS last_at
        FROM ({rows}) GROUP BY ALL
    """


def name_of(part: Part) -> str:
    """The file of the sums of a part of visits."""
    return f"base/{NAME}/{part.day}/{part.first:020}-{part.last:020}.parquet"


def listed(store: Store) -> set[str]:
    """The files that are there."""
    return {name for name in store.names(f"base/{NAME}") if _FILE.fullmatch(name)}


def whole_days(counting: Sequence[Counting]) -> list[Counting]:
    """Of parts that count those that are a day's only one and hold no row of another."""
    of_day = Counter(each.part.day for each in counting)
    return [each for each in counting if of_day[each.part.day] == 1 and each.above < each.part.first]


def sum_up(store: Store, zone: str, before: str) -> list[str]:
    """Write the sums of the days before a day that are one part each and have none yet; the new files."""
    known, made = listed(store), []
    for each in whole_days(parts.counting(parts.listed(store, Table.VISITS))):
        name = name_of(each.part)
        if name not in known and each.part.day < before:
            put(store, each.part, parts.read(store, each.part), zone)
            made.append(name)
    return made


def put(store: Store, part: Part, visits: pa.Table, zone: str) -> None:
    """Write the sums of a part that holds these visits."""
    with duckdb.connect(":memory:") as connection:
        connection.register("visits", visits)
        rows = connection.sql(f"{summed('SELECT * FROM visits', zone)} ORDER BY day, cell").to_arrow_table()
    into = io.BytesIO()
    pq.write_table(rows, into, compression="zstd")
    store.write(name_of(part), into.getvalue())
