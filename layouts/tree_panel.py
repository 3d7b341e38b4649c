"""The panel of the command tree: which centres are manned, and the forces that each area has now."""

import numpy as np
from dash import html
from dash.development.base_component import Component

from dashboard.forces.strength import AreaForces
from dashboard.overview import CentreState, Overview
from layouts import words as write
from layouts.slots import Payload, panel, rows, slot, title, value
from layouts.view import View

AREAS = 10


def frame(view: View) -> Component:
    """The panel, laid out once; every centre has its own mark."""
    words, district = view.words, view.district
    most = int(np.bincount(district.sub_district_of).max(initial=0))
    row = [
        slot("lamp", "lamp"),
        slot("name", "row-name"),
        rows("marks", [], most, "marks", "mark-dot"),
        slot("available", "num strong"),
        slot("committed", "num area-committed"),
    ]
    head = html.Div(
        [
            html.Span(),
            html.Span(),
            html.Span(words("communities"), className="soft"),
            html.Span(words("available"), className="soft"),
            html.Span(words("committed"), className="soft"),
        ],
        className="area-row area-head",
    )
    departments = [
        html.Span(words("departments"), className="soft"),
        rows("departments", [], len(district.departments), "departments", "mark-dot"),
        slot("away", "department-note"),
    ]
    return panel(
        "tree",
        "tree",
        [
            title(words, "tree", slot("counts", "head-note num")),
            head,
            rows("areas", row, AREAS, "areas", "area-row"),
            html.Div(departments, className="department-line"),
        ],
        words("tree"),
    )


def payload(overview: Overview, view: View) -> Payload:
    """Areas of the scope with their communities, and the departments."""
    district, words = view.district, view.words
    states = {state.code: state for state in overview.centres}
    areas = [area for area in overview.areas if area.centre in district.centres]
    departments = [centre for centre in district.departments if centre.code in states]
    away = [words.name(each.name, each.name_en) for each in departments if not states[each.code].online]
    online = sum(state.online for state in overview.centres)
    return {
        "counts": value(f"{online}/{len(overview.centres)}"),
        "areas": [_area(area, states, view) for area in areas[:AREAS]],
        "departments": [{"row": value(state=_state(states[each.code]), tip=each.name)} for each in departments],
        "away": value(f"{words('offline')} {'、'.join(away)}" if away else "", hide=not away),
    }


def _area(area: AreaForces, states: dict[str, CentreState], view: View) -> Payload:
    below = [centre for centre in view.district.communities if area.centre in view.district.chain(centre.parent)]
    below = [centre for centre in below if centre.code in states]
    return {
        "row": value(centre=area.centre),
        "lamp": _lamp(states.get(area.centre), view),
        "name": value(view.centre(area.centre)),
        "marks": [{"row": value(state=_state(states.get(centre.code)), tip=centre.name)} for centre in below],
        "available": value(write.number(sum(area.available))),
        "committed": value(write.number(area.committed), "some" if area.committed else "zero"),
    }


def _lamp(state: CentreState | None, view: View) -> Payload:
    word = _state(state)
    return value(state=word, tip=view.words(word) if word != "unknown" else write.UNKNOWN)


def _state(state: CentreState | None) -> str:
    if state is None:
        return "unknown"
    return "online" if state.online else "offline"
