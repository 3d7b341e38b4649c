"""Packed positions: a batch of fixes as the journal keeps it, and a frame of units as the browser gets it.

Both are columns behind a little-endian header, so no position is ever an object of its own. A unit is its place
in the district's roster; `roster` is the checksum of that list, so columns are never read against another one.
"""

import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indexes = NDArray[np.int64]

_BATCH = struct.Struct("<4sIId")  # magic, roster, count, base time (epoch ms)
_BATCH_MAGIC = b"FIX1"
_DEGREE = 1e7  # 1e-7 degree is about a centimetre

_FRAME = struct.Struct("<4sIIIId")  # magic, epoch, seq, roster, count, newest source time (epoch ms)
_FRAME_MAGIC = b"UNT1"
FRAME_HEADER_BYTES = 32  # the header, padded so that the columns behind it are aligned for typed arrays


@dataclass(frozen=True)
class FixBatch:
    """Fixes in columns, all of one length n; order within a batch carries no meaning."""

    unit: Indexes  # (n,) place in the roster
    at: Floats  # (n,) epoch seconds, the source's clock
    lat: Floats  # (n,) degrees, WGS-84
    lon: Floats  # (n,)
    speed_mps: Floats  # (n,) NaN where the source gave none
    bearing_deg: Floats  # (n,) NaN where the source gave none
    accuracy_m: Floats  # (n,) NaN where the source gave none

    def __len__(self) -> int:
        """How many fixes."""
        return len(self.unit)

    def take(self, chosen: NDArray[np.bool_] | Indexes) -> "FixBatch":
        """The rows that a mask or a list of places chooses."""
        return FixBatch(
            self.unit[chosen],
            self.at[chosen],
            self.lat[chosen],
            self.lon[chosen],
            self.speed_mps[chosen],
            self.bearing_deg[chosen],
            self.accuracy_m[chosen],
        )


class WireError(ValueError):
    """The bytes are not what this version packs."""


def pack_fixes(batch: FixBatch, roster: int) -> bytes:
    """One batch as bytes: 26 a fix; time to 1 ms, place to 1e-7 degree, the rest as 16-bit floats.

    Speed to 0.1 m/s, bearing to 1 degree, accuracy to 1 m: no device is surer, and what is finer is noise that costs a
    quarter of the archive.
    """
    at_ms = np.rint(batch.at * 1000)
    base_ms = float(at_ms.min()) if len(batch) else 0.0
    return b"".join(
        (
            _BATCH.pack(_BATCH_MAGIC, roster, len(batch), base_ms),
            batch.unit.astype("<u4").tobytes(),
            (at_ms - base_ms).astype("<i8").tobytes(),
            np.rint(batch.lat * _DEGREE).astype("<i4").tobytes(),
            np.rint(batch.lon * _DEGREE).astype("<i4").tobytes(),
            (np.rint(batch.speed_mps * 10) / 10).astype("<f2").tobytes(),
            np.rint(batch.bearing_deg).astype("<f2").tobytes(),
            np.rint(np.minimum(batch.accuracy_m, 60_000)).astype("<f2").tobytes(),
        )
    )


def unpack_fixes(data: bytes, roster: int) -> FixBatch:
    """The batch of `pack_fixes`; raises WireError for other bytes or for another roster."""
    if len(data) < _BATCH.size:
        raise WireError("too short for a batch of fixes")
    magic, packed_roster, count, base_ms = _BATCH.unpack_from(data)
    if magic != _BATCH_MAGIC or len(data) != _BATCH.size + 26 * count:
        raise WireError("not a batch of fixes of this version")
    if packed_roster != roster:
        raise WireError(f"packed against roster {packed_roster:08x}, ours is {roster:08x}")
    columns = []
    offset = _BATCH.size
    for kind in ("<u4", "<i8", "<i4", "<i4", "<f2", "<f2", "<f2"):
        columns.append(np.frombuffer(data, kind, count, offset))
        offset += columns[-1].nbytes
    unit, at_ms, lat, lon, speed, bearing, accuracy = columns
    return FixBatch(
        unit.astype(np.int64),
        (at_ms + base_ms) / 1000,
        lat / _DEGREE,
        lon / _DEGREE,
        speed.astype(np.float64),
        bearing.astype(np.float64),
        accuracy.astype(np.float64),
    )


def roster_of(data: bytes) -> int:
    """The checksum of the roster that a batch was packed against; raises WireError for other bytes."""
    if len(data) < _BATCH.size or data[:4] != _BATCH_MAGIC:
        raise WireError("not a batch of fixes of this version")
    return int(_BATCH.unpack_from(data)[1])


@dataclass(frozen=True)
class UnitColumns:
    """What the map draws of units, in columns of one length n."""

    unit: NDArray[np.uint32]  # (n,) place in the roster
    x_m: NDArray[np.float32]  # (n,) Web Mercator metres east of the district's origin
    y_m: NDArray[np.float32]  # (n,) Web Mercator metres north of it
    age_s: NDArray[np.float32]  # (n,) age of the last fix, seconds before the newest of the frame (its header)
    state: NDArray[np.uint8]  # (n,) forces.Status


def pack_units(columns: UnitColumns, roster: int, newest_ms: float, epoch: int = 0, seq: int = 0) -> bytes:
    """One frame: a 32-byte header, then unit u32, x f32, y f32, age f32 (seconds before `newest_ms`), state u8."""
    head = _FRAME.pack(_FRAME_MAGIC, epoch, seq, roster, len(columns.unit), newest_ms)
    return b"".join(
        (
            head.ljust(FRAME_HEADER_BYTES, b"\0"),
            columns.unit.astype("<u4").tobytes(),
            columns.x_m.astype("<f4").tobytes(),
            columns.y_m.astype("<f4").tobytes(),
            columns.age_s.astype("<f4").tobytes(),
            columns.state.tobytes(),
        )
    )


def restamp(frame: bytes, epoch: int, seq: int) -> bytes:
    """The same frame under the numbers of another channel: each room of viewers counts for itself."""
    return b"".join((frame[:4], struct.pack("<II", epoch, seq), frame[12:]))
