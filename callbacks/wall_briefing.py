"""The last frozen briefing of each centre, for the wall: read on a thread of its own, because the wall never waits."""

import logging
import threading
import time
from collections.abc import Callable

from dashboard.archive.store import Store
from dashboard.briefing import frozen, weeks
from dashboard.briefing.model import Briefing
from dashboard.district import District

log = logging.getLogger(__name__)

_AGAIN_S = 300.0
_WEEKS = 3  # how far back it is looked for one


class LastFrozen:
    """What the wall shows of last week."""

    def __init__(self, store: Store, district: District, clock: Callable[[], float] = time.time) -> None:
        self._store = store
        self._district = district
        self._clock = clock
        self._known: dict[str, Briefing | None] = {}
        self._read_at: dict[str, float] = {}

    def of(self, centre: str) -> Briefing | None:
        """The newest one that is known; it is looked for anew every five minutes, behind the caller's back."""
        now = self._clock()
        if now - self._read_at.get(centre, -_AGAIN_S) >= _AGAIN_S:
            self._read_at[centre] = now
            threading.Thread(target=self.read, args=(centre, now), daemon=True, name="briefing").start()
        return self._known.get(centre)

    def read(self, centre: str, now: float) -> None:
        """Look for the newest one."""
        last = weeks.last_full_week(now, self._district.timezone)
        try:
            for back in range(_WEEKS):
                found = frozen.load(self._store, (last - weeks.WEEK * back).isoformat(), centre)
                if found is not None:
                    self._known[centre] = found
                    return
        except (OSError, frozen.NotFrozen) as error:
            log.warning("the last briefing of %s cannot be shown: %s", centre, error)
