"""Named places in a panel and what may stand in them: the contract between the panels here and assets/binder.js.

A panel is laid out once, with a fixed number of rows; afterwards its payload, plain JSON keyed by slot and list name,
is put in place by the browser as text. So no figure ever passes through React, and no text ever becomes markup.
"""

from collections.abc import Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from layouts import ids
from layouts.words import Words

Payload = dict[str, Any]


def slot(name: str, css: str = "", tag: type[Component] = html.Span, /, **props: Any) -> Component:
    """An element whose text (or bar, or picture) the payload's `name` gives."""
    return tag(className=css, **{"data-slot": name}, **props)


def rows(
    name: str,
    row: Sequence[Component],
    count: int,
    css: str = "",
    row_css: str = "",
    **props: Any,
) -> Component:
    """A list of `count` equal rows, filled from the payload's list `name`; what is not filled is hidden.

    Only the first row is a Dash component and the browser copies it: the time that Dash takes to lay out a page grows
    with the square of the number of its components (7 s for 1,800, under 1 s for 500).
    """
    first = html.Div(list(row), className=row_css, hidden=True, **{"data-row": ""})
    return html.Div([first], className=css, **{"data-list": name, "data-rows": str(count)}, **props)


def panel(
    name: str, css: str, children: Sequence[Component], label: str, tag: type[Component] = html.Section
) -> Component:
    """One panel; it is born loading, and stale when its data is."""
    return tag(
        list(children),
        id=ids.panel(name),
        className=f"panel {css} is-loading",
        **{"data-panel": name, "aria-label": label},
    )


def title(words: Words, key: str, *more: Component) -> Component:
    """A panel's head: its name in both languages, what belongs beside it, and how old its data is."""
    return html.Div(
        [
            html.H2(both(words, key)),
            *more,
            html.Span(className="as-of", **{"data-as-of": "", "data-word": words("as_of")}),
        ],
        className="panel-head",
    )


def section(words: Words, key: str, *more: Component) -> Component:
    """The head of a part of a panel."""
    return html.Div([html.H3(both(words, key)), *more], className="section-head")


def both(words: Words, key: str) -> list[Component]:
    """A word in the main language with the other one beside it, smaller."""
    return [html.Span(words(key), className="main"), html.Span(words.beside(key), className="beside")]


def value(text: str | int = "", state: str = "", **more: Any) -> Payload:
    """What stands in a slot: text, and a state that CSS draws.

    more: `due` or `since` (epoch s) tick in the browser, `span` [from, to] and `share` 0..1 fill a bar, `src` is a
    picture, `hide` takes the element away, `tip` is its accessible name, `centre` makes it choose that centre.
    """
    made: Payload = dict(more)
    if text != "":
        made["text"] = str(text)
    if state:
        made["state"] = state
    return made
