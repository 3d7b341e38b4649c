import gzip
import json
from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from dashboard.archive import compaction, districts, gaps, parts
from dashboard.archive.checkpoints import Checkpoints
from dashboard.archive.compaction import sweep
from dashboard.archive.gaps import Gap
from dashboard.archive.mover import Mover, Saved
from dashboard.archive.schema import PLANS, Table, number
from dashboard.archive.store import LocalStore, StoreError
from dashboard.district import District, load
from dashboard.journal import JOURNAL, Cursor, Journal
from dashboard.picture import Picture, encode_change, encode_picture
from dashboard.situation import Situation
from dashboard.state_server import StateServer
from dashboard.wire import FixBatch, pack_fixes
from tests.builders import case
from tests.dashboard.archive.history import (
    KEEP_NOTHING,
    Died,
    Mortal,
    MortalJournal,
    content,
    happen,
    mover,
)
from tests.feeds import small_district

FAR = 4e9  # so late that everything is old


def all_rows(store: LocalStore) -> dict[Table, list[tuple[object, ...]]]:
    return {table: content(store, table) for table in (Table.RECORDS, Table.TRACKS, Table.BEATS, Table.CASES)}


def test_all_that_happened_is_archived_once_and_then_forgotten(
    journal: Journal, state_server: StateServer, small: District, tmp_path: Path
) -> None:
    happen(journal, small, 0, 5)
    store = LocalStore(tmp_path)
    mover(state_server, store, small).run(FAR)
    rows = all_rows(store)
    assert [row[4] for row in rows[Table.RECORDS]] == [
        f"{s}/{k}{n}" for n in range(5) for s, k in (("cases", "C"), ("cad", "I"))
    ]
    assert (len(rows[Table.TRACKS]), len(rows[Table.BEATS])) == (10, 15)
    assert {row[1] for row in rows[Table.CASES]} == {f"cases/C{n}" for n in range(5)}
    happen(journal, small, 5, 8)
    mover(state_server, store, small).run(FAR)
    assert len(all_rows(store)[Table.RECORDS]) == 16


def test_nothing_is_forgotten_that_the_saved_picture_still_needs(
    journal: Journal, state_server: StateServer, small: District, tmp_path: Path
) -> None:
    happen(journal, small, 0, 300)  # streams are cut by the hundred
    moving = Mover(Journal(state_server.url), LocalStore(tmp_path), small, 60, KEEP_NOTHING)
    moving.run(FAR)
    assert len(journal.stretch(JOURNAL, b"0-0", 9999)) == 600
    middle = journal.stretch(JOURNAL, b"0-0", 9999)[300].id
    moving.note_picture(FAR, Saved(middle, middle, middle), b"", False)
    moving.run(FAR)
    left = journal.stretch(JOURNAL, b"0-0", 9999)
    assert number(left[0].id) <= number(middle) and len(left) < 600


def deaths(last: int) -> list[tuple[int, bool]]:
    return [(step, before) for step in range(1, last + 1) for before in (True, False)]


@pytest.mark.parametrize(("step", "before"), deaths(10))
def test_death_at_any_step_loses_and_doubles_nothing(
    journal: Journal, state_server: StateServer, small: District, tmp_path: Path, step: int, before: bool
) -> None:
    happen(journal, small, 0, 3)
    mover(state_server, LocalStore(tmp_path / "whole"), small).move()
    expected = all_rows(LocalStore(tmp_path / "whole"))
    dying = mover(state_server, Mortal(tmp_path / "a", step, before), small)
    with pytest.raises(Died):
        dying.run(FAR)
        raise Died  # more steps were tried than there are
    mover(state_server, LocalStore(tmp_path / "a"), small).run(FAR)
    happen(journal, small, 3, 4)
    mover(state_server, LocalStore(tmp_path / "a"), small).run(FAR)
    got = all_rows(LocalStore(tmp_path / "a"))
    for table, rows in expected.items():
        counts = Counter(row[0] for row in got[table])
        if table is not Table.CASES:  # of states the last of each stretch stays
            assert [row for row in got[table] if row[0] in {each[0] for each in rows}] == rows, table
        assert table is Table.TRACKS or max(counts.values()) == 1


