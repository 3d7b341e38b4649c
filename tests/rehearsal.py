"""The rehearsal districts for tests: built from the recordings once for each test process."""

import tempfile
from functools import cache
from pathlib import Path

from dashboard import district
from dashboard.district import District
from feeds.rehearsal import build_rehearsal


@cache
def rehearsal_district(name: str, data_dir: Path) -> District:
    """ "sf" or "boston", from the recordings in `data_dir`."""
    with tempfile.TemporaryDirectory() as folder:
        loaded = district.load(build_rehearsal(name, data_dir, Path(folder) / name))
        loaded.locate(0.0, 0.0)  # the polygons are read when first used, and the folder goes away
        return loaded
