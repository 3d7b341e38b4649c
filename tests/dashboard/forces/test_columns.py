import numpy as np
import pytest

from dashboard import wire
from dashboard.forces import columns
from dashboard.wire import UnitColumns, WireError


def kept_columns() -> list[np.ndarray]:
    at = np.array([1_800_000_000.123456, -np.inf])
    degrees = np.array([22.5512345, 113.9])
    half = np.array([1.5, np.nan])
    return [
        np.array([4, 2]),
        at,
        at + 1,
        degrees,
        degrees,
        half,
        half,
        half,
        np.array([1, 2]),
        at - 5,
        degrees,
        degrees,
    ]


def test_a_snapshot_keeps_times_exactly_and_places_to_a_centimetre():
    back = columns.open_snapshot(columns.pack_snapshot(kept_columns(), 7), 7)
    for column, expected in zip(back, kept_columns(), strict=True):
        np.testing.assert_array_equal(column, expected)


@pytest.mark.parametrize("data", [b"", b"FRC2", b"x" * 12, b"FRC2" + b"\0" * 9])
def test_bytes_that_are_no_snapshot_are_refused(data):
    with pytest.raises(WireError):
        columns.open_snapshot(data, 0)


def test_a_snapshot_of_another_roster_is_refused():
    with pytest.raises(WireError, match="roster"):
        columns.open_snapshot(columns.pack_snapshot(kept_columns(), 7), 8)


def test_a_frame_cut_short_or_of_another_roster_is_refused():
    nothing = np.zeros(1, np.float32)
    frame = wire.pack_units(UnitColumns(np.zeros(1, np.uint32), *[nothing] * 3, np.zeros(1, np.uint8)), 7, 0.0)
    for wrong in (frame[:20], frame[:-1], b"ABCD" + frame[4:]):
        with pytest.raises(WireError):
            columns.open_frame(wrong, 7)
    with pytest.raises(WireError, match="roster"):
        columns.open_frame(frame, 8)
