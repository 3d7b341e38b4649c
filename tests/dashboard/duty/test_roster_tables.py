import io
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from openpyxl import Workbook

from dashboard.district import District
from dashboard.duty import roster_tables
from dashboard.duty.roster_tables import RosterRead
from tests.feeds.small_district import small_district

HEADER = ["单位", "日期", "班次", "开始", "结束", "带班领导", "值班长", "值班员"]
DAY = ["D", "2026-11-20", "白班", "08:30", "20:30", "何副区长", "蔡主任", "张三、李四"]
NIGHT = ["D", "2026-11-20", "夜班", "20:30", "08:30", "林副区长", "邓主任", ""]


@pytest.fixture(scope="module")
def district() -> District:
    return small_district()


def workbook(*rows: list[Any]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def text(*rows: list[Any]) -> str:
    return "".join(",".join(f'"{cell}"' for cell in row) + "\r\n" for row in rows)


def read(district: District, *rows: list[Any]) -> RosterRead:
    return roster_tables.read("排班.xlsx", workbook(HEADER, *rows), district)


def times(found: RosterRead) -> list[tuple[str, str]]:
    return [(f"{each.starts:%m-%d %H:%M%z}", f"{each.ends:%m-%d %H:%M%z}") for each in found.shifts]


def complaints(found: RosterRead) -> list[str]:
    return [str(fault) for fault in found.faults]


def test_a_real_workbook_becomes_shifts_in_the_districts_zone(district: District) -> None:
    found = read(district, DAY, NIGHT)
    assert found.faults == []
    assert times(found) == [("11-20 08:30+0800", "11-20 20:30+0800"), ("11-20 20:30+0800", "11-21 08:30+0800")]
    day = found.shifts[0]
    assert (day.centre, day.leader, day.chief, day.officers, day.name) == (
        "D",
        "何副区长",
        "蔡主任",
        ("张三", "李四"),
        "白班",
    )


@pytest.mark.parametrize(
    ("day", "starts", "ends"),
    [
        (date(2026, 11, 20), time(8, 30), time(20, 30)),
        (datetime(2026, 11, 20), datetime(2026, 11, 20, 8, 30), datetime(2026, 11, 20, 20, 30)),
        ("2026/11/20", "8:30", "20:30"),
        ("2026年11月20日", "8时30分", "20时30分"),
        ("2026.11.20", "08：30", "20：30:00"),
        ("20261120", 8.5 / 24, 20.5 / 24),
        (20261120, "08:30", "20:30"),
        (46346, timedelta(hours=8.5), timedelta(hours=20.5)),
        (None, "2026-11-20 08:30", "2026-11-20T20:30"),
        ("", datetime(2026, 11, 20, 8, 30), "20:30"),
    ],
)
def test_dates_and_times_may_be_what_spreadsheets_make_of_them(
    district: District, day: Any, starts: Any, ends: Any
) -> None:
    found = read(district, ["D", day, "", starts, ends, "甲", "乙", ""])
    assert complaints(found) == []
    assert times(found) == [("11-20 08:30+0800", "11-20 20:30+0800")]


@pytest.mark.parametrize(
    ("starts", "ends", "until"),
    [
        ("20:30", "08:30", "11-21 08:30"),
        ("08:30", "08:30", "11-21 08:30"),
        ("20:30", "24:00", "11-21 00:00"),
        ("00:00", time(0), "11-21 00:00"),
        ("08:30", "次日 10:00", "11-21 10:00"),
        ("20时", "次日8点", "11-21 08:00"),
    ],
)
def test_a_shift_may_end_the_next_day(district: District, starts: Any, ends: Any, until: str) -> None:
    found = read(district, ["D", "2026-11-20", "", starts, ends, "甲", "乙", ""])
    assert complaints(found) == []
    assert times(found)[0][1] == f"{until}+0800"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_is_read_as_it_comes_from_a_spreadsheet(district: District, encoding: str) -> None:
    data = text(HEADER, DAY, NIGHT).encode(encoding)
    found = roster_tables.read("排班.csv", data, district)
    assert [shift.leader for shift in found.shifts] == ["何副区长", "林副区长"]


def test_an_english_header_below_a_title_does_as_well(district: District) -> None:
    rows = [
        ["Roster of November"],
        [],
        ["Centre", "Date", "From", "To", "Leader", "Chief", "Remark"],
        ["A", "2026-11-20", "08:30", "20:30", "He", "Cai", "x"],
    ]
    found = roster_tables.read("roster.xlsx", workbook(*rows), district)
    assert [(shift.centre, shift.leader, shift.officers) for shift in found.shifts] == [("A", "He", ())]


def test_centres_go_by_code_or_name_and_codes_may_be_numbers(district: District) -> None:
    assert read(district, ["甲街道", *DAY[1:]]).shifts[0].centre == "A"
    assert read(district, ["C0社区", *DAY[1:]]).shifts[0].centre == "C0"
    assert complaints(read(district, [440306.0, *DAY[1:]])) == [
        "排班.xlsx, row 2, 单位: '440306' is no centre of this district, by code or name"
    ]


@pytest.mark.parametrize(
    ("place", "cell", "complaint"),
    [
        (0, "", "row 2, 单位: is empty"),
        (1, "20/11/2026", "row 2, 日期: '20/11/2026' is no date like 2026-11-20"),
        (1, "2026-02-30", "row 2, 日期: '2026-02-30' is no date like 2026-11-20"),
        (1, "", "row 2, 日期: is empty, and the times name no day"),
        (3, "25:00", "row 2, 开始: '25:00' is no time of day like 08:30"),
        (3, "早上", "row 2, 开始: '早上' is no time of day like 08:30"),
        (4, "", "row 2, 结束: is empty"),
        (4, "2026-11-20 08:00", "row 2, 结束: ends before it starts"),
        (5, "", "row 2, 带班领导: is empty: a shift has two leaders, leader and chief"),
        (6, "何副区长", "row 2, 值班长: '何副区长' is the leader too: a shift has two leaders"),
        (6, "长" * 81, "row 2, 值班长: is longer than 80 characters"),
    ],
)
def test_every_mistake_is_named_by_row_and_column(district: District, place: int, cell: Any, complaint: str) -> None:
    found = read(district, [*DAY[:place], cell, *DAY[place + 1 :]], NIGHT)
    assert complaints(found) == [f"排班.xlsx, {complaint}"]
    assert [shift.leader for shift in found.shifts] == ["林副区长"]


def test_shifts_that_overlap_are_named_and_left_out(district: District) -> None:
    found = read(district, NIGHT, DAY, ["D", "2026-11-20", "", "12:00", "13:00", "甲", "乙", ""])
    assert complaints(found) == ["排班.xlsx, row 4, 开始: overlaps the shift of row 3"]
    assert len(found.shifts) == 2


def test_rows_are_counted_as_the_spreadsheet_counts_them(district: District) -> None:
    found = read(district, [], DAY, [], ["?", *DAY[1:]])
    assert [fault.row for fault in found.faults] == [5]
    data = text(HEADER, DAY).encode() + b"\r\n" + text(["?", *DAY[1:]]).encode()
    assert [fault.row for fault in roster_tables.read("r.csv", data, district).faults] == [4]


@pytest.mark.parametrize(
    ("name", "data", "complaint"),
    [
        ("r.xlsx", b"not a workbook", "is no Excel workbook"),
        ("r.xlsx", b"PK\x03\x04", "is no Excel workbook"),
        ("r.csv", b"\xff\xff\xff", "is neither UTF-8 nor GB 18030"),
        ("r.csv", b"", "has no header in its first 10 rows"),
        ("r.csv", text(["姓名", "电话"]).encode(), "has no header in its first 10 rows"),
        ("r.csv", text(["单位", "带班领导", "开始", "结束"]).encode(), "r.csv, 值班长: this column is missing"),
        ("r.csv", text(HEADER).encode(), "has no shifts"),
    ],
)
def test_a_file_that_is_no_roster_says_so(district: District, name: str, data: bytes, complaint: str) -> None:
    found = roster_tables.read(name, data, district)
    assert found.shifts == [] and len(found.faults) == 1
    assert complaint in str(found.faults[0])


def test_a_workbook_that_grows_without_bounds_is_not_unpacked(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roster_tables, "_UNPACKED_BYTES", 1_000)
    assert "far larger unpacked" in str(read(district, DAY).faults[0])
    monkeypatch.setattr(roster_tables, "ROWS_MOST", 1)
    data = text(HEADER, DAY, NIGHT).encode()
    assert "more than 1 rows" in str(roster_tables.read("r.csv", data, district).faults[0])
