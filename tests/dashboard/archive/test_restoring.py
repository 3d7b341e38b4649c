from pathlib import Path

import pytest

from dashboard.archive.restoring import RestoreError, restore
from dashboard.archive.store import LocalStore
from dashboard.district import District
from dashboard.journal import DELTAS, FIXES, JOURNAL, Journal
from tests.builders import case


def test_without_a_checkpoint_there_is_nothing_to_begin_with(journal: Journal, small: District, tmp_path: Path) -> None:
    with pytest.raises(RestoreError, match="no checkpoint"):
        restore(LocalStore(tmp_path), small, journal)


def test_entries_come_back_under_their_own_ids(journal: Journal) -> None:
    journal.put_back(b"1764000000000-3", case(1))
    journal.put_back_fixes(b"1764000000001-0", b"packed", 2)
    journal.begin_again(7, b"1764000000005-1")
    assert [entry.id for entry in journal.stretch(JOURNAL, b"0-0", 9)] == [b"1764000000000-3"]
    assert [entry.fixes for entry in journal.stretch(FIXES, b"0-0", 9)] == [b"packed"]
    assert journal.new_epoch() == 8
    journal.publish(8, 1, b"\x80")
    assert journal.last_delta() > b"1764000000005-1" and len(journal.stretch(DELTAS, b"0-0", 9)) == 1
