"""The duty console: the desk of those who act, one or two monitors, keyboard first. Frame once, then panels as JSON.

Each pane is a module of its own; this one joins them. Every incident is a panel named `incident:<key>`; the browser
keeps all and shows the chosen one in the panes `incident` and `context`.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import desk
from dashboard.alarms import AlarmState
from dashboard.alerts import AlertStage, AlertState
from dashboard.district import District
from dashboard.history.moments import Asked
from dashboard.overview import Overview
from dashboard.response import IncidentState
from dashboard.situation import Situation
from dashboard.video import Gateways
from layouts import (
    alarm_list,
    case_table,
    command_panel,
    duty_forms,
    duty_header,
    duty_keys,
    ids,
    incident_context,
    incident_page,
    patrol_pane,
    queue_panel,
    shift_panel,
    time_bar,
    triage_panel,
    wall,
)
from layouts.slots import Payload
from layouts.theme import Theme
from layouts.view import View
from layouts.words import WORDS, Lang, Words

MOST_ROOT_PX = 22.0  # a desk is read from 70 cm: beyond this a larger monitor shows more instead of larger
_BROWSER_WORDS = ("not_known_yet", "not_taken")
_BROWSER_PREFIXES = (
    *("duty.", "sound.", "order.", "why.", "chord.", "form.", "report.", "role.", "triage.", "video."),
    "patrol.",
)


def screen(
    district: District,
    lang: str = Lang.ZH,
    theme: str = Theme.DARK,
    *,
    viewing_distance_m: float = 0.0,
    pixel_pitch_mm: float = 0.0,
    tile_url: str = "",
    home: str = "",
    asked: Asked | None = None,
) -> Component:
    """The frame of the console; it stands on a desk, so the room's distance does not matter here.

    `home`: the centre of whoever signed in, which the console acts as at first. `asked`: the past moment that it begins
    with; None: it is live.
    """
    home = home or district.root.code
    view = View(district, Words(Lang(lang)), wall.still_address)
    settings = browser_settings(view, Theme(theme), home) | {"replay": time_bar.browser_settings(view, asked)}
    return html.Div(
        [
            dcc.Store(id=ids.DUTY_CENTRE, data=home),
            duty_header.frame(view, home),
            html.Div([queue_panel.frame(view), incident_context.list_frame(view)], className="duty-left"),
            duty_header.tabs(view),
            html.Div(_work(view), className="duty-work"),
            incident_context.frame(view),
            _foot(view),
            *time_bar.frames(view),
            _banner(),
            duty_keys.help_page(view),
            html.Div(className="duty-dialog", hidden=True, **{"data-live": "dialog"}),
        ],
        id=ids.DUTY,
        className="duty is-connecting",
        lang=lang,
        **{
            "data-theme": theme,
            "data-view": duty_keys.VIEWS[0],
            "data-settings": json.dumps(settings, ensure_ascii=False),
        },
    )


def _work(view: View) -> list[Component]:
    frames: Mapping[str, Component] = {
        "incident": incident_page.frame(view),
        "triage": triage_panel.frame(view),
        "cases": html.Div([html.P(view.words("replay.no_cases"), className="replay-none"), case_table.frame(view)]),
        "alarms": alarm_list.frame(view),
        "command": command_panel.frame(view),
        "shift": shift_panel.frame(view),
        "patrol": patrol_pane.frame(view),
    }
    return [html.Div(each, className="work-view", **{"data-work": name}) for name, each in frames.items()]


def _foot(view: View) -> Component:
    words = view.words
    return html.Footer(
        [
            html.Div("", className="foot-message", role="status", **{"data-live": "message", "aria-live": "polite"}),
            html.Div(
                [
                    html.Kbd("Z"),
                    html.Span("", **{"data-live": "undo-text"}),
                    html.Span("", className="num", **{"data-live": "undo-left"}),
                ],
                className="undo",
                hidden=True,
                **{"data-live": "undo"},
            ),
            html.Div("", className="chord", hidden=True, role="menu", **{"data-live": "chord"}),
            html.Span(
                [html.Span(words("gaps"), className="soft"), html.Span("0", className="num", **{"data-live": "gaps"})],
                className="foot-right",
            ),
        ],
        className="duty-foot",
    )


def _banner() -> Component:
    return html.Div(
        [
            html.Span(className="banner-text", **{"data-live": "banner"}),
            html.Span(className="banner-age num", **{"data-live": "banner-age"}),
        ],
        className="banner duty-banner",
        role="alert",
        hidden=True,
    )


def browser_settings(view: View, theme: Theme, home: str) -> dict[str, Any]:
    """What the browser must know before the first message."""
    words = view.words
    own = {
        "screen": "duty",
        "most_root_px": MOST_ROOT_PX,
        "ids": {"centre": ids.DUTY_SCOPE, "search": ids.DUTY_SEARCH},
        "forms": duty_forms.forms(view),
        **duty_keys.browser(view),
    }
    shared = wall.browser_settings(view, theme, 0.0, home)
    more = {key: words(key) for key in (*_BROWSER_WORDS, *(key for key in WORDS if key.startswith(_BROWSER_PREFIXES)))}
    return {**shared, **own, "words": {**shared["words"], **more}}


@dataclass(frozen=True)
class Console:
    """What the panes need beside the situation: the same as long as the process runs."""

    district: District
    cameras: desk.Cameras
    gateways: Gateways
    still_url: Callable[[str], str] = wall.still_address

    def panels(self, overview: Overview, situation: Situation, lang: str) -> dict[str, Payload]:
        """What each pane shows, by panel name: plain JSON that duty.js puts in place."""
        view = View(self.district, Words(Lang(lang)), self.still_url)
        return {
            **_panes(overview, situation, self.gateways, view),
            **_pages(overview, situation, self.cameras, view),
        }


def _panes(overview: Overview, situation: Situation, gateways: Gateways, view: View) -> dict[str, Payload]:
    district = view.district
    scope, now = district.scope(overview.centre), overview.as_of
    incidents = desk.incidents_of(situation, view.district, scope, now)
    alarms = overview.alarms
    waiting = desk.tasks(overview, situation, scope, incidents)
    shift = shift_panel.payload(overview.headline, situation.duty, overview.centre, view, now)
    calls = situation.command.all()
    return {
        "head": duty_header.payload(overview.headline, alarm_list.counts(alarms), shift["waiting"] is not None, view),
        "tabs": duty_header.tab_counts(_tab_counts(overview, incidents, alarms, waiting)),
        "queue": queue_panel.payload(waiting, _subjects(incidents, overview.alerts, alarms), view),
        "incidents": incident_context.list_payload(incidents, view),
        "alarms": alarm_list.payload(alarms, overview.alarm_figures, view),
        "command": command_panel.payload(overview.centres, calls, overview.centre, view, now),
        "shift": shift,
        "triage": triage_panel.payload(overview.alerts, gateways, view),
        "patrol": patrol_pane.payload(overview, view),
    }


def _pages(overview: Overview, situation: Situation, cameras: desk.Cameras, view: View) -> dict[str, Payload]:
    """A page for each incident of the scope."""
    now = overview.as_of
    incidents = desk.incidents_of(situation, view.district, view.district.scope(overview.centre), now)
    shown = {}
    for incident in incidents[: incident_context.OPEN_ROWS]:
        near = cameras.nearest(incident.lat, incident.lon, incident_context.CAMERAS)
        page = incident_page.payload(incident, overview.centre, view, now)
        shown[f"incident:{incident.key}"] = {**page, **incident_context.payload(incident, near, view)}
    return shown


def _subjects(
    incidents: tuple[IncidentState, ...], alerts: tuple[AlertState, ...], alarms: tuple[AlarmState, ...]
) -> queue_panel.Subjects:
    return {state.key: state for states in (alarms, alerts, incidents) for state in states}


def _tab_counts(
    overview: Overview,
    incidents: tuple[IncidentState, ...],
    alarms: tuple[AlarmState, ...],
    waiting: list[desk.Task],
) -> dict[str, int]:
    wants = [task.want for task in waiting]
    return {
        "incident": sum(state.closed_at is None for state in incidents),
        "triage": sum(alert.stage is AlertStage.NEW for alert in overview.alerts),
        "cases": overview.backlog.overdue,
        "alarms": sum(alarm.needs_action for alarm in alarms),
        "command": wants.count(desk.Want.ROLL_CALL),
        "shift": wants.count(desk.Want.TAKE_OVER),
        "patrol": sum(any(row.missing for row in area.strength) for area in overview.patrol.areas),
    }
