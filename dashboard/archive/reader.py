"""Questions to history: DuckDB in memory over the parts and over what is still in the streams, as if it were one.

Each table of `schema` is a view; of states it shows the latest row of each key. `cell_days` is one more. A reading is
one consistent snapshot: the parts are listed first and the streams read from where they end; if a part came meanwhile,
it begins anew.
"""

import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.dataset as ds

from dashboard.archive import cases, cell_days, facts, parts, receipts
from dashboard.archive.parts import COMMITS, Counting
from dashboard.archive.schema import PLANS, RETOLD, Table, number_at, stream_id
from dashboard.archive.store import LocalStore, Store
from dashboard.district import District
from dashboard.journal import DELTAS, Journal

_COMMIT = {PLANS[table].stream: table for table in COMMITS}
_WORDS = re.compile(r"[a-z_]+")
_DAY_S = 86_400.0
_TAIL_MOST = 200_000
_TRIES = 5
_THREADS, _MEMORY = 2, "2GB"
_CONFIG = {
    "threads": _THREADS,
    "memory_limit": _MEMORY,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}


class HistoryError(RuntimeError):
    """A question could not be answered; the text says why."""


class Archive:
    """The history of one district."""

    def __init__(self, store: Store, journal: Journal | None, district: District) -> None:
        """`journal`: where what is not archived yet is; None: there is nothing but the parts."""
        self.store = store
        self._journal = journal
        self._district = district

    @contextmanager
    def open(
        self, since: float | None = None, until: float | None = None, seconds: float = 30.0
    ) -> "Iterator[Reading]":
        """A snapshot to be asked, closed behind the block.

        `since`, `until`: of tables whose rows stand for themselves only what was received in between (epoch seconds, to
        the day). `seconds`: a question that takes longer ends with HistoryError.
        """
        with duckdb.connect(":memory:", config=_CONFIG) as connection:
            yield Reading(self.store, self._journal, self._district, connection, (since, until), seconds)


