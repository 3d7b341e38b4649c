import msgspec
import numpy as np
import pytest

from dashboard.patrol.policy import PatrolPolicy
from dashboard.patrol.sightings import KEEP_S, SPAN_S, Found, Seen, Sightings, SightingsMemory

T0 = 1_800_000_000 // SPAN_S * SPAN_S
POLICY = PatrolPolicy(stay_s=120, walk_s=10)
Row = tuple[int, int, float, bool]  # unit, cell, seconds, whether it walked


def seen(*rows: Row) -> Seen:
    unit, cell, at, walks = (np.array(column) for column in zip(*rows, strict=True))
    return Seen(unit, cell, np.rint((T0 + at) * 1000).astype(np.int64), walks.astype(bool))


def cells(found: Found) -> list[tuple[int, int]]:
    return [(cell, span - T0 // SPAN_S) for cell, span in zip(found.cell.tolist(), found.span.tolist(), strict=True)]


def test_a_car_that_passes_through_is_no_patrol() -> None:
    sightings = Sightings(POLICY, 9, 9)
    assert cells(sightings.look(seen((1, 4, 0, False), (1, 4, 20, False), (1, 5, 40, False)))) == []


def test_a_unit_that_stays_has_patrolled() -> None:
    sightings = Sightings(POLICY, 9, 9)
    assert cells(sightings.look(seen((1, 4, 0, False), (1, 4, 119, False)))) == []
    assert cells(sightings.look(seen((1, 4, 120, False)))) == [(4, 0)]


def test_a_unit_that_walks_has_patrolled_by_its_second_fix() -> None:
    sightings = Sightings(POLICY, 9, 9)
    assert cells(sightings.look(seen((1, 4, 0, True), (1, 4, 5, True)))) == []
    assert cells(sightings.look(seen((1, 4, 10, True)))) == [(4, 0)]


def test_two_units_that_pass_are_not_one_that_stays() -> None:
    sightings = Sightings(POLICY, 9, 9)
    assert cells(sightings.look(seen((1, 4, 0, False), (2, 4, 300, False)))) == []


def test_a_cell_counts_once_in_ten_minutes() -> None:
    sightings = Sightings(POLICY, 9, 9)
    assert cells(sightings.look(seen((1, 4, 0, True), (1, 4, 10, True), (2, 4, 0, True), (2, 4, 60, True)))) == [(4, 0)]
    assert cells(sightings.look(seen((1, 4, 300, True), (1, 4, 310, True)))) == []
    assert cells(sightings.look(seen((1, 4, 600, True), (1, 4, 610, True)))) == [(4, 1)]


def test_a_fix_that_is_repeated_is_one_fix() -> None:
    sightings = Sightings(POLICY, 9, 9)
    assert cells(sightings.look(seen(*[(1, 4, 0, True)] * 5))) == []


def random_rows(chance: np.random.Generator) -> list[Row]:
    count = 120
    columns = chance.integers(0, 5, count), chance.integers(0, 6, count), chance.integers(0, 1800, count)
    return list(zip(*columns, chance.random(count) < 0.3, strict=True))


@pytest.mark.parametrize("seed", range(20))
def test_any_order_and_any_repeats_find_the_same(seed: int) -> None:
    chance = np.random.default_rng(seed)
    rows = random_rows(chance)
    whole = cells(Sightings(POLICY, 9, 9).look(seen(*rows)))
    again = rows + [rows[place] for place in chance.integers(0, len(rows), 60)]
    chance.shuffle(again)
    sightings = Sightings(POLICY, 9, 9)
    found = []
    for part in np.array_split(np.arange(len(again)), 13):
        found += cells(sightings.look(seen(*(again[place] for place in part))))
        sightings.forget(T0 + 1800)
    assert len(whole) > 3 and sorted(found) == sorted(whole)


@pytest.mark.parametrize("cut", [1, 40, 119])
def test_a_successor_finds_the_same(cut: int) -> None:
    rows = random_rows(np.random.default_rng(5))
    first, second, whole = (Sightings(POLICY, 9, 9) for _ in range(3))
    before = cells(first.look(seen(*rows[:cut])))
    second.restore(msgspec.msgpack.decode(msgspec.msgpack.encode(first.memory()), type=SightingsMemory))
    assert second.memory() == first.memory()
    assert sorted(before + cells(second.look(seen(*rows[cut:])))) == sorted(cells(whole.look(seen(*rows))))


def test_what_is_long_ago_is_let_go() -> None:
    sightings = Sightings(POLICY, 9, 9)
    sightings.look(seen((1, 4, 0, True), (1, 4, 10, True), (1, 5, 20, True)))
    sightings.forget(T0 + KEEP_S)
    assert sightings.memory() != SightingsMemory()
    sightings.forget(T0 + KEEP_S + 2 * SPAN_S)
    assert sightings.memory() == SightingsMemory()
