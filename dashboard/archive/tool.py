"""What an operator does with the archive: see what there is, check it, take something out, bring a copy back."""

import shutil
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from dashboard.archive import cases, gaps, parts
from dashboard.archive.checkpoints import Checkpoints
from dashboard.archive.districts import Districts
from dashboard.archive.parts import COMMITS, Part
from dashboard.archive.reader import Archive
from dashboard.archive.restoring import Restored, restore
from dashboard.archive.schema import PLANS, Table, number, received_at
from dashboard.archive.store import LocalStore, Store
from dashboard.district import District
from dashboard.history.digest import digest
from dashboard.history.player import Player
from dashboard.history.source import Source
from dashboard.journal import Journal
from dashboard.picture import Picture
from dashboard.situation import Situation

FORMATS = (".parquet", ".csv", ".jsonl")
_SAMPLE = 12  # pairs of checkpoints that a verification folds anew, spread over all there are


_PATIENCE_S = 600.0
_MOST_MISSING = 20
_MESSAGES_MISSING = f"""
    SELECT id, seq - lag(seq) OVER (PARTITION BY epoch ORDER BY id) - 1 AS missing FROM beats
    QUALIFY missing > 0 ORDER BY id LIMIT {_MOST_MISSING}
"""
# The newest record that a second stands on, as long as records are kept at all.
_RECORDS_MISSING = f"""
    SELECT DISTINCT journal FROM beats ANTI JOIN records ON beats.journal = records.id
    WHERE journal >= (SELECT min(id) FROM records) AND journal <= (SELECT max(id) FROM records)
    ORDER BY journal LIMIT {_MOST_MISSING}
"""


class ToolError(ValueError):
    """What was asked for cannot be done; the text says why."""


