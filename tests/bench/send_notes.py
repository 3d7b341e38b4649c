"""Helper: officers who each give one order after the other, as fast as they are answered.

Job: {"port", "sessions", "target", "seconds"}. Says {"took": ms of each order} for each officer.
"""

import json
import sys
import threading
import time
from typing import Any

from tests.bench.officer import Officer
from tests.bench.sender import say


def main(job: dict[str, Any]) -> None:
    """Give orders until the time is over."""
    until = time.monotonic() + job["seconds"]
    officers = [Officer(job["port"], session) for session in job["sessions"]]
    took: list[list[float]] = [[] for _ in officers]

    def work(officer: Officer, mine: list[float]) -> None:
        while time.monotonic() < until:
            began = time.perf_counter()
            officer.give({"verb": "note", "target": job["target"], "text": f"note {len(mine)}"})
            mine.append((time.perf_counter() - began) * 1000)

    threads = [threading.Thread(target=work, args=each) for each in zip(officers, took, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for mine in took:
        say(took=mine)


if __name__ == "__main__":
    main(json.load(sys.stdin))
