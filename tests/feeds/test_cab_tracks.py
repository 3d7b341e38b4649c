from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dashboard.records import Tier
from feeds import cab_tracks, recorded_tables
from feeds.rehearsal import TRACKS
from tests.rehearsal import rehearsal_district

ROWS = pd.DataFrame(
    [
        ("1212796801", "abc", "37.7", "-122.4", "0"),
        ("1212796800", "xyz", "37.8", "-122.5", "1"),
        ("1212796800", "abc", "37.6", "-122.3", "1"),
        ("1212796800", "unknown", "37.6", "-122.3", "1"),
    ],
    columns=list(cab_tracks.HEADER),
    dtype="str",
)
PLACES = {"abc": 4, "xyz": 7}


def test_fixes_are_grouped_by_second_and_unknown_cabs_left_out() -> None:
    first, second = cab_tracks.decode(ROWS, PLACES)
    assert (first.unit.tolist(), first.at.tolist()) == ([7, 4], [1212796800.0] * 2)
    assert (second.unit.tolist(), second.lat.tolist(), second.lon.tolist()) == ([4], [37.7], [-122.4])
    assert np.isnan(second.speed_mps).all() and np.isnan(second.accuracy_m).all()


def test_no_known_cab_is_no_batch() -> None:
    assert cab_tracks.decode(ROWS, {}) == []


def test_tracks_move_to_the_same_local_time_of_another_day() -> None:
    shift_s = cab_tracks.shift_to(ROWS, date(2020, 1, 10))
    begins = datetime.fromtimestamp(1212796800 + shift_s, UTC)
    assert begins == datetime(2020, 1, 11, 1, tzinfo=UTC)  # 17:00 in winter, as it was 17:00 in summer
    assert cab_tracks.decode(ROWS, PLACES, shift_s)[0].at[0] == begins.timestamp()


def test_a_cab_always_stands_for_the_same_tier() -> None:
    tiers = [cab_tracks.tier_of(f"cab{number}") for number in range(1000)]
    assert tiers == [cab_tracks.tier_of(f"cab{number}") for number in range(1000)]
    shares = [tiers.count(tier) / 1000 for tier in (Tier.VOLUNTEER, Tier.AUXILIARY, Tier.POLICE)]
    assert shares == pytest.approx([0.4, 0.4, 0.2], abs=0.05)


def test_all_recorded_fixes_are_decoded(shared_data: Path) -> None:
    rows = recorded_tables.read(shared_data / TRACKS)
    batches = cab_tracks.decode(rows, rehearsal_district("sf", shared_data).roster.index)
    assert sum(map(len, batches)) == len(rows) == 100_290
    assert len({float(batch.at[0]) for batch in batches}) == len(batches)