class Tool:
    """The commands behind `python app.py archive`; each answers lines. `failed`: what was checked is not right."""

    def __init__(
        self, store: Store, district: District, journal: Callable[[], Journal], note: Callable[..., None]
    ) -> None:
        """`journal`: a hold on the state server, asked for where it is needed; `note` is Ledger.note."""
        self._store = store
        self._district = district
        self._journal = journal
        self._note = note
        self.failed = False

    # -- status ----------------------------------------------------------------------------------------------------

    def status(self) -> Iterator[str]:
        """What there is, by table."""
        yield f"{'table':10} {'parts':>7} {'megabytes':>10}  from - to (received)"
        for table in Table:
            every = parts.listed(self._store, table)
            size = sum(self._store.size(part.name) for part in every)
            yield f"{table.value:10} {len(every):7,} {size / 1e6:10,.1f}  {self._span(every)}"
        base, checkpoints = cases.listed(self._store), self._store.names("checkpoints")
        size = sum(self._store.size(each.name) for each in base.files)
        days = _first_last([each.day for each in base.files])
        yield f"{'case base':10} {len(base.files):7,} {size / 1e6:10,.1f}  {days}"
        size = sum(self._store.size(name) for name in checkpoints)
        days = _first_last([name.split("/")[1] for name in checkpoints])
        yield f"{'checkpoints':10} {len(checkpoints):6,} {size / 1e6:10,.1f}  {days}"
        yield f"{'briefings':10} {len(self._store.names('briefings')):7,}"
        yield f"{'districts':10} {len(self._store.names('districts')):7,}"
        for gap in gaps.listed(self._store):
            span = f"{self._local(received_at(gap.first))} - {self._local(received_at(gap.last))}"
            yield f"of {gap.stream} is missing what was received {span}"
        for table in COMMITS:
            behind = time.time() - received_at(parts.end(self._store, table))
            yield f"{table.value} are archived up to {behind:,.0f} s ago" if behind < 1e9 else f"no {table.value} yet"

    def _span(self, every: list[Part]) -> str:
        if not every:
            return "-"
        first, last = min(part.first for part in every), max(part.last for part in every)
        return f"{self._local(received_at(first))} - {self._local(received_at(last))}"

    def _local(self, at: float) -> str:
        return datetime.fromtimestamp(at, self._district.timezone).strftime("%Y-%m-%d %H:%M:%S")

    # -- verify ----------------------------------------------------------------------------------------------------

    def verify(self) -> Iterator[str]:
        """Read every file, look for what is missing, fold from checkpoint to checkpoint; what is wrong, and the sum."""
        wrong = 0
        for line in self._unreadable():
            wrong += 1
            yield line
        for line in self._missing() if not wrong else ():
            wrong += 1
            yield line
        folded, differing = 0, 0
        for line in self._fold() if not wrong else ():
            folded += 1
            if line:
                differing += 1
                yield line
        self.failed = bool(wrong or differing)
        verdict = "something is wrong" if self.failed else "whole"
        yield f"{verdict}: {wrong} faults; {folded} stretches between checkpoints folded anew, {differing} differ"

    def _unreadable(self) -> Iterator[str]:
        for table in Table:
            for part in parts.listed(self._store, table):
                try:
                    rows = parts.read(self._store, part)
                except (OSError, pa.ArrowException) as error:
                    yield f"{part.name} cannot be read: {error}"
                    continue
                ids = rows["id"].to_numpy()
                if rows.schema != PLANS[table].schema:
                    yield f"{part.name} has other columns"
                elif len(ids) and (int(ids.min()) < part.first or int(ids.max()) > part.last):
                    yield f"{part.name} holds rows of another stretch"
        for each in cases.listed(self._store).files:
            try:
                schema = pq.read_table(self._store.source(each.name), partitioning=None).schema
            except (OSError, pa.ArrowException) as error:
                yield f"{each.name} cannot be read: {error}"
                continue
            if schema != PLANS[Table.CASES].schema:
                yield f"{each.name} has other columns"

        known = Districts(self._store, self._district)
        for name in self._store.names("districts"):
            if known.of(Path(name).stem) is None:
                yield f"{name} cannot be read: what was then cannot be replayed"

    def _missing(self) -> Iterator[str]:
        """What the engines' messages say was there, and is not."""
        with Archive(self._store, None, self._district).open(seconds=_PATIENCE_S) as reading:
            for id_, missing in reading.rows(_MESSAGES_MISSING):
                yield f"{missing:,} messages of the engine are missing before {self._local(received_at(id_))}"
            for (id_,) in reading.rows(_RECORDS_MISSING):
                yield f"the record of {self._local(received_at(id_))} ({id_}) is missing"

    def _fold(self) -> Iterator[str]:
        """For pairs of neighbouring checkpoints of one engine: "" where the fold of one leads to the other."""
        kept = Checkpoints(self._store, self._district.timezone)
        known = kept.all()
        step = max(1, len(known) // _SAMPLE)
        source = Source(Archive(self._store, None, self._district), kept, None, self._district)
        for first, second in list(pairwise(known))[::step]:
            one, other = kept.load(first.name), kept.load(second.name)
            if one.epoch != other.epoch or parts.end(self._store, Table.BEATS) < second.id:
                continue
            if source.districts.of(one.district) is None:
                continue  # of before such files were kept
            player = Player(self._district, source)
            player.follow(one, second.id)
            if (player.second.journal, player.second.fixes) != (
                number(other.cursor.journal),
                number(other.cursor.fixes),
            ):
                continue  # saved between two seconds, when its engine ended
            same = digest(player.situation) == digest(_of(other, player.district))
            yield "" if same else f"{second.name} is not what folding from {first.name} gives"

    # -- export ----------------------------------------------------------------------------------------------------

    def export(self, table: str, first: date, last: date, path: Path, why: str) -> Iterator[str]:
        """The rows of a table that were received on these local days, into a file; on record before it is written."""
        if table not in {each.value for each in Table}:
            raise ToolError(f"{table} is no table; there are {', '.join(Table)}")
        if path.suffix not in FORMATS:
            raise ToolError(f"{path.name}: the name ends with {', '.join(FORMATS)}")
        if not why.strip():
            raise ToolError("--why is empty")
        zone = self._district.timezone
        since = datetime(first.year, first.month, first.day, tzinfo=zone).timestamp()
        end = last + timedelta(1)
        until = datetime(end.year, end.month, end.day, tzinfo=zone).timestamp()
        subject = f"archive/{table} {first} {last}"
        said = {"role": "", "centre": "", "subject": subject, "detail": why[:200]}
        self._note("export", "command line", **said, at=datetime.now(zone))
        with Archive(self._store, self._journal(), self._district).open(since, until, seconds=600) as reading:
            kept = "TRUE" if PLANS[Table(table)].key or table in ("raises", "visits") else "id >= ? AND id < ?"
            bounds = [int(since * 1000) * 1_000_000, int(until * 1000) * 1_000_000] if "?" in kept else []
            rows = reading.table(f"SELECT * FROM {table} WHERE {kept}", bounds)
        mark = f"internal; exported {self._local(time.time())}; reason: {why}"
        _write(path, rows, mark)
        yield f"{path}: {rows.num_rows:,} rows"

    # -- restore ---------------------------------------------------------------------------------------------------

    def restore(self, folder: Path) -> Iterator[str]:
        """A copy of an archive becomes the archive of an empty installation, and its streams go on from there."""
        if not isinstance(self._store, LocalStore):
            raise ToolError("a copy is restored into a folder; an object store needs none")
        if self._store.names("parts") or self._store.names("checkpoints"):
            raise ToolError(f"{self._store.folder} is not empty: a copy is restored into an empty data folder")
        if not (folder / "parts").is_dir():
            raise ToolError(f"{folder} is no archive: there is no folder parts in it")
        shutil.copytree(folder, self._store.folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".draft-*"))
        done: Restored = restore(self._store, self._district, self._journal())
        behind = f"{done.records:,} records and {done.batches:,} batches of positions"
        yield f"the situation of {self._local(done.at)}, then {behind}"
        if done.is_edited:
            yield "the district's files have changed since: the engine makes the situation anew out of the archive"
        if done.left_out:
            yield f"{done.left_out:,} batches of positions are of an earlier roster and stay in the archive alone"


def _of(picture: Picture, district: District) -> Situation:
    situation = Situation(district)
    situation.adopt(picture.everything)
    situation.restore(picture.memory)
    return situation


def _first_last(days: list[str]) -> str:
    return f"{min(days)} - {max(days)}" if days else "-"


def _write(path: Path, rows: Any, mark: str) -> None:
    if path.suffix == ".parquet":
        pq.write_table(rows.replace_schema_metadata({"mark": mark}), path, compression="zstd")
        return
    # Bodies are bytes: as text they are the JSON that they hold.
    for place, field in enumerate(rows.schema):
        if pa.types.is_binary(field.type):
            texts = [value and value.decode("utf-8", "backslashreplace") for value in rows[place].to_pylist()]
            rows = rows.set_column(place, field.name, pa.array(texts, pa.string()))
    if path.suffix == ".csv":
        with path.open("wb") as file:
            file.write(f'"{mark}"\n'.encode())
            pa_csv.write_csv(rows, file)
        return
    with path.open("wb") as file:
        file.write(msgspec.json.encode({"mark": mark}) + b"\n")
        for row in rows.to_pylist():
            file.write(msgspec.json.encode(row) + b"\n")
