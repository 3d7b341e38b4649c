"""The past of one incident: shown for a reason that is on record, and taken out as PDF or GeoJSON under the same."""

import threading
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec
from flask import Flask, Response, request

from callbacks import answers, identity
from callbacks.gate import page
from callbacks.look import Looks
from callbacks.trail import Trail
from dashboard.access import Permission, Principal
from dashboard.archive.districts import Districts
from dashboard.archive.reader import Archive, HistoryError
from dashboard.archive.store import StoreError
from dashboard.desk import concerns
from dashboard.response.incidents import IncidentState
from dashboard.store import JournalUnavailable
from dashboard.tracks import aftermath, geojson
from dashboard.tracks.aftermath import Aftermath
from layouts import after_action as layout
from layouts.case_rows import exactly
from layouts.view import View
from layouts.words import Words

_CHARS = 200
_PATIENCE_S = 20.0

Print = Callable[[str], bytes]  # HTML of a page -> PDF; raises PrintingError


class Printing(NamedTuple):
    """Who prints; `trouble` is what it raises."""

    print: Print
    trouble: type[Exception]


class Desk:
    """Answers the pages."""

    def __init__(
        self,
        archive: Archive,
        districts: Districts,
        trail: Trail,
        looks: Looks,
        printing: Printing,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._archive = archive
        self._districts = districts
        self._district = districts.current
        self._trail = trail
        self._looks = looks
        self._printing = printing
        self._clock = clock
        self._busy = threading.Lock()  # a browser prints: one at a time

    def ask(self) -> Response:
        """GET: which incident, and why."""
        return self._asked("", 200)

    def show(self) -> Response:
        """POST: the record as a page."""
        return self._answer("sight", "page", lambda found, why, mark: page(200, self._html(found, why, mark, False)))

    def pdf(self) -> Response:
        """POST: the record as PDF."""
        return self._answer("export", "pdf", self._printed)

    def geojson(self) -> Response:
        """POST: the record for maps of others."""

        def made(found: Aftermath, _: str, mark: str) -> Response:
            body = msgspec.json.encode(geojson.collection(found, mark))
            return _file(body, "application/geo+json", found.incident, "geojson")

        return self._answer("export", "geojson", made)

    def _answer(self, kind: str, what: str, make: Callable[[Aftermath, str, str], Response]) -> Response:
        who, key, why = identity.current(), _text("incident"), _text("why")
        if not why:
            return self._asked("after.no_reason", 400)
        if kind == "export" and not who.may(Permission.EXPORT):
            return self._asked("after.unknown", 403)
        try:
            found = self._find(key, who)
            if found is None:
                return self._asked("after.unknown", 404)
            self._trail.note(kind, who.name, f"after_action/{key}"[:200], f"{what}: {why}", who)
            return make(found, why, self._mark(who, why))
        except JournalUnavailable:
            return self._asked("after.unrecorded", 503)
        except (HistoryError, StoreError):
            return self._asked("after.away", 503)

    def _find(self, key: str, who: Principal) -> Aftermath | None:
        """What the archive knows of an incident within the caller's scope."""
        with self._archive.open() as reading:
            incident = aftermath.find(reading, self._district, key)
            if incident is None or not concerns(incident, self._district, self._district.scope(who.centre)):
                return None
        from_at, to_at = aftermath.span(incident, self._clock())
        with self._archive.open(since=from_at, until=to_at) as reading:
            return aftermath.gather(reading, self._district, self._districts.rosters(), incident, self._clock())

    def _html(self, found: Aftermath, why: str, mark: str, is_print: bool) -> str:
        look = self._looks.current()
        if is_print:
            look = look._replace(theme="light")
        return layout.screen(look, self._view(), found, why, mark, is_print)

    def _printed(self, found: Aftermath, why: str, mark: str) -> Response:
        if not self._busy.acquire(timeout=_PATIENCE_S):
            return self._asked("after.busy", 503)
        try:
            body = self._printing.print(self._html(found, why, mark, True))
        except self._printing.trouble as error:
            return self._asked("after.no_printer", 503, str(error))
        finally:
            self._busy.release()
        return _file(body, "application/pdf", found.incident, "pdf")

    def _mark(self, who: Principal, why: str) -> str:
        view = self._view()
        return view.words("after.mark", who=f"{who.title} ({who.name})", at=exactly(self._clock(), view), why=why)

    def _view(self) -> View:
        return View(self._district, Words(self._looks.current().lang), lambda still: "")

    def _asked(self, trouble: str, status: int, more: str = "") -> Response:
        look = self._looks.current()
        told = f"{look.words(trouble)} {more}".strip() if trouble else ""
        return page(status, layout.ask(look, _text("incident"), told))


def register(server: Flask, desk: Desk) -> None:
    """Serve /after-action, and it as PDF and GeoJSON."""
    add = server.add_url_rule
    add("/after-action", "after_action.ask", desk.ask, methods=["GET"])
    add("/after-action", "after_action.show", desk.show, methods=["POST"])
    add("/after-action.pdf", "after_action.pdf", desk.pdf, methods=["POST"])
    add("/after-action.geojson", "after_action.geojson", desk.geojson, methods=["POST"])


def _text(name: str) -> str:
    value: Any = request.values.get(name, "")
    return str(value).strip()[:_CHARS]


def _file(body: bytes, media_type: str, incident: IncidentState, kind: str) -> Response:
    name = "".join(each if each.isalnum() and each.isascii() else "-" for each in incident.key)
    return answers.attachment(body, media_type, f"{name}.{kind}")
