"""Stills: the pictures that came with alerts, each stored once under the SHA-256 of its bytes.

Names from outside are never used: a still is found by its hash alone, its type by its first bytes.
"""

import hashlib
import os
import re
from pathlib import Path

from msgspec import Struct

from dashboard.records import Alert
from dashboard.whole_files import UNFINISHED, write_whole

MAX_BYTES = 2 * 1024 * 1024
_HASH = re.compile(r"[0-9a-f]{64}")
_UNFINISHED_S = 3600.0  # a part file older than this was left by a process that died


class NotAPicture(ValueError):
    """The bytes are not a JPEG, PNG or WebP picture, or are too many."""


class Still(Struct, frozen=True):
    """One stored picture."""

    path: Path
    media_type: str


class Pictured(Struct, frozen=True):
    """A record with the picture that came along; the door stores it and writes its hash into the record."""

    record: Alert
    picture: bytes


def media_type(data: bytes) -> str | None:
    """The media type that the first bytes tell; None if it is not one we show."""
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return None


class Stills:
    """The stills of one data folder; any number of processes may use it at once."""

    def __init__(self, folder: Path) -> None:
        """The folder is made when the first still arrives."""
        self._folder = folder

    def store(self, data: bytes) -> str:
        """Keep the picture and return its hash; one that is there already counts as new again."""
        if len(data) > MAX_BYTES:
            raise NotAPicture(f"the picture has {len(data)} bytes; at most {MAX_BYTES} are kept")
        if media_type(data) is None:
            raise NotAPicture("the picture is not JPEG, PNG or WebP")
        name = hashlib.sha256(data).hexdigest()
        path = self._path(name)
        try:
            os.utime(path)
        except FileNotFoundError:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_whole(path, data)
        return name

    def find(self, name: str) -> Still | None:
        """The still of this hash, if it is here."""
        if not _HASH.fullmatch(name):
            return None
        path = self._path(name)
        try:
            with path.open("rb") as file:
                kind = media_type(file.read(16))
        except OSError:
            return None
        return Still(path, kind) if kind else None

    def sweep(self, max_bytes: int, max_age_s: float, now: float) -> int:
        """Delete what is too old, then the oldest until the rest fits; returns how many went."""
        kept: list[tuple[float, int, Path]] = []
        gone = 0
        for path in self._folder.glob("??/*"):
            try:
                facts = path.stat()
            except FileNotFoundError:
                continue
            age_s = now - facts.st_mtime
            if age_s > (_UNFINISHED_S if path.name.startswith(UNFINISHED) else max_age_s):
                gone += _delete(path)
            else:
                kept.append((facts.st_mtime, facts.st_size, path))
        held = sum(size for _, size, _ in kept)
        for _, size, path in sorted(kept):
            if held <= max_bytes:
                break
            gone += _delete(path)
            held -= size
        return gone

    def _path(self, name: str) -> Path:
        return self._folder / name[:2] / name[2:]


def _delete(path: Path) -> int:
    path.unlink(missing_ok=True)
    return 1
