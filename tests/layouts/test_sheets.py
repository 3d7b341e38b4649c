import csv
import io

import pytest
from openpyxl import load_workbook

from layouts import sheets

MARK = "内部资料 | 值班员 甲 & 乙"
ROWS = [["sim/1", '=HYPERLINK("http://evil")', "a\x00b", "12"], ["sim/2", "暴露垃圾", "", "-1"]]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1"])
def test_what_a_spreadsheet_would_reckon_becomes_text(text: str) -> None:
    assert sheets.harmless(text).startswith("'")


@pytest.mark.parametrize("text", ["", "暴露垃圾", "sim/C1", "12", "a=b", "3 天"])
def test_plain_text_stays(text: str) -> None:
    assert sheets.harmless(text) == text


def test_a_csv_begins_with_its_mark_and_opens_in_excel() -> None:
    body = sheets.build("csv", MARK, ["a", "b", "c", "d"], ROWS)
    assert body.startswith(b"\xef\xbb\xbf")
    found = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    assert found[0] == [MARK]
    assert found[1] == ["a", "b", "c", "d"]
    assert found[2] == ["sim/1", '\'=HYPERLINK("http://evil")', "a b", "12"]
    assert found[3] == ["sim/2", "暴露垃圾", "", "'-1"]


def test_a_workbook_holds_the_same_as_text_and_its_mark_on_every_page() -> None:
    sheet = load_workbook(io.BytesIO(sheets.build("xlsx", MARK, ["a", "b", "c", "d"], ROWS))).active
    found = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert found[0][0] == MARK
    assert found[2] == ["sim/1", '\'=HYPERLINK("http://evil")', "a b", "12"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}
    assert "内部资料" in sheet.oddHeader.center.text and "内部资料" in sheet.oddFooter.center.text
