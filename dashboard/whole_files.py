"""Files that a reader sees whole or not at all, and that are still whole after a loss of power."""

import os
import secrets
from pathlib import Path

UNFINISHED = ".part-"  # what a process that died leaves behind begins with this


def write_whole(path: Path, content: bytes, mode: int = 0o666) -> None:
    """Put a file in its place, or another in its stead; its folder is made. Raises OSError, and leaves what was.

    `mode`: who may use it, as far as the process's mask allows.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{UNFINISHED}{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
