"""Makes the briefing of one week of one centre out of a reading of the archive."""

import threading
import time
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from msgspec.structs import replace

from dashboard.archive.reader import Archive, HistoryError, Reading
from dashboard.archive.schema import Table
from dashboard.briefing import areas, assessment, cases, frozen, notes, response, watch, weeks
from dashboard.briefing.asking import Asking
from dashboard.briefing.model import SECTIONS, Briefing, Section, Stamp
from dashboard.briefing.rules import Rules
from dashboard.district import District

_KEPT, _KEPT_S = 24, 300.0
_PATIENCE_S = 60.0
_COUNTED = (Table.CASES, Table.INCIDENTS, Table.ALERTS, Table.RAISES, Table.FEEDS, Table.VISITS)
Progress = Callable[[float], None]  # the share that is done


def make(
    reading: Reading,
    district: District,
    centre: str,
    week: date,
    rules: Rules,
    now: float,
    progress: Progress = lambda share: None,
) -> Briefing:
    """The briefing; `week`: its Monday. Raises KeyError for no such centre, HistoryError if nobody can answer."""
    asking = Asking(reading, district, district.scope(centre), week, rules)
    asking.prepare()
    is_complete = now >= asking.to_at
    makers: dict[str, Callable[[], Section]] = {
        "cases": lambda: cases.section(asking, is_complete),
        "kinds": lambda: cases.kinds(asking),
        "areas": lambda: areas.section(asking),
        "assessment": lambda: assessment.section(asking),
        "response": lambda: response.section(asking, now),
        "alerts": lambda: watch.alerts(asking),
        "alarms": lambda: watch.alarms(asking),
        "feeds": lambda: watch.feeds(asking),
        "patrol": lambda: watch.patrol(asking),
    }
    sections = []
    for place, name in enumerate(SECTIONS):
        sections.append(makers[name]())
        progress((place + 1) / len(SECTIONS))
    weights = {f"weight.{name}": getattr(rules.weights, name) for name in rules.weights.__struct_fields__}
    others = {name: float(getattr(rules, name)) for name in rules.__struct_fields__ if name != "weights"}
    return Briefing(
        week=week.isoformat(),
        centre=centre,
        from_at=asking.from_at,
        to_at=asking.to_at,
        sections=tuple(sections),
        stamp=_stamp(reading, now),
        queries=asking.asked,
        settings={**others, **weights},
        is_complete=is_complete,
    )


def _stamp(reading: Reading, now: float) -> Stamp:
    rows = {table.value: int(reading.rows(f"SELECT count(*) FROM {table}")[0][0]) for table in _COUNTED}
    ids = {table.value: reading.end(table) for table in (Table.CASES, Table.RECORDS, Table.TRACKS)}
    ((first,),) = reading.rows("SELECT min(reported_at) FROM cases")
    return Stamp(made_at=now, last_ids=ids, rows=rows, first_at=first)


class _Kept(NamedTuple):
    at: float
    briefing: Briefing


class Briefings:
    """Makes briefings one at a time, and remembers the last ones for some minutes."""

    def __init__(
        self, archive: Archive, district: District, rules: Rules, clock: Callable[[], float] = time.time
    ) -> None:
        self.archive = archive
        self.district = district
        self.rules = rules
        self.clock = clock
        self._kept: dict[tuple[str, str], _Kept] = {}
        self._busy = threading.Lock()  # one takes a core for a second or two, which the wall wants as well

    def of(self, week: str, centre: str, progress: Progress = lambda share: None) -> Briefing:
        """The frozen one, or one made now, with the notes to it. Raises HistoryError, StoreError, NotFrozen."""
        store = self.archive.store
        kept = frozen.load(store, week, centre)
        briefing = kept if kept is not None else self.made(week, centre, progress)
        return replace(briefing, notes={**briefing.notes, **notes.load(store, week, centre)})

    def made(self, week: str, centre: str, progress: Progress = lambda share: None) -> Briefing:
        """One made of what the archive has now, or some minutes ago."""
        if not self._busy.acquire(timeout=_PATIENCE_S):
            raise HistoryError("other briefings are being made")
        try:
            now, key = self.clock(), (week, centre)
            known = self._kept.get(key)
            if known is None or not 0 <= now - known.at < _KEPT_S:
                with self.archive.open(seconds=_PATIENCE_S) as reading:
                    made = make(reading, self.district, centre, weeks.parse(week), self.rules, now, progress)
                known = self._kept[key] = _Kept(now, made)
                while len(self._kept) > _KEPT:
                    del self._kept[next(iter(self._kept))]
            return known.briefing
        finally:
            self._busy.release()

    def revision(self, briefing: Briefing) -> int:
        """How often this week and centre were frozen."""
        return len(frozen.revisions(self.archive.store, briefing))

    def forget(self, week: str, centre: str) -> None:
        """The next one is made anew."""
        self._kept.pop((week, centre), None)
