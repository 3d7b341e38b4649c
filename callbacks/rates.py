"""Rates: how much each source may send, so that a flood from one leaves the others alone. Per web process."""

import threading
from collections.abc import Mapping

from msgspec import Struct

_EPSILON = 1e-6  # who waited exactly as long as told is let in


class Limits(Struct, frozen=True):
    """What one source may send."""

    requests_per_s: float = 200.0
    records_per_s: float = 40_000.0
    burst_s: float = 2.0  # so many seconds' worth may come at once


class _Bucket:
    """Fills at `rate` up to `size`; may be overdrawn once, and is closed until that is paid back."""

    def __init__(self, rate: float, size: float, now: float) -> None:
        self._rate, self._size = rate, size
        self._held, self._at = size, now

    def wait_s(self, now: float) -> float:
        self._held = min(self._size, self._held + max(0.0, now - self._at) * self._rate)
        self._at = now
        return 0.0 if self._held >= 1 - _EPSILON else (1 - self._held) / self._rate

    def take(self, amount: float) -> None:
        self._held -= amount


class Rates:
    """The rates of all sources. Records are charged when they are counted, after they were let in."""

    def __init__(self, limits: Mapping[str, Limits], others: Limits | None = None) -> None:
        """`others`: the limits of whoever is not named."""
        self._limits = limits
        self._others = others or Limits()
        self._buckets: dict[str, tuple[_Bucket, _Bucket]] = {}
        self._lock = threading.Lock()

    def enter(self, source_name: str, now: float) -> float:
        """Let one request in: 0; or the seconds that it should wait."""
        with self._lock:
            requests, sent = self._of(source_name, now)
            wait_s = max(requests.wait_s(now), sent.wait_s(now))
            if not wait_s:
                requests.take(1)
            return wait_s

    def charge(self, source_name: str, count: int, now: float) -> None:
        """So many records came in with a request."""
        with self._lock:
            self._of(source_name, now)[1].take(count)

    def _of(self, source_name: str, now: float) -> tuple[_Bucket, _Bucket]:
        if source_name not in self._buckets:
            allowed = self._limits.get(source_name, self._others)
            per_s = (allowed.requests_per_s, allowed.records_per_s)
            requests, sent = (_Bucket(rate, max(1.0, rate * allowed.burst_s), now) for rate in per_s)
            self._buckets[source_name] = (requests, sent)
        return self._buckets[source_name]
