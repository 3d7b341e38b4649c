import dataclasses
from pathlib import Path

import pytest

from callbacks.callers import guest_of
from callbacks.web import Web
from dashboard.access import Role
from dashboard.journal import Journal
from dashboard.settings import Settings
from dashboard.state_server import StateServer
from tests import people
from tests.callbacks import visitors
from tests.feeds.small_district import small_district


@pytest.fixture
def web(journal: Journal, state_server: StateServer, tmp_path: Path) -> Web:
    return visitors.web(state_server.url, tmp_path)


def test_guests_are_there_in_a_demonstration_alone() -> None:
    district = dataclasses.replace(small_district(), demonstration=True)
    guest = guest_of(Settings(), district)
    assert guest
    assert (guest.role, guest.centre) == (Role.GUEST, "D")
    assert guest_of(Settings(demonstration=False), district), "whether a day is simulated is another matter"
    assert guest_of(Settings(feeds={"field": {"type": "mqtt"}}), district) is None
    assert guest_of(Settings(demonstration=True), small_district()) is None


def test_who_calls_is_found_by_the_cookie(web: Web) -> None:
    token = people.let_in(web.access, "li", Role.OFFICER, "D")
    with web.server.test_request_context("/", headers={"Cookie": f"wall-session={token}"}):
        who = web.callers.current(acting=True)
    assert who
    assert who.name == "li"
    with web.server.test_request_context("/"):
        assert web.callers.current(acting=True) is None


def test_many_are_found_at_once_in_their_order(web: Web) -> None:
    li, wang = (people.let_in(web.access, name, Role.OFFICER, "D") for name in ("li", "wang"))
    found = web.callers.who_all([wang, "", li, "nobody's", wang])
    assert [who.name if who else None for who in found] == ["wang", None, "li", None, "wang"]
    assert web.callers.who_all([]) == []
