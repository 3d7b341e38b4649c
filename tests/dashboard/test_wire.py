import struct

import numpy as np
import pytest

from dashboard import wire
from dashboard.forces.columns import open_frame
from dashboard.wire import FixBatch, UnitColumns, WireError

ROSTER = 0xCAFE0135


def a_batch(count: int = 5) -> FixBatch:
    rng = np.random.default_rng(135)
    speed = rng.uniform(0, 40, count)
    speed[0] = np.nan
    return FixBatch(
        np.arange(count)[::-1].astype(np.int64),
        1_800_000_000 + np.round(rng.uniform(-3600, 3600, count), 3),
        np.round(rng.uniform(22.4, 22.9, count), 7),
        np.round(rng.uniform(-113.9, 113.9, count), 7),
        speed,
        rng.uniform(0, 360, count),
        rng.uniform(0, 50, count),
    )


def some_units(count: int = 4) -> UnitColumns:
    return UnitColumns(
        np.arange(count, dtype=np.uint32),
        np.linspace(-9_000, 9_000, count, dtype=np.float32),
        np.linspace(-4_000, 4_000, count, dtype=np.float32),
        np.arange(count, dtype=np.float32),
        np.arange(count, dtype=np.uint8),
    )


def test_a_batch_comes_back_to_the_millisecond_and_the_centimetre():
    batch = a_batch()
    back = wire.unpack_fixes(wire.pack_fixes(batch, ROSTER), ROSTER)
    assert back.unit.tolist() == batch.unit.tolist()
    assert np.abs(back.at - batch.at).max() < 0.0006
    assert np.abs(back.lat - batch.lat).max() < 1e-9
    assert np.abs(back.lon - batch.lon).max() < 1e-9
    assert np.isnan(back.speed_mps[0])
    assert np.abs(back.speed_mps[1:] - batch.speed_mps[1:]).max() < 0.08
    assert np.abs(back.bearing_deg - batch.bearing_deg).max() <= 0.5


def test_packing_what_was_unpacked_gives_the_same_bytes():
    packed = wire.pack_fixes(a_batch(), ROSTER)
    assert wire.pack_fixes(wire.unpack_fixes(packed, ROSTER), ROSTER) == packed


def test_an_empty_batch_comes_back_empty():
    assert len(wire.unpack_fixes(wire.pack_fixes(a_batch(1).take(np.zeros(1, bool)), ROSTER), ROSTER)) == 0


def test_an_accuracy_beyond_sixteen_bits_stays_large_and_finite():
    batch = a_batch(2)
    batch.accuracy_m[:] = (100_000, np.nan)
    back = wire.unpack_fixes(wire.pack_fixes(batch, ROSTER), ROSTER)
    assert 59_000 < back.accuracy_m[0] < 61_000
    assert np.isnan(back.accuracy_m[1])


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: b"",
        lambda data: data[:10],
        lambda data: data[:-1],
        lambda data: data + b"\0",
        lambda data: b"FIX0" + data[4:],
        lambda data: data[:8] + struct.pack("<I", 4_000_000_000) + data[12:],
    ],
    ids=["empty", "header cut", "row cut", "too long", "other magic", "false count"],
)
def test_wrong_bytes_are_refused(spoil):
    with pytest.raises(WireError):
        wire.unpack_fixes(spoil(wire.pack_fixes(a_batch(), ROSTER)), ROSTER)


def test_a_batch_of_another_roster_is_refused_by_name():
    with pytest.raises(WireError, match="00000007, ours is cafe0135"):
        wire.unpack_fixes(wire.pack_fixes(a_batch(), 7), ROSTER)


def test_rows_are_taken_by_mask_and_by_place():
    batch = a_batch()
    assert batch.take(batch.unit > 2).unit.tolist() == [4, 3]
    assert batch.take(np.array([4, 0])).unit.tolist() == [0, 4]


def test_a_frame_has_an_aligned_header_and_seventeen_bytes_a_unit():
    frame = wire.pack_units(some_units(), ROSTER, 1_800_000_000_123.0, epoch=3, seq=9)
    assert len(frame) == wire.FRAME_HEADER_BYTES + 17 * 4
    assert struct.unpack_from("<4sIIIId", frame) == (b"UNT1", 3, 9, ROSTER, 4, 1_800_000_000_123.0)


def test_a_frame_is_restamped_without_touching_its_columns():
    frame = wire.pack_units(some_units(), ROSTER, 5.0, epoch=3, seq=9)
    assert wire.restamp(frame, 4, 1) == wire.pack_units(some_units(), ROSTER, 5.0, epoch=4, seq=1)


def test_a_frame_comes_back():
    columns, newest_ms = open_frame(wire.pack_units(some_units(), ROSTER, 5.0), ROSTER)
    assert newest_ms == 5.0
    for name in ("unit", "x_m", "y_m", "age_s", "state"):
        assert getattr(columns, name).tolist() == getattr(some_units(), name).tolist()
