"""Fixes as they are noted between two seconds: one array of whole numbers, a column a fix. Without state."""

from collections.abc import Sequence

import numpy as np

from dashboard.forces import Moved
from dashboard.forces.plausible import METRES_PER_DEGREE, NEVER, Mask
from dashboard.patrol.policy import PatrolPolicy
from dashboard.patrol.sightings import KEEP_S, Seen
from dashboard.patrol.stays import Steps
from dashboard.wire import FixBatch, Floats, Indexes

_UNIT, _CELL, _AT, _PRIOR, _SAME, _WALKS, _COUNTS, _LATE = range(8)
ROWS = 8


def of_moved(moved: Moved, cell: Indexes, patrols: Mask, policy: PatrolPolicy, received_at: float) -> Indexes:
    """The fixes that moved units; `cell`: where each was, -1 outside; `patrols` says of each unit whether it does."""
    batch = moved.batch
    has_prior = moved.prior_at > NEVER
    speed = np.where(np.isnan(batch.speed_mps) & has_prior, _step_mps(moved, has_prior), batch.speed_mps)
    noted = _noted(batch, cell, speed, patrols, policy, received_at)
    noted[_PRIOR] = np.where(has_prior, np.rint(moved.prior_at * 1000), 0)
    noted[_SAME] = _is_same(batch.lat, moved.prior_lat) & _is_same(batch.lon, moved.prior_lon)
    return noted


def of_late(late: FixBatch, cell: Indexes, patrols: Mask, policy: PatrolPolicy, received_at: float) -> Indexes:
    """The fixes that came too late to move units: still evidence of where they were."""
    noted = _noted(late, cell, late.speed_mps, patrols, policy, received_at)
    noted[_LATE] = 1
    return noted


def joined(noted: Sequence[Indexes]) -> Indexes:
    """All of these as one."""
    return np.concatenate(noted, axis=1) if noted else np.empty((ROWS, 0), np.int64)


def steps(noted: Indexes, patrols: Mask) -> Steps:
    """Those that moved units, by unit and time."""
    moved = noted[:, noted[_LATE] == 0]
    moved = moved[:, np.lexsort((moved[_AT], moved[_UNIT]))]
    return Steps(moved[_UNIT], moved[_CELL], moved[_AT], moved[_PRIOR], moved[_SAME] == 1, patrols[moved[_UNIT]])


def seen(noted: Indexes) -> Seen:
    """Those of patrolling units inside the district that did not come too late to count."""
    counted = noted[:, noted[_COUNTS] == 1]
    return Seen(counted[_UNIT], counted[_CELL], counted[_AT], counted[_WALKS] == 1)


def _noted(
    batch: FixBatch, cell: Indexes, speed: Floats, patrols: Mask, policy: PatrolPolicy, received_at: float
) -> Indexes:
    slow, fast = policy.walk_mps
    noted = np.zeros((ROWS, len(batch)), np.int64)
    noted[_UNIT], noted[_CELL], noted[_AT] = batch.unit, cell, np.rint(batch.at * 1000)
    noted[_WALKS] = (speed >= slow) & (speed <= fast)
    noted[_COUNTS] = patrols[batch.unit] & (cell >= 0) & (batch.at >= received_at - KEEP_S)
    return noted


def _is_same(degrees: Floats, prior: Floats) -> Mask:
    same: Mask = np.rint(degrees * 1e7) == np.rint(prior * 1e7)
    return same


def _step_mps(moved: Moved, has_prior: Mask) -> Floats:
    """How fast a unit came from its fix before, where there was one."""
    lat, lon, at = (np.where(has_prior, prior, 0.0) for prior in (moved.prior_lat, moved.prior_lon, moved.prior_at))
    batch = moved.batch
    north = (batch.lat - lat) * METRES_PER_DEGREE
    east = (batch.lon - lon) * METRES_PER_DEGREE * np.cos(np.radians(batch.lat))
    speed: Floats = np.hypot(north, east) / (batch.at - at)
    return speed
