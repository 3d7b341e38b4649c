from typing import Any

from dashboard.records import ReplyState
from layouts import incident_page
from tests.layouts import duty_scenes, scenes
from tests.layouts.scenes import NOW


def page(centre: str = "440306", now: float = NOW + 70, **fields: Any) -> Any:
    return incident_page.payload(duty_scenes.incident(**fields), centre, scenes.view(), now)


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


def test_an_offer_is_told_to_all_and_marked_for_who_can_take_it() -> None:
    assert page("440306")["offer"]["state"] == "mine"
    assert page("440306017")["offer"]["state"] == "waits"
    assert page(offer=None)["offer"] == {"hide": True}


def test_a_first_report_that_is_not_sent_shows_its_time() -> None:
    assert page(reports=())["report_due"] == {"due": NOW + 1800}
    assert page()["report_due"] == {}
