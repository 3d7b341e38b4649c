import re

from dashboard.briefing.model import Column, Table, Unit
from layouts import briefing_parts as parts
from layouts.words import Lang
from tests.briefings import example
from tests.layouts.scenes import view

CASES = example().sections[0]


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
    assert 'class="change worse"' in parts.figure(view(), on_time)


def test_without_rows_behind_it_there_is_no_way_to_them() -> None:
    net = next(each for each in CASES.figures if each.id == "cases.net")
    assert "<a" not in parts.figure(view(), net) and "<a" in parts.figure(view(), net, "/briefing/rows?query=x")


def test_a_card_cannot_be_opened() -> None:
    html = parts.card(view(), CASES.figures[0])
    assert "<details" not in html and "27,932" in html
