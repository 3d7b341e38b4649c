"""Simulated units: they patrol, drive where they are sent, and report where they are; columns throughout."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dashboard.district import DeviceKind, District
from dashboard.records import TIERS, Tier
from dashboard.wire import FixBatch
from feeds.simulated_places import Floats, Indexes, Places


class Habit(NamedTuple):
    """How the units of one tier behave."""

    patrol_mps: float
    errand_mps: float
    reach_m: float  # how far from home a patrol goes
    rest_s: float  # longest rest between two ways
    cadence_s: float  # a fix each so many seconds


HABITS = {
    Tier.VOLUNTEER: Habit(1.2, 5.0, 150, 90, 10),
    Tier.AUXILIARY: Habit(3.0, 8.5, 700, 60, 5),
    Tier.POLICE: Habit(6.0, 13.0, 2_500, 600, 2),
    Tier.WARDEN: Habit(1.3, 2.5, 300, 60, 10),
    Tier.DRONE: Habit(9.0, 14.0, 1_200, 5, 2),
    Tier.VEHICLE: Habit(8.0, 12.0, 2_500, 40, 5),
}

_OFF_SHARE = 0.04  # off duty: never heard
_QUIET_SHARE = 0.03  # of the time, each unit at another one, nothing comes through ...
_QUIET_PERIOD_S = 7_200.0  # ... so about 3.5 minutes each two hours
_NOISE_M = 2.5
_STUCK_SHARE = 0.001  # receivers that repeat one place for ever
_SHORT_SHARE = 0.02  # communities whose patrols are all off: nobody looks after their cells
_PATROLS = (Tier.AUXILIARY, Tier.POLICE, Tier.WARDEN)
_LONGEST_STEP_S = 30.0  # after a pause of the process, units do not jump
_THERE_M = 1.0


class SimulatedUnits:
    """All units of a roster."""

    def __init__(self, district: District, places: Places, seed: int, now: float, every_s: float | None = None) -> None:
        """`every_s`: each unit reports so often, whatever its tier, and none is silent or stuck (for measuring)."""
        roster = district.roster
        self._district, self._places = district, places
        self._rng = rng = np.random.default_rng([seed, 2])
        self.count = count = len(roster.call_signs)
        self.tier: Indexes = np.asarray(roster.tier).astype(np.int64)
        home = places.within(rng, np.asarray(roster.home).astype(np.int64))
        self.home_x, self.home_y = places.x_m[home], places.y_m[home]
        habits = np.array([HABITS[tier] for tier in TIERS])[self.tier]
        self._patrol_mps, self._errand_mps, self._reach_m, self._rest_s, cadence_s = habits.T
        self._cadence_s = np.full(count, every_s) if every_s else cadence_s
        self._phase_s = rng.random(count) * self._cadence_s
        self._quiet_phase = rng.random(count)
        self._is_off = (rng.random(count) < _OFF_SHARE) & (every_s is None)
        self._is_never_quiet = every_s is not None
        self._is_stuck = np.zeros(count, bool)
        if every_s is None:
            self._neglect(np.random.default_rng([seed, 7]))
        self._standby = self._standby_points()
        self.x, self.y = self.home_x.copy(), self.home_y.copy()
        self._to_x, self._to_y = self.x.copy(), self.y.copy()
        self._pace = self._patrol_mps.copy()
        self._east_first = rng.random(count) < 0.5
        self._is_resting = np.ones(count, bool)
        self._rest_until = now + rng.random(count) * 30
        self.on_errand = np.zeros(count, bool)
        self._moved_x, self._moved_y = np.zeros(count), np.zeros(count)
        self._last_step_s = 1.0
        self._now = now
        self._tick = np.floor((now + self._phase_s) / self._cadence_s)

    def advance(self, now: float) -> None:
        """Let time pass: everybody moves on, rests, or picks the next way."""
        step_s = min(max(now - self._now, 0.0), _LONGEST_STEP_S)
        self._now = now
        self._set_out(np.flatnonzero(self._is_resting & ~self.on_errand & (now >= self._rest_until)))
        before_x, before_y = self.x.copy(), self.y.copy()
        self._walk(np.where(self._is_resting, 0.0, self._pace * step_s))
        self._moved_x, self._moved_y = self.x - before_x, self.y - before_y
        self._last_step_s = step_s or 1.0
        there = ~self._is_resting & (self._left_m() < _THERE_M)
        self._is_resting[there] = True
        self._rest_until[there] = now + self._rng.random(int(there.sum())) * self._rest_s[there]

    def reports(self, now: float) -> FixBatch:
        """The fixes that are due since the last call, all at `now` to the millisecond."""
        tick = np.floor((now + self._phase_s) / self._cadence_s)
        due = np.flatnonzero((tick != self._tick) & self.is_heard(now))
        self._tick = tick
        noise = self._rng.normal(0, _NOISE_M, (2, len(due)))
        stuck = self._is_stuck[due]
        x = np.where(stuck, self.home_x[due], self.x[due] + noise[0])
        y = np.where(stuck, self.home_y[due], self.y[due] + noise[1])
        lat, lon = self._places.degrees(x, y)
        moved_x, moved_y = np.where(stuck, 0.0, self._moved_x[due]), np.where(stuck, 0.0, self._moved_y[due])
        speed = np.hypot(moved_x, moved_y) / self._last_step_s
        bearing = np.degrees(np.arctan2(moved_x, moved_y)) % 360
        return FixBatch(
            due,
            np.full(len(due), round(now, 3)),
            lat,
            lon,
            speed,
            np.where(speed > 0.1, bearing, np.nan),
            self._rng.uniform(3, 15, len(due)),
        )

    def is_heard(self, now: float) -> NDArray[np.bool_]:
        """Whose device is on and gets through now, (count,)."""
        if self._is_never_quiet:
            return np.ones(self.count, bool)
        is_quiet = (now / _QUIET_PERIOD_S + self._quiet_phase) % 1.0 < _QUIET_SHARE
        return ~self._is_off & (~is_quiet | self.on_errand)

    def nearest(self, tier: Tier, x_m: float, y_m: float, now: float) -> int | None:
        """The nearest unit of a tier that is free and heard; None if there is none."""
        is_free = ~self.on_errand & ~self._is_stuck & self.is_heard(now)
        free = np.flatnonzero((self.tier == TIERS.index(tier)) & is_free)
        if not len(free):
            return None
        return int(free[np.hypot(self.x[free] - x_m, self.y[free] - y_m).argmin()])

    def send(self, unit: int, x_m: float, y_m: float, hurry: float = 1.0, elapsed_s: float = 0.0) -> float:
        """Send a unit, under way for `elapsed_s` already; in how many seconds it arrives (< 0: ago)."""
        self.on_errand[unit], self._is_resting[unit] = True, False
        self._to_x[unit], self._to_y[unit] = x_m, y_m
        self._pace[unit] = self._errand_mps[unit] * hurry
        eta_s = float(self._left_m()[unit] / self._pace[unit]) - elapsed_s
        head_start = np.zeros(self.count)
        head_start[unit] = self._pace[unit] * elapsed_s
        self._walk(head_start)
        return eta_s

    def release(self, unit: int) -> None:
        """Let a unit go back to its patrol."""
        self.on_errand[unit] = False
        self._is_resting[unit], self._rest_until[unit] = True, self._now

    def is_there(self, unit: int) -> bool:
        """Whether a unit has reached the place that it goes to."""
        return bool(abs(self._to_x[unit] - self.x[unit]) + abs(self._to_y[unit] - self.y[unit]) < _THERE_M)

    def _neglect(self, rng: np.random.Generator) -> None:
        """What a patrol's screen is for: receivers that are stuck, and communities without patrols."""
        patrols = np.flatnonzero(np.isin(self.tier, [TIERS.index(tier) for tier in _PATROLS]))
        self._is_stuck[rng.choice(patrols, int(self.count * _STUCK_SHARE), replace=False)] = True
        communities = len(self._district.communities)
        short = rng.choice(communities, int(communities * _SHORT_SHARE), replace=False)
        self._is_off[patrols[np.isin(self._district.roster.home[patrols], short)]] = True

    def _left_m(self) -> Floats:
        left: Floats = np.abs(self._to_x - self.x) + np.abs(self._to_y - self.y)
        return left

    def _walk(self, reach_m: Floats) -> None:
        """Move along streets that run east and north: first the one way, then the other."""
        east, north = self._to_x - self.x, self._to_y - self.y
        first = np.where(self._east_first, east, north)
        second = np.where(self._east_first, north, east)
        along = np.clip(first, -reach_m, reach_m)
        rest = reach_m - np.abs(along)
        across = np.clip(second, -rest, rest)
        self.x += np.where(self._east_first, along, across)
        self.y += np.where(self._east_first, across, along)

    def _set_out(self, units: Indexes) -> None:
        """Give units their next way: near home, police to a standby point; nobody leaves the district."""
        if not len(units):
            return
        rng = self._rng
        turn, far = rng.random(len(units)) * 2 * np.pi, np.sqrt(rng.random(len(units))) * self._reach_m[units]
        to_x, to_y = self.home_x[units] + far * np.cos(turn), self.home_y[units] + far * np.sin(turn)
        police = np.flatnonzero(self.tier[units] == TIERS.index(Tier.POLICE))
        if len(self._standby[0]) and len(police):
            choice = self._near_standby[units[police], rng.integers(0, self._near_standby.shape[1], len(police))]
            to_x[police], to_y[police] = self._standby[0][choice], self._standby[1][choice]
        is_outside = np.asarray(self._district.locate(*self._places.degrees(to_x, to_y))) < 0
        self._to_x[units] = np.where(is_outside, self.home_x[units], to_x)
        self._to_y[units] = np.where(is_outside, self.home_y[units], to_y)
        self._pace[units] = self._patrol_mps[units] * rng.uniform(0.7, 1.3, len(units))
        self._east_first[units] = rng.random(len(units)) < 0.5
        self._is_resting[units] = False

    def _standby_points(self) -> tuple[Floats, Floats]:
        """Where police stand by, in metres, and for each unit its three nearest ones."""
        points = [device for device in self._district.devices if device.kind is DeviceKind.STANDBY]
        lat, lon = np.array([point.lat for point in points]), np.array([point.lon for point in points])
        x, y = self._places.metres(lat, lon)
        self._near_standby = np.zeros((self.count, min(3, len(points))), np.int64)
        if len(points):
            for unit in np.flatnonzero(self.tier == TIERS.index(Tier.POLICE)):
                away = np.hypot(x - self.home_x[unit], y - self.home_y[unit])
                self._near_standby[unit] = np.argsort(away)[: self._near_standby.shape[1]]
        return x, y
