"""What the tests of patrol share: a district, a day in it, and units that walk through its cells."""

import numpy as np

from dashboard.district import District
from dashboard.situation import Change, Situation
from dashboard.wire import FixBatch
from tests.builders import NOON
from tests.feeds.small_district import small_district

T0 = NOON.timestamp()  # a multiple of ten minutes


def middle(district: District, cell: int) -> tuple[float, float]:
    """A point inside a cell."""
    point = district.atlas.cell_geometries()[cell]
    ring = np.array(point["coordinates"][0] if point["type"] == "Polygon" else point["coordinates"][0][0])
    west, south = ring.min(axis=0)
    east, north = ring.max(axis=0)
    for lat in np.linspace(south, north, 9)[1:-1]:
        for lon in np.linspace(west, east, 9)[1:-1]:
            if district.locate(lat, lon)[0] == cell:
                return float(lat), float(lon)
    raise AssertionError(f"no point in cell {cell}")


def fix(district: District, unit: str, cell: int, after_s: float, speed: float = np.nan, north: int = 0) -> FixBatch:
    """One fix in a cell, so many 1e-7 degrees north of a point of it; -1 is outside the district."""
    lat, lon = middle(district, cell) if cell >= 0 else (21.0, 112.0)
    column = [np.array([each], float) for each in (T0 + after_s, lat + north * 1e-7, lon, speed, np.nan, 5.0)]
    return FixBatch(np.array([district.roster.index[unit]], np.int64), *column)


def joined(batches: list[FixBatch]) -> FixBatch:
    """All fixes as one batch."""
    columns = zip(*([getattr(batch, name) for name in FixBatch.__dataclass_fields__] for batch in batches), strict=True)
    return FixBatch(*(np.concatenate(column) for column in columns))


def play(situation: Situation, batches: list[FixBatch], received_after_s: float = 0.0) -> list[Change]:
    """Fold batches as they come, each at the time of its last fix or later, with the second that follows."""
    told = []
    for batch in batches:
        now = max(float(batch.at.max()), T0 + received_after_s)
        told += [situation.follow(situation.move(batch, now)), situation.tick(now)]
    return told


__all__ = ["T0", "fix", "joined", "middle", "play", "small_district"]
