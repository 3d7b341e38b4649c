from dashboard.alerts import AlertStage
from layouts import alerts_panel
from tests.layouts import scenes


def row(**fields: object) -> dict:
    return alerts_panel.payload(scenes.overview(alerts=(scenes.alert(**fields),)), scenes.view())["alerts"][0]


def test_alert_shows_its_still_or_none() -> None:
    assert row(still="ab" * 32)["still"] == {"src": f"/stills/{'ab' * 32}", "hide": False}
    assert row()["still"] == {"src": "", "hide": True}


def test_repeated_signals_are_one_row_with_a_count() -> None:
    assert row(count=4)["count"] == {"text": "×4", "hide": False}
    assert row()["count"]["hide"] is True


def test_decided_alert_loses_its_hue() -> None:
    assert row(stage=AlertStage.FALSE)["level"]["state"] == "zero"
    assert row()["level"]["state"] == "level-2"


def test_hostile_title_stays_text() -> None:
    assert row()["title"] == {"text": scenes.HOSTILE}


def test_no_alert_says_so() -> None:
    assert alerts_panel.payload(scenes.overview(alerts=()), scenes.view())["empty"] == {"hide": False}
