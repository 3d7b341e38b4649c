import json
import shutil
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dashboard.archive import districts, parts
from dashboard.archive.parts import Part
from dashboard.archive.reader import Archive
from dashboard.archive.restoring import RestoreError
from dashboard.archive.schema import Table
from dashboard.archive.store import LocalStore
from dashboard.archive.tool import Tool, ToolError
from dashboard.district import District, load
from dashboard.journal import JOURNAL, Journal
from dashboard.picture import decode_head, decode_picture
from dashboard.state_server import StateServer
from tests.dashboard.history.lived import Lived
from tests.dashboard.leading import Running, wait_for
from tests.feeds import small_district

TODAY = date.today()


@pytest.fixture
def lived(
    journal: Journal, state_server: StateServer, small: District, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Lived]:
    """Three seconds of an engine's life, archived, with several checkpoints."""
    history = Lived(state_server.url, small, tmp_path / "archive", monkeypatch)
    history.mover._checkpoints._every_s = 0.5  # type: ignore[union-attr]
    history.start(tick_s=0.1)
    history.live(3)
    history.end()
    history.mover.run(time.time())
    yield history


def tool(lived: Lived, notes: list[Any] | None = None) -> Tool:
    def note(*said: Any, **more: Any) -> None:
        if notes is not None:
            notes.append((said, more))

    return Tool(lived.store, lived.district, lambda: Journal(lived.url), note)


def test_status_tells_what_there_is(lived: Lived) -> None:
    lines = list(tool(lived).status())
    assert any(line.startswith("records") and "- 20" in line for line in lines)
    assert any(line.startswith("checkpoints") for line in lines)


def test_a_whole_archive_is_said_to_be_whole(lived: Lived) -> None:
    checking = tool(lived)
    *_, last = checking.verify()
    assert last.startswith("whole") and not checking.failed


def test_a_part_that_was_damaged_is_named(lived: Lived) -> None:
    (name, *_) = lived.store.names("parts/records")
    path = Path(lived.store.source(name))
    path.write_bytes(path.read_bytes()[:-20])
    checking = tool(lived)
    lines = list(checking.verify())
    assert checking.failed and name in lines[0]


