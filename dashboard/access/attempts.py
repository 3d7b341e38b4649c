"""Attempts to sign in: five failures within a quarter of an hour shut a name for a quarter of an hour.

Counted by name, whether there is such an account or not, so that the answer does not tell. An attempt counts as
failed until it has succeeded, so guesses side by side count like guesses one after the other. A name that is shut
lets nobody in; it ends no session, or whoever knows an officer's name could end the officer's watch.
"""

import secrets
from typing import NamedTuple

from dashboard.access import tokens
from dashboard.store import connect, or_unavailable

ATTEMPTS = "wall:attempts:"
MOST_FAILURES = 5
WINDOW_S = 15 * 60.0
SHUT_S = 15 * 60.0


class Attempt(NamedTuple):
    """One try to get in."""

    key: str
    mark: str
    shut_s: float  # above zero: it must not be tried, and may be again after so many seconds


class Attempts:
    """The failures of the last half hour, as the state server keeps them; they leave by themselves."""

    def __init__(self, url: str) -> None:
        self._redis = connect(url)

    @or_unavailable
    def begin(self, name: str, now: float) -> Attempt:
        """Somebody tries: counted at once, unless the name is shut."""
        key, mark = ATTEMPTS + tokens.fingerprint(name), f"{now:.3f} {secrets.token_hex(8)}"
        pipe = self._redis.pipeline(transaction=True)
        pipe.rpush(key, mark)
        pipe.lrange(key, 0, -1)
        pipe.expire(key, int(WINDOW_S + SHUT_S))
        marks = [each.decode() for each in pipe.execute()[1]]
        earlier = [float(each.split()[0]) for each in marks[: marks.index(mark)]]
        attempt = Attempt(key, mark, shut_s(earlier, now))
        if attempt.shut_s:
            self.succeeded(attempt)
        return attempt

    @or_unavailable
    def succeeded(self, attempt: Attempt) -> None:
        """It was no failure after all; earlier ones still count until the name is in."""
        self._redis.lrem(attempt.key, 1, attempt.mark)

    @or_unavailable
    def forget(self, name: str) -> None:
        """The name is in, or an administrator opens it again."""
        self._redis.delete(ATTEMPTS + tokens.fingerprint(name))


def shut_s(failures: list[float], now: float) -> float:
    """How long a name with these failures (epoch seconds, oldest first) stays shut; 0: it is open."""
    last = failures[-MOST_FAILURES:]
    if len(last) < MOST_FAILURES or last[-1] - last[0] >= WINDOW_S:
        return 0.0
    return max(0.0, last[-1] + SHUT_S - now)
