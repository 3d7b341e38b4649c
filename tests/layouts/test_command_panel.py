from typing import Any

from dashboard.overview import CentreState
from layouts import command_panel
from tests.layouts import duty_scenes, scenes
from tests.layouts.scenes import NOW


def shown(calls: Any = (), centre: str = "440306", now: float = NOW + 300, **fields: Any) -> Any:
    codes = list(scenes.baoan().centres)
    centres = [CentreState(code, code != codes[3], NOW, **(fields if code == codes[1] else {})) for code in codes]
    return command_panel.payload(centres, calls, centre, scenes.view(), now)


def test_a_centre_comes_before_what_is_below_it() -> None:
    district = scenes.baoan()
    order = command_panel.in_tree_order(district)
    assert sorted(order) == sorted(district.centres)
    for code in order[1:]:
        assert order.index(district.centres[code].parent) < order.index(code)


def test_who_sits_where_and_commands_what() -> None:
    told = shown(staffed_by=("值班员 李", "值班长 王"), commands=2)
    row = told["centres"][told["codes"].index(list(scenes.baoan().centres)[1])]
    assert row["staff"] == {"text": "值班员 李、值班长 王", "state": "staffed"}
    assert row["commands"]["text"] == "2"
    assert told["count"]["text"] == f"{len(told['codes']) - 1}/{len(told['codes'])}"


def test_a_roll_call_shows_who_answered_how_late_and_who_did_not() -> None:
    call = duty_scenes.roll_call()
    told = shown([call])
    answers = {code: row["answer"] for code, row in zip(told["codes"], told["centres"], strict=True)}
    in_time, late, missing = call.asked[:3]
    assert answers[in_time] == {"text": "在岗 0:20", "state": "good"}
    assert answers[late] == {"text": "迟 +1:20", "state": "warn"}
    assert answers[missing] == {"text": "未应答", "state": "late"}
    assert told["roll"]["text"] == f"应答 2/{len(call.asked)}，迟 1"


def test_while_it_runs_nobody_is_called_missing() -> None:
    call = duty_scenes.roll_call()
    told = shown([call], now=NOW + 60)
    missing = told["centres"][told["codes"].index(call.asked[2])]
    assert missing["answer"] == {"text": "等待应答"}


def test_a_centre_that_was_asked_can_answer_and_others_cannot() -> None:
    call = duty_scenes.roll_call()
    assert shown([call], call.asked[4])["asked"] == "R1"
    assert shown([call], call.asked[0])["acts"]["answer"] == "没有待应答点名"
    assert shown([call])["asked"] == ""


def test_who_is_at_the_bottom_has_nobody_to_call() -> None:
    alone = [CentreState(scenes.baoan().communities[0].code, True, NOW)]
    told = command_panel.payload(alone, (), alone[0].code, scenes.view(), NOW)
    assert told["acts"]["call_roll"] == "下级无中心"