@pytest.mark.parametrize(("table", "said"), [("records", "the record of"), ("beats", "messages of the engine")])
def test_a_part_that_is_gone_is_missed(lived: Lived, table: str, said: str) -> None:
    lived.mover.run(time.time())
    every = parts.listed(lived.store, Table(table))
    rows = pa.concat_tables(parts.read_counting(lived.store, each) for each in parts.counting(every)).sort_by("id")
    for part in every:
        lived.store.remove(part.name)
    ids = rows["id"].to_pylist()
    # The same history but for some of its middle, as a disk would lose it.
    middle = slice(len(ids) // 3, len(ids) // 2)
    for stretch in (rows.slice(0, middle.start), rows.slice(middle.stop)):
        first, last = stretch["id"][0].as_py(), stretch["id"][-1].as_py()
        lived.store.write(Part(Table(table), every[0].day, first, last).name, parts.pack(Table(table), stretch))
    checking = tool(lived)
    lines = list(checking.verify())
    assert checking.failed
    assert said in lines[0]


def test_a_day_of_cases_that_was_damaged_is_named(lived: Lived) -> None:
    lived.store.write("base/cases/2026-11-20/00000000000000000001.parquet", b"PAR1 and no more")
    checking = tool(lived)
    lines = list(checking.verify())
    assert checking.failed
    assert "base/cases/2026-11-20" in lines[0]


@pytest.mark.parametrize("suffix", [".parquet", ".csv", ".jsonl"])
def test_what_goes_out_is_marked_and_on_record(lived: Lived, tmp_path: Path, suffix: str) -> None:
    notes: list[Any] = []
    path = tmp_path / f"out{suffix}"
    (line,) = tool(lived, notes).export("records", TODAY - timedelta(1), TODAY + timedelta(1), path, "an inspection")
    with Archive(lived.store, None, lived.district).open() as reading:
        ((count,),) = reading.rows("SELECT count(*) FROM records")
    assert f"{count:,} rows" in line and count > 10
    assert notes[0][0] == ("export", "command line")
    if suffix == ".parquet":
        assert b"an inspection" in pq.read_schema(path).metadata[b"mark"]
        return
    first, *rest = path.read_text(encoding="utf-8").splitlines()
    assert "an inspection" in first and len(rest) >= count
    if suffix == ".jsonl":
        assert json.loads(rest[0])["kind"]


@pytest.mark.parametrize(
    ("table", "name", "why"), [("nothing", "a.csv", "x"), ("records", "a.txt", "x"), ("records", "a.csv", " ")]
)
def test_what_cannot_be_taken_out_is_refused(lived: Lived, tmp_path: Path, table: str, name: str, why: str) -> None:
    with pytest.raises(ToolError):
        list(tool(lived).export(table, TODAY, TODAY, tmp_path / name, why))


def test_the_restore_drill(lived: Lived, small: District, tmp_path: Path) -> None:
    """A copy of the folder, an empty installation: the engine goes on where the archive ends, nothing is doubled."""
    before = {row.key for row in _situation(lived.url, small).backlog.all()}
    copy = tmp_path / "copy"
    shutil.copytree(tmp_path / "archive", copy)
    server = StateServer(tmp_path / "new", memory_mb=128)
    server.start()
    try:
        store = LocalStore(tmp_path / "restored")
        bringing = Tool(store, small, lambda: Journal(server.url), lambda *a, **k: None)
        (line,) = bringing.restore(copy)
        assert "records" in line
        engine = Running(server.url, small)
        try:
            wait_for(lambda: len(_situation(server.url, small).backlog.all()) >= len(before), "not all is back")
            back = _situation(server.url, small)
            assert {row.key for row in back.backlog.all()} == before
            entries = Journal(server.url).stretch(JOURNAL, b"0-0", 100_000)
            assert len({entry.id for entry in entries}) == len(entries)
        finally:
            engine.end()
        with pytest.raises(ToolError, match="not empty"):
            list(bringing.restore(copy))
        with pytest.raises(RestoreError, match="not empty"):
            other = Tool(LocalStore(tmp_path / "other"), small, lambda: Journal(server.url), lambda *a, **k: None)
            list(other.restore(copy))
    finally:
        server.stop()


@pytest.fixture
def edited(tmp_path: Path) -> District:
    """The small district after an edit."""
    folder = tmp_path / "district"
    folder.mkdir()
    small_district.write(folder)
    small_district.edit(folder)
    return load(folder)


def test_a_copy_is_restored_under_a_district_that_was_edited_since(
    lived: Lived, small: District, edited: District, tmp_path: Path
) -> None:
    before = {row.key for row in _situation(lived.url, small).backlog.all()}
    tracks = _rows(lived.store)
    server = StateServer(tmp_path / "new", memory_mb=128)
    server.start()
    try:
        store = LocalStore(tmp_path / "restored")
        first = lived.checkpoints.all()[0]
        for known in lived.checkpoints.all()[1:]:  # so that fixes came behind the newest that is left
            lived.store.remove(known.name)
        bringing = Tool(store, edited, lambda: Journal(server.url), lambda *a, **k: None)
        line, why, left = bringing.restore(tmp_path / "archive")
        assert "0 batches" in line
        assert "have changed since" in why
        assert int(left.split()[0]) > 10
        assert first.name in store.names("checkpoints")
        assert _rows(store) == tracks  # nothing of it is lost
        engine = Running(server.url, edited, Archive(store, Journal(server.url), edited))
        try:
            picture = Journal(server.url).picture
            wait_for(lambda: decode_head(picture() or b"").district == edited.version, "it does not begin anew")
            assert {row.key for row in _situation(server.url, edited).backlog.all()} == before
        finally:
            engine.end()
    finally:
        server.stop()


def test_of_each_edition_the_files_are_counted_and_verified(
    lived: Lived, small: District, edited: District, tmp_path: Path
) -> None:
    packed = districts.pack(tmp_path / "district", edited.version)
    assert packed is not None
    districts.keep(lived.store, edited, packed)
    assert any(line.split() == ["districts", "1"] for line in tool(lived).status())
    later = Tool(lived.store, edited, lambda: Journal(lived.url), lambda *a, **k: None)
    assert "0 faults" in list(tool(lived).verify())[-1]
    assert "0 faults; 0 stretches" in list(later.verify())[-1]  # what is of a district that nobody kept
    (lived.store.folder / "districts" / f"{edited.version}.zip").write_bytes(packed[:-9])
    assert edited.version in next(iter(tool(lived).verify()))


def test_a_stretch_is_verified_by_the_district_of_then(
    lived: Lived, small: District, edited: District, tmp_path: Path
) -> None:
    folder = tmp_path / "before"
    folder.mkdir()
    small_district.write(folder)
    districts.keep(lived.store, small, districts.pack(folder, small.version) or b"")
    later = Tool(lived.store, edited, lambda: Journal(lived.url), lambda *a, **k: None)
    *_, last = later.verify()
    assert last.startswith("whole: 0 faults") and "; 0 stretches" not in last
    assert not later.failed


def _rows(store: LocalStore) -> list[Any]:
    return [each for part in parts.listed(store, Table.TRACKS) for each in parts.read(store, part)["id"].to_pylist()]


def test_a_folder_that_is_no_archive_is_refused(lived: Lived, small: District, tmp_path: Path) -> None:
    made = Tool(LocalStore(tmp_path / "empty"), small, lambda: Journal(lived.url), lambda *a, **k: None)
    with pytest.raises(ToolError, match="no archive"):
        list(made.restore(tmp_path))


def _situation(url: str, district: District) -> Any:
    from dashboard.situation import Situation

    situation = Situation(district)
    saved = Journal(url).picture()
    if saved is not None:
        situation.adopt(decode_picture(saved).everything)
    return situation
