"""Positions as columns: from typed fixes, and which of them the journal may take. Pure, vectorised."""

from collections.abc import Iterator, Mapping, Sequence
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from dashboard.door import admission
from dashboard.door.admission import Fault, Ground
from dashboard.door.receipts import Reason
from dashboard.records import Fix
from dashboard.wire import FixBatch, Floats

Verdicts = NDArray[np.int8]
_EARLIEST_S = admission.EARLIEST.timestamp()


class Verdict(IntEnum):
    """What becomes of one fix, in rising precedence."""

    ACCEPTED = 0
    REPEATED = 1  # the same unit at the same time, twice in one batch
    FUTURE = 2
    CLOCK_UNSET = 3
    OUT_OF_AREA = 4
    UNKNOWN_UNIT = 5


def columns(fixes: Sequence[Fix], units: Mapping[str, int]) -> FixBatch:
    """The fixes as columns (n,); a call-sign that is not in `units` becomes -1, an absent number NaN."""
    return FixBatch(
        np.array([units.get(fix.unit, -1) for fix in fixes], np.int64),
        np.array([fix.at.timestamp() for fix in fixes], np.float64),
        np.array([fix.lat for fix in fixes], np.float64),
        np.array([fix.lon for fix in fixes], np.float64),
        np.array([fix.speed_mps for fix in fixes], np.float64),
        np.array([fix.bearing_deg for fix in fixes], np.float64),
        np.array([fix.accuracy_m for fix in fixes], np.float64),
    )


def inside(batch: FixBatch, ground: Ground) -> NDArray[np.bool_]:
    """Which fixes lie in the area with its margin (n,); never true of NaN."""
    within = (batch.lat >= ground.south) & (batch.lat <= ground.north)
    return within & (batch.lon >= ground.west) & (batch.lon <= ground.east)


def judge(batch: FixBatch, ground: Ground, now: float) -> Verdicts:
    """A Verdict for each fix (n,)."""
    verdicts = np.zeros(len(batch), np.int8)
    verdicts[_repeated(batch)] = Verdict.REPEATED
    verdicts[batch.at > now + admission.FUTURE_S] = Verdict.FUTURE
    verdicts[~(batch.at >= _EARLIEST_S)] = Verdict.CLOCK_UNSET  # also where it is no number
    verdicts[~inside(batch, ground)] = Verdict.OUT_OF_AREA
    verdicts[(batch.unit < 0) | (batch.unit >= len(ground.units))] = Verdict.UNKNOWN_UNIT
    return verdicts


def _repeated(batch: FixBatch) -> NDArray[np.int64]:
    if len(np.unique(batch.unit)) == len(batch):
        return np.empty(0, np.int64)
    order = np.lexsort((batch.at, batch.unit))
    unit, at = batch.unit[order], batch.at[order]
    again: NDArray[np.int64] = order[1:][(unit[1:] == unit[:-1]) & (at[1:] == at[:-1])]
    return again


def within_ranges(batch: FixBatch) -> FixBatch:
    """The same fixes with speed, bearing and accuracy unknown (NaN) where they cannot be true."""
    return FixBatch(
        batch.unit,
        batch.at,
        batch.lat,
        batch.lon,
        _known(batch.speed_mps, 150),
        _known(batch.bearing_deg, 360),
        _known(batch.accuracy_m, 100_000),
    )


def _known(values: Floats, greatest: float) -> Floats:
    return np.where((values >= 0) & (values <= greatest), values, np.nan)


def faults(
    batch: FixBatch, verdicts: Verdicts, sent_as: Sequence[str], ground: Ground, now: float
) -> Iterator[tuple[int, Fault]]:
    """Row and fault of each fix that is neither accepted nor repeated; `sent_as`: call-signs as sent."""
    for row in np.flatnonzero(verdicts > Verdict.REPEATED).tolist():
        match Verdict(int(verdicts[row])):
            case Verdict.UNKNOWN_UNIT:
                yield row, Fault("unit", Reason.UNKNOWN_UNIT, admission.unknown_unit(sent_as[row]))
            case Verdict.OUT_OF_AREA:
                place = float(batch.lat[row]), float(batch.lon[row])
                yield row, Fault("lat", Reason.OUT_OF_AREA, admission.outside(*place, ground))
            case Verdict.FUTURE:
                yield row, Fault("at", Reason.FUTURE, admission.future("at", float(batch.at[row]), now))
            case _:
                yield row, Fault("at", Reason.CLOCK_UNSET, admission.unset_clock("at"))