@pytest.mark.parametrize("before", [True, False])
def test_death_around_the_trim_loses_nothing(
    journal: Journal, state_server: StateServer, small: District, tmp_path: Path, before: bool
) -> None:
    happen(journal, small, 0, 3)
    store = LocalStore(tmp_path)
    with pytest.raises(Died):
        mover(state_server, store, small, MortalJournal(state_server.url, True, before)).run(FAR)
    mover(state_server, store, small).run(FAR)
    assert len(content(store, Table.RECORDS)) == 6


class Full(LocalStore):
    def write(self, name: str, content: bytes) -> bool:
        raise StoreError("no space left")


def test_a_full_disk_forgets_nothing_and_is_said(
    journal: Journal, state_server: StateServer, small: District, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    happen(journal, small, 0, 3)
    moving = mover(state_server, Full(tmp_path), small)
    moving.run(FAR)
    assert moving.failing_since == FAR
    assert "no space left" in caplog.text
    assert len(journal.stretch(JOURNAL, b"0-0", 99)) == 6


def test_while_the_disk_is_full_few_pictures_wait_and_the_oldest_is_among_them(
    journal: Journal, state_server: StateServer, small: District, tmp_path: Path
) -> None:
    full = LocalStore(tmp_path / "file")
    (tmp_path / "file").write_text("a file where a folder belongs")
    kept = Checkpoints(full, small.timezone, 0)
    moving = Mover(Journal(state_server.url), full, small, 60, KEEP_NOTHING, kept)
    for number_ in range(1, 9):
        id_ = b"%d-0" % number_
        moving.note_picture(number_, Saved(id_, id_, id_), b"picture", False)
        moving.run(number_)
    (tmp_path / "file").unlink()
    moving.run(9)
    assert [each.id for each in kept.all()] == [number(b"%d-0" % each) for each in (1, 6, 7, 8)]


def test_what_is_far_behind_is_moved_in_stretches_that_fit_into_memory(
    journal: Journal, state_server: StateServer, small: District, tmp_path: Path
) -> None:
    count = 40_000
    nobody = np.full(count, np.nan)
    batch = FixBatch(
        np.zeros(count, np.int64), np.arange(count, dtype=float), *([np.zeros(count)] * 2), *([nobody] * 3)
    )
    for _ in range(80):  # 1 MB each
        journal.append_fixes("gps", pack_fixes(batch, small.roster.checksum), count)
    store = LocalStore(tmp_path)
    mover(state_server, store, small).move()
    moved = [parts.read(store, part, ["id"]).num_rows for part in parts.listed(store, Table.TRACKS)]
    assert sum(moved) == 80 * count and len(moved) == 2


def test_an_archive_that_was_emptied_says_what_it_lacks(
    journal: Journal, state_server: StateServer, small: District, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    happen(journal, small, 0, 300)
    store = LocalStore(tmp_path / "a")
    mover(state_server, store, small).run(FAR)
    assert gaps.listed(store) == []
    first = journal.stretch(JOURNAL, b"0-0", 1)[0].id  # all before it is in that archive alone
    other = LocalStore(tmp_path / "b")
    mover(state_server, other, small).run(FAR)
    assert gaps.listed(other)[-1] == Gap("journal", 1, number(first) - 1)
    assert {gap.stream for gap in gaps.listed(other)} == {"journal", "fixes", "deltas"}
    assert "lacks" in caplog.text
    happen(journal, small, 300, 301)
    caplog.clear()
    mover(state_server, other, small).run(FAR)
    assert (len(gaps.listed(other)), caplog.text) == (3, "")


def test_what_overlaps_counts_once(
    journal: Journal, state_server: StateServer, small: District, tmp_path: Path
) -> None:
    happen(journal, small, 0, 4)
    store = LocalStore(tmp_path)
    mover(state_server, store, small).move()
    (part,) = parts.listed(store, Table.RECORDS)
    rows = parts.read(store, part).sort_by("id")
    for name in store.names("parts/records"):
        store.remove(name)
    ids = rows["id"].to_pylist()
    for first, last in ((0, 4), (0, 5), (3, 7)):  # nested, then overlapping
        stretch = rows.slice(first, last - first + 1)
        store.write(parts.Part(Table.RECORDS, part.day, ids[first], ids[last]).name, parts.pack(Table.RECORDS, stretch))
    assert [row[0] for row in content(store, Table.RECORDS)] == ids


def test_the_districts_files_are_kept_once_and_longer_than_all_else(
    journal: Journal, state_server: StateServer, small: District, tmp_path: Path
) -> None:
    happen(journal, small, 0, 3)
    store = LocalStore(tmp_path)
    for _ in range(2):
        Mover(Journal(state_server.url), store, small, 60, KEEP_NOTHING, files=b"files").run(FAR)
    kept = [f"districts/{small.version}.zip", f"rosters/{small.roster.checksum:08x}.json"]
    sweep(store, date(2200, 1, 1), compaction.Keep(1, 1))
    assert store.names("") == kept


def test_files_that_cannot_be_kept_are_tried_again(
    journal: Journal, state_server: StateServer, small: District, tmp_path: Path
) -> None:
    store = LocalStore(tmp_path / "archive")
    store.folder.write_text("a file where the folder should be")
    moving = Mover(Journal(state_server.url), store, small, 60, KEEP_NOTHING, files=b"files")
    moving.run(FAR)
    assert moving.failing_since == FAR
    store.folder.unlink()
    moving.run(FAR)
    assert store.names("districts")


def test_what_an_engine_of_an_earlier_edition_said_is_archived_by_the_places_of_then(
    journal: Journal, state_server: StateServer, small: District, tmp_path: Path
) -> None:
    files, store = tmp_path / "district", LocalStore(tmp_path / "archive")
    files.mkdir()
    small_district.write(files)
    districts.keep(store, small, districts.pack(files, small.version) or b"")
    checkpoints = Checkpoints(store, small.timezone, 0)
    happen(journal, small, 0, 3)  # by the engine of epoch 1
    first = journal.told(b"0-0", 1)[0].id
    checkpoints.keep(0.0, first, _picture(small, 1, first))
    rows = (files / "centres.csv").read_text("utf-8").splitlines(keepends=True)
    (files / "centres.csv").write_text("".join([*rows[:4], rows[5], rows[4], *rows[6:]]), "utf-8")
    areas = json.loads(gzip.decompress((files / "communities.geojson.gz").read_bytes()))
    areas["features"][:2] = areas["features"][1::-1]
    (files / "communities.geojson.gz").write_bytes(gzip.compress(json.dumps(areas).encode()))
    now = load(files)
    assert (small.communities[0].code, now.communities[0].code) == ("C0", "C1")
    place = Situation(now)
    journal.publish(2, 1, encode_change(place.apply(case(9), 0.0)))
    moving = Mover(Journal(state_server.url), store, now, 60, KEEP_NOTHING, checkpoints)
    last = journal.last_delta()
    moving.note_picture(FAR, Saved(last, last, last), _picture(now, 2, last), True)
    moving.run(FAR)
    names = PLANS[Table.CASES].schema.names
    cases = [dict(zip(names, row, strict=True)) for row in content(store, Table.CASES)]
    assert {row["key"]: row["community"] for row in cases} == {f"cases/C{n}": "C0" for n in (0, 1, 2, 9)}
    assert len(content(store, Table.BEATS)) == 10


def _picture(district: District, epoch: int, delta: bytes) -> bytes:
    situation = Situation(district)
    everything, memory = situation.everything(), situation.memory()
    return encode_picture(Picture(district.version, epoch, 1, delta, Cursor(), everything, memory))
