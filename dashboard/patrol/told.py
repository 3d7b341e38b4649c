"""What the engine tells its copies of patrol beside visits, packed: receivers that repeat one place, and how long
units stayed in each cell today."""

import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dashboard.wire import WireError

_STUCK = struct.Struct("<4sI")
_STUCK_MAGIC = b"STK1"
_DWELL = struct.Struct("<4sIdd")
_DWELL_MAGIC = b"DWL1"


@dataclass(frozen=True)
class Stuck:
    """Units whose receiver repeats one place, in columns of one length n."""

    unit: NDArray[np.int64]  # (n,) place in the roster
    since: NDArray[np.float64]  # (n,) epoch seconds


@dataclass(frozen=True)
class Dwell:
    """The time that patrolling units spent in each cell today."""

    began_at: float  # since when patrols are on record, epoch seconds; 0: not yet
    day_at: float  # when today began
    seconds: NDArray[np.float64]  # (n_cells,) summed over units


def pack_stuck(stuck: Stuck) -> bytes:
    """Unit u4, since f8."""
    head = _STUCK.pack(_STUCK_MAGIC, len(stuck.unit))
    return head + stuck.unit.astype("<u4").tobytes() + stuck.since.astype("<f8").tobytes()


def unpack_stuck(data: bytes) -> Stuck:
    """What `pack_stuck` packed; raises WireError for other bytes."""
    count = _count(data, _STUCK, _STUCK_MAGIC, 12)
    unit = np.frombuffer(data, "<u4", count, _STUCK.size).astype(np.int64)
    return Stuck(unit, np.frombuffer(data, "<f8", count, _STUCK.size + 4 * count))


def pack_dwell(dwell: Dwell) -> bytes:
    """A whole number of seconds u4 for each cell."""
    head = _DWELL.pack(_DWELL_MAGIC, len(dwell.seconds), dwell.began_at, dwell.day_at)
    return head + dwell.seconds.astype("<u4").tobytes()


def unpack_dwell(data: bytes) -> Dwell:
    """What `pack_dwell` packed; raises WireError for other bytes."""
    count = _count(data, _DWELL, _DWELL_MAGIC, 4)
    _, _, began_at, day_at = _DWELL.unpack_from(data)
    return Dwell(began_at, day_at, np.frombuffer(data, "<u4", count, _DWELL.size).astype(float))


def _count(data: bytes, head: struct.Struct, magic: bytes, row_bytes: int) -> int:
    """How many rows these bytes have, if they are what the magic says."""
    if len(data) < head.size or data[:4] != magic:
        raise WireError(f"not {magic.decode()}")
    count = int(head.unpack_from(data)[1])
    if len(data) != head.size + row_bytes * count:
        raise WireError(f"{magic.decode()} of another length")
    return count
