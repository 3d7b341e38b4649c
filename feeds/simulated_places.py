"""Places for the demonstration day: points that surely lie inside the district, by community, and metres."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dashboard.district import District

Floats = NDArray[np.float64]
Indexes = NDArray[np.int64]

_METRES_PER_DEGREE = 111_195.0
_POOL = 40_000  # points tried; about half of them lie inside a district's bounds and outline


@dataclass(frozen=True)
class Places:
    """A pool of points in columns of one length n, ordered by community."""

    lat: Floats  # (n,) degrees
    lon: Floats  # (n,)
    x_m: Floats  # (n,) metres east of the pool's middle
    y_m: Floats  # (n,) metres north of it
    community: Indexes  # (n,)
    starts: Indexes  # (communities + 1,) where each community's points begin
    _middle: tuple[float, float]

    @classmethod
    def of(cls, district: District, seed: int) -> "Places":
        """The pool of a district; the same district and seed give the same points."""
        rng = np.random.default_rng([seed, 1])
        south, west, north, east = district.bounds
        lat, lon = rng.uniform(south, north, _POOL), rng.uniform(west, east, _POOL)
        cell = np.asarray(district.locate(lat, lon))
        inside = cell >= 0
        lat, lon = lat[inside], lon[inside]
        community = np.asarray(district.cell_community)[cell[inside]].astype(np.int64)
        # A community too small to be hit still has its own seat.
        missed = np.setdiff1d(np.arange(len(district.communities)), community)
        lat = np.r_[lat, [district.communities[place].lat for place in missed]]
        lon = np.r_[lon, [district.communities[place].lon for place in missed]]
        community = np.r_[community, missed]
        order = np.argsort(community, kind="stable")
        lat, lon, community = lat[order], lon[order], community[order]
        middle = ((south + north) / 2, (west + east) / 2)
        x, y = _metres(lat, lon, middle)
        starts = np.searchsorted(community, np.arange(len(district.communities) + 1))
        return cls(lat, lon, x, y, community, starts.astype(np.int64), middle)

    def metres(self, lat: Floats, lon: Floats) -> tuple[Floats, Floats]:
        """Metres east and north of the middle; straight enough within one district."""
        return _metres(lat, lon, self._middle)

    def degrees(self, x_m: Floats, y_m: Floats) -> tuple[Floats, Floats]:
        """Latitude and longitude of metres east and north of the middle."""
        lat = self._middle[0] + y_m / _METRES_PER_DEGREE
        return lat, self._middle[1] + x_m / (_METRES_PER_DEGREE * np.cos(np.radians(self._middle[0])))

    def anywhere(self, rng: np.random.Generator, size: int) -> Indexes:
        """Random places, (size,); half of them in the busiest fifth of the communities."""
        count = len(self.starts) - 1
        busy = np.arange(0, count, 5)
        chosen = np.where(rng.random(size) < 0.5, rng.choice(busy, size), rng.integers(0, count, size))
        return self.within(rng, chosen)

    def within(self, rng: np.random.Generator, communities: Indexes) -> Indexes:
        """A random place in each of these communities; -1 is anywhere."""
        known = communities >= 0
        first = np.where(known, self.starts[communities], 0)
        last = np.where(known, self.starts[communities + 1], len(self.lat))
        places: Indexes = (first + rng.random(len(communities)) * (last - first)).astype(np.int64)
        return places


def _metres(lat: Floats, lon: Floats, middle: tuple[float, float]) -> tuple[Floats, Floats]:
    east = (np.asarray(lon) - middle[1]) * _METRES_PER_DEGREE * np.cos(np.radians(middle[0]))
    return east, (np.asarray(lat) - middle[0]) * _METRES_PER_DEGREE
