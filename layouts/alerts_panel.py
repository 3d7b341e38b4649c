"""The panel of video alerts: the newest open ones with their picture, and what became of today's."""

from dash import html
from dash.development.base_component import Component

from dashboard.alerts import AlertStage, AlertState
from dashboard.overview import Overview
from layouts import words as write
from layouts.slots import Payload, both, panel, rows, slot, title, value
from layouts.view import View

ALERTS = 6  # laid out; a usual wall has room for four


def frame(view: View) -> Component:
    """The panel, laid out once."""
    words = view.words
    row = [
        html.Div([html.I(className="camera-glyph"), slot("still", "still", html.Img, alt="")], className="thumb"),
        html.Div(
            [
                html.Div(
                    [
                        slot("level", "chip chip-small"),
                        slot("title", "alert-title"),
                        slot("count", "alert-count num"),
                    ],
                    className="alert-line",
                ),
                html.Div([slot("source", "alert-source"), slot("confidence", "num mute")], className="alert-line"),
                html.Div(
                    [slot("stage", "alert-stage"), slot("back", "mute"), slot("age", "alert-age num")],
                    className="alert-line",
                ),
            ],
            className="alert-text",
        ),
    ]
    return panel(
        "alerts",
        "alerts",
        [
            title(words, "alerts", slot("counts", "head-note num")),
            rows("alerts", row, ALERTS, "alert-rows", "alert"),
            html.Div(both(words, "no_alerts"), className="empty two", **{"data-slot": "empty"}),
        ],
        words("alerts"),
    )


def payload(overview: Overview, view: View) -> Payload:
    """The rows and today's counts."""
    words, today = view.words, dict(overview.alert_counts)
    waiting = f"{words('alert.new')} {write.number(today.get(AlertStage.NEW, 0))}"
    counts = f"{waiting}/{write.number(sum(today.values()))}"
    return {
        "counts": value(counts),
        "alerts": [_row(alert, view) for alert in overview.alerts[:ALERTS]],
        "empty": value(hide=bool(overview.alerts)),
    }


def _row(alert: AlertState, view: View) -> Payload:
    words = view.words
    level = int(alert.level)
    confidence = "" if alert.confidence is None else f"{100 * alert.confidence:.0f}%"
    is_open = alert.stage in (AlertStage.NEW, AlertStage.CLAIMED)
    return {
        "row": value(state="open" if is_open else "done", tip=alert.title),
        "still": value(src=view.still_url(alert.still) if alert.still else "", hide=not alert.still),
        "level": value(write.NUMERALS[level], f"level-{level}" if is_open else "zero"),
        "title": value(alert.title or alert.kind),
        "count": value(f"×{alert.count}", hide=alert.count < 2),
        "source": value(view.device(alert.device) or view.community(alert.community)),
        "confidence": value(confidence, hide=not confidence),
        "stage": value(words(f"alert.{alert.stage.value}"), alert.stage.value),
        "back": value(words("normal_again"), hide=alert.active),
        "age": value(since=alert.last_at),
    }
