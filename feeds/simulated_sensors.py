"""Simulated sensors: level gauges and slope monitors, mostly calm; now and then one passes its threshold."""

import numpy as np

from dashboard.district import DeviceKind, District
from dashboard.records import Reading, moment

SOURCE = "iot-demo"
_EACH_S = 30.0
_SURGE_S = 900.0  # one rise and fall
_SURGE_EACH = 900  # in each of these times one sensor in so many has one
_SENSORS = (DeviceKind.GAUGE, DeviceKind.SLOPE)


class SimulatedSensors:
    """The stream of readings; a value depends on the sensor and the time alone."""

    def __init__(self, district: District, seed: int) -> None:
        """All gauges and slope monitors of the district, reporting at different seconds."""
        self._sensors = [device for device in district.devices if device.kind in _SENSORS]
        rng = np.random.default_rng([seed, 6])
        self._phase_s = rng.random(len(self._sensors)) * _EACH_S
        self._high = np.array([sensor.high or sensor.very_high or 1.0 for sensor in self._sensors])
        self._calm = rng.uniform(0.15, 0.45, len(self._sensors)) * self._high
        self._lag = rng.integers(0, _SURGE_EACH, len(self._sensors))
        self._tick: np.ndarray[tuple[int], np.dtype[np.float64]] | None = None

    def happen(self, now: float) -> list[Reading]:
        """The readings that are due since the last call; at first, all."""
        tick = np.floor((now + self._phase_s) / _EACH_S)
        due = np.arange(len(self._sensors)) if self._tick is None else np.flatnonzero(tick != self._tick)
        self._tick = tick
        at = moment(round(now, 3))
        return [
            Reading(
                source=SOURCE,
                id=f"{self._sensors[place].id}@{int(now)}",
                sensor=self._sensors[place].id,
                at=at,
                value=round(self.value(int(place), now), 3),
            )
            for place in due
        ]

    def value(self, place: int, now: float) -> float:
        """What one sensor shows: calm with a slow wave, or a surge to a quarter beyond its threshold."""
        window, part = divmod(now, _SURGE_S)
        wave = 1 + 0.08 * np.sin(now / 420 + place)
        calm = float(self._calm[place] * wave)
        if (int(window) + int(self._lag[place])) % _SURGE_EACH:
            return calm
        return max(calm, float(1.25 * self._high[place] * np.sin(np.pi * part / _SURGE_S)))
