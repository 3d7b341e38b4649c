import io

import openpyxl
import pytest

from layouts import briefing_xlsx
from layouts.words import Lang
from tests.briefings import example
from tests.layouts import scenes


@pytest.mark.parametrize("lang", list(Lang))
def test_numbers_are_numbers_with_their_parts(lang: Lang) -> None:
    book = openpyxl.load_workbook(io.BytesIO(briefing_xlsx.build(example(), scenes.view(lang), "MARK")))
    briefing = example()
    assert len(book.sheetnames) == len(briefing.sections) + 1
    sheet = book.worksheets[0]
    rows = {row[0].value: row for row in sheet.iter_rows()}
    figures = briefing.sections[0].figures
    assert all(sheet.cell(1, 1).value == "MARK" for sheet in book.worksheets)
    on_time = next(figure for figure in figures if figure.id == "cases.on_time")
    name = "按期结案率" if lang is Lang.ZH else "On-time closure rate"
    row = rows[name]
    assert row[1].value == pytest.approx(on_time.value) and row[1].number_format == "0.0%"
    assert (row[2].value, row[3].value) == (on_time.numerator, on_time.denominator)


def test_what_is_not_known_is_an_empty_cell() -> None:
    book = openpyxl.load_workbook(io.BytesIO(briefing_xlsx.build(example(), scenes.view(), "MARK")))
    unknown = [figure for section in example().sections for figure in section.figures if figure.value is None]
    empty = sum(
        row[1].value is None and row[0].value is not None for sheet in book for row in sheet.iter_rows(max_col=2)
    )
    assert unknown and empty >= len(unknown)
