"""The weekly briefing: made of the archive when somebody asks, kept for some minutes, frozen by who may; its rows."""

from datetime import date, datetime
from typing import Any

from flask import Flask, Response, request

from callbacks import answers, identity
from callbacks.gate import page
from callbacks.look import Looks
from callbacks.trail import Trail
from dashboard.access import Permission, Principal
from dashboard.archive.reader import HistoryError
from dashboard.archive.store import StoreError
from dashboard.briefing import frozen, notes, rows, weeks
from dashboard.briefing.asking import Asking
from dashboard.briefing.making import Briefings
from dashboard.briefing.model import SECTIONS, Briefing, Rows
from dashboard.briefing.questions import scoped
from dashboard.briefing.rows import Page, UnknownFilter
from dashboard.briefing.waiting import Waiting
from dashboard.store import JournalUnavailable
from layouts import briefing as layout
from layouts import briefing_rows, briefing_slides, sheets
from layouts.briefing_words import label
from layouts.case_rows import exactly
from layouts.view import View
from layouts.words import Words

_ROWS = 200
_PATIENCE_S = 60.0
_WAIT_S = 1.5  # who waits longer is shown how far it is
_CHARS = 200
_BEGINNING = date(2000, 1, 3)  # nothing is older, and the year before is a date too
_GRAVEST = (
    f"SELECT reported_at FROM ({scoped('incidents')}) WHERE NOT drill AND reported_at >= $a AND reported_at < $b "
    "ORDER BY level, reported_at LIMIT 1"
)
_OURS = frozenset({"week", "centre", "lang", "theme", "query", "offset", "format"})  # of an address; others are filters
NOTED = ("headline", *SECTIONS)


