"""Beside an incident: the record of what was done about it, newest first, and the nearest cameras; and all incidents
that are open, to go from one to the next."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.desk import Camera
from dashboard.records import Verb
from dashboard.response import IncidentState
from dashboard.response.deeds import Deed
from layouts import words as write
from layouts.duty_parts import called, level_chip, pane, where, who
from layouts.slots import Payload, both, rows, slot, value
from layouts.view import View

CAMERAS = 6
DEEDS = 60
OPEN_ROWS = 40
TEXT = 240  # characters of a text in the record; a report is longer and has its own page


def frame(view: View) -> Component:
    """The pane, laid out once."""
    words = view.words
    camera = [slot("rank", "candidate-rank num"), slot("name", "camera-name"), slot("ai", "tag"), slot("away", "num")]
    deed = [slot("at", "num"), slot("what", "deed-what"), slot("who", "deed-who"), slot("text", "deed-text")]
    return pane(
        view,
        "context",
        "context",
        [
            html.H3(both(words, "cameras"), className="two"),
            rows("cameras", camera, CAMERAS, "camera-rows", "camera-row", **{"data-live": "cameras"}),
            html.H3(both(words, "record"), className="two"),
            rows("deeds", deed, DEEDS, "deeds", "deed", tabIndex="0"),
            html.Div(words("no_deeds"), className="soft", **{"data-slot": "no_deeds"}),
        ],
    )


def payload(incident: IncidentState, cameras: Sequence[Camera], view: View) -> Payload:
    """The record and the cameras of one incident."""
    return {
        "cameras": [_camera(place, camera, view) for place, camera in enumerate(cameras[:CAMERAS], 1)],
        "camera_ids": [camera.id for camera in cameras[:CAMERAS]],
        "deeds": [_deed(deed, view) for deed in reversed(incident.deeds[-DEEDS:])],
        "no_deeds": value(view.words("no_deeds"), hide=bool(incident.deeds)),
    }


def list_frame(view: View) -> Component:
    """The list of open incidents, laid out once."""
    row = [
        slot("level", "chip chip-small"),
        slot("name", "task-name"),
        slot("clock", "task-clock num"),
        slot("place", "task-detail"),
    ]
    return pane(
        view,
        "incidents",
        "incident-list",
        [
            rows("incidents", row, OPEN_ROWS, "tasks", "task"),
            html.Div(both(view.words, "no_incidents"), className="empty two", **{"data-slot": "empty"}),
        ],
        slot("count", "count num"),
    )


def list_payload(incidents: Sequence[IncidentState], view: View) -> Payload:
    """Every incident that has a page, in the order of what runs out first; those closed lately behind."""
    shown = incidents[:OPEN_ROWS]
    running = sum(incident.closed_at is None for incident in incidents)
    return {
        "count": value(write.number(running), hide=not running),
        "incidents": [_row(incident, view) for incident in shown],
        "empty": value(hide=bool(incidents)),
        "keys": [incident.key for incident in shown],
    }


def _row(incident: IncidentState, view: View) -> Payload:
    is_open = incident.closed_at is None
    clock = value(since=incident.zero_at or incident.reported_at) if is_open else value(view.words("closed_word"))
    return {
        "row": value(state="open" if is_open else "closed"),
        "level": level_chip(int(incident.level), is_open),
        "name": value(called(incident, view)),
        "clock": clock,
        "place": value(where(incident, view)),
    }


def _camera(place: int, camera: Camera, view: View) -> Payload:
    return {
        "rank": value(str(place)),
        "name": value(camera.name or camera.id),
        "ai": value("AI", hide=not camera.is_ai),
        "away": value(write.distance(camera.away_m)),
    }


def log_line(deed: Deed, view: View) -> tuple[str, str, str, str]:
    """One line of the record: when, what, who, and what was said."""
    return write.time_of_day(deed.at, view.zone), _what(deed, view), who(deed.by, deed.centre, view), _text(deed, view)


def _deed(deed: Deed, view: View) -> Payload:
    at, what, by, text = log_line(deed, view)
    return {
        "row": value(state="retracted" if deed.retracted else deed.word),
        "at": value(at),
        "what": value(what),
        "who": value(by),
        "text": value(text, hide=not text),
    }


def _families(kind: str) -> list[str]:
    """The words that the kind of a deed may have: it is a part of a report, an outcome, an evidence or a tier."""
    return [f"{family}.{kind}" for family in ("report", "outcome", "evidence", "tier")]


def _what(deed: Deed, view: View) -> str:
    words = view.words
    parts = [words(f"done.{deed.word}" if deed.verb else f"noted.{deed.word}")]
    if deed.unit:
        parts.append(deed.unit)
    if deed.into:
        parts.append(view.centre(deed.into))
    if deed.retracted:
        parts.append(f"（{words('retracted')}）")
    return " ".join(parts)


def _text(deed: Deed, view: View) -> str:
    """What was said: level and kind of a classification, the first line of a text, a reason."""
    parts = []
    if deed.verb in (Verb.CLASSIFY, Verb.REGISTER):
        parts.append(f"{write.NUMERALS.get(deed.level, '')} {view.kind(deed.kind)}".strip())
    elif deed.kind:
        known = next((key for key in _families(deed.kind) if key in write.WORDS), "")
        parts.append(view.words(known) if known else deed.kind)
    if deed.text:
        parts.append(deed.text if len(deed.text) <= TEXT else f"{deed.text[:TEXT]}…")
    if deed.reason:
        parts.append(deed.reason)
    return " · ".join(parts)
