"""Rosters as tables: Excel and CSV in, shifts out; every complaint names file, row, column and reason.

A row is one shift: centre, date, name of the shift, from, to, leader, chief, officers. The header may be Chinese or
English, dates and times may be what spreadsheets make of them. A shift that ends at or before its start, by the
clock, ends the next day.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from dashboard.district import Centre, District
from dashboard.duty.roster import Shift, fault, overlaps

ROWS_MOST = 50_000  # of one file: a quarter of a large district
_UNPACKED_BYTES = 200_000_000
_HEADER_WITHIN = 10  # rows of titles that may stand above the header
_CLOCK_MARKS = str.maketrans({"：": ":", "．": ".", "时": ":", "点": ":", "分": None, "　": " "})
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_CLOCK = re.compile(r"(次日|翌日)?\s*(\d{1,2}):(\d{2})?(?::\d{2}(?:\.\d+)?)?")
_SEVERAL = re.compile(r"[、,，;；/\s]+")

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "centre": ("单位", "中心", "值班单位", "centre", "center", "unit"),
    "date": ("日期", "值班日期", "date", "day"),
    "name": ("班次", "shift", "name"),
    "starts": ("开始", "开始时间", "上班时间", "from", "start", "starts"),
    "ends": ("结束", "结束时间", "下班时间", "to", "end", "ends"),
    "leader": ("带班领导", "leader"),
    "chief": ("值班长", "chief"),
    "officers": ("值班员", "值班人员", "officers", "officer", "staff"),
}
_NEEDED = ("centre", "starts", "ends", "leader", "chief")


class Fault(NamedTuple):
    """What is wrong with one cell."""

    file: str
    row: int  # as the spreadsheet counts; 0: the whole file
    column: str  # as the file calls it; "": the whole row
    why: str

    def __str__(self) -> str:
        """Reads `plan.xlsx, row 7, 开始: '25:00' is no time of day`."""
        where = [self.file, f"row {self.row}" if self.row else "", self.column]
        return f"{', '.join(part for part in where if part)}: {self.why}"


class RosterRead(NamedTuple):
    """What a table says: shifts that can be used, and what is wrong with the others."""

    shifts: list[Shift]
    faults: list[Fault]


class _Wrong(Exception):
    """One cell cannot be read."""

    def __init__(self, column: str, why: str) -> None:
        super().__init__(why)
        self.column, self.why = column, why


class _Table(NamedTuple):
    columns: dict[str, int]  # by our name
    header: list[str]  # as the file has it
    rows: list[tuple[int, list[Any]]]  # number and cells


def read(name: str, data: bytes, district: District) -> RosterRead:
    """The shifts of one file; its name's ending tells Excel (.xlsx, .xlsm) from text."""
    try:
        rows = _excel_rows(data) if name.lower().endswith((".xlsx", ".xlsm")) else _text_rows(data)
        table = _table(rows)
    except _Wrong as wrong:
        return RosterRead([], [Fault(name, 0, wrong.column, wrong.why)])
    centres = _centres_by_name(district)
    found: list[tuple[int, Shift]] = []
    faults: list[Fault] = []
    for number, cells in table.rows:
        try:
            found.append((number, _shift(table, cells, centres, district.timezone)))
        except _Wrong as wrong:
            faults.append(Fault(name, number, _label(table, wrong.column), wrong.why))
    shifts, more = _without_overlaps(name, table, found)
    if not shifts and not faults and not more:
        more = [Fault(name, 0, "", "has no shifts")]
    return RosterRead(shifts, sorted([*faults, *more], key=lambda each: each.row))


def _without_overlaps(name: str, table: _Table, found: Sequence[tuple[int, Shift]]) -> tuple[list[Shift], list[Fault]]:
    """A shift that runs into an earlier one is left out and named."""
    clashes = dict(overlaps([shift for _, shift in found]))
    column = _label(table, "starts")
    faults = [
        Fault(name, found[late][0], column, f"overlaps the shift of row {found[early][0]}")
        for late, early in clashes.items()
    ]
    return [shift for place, (_, shift) in enumerate(found) if place not in clashes], faults


# -- rows ------------------------------------------------------------------------------------------------------


def _excel_rows(data: bytes) -> Iterable[tuple[int, list[Any]]]:
    # Imported here: it costs each start of a process 0.1 s, and rosters come once a month.
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(part.file_size for part in packed.infolist()) > _UNPACKED_BYTES:
                raise _Wrong("", "is far larger unpacked than a roster can be")
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise _Wrong("", f"is no Excel workbook (.xlsx) that can be read ({error})") from None
    try:
        rows = book.worksheets[0].iter_rows(values_only=True) if book.worksheets else ()
        return [(number, list(cells)) for number, cells in zip(range(1, ROWS_MOST + 2), rows, strict=False)]
    finally:
        book.close()


