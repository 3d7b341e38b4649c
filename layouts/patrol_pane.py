"""The console's view of patrol: areas, the overdue cells of the chosen one, and single units only for a reason.

Cells and units are asked for when somebody wants them (callbacks/patrol.py, assets/duty-patrol.js); no payload holds a
unit.
"""

from dash import html
from dash.development.base_component import Component

from dashboard.overview import Overview
from dashboard.patrol.figures import LongCell
from dashboard.records import TIERS
from layouts import patrol_panel
from layouts import words as write
from layouts.duty_parts import pane
from layouts.grown import grown
from layouts.slots import Payload, both, rows, slot, value
from layouts.view import View

AREAS = 40
CELLS_MOST = 200
_CELL_HEADS = ("cells", "area", "last", "over")
_UNIT_HEADS = ("unit", "condition", "since", "where")


def frame(view: View) -> Component:
    """The pane, laid out once."""
    words = view.words
    heads = [html.Span(words("patrol.area"))]
    heads += [html.Span(words(f"patrol.{name}")) for name in ("cells", "overdue", "covered", "dwell", "strength")]
    heads += [html.Span(words(f"patrol.{name}")) for name in ("silent", "stuck")]
    row = [*patrol_panel.area_row(), slot("silent", "num"), slot("stuck", "num")]
    tier = [slot("tier", "row-name"), slot("on_shift", "num"), slot("silent", "num"), slot("stuck", "num")]
    left = [
        html.Div(heads, className="patrol-area patrol-head"),
        rows("patrol_areas", row, AREAS, "patrol-areas", "patrol-area", role="listbox"),
        html.H3(both(words, "patrol.receivers"), className="two"),
        html.Div(
            [html.Span(), *(html.Span(words(f"patrol.{name}")) for name in ("on_shift", "silent", "stuck"))],
            className="patrol-receiver patrol-head",
        ),
        rows("tiers", tier, len(TIERS), "patrol-receivers", "patrol-receiver"),
        *_units(view),
    ]
    right = [
        html.H3(both(words, "patrol.longest"), className="two"),
        html.Div(words("patrol.choose"), className="soft", **{"data-live": "patrol-area"}),
        html.Div([html.Span(words(f"patrol.{name}")) for name in _CELL_HEADS], className="patrol-long patrol-head"),
        html.Div(className="patrol-cells", **{"data-live": "patrol-cells", "aria-live": "polite"}),
    ]
    made = pane(
        view,
        "patrol",
        "patrol-pane",
        [
            html.Div(
                [html.Div(left, className="patrol-left"), html.Div(right, className="patrol-right")],
                className="patrol-body",
            )
        ],
        slot("covered", "count num"),
        slot("began", "soft num"),
    )
    return grown(made)


def _units(view: View) -> list[Component]:
    """Where a reason is given, and units are then shown for a while."""
    words = view.words
    ask = [
        html.Span(className="patrol-why", **{"data-live": "patrol-why"}),
        html.Button(words("patrol.show"), type="button", className="act", **{"data-live": "patrol-show"}),
        html.Button(words("patrol.hide"), type="button", className="act", hidden=True, **{"data-live": "patrol-hide"}),
    ]
    return [
        html.H3(both(words, "patrol.units"), className="two"),
        html.Div(words("patrol.ask_why"), className="soft", role="status", **{"data-live": "patrol-note"}),
        html.Div(ask, className="patrol-ask"),
        html.Div(
            [html.Span(words(f"patrol.{name}")) for name in _UNIT_HEADS],
            className="patrol-unit patrol-head",
            hidden=True,
            **{"data-live": "patrol-unit-head"},
        ),
        html.Div(className="patrol-units", **{"data-live": "patrol-units"}),
    ]


def payload(overview: Overview, view: View) -> Payload:
    """The areas of the scope; `codes` says which each row is."""
    found = overview.patrol
    areas = found.areas[:AREAS]
    whole = patrol_panel.payload(overview, view)
    return {
        "covered": whole["covered"],
        "began": whole["began"],
        "patrol_areas": [
            {
                **patrol_panel.area_of(area, view),
                "row": value(),
                "silent": value(write.number(area.receivers.silent), "some" if area.receivers.silent else "zero"),
                "stuck": value(write.number(area.receivers.stuck), "some" if area.receivers.stuck else "zero"),
            }
            for area in areas
        ],
        "tiers": whole["tiers"],
        "codes": [area.centre for area in areas],
    }


def cells(found: tuple[LongCell, ...], view: View, now: float) -> Payload:
    """The overdue cells of one area, as texts."""
    made = []
    for cell in found[:CELLS_MOST]:
        row = patrol_panel.cell_of(cell, view, now)
        made.append([row["code"]["text"], row["place"]["text"], row["last"]["text"], view.words.duration(cell.over_s)])
    rest = len(found) - len(made)
    none = "" if found else view.words("patrol.none_overdue")
    return {"rows": made, "note": view.words("patrol.more", n=rest) if rest else none}
