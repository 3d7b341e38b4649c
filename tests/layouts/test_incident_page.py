from typing import Any

from dashboard.records import ReplyState, Tier, Verb
from dashboard.response import Candidate, LegState, Shortfall
from layouts import duty_keys, incident_page
from tests.layouts import duty_scenes, scenes
from tests.layouts.scenes import NOW


def page(centre: str = "440306", now: float = NOW + 70, **fields: Any) -> Any:
    return incident_page.payload(duty_scenes.incident(**fields), centre, scenes.view(), now)


def test_every_button_says_whether_and_why_not() -> None:
    told = page()
    assert set(told["acts"]) == {act.name for act in duty_keys.ACTS["incident"]}
    assert told["acts"]["acknowledge"] == ""
    assert told["acts"]["reopen"] == "事件未结束"
    assert page(acknowledged_at=NOW)["acts"]["acknowledge"] == "已确认"


def test_of_a_closed_incident_only_what_comes_after_can_be_done() -> None:
    acts = page(closed_at=NOW + 100, outcome="handled")["acts"]
    assert {name for name, why in acts.items() if not why} == {"cameras", "note", "report", "reopen"}


def test_an_order_to_a_unit_shows_how_far_it_has_come() -> None:
    states = {
        "waiting": duty_scenes.sent("A", state=ReplyState.READ),
        "accepted": duty_scenes.sent("B", state=ReplyState.ACCEPTED),
        "refused": duty_scenes.sent("C", state=ReplyState.DECLINED, reason="远"),
        "stood_down": duty_scenes.sent("D", go=False),
    }
    rows = page(sent=tuple(states.values()), now=NOW + 10)["units"]
    assert [row["word"]["state"] for row in rows] == list(states)
    assert rows[0]["clock"] == {"due": NOW + 65}
    assert [rows[0][step]["state"] for step in ("delivered", "read", "accepted")] == ["on", "on", "off"]
    assert rows[2]["word"]["text"] == "拒绝：远"


def test_silence_turns_into_a_time_out_that_is_seen() -> None:
    silent = (duty_scenes.sent("A"),)
    assert page(sent=silent, now=NOW + 10)["units"][0]["word"]["text"] == "已下达"
    assert page(sent=silent, now=NOW + 70)["units"][0]["word"] == {"text": "超时未应", "state": "refused"}


def test_a_keystroke_sends_as_many_of_the_nearest_as_are_missing() -> None:
    near = tuple(Candidate(f"MJ-{number}", 100 * number, 30, 0) for number in (1, 2, 3))
    legs = (
        scenes.leg(LegState.RUNNING, Tier.POLICE, 300, needed=2, candidates=near),
        scenes.leg(LegState.OVERDUE, Tier.AUXILIARY, 180, shortfall=Shortfall("stale", 3, 400, 60)),
        scenes.leg(LegState.MET, Tier.VOLUNTEER, 60),
    )
    police, auxiliary, volunteer = page(legs=legs)["facts"]["legs"]
    assert [each["unit"] for each in police["best"]] == ["MJ-1", "MJ-2"]
    assert auxiliary["why"] == "400 m 内 3 个，定位均超过 1 分"
    assert volunteer["why"] == "已到场"


def test_only_the_centre_that_was_asked_can_take_the_command() -> None:
    assert page("440306")["facts"]["offer"] == {"id": "of1", "mine": True, "ours": False}
    assert page("440306")["offer"]["state"] == "mine"
    assert page("440306017")["facts"]["offer"]["mine"] is False
    assert page(offer=None)["offer"] == {"hide": True}


def test_reports_follow_their_order() -> None:
    first = duty_scenes.incident(reports=())
    assert incident_page.parts_of(first) == ["first"]
    assert incident_page.parts_of(duty_scenes.incident()) == ["follow_up", "final"]
    assert incident_page.parts_of(duty_scenes.incident(closed_at=NOW + 9)) == ["final", "follow_up"]
    assert page(reports=())["report_due"] == {"due": NOW + 1800}


def test_a_unit_that_is_there_can_be_stood_down_but_not_arrive_again() -> None:
    facts = page()["facts"]
    assert [each["unit"] for each in facts["under_way"]] == ["FJ-0002"]
    assert [each["unit"] for each in facts["sent"]] == ["YJ-0001", "FJ-0002"]


def test_what_an_act_orders_is_in_the_table_of_keys() -> None:
    assert duty_keys.UNDO[Verb.DISPATCH] is Verb.STAND_DOWN
