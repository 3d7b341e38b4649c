"""A small district and builders of cases and steps for the tests of the backlog.

Every story begins at T0, Monday 2026-03-09 10:00 in Shenzhen; times are given in hours after it.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from dashboard.backlog import Backlog
from dashboard.district import Centre, CentreKind, Item
from dashboard.records import Case, CaseStep, Order, Stage, Verb

ZONE = ZoneInfo("Asia/Shanghai")
T0 = datetime(2026, 3, 9, 2, tzinfo=UTC)
HOLIDAYS = {
    date(2026, 9, 20): "workday",
    **{date(2026, 10, day): "holiday" for day in range(1, 8)},
    date(2026, 10, 10): "workday",
}


def centre(code: str, kind: CentreKind, parent: str) -> Centre:
    return Centre(code, code, "", kind, parent, 0.0, 0.0)


class SmallDistrict:
    """Two sub-districts with two communities each, one cell and one degree of longitude a community."""

    def __init__(self) -> None:
        self.timezone = ZONE
        self.holidays: Mapping[date, str] = HOLIDAYS
        self.holiday_years = frozenset({2026})
        self.sub_districts = [centre(code, CentreKind.SUB_DISTRICT, "D") for code in ("S0", "S1")]
        self.communities = [centre(f"C{n}", CentreKind.COMMUNITY, f"S{n // 2}") for n in range(4)]
        self.departments = [centre(code, CentreKind.DEPARTMENT, "D") for code in ("water", "roads")]
        self.sub_district_of = np.array([0, 0, 1, 1], np.int16)
        self.cell_community = np.arange(4, dtype=np.int16)
        self.community_index = {f"C{n}": n for n in range(4)}
        self.department_index = {"water": 0, "roads": 1}
        self.items = {
            "manhole": Item("manhole", "井盖缺失", "Missing cover", "roads", 4, "urgent_hour"),
            "puddle": Item("puddle", "路面积水", "Water on the road", "water", 4, "work_hour"),
            "green": Item("green", "绿地养护", "Green space", "roads", 5, "work_day"),
            "idea": Item("idea", "建议", "Proposal", "", None, "natural_day"),
        }

    def locate(self, lat, lon):
        cells = np.floor(np.atleast_1d(np.asarray(lon, float))).astype(np.int32)
        return np.where((cells >= 0) & (cells < 4), cells, -1).astype(np.int32)


def at(hours: float) -> datetime:
    return T0 + timedelta(hours=hours)


def s(hours: float) -> float:
    """The same in epoch seconds."""
    return at(hours).timestamp()


def case(number: int = 1, reported: float = 0.0, **changes) -> Case:
    facts = {"source": "hotline", "id": str(number), "item": "manhole", "reported_at": at(reported)}
    return Case(**(facts | changes))


def step(hours: float, stage: Stage, number: int = 1, **changes) -> CaseStep:
    facts = {"source": "hotline", "id": f"{number}-{stage}-{hours}", "case": str(number), "at": at(hours)}
    return CaseStep(**(facts | {"stage": stage} | changes))


def order(hours: float, verb: Verb, number: int = 1, **changes) -> Order:
    """What an officer ordered about a case."""
    facts = {"source": "desk", "id": f"{number}-{verb}-{hours}", "target": f"hotline/{number}", "by": "值班员"}
    return Order(**(facts | {"verb": verb, "at": at(hours)} | changes))


def told(*records: Case | CaseStep | Order) -> Backlog:
    """A backlog that heard these records in this order."""
    backlog = Backlog(SmallDistrict())
    for record in records:
        backlog.apply(record, s(30))
    return backlog


def row(backlog: Backlog, number: int = 1):
    return backlog.get(f"hotline/{number}")
