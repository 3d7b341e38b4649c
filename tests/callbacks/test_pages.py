import json
from typing import Any

import pytest

from callbacks import pages
from dashboard.access import Principal, Role, Via
from dashboard.settings import Settings
from layouts import ids
from tests.feeds.small_district import small_district

GUEST = Principal("guest", "访客", Role.GUEST, "D", "guest", Via.GUEST)


def shown(pathname: Any, search: Any = "", **settings: Any) -> str:
    return json.dumps(
        pages.show_screen(small_district(), Settings(**settings), GUEST, pathname, search).to_plotly_json(), default=str
    )


@pytest.mark.parametrize("pathname", ["/wall", "/wall/", "/", "/elsewhere", "", None, 5, ["x"]])
def test_every_address_leads_to_a_screen(pathname: Any) -> None:
    assert f"id='{ids.WALL}'" in shown(pathname) or ids.WALL in shown(pathname)


def test_theme_and_language_come_from_the_address_then_from_the_settings() -> None:
    assert '"light"' in shown("/wall", "?theme=light")
    assert '"light"' in shown("/wall", "", theme="light")
    assert '"dark"' in shown("/wall", "?theme=purple")
    assert "lang='en'" in shown("/wall", "?lang=en") or "en" in shown("/wall", "?lang=en")


@pytest.mark.parametrize("search", ["?lang=<script>", "?theme=dark&theme=x", "?%00=%ff", 7, None, {"a": 1}])
def test_a_hostile_query_changes_nothing(search: Any) -> None:
    assert "<script>" not in shown("/wall", search)


def test_a_past_moment_in_the_address_is_read_in_the_districts_zone() -> None:
    def told(search: str, page: str = "/wall") -> dict[str, Any]:
        district, settings = small_district(), Settings()
        screen = pages.show_screen(district, settings, GUEST, page, search).children
        return json.loads(getattr(screen, "data-settings"))["replay"]

    assert told("?at=2026-11-20T14:32")["at_ms"] == 1795156320000
    assert told("?at=2026-11-20T14:32%2B09:00")["at_ms"] == 1795156320000 - 3600_000
    assert told("?at=2026-11-20T14:32+09:00")["at_ms"] == 1795156320000 - 3600_000
    assert (told("?at=noon")["at_ms"], told("?at=noon")["bad"]) == (None, "noon")
    assert (told("?lang=en")["at_ms"], told("?lang=en")["bad"]) == (None, "")
