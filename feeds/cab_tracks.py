"""Positions of San Francisco cabs (cabspotting) as fixes of units. The tiers that cabs stand for are ours.

Source: Exploratorium cabspotting / CRAWDAD; Piorkowski et al., COMSNETS 2009.
"""

import zlib
from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from dashboard.records import Tier
from dashboard.wire import FixBatch

SOURCE = "cab-tracks"
ZONE = "America/Los_Angeles"
HEADER = ("epoch_s", "unit_id", "lat", "lon", "occupied")

_LADDER = (Tier.VOLUNTEER, Tier.VOLUNTEER, Tier.AUXILIARY, Tier.AUXILIARY, Tier.POLICE)


def tier_of(cab: str) -> Tier:
    """The tier that a cab always stands for: of five cabs two volunteers, two auxiliaries, one police."""
    return _LADDER[zlib.crc32(cab.encode()) % len(_LADDER)]


def shift_to(rows: pd.DataFrame, day: date) -> float:
    """Seconds to add to the tracks so that they begin at the same local time on another day."""
    begins = datetime.fromtimestamp(int(rows["epoch_s"].astype("int64").min()), ZoneInfo(ZONE))
    return begins.replace(year=day.year, month=day.month, day=day.day).timestamp() - begins.timestamp()


def decode(rows: pd.DataFrame, places: Mapping[str, int], shift_s: float = 0.0) -> list[FixBatch]:
    """One batch for each second that has fixes, oldest first; `places` are the cabs' places in the roster.

    The table has no speed, no bearing and no accuracy. Cabs that the roster does not know are left out.
    """
    known = rows[rows["unit_id"].isin(list(places))]
    at = known["epoch_s"].to_numpy().astype(np.float64) + shift_s
    order = np.argsort(at, kind="stable")
    known, at = known.iloc[order], at[order]
    unknown = np.full(len(at), np.nan)
    batch = FixBatch(
        np.array([places[cab] for cab in known["unit_id"]], np.int64),
        at,
        known["lat"].to_numpy().astype(np.float64),
        known["lon"].to_numpy().astype(np.float64),
        unknown,
        unknown,
        unknown,
    )
    bounds = np.flatnonzero(np.diff(at)) + 1
    starts, ends = np.r_[0, bounds], np.r_[bounds, len(at)]
    return [batch.take(np.arange(start, end)) for start, end in zip(starts, ends, strict=True) if end > start]
