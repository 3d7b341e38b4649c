"""Helper: posts where all units are, over and over, as a positioning platform would; says each stamp.

Job: {"port", "token", "district", "state_url", "period_s", "seconds", "road", "still"}; road "http" is the
intake, "packed" is what a feed does; `still` units stand still, so that little is spent on moving them.
Says {"stamp": ms, "count", "accepted", "took_ms"} for each body.
"""

import json
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from dashboard.district import District, load
from dashboard.door import Door
from dashboard.journal import Journal
from dashboard.store import JournalUnavailable
from dashboard.wire import FixBatch
from tests.bench.crowd import PERIOD_S, PERIOD_SWAY_S, Crowd, gather
from tests.bench.sender import Sender, iso, say

_ROWS_PER_BODY = 20_000  # the intake takes no more at once
_TIME = b"2000-01-01T00:00:00.000+00:00"  # stands where the stamp will be, and is as long


def main(job: dict[str, Any]) -> None:
    """Send until the time is over."""
    district = load(Path(job["district"]))
    crowd = gather(district.roster.call_signs, [(centre.lat, centre.lon) for centre in district.communities])
    until = time.monotonic() + job["seconds"]
    send = _over_http(crowd, job) if job["road"] == "http" else _packed(crowd, district, job)
    for due_at in _beats(job.get("period_s", PERIOD_S), until):
        send(due_at)


def _beats(period_s: float, until: float) -> Iterator[float]:
    """Epoch seconds of each wave, a little uneven, ahead by what it takes to prepare it."""
    at = time.time() + period_s
    while time.monotonic() + max(0.0, at - time.time()) < until:
        yield at
        at = max(at + period_s, time.time()) + random.uniform(-PERIOD_SWAY_S, PERIOD_SWAY_S)


def _over_http(crowd: Crowd, job: dict[str, Any]) -> Any:
    sender = Sender(job["port"], job["token"])
    at_rest = _bodies(crowd, time.time()) if job.get("still") else None

    def send(due_at: float) -> None:
        bodies = at_rest or _bodies(crowd, due_at)
        time.sleep(max(0.0, due_at - time.time()))
        for count, body in bodies:
            now = round(time.time(), 3)
            stamped = body.replace(_TIME, iso(now).encode())
            receipt = sender.post("fixes", stamped)
            _tell(now, count, receipt["accepted"] if receipt else 0)

    return send


def _bodies(crowd: Crowd, at: float) -> list[tuple[int, bytes]]:
    """How many rows, and the JSON of them, for each body that a wave needs."""
    rows = [b'{"at":"' + _TIME + b'",' + row + b"}" for row in crowd.rows(at)]
    parts = [rows[start : start + _ROWS_PER_BODY] for start in range(0, len(rows), _ROWS_PER_BODY)]
    return [(len(part), b"[" + b",".join(part) + b"]") for part in parts]


def _packed(crowd: Crowd, district: District, job: dict[str, Any]) -> Any:
    door = Door(district, Journal(job["state_url"]))
    units = np.arange(len(crowd.call_signs), dtype=np.int64)
    unknown = np.full(len(units), np.nan)

    def send(due_at: float) -> None:
        lat, lon, bearing = crowd.at(due_at)
        time.sleep(max(0.0, due_at - time.time()))
        now = round(time.time(), 3)
        batch = FixBatch(units, np.full(len(units), now), lat, lon, crowd.speed_mps, bearing, unknown)
        try:
            accepted = door.take_fixes("bench", batch, now)
        except JournalUnavailable:
            accepted = 0
        _tell(now, len(units), accepted)

    return send


def _tell(stamp_s: float, count: int, accepted: int) -> None:
    say(stamp=round(stamp_s * 1000), count=count, accepted=accepted, took_ms=(time.time() - stamp_s) * 1000)


if __name__ == "__main__":
    main(json.load(sys.stdin))
