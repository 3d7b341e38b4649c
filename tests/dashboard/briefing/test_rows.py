import re
from typing import Any

import pytest

from dashboard.briefing import rows
from dashboard.briefing.model import Briefing, Figure, Unit
from tests.dashboard.briefing.tables import DAY, HOUR, LATER, MONDAY, Tables, asking, briefing, case

CASES = [
    case(0),
    case(HOUR, 2 * HOUR, due_at=MONDAY),
    case(-DAY, HOUR, due_at=LATER),
    case(-DAY, due_at=MONDAY, returned_at=MONDAY + DAY),
    case(DAY, reworked_at=MONDAY + 2 * DAY),
    case(0, HOUR, stage="declined"),
    case(9 * DAY),
]
INCIDENTS = [
    {"key": f"i{number}", "reported_at": MONDAY, "zero_at": MONDAY, "drill": number == 3, "late_record": number == 2}
    for number in range(4)
]
LEGS = [
    {"key": f"i{number}", "state": state, "tier": tier}
    for number, state in enumerate(("met", "unknown", "running", "met"))
    for tier in ("volunteer", "police")
]
TABLES = {
    "cases": CASES,
    "incidents": INCIDENTS,
    "legs": LEGS,
    "alerts": [{"first_at": MONDAY}, {"first_at": MONDAY + DAY, "stage": "false"}, {"first_at": LATER}],
    "raises": [{"at": MONDAY}, {"at": MONDAY + DAY}],
    "visits": [{"at": MONDAY}],
}


def figures(made: Briefing) -> list[Figure]:
    return [figure for section in made.sections for figure in section.figures if figure.rows]


def total(figure: Figure) -> int:
    assert figure.rows
    filters = {name: text for name, text in figure.rows.arguments.items() if name != "week"}
    return rows.page(asking(Tables(**TABLES)), figure.rows.query, filters, 5, 0).total


def test_behind_a_count_are_as_many_rows() -> None:
    made = briefing(Tables(**TABLES))
    counts = [
        figure
        for figure in figures(made)
        if figure.unit is Unit.COUNT and figure.id not in ("cases.net", "alarms.worst")
    ]
    assert len(counts) > 6
    assert {figure.id: total(figure) for figure in counts} == {figure.id: figure.value for figure in counts}


def test_behind_a_rate_are_the_rows_of_its_part_or_of_its_whole() -> None:
    made = {figure.id: figure for figure in figures(briefing(Tables(**TABLES)))}
    for name in ("cases.returned", "cases.reworked", "cases.overdue"):
        assert total(made[name]) == made[name].numerator == 1
    for name in ("response.volunteer", "response.police"):
        assert total(made[name]) == made[name].denominator == 2
    late = made["cases.on_time"]
    assert total(late) == (late.denominator or 0) - (late.numerator or 0) == 1


def test_rows_come_by_pages_oldest_first() -> None:
    asked = asking(Tables(cases=[case(3), case(1), case(2)]))
    pages = [rows.page(asked, "found", {}, 2, offset) for offset in (0, 2)]
    assert [[row[0] - MONDAY for row in page.rows] for page in pages] == [[1, 2], [3]]
    assert pages[0].total == 3 and pages[0].columns[0] == "reported_at"


def test_rows_are_those_of_the_centre_only() -> None:
    asked = asking(Tables(cases=[case(3), case(1, community="C5", sub_district="B")]), "B")
    assert rows.page(asked, "found", {}, 9, 0).total == 1


def test_there_is_nothing_behind_an_unknown_name() -> None:
    with pytest.raises(KeyError):
        rows.page(asking(Tables()), "cases; DROP TABLE cases", {}, 9, 0)


def found(*cases: dict[str, Any], centre: str = "D", **filters: str) -> int:
    return rows.page(asking(Tables(cases=cases), centre), "found", filters, 9, 0).total


def test_filters_narrow_the_rows_together() -> None:
    cases = [case(0, item=item, department=department) for item in ("I1", "I2") for department in ("X", "Y", "")]
    assert (found(*cases), found(*cases, item="I1"), found(*cases, item="I1", department="X")) == (6, 3, 1)
    assert found(*cases, department="") == 2  # of nobody, which is not of all


def test_hours_and_weekdays_are_local() -> None:
    cases = [case(DAY + 23.5 * HOUR), case(DAY + 24 * HOUR), case(0)]
    assert (found(*cases, weekday="1", hour="23"), found(*cases, weekday="2", hour="0"), found(*cases, hour="0")) == (
        1,
        1,
        2,
    )


def test_a_filter_never_widens_what_the_centre_sees() -> None:
    elsewhere = case(0, community="C5", sub_district="B")
    assert (found(elsewhere, sub_district="B"), found(elsewhere, centre="A", sub_district="B")) == (1, 0)


def test_what_is_looked_for_is_never_sql() -> None:
    hostile = "X' OR '1'='1"
    assert (found(case(0), department=hostile), found(case(0, department=hostile), department=hostile)) == (0, 1)


@pytest.mark.parametrize(
    ("query", "name", "text"),
    [
        ("found", "colour", "red"),
        ("found", "item = '' OR 1", "1"),
        ("found", "tier", "police"),
        ("legs", "tier", "army"),
        ("found", "hour", "24"),
        ("found", "hour", "-1"),
        ("found", "weekday", "７"),
        ("raises", "level", "5"),
        ("found", "item", "x" * 201),
        ("visits", "cell", "C0001"),
    ],
)
def test_a_filter_that_a_query_does_not_have_is_refused(query: str, name: str, text: str) -> None:
    with pytest.raises(rows.UnknownFilter, match=re.escape(name)):
        rows.page(asking(Tables()), query, {name: text}, 9, 0)


@pytest.mark.parametrize("query", sorted(rows.QUERIES))
def test_every_query_can_be_asked_with_each_of_its_filters(query: str) -> None:
    asked = asking(Tables(**TABLES))
    for name in rows.QUERIES[query].filters:
        text = {"tier": "police"}.get(name, "1")
        assert rows.page(asked, query, {name: text}, 9, 0).total <= rows.page(asked, query, {}, 9, 0).total
