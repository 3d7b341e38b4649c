"""Columns of units as bytes: the snapshot that forces keep for a restart, and frames read back by a copy."""

import struct
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dashboard.wire import FRAME_HEADER_BYTES, UnitColumns, WireError

Column = NDArray[Any]

_FRAME = struct.Struct("<4sIIIId")  # what wire.pack_units writes
_FRAME_MAGIC = b"UNT1"
_FRAME_KINDS = ("<u4", "<f4", "<f4", "<f4", "u1")
_SNAPSHOT = struct.Struct("<4sII")  # magic, roster, count
_SNAPSHOT_MAGIC = b"FRC2"
_SNAPSHOT_KINDS = ("<u4", "<f8", "<f8", "<i4", "<i4", "<f2", "<f2", "<f2", "u1", "<f8", "<f8", "<f8")
_DEGREES = (3, 4)  # which of these columns are degrees, kept as 1e-7 degree
_DEGREE = 1e7


def open_frame(frame: bytes, roster: int) -> tuple[UnitColumns, float]:
    """The columns of `wire.pack_units` and the newest source time in epoch ms; `age_s` is the age then.

    Raises WireError for other bytes or for another roster.
    """
    if len(frame) < FRAME_HEADER_BYTES:
        raise WireError("too short for a frame of units")
    magic, _, _, packed_roster, count, newest_ms = _FRAME.unpack_from(frame)
    if magic != _FRAME_MAGIC or len(frame) != FRAME_HEADER_BYTES + _row_bytes(_FRAME_KINDS) * count:
        raise WireError("not a frame of units of this version")
    _check_roster(packed_roster, roster)
    return UnitColumns(*_columns(frame, FRAME_HEADER_BYTES, _FRAME_KINDS, count)), newest_ms


def pack_snapshot(columns: Sequence[Column], roster: int) -> bytes:
    """Unit, at, received_at, lat, lon, speed, bearing, accuracy, status, then the doubtful fix: at, lat, lon."""
    packed = [_SNAPSHOT.pack(_SNAPSHOT_MAGIC, roster, len(columns[0]))]
    for place, (column, kind) in enumerate(zip(columns, _SNAPSHOT_KINDS, strict=True)):
        values = np.rint(column * _DEGREE) if place in _DEGREES else column
        packed.append(values.astype(kind).tobytes())
    return b"".join(packed)


def open_snapshot(data: bytes, roster: int) -> list[Column]:
    """The columns of `pack_snapshot`; raises WireError for other bytes or for another roster."""
    if len(data) < _SNAPSHOT.size:
        raise WireError("too short for a snapshot of forces")
    magic, packed_roster, count = _SNAPSHOT.unpack_from(data)
    if magic != _SNAPSHOT_MAGIC or len(data) != _SNAPSHOT.size + _row_bytes(_SNAPSHOT_KINDS) * count:
        raise WireError("not a snapshot of forces of this version")
    _check_roster(packed_roster, roster)
    columns = _columns(data, _SNAPSHOT.size, _SNAPSHOT_KINDS, count)
    return [column / _DEGREE if place in _DEGREES else column for place, column in enumerate(columns)]


def _columns(data: bytes, offset: int, kinds: Sequence[str], count: int) -> list[Column]:
    columns = []
    for kind in kinds:
        columns.append(np.frombuffer(data, kind, count, offset))
        offset += columns[-1].nbytes
    return columns


def _row_bytes(kinds: Sequence[str]) -> int:
    return sum(np.dtype(kind).itemsize for kind in kinds)


def _check_roster(packed: int, ours: int) -> None:
    if packed != ours:
        raise WireError(f"packed against roster {packed:08x}, ours is {ours:08x}")
