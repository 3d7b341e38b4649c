from dashboard.alarms.course import Ending, advance
from dashboard.alarms.policy import AlarmPolicy
from dashboard.alarms.states import AlarmKind
from dashboard.records import Level
from tests.dashboard.alarms.ground import POLICY, T0, condition, course

HIGH = condition(AlarmKind.ALERT, "video/A1")  # a kind without delays
FLAPPING = [(0, HIGH), (5, None), (10, HIGH), (15, None), (20, HIGH)]


def test_a_condition_is_raised_and_clears() -> None:
    raised = course((0, HIGH))
    assert raised is not None and raised.active and raised.raised_at == T0
    cleared = course((0, HIGH), (9, None))
    assert cleared is not None
    assert (cleared.active, cleared.cleared_at) == (False, T0 + 9)


def test_a_raise_is_named_by_the_facts_so_that_a_successor_names_it_the_same() -> None:
    fact = condition(AlarmKind.ALERT, "video/A1", since=T0 - 3.25)
    seen_early, seen_late = course((0, fact)), course((7, fact))
    assert seen_early is not None and seen_late is not None
    assert seen_early.raised_at == seen_late.raised_at == T0 - 3.25


def test_a_second_raise_of_the_same_facts_has_a_name_of_its_own() -> None:
    fact = condition(AlarmKind.ALERT, "video/A1", since=T0)
    track = course((0, fact), (5, None), (9, fact))
    assert track is not None
    assert (track.raised_at, len(track.raises)) == (T0 + 9, 2)


def test_delays_hold_back_raise_and_clearing() -> None:
    policy = AlarmPolicy(on_s={AlarmKind.SENSOR: 10}, off_s={AlarmKind.SENSOR: 20})
    wet = condition()
    assert course((0, wet), (5, None), (6, wet), (15, wet), policy=policy) is not None
    assert not course((0, wet), (5, None), (6, wet), (15, wet), policy=policy).raises  # type: ignore[union-attr]
    raised = course((0, wet), (10, wet), (11, None), (30, None), policy=policy)
    assert raised is not None and raised.active
    over = course((0, wet), (10, wet), (11, None), (31, None), policy=policy)
    assert over is not None and over.cleared_at == T0 + 31


def test_what_never_became_an_alarm_is_forgotten() -> None:
    policy = AlarmPolicy(on_s={AlarmKind.SENSOR: 10})
    assert course((0, condition()), (5, None), policy=policy) is None


def test_growing_worse_is_a_new_raise_and_growing_better_is_none() -> None:
    worse = condition(AlarmKind.ALERT, "video/A1", level=Level.II)
    track = course((0, HIGH), (90, worse))
    assert track is not None
    assert (track.raised_at, track.rung_at) == (T0 + 90, T0 + 90)
    better = course((0, worse), (90, HIGH))
    assert better is not None
    assert (better.raised_at, better.condition.level) == (T0, Level.III)


def test_another_occasion_is_a_new_raise() -> None:
    first, second = (condition(AlarmKind.ORDER, "cad/I1", unit="PO1", occasion=name) for name in ("a", "b"))
    track = course((0, first), (1, second))
    assert track is not None and track.raised_at == T0 + 1


def test_three_raises_in_a_minute_chatter_and_do_not_ring() -> None:
    track = course(*FLAPPING)
    assert track is not None
    assert track.chattering
    assert track.rung_at == T0 + 10
    assert track.raised_at == T0 + 20


def test_three_raises_in_more_than_a_minute_do_not_chatter() -> None:
    track = course((0, HIGH), (5, None), (31, HIGH), (35, None), (61, HIGH))
    assert track is not None
    assert not track.chattering and track.rung_at == T0 + 61


def test_while_it_chatters_it_stays_the_same_raise() -> None:
    track = course(*FLAPPING, (25, None), (30, HIGH), (200, None), (300, HIGH))
    assert track is not None
    assert (track.raised_at, track.rung_at, track.chattering) == (T0 + 20, T0 + 10, True)


def test_five_quiet_minutes_end_it_and_the_next_raise_rings() -> None:
    quiet = course(*FLAPPING, (25, None), (320, None))
    assert quiet is not None and quiet.chattering
    over = course(*FLAPPING, (25, None), (321, None))
    assert over is not None and not over.chattering
    again = course(*FLAPPING, (25, None), (321, None), (400, HIGH))
    assert again is not None and again.rung_at == T0 + 400


def test_a_chattering_alarm_that_turns_critical_rings() -> None:
    critical = condition(AlarmKind.ALERT, "video/A1", level=Level.I)
    track = course(*FLAPPING, (22, critical))
    assert track is not None
    assert (track.chattering, track.rung_at, track.raised_at) == (True, T0 + 22, T0 + 22)


def test_a_record_that_came_late_rings_no_bell() -> None:
    track = course((0, condition(AlarmKind.ALERT, "video/A1", silent=True)))
    assert track is not None
    assert (track.active, track.rung_at) == (True, 0.0)


def test_a_person_who_ends_a_condition_ends_it_at_once() -> None:
    raised = course((0, condition()))
    ended = advance(raised, None, Ending(T0 + 1, "duty", "D"), T0 + 1, POLICY)
    assert ended is not None
    assert (ended.active, ended.ending) == (False, Ending(T0 + 1, "duty", "D"))


def test_a_person_can_deal_with_what_had_cleared_by_itself() -> None:
    cleared = course((0, HIGH), (9, None))
    settled = advance(cleared, None, Ending(T0 + 60, "duty", "D"), T0 + 61, POLICY)
    assert settled is not None
    assert (settled.cleared_at, settled.ending) == (T0 + 9, Ending(T0 + 60, "duty", "D"))


def test_keys_tell_tiers_and_units_of_one_incident_apart() -> None:
    leg = condition(AlarmKind.LEG, "cad/I1", cause="volunteer")
    refused = condition(AlarmKind.ORDER, "cad/I1", cause="declined", unit="PO001")
    assert (leg.key, refused.key) == ("leg/cad/I1/volunteer", "order/cad/I1/PO001")
    assert leg.thing == refused.thing
