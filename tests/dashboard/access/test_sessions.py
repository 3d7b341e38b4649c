import pytest

from dashboard.access import Via
from dashboard.access.sessions import PARTIAL_S, SCREEN_S, TOUCH_S, Limits, Session, Sessions
from dashboard.store import connect

NOW = 1_795_147_200.0
LIMITS = Limits(idle_s=1_800, absolute_s=43_200)


@pytest.fixture
def sessions(url: str) -> Sessions:
    return Sessions(url, LIMITS)


def session(name: str = "li", **fields) -> Session:
    return Session(**{"id": "", "name": name, "via": Via.PASSWORD, "complete": True, **fields})


def test_a_token_finds_its_session_and_is_kept_nowhere(sessions: Sessions) -> None:
    token, opened = sessions.open(session(address="10.0.0.1", agent="b" * 999), NOW)
    assert sessions.find(token, NOW) == opened
    assert (opened.opened_at, opened.seen_at, len(opened.agent)) == (NOW, NOW, 200)
    assert token not in repr(sessions.all(NOW))
    assert sessions.find(opened.id, NOW) is None  # the public id opens nothing
    assert sessions.find("", NOW) is None


def test_sessions_are_found_together(sessions: Sessions) -> None:
    token, opened = sessions.open(session(), NOW)
    assert sessions.find_many(["guess", token], NOW) == [None, opened]
    assert sessions.find_many([token], NOW + LIMITS.idle_s) == [None]


@pytest.mark.parametrize(
    ("fields", "lasts_s"),
    [
        ({}, LIMITS.idle_s),
        ({"complete": False}, PARTIAL_S),
        ({"via": Via.DEVICE}, SCREEN_S),
    ],
)
def test_a_session_that_nobody_uses_lasts_so_long(sessions: Sessions, fields: dict, lasts_s: float) -> None:
    token, _ = sessions.open(session(**fields), NOW)
    assert sessions.find(token, NOW + lasts_s - 1) is not None
    assert sessions.find(token, NOW + lasts_s) is None


def test_half_a_sign_in_does_not_last_longer_by_being_used(sessions: Sessions) -> None:
    token, opened = sessions.open(session(complete=False), NOW)
    sessions.touch(opened, "", NOW + PARTIAL_S - 1)
    assert sessions.find(token, NOW + PARTIAL_S) is None


def test_last_seen_is_written_at_most_each_half_minute(sessions: Sessions) -> None:
    token, opened = sessions.open(session(address="10.0.0.1"), NOW)
    sessions.touch(opened, "10.0.0.1", NOW + TOUCH_S - 1)
    assert sessions.find(token, NOW).seen_at == NOW
    sessions.touch(opened, "10.0.0.1", NOW + TOUCH_S)
    assert sessions.find(token, NOW).seen_at == NOW + TOUCH_S


def test_another_address_is_written_at_once(sessions: Sessions) -> None:
    token, opened = sessions.open(session(address="10.0.0.1"), NOW)
    sessions.touch(opened, "10.0.0.2", NOW + 1)
    assert sessions.find(token, NOW).address == "10.0.0.2"


def test_a_session_that_ended_is_not_brought_back_by_a_late_touch(sessions: Sessions) -> None:
    token, opened = sessions.open(session(), NOW)
    assert sessions.end(opened.id) == opened
    sessions.touch(opened, "", NOW + TOUCH_S)
    assert sessions.remember(opened, "secret") is None
    assert sessions.find(token, NOW + TOUCH_S) is None
    assert sessions.end(opened.id) is None


def test_a_clock_that_is_set_back_does_not_make_a_session_older(sessions: Sessions) -> None:
    token, opened = sessions.open(session(), NOW)
    sessions.touch(opened, "other", NOW - 3_600)
    assert sessions.find(token, NOW - 3_600).seen_at == NOW


def test_the_secret_of_an_enrolment_stays_the_same_and_is_not_listed(sessions: Sessions) -> None:
    _, opened = sessions.open(session(), NOW)
    assert sessions.remember(opened, "first").secret == "first"
    assert sessions.remember(opened, "second").secret == "first"
    assert "first" not in repr(sessions.all(NOW))


def test_all_of_one_account_end_and_no_others(sessions: Sessions) -> None:
    for name, via in (("li", Via.PASSWORD), ("li", Via.OIDC), ("li", Via.DEVICE), ("wang", Via.PASSWORD)):
        sessions.open(session(name, via=via), NOW)
    assert sessions.end_all("li", (Via.PASSWORD, Via.OIDC)) == 2
    assert {(each.name, each.via) for each in sessions.all(NOW)} == {("li", Via.DEVICE), ("wang", Via.PASSWORD)}


def test_sessions_that_are_over_are_swept_away_by_the_next_one(sessions: Sessions, url: str) -> None:
    for _ in range(3):
        sessions.open(session(), NOW)
    sessions.open(session(), NOW + LIMITS.absolute_s)
    assert connect(url).hlen("wall:sessions") == 1


def test_the_latest_is_listed_first(sessions: Sessions) -> None:
    for number in range(3):
        sessions.open(session(f"p{number}"), NOW + number)
    assert [each.name for each in sessions.all(NOW + 3)] == ["p2", "p1", "p0"]
