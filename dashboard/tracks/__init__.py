"""Where units were: tracks out of the archive, with speed and the places where they stayed. Pure but for `read`.

A fix names its unit by a place in the roster of its time: each roster that is known is looked into, so that the way of
a unit is whole across an edit that moved its place.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from dashboard.district import Roster
from dashboard.district.geo import Floats, distance_m
from dashboard.records import TIERS, Tier

GAP_S = 120.0  # between fixes further apart nobody knows the way: no line is drawn, no speed is told
STAY_M, STAY_S = 30.0, 120.0  # within so much ground for so long: it stayed
_DEGREE = 1e7

_FIXES = """
    SELECT name, at_ms, any_value(lat) AS lat, any_value(lon) AS lon, any_value(speed_mps) AS speed_mps
    FROM tracks JOIN (SELECT unnest(?) AS name, unnest(?) AS roster, unnest(?) AS unit) USING (roster, unit)
    WHERE at_ms BETWEEN ? AND ? AND list_contains(?, unit)
    GROUP BY name, at_ms
    ORDER BY name, at_ms
"""


class Reads(Protocol):
    """What is asked of the archive."""

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of a question."""


@dataclass(frozen=True)
class Stay:
    """A unit stayed in one place."""

    from_at: float
    to_at: float
    lat: float
    lon: float

    @property
    def seconds(self) -> float:
        """For how long."""
        return self.to_at - self.from_at


@dataclass(frozen=True)
class Track:
    """The way of one unit, in columns of one length n, oldest first; each time once."""

    call_sign: str
    tier: Tier
    at: Floats  # (n,) epoch seconds, the device's clock
    lat: Floats  # (n,) degrees, WGS-84
    lon: Floats  # (n,)
    said_mps: Floats  # (n,) NaN where the device gave no speed

    def __len__(self) -> int:
        """How many fixes."""
        return len(self.at)

    @cached_property
    def steps_m(self) -> Floats:
        """(n - 1,) metres from each fix to the next."""
        return distance_m(self.lat[:-1], self.lon[:-1], self.lat[1:], self.lon[1:])

    @cached_property
    def known(self) -> NDArray[np.bool_]:
        """(n - 1,) whether the way from each fix to the next is known."""
        near: NDArray[np.bool_] = np.diff(self.at) <= GAP_S
        return near

    @property
    def length_m(self) -> float:
        """The way as far as it is known."""
        return float(self.steps_m[self.known].sum())

    @cached_property
    def speed_mps(self) -> Floats:
        """(n,) what the device said; where it said nothing, the way from the fix before; NaN where that is unknown.

        Some devices write 0 for what they do not know (GB/T 28181 by way of WVP), so 0 is nothing said.
        """
        went = np.full(len(self), np.nan)
        if len(self) > 1:
            went[1:] = np.where(self.known, self.steps_m / np.maximum(np.diff(self.at), 1e-3), np.nan)
        return np.where(np.nan_to_num(self.said_mps) > 0, self.said_mps, went)

    def pieces(self) -> Iterator[slice]:
        """The stretches without a gap, as slices of the columns."""
        breaks = np.flatnonzero(~self.known) + 1
        edges = [0, *breaks.tolist(), len(self)]
        for start, end in pairwise(edges):
            if end > start:
                yield slice(start, end)

    def place_at(self, at: float) -> tuple[float, float] | None:
        """Where it was, on the straight line between two fixes; None before, after and within a gap."""
        if not len(self) or not self.at[0] <= at <= self.at[-1]:
            return None
        behind = min(int(np.searchsorted(self.at, at, side="right")) - 1, len(self) - 1)
        if behind == len(self) - 1:
            return float(self.lat[-1]), float(self.lon[-1])
        if not self.known[behind]:
            return None
        share = (at - self.at[behind]) / (self.at[behind + 1] - self.at[behind])
        lat = self.lat[behind] + share * (self.lat[behind + 1] - self.lat[behind])
        lon = self.lon[behind] + share * (self.lon[behind + 1] - self.lon[behind])
        return float(lat), float(lon)

    def between(self, from_at: float, to_at: float) -> "Track":
        """The part within a span, both ends with it."""
        chosen = slice(int(np.searchsorted(self.at, from_at)), int(np.searchsorted(self.at, to_at, side="right")))
        columns = (self.at[chosen], self.lat[chosen], self.lon[chosen], self.said_mps[chosen])
        return Track(self.call_sign, self.tier, *columns)

    def stays(self) -> list[Stay]:
        """Where it stayed, in the order of time: never further than STAY_M from where it stopped, STAY_S or longer."""
        found = []
        for piece in self.pieces():
            start = piece.start
            while start < piece.stop:
                end = self._leaves(start, piece.stop)
                if self.at[end - 1] - self.at[start] >= STAY_S:
                    found.append(self._stay(start, end))
                    start = end
                else:
                    start += 1
        return found

    def _leaves(self, start: int, stop: int) -> int:
        """The first fix that is too far from the one at `start`."""
        away = distance_m(self.lat[start], self.lon[start], self.lat[start:stop], self.lon[start:stop]) > STAY_M
        return start + int(np.argmax(away)) if away.any() else stop

    def _stay(self, start: int, end: int) -> Stay:
        lat, lon = float(np.median(self.lat[start:end])), float(np.median(self.lon[start:end]))
        return Stay(float(self.at[start]), float(self.at[end - 1]), lat, lon)


def read(
    reading: Reads, rosters: Mapping[int, Roster], call_signs: Sequence[str], from_at: float, to_at: float
) -> list[Track]:
    """The tracks of these units in a span, in the order of the current roster; units without a fix are left out.

    `rosters`: all that are known by their checksums, the current one first. Call-signs that are in none are nobody.
    Raises what the archive raises.
    """
    names = _in_order(rosters, call_signs)
    wanted = [(place, *each) for place, name in enumerate(names) for each in _places(rosters, name)]
    if not wanted:
        return []
    columns = [list(column) for column in zip(*wanted, strict=True)]
    rows = reading.rows(_FIXES, [*columns, int(from_at * 1000), int(to_at * 1000), sorted(set(columns[-1]))])
    if not rows:
        return []
    named, at_ms, lat, lon, speed = (np.array(column) for column in zip(*rows, strict=True))
    edges = np.flatnonzero(np.diff(named)) + 1
    tracks = []
    for part in np.split(np.arange(len(named)), edges):
        name = names[int(named[part[0]])]
        way = (at_ms[part] / 1000, lat[part] / _DEGREE, lon[part] / _DEGREE, speed[part].astype(float))
        tracks.append(Track(name, _tier(rosters, name), *way))
    return tracks


def _in_order(rosters: Mapping[int, Roster], call_signs: Sequence[str]) -> list[str]:
    """Those that are known, as the current roster has them; then those of earlier ones alone."""
    current = next(iter(rosters.values()))
    known = {name for name in call_signs if _places(rosters, name)}
    return sorted(known, key=lambda name: (current.index.get(name, len(current.call_signs)), name))


def _places(rosters: Mapping[int, Roster], name: str) -> list[tuple[int, int]]:
    """The checksum of each roster in which a unit is, and its place there."""
    return [(checksum, roster.index[name]) for checksum, roster in rosters.items() if name in roster.index]


def _tier(rosters: Mapping[int, Roster], name: str) -> Tier:
    roster = next(roster for roster in rosters.values() if name in roster.index)
    return TIERS[int(roster.tier[roster.index[name]])]
