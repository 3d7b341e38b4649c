"""Taking a briefing out: asked for, made by the history process, and fetched when it is done. All of it on record."""

from flask import Flask, Response, redirect, request

from callbacks import answers, identity
from callbacks.briefing import Desk, asked
from callbacks.gate import page
from callbacks.look import Looks
from callbacks.trail import Trail
from dashboard.access import Permission
from dashboard.briefing.jobs import FORMATS, Job, Jobs, State
from dashboard.store import JournalUnavailable
from layouts import briefing_job
from layouts.briefing_words import label

_TYPES = {
    "pdf": "application/pdf",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class Exports:
    """Answers the pages."""

    def __init__(self, desk: Desk, jobs: Jobs, trail: Trail, looks: Looks) -> None:
        self._desk = desk
        self._jobs = jobs
        self._trail = trail
        self._looks = looks

    def ask(self) -> Response:
        """POST /briefing/exports: leads to the page of the job, or answers JSON where that is asked for."""
        who, shown, look = identity.current(), self._desk.wanted(), self._looks.current()
        format_ = asked("format")
        if not who.may(Permission.SEE_BRIEFING) or format_ not in FORMATS:
            return answers.json({"error": "no such format"}, 400)
        try:
            self._trail.note("export", who.name, f"briefing/{shown.week}/{shown.centre}", format_, who)
            job = self._jobs.ask(shown.week, shown.centre, format_, look.lang.value, who.name, shown.mark)
        except (JournalUnavailable, OSError):
            job = None
        if job is None:
            return page(503, briefing_job.trouble(look, label("away", look.lang)))
        if request.is_json:
            return answers.json({"id": job.id}, 202)
        answer: Response = redirect(look.link(f"/briefing/exports/{job.id}"), 303)  # type: ignore[assignment]
        return answer

    def show(self, id_: str) -> Response:
        """GET /briefing/exports/<id>: how far it is; the page asks again by itself until it is done."""
        job, look = self._own(id_), self._looks.current()
        if job is None:
            return page(404, briefing_job.trouble(look, label("nothing", look.lang)))
        if "text/html" not in request.accept_mimetypes.values():
            url = f"/briefing/exports/{job.id}/file" if job.state is State.DONE else ""
            return answers.json({"state": job.state, "share": job.share, "why": job.why, "url": url})
        return page(200, briefing_job.screen(look, job))

    def file(self, id_: str) -> Response:
        """GET /briefing/exports/<id>/file"""
        job, look = self._own(id_), self._looks.current()
        if job is None or job.state is not State.DONE:
            return page(404, briefing_job.trouble(look, label("nothing", look.lang)))
        path = self._jobs.file(job)
        return answers.attachment(path.read_bytes(), _TYPES[job.format], path.name)

    def _own(self, id_: str) -> Job | None:
        """A job of whoever asks: others have no business with it."""
        job = self._jobs.get(id_)
        return job if job is not None and job.by == identity.current().name else None


def register(server: Flask, exports: Exports) -> None:
    """Serve the exports of briefings."""
    server.add_url_rule("/briefing/exports", "briefing.export", exports.ask, methods=["POST"])
    server.add_url_rule("/briefing/exports/<id_>", "briefing.job", exports.show)
    server.add_url_rule("/briefing/exports/<id_>/file", "briefing.file", exports.file)
