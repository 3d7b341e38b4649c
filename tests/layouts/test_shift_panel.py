from typing import Any

import msgspec

from dashboard.duty import Duty, Signature
from layouts import shift_panel
from tests.layouts import scenes
from tests.layouts.duty_scenes import handover


def shown(*handovers: Any, centre: str = "440306", **headline: Any) -> Any:
    seen = msgspec.structs.replace(scenes.overview().headline, **headline)
    duty = Duty(scenes.baoan())
    duty.adopt(handovers)
    return shift_panel.payload(seen, duty, centre, scenes.view(), scenes.NOW)


def test_without_a_handover_only_going_can_be_signed() -> None:
    told = shown()
    assert told["waiting"] is None
    assert told["acts"]["take_over"] == "没有待接交班"
    assert told["acts"]["hand_over"] == ""


def test_an_open_handover_says_who_is_still_responsible() -> None:
    told = shown(handover())
    assert told["waiting"] == {"id": "H1", "actor": "wang"}
    assert told["open"]["text"].startswith("值班长 王 于 ")
    assert told["acts"]["take_over"] == ""


def test_what_both_signed_is_frozen_and_waits_for_nobody() -> None:
    told = shown(handover(takes=Signature(scenes.NOW + 60, "值班长 赵", "zhao")))
    assert told["earlier"][0]["row"]["state"] == "frozen"
    assert told["earlier"][0]["takes"]["text"] == "值班长 赵"
    assert told["waiting"] is None


def test_the_latest_comes_first_and_other_centres_stay_out() -> None:
    told = shown(handover(), handover(id="H2", at=scenes.NOW + 9), handover(id="H3", centre="440306017"))
    assert told["ids"] == ["H2", "H1"]


def test_gaps_ahead_are_named() -> None:
    assert shown(roster_gaps=3)["gaps"]["text"] == "14 天内 3 个中心排班有空缺"
    assert shown()["gaps"] == {"text": "14 天内 0 个中心排班有空缺", "state": "warn", "hide": True}


def test_the_shift_that_is_on_comes_first_then_those_that_follow() -> None:
    told = shown()["ahead"]
    assert len(told) == shift_panel.AHEAD
    assert [row["row"]["state"] for row in told] == ["now", *["next"] * (shift_panel.AHEAD - 1)]
    assert all(row["leader"]["text"] for row in told)
