"""A file is there whole or as it was."""

import os
import threading
from pathlib import Path

import pytest

from dashboard.whole_files import write_whole


def test_a_file_is_put_into_a_folder_that_was_not_there(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b.json"
    write_whole(path, b"one")
    write_whole(path, b"two")
    assert path.read_bytes() == b"two"
    assert [each.name for each in path.parent.iterdir()] == ["b.json"]


def test_who_dies_on_the_way_leaves_what_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "b.json"
    write_whole(path, b"one")

    def fails(handle: int) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(OSError, match="no space"):
        write_whole(path, b"two")
    assert path.read_bytes() == b"one"
    assert [each.name for each in tmp_path.iterdir()] == ["b.json"]


def test_who_reads_meanwhile_finds_the_one_or_the_other(tmp_path: Path) -> None:
    path, stop, found = tmp_path / "url", threading.Event(), set()
    write_whole(path, b"one")

    def look() -> None:
        while not stop.is_set():
            found.add(path.read_bytes())

    reader = threading.Thread(target=look)
    reader.start()
    for number in range(300):
        write_whole(path, b"one" if number % 2 else b"other", mode=0o600)
    stop.set()
    reader.join()
    assert found <= {b"one", b"other"}
    assert path.stat().st_mode & 0o777 == 0o600


def test_others_may_read_it_as_the_system_says(tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    before = os.umask(0o022)
    try:
        write_whole(path, b"one")
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o644
