import numpy as np
import pytest

from dashboard.patrol import Visits, pack_visits, unpack_visits
from dashboard.wire import WireError


def test_visits_survive_the_road() -> None:
    visits = Visits(np.array([7, 4865], np.int32), np.array([3, 2], np.uint8), np.array([1e9 + 600, 1.7e9]))
    found = unpack_visits(pack_visits(visits))
    assert len(found) == 2
    assert (
        found.cell.tolist() == [7, 4865] and found.tier.tolist() == [3, 2] and found.at.tolist() == [1e9 + 600, 1.7e9]
    )


@pytest.mark.parametrize("data", [b"", b"VIS1", b"VIS2\0\0\0\0", b"VIS1\1\0\0\0abc"])
def test_other_bytes_are_no_visits(data: bytes) -> None:
    with pytest.raises(WireError):
        unpack_visits(data)
