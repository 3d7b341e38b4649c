import re

from msgspec.structs import replace

from dashboard.briefing.model import Column, Figure, PartRows, Rows, Table, Unit
from layouts import briefing_parts as parts
from layouts.words import Lang
from tests.briefings import example
from tests.layouts.scenes import view

CASES = example().sections[0]


def nowhere(_: Rows | None) -> str:
    return ""


def somewhere(rows: Rows | None) -> str:
    return f"/rows/{rows.query}" if rows else ""


def table(**fields: object) -> Table:
    columns = (Column("area", Unit.TEXT), Column("found", Unit.COUNT))
    cells = tuple((f"row {number}", float(number)) for number in range(5))
    return Table(**{"id": "cases.by_sub_district", "columns": columns, "cells": cells, **fields})  # type: ignore[arg-type]


def test_a_part_of_a_table_can_be_shown() -> None:
    html = parts.table(view(), table(), first=1, most=2)
    assert re.findall(r"<td>(row \d)</td>", html) == ["row 1", "row 2"]


def test_a_table_without_rows_says_so() -> None:
    html = parts.table(view(Lang.EN), table(cells=()))
    assert "No data" in html and "<table" not in html


def test_a_marked_row_says_in_words_why() -> None:
    html = parts.table(view(Lang.EN), table(marks=("", "rise", "", "", "")))
    assert re.findall(r'<tr class="is-(\w+)">', html) == ["rise"] and ">risen<" in html


def test_a_worse_figure_is_marked_as_that() -> None:
    on_time = next(each for each in CASES.figures if each.id == "cases.on_time")
    assert 'class="change worse"' in parts.figure(view(), on_time, nowhere)


def test_without_rows_behind_it_there_is_no_way_to_them() -> None:
    net = next(each for each in CASES.figures if each.id == "cases.net")
    net = replace(net, rows=Rows("x"))
    assert "<a" not in parts.figure(view(), net, nowhere) and 'href="/rows/x"' in parts.figure(view(), net, somewhere)


def test_the_parts_of_a_rate_lead_to_their_own_rows() -> None:
    rate = Figure(
        id="cases.on_time",
        unit=Unit.SHARE,
        value=0.75,
        numerator=3,
        denominator=4,
        unknown=0,
        rows=Rows("late"),
        parts=PartRows("in_time", "limited", "unlimited"),
    )
    html = parts.figure(view(Lang.EN), rate, somewhere)
    assert re.findall(r'<a href="/rows/(\w+)" aria-label="(\w+) (\d)">', html) == [
        ("in_time", "Numerator", "3"),
        ("limited", "Denominator", "4"),
    ]
    assert 'href="/rows/late"' in html


def test_a_card_cannot_be_opened() -> None:
    html = parts.card(view(), CASES.figures[0])
    assert "<details" not in html and "27,932" in html


def counted() -> Table:
    columns = (Column("area", Unit.TEXT, key="department"), Column("found", Unit.COUNT, rows="found"))
    return table(columns=columns, cells=(("A & B", 5.0), ("C", 0.0)))


def to(rows: Rows | None) -> str:
    return "" if rows is None else f"/rows?{rows.query}&{rows.arguments}"


def test_a_count_leads_to_its_rows_and_says_which() -> None:
    html = parts.table(view(Lang.EN), counted(), way=to)
    (link,) = re.findall(r"<a ([^>]*)>5</a>", html)
    assert "department" in link and 'aria-label="A &amp; B · Found: 5"' in link
    assert html.count("<a ") == 1  # nothing is behind a zero


def test_on_slides_and_on_paper_a_count_is_text() -> None:
    assert "<a " not in parts.table(view(), counted())


def test_the_cells_of_a_heat_map_lead_to_their_rows() -> None:
    heat = next(each for each in example().sections[1].charts if each.id == "kinds.hours")
    linked = parts.chart(view(Lang.EN), replace(heat, rows="found", label_key="hour", series_key="weekday"), to)
    full = sum(bool(value) for series in heat.series for value in series.values)
    assert linked.count("<a ") == full and "Mon · 10: 420" in linked
    assert "<a " not in parts.chart(view(Lang.EN), heat, to)
