"""Makes the briefing of one week of one centre out of a reading of the archive."""

from collections.abc import Callable
from datetime import date

from dashboard.archive.reader import Reading
from dashboard.archive.schema import Table
from dashboard.briefing import assessment, cases, watch
from dashboard.briefing.asking import Asking
from dashboard.briefing.model import SECTIONS, Briefing, Section, Stamp
from dashboard.briefing.rules import Rules
from dashboard.district import District

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
    is_complete = now >= asking.to_at
    makers: dict[str, Callable[[], Section]] = {
        "cases": lambda: cases.section(asking, is_complete),
        "kinds": lambda: cases.kinds(asking),
        "areas": lambda: cases.below(asking),
        "assessment": lambda: assessment.section(asking),
        "response": lambda: watch.response(asking),
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
