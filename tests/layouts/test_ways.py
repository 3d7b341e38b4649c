import re

import pytest

from dashboard.access import Role
from layouts.ways import to_pages, ways
from tests.layouts.test_plain_page import LOOK


def paths(shown: str) -> list[str]:
    return re.findall(r'(?:href|action)="(/[a-z]+)\?', shown)


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        (Role.OFFICER, ["/duty", "/wall", "/briefing"]),
        (Role.LEADER, ["/duty", "/wall", "/briefing"]),
        (Role.ADMINISTRATOR, ["/wall", "/accounts"]),
        (Role.AUDITOR, ["/wall", "/audit"]),
        (Role.WALL, ["/wall"]),
    ],
)
def test_each_role_is_led_to_what_it_may_see(role: Role, seen: list[str]) -> None:
    assert paths("".join(to_pages(LOOK, role))) == seen


def test_a_page_does_not_lead_to_itself_and_always_to_the_account_and_out() -> None:
    shown = ways(LOOK._replace(path="/audit"), Role.AUDITOR, "first")
    assert paths(shown) == ["/wall", "/account", "/signout"]
    assert shown.index("first") < shown.index("/wall")
