"""The wall's few Dash callbacks: choosing a centre and switching map layers. Both happen in the browser alone.

Everything that is live comes over the socket (callbacks/live.py, assets/live.js) and never through a callback.
"""

from dash import ClientsideFunction, Dash, Input

from dashboard.district import District
from layouts import ids


def register(app: Dash, district: District) -> None:
    """Wire the wall."""
    app.clientside_callback(
        ClientsideFunction("wall", "choose_centre"),
        Input(ids.WALL_CENTRE, "value"),
        prevent_initial_call=True,
    )
    app.clientside_callback(ClientsideFunction("wall", "show_layers"), Input(ids.WALL_LAYERS, "value"))
