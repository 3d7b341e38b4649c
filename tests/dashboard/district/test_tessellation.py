import gzip
import json

import numpy as np
import prcoords
import pytest
import shapely

from dashboard import district
from dashboard.district import DistrictError
from dashboard.district.areas import sample_within
from dashboard.district.geo import Crs
from dashboard.district.tessellation import build, read_seats
from tests.recordings import DATA

SHARED = DATA / "geometry"

HEADER = "code,name,parent,lat,lon,cells,name_en,kind\n"
SEATS = HEADER + (
    "1,宝安区,,,,,Bao'an,\n"
    "11,新安街道,1,,,,Xin'an,\n"
    "12,西乡街道,1,,,,Xixiang,\n"
    "1-CG,城管局,1,,,,Urban Management,department\n"
    "111,宝民社区,11,22.57,113.90,4,Baomin,\n"
    "112,麻布社区,11,22.58,113.92,7,Mabu,\n"
    "121,麻布社区,12,22.60,113.87,1,Mabu,\n"
)
OUTLINE = shapely.box(113.85, 22.55, 113.95, 22.62)


def written(tmp_path, text, name="seats.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def geojson(tmp_path, areas, name="outline.geojson"):
    """A file of (area, properties)."""
    features = [
        {"type": "Feature", "properties": properties, "geometry": shapely.geometry.mapping(area)}
        for area, properties in areas
    ]
    return written(tmp_path, json.dumps({"type": "FeatureCollection", "features": features}), name)


def built(tmp_path, text=SEATS, **options):
    folder = tmp_path / "made"
    build(written(tmp_path, text), folder, geojson(tmp_path, [(OUTLINE, {})]), **options)
    return district.load(folder)


def refusal(tmp_path, text, **options):
    with pytest.raises(DistrictError) as complaint:
        built(tmp_path, text, **options)
    return str(complaint.value)


def test_a_list_of_seats_becomes_a_district(tmp_path):
    made = built(tmp_path)
    assert (made.code, made.name, made.name_en) == ("1", "宝安区", "Bao'an")
    assert list(made.centres) == ["1", "11", "12", "1-CG", "111", "112", "121"]
    assert made.sub_district_of.tolist() == [0, 0, 1]
    assert np.bincount(made.cell_community).tolist() == [4, 7, 1]
    assert made.cell_codes[:2] == ["111001", "111002"] and len(set(made.cell_codes)) == 12
    assert made.bounds == pytest.approx((22.55, 113.85, 22.62, 113.95))


def test_two_communities_of_one_name_are_told_apart_by_code(tmp_path):
    made = built(tmp_path)
    assert made.centres["112"].name == made.centres["121"].name
    assert made.communities[made.community_at(22.58, 113.92)].code == "112"
    assert made.communities[made.community_at(22.60, 113.87)].code == "121"


def test_a_plain_list_gets_its_sub_districts_from_the_parents(tmp_path):
    rows = "a,A,Mission,22.57,113.90,2\nb,B,Sunset,22.58,113.92,3\nc,C,Mission,22.6,113.9,1\n"
    text = "code,name,parent,lat,lon,cells\n" + rows
    made = built(tmp_path, text, code="SF", name="San Francisco", timezone="America/Los_Angeles")
    assert [centre.code for centre in made.sub_districts] == ["Mission", "Sunset"]
    assert made.root.code == "SF" and made.timezone.key == "America/Los_Angeles"
    assert made.sub_district_of.tolist() == [0, 1, 0]


def test_without_an_outline_there_is_room_around_the_seats(tmp_path):
    build(written(tmp_path, SEATS), tmp_path / "made")
    made = district.load(tmp_path / "made")
    assert all(made.community_at(seat.lat, seat.lon) == place for place, seat in enumerate(made.communities))


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("112,麻布社区,11", "111,麻布社区,11", "seats.csv, line 7, code: '111' is on line 6 already"),
        ("112,麻布社区,11", "112,麻布社区,19", "seats.csv, line 7, parent: '19' is no code of this file"),
        ("112,麻布社区,11", "112,,11", "seats.csv, line 7, name: is empty"),
        (
            "112,麻布社区,11",
            "112,麻布社区,1",
            "line 7, parent: is the district; a community's parent must be",
        ),
        (
            "112,麻布社区,11",
            "112,麻布社区,",
            "line 7, parent: is empty, but the district is on line 2 already",
        ),
        ("22.58,", "north,", "seats.csv, line 7, lat: 'north' is not a number"),
        (
            "22.58,113.92",
            "113.92,22.58",
            "seats.csv, line 7, lat: 113.92 is no latitude; lat and lon look swapped",
        ),
        ("22.58,113.92", "22.48,113.92", "seats.csv, line 7, lat: 22.48, 113.92 is outside the outline"),
        ("22.58,113.92", "22.57,113.90", "seats.csv, line 7, lat: the same place as '111' on line 6"),
        ("113.92,7", "113.92,0", "seats.csv, line 7, cells: '0' is not a whole number from 1"),
        ("113.92,7", "113.92,", "seats.csv, line 7, cells: is empty"),
        ("113.92,7", "113.92,2.5", "seats.csv, line 7, cells: '2.5' is not a whole number"),
        (
            "12,西乡街道,1,",
            "12,西乡街道,11,",
            "line 4, parent: a sub-district's parent must be the district '1'",
        ),
        ("cells", "grids", "seats.csv, line 1, cells: this column is missing"),
    ],
)
def test_what_is_wrong_with_a_list_is_said_with_line_and_field(tmp_path, old, new, complaint):
    assert old in SEATS
    assert complaint in refusal(tmp_path, SEATS.replace(old, new, 1))


