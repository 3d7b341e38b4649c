"""How full the state server's memory and the disk of the data folder are, and whether the archive is behind."""

import shutil
from collections.abc import Mapping
from pathlib import Path

MEMORY = "memory"
DISK = "disk"
ARCHIVE = "archive"  # for how many seconds it could not be written; not there: it can


def shares(usage: Mapping[str, float], data_dir: Path) -> dict[str, float]:
    """By name; `usage` is Journal.usage. What has no limit, or cannot be asked, is left out."""
    found = {}
    if usage["memory_limit_bytes"] > 0:
        found[MEMORY] = usage["memory_bytes"] / usage["memory_limit_bytes"]
    try:
        disk = shutil.disk_usage(data_dir)
    except OSError:
        return found
    # What is kept back for root counts as neither, as in `df`.
    if disk.used + disk.free > 0:
        found[DISK] = disk.used / (disk.used + disk.free)
    return found
