"""The panel of forces: how many units of each tier can be sent, are sent, or are not to be relied on."""

from dash import html
from dash.development.base_component import Component

from dashboard.overview import Overview
from dashboard.records import TIERS
from layouts import words as write
from layouts.slots import Payload, panel, rows, slot, title, value
from layouts.view import View

_COLUMNS = (("available", "available"), ("committed", "committed"), ("stale", "stale"), ("off", "off_duty"))


def frame(view: View) -> Component:
    """The panel, laid out once."""
    words = view.words
    head = html.Div(
        [html.Span(), *(html.Span(words(word), className="soft") for _, word in _COLUMNS)],
        className="force-row force-head",
    )
    row = [
        slot("tier", "row-name"),
        *(slot(name, f"num force-{name}") for name, _ in _COLUMNS),
    ]
    return panel(
        "forces",
        "forces",
        [title(words, "forces"), head, rows("tiers", row, len(TIERS), "force-rows", "force-row")],
        words("forces"),
    )


def payload(overview: Overview, view: View) -> Payload:
    """The rows, by tier; a tier of which nothing at all is known shows no zeros."""
    made = []
    for row in overview.tiers:
        counts = {name: getattr(row, name) for name, _ in _COLUMNS}
        is_known = any(counts.values())
        shown = {
            name: value(write.number(count) if is_known else write.UNKNOWN, "some" if count else "zero")
            for name, count in counts.items()
        }
        made.append({"tier": value(view.words(f"tier.{row.tier.value}")), **shown})
    return {"tiers": made}
