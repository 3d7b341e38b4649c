from dashboard.district import District, load
from dashboard.district.demonstration import BAOAN
from dashboard.records import Order, Verb
from feeds.simulated_centres import Asked, SimulatedCentres
from tests.builders import NOON, order
from tests.feeds.small_district import small_district

T0 = NOON.timestamp()


def answers(district: District, asked: Asked, until_s: int = 300) -> list[Order]:
    centres = SimulatedCentres(district, 135)
    told = centres.happen(asked, T0)
    for second in range(until_s):
        told += centres.happen(asked if second == 1 else Asked(), T0 + second)
    return told


def test_most_centres_answer_in_time_some_late_and_a_few_never() -> None:
    district = load(BAOAN)
    below = district.below(district.root.code)
    told = answers(district, Asked((order(Verb.CALL_ROLL, district.root.code, 0, id="call"),)))
    late = [answer for answer in told if answer.at.timestamp() > T0 + 120]
    assert len(told) == len({answer.target for answer in told}) == len({answer.id for answer in told})
    assert 0.85 * len(below) < len(told) < len(below)
    assert 0 < len(late) < 0.15 * len(below)
    assert [answer.at for answer in told] == sorted(answer.at for answer in told)


def test_only_centres_below_are_meant_and_officers_speak_for_themselves() -> None:
    calls = tuple(order(Verb.CALL_ROLL, "A", 0, id=f"call-{number}") for number in range(12))
    told = answers(small_district(), Asked(calls, frozenset({"C1"})))
    assert {answer.target for answer in told} == {"C0", "C2"}
    assert {answer.ref for answer in told} == {call.id for call in calls}


def test_an_answer_is_not_given_before_it_is_due() -> None:
    centres = SimulatedCentres(small_district(), 135)
    call = order(Verb.CALL_ROLL, "D", 0, id="call")
    assert centres.happen(Asked((call,)), T0 + 4.9) == []
    assert centres.happen(Asked((order(Verb.ACKNOWLEDGE, "D", 0),)), T0 + 4.9) == []
    assert centres.happen(Asked(), T0 + 300)


def test_the_same_call_is_answered_the_same() -> None:
    call = Asked((order(Verb.CALL_ROLL, "D", 0, id="call"),))
    assert answers(small_district(), call) == answers(small_district(), call)