def _text_rows(data: bytes) -> Iterable[tuple[int, list[Any]]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("gb18030")  # what spreadsheets write on a Chinese Windows
        except UnicodeDecodeError:
            raise _Wrong("", "is neither UTF-8 nor GB 18030 text, nor named .xlsx") from None
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        return [(reader.line_num, cells) for cells in reader if not "".join(cells[:1]).startswith("#")]
    except csv.Error as error:
        raise _Wrong("", f"is no table of comma-separated values ({error})") from None


def _table(rows: Iterable[tuple[int, list[Any]]]) -> _Table:
    filled = [(number, cells) for number, cells in rows if any(_text(cell) for cell in cells)]
    if len(filled) > ROWS_MOST:
        raise _Wrong("", f"has more than {ROWS_MOST:,} rows")
    for place, (_, cells) in enumerate(filled[:_HEADER_WITHIN]):
        header = [_text(cell) for cell in cells]
        columns = _columns(header)
        if {"centre", "leader"} <= columns.keys():
            missing = [COLUMNS[name][0] for name in _NEEDED if name not in columns]
            if missing:
                raise _Wrong(missing[0], f"this column is missing; found {', '.join(filter(None, header))}")
            return _Table(columns, header, filled[place + 1 :])
    wanted = ", ".join(names[0] for names in COLUMNS.values())
    raise _Wrong("", f"has no header in its first {_HEADER_WITHIN} rows; its columns are {wanted}")


def _columns(header: Sequence[str]) -> dict[str, int]:
    known = {word: name for name, words in COLUMNS.items() for word in words}
    found: dict[str, int] = {}
    for place, word in enumerate(header):
        name = known.get(word.lower().removesuffix("*").strip())
        if name is not None:
            found.setdefault(name, place)
    return found


def _label(table: _Table, column: str) -> str:
    return table.header[table.columns[column]] if column in table.columns else column


# -- one row ---------------------------------------------------------------------------------------------------


def _shift(table: _Table, cells: Sequence[Any], centres: Mapping[str, list[Centre]], zone: ZoneInfo) -> Shift:
    row = {name: cells[place] if place < len(cells) else None for name, place in table.columns.items()}
    day = _day(row["date"]) if _text(row.get("date")) else None
    starts, _ = _moment(row, "starts", day)
    ends, is_dated = _moment(row, "ends", starts.date() if day is None else day)
    if not is_dated and ends <= starts:
        ends += timedelta(days=1)
    shift = Shift(
        _centre(row["centre"], centres),
        starts.replace(tzinfo=zone),
        ends.replace(tzinfo=zone),
        _name(row, "leader"),
        _name(row, "chief"),
        tuple(filter(None, _SEVERAL.split(_text(row.get("officers"))))),
        _name(row, "name"),
    )
    if wrong := fault(shift):
        raise _Wrong(*wrong)
    return shift


def _centre(cell: Any, centres: Mapping[str, list[Centre]]) -> str:
    word = _text(cell)
    if not word:
        raise _Wrong("centre", "is empty")
    found = centres.get(word, [])
    if not found:
        raise _Wrong("centre", f"{word!r} is no centre of this district, by code or name")
    if len(found) > 1:
        codes = ", ".join(centre.code for centre in found)
        raise _Wrong("centre", f"{word!r} is the name of several centres; write the code: {codes}")
    return found[0].code


def _centres_by_name(district: District) -> dict[str, list[Centre]]:
    """Centres by code, which wins over all, then by name in either language."""
    named: dict[str, list[Centre]] = {}
    for centre in district.centres.values():
        for word in {centre.name, centre.name_en}:
            named.setdefault(word, []).append(centre)
    return named | {centre.code: [centre] for centre in district.centres.values()}


def _day(cell: Any) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = _text(cell)
    try:
        if text.isdigit() and len(text) == 8:
            return datetime.strptime(text, "%Y%m%d").date()
        if isinstance(cell, int | float):  # a date whose cell was not formatted as one
            return _from_excel(cell).date()
        if found := _DATE.match(text):
            return date(*map(int, found.groups()))
    except ValueError:
        pass
    raise _Wrong("date", f"{text!r} is no date like 2026-11-20")


def _moment(row: Mapping[str, Any], column: str, day: date | None) -> tuple[datetime, bool]:
    """Local time without zone, and whether the cell itself says on which day."""
    cell = row[column]
    if isinstance(cell, datetime) and cell.year > 1900:  # a bare time may come as a moment of the first day
        return cell.replace(tzinfo=None), True
    text = _text(cell)
    if dated := _DATE.match(text):
        clock, is_next_day = _clock(text[dated.end() :].strip(" T") or "0:00", column)
        return datetime.combine(_day(dated.group()), clock) + timedelta(days=is_next_day), True
    clock, is_next_day = _clock(cell, column)
    if day is None:
        raise _Wrong("date", "is empty, and the times name no day")
    return datetime.combine(day, clock) + timedelta(days=is_next_day), is_next_day


def _clock(cell: Any, column: str) -> tuple[time, bool]:
    """A time of day, and whether it is of the next day: 24:00, 次日 8:30."""
    if isinstance(cell, datetime):
        return cell.time(), False
    if isinstance(cell, time):
        return cell, False
    if isinstance(cell, timedelta):
        cell = cell / timedelta(days=1)
    if isinstance(cell, int | float) and 0 <= cell <= 1:  # a share of the day, as spreadsheets store times
        return (datetime.min + timedelta(minutes=round(cell % 1 * 1440))).time(), cell == 1
    text = _text(cell).translate(_CLOCK_MARKS)
    found = _CLOCK.fullmatch(text)
    if not text or found is None:
        raise _Wrong(column, "is empty" if not text else f"{text!r} is no time of day like 08:30")
    hour, minute = int(found[2]), int(found[3] or 0)
    if (hour, minute) == (24, 0):
        return time(0), True
    if hour > 23 or minute > 59:
        raise _Wrong(column, f"{text!r} is no time of day like 08:30")
    return time(hour, minute), found[1] is not None


def _from_excel(number: float) -> datetime:
    from openpyxl.utils.datetime import from_excel

    if not 20_000 < number < 80_000:  # 1954 to 2119
        raise ValueError
    moment = from_excel(number)
    if not isinstance(moment, datetime):
        raise ValueError
    return moment


def _name(row: Mapping[str, Any], column: str) -> str:
    text = _text(row.get(column))
    if len(text) > 80:
        raise _Wrong(column, "is longer than 80 characters")
    return text


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)  # a code that the spreadsheet took for a number
    return str(cell).strip()