class Desk:
    """Answers the pages."""

    def __init__(self, briefings: Briefings, trail: Trail, looks: Looks) -> None:
        self.briefings = briefings
        self._waiting = Waiting(briefings)
        self._trail = trail
        self._looks = looks

    def show(self) -> Response:
        """GET /briefing?week=&centre=: the page; `present=1` its slides, `print=1` as it goes on paper.

        202 while it is being made: the page asks again by itself.
        """
        look, shown, status = self._looks.current(), self.wanted(), 200
        try:
            found = self._waiting.ask(shown.week, shown.centre, _WAIT_S)
            if isinstance(found, float):
                return page(202, layout.working(look, self.view(), shown, found))
            shown = self._told(shown, found)
        except frozen.NotFrozen as error:
            shown, status = shown._replace(trouble=f"{label('changed_since', look.lang)}{error}"), 500
        except (HistoryError, StoreError, JournalUnavailable, OSError):
            shown, status = shown._replace(trouble=label("away", look.lang)), 503
        if request.args.get("present") == "1":
            return page(status, briefing_slides.screen(look, self.view(), shown))
        return page(status, layout.screen(look, self.view(), shown, request.args.get("print") == "1"))

    def notes(self) -> Response:
        """POST /briefing/notes: what is said to a section."""
        look, shown, who = self._looks.current(), self.wanted(), identity.current()
        section, text = request.form.get("section", ""), request.form.get("text", "").strip()
        if section not in NOTED or len(text) > notes.LONGEST:
            return page(400, layout.screen(look, self.view(), shown._replace(trouble=label("notes_long", look.lang))))
        try:
            self._trail.note("notes", who.name, f"briefing/{shown.week}/{shown.centre}/{section}", text[:_CHARS], who)
            note = notes.Note(text, who.name, self.briefings.clock())
            notes.keep(self.briefings.archive.store, shown.week, shown.centre, section, note)
        except (StoreError, JournalUnavailable):
            return page(503, layout.screen(look, self.view(), shown._replace(trouble=label("away", look.lang))))
        return self.show()

    def rows(self) -> Response:
        """GET /briefing/rows?query=&FILTER=: the rows behind a number, as a page or (`format=csv`) as a file."""
        shown, look, view = self.wanted(), self._looks.current(), self.view()
        is_file = request.args.get("format") == "csv"
        who = identity.current()
        if is_file and not who.may(Permission.EXPORT):
            return page(403, briefing_rows.trouble(look, label("not_allowed", look.lang)))
        offset = 0 if is_file else _whole(request.args.get("offset"))
        filters = {name: text for name, text in request.args.items() if name not in _OURS}
        wanted = Rows(request.args.get("query", ""), filters)
        try:
            with self.briefings.archive.open(seconds=_PATIENCE_S) as reading:
                scope = self.briefings.district.scope(shown.centre)
                week = weeks.parse(shown.week)
                asking = Asking(reading, self.briefings.district, scope, week, self.briefings.rules)
                found = rows.page(asking, wanted.query, filters, sheets.MOST_ROWS if is_file else _ROWS, offset)
        except UnknownFilter as error:
            return page(400, briefing_rows.trouble(look, label("no_filter", look.lang).format(name=error)))
        except KeyError:
            return page(404, briefing_rows.trouble(look, label("no_rows", look.lang)))
        except (HistoryError, StoreError, JournalUnavailable):
            return page(503, briefing_rows.trouble(look, label("away", look.lang)))
        if not is_file:
            return page(200, briefing_rows.screen(look, view, shown, wanted, found, offset, _ROWS))
        return self._file(who, view, shown, wanted, found)

    def freeze(self) -> Response:
        """POST /briefing/freeze: keep this week as it is now."""
        look, shown = self._looks.current(), self.wanted()
        who = identity.current()
        try:
            self._trail.note("freeze", who.name, f"briefing/{shown.week}/{shown.centre}", "", who)
            self.briefings.forget(shown.week, shown.centre)
            made = self.briefings.made(shown.week, shown.centre)
            frozen.freeze(self.briefings.archive.store, made, who.title or who.name, self.briefings.clock())
        except frozen.NotFrozen:
            return page(
                409, layout.screen(look, self.view(), shown._replace(trouble=label("incomplete_refused", look.lang)))
            )
        except (HistoryError, StoreError, JournalUnavailable):
            return page(503, layout.screen(look, self.view(), shown._replace(trouble=label("away", look.lang))))
        return self.show()

    def wanted(self) -> layout.Shown:
        """Which week and centre the request names, within what its sender may see; the last full week otherwise."""
        who, district, now = identity.current(), self.briefings.district, self.briefings.clock()
        last = weeks.last_full_week(now, district.timezone)
        try:
            week = weeks.parse(asked("week"))
        except (ValueError, OverflowError):
            week = last
        week = min(week, weeks.monday_of(now, district.timezone)) if week > _BEGINNING else last
        centres = tuple((centre.code, self.view().centre(centre.code)) for centre in self._centres(who))
        wish = asked("centre")
        centre = wish if wish in dict(centres) else who.centre
        later = week + weeks.WEEK
        return layout.Shown(
            briefing=None,
            week=week.isoformat(),
            earlier=(week - weeks.WEEK).isoformat(),
            later=later.isoformat() if later <= weeks.monday_of(now, district.timezone) else "",
            centre=centre,
            centres=centres,
            may=layout.May(who.may(Permission.KEEP_BRIEFING), who.may(Permission.EXPORT)),
            mark=self._mark(who, now),
        )

    def view(self) -> View:
        """How names are written in the language of the request."""
        return View(self.briefings.district, Words(self._looks.current().lang), lambda still: "")

    def _mark(self, who: Principal, now: float) -> str:
        said = label("export_by", self._looks.current().lang)
        return f"{said} {who.title} ({who.name}) {exactly(now, self.view())}"

    def _centres(self, who: Principal) -> list[Any]:
        district = self.briefings.district
        return [centre for centre in district.centres.values() if who.covers(centre.code, district)]

    def _told(self, shown: layout.Shown, briefing: Briefing) -> layout.Shown:
        revision = self.briefings.revision(briefing) if briefing.frozen_at else 0
        return shown._replace(briefing=briefing, revision=revision, replay_at=self._gravest(briefing))

    def _gravest(self, briefing: Briefing) -> str:
        """The local time of the gravest incident of the week, for a look back; "" where there was none.

        A frozen briefing is shown when nobody can say that too.
        """
        scope = self.briefings.district.scope(briefing.centre)
        try:
            with self.briefings.archive.open() as reading:
                week = weeks.parse(briefing.week)
                asking = Asking(reading, self.briefings.district, scope, week, self.briefings.rules)
                found = asking.answer(_GRAVEST)
        except (HistoryError, StoreError, JournalUnavailable):
            return ""
        zone = self.briefings.district.timezone
        return datetime.fromtimestamp(found[0][0], zone).strftime("%Y-%m-%dT%H:%M:%S") if found else ""

    def _file(self, who: Principal, view: View, shown: layout.Shown, wanted: Rows, found: Page) -> Response:
        subject = f"briefing/{shown.week}/{shown.centre}/{wanted.query}"
        told = " ".join([str(found.total), *(f"{name}={code}" for name, code in wanted.arguments.items())])
        try:
            self._trail.note("export", who.name, subject, told[:_CHARS], who)
        except JournalUnavailable:
            return answers.json({"error": "away"}, 503)
        names = found.columns

        def written(row: tuple[Any, ...]) -> list[str]:
            return [briefing_rows.cell(name, value, view) for name, value in zip(names, row, strict=True)]

        made = map(written, found.rows)
        body = sheets.build("csv", shown.mark, [label(name, view.words.lang) for name in names], made)
        return answers.attachment(body, sheets.MEDIA_TYPES["csv"], f"{wanted.query}-{shown.week}.csv")


def asked(name: str) -> str:
    """What the request says, in its address, a form or JSON; "" where it says nothing."""
    body = request.get_json(silent=True) if request.is_json else None
    value = body.get(name) if isinstance(body, dict) else request.values.get(name)
    return value if isinstance(value, str) else ""


def register(server: Flask, desk: Desk) -> None:
    """Serve /briefing, the rows behind its figures, freezing and notes."""
    server.add_url_rule("/briefing", "briefing.show", desk.show)
    server.add_url_rule("/briefing/rows", "briefing.rows", desk.rows)
    server.add_url_rule("/briefing/freeze", "briefing.freeze", desk.freeze, methods=["POST"])
    server.add_url_rule("/briefing/notes", "briefing.notes", desk.notes, methods=["POST"])


def _whole(text: str | None) -> int:
    return min(int(text), 10_000_000) if text and text.isascii() and text.isdigit() else 0
