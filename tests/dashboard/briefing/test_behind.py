"""Every number of a briefing of made-up data against the rows that it leads to."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from dashboard.archive.schema import number_at
from dashboard.briefing import behind, rows
from dashboard.briefing.asking import Asking
from dashboard.briefing.model import Briefing, Rows, Table, Unit
from dashboard.briefing.rows import Page
from dashboard.briefing.rules import Rules
from tests.dashboard.briefing.tables import DAY, MONDAY, Tables, asking, briefing, case
from tests.feeds.small_district import small_district

RULES = Rules(least=2, below_weeks=1, rise_least=2)
# Behind these are no rows: what others do or did before, what a test or weights make of several counts, the ground,
# and sums of what a feed counts between two samples.
WITHOUT = {
    "average", "worst", "mean", "change", "chance", "score", "known", "cells", "accepted", "refused", "refused_rate",
}  # fmt: skip
TRENDS = {"cases.trend", "cases.on_time_trend", "cases.handling_trend", "response.trend"}  # of weeks, not of this one
TIMES = {"closed": (8, 0), "legs_arrived": (7, 0), "alerts_answered": (6, 0)}  # from the row's first column to that one
EMPTY: set[str] = set()


@cache
def made_up() -> dict[str, list[dict[str, Any]]]:
    """A year of a small district in which everything happened."""
    rng = np.random.default_rng(135)
    places = [("A", "C0"), ("A", "C1"), ("A", "C2"), ("B", "C3"), ("B", "C4"), ("B", "C5")]

    def place() -> dict[str, str]:
        area, community = places[min(int(rng.exponential(2)), 5)]
        return {"sub_district": area, "community": community}

    def some(*values: Any) -> Any:
        return values[int(rng.integers(len(values)))]

    def since(at: float, most: float) -> float | None:
        return some(None, at + float(rng.uniform(1, most)))

    cases, incidents, legs, alerts = [], [], [], []
    for _ in range(900):
        at = float(some(rng.uniform(-360, 8), rng.uniform(-15, 7.5)) * DAY)
        closed_at, due_at = since(at, 9 * DAY), since(MONDAY + at, 4 * DAY)
        fields = {
            **place(),
            "item": some("I1", "I2", "I3", ""),
            "department": some("", "X", "Y'; --"),
            "due_at": due_at,
        }
        fields |= {"cell": some("", "C0001", "C1002", "C3003")}
        fields |= {"returned_at": since(MONDAY + at, 3 * DAY), "reworked_at": since(MONDAY + at, 9 * DAY)}
        cases.append(case(at, closed_at, **fields))
    for number in range(150):
        at = MONDAY + float(rng.uniform(-20, 8)) * DAY
        fields = {"kind": some("fire", "road-traffic"), "drill": number % 9 == 0, "acknowledged_at": since(at, 99)}
        incidents.append({"key": f"i{number}", "reported_at": at, "zero_at": at, **place(), **fields})
        for tier in ("volunteer", "auxiliary", "police"):
            state, there = some("met", "met", "late", "unknown", "running", "overdue"), since(at, 400)
            legs.append({"key": f"i{number}", "tier": tier, "state": state, "arrived_at": there})
        stage, kind = some("new", "confirmed", "false", "expired", "claimed"), some("smoke", "crowd")
        alerts.append({"first_at": at, "stage": stage, "kind": kind, "claimed_at": since(at, 200), **place()})
    raises = [{"at": MONDAY + float(at), "level": some(1, 2, 3, 4), **place()} for at in rng.uniform(-9, 8, 90) * DAY]
    feeds = [
        {"id": number_at(MONDAY + 60 * at), "name": f"f{at % 3}", "title": some("", "一"), "condition": condition}
        for at, condition in enumerate(rng.choice(["good", "silent", "lost", "off"], 90).tolist())
    ]
    visits = []
    for at in rng.uniform(0, 8, 90) * DAY:
        seen = place()
        visits.append({"at": MONDAY + float(at), **seen, "cell": f"{seen['community']}{some('001', '002')}"})
    alarms = [
        {"raised_at": at, "cleared_at": since(at, 3 * DAY), "level": some(1, 2), "chattering": some(True, False),
         "approved": some(True, False), "shelved_until": some(None, at + DAY), **place()}
        for at in (MONDAY + rng.uniform(-3, 7, 60) * DAY).tolist()
    ]  # fmt: skip
    return {
        "alarms": alarms,
        "cases": cases, "incidents": incidents, "legs": legs, "alerts": alerts, "raises": raises, "feeds": feeds,
        "visits": visits,
    }  # fmt: skip


@cache
def week_of(centre: str) -> tuple[Briefing, Asking]:
    tables = Tables(**made_up())
    return briefing(tables, centre, RULES), asking(tables, centre, RULES)


def page(asked: Asking, wanted: Rows, query: str = "") -> Page:
    return rows.page(asked, query or wanted.query, wanted.arguments, 10_000, 0)


def tables_of(made: Briefing) -> list[Table]:
    return [table for section in made.sections for table in section.tables]


def linked(made: Briefing) -> Iterator[tuple[Table, int, int, Rows]]:
    """Every cell that leads to rows."""
    for table in tables_of(made):
        for row in range(len(table.cells)):
            for column in range(len(table.columns)):
                if (wanted := behind.cell(table, row, column)) is not None:
                    yield table, row, column, wanted


def reckoned(column: str, total: Callable[[str], int], cells: Any) -> float:
    """A rate or a score, from how many rows are behind its parts."""
    parts = {
        "on_time": ("in_time", "limited"), "attainment": ("legs_met", "legs"), "uptime": ("feeds_well", "feeds"),
        "precision": ("alerts_confirmed", "alerts_judged"), "returned_rate": ("returned", "found"),
        "part.on_time": ("in_time", "limited"), "part.response": ("legs_met", "legs"),
        "part.returned": ("returned", "found"), "part.rework": ("reworked", "found"),
    }  # fmt: skip
    if column in ("coverage", "part.patrol"):
        return total("cell_days") / (cells * 7)
    part, whole = parts[column]
    rate = total(part) / total(whole)
    return max(0.0, 1 - rate / 0.25) if column in ("part.returned", "part.rework") else rate


@pytest.mark.parametrize("centre", ["D", "A", "C3"])
def test_behind_every_cell_of_every_table_are_the_rows_that_were_counted(centre: str) -> None:
    made, asked = week_of(centre)
    checked: set[str] = set()
    for table, row, column, wanted in linked(made):
        shown, value, found = table.columns[column], table.cells[row][column], page(asked, wanted)
        where, scale = (table.id, row, shown.id, wanted), 100 if shown.unit is Unit.SCORE else 1
        if shown.unit is Unit.COUNT:
            assert found.total == value, where
        elif shown.id in ("p50", "p90"):
            until, since = TIMES[wanted.query]
            took = [each[until] - each[since] for each in found.rows]
            assert value == pytest.approx(np.quantile(took, int(shown.id[1:]) / 100)), where
        elif shown.id not in ("silent", "part.handling"):
            ground = 10 * len(communities_of(wanted) & set(small_district().communities_of(asked.scope)))
            here = lambda query, wanted=wanted: page(asked, wanted, query).total  # noqa: E731
            assert value == pytest.approx(scale * reckoned(shown.id, here, ground)), where
        else:
            assert found.total, where
        checked.add(f"{table.id} {shown.id}")
    every = {f"{table.id} {column.id}" for table in tables_of(made) for column in table.columns if column.rows}
    assert centre != "D" or every - checked == EMPTY


def communities_of(wanted: Rows) -> set[str]:
    codes = {"A": {"C0", "C1", "C2"}, "B": {"C3", "C4", "C5"}}.get(wanted.arguments.get("sub_district", ""))
    return codes or {wanted.arguments.get("community", "")}


def test_every_number_of_every_table_leads_to_its_rows_or_cannot() -> None:
    without = {
        column.id
        for table in tables_of(week_of("D")[0])
        for column in table.columns
        if column.unit is not Unit.TEXT and not column.rows
    }
    assert without - {"part.patrol", "part.response"} == WITHOUT


def no_week(wanted: Rows) -> dict[str, str]:
    """The filters of a figure: the week is asked for anyway."""
    return {name: value for name, value in wanted.arguments.items() if name != "week"}


PARTS = ("numerator", "denominator", "unknown")
# Behind these are no rows: ten minutes, days of officers at a console, days of the ground, cases that closed beyond
# those that came; of reports each incident says when it was due; of the ten busiest sources.
PARTS_WITHOUT = {
    "alarms.floods numerator", "alarms.floods denominator", "alerts.floods numerator", "alerts.floods denominator",
    "alarms.per_operator denominator", "patrol.coverage denominator", "cases.clear_by denominator",
    "response.first_reports numerator", "response.first_reports denominator", "response.first_reports unknown",
    "alarms.top_ten numerator",
}  # fmt: skip


@pytest.mark.parametrize("centre", ["D", "A", "C3"])
def test_behind_every_part_of_every_figure_are_the_rows_that_were_counted(centre: str) -> None:
    made, asked = week_of(centre)
    without = set()
    for shown in (each for section in made.sections for each in section.figures):
        assert shown.rows is not None, shown.id
        shown = replace(shown, rows=Rows(shown.rows.query, no_week(shown.rows)))
        if shown.unit is Unit.COUNT and shown.id not in ("cases.net", "alarms.worst"):
            assert page(asked, shown.rows).total == (shown.value or 0), shown.id
        for name in PARTS:
            value = getattr(shown, name)
            if (wanted := behind.part(shown, name)) is not None:
                assert page(asked, wanted).total == value, (shown.id, name)
            elif value:
                without.add(f"{shown.id} {name}")
    assert without <= PARTS_WITHOUT
    assert centre != "D" or len(without) >= 5


def test_every_filter_that_is_named_is_one_of_the_query() -> None:
    made = week_of("D")[0]
    for table in tables_of(made):
        keys = {*table.keys, *(column.key for column in table.columns if column.key)}
        for column in table.columns:
            assert not column.rows or keys <= set(rows.QUERIES[column.rows].filters), (table.id, column.id)


@pytest.mark.parametrize("centre", ["D", "A", "C3"])
def test_behind_every_value_of_every_chart_are_the_rows_that_were_counted(centre: str) -> None:
    made, asked = week_of(centre)
    charts = [chart for section in made.sections for chart in section.charts]
    assert {chart.id for chart in charts if not chart.rows} == TRENDS
    for chart in charts:
        followed = 0
        for row, series in enumerate(chart.series):
            for place, value in enumerate(series.values):
                if (wanted := behind.value(chart, row, place)) is not None:
                    assert page(asked, wanted).total == value, (chart.id, wanted)
                    followed += 1
        assert followed == (0 if chart.id in TRENDS else sum(bool(v) for each in chart.series for v in each.values))


def test_behind_nothing_are_no_rows() -> None:
    made = week_of("D")[0]
    (table,) = (each for each in tables_of(made) if each.id == "cases.by_department")
    nothing = Table(id=table.id, columns=table.columns, cells=(("X", 0, None, 0.0, None, 0, 0, 0, 0),))
    assert [behind.cell(nothing, 0, column) is None for column in range(9)] == [True] * 3 + [False] + [True] * 5


def test_a_frozen_one_of_before_leads_nowhere() -> None:
    (table,) = (each for each in tables_of(week_of("D")[0]) if each.id == "cases.by_department")
    before = Table(
        id=table.id,
        columns=tuple(type(each)(each.id, each.unit, each.names) for each in table.columns),
        cells=table.cells,
    )
    assert {behind.cell(before, 0, column) for column in range(9)} == {None}
