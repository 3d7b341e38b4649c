from typing import Any

from dashboard.alarms import AlarmFigures
from dashboard.records import Level
from layouts import alarms_strip
from tests.layouts import scenes
from tests.layouts.duty_scenes import alarm


def shown(*alarms: Any, **figures: Any) -> Any:
    seen = scenes.overview(alarms=alarms, alarm_figures=AlarmFigures(**figures))
    return alarms_strip.payload(seen, scenes.view())


def test_calm_is_said_and_not_left_blank() -> None:
    calm = shown(alarm(1, acknowledged_at=scenes.NOW))
    assert calm["none"] == {"text": "没有待处置告警", "hide": False}
    assert calm["name"] == {"hide": True}


def test_the_gravest_is_named_and_at_the_same_level_the_latest() -> None:
    old = alarm(1, Level.II, title="旧", raised_at=scenes.NOW)
    new = alarm(2, Level.II, title="新", raised_at=scenes.NOW + 9)
    told = shown(alarm(3, Level.IV), old, new)
    assert told["name"]["text"] == "新"
    assert told["kind"]["state"] == "level-2"
    assert [row["count"]["text"] for row in told["levels"]] == ["0", "2", "0", "1"]


def test_the_wall_has_no_button_for_it() -> None:
    found = list(scenes.walk(scenes.tree(alarms_strip.frame(scenes.view()))))
    assert not [props for props in found if "data-act" in props or props.get("type") == "button"]
