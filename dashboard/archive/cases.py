"""The base of cases: one row a case, by the local day on which it was found, so that years can be asked in a second.

`base/cases/<day>/<version>.parquet`: of each day the greatest version counts; a version is the id up to which hot parts
were merged. `base/cases/merged/<version>` says that all days of that version are there: the hot parts up to it count no
more. Before that both count, and the row with the greater id wins.
"""

import io
import re
from typing import NamedTuple

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from dashboard.archive import parts
from dashboard.archive.schema import PLANS, Table
from dashboard.archive.store import Store

_FILE = re.compile(r"base/cases/(\d{4}-\d\d-\d\d)/(\d{20})\.parquet")
_MARK = re.compile(r"base/cases/merged/(\d{20})")
_ROW_GROUP = 65_536
_LATEST = "SELECT * FROM rows QUALIFY row_number() OVER (PARTITION BY key ORDER BY id DESC) = 1"
_DAY = "strftime(timezone('{zone}', to_timestamp(reported_at)), '%Y-%m-%d')"


class BaseFile(NamedTuple):
    """The cases found on one day."""

    day: str
    version: int
    name: str


class Base(NamedTuple):
    """What there is."""

    merged: int  # the id up to which hot parts are in it
    files: list[BaseFile]  # those that count, by day
    old: list[BaseFile]  # those that count no more


def listed(store: Store) -> Base:
    """The base as it is now; its marks are read before its files, so that a file is there for what they say."""
    marks = [int(found[1]) for name in store.names("base/cases/merged") if (found := _MARK.fullmatch(name))]
    every = [
        BaseFile(found[1], int(found[2]), name)
        for name in store.names("base/cases")
        if (found := _FILE.fullmatch(name))
    ]
    newest = {each.day: each for each in sorted(every, key=lambda each: each.version)}
    old = [each for each in every if newest[each.day] is not each]
    return Base(max(marks, default=0), [newest[day] for day in sorted(newest)], old)


def merge(store: Store, zone: str, upto: int) -> bool:
    """Merge the hot parts that end at `upto` or before it; whether there were any.

    Only the days of the cases that moved are written anew. A case that its source has moved to another day leaves the
    old one.
    """
    base = listed(store)
    every = parts.counting(parts.listed(store, Table.CASES))
    hot = [each for each in every if base.merged < each.part.last <= upto]
    if not hot:
        return False
    version = hot[-1].part.last
    rows = pa.concat_tables([parts.read_counting(store, each) for each in hot])
    with duckdb.connect(":memory:") as connection:
        connection.register("rows", rows)
        connection.execute(f"CREATE TABLE hot AS {_LATEST}")
        known = _homes(store, base, connection)
        day = _DAY.format(zone=zone.replace("'", ""))
        days = {found[0] for found in connection.execute(f"SELECT DISTINCT {day} FROM hot").fetchall()}
        for each in sorted(days | known):
            _write_day(store, base, connection, each, day, version)
    settle(store, version)
    return True


def put(store: Store, day: str, version: int, rows: pa.Table) -> None:
    """Write a day's cases, sorted by when they were found."""
    into = io.BytesIO()
    pq.write_table(rows, into, compression="zstd", row_group_size=_ROW_GROUP)
    store.write(f"base/cases/{day}/{version:020}.parquet", into.getvalue())


def settle(store: Store, version: int) -> None:
    """Say that all days of a version are there."""
    store.write(f"base/cases/merged/{version:020}", b"")


def _homes(store: Store, base: Base, connection: "duckdb.DuckDBPyConnection") -> set[str]:
    """The days in whose files cases of `hot` stand now."""
    found = set()
    for each in base.files:
        connection.register("there", pq.read_table(store.source(each.name), columns=["key"], partitioning=None))
        if connection.execute("SELECT 1 FROM there SEMI JOIN hot USING (key) LIMIT 1").fetchall():
            found.add(each.day)
    return found


def _write_day(
    store: Store, base: Base, connection: "duckdb.DuckDBPyConnection", day: str, of_row: str, version: int
) -> None:
    before = next((each for each in base.files if each.day == day), None)
    schema = PLANS[Table.CASES].schema
    known = pq.read_table(store.source(before.name), partitioning=None) if before else schema.empty_table()
    connection.register("before", known)
    made = connection.sql(
        f"SELECT * FROM before ANTI JOIN hot USING (key) UNION ALL SELECT * FROM hot WHERE {of_row} = ? "
        "ORDER BY reported_at, key",
        params=[day],
    ).to_arrow_table()
    put(store, day, version, made.cast(schema))
