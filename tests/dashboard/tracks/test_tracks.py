from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from dashboard.archive import parts
from dashboard.archive.parts import Part
from dashboard.archive.reader import Archive
from dashboard.archive.schema import PLANS, Table
from dashboard.archive.store import LocalStore
from dashboard.district import Roster
from dashboard.district.geo import distance_m
from dashboard.records import TIERS, Tier
from dashboard.tracks import STAY_M, Track, read
from tests.feeds.small_district import small_district

LAT, LON = 22.55, 113.88
M = 1 / 111_195  # degrees of latitude a metre


def track(north_m: Sequence[float], every_s: float = 10.0, at: Sequence[float] | None = None) -> Track:
    count = len(north_m)
    times = np.arange(count) * every_s if at is None else np.array(at, float)
    nothing = np.full(count, np.nan)
    return Track("W1", Tier.WARDEN, times, LAT + np.array(north_m, float) * M, np.full(count, LON), nothing)


def test_speed_is_the_way_over_the_time_where_the_device_said_none() -> None:
    walking = track([0, 14, 28])
    assert np.isnan(walking.speed_mps[0])
    assert walking.speed_mps[1:] == pytest.approx([1.4, 1.4], rel=0.01)
    assert walking.length_m == pytest.approx(28, rel=0.01)


def test_across_a_gap_there_is_no_way_no_speed_and_no_place() -> None:
    broken = track([0, 10, 5000, 5010], at=[0, 10, 400, 410])
    assert broken.length_m == pytest.approx(20, rel=0.01)
    assert np.isnan(broken.speed_mps[2])
    assert [(piece.start, piece.stop) for piece in broken.pieces()] == [(0, 2), (2, 4)]
    assert broken.place_at(200) is None
    assert broken.place_at(405) == pytest.approx((LAT + 5005 * M, LON))


def test_a_place_between_two_fixes_lies_on_the_line() -> None:
    moving = track([0, 100])
    assert moving.place_at(2.5) == pytest.approx((LAT + 25 * M, LON))
    assert moving.place_at(10) == pytest.approx((LAT + 100 * M, LON))
    assert moving.place_at(-1) is None and moving.place_at(11) is None


def test_who_stands_for_two_minutes_has_stayed() -> None:
    jitter = np.random.default_rng(1).normal(0, 3, 30)
    there = track([*range(-600, 0, 14), *jitter, *range(100, 700, 14)])
    (stay,) = there.stays()
    assert stay.seconds == pytest.approx(290, abs=40)
    assert float(distance_m(stay.lat, stay.lon, LAT, LON)) < STAY_M / 2


def test_a_walk_is_no_stay_and_a_gap_ends_one() -> None:
    assert track(range(0, 3000, 14)).stays() == []
    waiting = track([0] * 8, at=[0, 30, 60, 90, 300, 330, 360, 390])
    assert waiting.stays() == []


def test_a_part_of_a_track_has_both_ends() -> None:
    assert track([0, 1, 2, 3]).between(10, 20).at.tolist() == [10, 20]


class Asked:
    def __init__(self, rows: list[tuple[object, ...]]) -> None:
        self.answer = rows
        self.parameters: list[object] = []

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[object, ...]]:
        self.parameters = list(parameters)
        return self.answer


def test_tracks_are_read_by_unit_and_named() -> None:
    district = small_district()
    one, two = district.roster.call_signs[:2]
    asked = Asked([(0, 1000, 225500000, 1138800000, 1.5), (1, 2000, 225500010, 1138800000, float("nan"))])
    first, second = read(asked, rosters(district.roster), [two, one, "nobody"], 0.5, 3.0)
    assert (first.call_sign, second.call_sign) == (one, two)
    assert (first.at.tolist(), first.lat.tolist(), first.said_mps.tolist()) == ([1.0], [22.55], [1.5])
    assert asked.parameters == [[0, 1], [district.roster.checksum] * 2, [0, 1], 500, 3000, [0, 1]]


def test_nobody_and_nothing_are_no_tracks() -> None:
    known = rosters(small_district().roster)
    assert read(Asked([]), known, ["nobody"], 0, 1) == []
    assert read(Asked([]), known, [small_district().roster.call_signs[0]], 0, 1) == []


def rosters(*some: Roster) -> dict[int, Roster]:
    return {each.checksum: each for each in some}


def roster(*call_signs: str) -> Roster:
    count = len(call_signs)
    return Roster(list(call_signs), np.arange(count, dtype=np.uint8), np.zeros(count, np.int16))


def test_the_way_of_a_unit_whose_place_has_moved_is_one(tmp_path: Path) -> None:
    before, now = roster("A", "B", "LEFT"), roster("NEW", "A", "B")
    rows = [(before, "A", 0), (before, "B", 5), (before, "LEFT", 5), (now, "A", 10), (now, "B", 10), (now, "NEW", 15)]
    store, plan = LocalStore(tmp_path), PLANS[Table.TRACKS].schema
    nothing = float("nan")
    made = pa.Table.from_pylist(
        [
            dict(zip(plan.names, (at, of.checksum, of.index[name], at * 1000, at, 0, *[nothing] * 3), strict=True))
            for of, name, at in rows
        ],
        schema=plan,
    )
    store.write(Part(Table.TRACKS, "1970-01-01", 0, 99).name, parts.pack(Table.TRACKS, made))
    with Archive(store, None, small_district()).open() as reading:
        tracks = read(reading, rosters(now, before), ["B", "LEFT", "A", "nobody"], 0, 20)
        assert [(track.call_sign, track.at.tolist()) for track in tracks] == [
            ("A", [0.0, 10.0]),
            ("B", [5.0, 10.0]),
            ("LEFT", [5.0]),
        ]
        assert [track.tier for track in tracks] == [TIERS[1], TIERS[2], TIERS[2]]
        assert read(reading, rosters(now, before), ["B"], 6, 9) == []
