import random

import msgspec
import pytest

from dashboard.district import District
from dashboard.duty import Duty, DutyMemory, Handover, Rosters, Shift
from dashboard.duty.document import canonical, digest
from dashboard.records import Order, Verb
from tests.builders import NOON, at, order
from tests.feeds.small_district import small_district

T0 = NOON.timestamp()
DAY = 86_400.0


@pytest.fixture(scope="module")
def district() -> District:
    return small_district()


@pytest.fixture
def duty(district: District) -> Duty:
    return Duty(district)


def give(after_s: float = 0, number: int = 1, actor: str = "li", centre: str = "A", notes: str = "") -> Order:
    text = canonical({"centre": centre, "notes": notes})
    fields = {"id": f"give-{number}", "text": text, "ref": digest(text), "actor": actor, "by": f"{actor} 值班长"}
    return order(Verb.HAND_OVER, centre, after_s, **fields)


def take(after_s: float, number: int = 1, actor: str = "wang", centre: str = "A", **fields: str) -> Order:
    given = {"id": f"take-{number}-{actor}", "ref": f"give-{number}", "actor": actor, "by": f"{actor} 值班长"}
    return order(Verb.TAKE_OVER, centre, after_s, **{**given, **fields})


def fold(duty: Duty, told: list[Order]) -> list[Handover]:
    for each in told:
        duty.apply(each, T0 + 1000)
    return sorted(duty.all(), key=lambda each: each.id)


def test_two_people_sign_and_the_handover_is_frozen(duty: Duty) -> None:
    (given,) = duty.apply(give(), T0)
    assert given.is_open and not given.is_frozen
    assert duty.open_handover("A") == given
    (taken,) = duty.apply(take(60), T0 + 60)
    assert taken.is_frozen and taken.takes is not None and taken.takes.actor == "wang"
    assert duty.open_handover("A") is None
    assert duty.apply(take(70, actor="zhao"), T0 + 70) == []
    assert duty.get("give-1") == taken


def test_who_gives_cannot_take(duty: Duty) -> None:
    duty.apply(give(), T0)
    assert duty.fault(take(60, actor="li")) == "same_person"
    assert duty.apply(take(60, actor="li"), T0 + 60) == []
    assert duty.anomalies() == {"same_person": 1}


def test_in_a_rehearsal_without_accounts_the_names_must_differ(duty: Duty) -> None:
    duty.apply(give(actor=""), T0)
    assert duty.apply(take(60, actor=""), T0 + 60) == []
    assert duty.apply(take(61, actor="", id="other", by="another"), T0 + 61)[0].is_frozen


def test_a_digest_that_does_not_fit_is_refused_and_counted(duty: Duty) -> None:
    changed = msgspec.structs.replace(give(), text=canonical({"centre": "A", "notes": "changed"}))
    assert duty.fault(changed) == "wrong_digest"
    assert duty.apply(changed, T0) == []
    text = canonical({"centre": "B"})
    elsewhere = msgspec.structs.replace(give(), text=text, ref=digest(text))
    nothing = msgspec.structs.replace(give(), text="{", ref=digest("{"))
    assert [duty.fault(each) for each in (elsewhere, nothing)] == ["unreadable", "unreadable"]
    duty.apply(elsewhere, T0)
    assert duty.all() == []
    assert duty.anomalies() == {"unreadable": 1, "wrong_digest": 1}


def test_a_second_document_replaces_one_that_nobody_took(duty: Duty) -> None:
    duty.apply(give(0, 1), T0)
    changed = {each.id: each for each in duty.apply(give(30, 2, notes="more"), T0 + 30)}
    assert changed["give-1"].replaced and changed["give-2"].is_open
    assert duty.fault(take(40, 1)) == "replaced"
    duty.apply(take(40, 1), T0 + 40)
    assert not duty.get("give-1").is_frozen  # type: ignore[union-attr]
    assert duty.apply(take(50, 2), T0 + 50)[0].is_frozen


def test_a_signature_from_before_the_second_document_still_counts_when_it_comes_late(duty: Duty) -> None:
    first, second = fold(duty, [give(0, 1), give(100, 2), take(40, 1)])
    assert first.is_frozen and not first.replaced
    assert second.is_open


def test_another_centres_signature_takes_nothing(duty: Duty) -> None:
    duty.apply(give(), T0)
    assert duty.fault(take(10, centre="B")) == "unknown_handover"
    assert duty.apply(take(10, centre="B"), T0 + 10) == []


