"""Triage of video alerts on the console: the open ones beside the chosen one, big, with picture, recording, live view.

Every alert's page is plain JSON that the browser holds; what may be done with it, and why not, is said in `acts`. Whose
claim it is, the browser compares with who is signed in (`facts.claimed_actor`).
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from dash import html
from dash.development.base_component import Component

from dashboard.access.permissions import ORDERS, Permission
from dashboard.alerts import OPEN, AlertStage, AlertState
from dashboard.records import Verb
from dashboard.video import Gateways
from layouts import ids
from layouts import words as write
from layouts.duty_parts import level_chip, pane, who
from layouts.slots import Payload, both, rows, slot, value
from layouts.view import View

ROWS = 40


class Act(NamedTuple):
    """One thing that a key or a button does with the chosen alert."""

    name: str
    key: str
    verb: Verb | None = None


ACTS = (
    Act("claim", "t", Verb.CLAIM),
    Act("release", "b", Verb.RELEASE),
    Act("confirm_incident", "e", Verb.CONFIRM),
    Act("confirm_case", "c", Verb.CONFIRM),
    Act("mark_false", "f", Verb.MARK_FALSE),
    Act("live", "l"),
    Act("clip", "p"),
    Act("enlarge", "enter"),
    Act("previous", "arrowleft"),
    Act("next", "arrowright"),
)
FALSE_REASONS = ("light", "animal", "plant", "weather", "normal_work", "test", "camera")


def frame(view: View) -> Component:
    """The pane, laid out once."""
    words = view.words
    return html.Div(
        [
            pane(
                view,
                "triage",
                "triage",
                [
                    rows("alerts", _row(), ROWS, "triage-rows", "triage-row", role="listbox"),
                    html.Div(both(words, "no_alerts"), className="empty two", **{"data-slot": "empty"}),
                ],
                slot("count", "count num"),
            ),
            html.Section(
                [_stage(view), _facts(view), _bar(view)],
                id=ids.duty_panel("alert"),
                className="panel alert-page is-loading",
                **{"data-panel": "alert", "aria-label": words("pane.alert")},
            ),
        ],
        className="triage-view",
    )


def payload(alerts: Sequence[AlertState], gateways: Gateways, view: View) -> Payload:
    """The list, and for each alert its page, what can be done with it and what that needs to know."""
    waiting = [alert for alert in alerts if alert.stage in OPEN]
    shown = [*waiting, *(alert for alert in alerts if alert.stage not in OPEN)][:ROWS]
    return {
        "count": value(write.number(len(waiting)), hide=not waiting),
        "alerts": [_listed(alert, view) for alert in shown],
        "empty": value(hide=bool(shown)),
        "items": [alert.key for alert in shown],
        "pages": {alert.key: _page(alert, view) for alert in shown},
        "acts": {alert.key: acts(alert, gateways, view) for alert in shown},
        "facts": {alert.key: _known(alert, gateways, view) for alert in shown},
        "needs": {act.name: ORDERS[act.verb].value for act in ACTS if act.verb} | {"live": Permission.SEE_VIDEO.value},
        "keys": {act.key: act.name for act in ACTS},
    }


# -- laid out --------------------------------------------------------------------------------------------------


def _row() -> list[Component]:
    return [
        html.Div([html.I(className="camera-glyph"), slot("still", "still", html.Img, alt="")], className="thumb"),
        html.Div(
            [
                html.Div([slot("level", "chip chip-small"), slot("title", "alert-title")], className="alert-line"),
                html.Div([slot("source", "alert-source"), slot("age", "num")], className="alert-line"),
                html.Div([slot("stage", "alert-stage"), slot("count", "num")], className="alert-line"),
            ],
            className="alert-text",
        ),
    ]


def _stage(view: View) -> Component:
    """Where the picture, the recording or the live view stands."""
    words = view.words
    return html.Div(
        [
            slot("still", "alert-picture", html.Img, alt=""),
            html.Div(both(words, "no_picture"), className="empty two", **{"data-slot": "no_still"}),
            html.Video(className="alert-video", hidden=True, muted=True, controls=True, **{"data-video": "alert"}),
            html.Div("", className="video-note", role="status", hidden=True, **{"data-video-note": "alert"}),
        ],
        className="alert-stage-box",
    )


def _facts(view: View) -> Component:
    words = view.words
    names = ("kind", "device", "place", "first", "last", "confidence", "camera_rate", "claimed", "decided")
    return html.Div(
        [
            html.Div(
                [slot("level", "chip"), slot("title", "incident-title", html.H3), slot("stage", "tag")],
                className="incident-line",
            ),
            html.Dl(
                [
                    html.Div([html.Dt(words(f"triage.{name}")), slot(name, "num", html.Dd)], className="fact")
                    for name in names
                ],
                className="facts",
            ),
        ],
        className="alert-facts",
    )


def _bar(view: View) -> Component:
    return html.Div(
        [
            html.Button(
                [html.Kbd(shown_key(act.key)), html.Span(view.words(f"triage.act.{act.name}"), className="act-word")],
                type="button",
                className="act",
                disabled=True,
                **{"data-triage-act": act.name},
            )
            for act in ACTS
        ],
        className="acts triage-acts",
        role="toolbar",
    )


def shown_key(key: str) -> str:
    """How a key is written on its button."""
    return {"enter": "Enter", "arrowleft": "←", "arrowright": "→"}.get(key, key.upper())


# -- filled ----------------------------------------------------------------------------------------------------


def _listed(alert: AlertState, view: View) -> Payload:
    is_open = alert.stage in OPEN
    return {
        "row": value(state="open" if is_open else "done"),
        "still": value(src=view.still_url(alert.still) if alert.still else "", hide=not alert.still),
        "level": level_chip(int(alert.level), is_open),
        "title": value(alert.title or alert.kind),
        "source": value(_source(alert, view)),
        "age": value(since=alert.last_at),
        "stage": value(_stage_word(alert, view), alert.stage.value),
        "count": value(f"×{alert.count}", hide=alert.count < 2),
    }


def _page(alert: AlertState, view: View) -> Payload:
    confidence = write.UNKNOWN if alert.confidence is None else f"{100 * alert.confidence:.0f}%"
    kind = view.words("late_record") if alert.late_record else ""
    return {
        "still": value(src=view.still_url(alert.still) if alert.still else "", hide=not alert.still),
        "no_still": value(hide=bool(alert.still)),
        "level": level_chip(int(alert.level), alert.stage in OPEN),
        "title": value(alert.title or alert.kind),
        "stage": value(_stage_word(alert, view), alert.stage.value),
        "kind": value(" · ".join(part for part in (alert.kind, kind) if part)),
        "device": value(view.device(alert.device) or write.UNKNOWN),
        "place": value(f"{view.sub_district(alert.community)} · {view.community(alert.community)}"),
        "first": value(write.time_of_day(alert.first_at, view.zone)),
        "last": value(f"{write.time_of_day(alert.last_at, view.zone)} ×{alert.count}"),
        "confidence": value(confidence),
        "camera_rate": value(_camera_rate(alert, view)),
        "claimed": value(_by(alert.claimed_by, alert.claimed_from, alert.claimed_at, view)),
        "decided": value(_decided(alert, view)),
    }


def acts(alert: AlertState, gateways: Gateways, view: View) -> dict[str, str]:
    """For each act why it cannot be done now; "" where it can. Whose claim it is the browser looks at besides."""
    words = view.words
    over = "" if alert.stage in OPEN else words("triage.why.decided")
    has_live = gateways.live_of(alert.device) is not None and bool(alert.device)
    has_clip = bool(gateways.clip_of(alert.device, alert.first_at, alert.last_at))
    return {
        "claim": over or (words("triage.why.claimed") if alert.stage is AlertStage.CLAIMED else ""),
        "release": over or ("" if alert.stage is AlertStage.CLAIMED else words("triage.why.not_claimed")),
        "confirm_incident": over,
        "confirm_case": over,
        "mark_false": over,
        "live": "" if has_live else words("triage.why.no_live"),
        "clip": "" if has_clip else words("triage.why.no_clip"),
        "enlarge": "" if alert.still else words("no_picture"),
        "previous": "",
        "next": "",
    }


def _known(alert: AlertState, gateways: Gateways, view: View) -> dict[str, Any]:
    """What the acts need to know."""
    return {
        "title": alert.title or alert.kind,
        "level": int(alert.level),
        "device": alert.device,
        "clip": gateways.clip_of(alert.device, alert.first_at, alert.last_at),
        "claimed_actor": alert.claimed_actor,
        "claimed_by": who(alert.claimed_by, alert.claimed_from, view),
        "is_open": alert.stage in OPEN,
    }


def _source(alert: AlertState, view: View) -> str:
    return view.device(alert.device) or view.community(alert.community)


def _stage_word(alert: AlertState, view: View) -> str:
    word = view.words(f"alert.{alert.stage.value}")
    if alert.stage is AlertStage.CLAIMED and alert.claimed_by:
        return f"{word} · {alert.claimed_by}"
    return word


def _camera_rate(alert: AlertState, view: View) -> str:
    """How often people found this camera wrong in 30 days, with what the rate is made of."""
    judged = alert.device_confirmed + alert.device_false
    if not judged:
        return view.words("triage.no_verdicts")
    return f"{write.percent(alert.device_false, judged)} ({alert.device_false}/{judged})"


def _by(by: str, centre: str, at: float | None, view: View) -> str:
    return f"{write.time_of_day(at, view.zone)} {who(by, centre, view)}" if at is not None else write.UNKNOWN


def _decided(alert: AlertState, view: View) -> str:
    reason = f" · {alert.reason}" if alert.reason else ""
    return _by(alert.decided_by, alert.decided_from, alert.decided_at, view) + reason
