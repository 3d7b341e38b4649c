"""The wall's page of the weekly briefing: what the last frozen one says, large enough for the back of the room."""

from dash import html
from dash.development.base_component import Component

from dashboard.briefing.model import Briefing, Figure
from layouts import briefing_kit
from layouts.briefing_words import label, title
from layouts.slots import Payload, panel, rows, slot, value
from layouts.slots import title as head
from layouts.view import View

FIGURES = (
    "cases.found",
    "cases.closed",
    "cases.on_time",
    "cases.p50",
    "cases.open",
    "cases.overdue",
    "response.volunteer",
    "response.auxiliary",
    "response.police",
    "alerts.precision",
    "alarms.per_day",
    "patrol.coverage",
)
LINES = 5


def frame(view: View) -> Component:
    """The page, laid out once."""
    figure = [
        slot("name", "brief-name"),
        slot("value", "brief-value num"),
        slot("part", "brief-part num"),
        slot("change"),
    ]
    return panel(
        "briefing",
        "briefing-page",
        [
            head(view.words, "page.briefing", slot("week", "head-note num")),
            rows("lines", [slot("text")], LINES, "brief-lines", "brief-line"),
            rows("figures", figure, len(FIGURES), "brief-figures", "brief-figure"),
            html.Div(view.words("no_briefing"), className="empty", **{"data-slot": "empty"}),
        ],
        view.words("page.briefing"),
    )


def payload(briefing: Briefing | None, view: View) -> Payload:
    """Its headline and its figures; before the first one is frozen, that there is none."""
    if briefing is None:
        return {"week": value(""), "lines": [], "figures": [], "empty": value(view.words("no_briefing"), hide=False)}
    known = {figure.id: figure for section in briefing.sections for figure in section.figures}
    lines = briefing_kit.headlines(briefing, view, LINES)
    return {
        "week": value(briefing_kit.span(briefing, view.words.lang)),
        "lines": [{"text": value(line)} for line in lines],
        "figures": [_figure(known[id_], view) for id_ in FIGURES if id_ in known],
        "empty": value("", hide=True),
    }


def _figure(figure: Figure, view: View) -> Payload:
    before = figure.previous[-1] if figure.previous else None
    text, judged = briefing_kit.change(figure, before, view)
    told = f"{label('previous', view.words.lang)} {text}" if figure.previous else ""
    return {
        "name": value(title(figure.id, view.words.lang)),
        "value": value(briefing_kit.value(figure.value, figure.unit, view)),
        "part": value(briefing_kit.fraction(figure, view)),
        "change": value(told, judged or "same", hide=not told),
    }