def story() -> list[Order]:
    return [
        give(0, 1),
        take(20, 1),
        take(25, 1, "zhao"),
        give(100, 2),
        give(130, 3),
        take(120, 2, "li"),
        take(140, 3),
        give(50, 4, centre="B"),
    ]


@pytest.mark.parametrize("seed", range(8))
def test_disorder_and_repeats_end_in_the_same_handovers(district: District, seed: int) -> None:
    told = story()
    chance = random.Random(seed)
    shuffled = told + [each for each in told if chance.random() < 0.4]
    chance.shuffle(shuffled)
    assert fold(Duty(district), shuffled) == fold(Duty(district), told)


@pytest.mark.parametrize("cut", range(1, 8))
def test_a_successor_goes_on_exactly(district: District, cut: int) -> None:
    told = story()[::-1]  # takers sign before the documents are there
    whole, first, second = Duty(district), Duty(district), Duty(district)
    fold(whole, told)
    fold(first, told[:cut])
    second.adopt(msgspec.msgpack.decode(msgspec.msgpack.encode(first.all()), type=list[Handover]))
    second.restore(msgspec.msgpack.decode(msgspec.msgpack.encode(first.memory()), type=DutyMemory))
    assert fold(second, told[cut:]) == fold(whole, [])
    assert second.memory() == whole.memory()


def test_handovers_are_kept_for_fourteen_days(duty: Duty) -> None:
    fold(duty, story())
    assert duty.tick(T0 + 14 * DAY - 1) == []
    gone = duty.tick(T0 + 14 * DAY + 60)
    assert {each.id for each in gone} == {"give-1", "give-4"} and all(each.gone for each in gone)
    duty.adopt(gone)
    assert {each.id for each in duty.all()} == {"give-2", "give-3"}
    assert duty.apply(give(0, 1), T0 + 14 * DAY + 61) == []
    duty.tick(T0 + 15 * DAY)
    assert duty.memory().takes == {}


def test_handovers_are_found_by_text_centre_and_local_day(duty: Duty) -> None:
    fold(duty, [give(0, 1, notes="Pump at gate 3"), give(8 * 3600, 2), give(13 * 3600, 3, centre="B"), take(60, 1)])
    assert [each.id for each in duty.find("PUMP")] == ["give-1"]
    assert [each.id for each in duty.find("wang")] == ["give-1"]
    assert [each.id for each in duty.find(centre="A")] == ["give-2", "give-1"]
    today = at(0).astimezone(small_district().timezone).date()
    assert [each.id for each in duty.find(day=today)] == ["give-2", "give-1"]  # the third: after local midnight


def test_while_a_handover_is_open_the_giving_shift_stays_responsible(duty: Duty) -> None:
    early, late = Shift("A", at(-12 * 3600), at(0), "甲", "乙"), Shift("A", at(0), at(12 * 3600), "丙", "丁")
    duty.note_rosters(Rosters(1, (early, late)))

    def leader(after_s: float) -> str:
        watch = duty.responsible("A", T0 + after_s)
        return watch.leader if watch else ""

    duty.apply(give(-43_100, 1), T0)
    duty.apply(take(-43_000, 1, "zhao"), T0)
    assert leader(60) == "丙"
    duty.apply(give(120, 2), T0 + 120)  # signed late, when the next shift has begun already
    assert leader(300) == "甲"
    duty.apply(take(400, 2), T0 + 400)
    assert leader(500) == "丙"


def test_a_handover_that_nobody_takes_does_not_hold_a_shift_for_ever(duty: Duty) -> None:
    duty.note_rosters(
        Rosters(1, (Shift("A", at(-60), at(60), "甲", "乙"), Shift("A", at(60), at(3 * DAY), "丙", "丁")))
    )
    duty.apply(give(30), T0 + 30)
    assert duty.responsible("A", T0 + 100).leader == "甲"  # type: ignore[union-attr]
    assert duty.responsible("A", T0 + 2 * DAY).leader == "丙"  # type: ignore[union-attr]


def test_the_same_rosters_again_are_no_news(duty: Duty) -> None:
    rosters = Rosters(1, (Shift("A", at(0), at(60), "甲", "乙"),))
    assert duty.note_rosters(rosters) == rosters
    assert duty.note_rosters(rosters) is None
