"""Where the archive's files are: a folder, or any S3-compatible store.

A file is there whole or not at all, and is never written again: of two writers of one name the first one's stays.
"""

import contextlib
import os
import secrets
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import pyarrow.fs as arrow_fs

_DRAFT = ".draft-"
_DEAD_S = 3600.0  # a draft this old is nobody's any more


class StoreError(OSError):
    """The store cannot be used now; the text says why."""


class Store(Protocol):
    """What the archive asks of its store; names are paths with `/`, relative to its root."""

    def names(self, prefix: str) -> list[str]:
        """All files below a folder, sorted; none where the folder is not there."""

    def read(self, name: str) -> bytes:
        """A file; raises FileNotFoundError or StoreError."""

    def write(self, name: str, content: bytes) -> bool:
        """Put a file there, durably; False where it was there already. Raises StoreError."""

    def remove(self, name: str) -> None:
        """Take a file away; one that is not there is no mistake."""

    def age_s(self, name: str) -> float:
        """How long ago it was written."""

    def size(self, name: str) -> int:
        """Its bytes."""

    def source(self, name: str) -> Any:
        """What Parquet readers take: a path, or a file of the store opened for reading."""

    def dataset(self, names: Sequence[str]) -> tuple[list[str], Any]:
        """Files as Parquet datasets take them: paths, and the file system that they are of."""


class LocalStore:
    """A folder on this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def names(self, prefix: str) -> list[str]:
        """All files below a folder, sorted."""
        return sorted(self._walk(self.folder / prefix))

    def read(self, name: str) -> bytes:
        """A file."""
        return (self.folder / name).read_bytes()

    def write(self, name: str, content: bytes) -> bool:
        """Put a file there: a draft beside it, on the disk, then under its name, then the folder on the disk."""
        target = self.folder / name
        try:
            _make(target.parent)
            draft = target.parent / f"{_DRAFT}{target.name}.{secrets.token_hex(8)}"
            try:
                with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640), "wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                os.link(draft, target)  # not os.replace: the first writer's file stays
            except FileExistsError:
                return False
            finally:
                draft.unlink(missing_ok=True)
            _settle(target.parent)
        except OSError as error:
            raise StoreError(f"{name} cannot be written: {error}") from error
        return True

    def remove(self, name: str) -> None:
        """Take a file away."""
        with contextlib.suppress(FileNotFoundError):
            (self.folder / name).unlink()

    def age_s(self, name: str) -> float:
        """How long ago it was written."""
        return time.time() - (self.folder / name).stat().st_mtime

    def size(self, name: str) -> int:
        """Its bytes."""
        return (self.folder / name).stat().st_size

    def source(self, name: str) -> str:
        """Its path."""
        return str(self.folder / name)

    def dataset(self, names: Sequence[str]) -> tuple[list[str], Any]:
        """Files as Parquet datasets take them: paths, and no file system of their own."""
        return [str(self.folder / name) for name in names], None

    def _walk(self, folder: Path) -> Iterator[str]:
        with contextlib.suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir():
                    yield from self._walk(Path(entry.path))
                elif not entry.name.startswith(_DRAFT):
                    yield str(Path(entry.path).relative_to(self.folder))

    def sweep(self, dead_s: float = _DEAD_S) -> None:
        """Remove drafts that a dead writer left behind; another engine may be writing now."""
        for draft in self.folder.rglob(f"{_DRAFT}*"):
            with contextlib.suppress(FileNotFoundError):
                if time.time() - draft.stat().st_mtime >= dead_s:
                    draft.unlink()


class ObjectStore:
    """A bucket, or a part of one, behind the S3 protocol; putting an object is atomic there."""

    def __init__(self, url: str) -> None:
        """`s3://[key:secret@]bucket/prefix?endpoint_override=host:port&scheme=http`: as pyarrow.fs reads it."""
        self._fs, self._root = arrow_fs.FileSystem.from_uri(url)

    def names(self, prefix: str) -> list[str]:
        """All files below a folder, sorted."""
        chosen = arrow_fs.FileSelector(self._path(prefix), allow_not_found=True, recursive=True)
        with _named(prefix):
            found = self._fs.get_file_info(chosen)
        return sorted(info.path[len(self._root) + 1 :] for info in found if info.is_file)

    def read(self, name: str) -> bytes:
        """A file."""
        with _named(name), self._fs.open_input_file(self._path(name)) as file:
            return bytes(file.read())

    def write(self, name: str, content: bytes) -> bool:
        """Put a file there unless one is.

        Two writers at the same instant both put it: what has one name was made of the same stretch, so it is the same.
        """
        with _named(name):
            if self._fs.get_file_info(self._path(name)).is_file:
                return False
            with self._fs.open_output_stream(self._path(name)) as file:
                file.write(content)
        return True

    def remove(self, name: str) -> None:
        """Take a file away."""
        with _named(name), contextlib.suppress(FileNotFoundError):
            self._fs.delete_file(self._path(name))

    def age_s(self, name: str) -> float:
        """How long ago it was written."""
        with _named(name):
            return time.time() - float(self._fs.get_file_info(self._path(name)).mtime_ns) / 1e9

    def size(self, name: str) -> int:
        """Its bytes."""
        with _named(name):
            return int(self._fs.get_file_info(self._path(name)).size)

    def source(self, name: str) -> Any:
        """The file, opened for reading."""
        with _named(name):
            return self._fs.open_input_file(self._path(name))

    def dataset(self, names: Sequence[str]) -> tuple[list[str], Any]:
        """Files as Parquet datasets take them: paths, and the file system that they are of."""
        return [self._path(name) for name in names], self._fs

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}" if name else str(self._root)


def open_store(url: str, data_dir: Path) -> Store:
    """The store of a setting: "" is `archive` in the data folder, a path is that folder, s3:// is a bucket.

    Raises StoreError for any other.
    """
    scheme = urlsplit(url).scheme
    if scheme == "s3":
        return ObjectStore(url)
    if scheme not in ("", "file"):
        raise StoreError(f"WALL_ARCHIVE_URL: {scheme}:// is no store; there are s3:// and folders")
    return LocalStore(Path(urlsplit(url).path) if url else data_dir / "archive")


@contextlib.contextmanager
def _named(name: str) -> Iterator[None]:
    """What goes wrong in there is said of this file."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        raise StoreError(f"{name}: {error}") from error


def _make(folder: Path) -> None:
    """Make a folder and those around it; each is on the disk before anything is put into it."""
    if folder.is_dir():
        return
    _make(folder.parent)
    folder.mkdir(exist_ok=True)
    _settle(folder.parent)


def _settle(folder: Path) -> None:
    """See to it that the folder itself is on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
