from typing import Any

import pytest
from dash import Dash
from flask import Flask

from callbacks import duty, identity
from dashboard.access import Principal, Role, Via
from dashboard.follower import Follower
from dashboard.journal import Journal
from dashboard.state_server import StateServer
from layouts import ids
from tests.builders import NOON, incident
from tests.feeds.small_district import small_district

T0 = NOON.timestamp()


class Desk:
    """The console's own page as somebody of one centre asks for it."""

    def __init__(self, url: str, centre: str) -> None:
        follower = Follower(small_district(), Journal(url))
        follower.situation.apply(incident(1, 0, title="海秀路火灾"), T0)
        server = Flask("test", static_folder=None)
        who = Principal("li", "值班员 李", Role.OFFICER, centre, "s1", Via.PASSWORD)
        server.before_request(lambda: identity.admit(who))
        duty.serve(server, small_district(), follower, lambda: T0 + 60)
        self.client = server.test_client()

    def draft(self, **asked: str) -> tuple[int, Any]:
        answer = self.client.get("/duty/report", query_string={"incident": "cad/I1", "part": "first", **asked})
        return answer.status_code, answer.get_json()


@pytest.fixture
def desk(state_server: StateServer) -> Desk:
    return Desk(state_server.url, "D")


def test_a_report_is_drafted_from_the_record_in_both_languages(desk: Desk) -> None:
    status, chinese = desk.draft()
    assert status == 200
    assert "海秀路火灾" in chinese["text"]
    assert "【" in chinese["text"]
    assert desk.draft(lang="en")[1]["text"] != chinese["text"]


def test_an_incident_of_others_is_as_unknown_as_none(state_server: StateServer, desk: Desk) -> None:
    assert Desk(state_server.url, "B").draft()[0] == 404
    assert desk.draft(incident="cad/none")[0] == 404


@pytest.mark.parametrize("part", ["", "middle", "first,final"])
def test_a_report_is_one_of_three(desk: Desk, part: str) -> None:
    assert desk.draft(part=part)[0] == 400


def test_choosing_a_centre_happens_in_the_browser() -> None:
    app = Dash("test")
    duty.register(app, small_district())
    (wired,) = app._callback_list
    assert wired["clientside_function"]["function_name"] == "act_as"
    assert wired["output"] == f"{ids.DUTY_CENTRE}.data"
