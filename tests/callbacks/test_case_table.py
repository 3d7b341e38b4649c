from collections.abc import Iterator
from typing import Any

import pytest
from dash import no_update
from flask import Flask

from callbacks import case_table, identity
from dashboard.access import Principal, Role, Via
from dashboard.follower import Follower
from dashboard.journal import Journal
from dashboard.records import Stage
from tests.builders import NOON, case, step
from tests.feeds.small_district import small_district

NOW = NOON.timestamp() + 60
FIRST = {"startRow": 0, "endRow": 100, "sortModel": [], "filterModel": {}}
DISTRICT = small_district()
HERE, THERE = (code for code in list(DISTRICT.community_index)[:2])


def clock() -> float:
    return NOW


@pytest.fixture
def follower() -> Follower:
    """A copy that was told of one case here and two there; it never speaks to a journal."""
    copy = Follower(DISTRICT, Journal("redis://127.0.0.1:1"))
    for number, community in ((1, HERE), (2, THERE), (3, THERE)):
        copy.situation.apply(case(number, lat=None, lon=None, community=community), NOW)
    return copy


def somebody(centre: str = "", role: Role = Role.OFFICER) -> Principal:
    return Principal("li", "李值班员", role, centre or DISTRICT.root.code, "s1", Via.PASSWORD)


@pytest.fixture
def request_() -> Iterator[Flask]:
    """A request that the gate let in."""
    server = Flask("test", static_folder=None)
    with server.test_request_context():
        identity.admit(somebody())
        yield server


def keys(answer: dict[str, Any]) -> list[str]:
    return sorted(row["key"] for row in answer["rows"]["rowData"])


def rows(follower: Follower, request: Any = FIRST, chosen: Any = None, centre: Any = None, lang: Any = "zh") -> Any:
    return case_table.show_rows(DISTRICT, follower, clock, request, chosen, centre, lang)


def test_a_page_has_rows_and_says_how_many_there_are(follower: Follower, request_: Flask) -> None:
    answer = rows(follower)
    assert keys(answer) == ["cases/C1", "cases/C2", "cases/C3"]
    assert (answer["rows"]["rowCount"], answer["note"]) == (3, "共 3 件")
    assert rows(follower, request=None) == {"rows": no_update, "note": no_update}


def test_the_centre_acted_as_is_the_scope(follower: Follower, request_: Flask) -> None:
    assert keys(rows(follower, centre=HERE)) == ["cases/C1"]


@pytest.mark.parametrize("wish", [THERE, "", None, "none such", 5, ["x"], {"a": 1}])
def test_nobody_sees_beyond_the_own_centre(follower: Follower, request_: Flask, wish: Any) -> None:
    identity.admit(somebody(HERE))
    assert keys(rows(follower, centre=wish)) == ["cases/C1"]


@pytest.mark.parametrize(
    ("request_sent", "chosen"),
    [("x", None), ([1], None), ({"startRow": "0"}, None), (FIRST, {"nonsense": 1}), (FIRST, "x"), (5, 5)],
)
def test_what_cannot_be_used_shows_no_rows_and_says_why(
    follower: Follower, request_: Flask, request_sent: Any, chosen: Any
) -> None:
    answer = rows(follower, request_sent, chosen)
    assert answer["rows"] == {"rowData": [], "rowCount": 0}
    assert answer["note"]


def test_an_unknown_language_is_chinese(follower: Follower, request_: Flask) -> None:
    assert [rows(follower, lang=lang)["note"] for lang in ("en", "xx", None, {})] == ["3 cases", *["共 3 件"] * 3]


def test_a_case_of_another_centre_is_not_shown_in_detail(follower: Follower, request_: Flask) -> None:
    def detail(key: Any) -> str:
        return str(case_table.show_case(DISTRICT, follower, clock, key, "zh"))

    assert "cases/C2" in detail("cases/C2")
    identity.admit(somebody(HERE))
    assert "cases/C1" in detail("cases/C1")
    assert [detail(key) for key in ("cases/C2", "none such", None, 5)] == ["本范围内没有这件案件"] * 4


def test_news_count_the_changes_since_the_last_mark(follower: Follower, request_: Flask) -> None:
    def news(mark: Any, centre: str = "") -> dict[str, Any]:
        return case_table.tell_news(DISTRICT, follower, {"mark": mark, "asked": 1}, centre, "zh")

    first = news(None)
    assert first["changed"] and not first["text"]  # of what changed before nobody knows
    assert not news(first["mark"])["changed"]
    follower.situation.apply(step(2, 30, Stage.HANDLING), NOW)
    assert news(first["mark"])["text"] == "1 件有变化"
    assert not news(first["mark"], HERE)["changed"]
    assert news("another-copy:1")["changed"]


@pytest.mark.parametrize("ask", [None, "x", {"mark": 5}, {"mark": ":"}, {"mark": "x:²"}, {}])
def test_a_hostile_mark_is_no_mark(follower: Follower, request_: Flask, ask: Any) -> None:
    assert case_table.tell_news(DISTRICT, follower, ask, None, "zh")["changed"]


def test_the_browser_learns_what_may_be_done(request_: Flask) -> None:
    assert case_table.tell_permissions(None) == {"act": True, "export": True}
    identity.admit(somebody(role=Role.GUEST))
    assert case_table.tell_permissions(None) == {"act": False, "export": False}
