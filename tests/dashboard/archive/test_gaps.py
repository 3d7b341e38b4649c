from pathlib import Path

from dashboard.archive import gaps
from dashboard.archive.gaps import Gap
from dashboard.archive.store import LocalStore


def test_what_is_missing_is_on_record_once(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    gap = Gap("fixes", 3, 17)
    for _ in range(2):
        gaps.note(store, gap)
    store.write("gaps/fixes/another", b"")
    assert gaps.listed(store) == [gap]


def test_an_archive_without_gaps_has_none(tmp_path: Path) -> None:
    assert gaps.listed(LocalStore(tmp_path)) == []
