import msgspec
import numpy as np
import pytest

from dashboard.patrol import Patrol, PatrolMemory, Told, unpack_visits
from dashboard.records import TIERS, Tier
from dashboard.situation import Change, Memory, Situation
from dashboard.wire import FixBatch, WireError
from tests.dashboard.patrol.patrols import T0, fix, joined, play, small_district

DISTRICT = small_district()
SPAN_S = 600


def walk(unit: str, cell: int, after_s: float) -> list[FixBatch]:
    """Two fixes of a unit on foot: a patrol of that cell."""
    return [fix(DISTRICT, unit, cell, after_s + second, 1.2, int(second)) for second in (0, 10)]


def last_visits(patrol: Patrol) -> dict[int, float]:
    return {int(cell): float(patrol.last_at[cell] - T0) for cell in np.flatnonzero(patrol.last_at > 0)}


def day() -> list[FixBatch]:
    """Wardens walk, a car drives through, police stand by."""
    told = [*walk("WA000", 3, 0), *walk("WA001", 3, 130), *walk("WA000", 4, 300), *walk("WA000", 3, 700)]
    told += [fix(DISTRICT, "PO000", 5, second, 0.0) for second in (0, 60, 130)]
    told += [fix(DISTRICT, "PO001", 6 + cell, 20.0 * cell, 14.0) for cell in range(5)]
    told += [fix(DISTRICT, "VO000", 20, second, 1.2) for second in (0, 60, 500)]
    return told


def test_wardens_on_foot_and_police_that_stay_patrol_and_nobody_else_does() -> None:
    situation = Situation(DISTRICT)
    told = Change.merged(play(situation, day(), 800))
    assert last_visits(situation.patrol) == {3: SPAN_S, 4: 0, 5: 0}
    rows = [
        (cell, at - T0, TIERS[tier])
        for packed in told.visits
        for cell, at, tier in zip(
            *(getattr(unpack_visits(packed), name) for name in ("cell", "at", "tier")), strict=True
        )
    ]
    assert sorted(rows) == [
        (3, 0, Tier.WARDEN), (3, SPAN_S, Tier.WARDEN), (4, 0, Tier.WARDEN), (5, 0, Tier.POLICE)
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(10))
def test_any_order_and_any_repeats_of_fixes_end_in_the_same_last_visits(seed: int) -> None:
    chance = np.random.default_rng(seed)
    clean, shuffled = Situation(DISTRICT), Situation(DISTRICT)
    play(clean, day(), 800)
    batches = day()
    batches += [batches[place] for place in chance.integers(0, len(batches), 8)]
    order = chance.permutation(len(batches))
    play(shuffled, [joined([batches[place] for place in part]) for part in np.array_split(order, 6)], 800)
    assert last_visits(shuffled.patrol) == last_visits(clean.patrol)


def test_a_copy_equals_the_engine() -> None:
    engine, copy, late = Situation(DISTRICT), Situation(DISTRICT), Situation(DISTRICT)
    for change in [*play(engine, day(), 800), engine.tick(T0 + 900)]:
        copy.adopt(msgspec.msgpack.decode(msgspec.msgpack.encode(change), type=Change))
    late.adopt(msgspec.msgpack.decode(msgspec.msgpack.encode(engine.everything()), type=Change))
    for each in (copy, late):
        assert last_visits(each.patrol) == last_visits(engine.patrol)
        assert (each.patrol.last_tier == engine.patrol.last_tier).all()
        assert each.patrol.everything() == engine.patrol.everything()
    assert engine.patrol.dwell.seconds.sum() > 0


@pytest.mark.parametrize("cut", range(1, 15))
def test_a_successor_that_starts_anywhere_ends_like_an_uninterrupted_engine(cut: int) -> None:
    whole, first, second = Situation(DISTRICT), Situation(DISTRICT), Situation(DISTRICT)
    play(whole, day(), 800)
    play(first, day()[:cut], 800)
    # The engine may die between a batch and its second.
    first.follow(first.move(day()[cut], T0 + 800))
    second.adopt(first.everything())
    second.restore(msgspec.msgpack.decode(msgspec.msgpack.encode(first.memory()), type=Memory))
    second.tick(T0 + 800)
    play(second, day()[cut + 1 :], 800)
    assert second.patrol.memory() == whole.patrol.memory()
    assert second.patrol.everything() == whole.patrol.everything()


def repeating(units: list[str], count: int, jitter: int = 0) -> list[FixBatch]:
    """All of these units report each 40 s, from the same place or from beside it."""
    return [
        joined([fix(DISTRICT, unit, 3, 40.0 * turn, 0.0, jitter * (turn % 3)) for unit in units])
        for turn in range(count)
    ]


def test_a_receiver_that_repeats_one_place_is_stuck_if_others_of_its_tier_show_noise() -> None:
    situation = Situation(DISTRICT)
    noisy = repeating(["WA001", "WA002"], 25, jitter=2)
    still = repeating(["WA000"], 25)
    for turn in range(25):
        play(situation, [joined([noisy[turn], still[turn]])])
        if turn == 14:  # long enough a row of fixes, not of time
            assert len(situation.patrol.stuck.unit) == 0
    stuck = situation.patrol.stuck
    assert stuck.unit.tolist() == [DISTRICT.roster.index["WA000"]]
    assert stuck.since.tolist() == [T0]
    play(situation, [fix(DISTRICT, "WA000", 3, 1000, north=1)])
    assert len(situation.patrol.stuck.unit) == 0


def test_where_most_receivers_stand_still_the_source_smooths_them() -> None:
    situation = Situation(DISTRICT)
    play(situation, repeating(["WA000", "WA001", "WA002"], 25))
    assert len(situation.patrol.stuck.unit) == 0


def test_what_is_of_another_district_is_refused() -> None:
    patrol = Situation(DISTRICT).patrol
    with pytest.raises(WireError):
        patrol.adopt(Told(dwell=b"DWL1"))
    with pytest.raises(WireError):
        patrol.adopt(Told(dwell=b"DWL1\1\0\0\0" + bytes(20)))
    with pytest.raises(WireError):
        patrol.adopt(Told(stuck=b"STK1\1\0\0\0" + b"\xff" * 4 + bytes(8)))


def test_the_memory_of_an_engine_that_knew_nothing_of_patrol_begins_anew() -> None:
    patrol = Situation(DISTRICT).patrol
    patrol.restore(PatrolMemory())
    assert patrol.memory().stays.units
