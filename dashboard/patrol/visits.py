"""Visits: a patroller was in a cell, as packed columns. They say the tier and never the unit."""

import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dashboard.wire import WireError

_HEAD = struct.Struct("<4sI")
_MAGIC = b"VIS1"
_ROW_BYTES = 4 + 1 + 8


@dataclass(frozen=True)
class Visits:
    """Visits in columns of one length n."""

    cell: NDArray[np.int32]  # (n,) index
    tier: NDArray[np.uint8]  # (n,) place in records.TIERS
    at: NDArray[np.float64]  # (n,) epoch seconds

    def __len__(self) -> int:
        """How many."""
        return len(self.cell)


def pack_visits(visits: Visits) -> bytes:
    """Visits as bytes: cell i4, tier u1, at f8."""
    head = _HEAD.pack(_MAGIC, len(visits))
    columns = (visits.cell.astype("<i4"), visits.tier.astype("u1"), visits.at.astype("<f8"))
    return b"".join((head, *(column.tobytes() for column in columns)))


def unpack_visits(data: bytes) -> Visits:
    """The visits of `pack_visits`; raises WireError for other bytes."""
    if len(data) < _HEAD.size:
        raise WireError("too short for visits")
    magic, count = _HEAD.unpack_from(data)
    if magic != _MAGIC or len(data) != _HEAD.size + _ROW_BYTES * count:
        raise WireError("not visits of this version")
    at = _HEAD.size
    cell = np.frombuffer(data, "<i4", count, at)
    tier = np.frombuffer(data, "u1", count, at + 4 * count)
    return Visits(cell, tier, np.frombuffer(data, "<f8", count, at + 5 * count))
