"""Records of the shift: rosters in and out, the draft of a handover, handovers to look up. Signing is an order.

Who may open which door is in the table of permissions; here it is asked whether the centre is within somebody's scope.
"""

import time
from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import NamedTuple

import msgspec
from flask import Blueprint, Flask, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from callbacks import answers, identity
from callbacks.intake import problem
from dashboard.district import District
from dashboard.duty import Handover, Shift, Signature, handover, roster_tables
from dashboard.duty.document import Document, canonical, digest, parse
from dashboard.duty.roster import Span
from dashboard.duty.roster_book import RosterBook
from dashboard.follower import Follower
from dashboard.records import moment
from dashboard.store import JournalUnavailable
from layouts.handover_text import document_lines
from layouts.words import Lang

FILE_BYTES = 8 * 1024 * 1024
FOUND_MOST = 50
_FAULTS_MOST = 100
_FORM_BYTES = 64 * 1024

Note = Callable[..., None]  # Trail.note: kind, actor, subject, detail, who


class _Refused(Exception):
    """The request cannot be answered; becomes the answer."""

    def __init__(self, status: int, error: str, why: str) -> None:
        super().__init__(why)
        self.answer = problem(status, error, why)


class _Records(NamedTuple):
    district: District
    follower: Follower
    book: RosterBook
    note: Note
    clock: Callable[[], float]


def register(
    server: Flask,
    district: District,
    follower: Follower,
    book: RosterBook,
    note: Note,
    clock: Callable[[], float] = time.time,
) -> None:
    """Wire the pages. `note` puts a change of the rosters on record; if it cannot, nothing is changed."""
    records = _Records(district, follower, book, note, clock)
    pages = Blueprint("duty", __name__)

    def add(path: str, name: str, view: Callable[..., Response], method: str = "GET") -> None:
        pages.add_url_rule(path, name, _guarded(records, view), methods=[method])

    add("/rosters", "rosters", show_rosters)
    add("/rosters", "import_roster", import_roster, "POST")
    add("/rosters/undo", "undo_roster", undo_roster, "POST")
    add("/handover/draft", "draft", draft_handover)
    add("/handover/draft", "draft_with_notes", draft_handover, "POST")
    add("/handovers", "handovers", find_handovers)
    add("/handovers/<handover_id>", "handover", show_handover)
    server.register_blueprint(pages)


# -- rosters ---------------------------------------------------------------------------------------------------


def show_rosters(records: _Records) -> Response:
    """The shifts of one centre from now on, and when nobody will lead it."""
    centre, now = _centre(records, request.args.get("centre", "")), records.clock()
    with records.follower.lock:
        plan = records.follower.situation.duty.plan
        shifts, gaps, version = plan.shifts(centre, now), plan.gaps_ahead(now).get(centre, []), plan.rosters.version
    return answers.json(
        {
            "centre": centre,
            "version": version,
            "shifts": [_shift(shift, records) for shift in shifts],
            "gaps": [_span(gap, records) for gap in gaps],
        }
    )


def import_roster(records: _Records) -> Response:
    """Take a roster file; with mistakes in it nothing is taken, or with `partial` what is right."""
    name, data, is_partial = _file()
    found = roster_tables.read(name, data, records.district)
    foreign = {shift.centre for shift in found.shifts if not _covers(records, shift.centre)}
    if foreign:
        raise _Refused(403, "scope", f"these centres are not yours: {', '.join(sorted(foreign))}")
    faults = [
        {"row": each.row, "column": each.column, "why": each.why, "text": str(each)}
        for each in found.faults[:_FAULTS_MOST]
    ]
    if not found.shifts or (found.faults and not is_partial):
        why = f"{len(found.faults)} mistakes; nothing was imported"
        return answers.json({"error": "faults", "why": why, "faults": faults}, 422)
    who, at = identity.current(), moment(records.clock())
    detail = f"{name[:80]}: {len(found.shifts)} shifts, {len(found.faults)} rows left out"
    records.note("roster", who.name, "import", detail, who)
    version = records.book.replace(found.shifts, who.title, at, name)
    centres = sorted({shift.centre for shift in found.shifts})
    return answers.json({"version": version, "imported": len(found.shifts), "centres": centres, "faults": faults})


def undo_roster(records: _Records) -> Response:
    """Bring back the rosters as they were before the last change of them."""
    _centre(records, records.district.root.code)  # it may concern any centre
    who = identity.current()
    records.note("roster", who.name, "undo", "", who)
    return answers.json({"version": records.book.undo(who.title, moment(records.clock()))})


# -- handovers -------------------------------------------------------------------------------------------------


