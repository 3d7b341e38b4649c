from datetime import UTC, date, datetime, time

import numpy as np
import pytest
import shapely

from dashboard import district
from dashboard.district import CentreKind, DeviceKind, report
from dashboard.district.demonstration import BAOAN
from dashboard.records import TIERS, Tier
from tests.dashboard.small_district import add, small_district


@pytest.fixture(scope="module")
def baoan():
    return district.load(BAOAN)


@pytest.fixture
def folder(tmp_path):
    return small_district(tmp_path)


def test_the_command_tree_has_its_three_layers_and_departments(baoan):
    assert (baoan.code, baoan.name, baoan.name_en) == ("440306", "宝安区", "Bao'an District")
    assert baoan.demonstration and baoan.root is next(iter(baoan.centres.values()))
    assert (len(baoan.sub_districts), len(baoan.departments), len(baoan.communities)) == (10, 12, 124)
    assert all(
        baoan.sub_districts[place].code == community.parent
        for place, community in zip(baoan.sub_district_of, baoan.communities, strict=True)
    )


def test_the_tree_may_be_as_deep_as_it_must(folder):
    head = "code,kind,parent,name,lat,lon\n1,district,,区,22.5,114\n11,sub_district,1,街道,22.5,114\n"
    deep = "115,sub_district,11,片区,22.5,114\n1151,sub_district,115,管理处,22.5,114\n"
    departments = "1D,department,1,局,22.5,114\n1D1,department,1D,所,22.5,114\n"
    communities = "111,community,1151,东,22.5,114.5\n112,community,11,西,22.5,113.5\n"
    add(folder, "centres.csv", head + deep + departments + communities)
    loaded = district.load(folder)
    assert loaded.chain("111") == ["111", "1151", "115", "11", "1"]
    assert loaded.chain("nowhere") == []
    assert [centre.code for centre in loaded.sub_districts] == ["11"]
    assert loaded.sub_district_of.tolist() == [0, 0]
    assert loaded.scope("115").communities.tolist() == [True, False]
    assert loaded.scope("11").communities.all() and loaded.scope("1D1").communities.all()
    assert {centre.code for centre in loaded.below("11")} == {"115", "1151", "111", "112"}
    assert [centre.code for centre in loaded.below("1D")] == ["1D1"]
    assert len(loaded.below("1")) == 7
    assert len(loaded.outlines()["features"]) == 1 + 1 + 2


def test_points_are_located_as_by_asking_every_polygon(baoan):
    south, west, north, east = baoan.bounds
    rng = np.random.default_rng(4)
    lat, lon = rng.uniform(south, north, 2000), rng.uniform(west, east, 2000)
    found = baoan.locate(lat, lon)
    points = shapely.points(lon, lat)
    brute = [np.flatnonzero(hits) for hits in shapely.intersects(points[:, None], baoan.atlas.cell_polygons[None, :])]
    assert found.tolist() == [int(hits[0]) if len(hits) else -1 for hits in brute]
    assert found.dtype == np.int32 and 0.3 < (found >= 0).mean() < 0.7


def test_no_place_inside_the_outline_is_without_a_cell(baoan):
    rng = np.random.default_rng(5)
    south, west, north, east = baoan.bounds
    lat, lon = rng.uniform(south, north, 30_000), rng.uniform(west, east, 30_000)
    outline = shapely.union_all(baoan.atlas.community_polygons)
    inside = shapely.contains_xy(shapely.buffer(outline, -1e-6), lon, lat)
    assert (baoan.locate(lat, lon)[inside] >= 0).all()


def test_corners_of_cells_belong_to_a_cell(baoan):
    corners = shapely.get_coordinates(baoan.atlas.cell_polygons)[::50]
    assert (baoan.locate(corners[:, 1], corners[:, 0]) >= 0).all()


def test_points_that_are_nowhere_are_outside(baoan):
    assert baoan.locate([np.nan, 0, 37.7, np.inf], [113.9, 0, -122.4, 0]).tolist() == [-1, -1, -1, -1]
    assert baoan.locate([], []).tolist() == []
    assert baoan.community_at(0, 0) == -1


def test_a_scope_is_what_a_centre_looks_after(baoan):
    assert baoan.scope("440306").communities.all() and baoan.scope("440306").department is None
    sub_district = baoan.scope("440306017")
    assert sub_district.communities.tolist() == (baoan.sub_district_of == 0).tolist()
    community = baoan.communities[7]
    assert np.flatnonzero(baoan.scope(community.code).communities).tolist() == [7]
    department = baoan.departments[3]
    assert baoan.scope(department.code).department == 3 and baoan.scope(department.code).communities.all()
    with pytest.raises(KeyError):
        baoan.scope("nobody")


def test_what_lies_outside_of_all_communities_is_the_districts_affair(baoan):
    whole, department = baoan.scope(baoan.root.code), baoan.scope(baoan.departments[0].code)
    one = baoan.scope(baoan.communities[5].code)
    assert [whole.is_whole, department.is_whole, one.is_whole] == [True, True, False]
    assert whole.covers(-1)
    assert department.covers(-1)
    assert not one.covers(-1)
    assert one.covers(5)
    assert not one.covers(6)
    assert baoan.communities_of(one) == [baoan.communities[5].code]
    assert len(baoan.communities_of(whole)) == len(baoan.communities)


