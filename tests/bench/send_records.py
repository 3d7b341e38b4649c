"""Helper: posts cases, their moves, readings and alerts at a steady rate, and says what became of each body.

Job: {"port", "token", "district", "run", "per_s", "seconds"}. Says {"kind", "accepted", "refused", "at": ms}
for each body and {"cases": how many} at the end; the cases are `<run>-0`, `<run>-1`, ...
"""

import json
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dashboard.district import DeviceKind, District, load
from tests.bench.sender import Sender, iso, say

_BEATS_PER_S = 5
_SHARES = {"cases": 0.4, "case-steps": 0.3, "readings": 0.2, "alerts": 0.1}


def main(job: dict[str, Any]) -> None:
    """Send until the time is over; one that falls behind does not wait."""
    sender = Sender(job["port"], job["token"])
    records = _Records(load(Path(job["district"])), job["run"])
    began = time.monotonic()
    for beat in range(int(job["seconds"] * _BEATS_PER_S)):
        time.sleep(max(0.0, began + beat / _BEATS_PER_S - time.monotonic()))
        for kind, share in _SHARES.items():
            body = list(records.make(kind, round(job["per_s"] * share / _BEATS_PER_S)))
            receipt = sender.insist(kind, json.dumps(body).encode())
            taken = receipt["accepted"] + receipt["repeated"]  # repeated: taken, but the answer was lost
            say(kind=kind, accepted=taken, refused=receipt["refused"], at=time.time() * 1000)
    say(cases=records.cases)


class _Records:
    """Records that are all different; each move is of a case that was sent before."""

    def __init__(self, district: District, run: str) -> None:
        self._district, self._run = district, run
        self._items = list(district.items) or [""]
        self._sensors = [each for each in district.devices if each.kind is DeviceKind.GAUGE]
        self._cameras = [each for each in district.devices if each.kind is DeviceKind.AI_CAMERA]
        self._number = 0
        self.cases = 0

    def make(self, kind: str, count: int) -> Iterator[dict[str, Any]]:
        for _ in range(count):
            self._number += 1
            yield {
                "id": f"{self._run}-{kind}-{self._number}",
                **getattr(self, "_" + kind.replace("-", "_"))(),
            }

    def _cases(self) -> dict[str, Any]:
        place = random.choice(self._district.communities)
        self.cases += 1
        return {
            "id": f"{self._run}-{self.cases - 1}",
            "reported_at": iso(time.time()),
            "item": random.choice(self._items),
            "title": "道路破损",
            "lat": place.lat,
            "lon": place.lon,
        }

    def _case_steps(self) -> dict[str, Any]:
        return {
            "case": f"{self._run}-{random.randrange(max(1, self.cases))}",
            "at": iso(time.time()),
            "stage": "filed",
        }

    def _readings(self) -> dict[str, Any]:
        sensor = random.choice(self._sensors)
        return {"sensor": sensor.id, "at": iso(time.time()), "value": round(random.uniform(0.1, 0.4), 3)}

    def _alerts(self) -> dict[str, Any]:
        camera = random.choice(self._cameras)
        return {
            "kind": "litter",
            "at": iso(time.time()),
            "device": camera.id,
            "level": 4,
            "confidence": 0.8,
            "title": "垃圾堆放",
        }


if __name__ == "__main__":
    main(json.load(sys.stdin))
