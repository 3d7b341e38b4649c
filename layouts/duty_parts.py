"""What the panes of the duty console share: the pane itself, how a level, a centre and a person are written."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.response import IncidentState
from layouts import ids
from layouts import words as write
from layouts.slots import Payload, both, value
from layouts.view import View


def pane(view: View, name: str, css: str, children: Sequence[Component], *beside: Component) -> Component:
    """One pane of the console under its name; it is born loading, and stale when its data is."""
    words = view.words
    head = html.Div(
        [
            html.H2(both(words, f"pane.{name}"), className="two"),
            *beside,
            html.Span(className="as-of", **{"data-as-of": "", "data-word": words("as_of")}),
        ],
        className="panel-head",
    )
    return html.Section(
        [head, *children],
        id=ids.duty_panel(name),
        className=f"panel {css} is-loading",
        **{"data-panel": name, "aria-label": words(f"pane.{name}")},
    )


def level_chip(level: int, is_on: bool = True) -> Payload:
    """The chip of a level: numeral, colour and shape."""
    return value(write.NUMERALS[level], f"level-{level}" if is_on else "zero")


def called(incident: IncidentState, view: View) -> str:
    """How an incident is spoken of: its title, or its kind."""
    return incident.title or view.kind(incident.kind)


def where(incident: IncidentState, view: View) -> str:
    """Sub-district and place of an incident."""
    return " · ".join(part for part in (view.sub_district(incident.community), incident.place) if part)


def who(by: str, centre: str, view: View) -> str:
    """A person with the centre from which it acted: 李四（西乡）."""
    name = view.centre(centre) if centre else ""
    if not by or not name:
        return by or name
    return f"{by}（{name}）" if view.words.lang is write.Lang.ZH else f"{by} ({name})"


def many(words: list[str], view: View) -> str:
    """Words in a row, as the language writes them."""
    return ("、" if view.words.lang is write.Lang.ZH else ", ").join(words)
