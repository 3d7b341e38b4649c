"""The audit trail for auditors: a page, the same rows as JSON, an export, and whether the trail is whole.

Looking and taking out are themselves on record before anything is shown.
"""

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from flask import Blueprint, Flask, Response, request

from callbacks import answers, identity
from callbacks.gate import page
from callbacks.intake import problem
from callbacks.look import Looks
from callbacks.trail import Trail
from dashboard.access import Permission
from dashboard.audit.chain import Row
from dashboard.audit.inspection import inspect
from dashboard.audit.ledger import Ledger
from dashboard.audit.tool import start_of, told
from dashboard.audit.trail import FORMATS, Query, Watermark, export
from dashboard.audit.trail import Trail as Rows
from dashboard.district import District
from dashboard.records import moment
from layouts import audit as layout
from layouts.audit import Shown

PAGE = 100  # rows at once
UNASKED_DAYS = 31  # how far back it is looked where no first day is named: years of files would take minutes
_FIELDS = ("actor", "kind", "subject", "centre", "text", "from", "to")
_CHARS = 200
_PATIENCE_S = 15.0
_MEDIA_TYPES = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson"}


class Archive(NamedTuple):
    """Where the trail is kept, and how it is signed."""

    ledger: Ledger
    folder: Path
    key: bytes
    keep_days: float


class Desk:
    """What auditors do."""

    def __init__(
        self, archive: Archive, district: District, trail: Trail, looks: Looks, clock: Callable[[], float] = time.time
    ) -> None:
        self._archive = archive
        self._rows = Rows(archive.ledger, archive.folder)
        self._district = district
        self._trail = trail
        self._looks = looks
        self._clock = clock
        self._busy = threading.Lock()  # a verification takes a core for as long as it lasts: one at a time

    def show(self) -> Response:
        """The page."""
        try:
            query, before = self._query(), _before()
        except ValueError as error:
            return self._page(Shown(identity.current().role, wish=_wish(), fault=str(error)), 400)
        self._look(query)
        rows = self._rows.newest(query, before, PAGE)
        return self._page(Shown(identity.current().role, rows, _wish(), rows[-1].seq if len(rows) == PAGE else None))

    def rows(self) -> Response:
        """Rows as JSON, newest first; `next` is the `before` of the next page."""
        try:
            query, before = self._query(), _before()
        except ValueError as error:
            return problem(400, "bad_filter", str(error))
        self._look(query)
        rows = self._rows.newest(query, before, PAGE)
        return answers.json({"rows": rows, "next": rows[-1].seq if len(rows) == PAGE else None})

    def verify(self) -> Response:
        """Whether the stream and the newest sealed days are whole."""
        if not self._busy.acquire(timeout=_PATIENCE_S):
            return problem(503, "busy", "somebody else has the trail verified; try again in a moment")
        try:
            kept, days = self._archive, layout.VERIFIED_DAYS
            report = inspect(kept.ledger, kept.folder, kept.key, self._today(), kept.keep_days, days)
        finally:
            self._busy.release()
        who, found = identity.current(), report.finding
        result = f"whole up to row {report.end.seq}" if found is None else f"row {found.seq}: {found.why}"
        self._trail.note("audit_verified", who.name, "audit", result, who)
        return self._page(Shown(who.role, self._rows.newest(Query(), limit=PAGE), report=report))

    def export(self) -> Response:
        """Rows as a file, with a watermark."""
        who = identity.current()
        if not who.may(Permission.EXPORT):
            return problem(403, "refused", "your role does not allow this")
        form, why = request.args.get("form", ""), request.args.get("why", "").strip()[:_CHARS]
        try:
            query = self._query()
            if form not in FORMATS or not why:
                raise ValueError(f"say why, and as what: form={' or '.join(FORMATS)}")
        except ValueError as error:
            return problem(400, "bad_export", str(error))
        self._trail.note("export", who.name, f"audit.{form}", f"{why} ({told(query)})", who)
        at = moment(self._clock())
        lines = export(
            _begun(self._rows.between(query)), Watermark(by=f"{who.title} ({who.name})", at=at, why=why), form
        )
        name = at.astimezone(self._district.timezone).strftime(f"audit-%Y%m%d-%H%M%S.{form}")
        mark = "\ufeff" if form == "csv" else ""  # without it a spreadsheet does not read Chinese
        return answers.attachment(itertools.chain([mark] if mark else [], lines), _MEDIA_TYPES[form], name)

    def _look(self, query: Query) -> None:
        who = identity.current()
        self._trail.note("sight", who.name, "audit", told(query), who)

    def _today(self) -> date:
        return moment(self._clock()).astimezone(self._district.timezone).date()

    def _page(self, shown: Shown, status: int = 200) -> Response:
        return page(status, layout.screen(self._looks.current(), self._district, shown))

    def _query(self) -> Query:
        """The filter of the request; raises ValueError for a day that is none."""
        wish, zone = _wish(), self._district.timezone
        last = _day(wish["to"])
        first = _day(wish["from"]) or (last or self._today()) - timedelta(UNASKED_DAYS)
        return Query(
            actor=wish["actor"],
            kind=wish["kind"],
            subject=wish["subject"],
            centre=wish["centre"],
            text=wish["text"],
            since=start_of(first, zone),
            until=start_of(last + timedelta(1), zone) if last else None,
        )


def register(server: Flask, desk: Desk) -> None:
    """Wire the doors."""
    pages = Blueprint("audit", __name__)
    pages.add_url_rule("/audit", "page", desk.show)
    pages.add_url_rule("/audit/rows", "rows", desk.rows)
    pages.add_url_rule("/audit/verify", "verify", desk.verify, methods=["POST"])
    pages.add_url_rule("/audit/export", "export", desk.export)
    server.register_blueprint(pages)


def _wish() -> dict[str, str]:
    return {name: request.args.get(name, "").strip()[:_CHARS] for name in _FIELDS}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ValueError(f"{text[:20]} is no day: write YYYY-MM-DD") from None


def _before() -> int | None:
    text = request.args.get("before", "")
    if text and not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise ValueError("before is the number of a row")
    return int(text) if text else None


def _begun(rows: Iterator[Row]) -> Iterator[Row]:
    """The same rows with the first one fetched: what can fail fails before the answer begins."""
    first = next(rows, None)
    return iter(()) if first is None else itertools.chain([first], rows)
