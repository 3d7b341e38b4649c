"""Helper: an officer takes one call after the other and sees each through: acknowledges, sends three tiers, closes.

Job: {"port", "session", "district", "run", "every_s", "seconds"}. Says {"verb", "facts", "posted": ms, "took_ms"}
for each request: `facts` are what screens must come to show of it (watch_orders.js); the answer took `took_ms`.
"""

import json
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

from dashboard.district import Centre, load
from dashboard.records import TIERS, Tier
from tests.bench.officer import Officer
from tests.bench.sender import say

_ASIDE = 0.005  # degrees of latitude: the crowd walks round the seats, and who is there already need not be sent
_TIERS = (Tier.VOLUNTEER, Tier.AUXILIARY, Tier.POLICE)

Request = tuple[list[dict[str, Any]], list[str]]  # orders, and what is to be seen of them


def main(job: dict[str, Any]) -> None:
    """Give orders until the time is over, and close what is open."""
    district = load(Path(job["district"]))
    kind = next(iter(district.kinds), "fire")
    officer = Officer(job["port"], job["session"])
    roster = district.roster
    crews = {
        tier: [name for name, each in zip(roster.call_signs, roster.tier, strict=True) if TIERS[each] is tier]
        for tier in _TIERS
    }
    until = time.monotonic() + job["seconds"]
    number = 0
    while time.monotonic() < until:
        units = [crews[tier][number % len(crews[tier])] for tier in _TIERS]
        place = random.choice(district.communities)
        for orders, facts in _course(f"bench-{job['run']}-{number}", kind, place, units):
            time.sleep(job["every_s"] * random.uniform(0.8, 1.2))
            posted = time.time()
            officer.give(*orders)
            took_ms = (time.time() - posted) * 1000
            say(verb=orders[0]["verb"], facts=facts, posted=posted * 1000, took_ms=took_ms)
        number += 1


def _course(mark: str, kind: str, place: Centre, units: list[str]) -> Iterator[Request]:
    """The requests by which one call is seen through."""
    called = str(uuid4())
    key = f"desk/{called}"
    where = {"place": place.name, "lat": place.lat + _ASIDE, "lon": place.lon}
    yield [{"id": called, "verb": "register", "kind": kind, "level": 1, "title": mark, **where}], [mark]
    yield [{"verb": "acknowledge", "target": key}], [f"{mark} acknowledged"]
    yield [{"verb": "dispatch", "target": key, "unit": unit} for unit in units], [f"{mark} → {unit}" for unit in units]
    yield [{"verb": "note", "target": key, "text": f"{mark} noted"}], [f"{mark} noted"]
    yield [{"verb": "close", "target": key, "kind": "handled"}], [f"{mark} closed"]


if __name__ == "__main__":
    main(json.load(sys.stdin))
