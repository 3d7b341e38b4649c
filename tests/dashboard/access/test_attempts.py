import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.access.attempts import MOST_FAILURES, SHUT_S, WINDOW_S, Attempts, shut_s
from dashboard.store import connect

NOW = 1_795_147_200.0


@pytest.fixture
def attempts(url: str) -> Attempts:
    return Attempts(url)


def test_the_sixth_try_is_shut_out_and_does_not_count(attempts: Attempts) -> None:
    tries = [attempts.begin("li", NOW + second).shut_s for second in range(8)]
    assert tries == [0.0] * 5 + [SHUT_S - 1, SHUT_S - 2, SHUT_S - 3]
    assert attempts.begin("li", NOW + 4 + SHUT_S).shut_s == 0.0


def test_one_name_does_not_shut_another(attempts: Attempts) -> None:
    for _ in range(6):
        attempts.begin("li", NOW)
    assert attempts.begin("wang", NOW).shut_s == 0.0


def test_a_success_is_no_failure_but_forgives_none(attempts: Attempts) -> None:
    for second in range(20):
        attempts.succeeded(attempts.begin("li", NOW + second))
    for second in range(4):
        attempts.begin("li", NOW + 20 + second)
    attempts.succeeded(attempts.begin("li", NOW + 30))
    assert attempts.begin("li", NOW + 31).shut_s == 0.0  # the fifth failure
    assert attempts.begin("li", NOW + 32).shut_s > 0.0


def test_who_is_in_starts_afresh(attempts: Attempts) -> None:
    for _ in range(6):
        attempts.begin("li", NOW)
    attempts.forget("li")
    assert attempts.begin("li", NOW).shut_s == 0.0


def test_failures_leave_the_state_server_by_themselves(attempts: Attempts, url: str) -> None:
    attempts.begin("whatever somebody typed", NOW)
    redis = connect(url)
    (key,) = redis.keys("wall:attempts:*")
    assert 0 < redis.ttl(key) <= WINDOW_S + SHUT_S
    assert b"whatever" not in key


def test_failures_far_apart_shut_nothing() -> None:
    assert shut_s([NOW + n * WINDOW_S / 4 for n in range(5)], NOW + WINDOW_S) == 0.0
    assert shut_s([NOW + n * (WINDOW_S / 4 - 1) for n in range(5)], NOW + WINDOW_S) > 0.0


@given(st.lists(st.floats(0, 7_200), max_size=40))
def test_no_quarter_of_an_hour_sees_more_than_five_guesses_and_then_a_pause(times: list[float]) -> None:
    failures: list[float] = []
    for now in sorted(times):
        if not shut_s(failures, now):
            failures.append(now)
    for index in range(len(failures) - MOST_FAILURES):
        five, following = failures[index : index + MOST_FAILURES], failures[index + MOST_FAILURES]
        assert five[-1] - five[0] >= WINDOW_S or following - five[-1] >= SHUT_S
