from layouts import sensors_panel
from tests.layouts import scenes


def test_only_abnormal_sensors_are_named() -> None:
    payload = sensors_panel.payload(scenes.overview(), scenes.view())
    assert payload["counts"]["text"] == "异常 1/300 · 滞后 1"
    assert [row["figure"]["text"] for row in payload["sensors"]] == ["1.30"]


def test_no_abnormal_sensor_says_so() -> None:
    payload = sensors_panel.payload(scenes.overview(sensors_abnormal=()), scenes.view())
    assert payload["empty"] == {"hide": False}
