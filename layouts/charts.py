"""The wall's charts as Plotly figures without data; the browser puts the payload's numbers in (assets/charts.js)."""

from datetime import datetime
from typing import Any

import plotly.graph_objects as go

from dashboard.backlog import BacklogFigures
from layouts.slots import Payload
from layouts.theme import FONTS, Palette
from layouts.view import View
from layouts.words import Words


def flow(palette: Palette, words: Words) -> go.Figure:
    """Cases found (bars) against cases closed (line), hour by hour."""
    figure = go.Figure(
        [
            go.Bar(name=words("found"), x=[], y=[], marker={"color": palette.bar_soft, "line": {"width": 0}}),
            go.Scatter(
                name=words("closed_word"),
                x=[],
                y=[],
                mode="lines",
                line={"color": palette.ink, "width": 3, "shape": "hvh"},
            ),
        ]
    )
    figure.update_layout(
        font={"family": FONTS, "color": palette.ink_mute, "size": 16},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        margin={"l": 0, "r": 0, "t": 4, "b": 0, "pad": 0},
        showlegend=False,
        hovermode=False,
        dragmode=False,
        bargap=0.18,
        xaxis={
            "type": "category",
            "fixedrange": True,
            "showgrid": False,
            "tickangle": 0,
            "dtick": 6,
            "automargin": False,
        },
        yaxis={
            "fixedrange": True,
            "gridcolor": palette.line,
            "zeroline": False,
            "nticks": 3,
            "automargin": True,
            "rangemode": "tozero",
            "tickformat": ",",
        },
    )
    return figure


def flow_payload(figures: BacklogFigures, view: View) -> Payload:
    """The columns of `flow`: hour labels, found, closed."""
    hours = [datetime.fromtimestamp(start, view.zone).strftime("%H") for start in figures.hours]
    traces: list[dict[str, Any]] = [
        {"x": hours, "y": list(figures.found_by_hour)},
        {"x": hours, "y": list(figures.closed_by_hour)},
    ]
    return {"chart": traces}
