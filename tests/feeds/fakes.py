"""What stands at the edge of a feed in tests: a door that remembers and can be away, and a delivery to it."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from dashboard.district.geo import Crs
from dashboard.door.receipts import BodyRefused, Reason, Receipt, Refusal
from dashboard.store import JournalUnavailable
from feeds.delivery import Delivery
from feeds.source import FeedSettings


class Edge:
    """A door and a journal in one, in memory; `is_away` makes every call fail as without a state server."""

    def __init__(self) -> None:
        self.is_away = False
        self.calls_while_away = 0
        self.records: dict[tuple[str, str, int], Any] = {}
        self.fixes: list[Any] = []
        self.bodies: list[tuple[str, bytes]] = []
        self.refused: Counter[str] = Counter()
        self.dropped: Counter[str] = Counter()
        self.beats: list[tuple[str, str]] = []
        self.quarantined: list[tuple[bytes, str]] = []
        self.batches: list[int] = []

    def take_records(self, source_name: str, batch: list[Any], now: float) -> Receipt:
        self._answer()
        self.batches.append(len(batch))
        for record in batch:
            self.records[source_name, record.id, getattr(record, "revision", 0)] = record
        return receipt(len(batch))

    def take_fix_rows(self, source_name: str, fixes: list[Any], now: float) -> Receipt:
        self._answer()
        self.batches.append(len(fixes))
        self.fixes += fixes
        return receipt(len(fixes))

    def take_fixes(self, source_name: str, batch: Any, now: float) -> int:
        self._answer()
        self.fixes.append(batch)
        return len(batch)

    def take_json(self, source: Any, kind: str, body: bytes, now: float) -> Receipt:
        self._answer()
        try:
            row = msgspec.json.decode(body)
        except msgspec.DecodeError as error:
            self.refuse(source.name, Reason.MALFORMED)
            raise BodyRefused(Reason.MALFORMED, f"not JSON: {error}") from error
        if row == "fails":
            raise RuntimeError("a mistake of ours")
        if not isinstance(row, dict | list):
            refusal = Refusal(0, "", Reason.MALFORMED, "not an object")
            return Receipt(0, 0, 1, ["refused"], [refusal], {})
        self.bodies.append((kind, body))
        return receipt(1)

    def refuse(self, source_name: str, reason: Reason, count: int = 1) -> None:
        self._answer()
        self.refused[reason.value] += count

    def count(self, totals: Mapping[str, Mapping[str, int]]) -> None:
        self._answer()
        self.dropped.update(totals.get("dropped", {}))

    def quarantine(self, source: str, raw: bytes, why: str) -> None:
        self._answer()
        self.quarantined.append((raw, why))

    def beat(self, feed: str, title: str, now: float, error: str = "", rhythm_s: float = 60.0) -> None:
        self._answer()
        self.beats.append((title, error))

    def _answer(self) -> None:
        if self.is_away:
            self.calls_while_away += 1
            raise JournalUnavailable("the state server is away")


def receipt(accepted: int) -> Receipt:
    return Receipt(accepted, 0, 0, ["accepted"] * accepted, [], {})


def delivery(
    edge: Edge,
    settings: FeedSettings | None = None,
    stop: threading.Event | None = None,
    stills: Any = None,
    clock: Callable[[], float] = time.time,
) -> Delivery:
    feed = settings or FeedSettings(name="field", crs=Crs.WGS84)
    door: Any = edge
    return Delivery(feed, door, door, stop or threading.Event(), stills, clock)


def wait_for(condition: Callable[[], object], limit_s: float = 20.0) -> None:
    give_up_at = time.monotonic() + limit_s
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < give_up_at, "it did not come to pass in time"
        pause.wait(0.01)
