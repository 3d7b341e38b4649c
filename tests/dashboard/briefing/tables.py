"""Rows of the archive as a test needs them, asked as the archive is; what a test does not name is as most often."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import duckdb
import pyarrow as pa

from dashboard.archive import cell_days
from dashboard.archive.schema import PLANS, Table, number_at
from dashboard.briefing.asking import Asking
from dashboard.briefing.making import make
from dashboard.briefing.model import Briefing, Chart, Figure, Section
from dashboard.briefing.model import Table as Shown
from dashboard.briefing.rules import Rules
from dashboard.district import District
from tests.feeds.small_district import small_district

WEEK = date(2026, 11, 16)
ZONE = small_district().timezone
MONDAY = datetime(2026, 11, 16, tzinfo=ZONE).timestamp()
HOUR, DAY = 3600.0, 86_400.0
LATER = MONDAY + 8 * DAY
_AREA = {"community": "C0", "sub_district": "A"}
_USUAL: dict[Table, dict[str, Any]] = {
    Table.CASES: {
        **_AREA, "item": "I1", "department": "", "cell": "C0001", "stage": "handling", "returned": 0, "reworked": 0,
    },
    Table.INCIDENTS: {**_AREA, "kind": "fire", "level": 3, "drill": False, "late_record": False, "body": b"?"},
    Table.LEGS: {"tier": "volunteer", "limit_s": 60.0, "needed": 1, "state": "met", "unit": "", "evidence": ""},
    Table.ALERTS: {**_AREA, "kind": "smoke", "stage": "new", "merged_into": "", "device": "camera", "level": 3},
    Table.ALARMS: {**_AREA, "level": 3, "chattering": False, "approved": False},
    Table.RAISES: {**_AREA, "level": 3, "key": "sos/1"},
    Table.FEEDS: {"name": "cad", "title": "", "condition": "good", "accepted": 0, "refused": 0},
    Table.CONSOLES: {"centre": "D", "officers": 1},
    Table.VISITS: {**_AREA, "cell": "C0001", "tier": "police"},
}  # fmt: skip


def case(at: float, closed_at: float | None = None, **fields: Any) -> dict[str, Any]:
    """A case reported so long after Monday's midnight, closed then."""
    made = {"reported_at": MONDAY + at, "closed_at": None if closed_at is None else MONDAY + closed_at}
    return {**made, "stage": "handling" if closed_at is None else "closed", **fields}


class Tables:
    """The tables as a reading of an archive shows them."""

    def __init__(self, **rows: Sequence[Mapping[str, Any]]) -> None:
        self.asked: list[str] = []
        self._connection = duckdb.connect(":memory:")
        for table, plan in PLANS.items():
            usual = _USUAL.get(table, {})
            made = [
                {"id": number_at(LATER), "key": f"{table}/{place}", **usual, **row}
                for place, row in enumerate(rows.get(table.value, ()))
            ]
            self._connection.register(table, pa.Table.from_pylist(made, plan.schema))
        days = cell_days.summed("SELECT * FROM visits", ZONE.key)
        self._connection.execute(f"CREATE VIEW {cell_days.NAME} AS {days}")

    def rows(self, sql: str, parameters: Any = ()) -> list[tuple[Any, ...]]:
        self.asked.append(sql)
        return self._connection.execute(sql, parameters or None).fetchall()

    def end(self, table: Table) -> int:
        return number_at(LATER)


def asking(tables: Tables, centre: str = "D", rules: Rules | None = None, district: District | None = None) -> Asking:
    """Ready to be asked."""
    district = district or small_district()
    made = Asking(tables, district, district.scope(centre), WEEK, rules or Rules())
    made.prepare()
    return made


def briefing(tables: Tables, centre: str = "D", rules: Rules | None = None, now: float = LATER) -> Briefing:
    """The week's briefing."""
    return make(tables, small_district(), centre, WEEK, rules or Rules(), now)  # type: ignore[arg-type]


def figure(section: Section, id_: str) -> Figure:
    return {each.id: each for each in section.figures}[id_]


def chart(section: Section, id_: str) -> Chart:
    return {each.id: each for each in section.charts}[id_]


def table(section: Section, id_: str) -> Shown:
    return {each.id: each for each in section.tables}[id_]
