"""A brake on guessing, by address: a handful of failed attempts is let through, then one each few seconds.

Beside the lock on a name, which the state server keeps for all processes; this one is of one web process.
"""

import ipaddress
import threading
from collections import Counter

_BURST = 10
_AT_ONCE = 16  # of one address: each holds a thread while its password is hashed
_SECONDS_EACH = 6.0
_MOST = 10_000
_OTHERS = "others"
_HOME_BITS = 64  # one IPv6 subscriber has all addresses of a /64


class Brake:
    """Failed attempts of each address; they are forgotten one by one."""

    def __init__(self) -> None:
        self._failures: dict[str, tuple[float, float]] = {}  # address -> how many, as of when
        self._trying: Counter[str] = Counter()  # attempts that are being looked at
        self._lock = threading.Lock()

    def wait_s(self, address: str, now: float) -> float:
        """How long an address must wait before it may try again; 0: it may."""
        with self._lock:
            return max(0.0, self._count(self._key(address), now) - _BURST + 1) * _SECONDS_EACH

    def enter(self, address: str, now: float) -> float:
        """An attempt begins, unless its address must wait: for how long. What began must `leave`."""
        wait_s = self.wait_s(address, now)
        with self._lock:
            key = self._key(address)
            if not wait_s and self._trying[key] >= _AT_ONCE:
                wait_s = 1.0
            if not wait_s:
                self._trying[key] += 1
        return wait_s

    def leave(self, address: str) -> None:
        """An attempt is over."""
        with self._lock:
            key = self._key(address)
            self._trying[key] -= 1
            self._trying += Counter()  # drops those of whom nobody is trying

    def failed(self, address: str, now: float) -> None:
        """An attempt from there has failed."""
        with self._lock:
            key = self._key(address)
            self._failures[key] = (self._count(key, now) + 1, now)

    def _key(self, address: str) -> str:
        try:
            place = ipaddress.ip_address(address)
        except ValueError:
            return _OTHERS
        key = str(ipaddress.ip_network((place, _HOME_BITS), strict=False)) if place.version == 6 else str(place)
        return key if key in self._failures or len(self._failures) < _MOST else _OTHERS

    def _count(self, key: str, now: float) -> float:
        count, at = self._failures.get(key, (0.0, now))
        left = max(0.0, count - max(0.0, now - at) / _SECONDS_EACH)
        if not left:
            self._failures.pop(key, None)
        return left
