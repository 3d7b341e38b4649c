import io
from datetime import datetime
from typing import Any

import openpyxl
import pytest
from msgspec.structs import replace

from dashboard.briefing.model import Briefing, ChartKind, Unit
from layouts import briefing_xlsx
from layouts.briefing_words import label, title
from layouts.words import Lang
from tests.briefings import example, frozen
from tests.layouts import scenes


def book(lang: Lang = Lang.ZH, briefing: Briefing | None = None) -> Any:
    return openpyxl.load_workbook(io.BytesIO(briefing_xlsx.build(briefing or example(), scenes.view(lang), "MARK")))


def rows_of(sheet: Any) -> dict[Any, Any]:
    return {row[0].value: row for row in sheet.iter_rows()}


@pytest.mark.parametrize("lang", list(Lang))
def test_every_figure_is_a_number_with_its_parts_and_its_weeks(lang: Lang) -> None:
    made, briefing = book(lang), example()
    for section, sheet in zip(briefing.sections, made.worksheets, strict=False):
        rows = rows_of(sheet)
        for figure in section.figures:
            row = [cell.value for cell in rows[title(figure.id, lang)]]
            assert row[2:5] == [figure.numerator, figure.denominator, figure.unknown]
            if figure.unit in (Unit.COUNT, Unit.SHARE, Unit.SCORE, Unit.MEAN):
                assert row[1] == (None if figure.value is None else pytest.approx(figure.value))
            if figure.unit is Unit.SECONDS and figure.value is not None:
                cell = rows[title(figure.id, lang)][1]  # openpyxl reads a duration back as one
                assert cell.value.total_seconds() == pytest.approx(figure.value) and cell.number_format == "[h]:mm:ss"
            if figure.previous and figure.unit is Unit.COUNT:
                weeks = max(len(each.previous) for each in section.figures)
                assert row[6 : 6 + weeks][-len(figure.previous) :] == list(figure.previous)


def test_the_weeks_before_are_named_and_the_head_stays_in_sight() -> None:
    sheet = book().worksheets[0]
    head = next(row for row in sheet.iter_rows() if row[0].value == label("figure", Lang.ZH))
    assert [cell.value for cell in head][-2:] == ["2026-11-02", "2026-11-09"]
    assert sheet.freeze_panes == f"B{head[0].row + 1}"


@pytest.mark.parametrize("lang", list(Lang))
def test_every_row_of_every_table_is_there(lang: Lang) -> None:
    made = book(lang)
    for section, sheet in zip(example().sections, made.worksheets, strict=False):
        written = sum(1 for row in sheet.iter_rows() if row[0].value is not None)
        assert written >= sum(len(table.cells) for table in section.tables)


def test_lines_and_bars_are_excels_own_charts_of_those_numbers() -> None:
    made, briefing = book(), example()
    for section, sheet in zip(briefing.sections, made.worksheets, strict=False):
        plain = [each for each in section.charts if each.kind not in (ChartKind.HEAT, ChartKind.MAP)]
        assert len(sheet._charts) == len(plain)
    sheet = made.worksheets[0]
    (reference,) = {sheet._charts[0].series[0].val.numRef.f}
    cells = sheet[reference.rpartition("!")[2].replace("$", "")]
    assert [row[0].value for row in cells] == list(briefing.sections[0].charts[0].series[0].values)


def test_charts_lie_over_no_numbers() -> None:
    for sheet in book().worksheets:
        for chart in sheet._charts:
            at = chart.anchor._from
            below = [
                sheet.cell(row, column).value
                for row in range(at.row + 1, at.row + 16)
                for column in range(at.col + 1, at.col + 12)
            ]
            assert not any(value is not None for value in below)


def test_codes_are_written_as_people_call_them() -> None:
    sheet = book(Lang.EN).worksheets[1]
    heads = [cell.value for row in sheet.iter_rows() for cell in row]
    view = scenes.view(Lang.EN)
    item = example().sections[1].charts[0].series[0].id
    assert view.item(item) in heads and item not in heads


def test_stamp_settings_and_questions_are_there() -> None:
    briefing = frozen()
    rows = rows_of(book(Lang.EN, briefing)["Data stamp"])
    assert rows["Digest"][1].value == briefing.digest
    assert rows["cases"][1].value == briefing.stamp.rows["cases"]
    assert rows["cases"][2].value == str(briefing.stamp.last_ids["cases"])
    assert rows["compare_weeks"][1].value == briefing.settings["compare_weeks"]
    assert rows["found_by_week"][1].value == briefing.queries["found_by_week"]
    assert isinstance(rows["Data stamp"][1].value, datetime)


def test_what_others_wrote_is_no_formula() -> None:
    feeds = next(section for section in example().sections if section.id == "feeds")
    (table,) = feeds.tables
    hostile = replace(table, cells=(('=HYPERLINK("http://x")', 1.0, 2.0, 3.0),))
    made = book(briefing=example(sections=(replace(feeds, tables=(hostile,)),)))
    (cell,) = [cell for row in made.worksheets[0].iter_rows() for cell in row if "HYPERLINK" in str(cell.value)]
    assert cell.data_type == "s" and cell.value.startswith("'=")


def test_what_is_not_known_is_an_empty_cell() -> None:
    unknown = [figure for figure in example().sections[0].figures if figure.value is None]
    rows = rows_of(book().worksheets[0])
    assert unknown and all(rows[title(figure.id, Lang.ZH)][1].value is None for figure in unknown)


def test_every_sheet_says_who_took_it_in_its_first_row_and_on_paper() -> None:
    for sheet in book().worksheets:
        assert sheet.cell(1, 1).value == "MARK" and sheet.oddFooter.center.text == "MARK"
