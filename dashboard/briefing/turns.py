"""One process at a time: what must not be done twice is done by whoever holds a file; who dies lets go of it."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_NAME = ".turn"


@contextmanager
def alone(folder: Path) -> Iterator[bool]:
    """Whether it is our turn in that folder, and ours alone until the end of the block. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / _NAME).open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
