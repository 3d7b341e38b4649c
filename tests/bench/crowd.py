"""Where the bench's units are: each walks round a place of its own, so where follows from when."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

PERIOD_S = 1.0
PERIOD_SWAY_S = 0.02  # else a period of whole frames would meet the screen at the same phase each time

_EARTH_M_PER_DEGREE = 111_320.0


@dataclass(frozen=True)
class Crowd:
    """Units and the circles that they walk, all columns of one length."""

    call_signs: Sequence[str]
    lat: NDArray[np.float64]  # of the circle's centre
    lon: NDArray[np.float64]
    radius_m: NDArray[np.float64]
    speed_mps: NDArray[np.float64]
    phase: NDArray[np.float64]

    def at(self, now: float) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Latitude, longitude and bearing of each at epoch seconds."""
        angle = self.phase + (now % 1e6) * self.speed_mps / self.radius_m  # counter-clockwise from east
        north, east = np.sin(angle) * self.radius_m, np.cos(angle) * self.radius_m
        lat = self.lat + north / _EARTH_M_PER_DEGREE
        lon = self.lon + east / (_EARTH_M_PER_DEGREE * math.cos(math.radians(float(self.lat.mean()))))
        return lat, lon, np.degrees(-angle) % 360

    def rows(self, now: float) -> list[bytes]:
        """One JSON fix each, without braces and without the time, which is written in when they are sent."""
        columns = [column.tolist() for column in (*self.at(now), self.speed_mps)]
        return [
            b'"unit":"%b","lat":%.6f,"lon":%.6f,"bearing_deg":%.0f,"speed_mps":%.1f'
            % (name.encode(), lat, lon, min(bearing, 359.0), speed)
            for name, lat, lon, bearing, speed in zip(self.call_signs, *columns, strict=True)
        ]


def gather(call_signs: Sequence[str], seats: Sequence[tuple[float, float]]) -> Crowd:
    """A crowd spread evenly over seats (lat, lon), always the same for the same input."""
    count = len(call_signs)
    chance = np.random.default_rng(135)
    seat = np.asarray(seats)[np.arange(count) % len(seats)]
    return Crowd(
        call_signs,
        seat[:, 0] + chance.normal(0, 150, count) / _EARTH_M_PER_DEGREE,
        seat[:, 1] + chance.normal(0, 150, count) / _EARTH_M_PER_DEGREE,
        chance.uniform(40, 200, count),
        chance.uniform(0.5, 6.0, count),
        chance.uniform(0, 2 * math.pi, count),
    )
