"""The map: what it stands on, its layers and legend, and the marks of incidents and alerts.

The drawing is the browser's (assets/map-*.js); which marks there are, their words and their reach is decided here.
"""

from typing import Any

import dash_leaflet as dl
import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from dashboard.alerts import AlertStage, AlertState
from dashboard.district import DeviceKind, District
from dashboard.overview import Overview
from dashboard.records import TIERS
from dashboard.response import IncidentState, policy
from layouts import ids, time_bar
from layouts import words as write
from layouts.slots import Payload, both, panel, slot, value
from layouts.view import View

LAYERS = ("incidents", "rings", "alerts", "units", "standby", "key_area", "camera", "sensors", "cells", "patrol")
LAYERS_ON = ["incidents", "rings", "alerts", "units", "standby"]
KEYS = {
    "u": "units",
    "c": "cells",
    "i": "incidents",
    "r": "rings",
    "a": "alerts",
    "s": "standby",
    "k": "key_area",
}
KEYS |= {"v": "camera", "g": "sensors", "n": "patrol"}
_SENSORS = (DeviceKind.GAUGE, DeviceKind.SLOPE)
_CAMERAS = (DeviceKind.CAMERA, DeviceKind.AI_CAMERA)
_OPEN_ALERTS = (AlertStage.NEW, AlertStage.CLAIMED)


def frame(view: View, tile_url: str = "") -> Component:
    """The map with its legend, laid out once."""
    words = view.words
    south, west, north, east = view.district.bounds
    tiles = [dl.TileLayer(url=tile_url)] if tile_url else []
    area = dl.Map(
        tiles,
        id=ids.WALL_MAP,
        bounds=[[south, west], [north, east]],
        zoomControl=False,
        attributionControl=bool(tile_url),
        zoomAnimation=False,
        fadeAnimation=False,
        markerZoomAnimation=False,
        inertia=False,
        zoomSnap=0,
        zoomDelta=0.5,
        wheelPxPerZoomLevel=160,
        minZoom=8,
        maxZoom=18,
        keyboard=False,
        trackViewport=False,
        preferCanvas=True,
        className="map",
    )
    return panel(
        "map",
        "map-panel",
        [
            area,
            html.Div(
                [
                    html.H2(both(words, "map")),
                    html.Span(className="as-of", **{"data-as-of": "", "data-word": words("as_of")}),
                ],
                className="map-head",
            ),
            html.Div(
                [
                    html.Span(words("map_locked"), className="map-locked"),
                    html.Button(words("free_map"), type="button", className="back", **{"data-act": "free"}),
                ],
                className="map-tools",
                hidden=True,
                **{"data-live": "locked"},
            ),
            _legend(view),
            html.Div(className="map-tip", hidden=True, **{"data-live": "tip"}),
        ],
        words("map"),
    )


def payload(overview: Overview, view: View) -> Payload:
    """The marks on the map and the counts of the legend; assets/map-marks.js reads `incidents` and `alerts`."""
    policies = policy.decode(view.district.response_settings)
    alerts = [alert for alert in overview.alerts if alert.stage in _OPEN_ALERTS and alert.lat is not None]
    counts = {
        "incidents": len(overview.incidents),
        "alerts": len(alerts),
        "units": sum(row.available + row.committed for row in overview.tiers),
        "patrol": overview.patrol.cells.overdue,
    }
    return {
        "incidents": [_incident_mark(incident, policies, view) for incident in overview.incidents],
        "alerts": [_alert_mark(alert, view) for alert in alerts],
        "centre": overview.centre,
        "tiers": [{"count": value(write.number(row.available + row.committed))} for row in overview.tiers],
        **{f"n_{layer}": value(write.number(count)) for layer, count in counts.items()},
    }


def _legend(view: View) -> Component:
    words = view.words
    still = _still_counts(view.district)
    switches: list[Component] = []
    for layer in LAYERS:
        count = slot(f"n_{layer}", "num")
        if layer in still:
            standing = {"data-still": layer} if layer != "cells" else {}  # assets/map.js counts them anew in a replay
            count = html.Span(write.number(still[layer]), className="num", **standing)
        label = html.Span([html.I(className=f"glyph glyph-{layer}"), html.Span(words(f"layer.{layer}")), count])
        switches.append(dmc.Checkbox(label=label, value=layer, size="xs", classNames=_CLASSES))
        if layer == "units":
            switches.append(_tiers(view))
    return html.Div(
        dmc.CheckboxGroup(html.Div(switches), id=ids.WALL_LAYERS, value=LAYERS_ON, className="layer-list"),
        className="legend",
    )


_CLASSES = {
    "root": "layer",
    "label": "layer-label",
    "labelWrapper": "layer-wrap",
    "inner": "layer-box",
    "body": "layer-body",
}


def _tiers(view: View) -> Component:
    made = [
        html.Div(
            [
                html.Canvas(className="tier-glyph", **{"data-tier": str(number)}),
                html.Span(view.words(f"tier.{tier.value}")),
                slot("count", "num"),
            ],
            className="tier-row",
            **{"data-row": ""},
        )
        for number, tier in enumerate(TIERS)
    ]
    return html.Div(made, className="tier-rows", **{"data-list": "tiers"})


def _still_counts(district: District) -> dict[str, int]:
    kinds = [device.kind for device in district.devices]
    return {
        "standby": kinds.count(DeviceKind.STANDBY),
        "key_area": kinds.count(DeviceKind.KEY_AREA),
        "camera": sum(kind in _CAMERAS for kind in kinds),
        "sensors": sum(kind in _SENSORS for kind in kinds),
        "cells": len(district.cell_codes),
    }


def _incident_mark(incident: IncidentState, policies: policy.Policy, view: View) -> dict[str, Any]:
    level = int(incident.level)
    return {
        "key": incident.key,
        "lat": round(incident.lat, 6),
        "lon": round(incident.lon, 6),
        "state": f"level-{level}",
        "numeral": write.NUMERALS[level],
        "name": view.kind(incident.kind),
        "drill": view.words("drill_mark") if incident.drill else "",
        "waiting": incident.acknowledged_at is None and level == 1,
        "reach_m": [round(leg.limit_s * policies.speed_mps(leg.tier) / policies.detour) for leg in incident.legs],
    }


def _alert_mark(alert: AlertState, view: View) -> dict[str, Any]:
    assert alert.lat is not None and alert.lon is not None
    return {
        "key": alert.key,
        "lat": round(alert.lat, 6),
        "lon": round(alert.lon, 6),
        "state": f"level-{int(alert.level)}",
        "name": alert.title or view.device(alert.device),
    }


def rows_of_help(view: View) -> Component:
    """The keys, for the help page."""
    keys = ("0", "f", *KEYS, "1", "p", "?")
    texts = [(key.upper(), html.Span(both(view.words, f"key.{key}"), className="two")) for key in keys]
    rows = [*texts, *time_bar.rows_of_help(view)]
    made = [html.Div([dmc.Kbd(key), text], className="help-row") for key, text in rows]
    return html.Div(made, className="help-rows")
