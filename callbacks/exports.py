"""What may be taken out of the system: the table of cases as a file. Each file names who took it, and that is on record
before it goes out."""

import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from flask import Flask, Response, request

from callbacks import answers, identity
from callbacks.case_table import scope_for, view_in
from dashboard.access import Principal
from dashboard.backlog import query
from dashboard.backlog.query import Filter, QueryError, Sort
from dashboard.district import District, Scope
from dashboard.follower import Follower
from dashboard.store import JournalUnavailable
from layouts import case_table, sheets
from layouts import words as write
from layouts.case_rows import EXPORT, exactly
from layouts.view import View

Note = Callable[[str, str, str, str, Principal], None]  # kind, actor, subject, detail, who: callbacks/trail.py

_PATIENCE_S = 15.0


def register(
    server: Flask, district: District, follower: Follower, note: Note, clock: Callable[[], float] = time.time
) -> None:
    """Serve /exports/cases.csv and /exports/cases.xlsx; the arguments are those of the table (assets/case-table.js).

    `note` writes the audit trail and raises JournalUnavailable; nothing goes out that is not on record.
    """
    # 30,000 cases take Excel's format 5 s of a core that the wall needs as well: one at a time.
    busy = threading.Lock()

    def cases(kind: str) -> Response:
        if not busy.acquire(timeout=_PATIENCE_S):
            return _refused(503, "other exports are running; try again in a moment")
        try:
            return export_cases(district, follower, note, kind, clock())
        finally:
            busy.release()

    server.add_url_rule("/exports/cases.<any(csv, xlsx):kind>", "exports.cases", cases)


def export_cases(district: District, follower: Follower, note: Note, kind: str, now: float) -> Response:
    """The cases that the request names, within the scope of who asks."""
    who, view = identity.current(), view_in(district, request.args.get("lang"))
    try:
        wish = query.decode_filter(_json("filter"))
        order = query.decode_order(_json("order"))
        scope = scope_for(who, request.args.get("centre"), district)
        with follower.lock:
            found = follower.situation.backlog.matching(wish, order, scope, now)
    except QueryError as error:
        return _refused(400, str(error))
    mark = watermark(who, scope, wish, order, len(found), view, now)
    shown = found[: sheets.MOST_ROWS]
    try:
        note("export", who.name, f"cases.{kind}", f"{len(shown)}: {mark}"[:400], who)
    except JournalUnavailable:
        return _refused(503, "this cannot be put on record now, so it does not go out")
    rows = ([cell(case, view, now) for _, cell in EXPORT] for case in shown)
    body = sheets.build(kind, mark, [view.words(word) for word, _ in EXPORT], rows)
    stamp = datetime.fromtimestamp(now, view.zone).strftime("%Y%m%d-%H%M%S")
    return answers.attachment(body, sheets.MEDIA_TYPES[kind], f"cases-{stamp}.{kind}")


def watermark(
    who: Principal, scope: Scope, wish: Filter, order: tuple[Sort, ...], count: int, view: View, now: float
) -> str:
    """Who took what when, for the first row of a file."""
    words = view.words
    parts = [
        words("export.internal"),
        f"{words('export.by')} {who.title} ({who.name})",
        f"{words('export.at')} {exactly(now, view)}",
        f"{words('scope')} {words.name(scope.centre.name, scope.centre.name_en)}",
        case_table.describe(wish, order, view),
        case_table.total(count, view),
    ]
    if count > sheets.MOST_ROWS:
        parts.append(words("export.cut", n=write.number(sheets.MOST_ROWS), m=write.number(count)))
    return " | ".join(parts)


def _json(name: str) -> Any:
    """An argument that is JSON; "" is none."""
    text = request.args.get(name, "")
    try:
        return msgspec.json.decode(text) if text else None
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise QueryError(f"{name} is not JSON") from error


def _refused(status: int, why: str) -> Response:
    return answers.json({"error": "refused", "why": why}, status)
