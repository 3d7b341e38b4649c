"""The panel of fixed sensors: only those beyond their limits are named, the rest are counted."""

from dash import html
from dash.development.base_component import Component

from dashboard.overview import Overview
from dashboard.sensors import SensorState
from layouts import words as write
from layouts.slots import Payload, both, panel, rows, slot, title, value
from layouts.view import View

SENSORS = 2


def frame(view: View) -> Component:
    """The panel, laid out once."""
    words = view.words
    row = [
        slot("lamp", "lamp"),
        slot("name", "row-name"),
        slot("figure", "num strong"),
        slot("band", "sensor-band"),
        slot("age", "num mute"),
    ]
    return panel(
        "sensors",
        "sensors",
        [
            title(words, "sensors", slot("counts", "head-note num")),
            rows("sensors", row, SENSORS, "sensor-rows", "sensor-row"),
            html.Div(both(words, "all_normal"), className="empty-line soft two", **{"data-slot": "empty"}),
        ],
        words("sensors"),
    )


def payload(overview: Overview, view: View) -> Payload:
    """The abnormal ones, and how many are normal or silent."""
    words = view.words
    abnormal, stale = len(overview.sensors_abnormal), overview.sensors_stale
    counts = f"{words('abnormal')} {abnormal}/{write.number(abnormal + overview.sensors_normal + stale)}"
    if stale:
        counts += f" · {words('stale')} {write.number(stale)}"
    return {
        "counts": value(counts),
        "sensors": [_row(sensor, view) for sensor in overview.sensors_abnormal[:SENSORS]],
        "empty": value(hide=bool(overview.sensors_abnormal)),
    }


def _row(sensor: SensorState, view: View) -> Payload:
    place = view.district.device_index.get(sensor.sensor)
    unit = view.district.devices[place].unit if place is not None else ""
    return {
        "lamp": value(state=sensor.band.value),
        "name": value(view.device(sensor.sensor)),
        "figure": value(f"{sensor.value:,.2f} {unit}".strip()),
        "band": value(view.words(f"band.{sensor.band.value}"), sensor.band.value),
        "age": value(since=sensor.band_since or sensor.at),
    }
