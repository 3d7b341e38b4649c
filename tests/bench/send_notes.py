"""Helper: clients who each give one order after the other, as fast as they are answered.

One officer may not give so many, so each client is a room of officers in turn. Job: {"port", "rooms": for each
client the [session, target] of each officer, "seconds"}. Says {"took": ms of each order} for each client.
"""

import itertools
import json
import sys
import threading
import time
from typing import Any

from tests.bench.officer import Officer
from tests.bench.sender import say


def main(job: dict[str, Any]) -> None:
    """Give orders until the time is over."""
    rooms = [[(Officer(job["port"], session), target) for session, target in room] for room in job["rooms"]]
    took: list[list[float]] = [[] for _ in rooms]
    until = time.monotonic() + job["seconds"]

    def work(room: list[tuple[Officer, str]], mine: list[float]) -> None:
        for officer, target in itertools.cycle(room):
            if time.monotonic() > until:
                return
            began = time.perf_counter()
            officer.give({"verb": "note", "target": target, "text": f"note {len(mine)}"})
            mine.append((time.perf_counter() - began) * 1000)

    threads = [threading.Thread(target=work, args=each) for each in zip(rooms, took, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for mine in took:
        say(took=mine)


if __name__ == "__main__":
    main(json.load(sys.stdin))
