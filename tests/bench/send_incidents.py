"""Helper: reports incidents with titles that nobody else has, and closes each a little later.

Job: {"port", "token", "district", "run", "every_s", "seconds"}. Says {"mark": title, "posted": ms} for each.
"""

import json
import random
import sys
import time
from collections import deque
from pathlib import Path
from typing import Any

from dashboard.district import Centre, load
from tests.bench.sender import Sender, iso, say

_LAST_LOOK_S = 1.0  # the last one must be seen before it closes
_OPEN_AT_ONCE = 3  # more than a few would not fit on the strip of cards


def main(job: dict[str, Any]) -> None:
    """Report until the time is over, then close what is open."""
    district = load(Path(job["district"]))
    kind = next(iter(district.kinds), "fire")
    sender = Sender(job["port"], job["token"])
    open_ones: deque[dict[str, Any]] = deque()
    until = time.monotonic() + job["seconds"]
    number = 0
    while time.monotonic() < until:
        time.sleep(job["every_s"] * random.uniform(0.8, 1.2))
        place = random.choice(district.communities)
        incident = _incident(f"bench-{job['run']}-{number}", kind, place)
        say(mark=incident["id"], posted=time.time() * 1000)
        sender.insist("incidents", json.dumps([incident]).encode())
        open_ones.append(incident)
        number += 1
        if len(open_ones) >= _OPEN_AT_ONCE:
            _close(sender, open_ones.popleft())
    time.sleep(_LAST_LOOK_S)
    for incident in open_ones:
        _close(sender, incident)


def _incident(mark: str, kind: str, place: Centre) -> dict[str, Any]:
    return {
        "id": mark,
        "kind": kind,
        "level": 1,
        "title": mark,
        "place": place.name,
        "reported_at": iso(time.time()),
        "lat": place.lat,
        "lon": place.lon,
    }


def _close(sender: Sender, incident: dict[str, Any]) -> None:
    closed = {**incident, "revision": 1, "closed_at": iso(time.time())}
    sender.insist("incidents", json.dumps([closed]).encode())


if __name__ == "__main__":
    main(json.load(sys.stdin))
