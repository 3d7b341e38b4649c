"""A journal in memory and as much of a district as the door asks for: the fakes at the door's edge."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dashboard.records import Record
from dashboard.store import JournalUnavailable

NOW = 1_795_156_330.0  # 2026-11-20T06:32:10Z, five seconds after the examples of the contract


@dataclass
class SmallRoster:
    """Three units."""

    call_signs: list[str] = field(default_factory=lambda: ["WG-00417", "PC-012", "V-001"])
    checksum: int = 0xC0FFEE

    @property
    def index(self) -> dict[str, int]:
        return {sign: place for place, sign in enumerate(self.call_signs)}


@dataclass
class SmallDistrict:
    """A box around Bao'an with three units and one sensor."""

    bounds: tuple[float, float, float, float] = (22.45, 113.75, 22.90, 114.05)
    roster: SmallRoster = field(default_factory=SmallRoster)
    device_index: dict[str, int] = field(default_factory=lambda: {"G-204": 0})


class MemoryJournal:
    """Keeps everything in lists. `is_away` makes it refuse, as a state server that is down."""

    def __init__(self) -> None:
        self.is_away = False
        self.records: list[Record] = []
        self.fixes: list[tuple[str, bytes, int]] = []
        self.heard_of: dict[str, tuple[float, float | None]] = {}
        self.quarantined: list[tuple[str, bytes, str]] = []
        self._totals: dict[str, Counter[str]] = {
            name: Counter() for name in ("accepted", "repeated", "refused", "dropped")
        }
        self._seen: set[tuple[Any, ...]] = set()

    def _answer(self) -> None:
        if self.is_away:
            raise JournalUnavailable("away")

    def ping(self) -> bool:
        self._answer()
        return True

    def append(self, batch: Sequence[Record]) -> list[bool]:
        self._answer()
        fresh = []
        for record in batch:
            key = (type(record), record.source, record.id, getattr(record, "revision", 0))
            fresh.append(key not in self._seen)
            if key not in self._seen:
                self._seen.add(key)
                self.records.append(record)
        return fresh

    def append_fixes(self, source: str, packed: bytes, count: int) -> None:
        self._answer()
        self.fixes.append((source, packed, count))

    def count(self, totals: Mapping[str, Mapping[str, int]]) -> None:
        self._answer()
        for name, amounts in totals.items():
            self._totals[name].update(amounts)

    def totals(self) -> dict[str, dict[str, int]]:
        self._answer()
        return {name: dict(amounts) for name, amounts in self._totals.items()}

    def usage(self) -> dict[str, float]:
        self._answer()
        return {"memory_bytes": 1e6}

    def heard(self, source: str, now: float, skew_s: float | None) -> None:
        self._answer()
        self.heard_of[source] = (now, skew_s)

    def quarantine(self, source: str, raw: bytes, why: str) -> None:
        self._answer()
        self.quarantined.append((source, raw, why))
