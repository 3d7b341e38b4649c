"""The rosters as the state server keeps them: the present ones, and the ones before the last change."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec import Struct

from dashboard.duty.roster import Shift, replaced, without_old
from dashboard.store import Conflicted, JournalUnavailable, connect, or_unavailable

ROSTERS = "wall:rosters"
_KEEP = timedelta(days=31)  # a shift that ended earlier goes with the next import
_TRIES = 5


class Edition(Struct, frozen=True):
    """The rosters as one change left them."""

    shifts: tuple[Shift, ...] = ()
    by: str = ""  # who changed them
    at: datetime | None = None
    what: str = ""  # the file that was imported


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Edition)


class RosterBook:
    """One process's hold on the rosters. Raises JournalUnavailable while the state server is away."""

    def __init__(self, url: str) -> None:
        self._redis = connect(url)

    @or_unavailable
    def version(self) -> int:
        """The number of the last change: cheap, for those who look often."""
        return int(self._redis.hget(ROSTERS, "version") or 0)

    @or_unavailable
    def read(self) -> tuple[int, Edition]:
        """The rosters with their version, as of one moment."""
        version, now = self._redis.hmget(ROSTERS, ("version", "now"))
        return int(version or 0), _edition(now)

    def replace(self, given: Sequence[Shift], by: str, at: datetime, what: str = "") -> int:
        """Put these shifts in the place of each centre's own in the same span; answers the new version."""

        def changed(now: Edition, _: Edition) -> Edition:
            return Edition(tuple(without_old(replaced(now.shifts, given), at - _KEEP)), by, at, what)

        return self._change(changed)

    def undo(self, by: str, at: datetime) -> int:
        """Bring back what was before the last change; done twice, it is as if nothing had been done."""

        def changed(now: Edition, before: Edition) -> Edition:
            return Edition(before.shifts, by, at, f"undo: {now.what}".rstrip(": "))

        return self._change(changed)

    @or_unavailable
    def _change(self, changed: Any) -> int:
        for _ in range(_TRIES):
            with self._redis.pipeline() as pipe:
                try:
                    pipe.watch(ROSTERS)
                    now, before = map(_edition, pipe.hmget(ROSTERS, ("now", "before")))
                    pipe.multi()
                    entries = {"now": _ENCODER.encode(changed(now, before)), "before": _ENCODER.encode(now)}
                    pipe.hset(ROSTERS, mapping=entries)
                    pipe.hincrby(ROSTERS, "version", 1)
                    return int(pipe.execute()[-1])
                except Conflicted:
                    continue
        raise JournalUnavailable("the rosters are being changed by somebody else; try again")


def _edition(data: bytes | None) -> Edition:
    return _DECODER.decode(data) if data else Edition()
