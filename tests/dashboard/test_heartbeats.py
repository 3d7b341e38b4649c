from typing import NamedTuple

import pytest

from dashboard.heartbeats import FeedCondition, Heartbeats, condition, is_manned, is_skewed

NOW = 1_773_021_600.0


class Beat(NamedTuple):
    title: str
    at: float
    error: str = ""
    rhythm_s: float = 60.0


@pytest.mark.parametrize(
    ("beat_ago", "record_ago", "expected"),
    [
        (1, 5, FeedCondition.GOOD),
        (1, 61, FeedCondition.SILENT),
        (10, 5, FeedCondition.GOOD),
        (11, 5, FeedCondition.LOST),  # two beats missed
        (1, None, FeedCondition.SILENT),  # connected, and nothing ever came
        (None, None, FeedCondition.OFF),
        (None, 5, FeedCondition.GOOD),  # pushes, and never beats
        (None, 100, FeedCondition.SILENT),
        (None, 181, FeedCondition.LOST),
    ],
)
def test_a_feed_is_what_its_last_words_say(beat_ago, record_ago, expected):
    beat_at = 0.0 if beat_ago is None else NOW - beat_ago
    record_at = 0.0 if record_ago is None else NOW - record_ago
    assert condition(NOW, beat_at, record_at, rhythm_s=60) is expected


def test_a_feed_that_speaks_only_when_asked_is_never_silent():
    assert condition(NOW, NOW - 1, 0.0, rhythm_s=0.0) is FeedCondition.GOOD
    assert condition(NOW, NOW - 11, 0.0, rhythm_s=0.0) is FeedCondition.LOST


def test_a_feed_that_names_an_error_is_lost_at_once():
    assert condition(NOW, NOW, NOW, 60, "connection refused") is FeedCondition.LOST


def test_every_source_is_shown_with_its_own_figures():
    states = Heartbeats().look(
        {"mqtt": Beat("MQTT broker", NOW - 1)},
        {"mqtt": (NOW - 2, 0.3), "hotline": (NOW - 3, 0.0)},
        {"accepted": {"mqtt|alert": 3, "mqtt|fix": 4, "hotline|case": 1}, "refused": {"hotline|future": 2}},
        NOW,
    )
    assert [(state.name, state.title, state.accepted, state.refused) for state in states] == [
        ("hotline", "hotline", 1, 2),
        ("mqtt", "MQTT broker", 7, 0),
    ]
    assert {state.condition for state in states} == {FeedCondition.GOOD}


def test_a_clock_is_named_by_the_middle_of_its_last_deliveries():
    heartbeats = Heartbeats()
    for second, ahead in enumerate((300.0, 301.0, -4000.0, 299.0, 300.5)):
        [state] = heartbeats.look({}, {"nvr": (NOW + second, ahead)}, {}, NOW + second)
    assert state.skew_s == 300.0
    assert is_skewed(state)


def test_a_delivery_counts_once_however_often_it_is_looked_at():
    heartbeats = Heartbeats()
    heartbeats.look({}, {"nvr": (NOW, 500.0)}, {}, NOW)
    for second in range(5):
        [state] = heartbeats.look({}, {"nvr": (NOW + 1, 0.0)}, {}, NOW + second)
    assert state.skew_s == 250.0


def test_a_centre_is_manned_while_its_screen_is_heard():
    assert is_manned(NOW - 30, NOW)
    assert not is_manned(NOW - 31, NOW)


def test_after_a_restart_a_feed_has_two_beats_time_to_be_heard():
    listener = Heartbeats()
    old = {"mqtt": Beat("MQTT broker", NOW - 60)}

    def seen(now: float) -> FeedCondition:
        return listener.look(old, {"mqtt": (now - 1, 0.0)}, {}, now)[0].condition

    assert seen(NOW) is FeedCondition.GOOD
    assert seen(NOW + 10) is FeedCondition.GOOD
    assert seen(NOW + 10.1) is FeedCondition.LOST


def test_what_was_lost_before_a_restart_is_lost_until_it_is_heard():
    before = Heartbeats().look({"mqtt": Beat("MQTT broker", NOW - 60, "refused")}, {}, {}, NOW)
    listener = Heartbeats()
    listener.know(before)
    assert listener.look({"mqtt": Beat("MQTT broker", NOW - 60)}, {}, {}, NOW)[0].condition is FeedCondition.LOST
    assert (
        listener.look({"mqtt": Beat("MQTT broker", NOW, rhythm_s=0.0)}, {}, {}, NOW)[0].condition is FeedCondition.GOOD
    )
