"""The duty console's callbacks: choosing the centre to act as, which happens in the browser; and the draft of a report.

Everything that is live comes over the socket (callbacks/live.py, assets/duty.js); orders go to callbacks/orders.py.
"""

import time
from collections.abc import Callable

from dash import ClientsideFunction, Dash, Input, Output
from flask import Flask, Response, request

from callbacks import answers, identity
from dashboard.desk import concerns
from dashboard.district import District
from dashboard.follower import Follower
from dashboard.response import IncidentState
from dashboard.response.deeds import ReportPart
from dashboard.response.report_text import draft as report_draft
from layouts import ids
from layouts.words import Lang


def register(app: Dash, district: District) -> None:
    """Wire the console."""
    app.clientside_callback(
        ClientsideFunction("duty", "act_as"),
        Output(ids.DUTY_CENTRE, "data"),
        Input(ids.DUTY_SCOPE, "value"),
    )


def serve(server: Flask, district: District, follower: Follower, clock: Callable[[], float] = time.time) -> None:
    """Serve GET /duty/report?incident=&part=&lang=: the text of a report as far as the record knows it."""

    def report() -> Response:
        return draft(district, follower, clock())

    server.add_url_rule("/duty/report", "duty_report", report)


def draft(district: District, follower: Follower, now: float) -> Response:
    """The draft that the request asks for, of an incident within the caller's scope."""
    wanted, part = request.args.get("incident", ""), request.args.get("part", "")
    lang = Lang.EN if request.args.get("lang") == Lang.EN.value else Lang.ZH
    if part not in tuple(ReportPart):
        return answers.json({"error": "refused", "why": "part is first, follow_up or final"}, 400)
    incident = _find(district, follower, wanted)
    if incident is None:
        return answers.json({"error": "unknown", "why": "no such incident in your area"}, 404)
    return answers.json({"text": report_draft(incident, ReportPart(part), lang, district, now)})


def _find(district: District, follower: Follower, key: str) -> IncidentState | None:
    scope = district.scope(identity.current().centre)
    with follower.lock:
        found = next((state for state in follower.situation.response.all() if state.key == key), None)
    return found if found is not None and concerns(found, district, scope) else None
