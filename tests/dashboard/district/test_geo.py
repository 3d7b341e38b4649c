import gzip
import json
import warnings

import numpy as np
import prcoords
import pytest
import shapely

from dashboard.district.geo import Converter, Crs, Origin, distance_m, to_wgs84
from tests.recordings import DATA

SHARED = DATA / "geometry"
BOUNDS = (22.52, 113.73, 22.87, 113.98)


def points_within(bounds, count, seed=1):
    south, west, north, east = bounds
    rng = np.random.default_rng(seed)
    return rng.uniform(south, north, count), rng.uniform(west, east, count)


def shared_polygon(name, chosen=lambda properties: True):
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{path} is not here: real geometry is not part of the project")
    features = json.loads(gzip.decompress(path.read_bytes()))["features"]
    return next(shapely.geometry.shape(f["geometry"]) for f in features if chosen(f["properties"]))


def test_projecting_there_and_back_gives_the_same_place():
    origin = Origin(22.6948, 113.8531)
    lat, lon = points_within(BOUNDS, 1000)
    back = origin.unproject(*origin.project(lat, lon))
    assert np.abs(back[0] - lat).max() < 1e-11 and np.abs(back[1] - lon).max() < 1e-11


def test_projection_is_web_mercator_counted_from_the_origin():
    # The worked example of EPSG guidance note 7-2, method 1024: 24 22 54.433 N, 100 20 00.000 W
    x, y = Origin(0, 0).project(24 + 22 / 60 + 54.433 / 3600, -(100 + 20 / 60))
    assert (x, y) == pytest.approx((-11_169_055.58, 2_800_000.00), abs=0.02)
    assert Origin(22.7, 113.9).project(22.7, 113.9) == (0, 0)


def test_stretch_is_what_web_mercator_adds_to_ground_metres():
    origin = Origin(22.7, 113.85)
    x, _ = origin.project(22.7, 113.86)
    on_sphere = float(distance_m(22.7, 113.85, 22.7, 113.86)) * 6_378_137.0 / 6_371_008.8
    assert float(x) / on_sphere == pytest.approx(origin.stretch, rel=1e-6)


def test_distance_of_a_degree_of_latitude_and_of_equal_points():
    assert float(distance_m(22, 113, 23, 113)) == pytest.approx(111_195, abs=1)
    assert distance_m([22.5, 0], [113.9, 0], [22.5, 0], [113.9, 180]) == pytest.approx([0, 20_015_115], abs=1)


def test_wgs84_and_cgcs2000_stay_as_they_are():
    for crs in (Crs.WGS84, Crs.CGCS2000):
        assert to_wgs84(22.7, 113.9, crs) == (22.7, 113.9)
        assert [column.tolist() for column in Converter(crs, BOUNDS).to_wgs84([22.7], [113.9])] == [
            [22.7],
            [113.9],
        ]


@pytest.mark.parametrize(
    ("crs", "forward", "shift_m"), [(Crs.GCJ02, prcoords.wgs_gcj, 605), (Crs.BD09, prcoords.wgs_bd, 1218)]
)
def test_shifted_systems_come_back_to_where_they_were(crs, forward, shift_m):
    shifted = forward((22.68, 113.85))
    assert float(distance_m(22.68, 113.85, *shifted)) == pytest.approx(shift_m, rel=0.15)
    assert float(distance_m(22.68, 113.85, *to_wgs84(*shifted, crs))) < 0.02


@pytest.mark.parametrize("crs", [Crs.GCJ02, Crs.BD09])
def test_columns_agree_with_the_library_to_five_centimetres(crs):
    lat, lon = points_within(BOUNDS, 1500)
    found = Converter(crs, BOUNDS).to_wgs84(lat, lon)
    exact = np.array([to_wgs84(a, o, crs) for a, o in zip(lat.tolist(), lon.tolist(), strict=True)])
    assert distance_m(*found, exact[:, 0], exact[:, 1]).max() < 0.05


def test_places_outside_china_are_not_shifted_and_nothing_warns():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert to_wgs84(37.77, -122.42, Crs.GCJ02) == (37.77, -122.42)
        found = Converter(Crs.BD09, BOUNDS).to_wgs84([37.77, np.nan], [-122.42, 113.9])
    assert found[0][0] == 37.77 and np.isnan(found[0][1])


def test_points_beyond_the_lattice_are_converted_by_the_library():
    found = Converter(Crs.GCJ02, BOUNDS).to_wgs84([31.2, 22.7], [121.5, 113.9])
    assert (found[0][0], found[1][0]) == to_wgs84(31.2, 121.5, Crs.GCJ02)


def overlap(one, other):
    return shapely.intersection(one, other).area / shapely.union(one, other).area


def test_two_sources_of_one_district_overlap_after_conversion():
    gcj02 = shared_polygon("baoan_district_440306_amap_gcj02.geojson.gz")
    wgs84 = shared_polygon("shenzhen_10_districts_wgs84.geojson.gz", lambda properties: properties["qh"] == "宝安")
    west, south, east, north = gcj02.bounds
    converter = Converter(Crs.GCJ02, (south, west, north, east))
    back = shapely.transform(gcj02, lambda p: np.column_stack(converter.to_wgs84(p[:, 1], p[:, 0])[::-1]))
    there = shapely.transform(wgs84, lambda p: np.array([prcoords.wgs_gcj((y, x))[::-1] for x, y in p]))
    assert overlap(there, gcj02) > 0.998
    assert overlap(back, wgs84) > 0.998
    assert overlap(gcj02, wgs84) < 0.96  # unconverted they are 605 m apart
