import numpy as np
import pytest

from dashboard.records import TIERS, Tier
from feeds.simulated_places import Places
from feeds.simulated_units import HABITS, SimulatedUnits
from tests.feeds.small_district import small_district
from tests.layouts.scenes import baoan

NOW = 1_800_000_000.0


def units(every_s: float | None = None) -> SimulatedUnits:
    district = small_district()
    return SimulatedUnits(district, Places.of(district, 1), 1, NOW, every_s)


def test_each_tier_reports_at_its_own_pace_and_spread_over_the_seconds() -> None:
    moving = units()
    count = np.zeros(moving.count)
    per_second = []
    for second in range(1, 61):
        moving.advance(NOW + second)
        batch = moving.reports(NOW + second)
        count[batch.unit] += 1
        per_second.append(len(batch))
        assert (batch.at == NOW + second).all()
    for tier in (Tier.VOLUNTEER, Tier.POLICE):
        heard = count[(moving.tier == TIERS.index(tier)) & (count > 0)]
        assert np.median(heard) == 60 / HABITS[tier].cadence_s
    assert min(per_second) > 0.5 * np.mean(per_second)
    assert 0 < (count == 0).sum() < 0.12 * moving.count


def test_for_measuring_every_unit_reports_each_second() -> None:
    moving = units(every_s=1.0)
    for second in range(1, 6):
        moving.advance(NOW + second)
        assert len(moving.reports(NOW + second)) == moving.count


def test_units_move_no_faster_than_their_tier_and_stay_in_the_district() -> None:
    moving, district = units(every_s=1.0), small_district()
    limit = np.array([HABITS[tier].patrol_mps for tier in TIERS])[moving.tier] * 1.3
    for second in range(1, 301):
        x, y = moving.x.copy(), moving.y.copy()
        moving.advance(NOW + second)
        assert (np.abs(moving.x - x) + np.abs(moving.y - y) <= limit + 1e-6).all()
    batch = moving.reports(NOW + 301)
    # streets that turn at a right angle may cut a corner of the border
    assert (district.locate(batch.lat, batch.lon) >= 0).mean() > 0.95
    assert np.nanmax(batch.speed_mps) > 1.0


def test_a_unit_that_is_sent_goes_there_and_stays_until_released() -> None:
    moving = units()
    unit = moving.nearest(Tier.POLICE, 0.0, 0.0, NOW)
    assert unit is not None
    eta_s = moving.send(unit, 100.0, 50.0)
    for second in range(1, int(eta_s) + 3):
        moving.advance(NOW + second)
    assert moving.is_there(unit)
    assert (moving.x[unit], moving.y[unit]) == pytest.approx((100.0, 50.0), abs=1.0)
    assert moving.nearest(Tier.POLICE, 100.0, 50.0, NOW) != unit
    moving.release(unit)
    for second in range(300, 420):
        moving.advance(NOW + second)
    assert not moving.on_errand[unit]
    assert abs(moving.x[unit] - 100.0) + abs(moving.y[unit] - 50.0) > 1.0


def test_a_unit_under_way_for_long_is_already_there() -> None:
    moving = units()
    assert moving.send(0, float(moving.x[0]) + 50.0, float(moving.y[0]), elapsed_s=60.0) < 0
    assert moving.is_there(0)


def test_nobody_jumps_when_the_process_has_paused() -> None:
    moving = units()
    moving.advance(NOW + 60)
    x = moving.x.copy()
    moving.advance(NOW + 3600)
    assert np.abs(moving.x - x).max() <= 30 * HABITS[Tier.DRONE].patrol_mps * 1.3


def test_the_demonstration_has_stuck_receivers_and_communities_without_patrols() -> None:
    district = baoan()
    moving = SimulatedUnits(district, Places.of(district, 1), 1, NOW)
    heard: dict[int, list[tuple[float, float]]] = {}
    for second in range(1, 61):
        moving.advance(NOW + second)
        batch = moving.reports(NOW + second)
        for unit, lat, lon in zip(batch.unit.tolist(), batch.lat.tolist(), batch.lon.tolist(), strict=True):
            heard.setdefault(unit, []).append((round(lat, 7), round(lon, 7)))
    assert sum(len(places) > 3 and len(set(places)) == 1 for places in heard.values()) == 4
    warden = district.roster.tier == TIERS.index(Tier.WARDEN)
    homes = np.bincount(district.roster.home[warden], minlength=len(district.communities))
    seen = [unit for unit in heard if warden[unit]]
    there = np.bincount(district.roster.home[seen], minlength=len(district.communities))
    assert ((there == 0) & (homes > 5)).sum() == 2