class Reading:
    """One snapshot; views are made for the tables that a question names."""

    def __init__(
        self,
        store: Store,
        journal: Journal | None,
        district: District,
        connection: Any,
        span: tuple[float | None, float | None],
        seconds: float,
    ) -> None:
        self._store = store
        self._journal = journal
        self._district = district
        self._connection = connection
        self._span = span
        self._seconds = seconds
        self._ready: set[str] = set()
        self._tails: dict[str, Mapping[Table, pa.Table]] = {}
        self._ends: dict[str, int] = {}

    def rows(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of a question. Raises HistoryError."""
        with self._asking(sql):
            found: list[tuple[Any, ...]] = self._connection.execute(sql, parameters or None).fetchall()
            return found

    def table(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> pa.Table:
        """The same as columns."""
        with self._asking(sql):
            return self._connection.sql(sql, params=parameters or None).to_arrow_table()

    def register(self, name: str, rows: pa.Table) -> None:
        """Make a table known to the questions of this reading."""
        self._connection.register(name, rows)

    def end(self, table: Table) -> int:
        """The id up to which the parts of a table's stream go; what is behind it comes from the stream."""
        self._tail(PLANS[table].stream)
        return self._ends[PLANS[table].stream]

    @contextmanager
    def _asking(self, sql: str) -> Iterator[None]:
        """Make the views that a question names, and end it when it takes too long."""
        timer = threading.Timer(self._seconds, self._connection.interrupt)
        timer.start()
        try:
            self._prepare_for(sql)
            yield
        except duckdb.InterruptException:
            raise HistoryError(f"the question took longer than {self._seconds:g} s") from None
        except (duckdb.IOException, duckdb.InvalidInputException) as error:
            raise HistoryError(f"the archive cannot be read: {error}") from None
        finally:
            timer.cancel()

    def _prepare_for(self, sql: str) -> None:
        words = set(_WORDS.findall(sql.lower()))
        for table in Table:
            if table.value in words and table not in self._ready:
                self._prepare(table)
                self._ready.add(table)
        if cell_days.NAME in words and cell_days.NAME not in self._ready:
            self._prepare_cell_days()
            self._ready.add(cell_days.NAME)

    # -- views ---------------------------------------------------------------------------------------------------

    def _prepare(self, table: Table) -> None:
        plan = PLANS[table]
        tail = self._tail(plan.stream)[table]
        self._connection.register(f"tail_{table}", tail)
        if table is Table.CASES:
            self._prepare_cases()
            return
        counting = self._pruned(table, parts.counting(parts.listed(self._store, table)))
        if table in RETOLD:
            self._connection.execute(f"CREATE VIEW {table} AS {self._once(table, counting)}")
            return
        every = self._all(table, counting)
        if not plan.key:
            self._connection.execute(f"CREATE VIEW {table} AS SELECT * FROM ({every})")
            return
        latest = f"rank() OVER (PARTITION BY {plan.key} ORDER BY id DESC) = 1"
        once = "SELECT DISTINCT * FROM" if table is Table.LEGS else "SELECT * FROM"
        one = "" if table is Table.LEGS else f" QUALIFY row_number() OVER (PARTITION BY {plan.key}) = 1"
        newest = f"({once} ({every}) QUALIFY {latest})"
        self._connection.execute(f"CREATE VIEW {table} AS SELECT * FROM {newest}{one}")

    def _prepare_cases(self) -> None:
        """One row a case out of the base, unless what came since says more of it."""
        base = cases.listed(self._store)
        hot = [each for each in parts.counting(parts.listed(self._store, Table.CASES)) if each.part.last > base.merged]
        every = self._all(Table.CASES, hot)
        self._connection.execute(
            f"CREATE TABLE hot_cases AS SELECT * FROM ({every}) "
            "QUALIFY row_number() OVER (PARTITION BY key ORDER BY id DESC) = 1"
        )
        selects = ["SELECT * FROM hot_cases"]
        if base.files:
            self._scan("base_cases", [each.name for each in base.files])
            selects.append("SELECT * FROM base_cases ANTI JOIN hot_cases USING (key)")
        self._connection.execute(f"CREATE VIEW cases AS {' UNION ALL '.join(selects)}")

    def _prepare_cell_days(self) -> None:
        """The sums of days that are over, and what the others come to."""
        known = cell_days.listed(self._store)
        counting = self._pruned(Table.VISITS, parts.counting(parts.listed(self._store, Table.VISITS)))
        done = [each for each in cell_days.whole_days(counting) if cell_days.name_of(each.part) in known]
        self._connection.register("tail_visits", self._tail(PLANS[Table.VISITS].stream)[Table.VISITS])
        rest = self._once(Table.VISITS, [each for each in counting if each not in done], "open")
        selects = [cell_days.summed(rest, self._district.timezone.key)]
        if done:
            self._scan("summed_days", [cell_days.name_of(each.part) for each in done])
            selects.append("SELECT * FROM summed_days")
        self._connection.execute(f"CREATE VIEW {cell_days.NAME} AS {' UNION ALL '.join(selects)}")

    def _once(self, table: Table, counting: Sequence[Counting], label: str = "parts") -> str:
        """A select of what may have been told twice, without its ids: a part holds everything once."""
        newest = counting[-1].part.day if counting else ""
        alone = [each for each in cell_days.whole_days(counting) if each.part.day != newest]
        others = [each for each in counting if each not in alone]
        select = f"SELECT DISTINCT * EXCLUDE (id) FROM ({self._all(table, others, label)})"
        if not alone:
            return select
        self._scan(f"{label}_{table}_alone", [each.part.name for each in alone])
        return f"{select} UNION ALL SELECT * EXCLUDE (id) FROM {label}_{table}_alone"

    def _all(self, table: Table, counting: Sequence[Counting], label: str = "parts") -> str:
        """A select of all rows of these parts and of the tail, older states of a key too."""
        selects = [f"SELECT * FROM tail_{table}"]
        whole = [each.part.name for each in counting if each.above < each.part.first]
        if whole:
            self._scan(f"{label}_{table}", whole)
            selects.append(f"SELECT * FROM {_rows_of(table, f'{label}_{table}')}")
        for place, each in enumerate(each for each in counting if each.above >= each.part.first):
            self._scan(f"{label}_{table}_{place}", [each.part.name])
            selects.append(f"SELECT * FROM {_rows_of(table, f'{label}_{table}_{place}')} WHERE id > {each.above}")
        return " UNION ALL ".join(selects)

    def _scan(self, name: str, files: Sequence[str]) -> None:
        if isinstance(self._store, LocalStore):
            quoted = ", ".join("'" + str(self._store.source(each)).replace("'", "''") + "'" for each in files)
            self._connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet([{quoted}])")
            return
        paths, filesystem = self._store.dataset(files)
        self._connection.register(name, ds.dataset(paths, filesystem=filesystem, format="parquet"))

    def _pruned(self, table: Table, counting: list[Counting]) -> list[Counting]:
        """Without the parts that were received at another time than is asked for."""
        since, until = self._span
        if PLANS[table].key:
            return counting
        first = 0 if since is None else number_at(since - _DAY_S)
        last = 2**63 - 1 if until is None else number_at(until + _DAY_S)
        return list(parts.within(counting, first, last))

    # -- the streams' tails --------------------------------------------------------------------------------------

    def _tail(self, stream: str) -> Mapping[Table, pa.Table]:
        """What is in a stream and in no part, by table."""
        if stream not in self._tails:
            self._ends[stream], self._tails[stream] = self._read_tail(stream)
        return self._tails[stream]

    def _read_tail(self, stream: str) -> tuple[int, Mapping[Table, pa.Table]]:
        empty = {table: plan.schema.empty_table() for table, plan in PLANS.items() if plan.stream == stream}
        for _ in range(_TRIES):
            end = parts.end(self._store, _COMMIT[stream])
            if self._journal is None:
                return end, empty
            made = {**empty, **self._made(self._journal, stream, stream_id(end))}
            # What was archived while the stream was read may have left the stream as well.
            if parts.end(self._store, _COMMIT[stream]) == end:
                return end, made
        raise HistoryError("the archive grows faster than it can be read; try again")

    def _made(self, journal: Journal, stream: str, after: bytes) -> Mapping[Table, pa.Table]:
        if stream == DELTAS:
            return facts.of_deltas(journal.told(after, _TAIL_MOST), self._district)
        entries = journal.stretch(stream, after, _TAIL_MOST)
        if _COMMIT[stream] is Table.RECORDS:
            return {Table.RECORDS: facts.of_journal(entries)}
        return {Table.TRACKS: facts.of_fixes(entries)}


def _rows_of(table: Table, files: str) -> str:
    """A table's rows out of the view of its files."""
    return f"({receipts.SQL} {files})" if table is Table.TRACKS else files
