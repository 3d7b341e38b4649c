from dashboard.alerts import AlertStage
from layouts import map_panel, words
from tests.layouts import scenes


def test_incident_mark_has_a_reach_for_each_leg() -> None:
    mark = map_panel.payload(scenes.overview(), scenes.view())["incidents"][0]
    assert mark["numeral"] == "Ⅲ"
    assert len(mark["reach_m"]) == 3
    assert mark["reach_m"] == sorted(mark["reach_m"])


def test_only_open_alerts_with_a_place_are_marked() -> None:
    alerts = (scenes.alert(1), scenes.alert(2, stage=AlertStage.FALSE), scenes.alert(3, lat=None, lon=None))
    payload = map_panel.payload(scenes.overview(alerts=alerts), scenes.view())
    assert [mark["key"] for mark in payload["alerts"]] == ["cam/A1"]
    assert payload["n_alerts"] == {"text": "1"}


def test_every_layer_has_a_word_and_cameras_are_off_at_first() -> None:
    assert all(f"layer.{layer}" in words.WORDS for layer in map_panel.LAYERS)
    assert "camera" not in map_panel.LAYERS_ON
    assert set(map_panel.KEYS.values()) == set(map_panel.LAYERS)


def test_tiles_only_by_setting() -> None:
    assert "TileLayer" not in str(map_panel.frame(scenes.view()))
    assert "TileLayer" in str(map_panel.frame(scenes.view(), "https://tiles.example/{z}/{x}/{y}.png"))
