import msgspec
import numpy as np
import pytest

from dashboard.patrol.stays import LONGEST_STEP_MS, Stays, StaysMemory, Steps

Row = tuple[
    int, int, int, int, bool
]  # unit, cell, second, second of the fix before (0: none), whether at the same place


def steps(*rows: Row) -> Steps:
    unit, cell, at, prior, same = (np.array(column, np.int64) for column in zip(*rows, strict=True))
    return Steps(unit, cell, at * 1000, prior * 1000, same.astype(bool), unit < 5)


def walked() -> list[Row]:
    """Unit 1 crosses from cell 0 to 2, unit 7, which does not patrol, stands; one fix outside."""
    return [
        (1, 0, 10, 0, False),
        (1, 0, 20, 10, True),
        (1, 0, 30, 20, True),
        (1, 2, 40, 30, False),
        (1, 2, 50, 40, True),
        (1, -1, 60, 50, False),
        (7, 3, 10, 0, False),
        (7, 3, 60, 10, True),
    ]


def test_stays_and_places_repeated_are_counted_from_their_first_fix() -> None:
    stays = Stays(8, 4)
    stays.take(steps(*walked()[:5], *walked()[6:]))
    assert stays.cell.tolist() == [-1, 2, -1, -1, -1, -1, -1, 3]
    assert (stays.since_ms[1], stays.since_ms[7]) == (40_000, 10_000)
    assert (stays.still_fixes[1], stays.still_since_ms[1]) == (2, 40_000)
    assert (stays.still_fixes[7], stays.still_since_ms[7]) == (2, 10_000)


def test_time_is_spent_where_a_unit_was_before_its_fix() -> None:
    stays = Stays(8, 4)
    stays.take(steps(*walked()))
    assert stays.dwell_ms.tolist() == [30_000, 0, 20_000, 0]


def test_nobody_knows_where_a_unit_was_between_fixes_far_apart() -> None:
    stays = Stays(8, 4)
    far = LONGEST_STEP_MS // 1000 + 11
    stays.take(steps((1, 0, 10, 0, False), (1, 0, far, 10, False)))
    assert stays.dwell_ms.sum() == 0


def test_a_new_day_begins_with_no_time_spent() -> None:
    stays = Stays(8, 4)
    stays.take(steps((1, 0, 10, 0, False), (1, 0, 100, 10, False)))
    stays.begin_day(150_000)
    stays.take(steps((1, 0, 160, 100, False)))
    assert stays.dwell_ms[0] == 10_000
    stays.begin_day(150_000)
    assert stays.dwell_ms[0] == 10_000


@pytest.mark.parametrize("cut", range(1, 8))
def test_one_batch_or_many_are_the_same(cut: int) -> None:
    whole, parts = Stays(8, 4), Stays(8, 4)
    whole.take(steps(*walked()))
    parts.take(steps(*walked()[:cut]))
    again = Stays(8, 4)
    again.restore(msgspec.msgpack.decode(msgspec.msgpack.encode(parts.memory()), type=StaysMemory))
    again.take(steps(*walked()[cut:]))
    assert again.memory() == whole.memory()
