import pytest

from dashboard.alerts import episodes
from dashboard.alerts.episodes import LATE_S, STALE_S, Habit, Habits, Signal
from dashboard.records import Level

SILENT = Habit()
CLEARING = Habit(clears=True)


def signal(at: float, id: str = "", **changes) -> Signal:
    facts = {
        "id": id or f"s{at}",
        "revision": 0,
        "kind": "smoke",
        "active": True,
        "level": 4,
        "received_at": at,
    }
    return Signal(at=at, **(facts | changes))


def heard(*signals: Signal, habit: Habit = SILENT):
    known = []
    for one in signals:
        known, _ = episodes.hear(known, one, habit)
    return known


def test_a_signal_repeated_each_second_is_one_episode_with_a_count():
    [one] = heard(*(signal(float(second)) for second in range(30)))
    assert (one.id, one.first_at, one.last_at, one.count) == ("s0.0", 0, 29, 30)


def test_silence_of_five_seconds_is_normal_again():
    [one] = heard(signal(0), signal(1))
    assert episodes.is_active(one, 6)
    assert not episodes.is_active(one, 6.1)


def test_chatter_within_the_bundling_time_is_the_same_episode_and_later_a_new_one():
    assert [one.count for one in heard(signal(0), signal(65))] == [2]
    assert [one.count for one in heard(signal(0), signal(65.1))] == [1, 1]


def test_a_clear_ends_the_condition_and_bundling_counts_from_it():
    cleared = heard(signal(0), signal(100, active=False), habit=CLEARING)
    assert not episodes.is_active(cleared[0], 100)
    assert len(heard(signal(0), signal(100, active=False), signal(160), habit=CLEARING)) == 1
    assert len(heard(signal(0), signal(100, active=False), signal(161), habit=CLEARING)) == 2


def test_what_clears_holds_through_silence_but_not_for_ever():
    [one] = heard(signal(0), habit=CLEARING)
    assert episodes.is_active(one, STALE_S)
    assert not episodes.is_active(one, STALE_S + 1)
    assert len(heard(signal(0), signal(STALE_S + 1), habit=CLEARING)) == 2


def test_a_clear_without_an_episode_says_nothing():
    assert heard(signal(0, active=False)) == []
    assert heard(signal(0), signal(900, active=False))[0].last_at == 0


def test_revisions_of_one_id_are_one_episode_and_do_not_count_as_repetitions():
    [one] = heard(
        signal(0, "r", revision=2),
        signal(300, "r", revision=4, kind="person", level=3, title="person in yard"),
        signal(900, "r", revision=9, active=False),
    )
    assert (one.kind, one.level, one.title, one.count) == ("person", Level.III, "person in yard", 1)
    assert not episodes.is_active(one, 900)


def test_two_ids_on_one_device_are_over_when_both_are_cleared():
    both = [signal(0, "a", revision=1), signal(1, "b", revision=1), signal(2, "a", revision=2, active=False)]
    assert episodes.is_active(heard(*both)[0], 3)
    assert not episodes.is_active(heard(*both, signal(4, "b", revision=2, active=False))[0], 4)


def test_other_kinds_on_the_same_device_are_other_episodes():
    known = heard(signal(0), signal(1, kind="intrusion"), signal(2), signal(3, kind="intrusion"))
    assert [(one.kind, one.count) for one in known] == [("smoke", 2), ("intrusion", 2)]


def test_the_worst_level_and_the_newest_picture_and_place_stay():
    [one] = heard(
        signal(0, level=2, still="a", lat=1.0, lon=2.0, community=3, confidence=0.5),
        signal(1, level=4, still="b"),
        signal(2),
    )
    assert (one.level, one.still, one.lat, one.community, one.confidence) == (Level.II, "b", 1.0, 3, 0.5)


@pytest.mark.parametrize(("delay", "is_late"), [(LATE_S, False), (LATE_S + 1, True)])
def test_an_episode_is_late_when_all_of_it_came_late(delay, is_late):
    assert heard(signal(0, received_at=delay))[0].is_late is is_late
    assert not heard(signal(0, received_at=delay), signal(1))[0].is_late


def test_a_late_signal_is_not_taken_for_something_that_holds_now():
    [one] = heard(signal(0, received_at=3600.0))
    assert not episodes.is_active(one, 3600.0)


def test_a_device_whose_clock_is_behind_holds_by_our_clock():
    [one] = heard(signal(0, received_at=100.0))
    assert episodes.is_active(one, 105.0)


def test_the_habit_of_a_source_goes_before_that_of_a_kind():
    habits = Habits(by_kind={"smoke": CLEARING}, by_source={"nvr": Habit(silence_s=9)})
    assert habits.of("nvr", "smoke").silence_s == 9
    assert habits.of("other", "smoke").clears
    assert habits.of("other", "water") == Habit()
