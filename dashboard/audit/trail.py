"""The trail as an auditor reads it: sealed files and stream as one list, searched, and exported with a watermark."""

import csv
import hashlib
import io
import logging
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from dashboard.audit.chain import Row, utc
from dashboard.audit.ledger import Ledger
from dashboard.audit.seal import SealError, files, read

log = logging.getLogger(__name__)

FORMATS = ("csv", "jsonl")
_PAGE = 1_000
_SLACK = timedelta(2)  # a row may lie in the file of a day beside its own, and the day is a local one
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # what a spreadsheet would run


class Query(Struct, frozen=True, kw_only=True):
    """Which rows are wanted; what is left empty wants all."""

    actor: str = ""
    kind: str = ""  # the whole kind, or its beginning before a dot
    subject: str = ""
    centre: str = ""
    text: str = ""  # anywhere in subject, actor or detail
    since: datetime | None = None
    until: datetime | None = None  # not included

    def wants(self, row: Row) -> bool:
        """Whether a row is one of them."""
        return (
            (not self.actor or row.actor == self.actor)
            and (not self.kind or row.kind == self.kind or row.kind.startswith(f"{self.kind}."))
            and (not self.subject or row.subject == self.subject)
            and (not self.centre or row.centre == self.centre)
            and (self.since is None or row.at >= utc(self.since))
            and (self.until is None or row.at < utc(self.until))
            and self._has_text(row)
        )

    def may_be_in(self, day: date) -> bool:
        """Whether the file of a day can hold any of them."""
        first = None if self.since is None else self.since.date() - _SLACK
        last = None if self.until is None else self.until.date() + _SLACK
        return (first is None or day >= first) and (last is None or day <= last)

    def _has_text(self, row: Row) -> bool:
        text = self.text.casefold()
        return not text or any(text in part.casefold() for part in (row.subject, row.actor, row.detail))


class Watermark(Struct, frozen=True, kw_only=True):
    """Who took rows out, when and why; it stands in what they took."""

    by: str
    at: datetime
    why: str

    def sentence(self) -> str:
        """One line for people."""
        return f"导出 exported by {self.by} at {utc(self.at)}: {self.why}"


class Trail:
    """Files and stream together."""

    def __init__(self, ledger: Ledger, folder: Path) -> None:
        self._ledger = ledger
        self._folder = folder

    def newest(self, query: Query, before: int | None = None, limit: int = 100) -> list[Row]:
        """The newest rows that are wanted, newest first; `before` a number, to go on behind an earlier page."""
        found: list[Row] = []
        for row in self._backwards(query, before):
            if query.since is not None and row.at < utc(query.since - _SLACK):
                break
            if query.wants(row):
                found.append(row)
                if len(found) == limit:
                    break
        return found

    def between(self, query: Query) -> Iterator[Row]:
        """All rows that are wanted, oldest first."""
        stream = self._ledger.all_rows()  # before the files: what is sealed meanwhile is in both
        seq = 0
        for path in files(self._folder):
            for row in _rows_of(path, query):
                seq = row.seq
                if query.wants(row):
                    yield row
        yield from (row for row in stream if row.seq > seq and query.wants(row))

    def _backwards(self, query: Query, before: int | None) -> Iterator[Row]:
        at = before
        while page := self._ledger.latest(at, _PAGE):
            yield from page
            at = page[-1].seq
        for path in reversed(files(self._folder)):
            for row in reversed(_rows_of(path, query)):
                if at is None or row.seq < at:
                    yield row


def export(rows: Iterable[Row], mark: Watermark, form: str) -> Iterator[str]:
    """Lines of an export: the watermark first, then the rows, at last their number and the SHA-256 of all before it."""
    digest, count = hashlib.sha256(), 0
    write = _csv_line if form == "csv" else _json_line
    head = [write({"watermark": mark.sentence()})]
    if form == "csv":
        head.append(write({name: name for name in Row.__struct_fields__}))
    for line in head:
        digest.update(line.encode())
        yield line
    for row in rows:
        line = write(msgspec.to_builtins(row))
        digest.update(line.encode())
        count += 1
        yield line
    yield write({"rows": f"{count} rows", "sha256": digest.hexdigest()} if form == "csv" else _foot(count, digest))


def _foot(count: int, digest: Any) -> dict[str, Any]:
    return {"rows": count, "sha256": digest.hexdigest()}


def _json_line(fields: dict[str, Any]) -> str:
    return msgspec.json.encode(fields).decode() + "\n"


def _csv_line(fields: dict[str, Any]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow([_harmless(str(value)) for value in fields.values()])
    return line.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _rows_of(path: Path, query: Query) -> list[Row]:
    """The rows of a day's file; none where it cannot hold any that are wanted, or cannot be read."""
    if not query.may_be_in(date.fromisoformat(path.name.partition(".")[0])):
        return []
    try:
        return read(path).rows
    except SealError as error:
        log.error("%s: run `python app.py audit verify`", error)
        return []
