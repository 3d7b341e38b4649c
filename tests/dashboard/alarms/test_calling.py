from collections.abc import Iterable

import pytest

from dashboard.alarms.calling import state_of
from dashboard.alarms.course import Condition, Track, advance
from dashboard.alarms.states import AlarmKind, AlarmState
from dashboard.alarms.words import order_of, word_of
from dashboard.records import Level, Order, Verb
from tests.builders import order
from tests.dashboard.alarms.ground import POLICY, T0, condition, course, shelve

CHAIN, CLIMB_S = ["C0", "A", "D"], (120.0, 300.0)
HIGH = condition(AlarmKind.ALERT, "video/A1")
KEY = HIGH.key


def seen(track: Track | None, after_s: float, orders: Iterable[Order] = ()) -> AlarmState:
    assert track is not None
    said = sorted((word_of(each, T0) for each in orders), key=order_of)
    return state_of(track, said, CHAIN, CLIMB_S, POLICY, T0 + after_s)


def acknowledge(after_s: float, ref: float = T0) -> Order:
    return order(Verb.ACKNOWLEDGE_ALARM, KEY, after_s, ref=repr(ref), by="duty", centre="A")


def at_level(level: Level) -> Condition:
    return condition(AlarmKind.ALERT, "video/A1", level=level)


def test_the_four_states_of_an_alarm() -> None:
    active, cleared = course((0, HIGH)), course((0, HIGH), (30, None))
    shown = [seen(track, 60, said) for track in (active, cleared) for said in ((), (acknowledge(20),))]
    assert [(state.active, state.acknowledged_at, state.gone) for state in shown] == [
        (True, None, False),
        (True, T0 + 20, False),
        (False, None, False),
        (False, T0 + 20, True),
    ]
    assert [state.needs_action for state in shown] == [True, False, True, False]
    assert (shown[1].acknowledged_by, shown[1].acknowledged_from) == ("duty", "A")


def test_a_late_acknowledgement_never_silences_a_new_raise() -> None:
    again = course((0, HIGH), (30, None), (90, HIGH))
    assert seen(again, 100, [acknowledge(95, ref=T0)]).needs_action
    assert not seen(again, 100, [acknowledge(95, ref=T0 + 90)]).needs_action


@pytest.mark.parametrize(
    ("level", "rings"),
    [(Level.I, [0, 60, 60, 240]), (Level.II, [0, 0, 0, 240]), (Level.III, [0, 0, 0, 120]), (Level.IV, [0, 0, 0, 120])],
)
def test_it_calls_again_by_its_level_and_when_it_climbs(level: Level, rings: list[float]) -> None:
    track = course((0, at_level(level)))
    assert [seen(track, after_s).rang_at - T0 for after_s in (59, 60, 119, 299)] == rings
    assert seen(track, 300).rang_at == T0 + 300


def test_level_four_falls_silent_at_the_top() -> None:
    assert seen(course((0, at_level(Level.IV))), 9000).rang_at == T0 + 300


def test_it_climbs_while_nobody_takes_it_up() -> None:
    track = course((0, HIGH))
    climbed = [seen(track, after_s).held_by for after_s in (0, 119, 120, 299, 300, 9000)]
    assert climbed == ["C0", "C0", "A", "A", "D", "D"]
    taken = [acknowledge(200)]
    assert [seen(track, after_s, taken).held_by for after_s in (100, 250, 9000)] == ["C0", "A", "A"]


def test_an_incidents_alarm_is_where_the_incident_is() -> None:
    track = course((0, condition(AlarmKind.LEG, "cad/I1", held_by="A", held_since=T0 + 50)))
    state = seen(track, 60)
    assert (state.held_by, state.rang_at) == ("A", T0 + 50)


def test_acknowledged_it_calls_no_more() -> None:
    track = course((0, at_level(Level.I)))
    assert seen(track, 9000, [acknowledge(70)]).rang_at == T0 + 60


def test_cleared_it_calls_no_more_unless_it_is_of_the_top_level() -> None:
    third, first = (course((0, at_level(level)), (30, None)) for level in (Level.III, Level.I))
    assert seen(third, 9000).rang_at == T0
    assert seen(first, 600).rang_at == T0 + 600
    assert seen(third, 9000).needs_action and seen(first, 600).needs_action


def test_a_late_record_never_rings() -> None:
    state = seen(course((0, condition(AlarmKind.ALERT, "video/A1", level=Level.I, silent=True))), 9000)
    assert (state.rang_at, state.needs_action) == (0.0, True)


def test_a_chattering_alarm_is_one_quiet_row() -> None:
    track = course((0, HIGH), (5, None), (10, HIGH), (15, None), (20, HIGH), (25, None))
    state = seen(track, 110)
    assert (state.chattering, state.raised_count, state.rang_at) == (True, 3, T0 + 10)
    assert seen(track, 200).held_by == "A", "it climbs as one, whether it is up or down just now"
    acknowledged = seen(track, 110, [acknowledge(30, ref=T0 + 20)])
    assert not acknowledged.gone, "it must not flicker away between two raises"
    quiet = advance(track, None, None, T0 + 321, POLICY)
    assert seen(quiet, 321, [acknowledge(30, ref=T0 + 20)]).gone


def test_on_the_shelf_it_is_silent_and_off_it_calls_again() -> None:
    track, up = course((0, HIGH)), [shelve(KEY, 60, 1000)]
    shelved = seen(track, 900, up)
    assert (shelved.needs_action, shelved.shelved_until, shelved.rang_at) == (False, T0 + 1060, T0)
    assert (shelved.shelved_by, shelved.shelve_reason) == ("duty", "gauge under repair")
    off = seen(track, 1060, up)
    assert (off.needs_action, off.rang_at, off.raised_at, off.shelved_until) == (True, T0 + 1060, T0 + 1060, None)


def test_off_the_shelf_it_must_be_acknowledged_anew_if_it_still_holds() -> None:
    orders = [acknowledge(30), shelve(KEY, 60, 1000)]
    assert seen(course((0, HIGH)), 1061, orders).needs_action
    assert seen(course((0, HIGH), (500, None)), 1061, orders).gone


def test_cleared_on_the_shelf_it_stays_there_for_the_handover() -> None:
    track = course((0, HIGH), (500, None))
    assert not seen(track, 900, [acknowledge(30), shelve(KEY, 60, 1000)]).gone


def test_the_top_level_rings_on_until_a_second_person_agrees() -> None:
    track, asked = course((0, at_level(Level.I))), shelve(KEY, 10, 3600)
    waiting = seen(track, 120, [asked])
    assert (waiting.needs_approval, waiting.needs_action, waiting.rang_at) == (True, True, T0 + 120)
    assert (waiting.shelved_until, waiting.wanted_until, waiting.shelve_order) == (None, T0 + 3610, asked.id)
    agreed = seen(track, 200, [asked, order(Verb.APPROVE, KEY, 130, ref=asked.id, actor="li", by="chief")])
    assert (agreed.needs_approval, agreed.needs_action, agreed.approved_by) == (False, False, "chief")
    assert agreed.rang_at == T0 + 120


def test_growing_to_the_top_level_it_comes_off_the_shelf_of_one_person() -> None:
    worse = course((0, at_level(Level.II)), (100, at_level(Level.I)))
    state = seen(worse, 101, [shelve(KEY, 10, 3600)])
    assert (state.needs_approval, state.needs_action, state.rang_at) == (True, True, T0 + 100)


def test_active_for_more_than_a_day_it_is_stale() -> None:
    track = course((0, HIGH))
    assert not seen(track, 86_400).stale
    assert seen(track, 86_401).stale
