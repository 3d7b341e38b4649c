import random
from dataclasses import replace

import msgspec
import pytest

from dashboard.command import Answer, Command, CommandMemory, RulesError
from dashboard.command.roll_calls import RollCall, Standing, standing
from dashboard.district import District
from dashboard.records import Order, Verb
from tests.builders import NOON, order
from tests.feeds.small_district import small_district

T0 = NOON.timestamp()
BELOW_A = ("C0", "C1", "C2")


@pytest.fixture(scope="module")
def district() -> District:
    return small_district()


def call(after_s: float = 0, centre: str = "A", number: int = 1) -> Order:
    return order(Verb.CALL_ROLL, centre, after_s, id=f"call-{number}", by="值班长")


def answer(centre: str, after_s: float, number: int = 1, by: str = "") -> Order:
    return order(Verb.ANSWER, centre, after_s, ref=f"call-{number}", by=by or f"{centre} 值班员")


def fold(command: Command, orders: list[Order], received_after_s: float = 200) -> list[RollCall]:
    for each in orders:
        command.apply(each, T0 + received_after_s)
    return sorted(command.all(), key=lambda each: each.id)


def test_a_roll_call_asks_all_centres_below(district: District) -> None:
    (asked,) = fold(Command(district), [call()])
    assert (asked.asked, asked.due_at - asked.at) == (BELOW_A, 120)
    (whole,) = fold(Command(district), [call(centre="D")])
    assert set(whole.asked) == set(district.centres) - {"D"}
    (lowest,) = fold(Command(district), [call(centre="C0")])
    assert lowest.asked == ()


def test_an_answer_is_in_time_late_or_missing(district: District) -> None:
    command = Command(district)
    fold(command, [call(), answer("C0", 10), answer("C1", 121)])
    seen = command.get("call-1")
    assert seen is not None
    assert [standing(seen, centre, T0 + 130) for centre in BELOW_A] == [
        Standing.IN_TIME,
        Standing.LATE,
        Standing.SILENT,
    ]
    assert standing(seen, "C2", T0 + 119) is Standing.WAITING
    assert seen.answers["C0"].by == "C0 值班员"


def test_the_first_answer_counts(district: District) -> None:
    (seen,) = fold(Command(district), [call(), answer("C0", 30, by="乙"), answer("C0", 20, by="甲")])
    assert seen.answers["C0"] == Answer(T0 + 20, "甲")


def test_an_answer_that_comes_before_its_call_waits_for_it(district: District) -> None:
    command = Command(district)
    assert command.apply(answer("C0", 10), T0 + 11) == []
    (changed,) = command.apply(call(), T0 + 12)
    assert list(changed.answers) == ["C0"]


def test_who_is_not_asked_cannot_answer(district: District) -> None:
    command = Command(district)
    (seen,) = fold(command, [call(), answer("C5", 10), answer("nowhere", 10)])
    assert seen.answers == {}
    assert command.anomalies() == {"not_asked": 1, "unknown_centre": 1}


def test_a_centre_sees_what_waits_for_its_answer(district: District) -> None:
    command = Command(district)
    fold(command, [call(0), call(60, "D", 2), answer("C0", 70, 2)])
    assert [each.id for each in command.unanswered("C0")] == ["call-1"]
    assert [each.id for each in command.unanswered("C1")] == ["call-1", "call-2"]
    assert [each.id for each in command.listed("A")] == ["call-2", "call-1"]
    assert command.unanswered("D") == []


def test_roll_calls_and_lost_answers_are_kept_for_a_day(district: District) -> None:
    command = Command(district)
    fold(command, [call(), answer("C0", 5, number=9)])
    assert command.tick(T0 + 86_400) == []
    (gone,) = command.tick(T0 + 86_401)
    assert gone.gone and command.all() == []
    assert command.apply(call(), T0 + 86_402) == []
    command.tick(T0 + 90_000)
    assert command.anomalies() == {"answer_without_call": 1}
    copy = Command(district)
    copy.adopt([msgspec.structs.replace(gone, gone=False)])
    copy.adopt([gone])
    assert copy.all() == []


def story() -> list[Order]:
    calls = [call(), call(30, "D", 2)]
    return [*calls, *(answer(centre, 40 + at, 1 + at % 2) for at, centre in enumerate(BELOW_A)), answer("C0", 20)]


@pytest.mark.parametrize("seed", range(6))
def test_disorder_and_repeats_end_in_the_same_roll_calls(district: District, seed: int) -> None:
    told = story()
    chance = random.Random(seed)
    shuffled = told + [each for each in told if chance.random() < 0.4]
    chance.shuffle(shuffled)
    assert fold(Command(district), shuffled) == fold(Command(district), told)


@pytest.mark.parametrize("cut", range(1, 6))
def test_a_successor_goes_on_exactly(district: District, cut: int) -> None:
    told = story()[::-1]  # answers first
    whole, first, second = Command(district), Command(district), Command(district)
    fold(whole, told)
    fold(first, told[:cut])
    second.adopt(msgspec.msgpack.decode(msgspec.msgpack.encode(first.all()), type=list[RollCall]))
    second.restore(msgspec.msgpack.decode(msgspec.msgpack.encode(first.memory()), type=CommandMemory))
    assert fold(second, told[cut:]) == fold(whole, [])
    assert second.memory() == whole.memory()


def test_the_district_says_how_long_an_answer_may_take(district: District) -> None:
    quick = replace(district, command_settings={"roll_call_s": 30})
    (seen,) = fold(Command(quick), [call()])
    assert seen.due_at == T0 + 30
    with pytest.raises(RulesError, match=r"\[command\].*roll_cal"):
        Command(replace(district, command_settings={"roll_cal_s": 30}))