def test_departments_are_found_by_code_and_by_name(baoan):
    water = baoan.departments[3]
    assert [baoan.department_index[word] for word in (water.code, water.name, water.name_en)] == [3, 3, 3]
    assert baoan.department_index.get("unknown", -1) == -1


def test_outlines_carry_every_centre_with_an_area_and_keep_common_borders(baoan):
    features = baoan.outlines()["features"]
    kinds = [feature["properties"]["kind"] for feature in features]
    assert [kinds.count(kind) for kind in CentreKind] == [1, 10, 0, 124]
    assert [f["id"] for f in features if f["properties"]["kind"] == "community"] == list(range(124))
    shapes = [shapely.geometry.shape(f["geometry"]) for f in features]
    whole = shapely.area(shapes[0])
    assert shapely.area(shapes[1:11]).sum() == pytest.approx(whole, rel=1e-4)
    assert shapely.area(shapes[11:]).sum() == pytest.approx(whole, rel=1e-4)
    exact = shapely.area(baoan.atlas.community_polygons).sum()
    assert whole == pytest.approx(exact, rel=1e-3)


def test_cells_for_the_browser_are_numbered_like_the_cells(baoan):
    features = baoan.cells()["features"]
    assert [feature["id"] for feature in features] == list(range(len(baoan.cell_codes)))
    assert features[100]["properties"] == {
        "code": baoan.cell_codes[100],
        "community": int(baoan.cell_community[100]),
    }


def test_places_are_columns_by_kind(baoan):
    places = baoan.places()
    assert set(places) == {kind.value for kind in DeviceKind}
    assert len(places["camera"]["lat"]) == 42_000 and "name" not in places["camera"]
    assert set(places["standby"]) == {"id", "lat", "lon", "community", "name"}


def test_every_unit_has_one_call_sign_and_a_home(baoan):
    roster = baoan.roster
    assert len(roster.index) == len(roster.call_signs) == len(roster.tier) == len(roster.home)
    assert roster.index[roster.call_signs[77]] == 77
    assert TIERS[roster.tier[0]] is Tier.VOLUNTEER and (roster.home >= 0).all()


def test_somebody_leads_every_centre_at_any_hour(baoan):
    for hour in range(24):
        at = datetime(2026, 11, 20, hour, 15, tzinfo=UTC)
        assert all(baoan.on_duty(code, at).leader for code in baoan.centres)
    before = baoan.on_duty("440306", datetime(2026, 11, 20, 0, 29, tzinfo=UTC))  # 08:29 in Shenzhen
    after = baoan.on_duty("440306", datetime(2026, 11, 20, 0, 30, tzinfo=UTC))
    assert (before.starts, after.starts) == (time(20, 30), time(8, 30))


def test_holidays_of_a_year_without_notice_are_not_called_known(baoan):
    assert baoan.holidays[date(2026, 10, 1)] == "holiday" and baoan.holidays[date(2026, 10, 10)] == "workday"
    assert baoan.holiday_years == {2025, 2026} and date(2027, 10, 1) in baoan.holidays


def test_the_version_follows_the_content(folder):
    before = district.load(folder).version
    assert district.load(folder).version == before
    add(folder, "items.csv", "code,name,limit,clock\n1,垃圾,4,work_hour\n")
    assert district.load(folder).version != before


def test_a_district_without_rosters_and_tables_is_one(folder):
    made = district.load(folder)
    assert made.roster.call_signs == [] and made.devices == [] and made.duty == [] and made.response_settings == {}
    assert made.centres["111"].name_en == "东社区"
    assert made.locate([22.5, 22.5, 22.5], [113.5, 114, 114.5]).tolist() == [1, 0, 0]
    assert made.on_duty("1", datetime.now(UTC)) is None
    assert "no holiday table" in report(made)


def test_devices_without_a_community_are_located(folder):
    add(folder, "devices.csv", "id,kind,lat,lon,high\nA,gauge,22.5,113.5,0.8\nB,camera,10,10,\n")
    made = district.load(folder)
    assert [(device.community, device.high) for device in made.devices] == [(1, 0.8), (-1, None)]
    assert made.device_index["B"] == 1 and "1 devices lie outside" in report(made)


def test_a_dated_shift_comes_before_a_daily_one(folder):
    add(
        folder,
        "duty.csv",
        "centre,from,to,leader,chief\n1,08:30,08:30,A,a\n1,2026-11-20T08:30,2026-11-21T08:30,B,b\n",
    )
    made = district.load(folder)
    assert made.on_duty("1", datetime(2026, 11, 20, 12, tzinfo=UTC)).leader == "B"
    assert made.on_duty("1", datetime(2026, 11, 22, 12, tzinfo=UTC)).leader == "A"
