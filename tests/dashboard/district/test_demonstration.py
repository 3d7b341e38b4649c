import filecmp
import shutil
from collections import Counter

import numpy as np
import pytest
import shapely

from dashboard import district
from dashboard.district import demonstration
from dashboard.district.demonstration import BAOAN, with_units
from dashboard.district.geo import distance_m
from dashboard.records import TIERS, Tier
from dashboard.response import policy


@pytest.fixture(scope="module")
def baoan():
    return district.load(BAOAN)


def test_the_shipped_district_has_the_numbers_of_the_reference_customer(baoan):
    assert baoan.counts() == {
        "sub_districts": 10,
        "departments": 12,
        "communities": 124,
        "cells": 4866,
        "units": 4866,
        "camera": 42_000,
        "ai_camera": 169,
        "gauge": 280,
        "slope": 20,
        "standby": 161,
        "key_area": 92,
        "items": 42,
        "kinds": 32,
        "duty_posts": 294,
    }


def test_the_district_is_marked_as_a_demonstration_and_of_a_plausible_size(baoan):
    assert baoan.demonstration
    x_m = 111_195 * np.cos(np.radians(baoan.origin.lat))
    area_km2 = shapely.area(baoan.atlas.cell_polygons).sum() * 111_195 * x_m / 1e6
    assert area_km2 == pytest.approx(397, rel=0.03)
    assert shapely.coverage_is_valid(baoan.atlas.cell_polygons)
    assert (BAOAN / "README.md").read_text(encoding="utf-8").count("BSD 3-Clause License")


def test_two_names_occur_twice_so_that_nobody_relies_on_names(baoan):
    names = Counter(community.name for community in baoan.communities)
    assert sorted(name for name, count in names.items() if count > 1) == ["径贝社区", "麻布社区"]


def test_devices_lie_in_their_community_and_sensors_have_thresholds(baoan):
    cells = baoan.locate([d.lat for d in baoan.devices], [d.lon for d in baoan.devices])
    home = np.array([d.community for d in baoan.devices])
    assert (baoan.cell_community[cells] == home).mean() > 0.999 and (cells >= 0).all()
    sensors = [d for d in baoan.devices if d.quantity]
    assert len(sensors) == 300 and all(d.high < d.very_high and d.unit in ("m", "mm") for d in sensors)


def test_items_and_kinds_are_complete(baoan):
    departments = {department.code for department in baoan.departments}
    assert {item.department for item in baoan.items.values()} <= departments
    classes = Counter(kind.class_ for kind in baoan.kinds.values())
    assert classes == {"natural": 9, "accident": 9, "health": 6, "security": 8}
    assert policy.decode(baoan.response_settings).legs[0].limit_s == 60


def test_tiers_have_their_shares(baoan):
    counts = np.bincount(baoan.roster.tier, minlength=len(TIERS))
    assert dict(zip(TIERS, counts.tolist(), strict=True)) == demonstration.SHARES
    assert "新安-警-012" in baoan.roster.index


def test_a_roster_of_any_size_can_be_made(tmp_path, baoan):
    volunteers = with_units(BAOAN, tmp_path, 20_000, {Tier.VOLUNTEER: 1})
    assert len(volunteers.roster.index) == 20_000 and not volunteers.roster.tier.any()
    assert volunteers.version != baoan.version and volunteers.roster.checksum != baoan.roster.checksum
    assert len(volunteers.cell_codes) == 4866


def test_the_same_seed_makes_the_shipped_files_again(tmp_path):
    folder = tmp_path / "baoan"
    shutil.copytree(BAOAN, folder)
    made = ["units.csv.gz", "devices.csv.gz", "duty.csv", "centres.csv"]
    for name in made:
        (folder / name).unlink()
    demonstration.make(folder)
    areas = ["outline.geojson", "communities.geojson.gz", "cells.geojson.gz"]
    assert filecmp.cmpfiles(BAOAN, folder, made + areas, shallow=False)[0] == made + areas


def test_the_folder_stays_small():
    assert sum(path.stat().st_size for path in BAOAN.rglob("*") if path.is_file()) < 2_500_000


def test_units_stand_for_all_parts_of_the_district(baoan):
    assert len(np.unique(baoan.roster.home)) == 124
    root = baoan.root
    far = distance_m(root.lat, root.lon, [c.lat for c in baoan.communities], [c.lon for c in baoan.communities])
    assert far.max() < 25_000
