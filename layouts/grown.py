"""Parts of a screen that the browser makes itself (assets/grown.js), out of the same components written as data.

The time that Dash takes to lay out a page grows with the square of the number of its components; what is only a frame
for figures needs none of them.
"""

import json
from typing import Any

from dash import html
from dash.development.base_component import Component


def grown(part: Component) -> Component:
    """The same part with all that is in it as data: only elements of HTML, nothing that Dash has a callback for."""
    inner = part.children if isinstance(part.children, list) else [part.children]
    data = json.dumps(_plain(inner), ensure_ascii=False, separators=(",", ":"))
    part.children = [html.Div(className="grown", **{"data-grown": data})]
    return part


def _plain(node: Any) -> Any:
    """A component as Dash would send it, without what is empty."""
    if isinstance(node, Component):
        sent = node.to_plotly_json()
        props = {name: _plain(prop) for name, prop in sent["props"].items() if prop is not None}
        return {"type": sent["type"], "props": props}
    if isinstance(node, list | tuple):
        return [_plain(each) for each in node]
    return node
