"""Bodies: how what a source sent is read into forms, row by row where it must be, and why a row is refused.

A body is read in one typed pass; only when that fails is it read row by row, to say which row, which field
and why. Of a field that stands twice in one row the last value counts, in both ways of reading.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import msgspec
from msgspec import Raw, Struct

from dashboard.door.forms import MAX_PICTURE_BYTES, NAMED_WHEN_DROPPED, Form
from dashboard.door.plain_text import shown
from dashboard.door.receipts import BodyRefused, Reason, Refusal

MAX_ROWS = 20_000  # of one body
_COMMAS_PER_ROW = 25  # more in a body than this for each of MAX_ROWS: it is not read at all, to bound the memory
_MAX_FIELDS = 200  # of one row, known or not


@dataclass
class Rows:
    """A body, read: the filled forms by index (None where refused), the refusals, and what was dropped."""

    filled: list[Any]
    refusals: list[Refusal] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)


_UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
_RAW_LIST = msgspec.json.Decoder(list[Raw])
_RAW_ROW = msgspec.json.Decoder(dict[str, Raw])
_RAW = msgspec.json.Decoder(Raw)


def read(form: Form, body: bytes, lines: bool | None = None) -> Rows:
    """The rows of one body: a JSON list, one object, or one object a line (`lines`; None: look and see).

    Raises BodyRefused if the body cannot be told apart into rows.
    """
    body = body.removeprefix(b"\xef\xbb\xbf").strip()
    if not body:
        raise BodyRefused(Reason.MALFORMED, "the body is empty; send a JSON list, an object, or one object a line")
    if body.count(b",") > MAX_ROWS * _COMMAS_PER_ROW:
        raise BodyRefused(Reason.TOO_LARGE, f"too much in one body; send at most {MAX_ROWS} records at a time")
    is_list = body.startswith(b"[") and not lines
    is_lines = not is_list and (lines or _is_lines(body))
    if is_lines and body.count(b"\n") >= MAX_ROWS:
        raise _too_many_rows(body.count(b"\n") + 1)
    try:
        if is_list:
            filled = form.list_decoder.decode(body)
        elif is_lines:
            filled = form.row_decoder.decode_lines(body)
        else:
            filled = [form.row_decoder.decode(body)]
    except _UNREADABLE:
        return _read_slowly(form, _rows(body, is_list, is_lines))
    if len(filled) > MAX_ROWS:
        raise _too_many_rows(len(filled))
    return Rows(filled)


def _is_lines(body: bytes) -> bool:
    if b"\n" not in body:
        return False
    try:
        _RAW.decode(body)
    except _UNREADABLE:
        return True
    return False


def _rows(body: bytes, is_list: bool, is_lines: bool) -> list[Any]:
    if is_lines:
        return [line for line in body.split(b"\n") if line.strip()]
    try:
        rows = _RAW_LIST.decode(body) if is_list else [_RAW.decode(body)]
    except _UNREADABLE as error:
        raise BodyRefused(Reason.MALFORMED, _unreadable(body, error)) from None
    if len(rows) > MAX_ROWS:
        raise _too_many_rows(len(rows))
    return rows


def _too_many_rows(count: int) -> BodyRefused:
    return BodyRefused(Reason.TOO_LARGE, f"{count} records in one body; send at most {MAX_ROWS} at a time")


def _read_slowly(form: Form, rows: list[Any]) -> Rows:
    read_rows = Rows([])
    for index, row in enumerate(rows):
        try:
            read_rows.filled.append(_read_row(form, row, read_rows.dropped))
        except _UNREADABLE as error:
            read_rows.filled.append(None)
            read_rows.refusals.append(explain(form, index, bytes(row), error))
    return read_rows


class _TooLarge(msgspec.MsgspecError):
    pass


def _read_row(form: Form, row: Any, dropped: Counter[str]) -> Struct:
    size = len(memoryview(row))
    if size > form.max_row_bytes:
        raise _TooLarge(f"the record has {size} bytes; at most {form.max_row_bytes} are read")
    if size > 4096 and bytes(row).count(b",") > _MAX_FIELDS:
        raise _TooLarge(f"the record has more than {_MAX_FIELDS} fields and values")
    try:
        return form.row_decoder.decode(row)
    except msgspec.ValidationError as error:
        if "unknown field" not in str(error):
            raise
    filled = form.lenient_decoder.decode(row)
    unknown = _RAW_ROW.decode(row).keys() - form.fields
    dropped.update(name if name in NAMED_WHEN_DROPPED else "other" for name in unknown)
    return filled


# -- why a row was refused ------------------------------------------------------------------------------

_MESSAGE = re.compile(r"(?P<what>.*?)(?: - at `\$\.?(?P<path>.*)`)?$", re.DOTALL)
_MISSING = re.compile(r"Object missing required field `(.*)`")
_GOT = re.compile(r"Expected `(?P<expected>[^`]*)`, got `(?P<got>\w+)`")
_PLAIN_TYPES = {
    "str": "text",
    "float": "a number",
    "int": "a whole number",
    "bool": "true or false",
    "datetime": "a time as text",
    "bytes": "base64 text",
    "object": "an object",
    "array": "a list",
    "null": "null",
}


def explain(form: Form, index: int, row: bytes, error: Exception) -> Refusal:
    """The refusal of one row, from what msgspec said about it."""
    if isinstance(error, _TooLarge):
        return Refusal(index, "", Reason.TOO_LARGE, str(error))
    if not isinstance(error, msgspec.ValidationError):
        return Refusal(index, "", Reason.MALFORMED, _unreadable(row, error))
    match = _MESSAGE.match(str(error))
    what, name = (match["what"], match["path"] or "") if match else (str(error), "")
    if missing := _MISSING.match(what):
        return Refusal(index, missing[1], Reason.MISSING, f"{missing[1]} is missing")
    reason, why = _field_fault(form, name, what, row)
    return Refusal(index, name, reason, why)


def _field_fault(form: Form, name: str, what: str, row: bytes) -> tuple[Reason, str]:
    value = _value(row, name)
    if name in form.words and what.startswith("Invalid enum value"):
        return Reason.UNKNOWN_VALUE, f"{name} is {value}, which is not one of {form.words[name]}"
    if "datetime" in what and "got" not in what:
        fault = "has no zone" if "timezone" in what else "is not a time"
        return (
            Reason.MALFORMED,
            f"{name} is {value}, which {fault}; write it like 2026-11-20T14:32:05.120+08:00",
        )
    if "of length <=" in what:
        if "bytes" in what:
            return Reason.TOO_LARGE, f"{name} is larger than {MAX_PICTURE_BYTES} bytes"
        return Reason.TOO_LARGE, f"{name} is longer than {what.rpartition(' ')[2]} characters: {value}"
    if "of length >=" in what:
        return Reason.MISSING, f"{name} is empty"
    if "base64" in what:
        return Reason.BAD_PICTURE, f"{name} is not base64"
    if got := _GOT.match(what):
        wanted = _PLAIN_TYPES.get(got["expected"].split(" | ")[0], got["expected"])
        there = _PLAIN_TYPES.get(got["got"], got["got"])
        return Reason.MALFORMED, f"{name or 'the record'} must be {wanted}, but is {there}"
    if name in form.limits and ("Expected" in what or "out of range" in what):
        return (
            Reason.OUT_OF_RANGE,
            f"{name} is {value}, {_outside(*form.limits[name])}{_swap_hint(name, row)}",
        )
    return Reason.MALFORMED, f"{name or 'the record'}: {what.replace('`', '')}"


def _outside(least: float | None, greatest: float | None) -> str:
    if least is not None and greatest is not None:
        return f"which is not between {least:g} and {greatest:g}"
    return "which is not a number that can be kept" if least is None else f"which is less than {least:g}"


def _swap_hint(name: str, row: bytes) -> str:
    if name != "lat":
        return ""
    try:
        swapped = -90 <= float(_value(row, "lon")) <= 90 and -180 <= float(_value(row, "lat")) <= 180
    except ValueError:
        return ""
    return "; latitude and longitude may be swapped" if swapped else ""


def _value(row: bytes, name: str) -> str:
    try:
        return shown(bytes(_RAW_ROW.decode(row)[name]).decode("utf-8", "replace"))
    except (*_UNREADABLE, KeyError):
        return "something else"


def _unreadable(body: bytes, error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "nested too deeply"
    if isinstance(error, UnicodeDecodeError):
        return "not valid UTF-8"
    if re.search(rb"[\[:,]\s*[-+]?(NaN|Infinity|inf|nan)\b", body):
        return f"not valid JSON: {_lower(error)}; NaN and Infinity are not JSON numbers"
    return f"not valid JSON: {_lower(error)}"


def _lower(error: Exception) -> str:
    said = str(error).removeprefix("JSON is malformed: ")
    return said[:1].lower() + said[1:]