def test_swapped_coordinates_that_are_both_possible_are_noticed_by_the_outline(tmp_path):
    seats = "code,name,parent,lat,lon,cells\na,A,P,9.98,48.40,2\n"
    outline = geojson(tmp_path, [(shapely.box(9.9, 48.3, 10.1, 48.5), {})])
    with pytest.raises(DistrictError, match="is outside the outline; lat and lon look swapped"):
        build(written(tmp_path, seats), tmp_path / "made", outline)


def test_an_outline_that_is_none_is_refused(tmp_path):
    seats = written(tmp_path, SEATS)
    with pytest.raises(DistrictError, match=r"o\.geojson, features: is not a GeoJSON feature collection"):
        build(seats, tmp_path / "made", written(tmp_path, "[1, 2", "o.geojson"))
    with pytest.raises(DistrictError, match=r"p\.geojson, geometry: feature 1 is not a polygon"):
        build(seats, tmp_path / "made", geojson(tmp_path, [(shapely.Point(1, 2), {})], "p.geojson"))
    with pytest.raises(DistrictError, match=r"missing\.geojson: cannot be read"):
        build(seats, tmp_path / "made", tmp_path / "missing.geojson")


def test_lists_in_gcj02_end_in_wgs84(tmp_path):
    lat, lon = prcoords.wgs_gcj((22.57, 113.90))
    text = SEATS.replace("22.57,113.90", f"{lat},{lon}")
    seat = read_seats(written(tmp_path, text), crs=Crs.GCJ02).communities[0]
    assert (seat.lat, seat.lon) == pytest.approx((22.57, 113.90), abs=1e-6)


def test_a_customers_polygons_are_kept_as_areas(tmp_path):
    west, east = shapely.box(113.85, 22.55, 113.885, 22.62), shapely.box(113.884, 22.55, 113.95, 22.62)
    polygons = geojson(tmp_path, [(west, {"name": "西乡街道"}), (east, {"id": 11})], "streets.geojson")
    made = built(tmp_path, polygons=polygons)
    assert shapely.symmetric_difference(made.atlas.community_polygons[2], west).area < 2e-3 * west.area
    assert shapely.coverage_is_valid(made.atlas.cell_polygons)
    assert made.communities[made.community_at(22.57, 113.8845)].code in ("111", "121")


def test_a_seat_outside_its_polygon_is_refused(tmp_path):
    west = geojson(tmp_path, [(shapely.box(113.85, 22.55, 113.885, 22.62), {"code": "11"})], "streets.geojson")
    assert "line 6, lat: 22.57, 113.9 is outside its area in streets.geojson" in refusal(tmp_path, SEATS, polygons=west)
    stray = geojson(tmp_path, [(OUTLINE, {"code": "99"})], "stray.geojson")
    assert "stray.geojson, code: no area has the code or name" in refusal(tmp_path, SEATS, polygons=stray)


def test_real_sub_district_polygons_are_filled_with_cells(tmp_path):
    path = SHARED / "baoan_10_streets_hires_wgs84.geojson.gz"
    if not path.exists():
        pytest.skip(f"{path} is not here: real geometry is not part of the project")
    features = json.loads(gzip.decompress(path.read_bytes()))["features"]
    rows, rng = ["440306,宝安区,,,,,,"], np.random.default_rng(3)
    for feature in features:
        code, area = feature["properties"]["code_nbs"], shapely.geometry.shape(feature["geometry"])
        rows.append(f"{code},{feature['properties']['name']},440306,,,,,")
        points = sample_within(area, 4, rng)
        rows += [f"{code}{n},社区{n},{code},{lat:.5f},{lon:.5f},12,," for n, (lon, lat) in enumerate(points)]
    build(written(tmp_path, HEADER + "\n".join(rows)), tmp_path / "made", polygons=path)
    made = district.load(tmp_path / "made")
    assert len(made.communities) == 40 and len(made.cell_codes) == 480
    for place, feature in enumerate(features):
        area = shapely.geometry.shape(feature["geometry"])
        own = shapely.union_all(made.atlas.community_polygons[made.sub_district_of == place])
        assert shapely.symmetric_difference(own, area).area < 0.005 * area.area
