"""Helper: all that happens in a district besides positions, so that every panel has something to show.

It is the demonstration day, sent as a feed sends. Job: {"district", "state_url", "cases_per_day"}.
Says {"seeded": true} once what happened before the start is in.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

from dashboard.district import load
from dashboard.door import Door
from dashboard.journal import Journal
from dashboard.store import JournalUnavailable
from feeds.simulator import TITLES, DemonstrationDay
from tests.bench.sender import say

_STEP_S, _SEEDING_STEP_S = 1.0, 0.1


def main(job: dict[str, Any]) -> None:
    """Send until ended."""
    district, journal = load(Path(job["district"])), Journal(job["state_url"])
    door = Door(district, journal)
    day = DemonstrationDay(district, time.time(), cases_per_day=job.get("cases_per_day"))
    is_told = False
    while True:
        delivery = day.step(time.time())
        try:
            for source, records in delivery.records:
                door.take_records(source, records, time.time())
            if delivery.manned:
                journal.man(delivery.manned, time.time())
            for name, title in TITLES.items():
                journal.beat(name, title, time.time())
        except JournalUnavailable:
            pass  # scenery: what is lost is not missed
        if not is_told and not day.is_seeding:
            is_told = True
            say(seeded=True)
        time.sleep(_SEEDING_STEP_S if day.is_seeding else _STEP_S)


if __name__ == "__main__":
    main(json.load(sys.stdin))
