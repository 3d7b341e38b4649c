import time
from pathlib import Path

import pytest

from dashboard.archive.checkpoints import Checkpoints
from dashboard.archive.reader import Archive
from dashboard.archive.schema import number
from dashboard.archive.store import LocalStore
from dashboard.district import District
from dashboard.history.source import Second, Source
from dashboard.journal import FIXES, Journal
from dashboard.state_server import StateServer
from dashboard.wire import unpack_fixes
from tests.dashboard.archive.history import happen, mover

NOTHING = Second(0, 0, 0.0, 0, 0, b"")


@pytest.mark.parametrize("archived", [False, True])
def test_a_chunk_holds_the_seconds_and_all_that_was_folded_in_them(
    journal: Journal, state_server: StateServer, small: District, tmp_path: Path, archived: bool
) -> None:
    happen(journal, small, 0, 3)
    store = LocalStore(tmp_path)
    fixes = journal.stretch(FIXES, b"0-0", 99)
    if archived:
        mover(state_server, store, small).run(time.time() + 9e6)
    source = Source(Archive(store, journal, small), Checkpoints(store, small.timezone), journal, small)
    end = source.end()
    chunk = source.chunk(NOTHING, 0, end, 99, small.roster.checksum)
    assert [second.at for second in chunk.seconds] == [0.0, 1.0, 2.0]
    assert end >= chunk.seconds[-1].id
    limited = source.chunk(NOTHING, 0, end, 2, small.roster.checksum)
    assert len(limited.seconds) == 2
    upto = Second(1, 1, 2.0, number(b"9999999999999-0"), number(b"9999999999999-0"), b"")
    assert all(entry.is_in(upto) for entry in chunk.journal)
    wanted = unpack_fixes(fixes[0].fixes, small.roster.checksum)
    _assert_batches(source, small, len(fixes), wanted.lat.tolist())


def _assert_batches(source: Source, district: District, count: int, lats: list[float]) -> None:
    from dashboard.history.source import _FIXES, batches

    with source._archive.open() as reading:
        found = list(batches(reading.table(_FIXES, [district.roster.checksum, 0, 2**62])))
    assert len(found) == count
    assert sorted(found[0].what.lat.tolist()) == sorted(lats)  # type: ignore[union-attr]


def test_without_history_there_is_no_picture(small: District, tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    source = Source(Archive(store, None, small), Checkpoints(store, small.timezone), None, small)
    assert (source.picture_before(4e9), source.first_at(), source.end()) == (None, None, 0)
