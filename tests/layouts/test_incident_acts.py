from typing import Any

from dashboard.records import Tier
from dashboard.response import Candidate, LegState, Shortfall
from layouts import duty_keys, incident_acts
from tests.layouts import duty_scenes, scenes
from tests.layouts.scenes import NOW


def told(centre: str = "440306", **fields: Any) -> Any:
    """Why not, and the facts, of one incident."""
    state = duty_scenes.incident(**fields)
    return incident_acts.acts(state, scenes.view()), incident_acts.facts(state, centre, scenes.view())


def test_every_button_says_whether_and_why_not() -> None:
    acts, _ = told()
    assert set(acts) == {act.name for act in duty_keys.ACTS["incident"]}
    assert acts["acknowledge"] == ""
    assert acts["reopen"] == "事件未结束"
    assert told(acknowledged_at=NOW)[0]["acknowledge"] == "已确认"


def test_of_a_closed_incident_only_what_comes_after_can_be_done() -> None:
    acts, facts = told(closed_at=NOW + 100, outcome="handled")
    assert {name for name, why in acts.items() if not why} == {"cameras", "note", "report", "reopen"}
    assert facts["is_closed"]


def test_nobody_can_be_sent_where_all_are_under_way_or_there() -> None:
    coming = (scenes.leg(coming=(Candidate("YJ-1", 100, 30, 0),)),)
    assert told(legs=coming)[0]["dispatch"] == "各级力量均已派出或到场"
    assert told(legs=(scenes.leg(),))[0]["dispatch"] == "没有可派力量"


def test_a_keystroke_sends_as_many_of_the_nearest_as_are_missing() -> None:
    near = tuple(Candidate(f"MJ-{number}", 100 * number, 30, 0) for number in (1, 2, 3))
    legs = (
        scenes.leg(LegState.RUNNING, Tier.POLICE, 300, needed=2, candidates=near),
        scenes.leg(LegState.OVERDUE, Tier.AUXILIARY, 180, shortfall=Shortfall("stale", 3, 400, 60)),
        scenes.leg(LegState.MET, Tier.VOLUNTEER, 60),
    )
    police, auxiliary, volunteer = told(legs=legs)[1]["legs"]
    assert [each["unit"] for each in police["best"]] == ["MJ-1", "MJ-2"]
    assert auxiliary["why"] == "400 m 内 3 个，定位均超过 1 分"
    assert volunteer["why"] == "已到场"


def test_only_the_centre_that_was_asked_can_take_the_command() -> None:
    assert told("440306")[1]["offer"] == {"id": "of1", "mine": True, "ours": False}
    assert told("440306017")[1]["offer"]["mine"] is False
    assert told(offer=None)[1]["offer"] is None


def test_reports_follow_their_order() -> None:
    first = duty_scenes.incident(reports=())
    assert incident_acts.parts_of(first) == ["first"]
    assert incident_acts.parts_of(duty_scenes.incident()) == ["follow_up", "final"]
    assert incident_acts.parts_of(duty_scenes.incident(closed_at=NOW + 9)) == ["final", "follow_up"]


def test_a_unit_that_is_there_can_be_stood_down_but_not_arrive_again() -> None:
    facts = told()[1]
    assert [each["unit"] for each in facts["under_way"]] == ["FJ-0002"]
    assert [each["unit"] for each in facts["sent"]] == ["YJ-0001", "FJ-0002"]
