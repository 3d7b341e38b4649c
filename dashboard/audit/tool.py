"""The `audit` command: verify, show, search and export the trail. What it does is itself written into the trail."""

import argparse
import getpass
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, tzinfo
from pathlib import Path

from dashboard.audit.chain import Row
from dashboard.audit.inspection import STREAM, inspect
from dashboard.audit.ledger import Ledger
from dashboard.audit.trail import FORMATS, Query, Trail, Watermark, export
from dashboard.records import moment

_WIDEST_DETAIL = 160


class Tool:
    """The trail of one installation, as the command line sees it."""

    def __init__(
        self, ledger: Ledger, folder: Path, key: Callable[[], bytes], zone: tzinfo, keep_days: float, now: float
    ) -> None:
        self._ledger = ledger
        self._folder = folder
        self._key = key
        self._zone = zone
        self._keep_days = keep_days
        self._now = moment(now)
        self._actor = f"cli:{getpass.getuser()}"

    def run(self, arguments: argparse.Namespace) -> int:
        """Run one tool; returns the exit code."""
        match arguments.tool:
            case "verify":
                return self.verify()
            case "export":
                return self.export(arguments.file, self._query(arguments), arguments.why)
        return self.show(self._query(arguments), arguments.limit, arguments.full)

    def verify(self) -> int:
        """Whether the trail is whole; 1 if not."""
        report = inspect(self._ledger, self._folder, self._key(), self._today(), self._keep_days)
        looked = f"{report.rows:,} rows, {report.files:,} sealed days"
        if report.finding is None:
            print(f"the audit trail is whole: {looked}, up to row {report.end.seq} ({report.end.hash[:16]})")
            return 0
        found = report.finding
        where = "in the stream of today" if found.where == STREAM else f"in {found.where}"
        print(
            f"THE AUDIT TRAIL IS NOT WHOLE. First bad row: {found.seq}, {where}: {found.why}. Good until then: {looked}"
        )
        return 1

    def show(self, query: Query, limit: int, full: bool) -> int:
        """Rows, the newest last, as a terminal is read."""
        self._ledger.note("sight", self._actor, subject="audit", detail=told(query))
        for row in reversed(Trail(self._ledger, self._folder).newest(query, limit=limit)):
            print(self._line(row, full))
        return 0

    def export(self, path: Path, query: Query, why: str) -> int:
        """Rows into a file; noted before the first one leaves."""
        form = path.suffix.removeprefix(".")
        if form not in FORMATS:
            raise ValueError(f"{path.name}: the name of an export ends in .csv or .jsonl")
        self._ledger.note("export", self._actor, subject="audit", detail=f"{path}: {why} ({told(query)})")
        mark = Watermark(by=self._actor, at=self._now, why=why)
        with path.open("x", encoding="utf-8-sig" if form == "csv" else "utf-8", newline="") as file:
            count = sum(
                1 for line in export(Trail(self._ledger, self._folder).between(query), mark, form) if file.write(line)
            )
        print(f"{count:,} lines written to {path}")
        return 0

    def _query(self, arguments: argparse.Namespace) -> Query:
        return Query(
            actor=arguments.actor,
            kind=arguments.kind,
            subject=arguments.subject,
            centre=arguments.centre,
            text=arguments.text,
            since=start_of(arguments.first, self._zone) if arguments.first else None,
            until=start_of(arguments.last + timedelta(1), self._zone) if arguments.last else None,
        )

    def _line(self, row: Row, full: bool) -> str:
        at = datetime.fromisoformat(row.at).astimezone(self._zone).strftime("%Y-%m-%d %H:%M:%S")
        detail = row.detail if full or len(row.detail) <= _WIDEST_DETAIL else row.detail[:_WIDEST_DETAIL] + "…"
        return "  ".join(
            (f"{row.seq:>8}", at, row.kind, row.actor or "-", row.centre or "-", row.subject or "-", detail)
        )

    def _today(self) -> date:
        return self._now.astimezone(self._zone).date()


def start_of(day: date, zone: tzinfo) -> datetime:
    """Midnight at which a local day begins."""
    return datetime.combine(day, time(), zone)


def told(query: Query) -> str:
    """A query in words."""
    given = [(name, getattr(query, name)) for name in query.__struct_fields__]
    return ", ".join(f"{name} {value}" for name, value in given if value) or "all rows"