def draft_handover(records: _Records) -> Response:
    """The document that who goes would sign now, with the text and digest that the order must carry."""
    wish = _form() if request.method == "POST" else dict(request.args)
    centre, notes, now = _centre(records, wish.get("centre", "")), wish.get("notes", ""), records.clock()
    with records.follower.lock:
        situation = records.follower.situation
        began = handover.since(situation, centre, now)
        document = handover.draft(situation, records.district, centre, now, began, notes)
    return answers.json(_readable(document, canonical(document), _lang(wish.get("lang"))))


def find_handovers(records: _Records) -> Response:
    """Handovers of the last days by `centre`, `q` (text) and `day`, newest first; only of one's own centres."""
    asked = request.args.get("centre", "")
    centre = _centre(records, asked) if asked else ""
    with records.follower.lock:
        found = records.follower.situation.duty.find(request.args.get("q", ""), centre, _day())
    mine = [_summary(each) for each in found if _covers(records, each.centre)]
    return answers.json({"handovers": mine[:FOUND_MOST], "more": max(0, len(mine) - FOUND_MOST)})


def show_handover(records: _Records, handover_id: str) -> Response:
    """One handover as it was signed."""
    with records.follower.lock:
        found = records.follower.situation.duty.get(handover_id)
    if found is None or not _covers(records, found.centre):
        raise _Refused(404, "unknown", "there is no such handover here; the audit trail keeps older ones")
    document = parse(found.document) or {}
    return answers.json({**_summary(found), **_readable(document, found.document, _lang(request.args.get("lang")))})


# -- parts -----------------------------------------------------------------------------------------------------


def _guarded(records: _Records, view: Callable[..., Response]) -> Callable[..., Response]:
    """The view's answer; every failure becomes a JSON problem."""

    @wraps(view)
    def guarded(**parts: str) -> Response:
        try:
            return view(records, **parts)
        except _Refused as refused:
            return refused.answer
        except RequestEntityTooLarge:
            return problem(413, "too_large", f"the body is larger than {request.max_content_length} bytes")
        except JournalUnavailable:
            return problem(503, "journal_away", "the state server is away; nothing was changed. Try again")

    return guarded


def _centre(records: _Records, code: str) -> str:
    """The centre that is meant, one's own if none is named; it must be within one's scope."""
    code = code or identity.current().centre
    if code not in records.district.centres:
        raise _Refused(404, "unknown_centre", "there is no such centre")
    if not _covers(records, code):
        raise _Refused(403, "scope", "this centre is not yours")
    return code


def _covers(records: _Records, centre: str) -> bool:
    return identity.current().covers(centre, records.district)


def _file() -> tuple[str, bytes, bool]:
    request.max_content_length = FILE_BYTES
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise _Refused(400, "no_file", "send the roster as the form's field `file`")
    return sent.filename, sent.read(), request.form.get("partial", "") in ("1", "true", "on")


def _form() -> dict[str, str]:
    request.max_content_length = _FORM_BYTES
    try:
        return msgspec.json.decode(request.get_data(), type=dict[str, str])
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise _Refused(400, "malformed", "send a JSON object of texts: centre, notes, lang") from None


def _day() -> date | None:
    day = request.args.get("day", "")
    try:
        return date.fromisoformat(day) if day else None
    except ValueError:
        raise _Refused(400, "bad_day", "write the day as 2026-11-20") from None


def _lang(word: str | None) -> Lang:
    return Lang.EN if word == Lang.EN else Lang.ZH


def _readable(document: Document, text: str, lang: Lang) -> Document:
    return {"document": document, "text": text, "digest": digest(text), "lines": document_lines(document, lang)}


def _summary(found: Handover) -> Document:
    return {
        "id": found.id,
        "centre": found.centre,
        "at": found.at,
        "digest": found.digest,
        "state": "frozen" if found.is_frozen else "open" if found.is_open else "replaced",
        "gives": _signature(found.gives),
        "takes": _signature(found.takes) if found.takes else None,
    }


def _signature(signature: Signature) -> Document:
    return {"at": signature.at, "by": signature.by}


def _shift(shift: Shift, records: _Records) -> Document:
    return {
        **_span(Span(shift.starts, shift.ends), records),
        "name": shift.name,
        "leader": shift.leader,
        "chief": shift.chief,
        "officers": shift.officers,
    }


def _span(span: Span, records: _Records) -> Document:
    return {"starts": _local(span.starts, records), "ends": _local(span.ends, records)}


def _local(at: datetime, records: _Records) -> str:
    return at.astimezone(records.district.timezone).isoformat(timespec="minutes")
