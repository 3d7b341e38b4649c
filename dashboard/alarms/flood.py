"""How many alarms were raised when and where: rates, floods, and who raises most. Cleared ones count as well."""

from collections import Counter
from collections.abc import Iterable

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from dashboard.alarms.policy import AlarmPolicy

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

DAY_S = 86_400.0
HOUR_S = 3_600.0
TEN_MIN_S = 600.0
TOP = 10
_KEPT_MOST = 20_000  # of a day; 150 are many for one person, so figures above this say enough


class Raise(Struct, frozen=True, array_like=True, gc=False):
    """One alarm was raised."""

    at: float  # server clock
    key: str
    level: int
    community: int  # index, -1: of a whole area, or of the district
    area: str


class Rates(Struct, frozen=True):
    """How many were raised in some scope."""

    last_10_min: int
    last_hour: int
    last_day: int
    flood_share: float
    mix: tuple[int, int, int, int]
    top: tuple[tuple[str, int], ...]


def flood_since(times: Floats, now: float, policy: AlarmPolicy) -> float | None:
    """Since when there is a flood, by the times (n,) of all raises in order; None: there is none.

    It begins when the window holds more than `flood_over` raises and ends when it holds fewer than `flood_under`.
    """
    times = times[times <= now]
    places = np.arange(len(times))
    if len(times) - np.searchsorted(times, now - policy.flood_s, "right") < policy.flood_under:
        return None
    held = places + 1 - np.searchsorted(times, times - policy.flood_s, "right")
    # How many the window held right before each raise: the fewest since the raise before it.
    ebbs = np.flatnonzero(held - 1 < policy.flood_under)
    after = int(ebbs[-1]) if len(ebbs) else 0
    over = np.flatnonzero(held[after:] > policy.flood_over)
    return float(times[after + over[0]]) if len(over) else None


class RaiseLog:
    """The raises of the last day."""

    def __init__(self) -> None:
        """None yet."""
        self._raises: dict[tuple[float, str], Raise] = {}
        self._ordered: list[Raise] | None = None
        self._times: Floats | None = None

    def add(self, raises: Iterable[Raise]) -> None:
        """Note raises; one that is known is not counted again."""
        before = len(self._raises)
        self._raises.update(((each.at, each.key), each) for each in raises)
        if len(self._raises) != before:
            self._ordered = self._times = None

    def prune(self, now: float) -> None:
        """Forget what is older than a day, and the oldest beyond what is kept."""
        raises = self.all()
        old = max(len(raises) - _KEPT_MOST, sum(1 for _ in _while_before(raises, now - DAY_S)))
        if old > 0:
            for each in raises[:old]:
                del self._raises[each.at, each.key]
            self._ordered = self._times = None

    def all(self) -> list[Raise]:
        """Every raise, by time."""
        if self._ordered is None:
            self._ordered = [self._raises[name] for name in sorted(self._raises)]
        return self._ordered

    def times(self) -> Floats:
        """The times (n,) of all raises, in order."""
        if self._times is None:
            self._times = times_of(self.all())
        return self._times


def rates(raises: list[Raise], now: float, policy: AlarmPolicy) -> Rates:
    """The rates of these raises, by time."""
    times = times_of(raises)
    today = [each for each in raises if now - DAY_S < each.at <= now]
    levels = Counter(each.level for each in today)
    counted = Counter(each.key for each in today)
    periods = ((times - (now - DAY_S)) // TEN_MIN_S).astype(np.int64)
    per_period = np.bincount(periods[(periods >= 0) & (periods < DAY_S / TEN_MIN_S)], minlength=int(DAY_S / TEN_MIN_S))
    return Rates(
        last_10_min=int(((times > now - TEN_MIN_S) & (times <= now)).sum()),
        last_hour=int(((times > now - HOUR_S) & (times <= now)).sum()),
        last_day=len(today),
        flood_share=float((per_period > policy.flood_over).mean()),
        mix=(levels[1], levels[2], levels[3], levels[4]),
        top=tuple(sorted(counted.items(), key=lambda each: (-each[1], each[0]))[:TOP]),
    )


def times_of(raises: list[Raise]) -> Floats:
    """The times (n,) of these raises."""
    return np.fromiter((each.at for each in raises), np.float64, len(raises))


def _while_before(raises: list[Raise], at: float) -> Iterable[Raise]:
    for each in raises:
        if each.at >= at:
            return
        yield each
