import numpy as np
import pytest

from dashboard.patrol.told import Dwell, Stuck, pack_dwell, pack_stuck, unpack_dwell, unpack_stuck
from dashboard.wire import WireError


def test_stuck_units_survive_the_road() -> None:
    found = unpack_stuck(pack_stuck(Stuck(np.array([3, 99_999]), np.array([1.7e9, 1.7e9 + 0.5]))))
    assert found.unit.tolist() == [3, 99_999] and found.since.tolist() == [1.7e9, 1.7e9 + 0.5]


def test_time_spent_in_cells_survives_the_road() -> None:
    found = unpack_dwell(pack_dwell(Dwell(1.7e9, 1.6e9, np.array([0.0, 86_400.0 * 40]))))
    assert (found.began_at, found.day_at, found.seconds.tolist()) == (1.7e9, 1.6e9, [0.0, 86_400.0 * 40])


@pytest.mark.parametrize("data", [b"", b"STK1", b"DWL1\1\0\0\0", b"STK1\1\0\0\0abc", b"DWL1" + bytes(20) + b"x"])
def test_other_bytes_are_refused(data: bytes) -> None:
    for unpack in (unpack_stuck, unpack_dwell):
        with pytest.raises(WireError):
            unpack(data)  # type: ignore[operator]
