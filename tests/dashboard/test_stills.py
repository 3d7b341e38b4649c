import os
from pathlib import Path

import pytest

from dashboard.stills import MAX_BYTES, NotAPicture, Stills, media_type

JPEG = b"\xff\xd8\xff\xe0 a picture"
PNG = b"\x89PNG\r\n\x1a\n a picture"
WEBP = b"RIFF\x10\x00\x00\x00WEBPVP8 "
NOW = 1_795_156_330.0


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("data", "kind"),
    [(JPEG, "image/jpeg"), (PNG, "image/png"), (WEBP, "image/webp"), (b"<svg/>", None), (b"", None)],
)
def test_the_type_is_told_from_the_first_bytes(data: bytes, kind: str | None) -> None:
    assert media_type(data) == kind


def test_a_picture_is_stored_once_and_found_by_its_hash(tmp_path: Path) -> None:
    stills = Stills(tmp_path)
    name = stills.store(JPEG)
    assert stills.store(JPEG) == name
    assert len(files(tmp_path)) == 1
    still = stills.find(name)
    assert still is not None
    assert (still.path.read_bytes(), still.media_type) == (JPEG, "image/jpeg")


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"<html>", b"\xff\xd8\xff" + b"x" * MAX_BYTES])
def test_what_is_no_picture_or_too_large_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(NotAPicture):
        Stills(tmp_path).store(data)
    assert files(tmp_path) == []


@pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", "a" * 63, "A" * 64, "a" * 64, "a" * 64 + "\n"])
def test_only_hashes_that_are_here_are_found(tmp_path: Path, name: str) -> None:
    assert Stills(tmp_path).find(name) is None


def aged(stills: Stills, data: bytes, age_s: float) -> str:
    name = stills.store(data)
    still = stills.find(name)
    assert still is not None
    os.utime(still.path, (NOW - age_s, NOW - age_s))
    return name


def test_a_sweep_takes_the_old_and_then_the_oldest(tmp_path: Path) -> None:
    stills = Stills(tmp_path)
    ancient, older, newer = (aged(stills, JPEG + bytes([age]), age) for age in (200, 20, 10))
    assert stills.sweep(max_bytes=len(JPEG) + 1, max_age_s=100, now=NOW) == 2
    assert [stills.find(name) is not None for name in (ancient, older, newer)] == [False, False, True]


def test_a_picture_that_came_again_counts_as_new(tmp_path: Path) -> None:
    stills = Stills(tmp_path)
    name = aged(stills, JPEG, 1e9)
    stills.store(JPEG)
    still = stills.find(name)
    assert still is not None
    assert stills.sweep(10**9, 100, still.path.stat().st_mtime + 1) == 0


def test_a_sweep_removes_what_a_dead_process_left(tmp_path: Path) -> None:
    stills = Stills(tmp_path)
    stills.store(JPEG)
    part = next(tmp_path.iterdir()) / ".part-left"
    part.write_bytes(b"half")
    os.utime(part, (NOW - 4000, NOW - 4000))
    stills.sweep(10**9, 10**9, NOW)
    assert not part.exists()
    assert len(files(tmp_path)) == 1


def test_nothing_half_written_stays_behind_when_the_disk_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        Stills(tmp_path).store(JPEG)
    assert files(tmp_path) == []


def test_a_sweep_of_nothing_is_fine(tmp_path: Path) -> None:
    assert Stills(tmp_path / "not yet").sweep(1, 1, NOW) == 0
