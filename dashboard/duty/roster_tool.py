"""The `roster` command: import, show, look for gaps in and take back who is on duty when.

What it changes is written into the audit trail first; what cannot be written there is not done.
"""

import argparse
import getpass
import os
import sys
from collections.abc import Callable, Iterable
from datetime import datetime, tzinfo
from pathlib import Path

from dashboard.audit.ledger import Ledger
from dashboard.district import District
from dashboard.duty import Plan, Rosters, roster_tables
from dashboard.duty.roster_book import RosterBook
from dashboard.records import moment


class Tool:
    """The rosters of one installation, as the command line sees them."""

    def __init__(
        self, district: Callable[[], District], book: Callable[[], RosterBook], ledger: Callable[[], Ledger], now: float
    ) -> None:
        """Each part is opened where it is needed: a file with mistakes is told without a state server."""
        self._district, self._book, self._ledger = district, book, ledger
        self._now = moment(now)

    def run(self, arguments: argparse.Namespace) -> int:
        """Run one tool; returns the exit code."""
        match arguments.tool:
            case "import":
                return self.take(arguments.file, arguments.partial)
            case "gaps":
                return self.show_gaps()
            case "undo":
                return self.undo()
        return self.show(arguments.centre)

    def take(self, path: Path, is_partial: bool) -> int:
        """A roster file into the rosters; with mistakes in it nothing, or what is right if `is_partial`."""
        found = roster_tables.read(path.name, path.read_bytes(), self._district())
        for fault in found.faults:
            print(fault, file=sys.stderr)
        if not found.shifts or (found.faults and not is_partial):
            print("nothing was imported", file=sys.stderr)
            return 1
        book = self._book()
        self._note("roster import", f"{path.name}: {len(found.shifts)} shifts")
        book.replace(found.shifts, _operator(), self._now, path.name)
        print(f"{len(found.shifts)} shifts of {len({shift.centre for shift in found.shifts})} centres imported")
        return 0

    def show(self, centre: str) -> int:
        """The shifts that are not over."""
        zone, (_, edition) = self._district().timezone, self._book().read()
        for shift in edition.shifts:
            if shift.ends > self._now and centre in ("", shift.centre):
                names = f"{shift.leader}, {shift.chief}; {', '.join(shift.officers)}".rstrip("; ")
                print(f"{shift.centre:12} {_times((shift.starts, shift.ends), zone)}  {names}")
        return 0

    def show_gaps(self) -> int:
        """When nobody leads a centre that keeps a roster; 1 if there is such a time."""
        district = self._district()
        plan, (version, edition) = Plan(district), self._book().read()
        plan.adopt(Rosters(version, edition.shifts))
        ahead = plan.gaps_ahead(self._now.timestamp())
        for centre, spans in ahead.items():
            name = district.centres[centre].name if centre in district.centres else ""
            for span in spans:
                print(f"{centre:12} {_times(span, district.timezone)}  {name}")
        return 1 if ahead else 0

    def undo(self) -> int:
        """The rosters as they were before the last change."""
        book = self._book()
        self._note("roster undo")
        book.undo(_operator(), self._now)
        print(f"{len(book.read()[1].shifts)} shifts are in the rosters now")
        return 0

    def _note(self, subject: str, detail: str = "") -> None:
        """Put on record what is to be done; if that cannot be, it is not done."""
        self._ledger().note("cli", _operator(), subject=subject, detail=detail)


def _times(span: Iterable[datetime], zone: tzinfo) -> str:
    return " - ".join(f"{at.astimezone(zone):%Y-%m-%d %H:%M}" for at in span)


def _operator() -> str:
    """Who works at this machine's command line, as the machine knows them."""
    try:
        return f"console:{getpass.getuser()}"
    except (KeyError, OSError):  # a container's user may have no name
        return f"console:{os.getuid()}"
