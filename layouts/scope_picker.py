"""The choice of a centre: those of a scope, by their kind, in the order of the tree."""

import dash_mantine_components as dmc
from dash.development.base_component import Component

from dashboard.district import CentreKind
from layouts.view import View

_KINDS = (
    (CentreKind.DISTRICT, "district_centre"),
    (CentreKind.SUB_DISTRICT, "scope"),
    (CentreKind.DEPARTMENT, "departments"),
    (CentreKind.COMMUNITY, "communities"),
)


def picker(view: View, home: str, name: str, label: str) -> Component:
    """A picker of the id `name`; what is not below `home` cannot be chosen. `label` is its accessible name."""
    words = view.words
    groups = [
        {
            "group": words(word),
            "items": [
                {"value": centre.code, "label": words.name(centre.name, centre.name_en)}
                for centre in view.district.centres.values()
                if centre.kind is kind and home in view.district.chain(centre.code)
            ],
        }
        for kind, word in _KINDS
    ]
    return dmc.Select(
        id=name,
        data=[group for group in groups if group["items"]],
        value=home,
        searchable=True,
        allowDeselect=False,
        maxDropdownHeight=600,
        size="xs",
        className="picker",
        comboboxProps={"width": "max-content", "position": "bottom-start"},
        **{"aria-label": label},
    )
