import numpy as np
import pytest
import shapely

from dashboard.district.atlas import Atlas, read_areas, write_areas
from dashboard.district.tables import DistrictError

# Two cells side by side in one community, a third in another above them.
CELLS = np.array(
    [shapely.box(113, 22, 113.5, 22.5), shapely.box(113.5, 22, 114, 22.5), shapely.box(113, 22.5, 114, 23)],
    object,
)
COMMUNITIES = np.array([shapely.box(113, 22, 114, 22.5), shapely.box(113, 22.5, 114, 23)], object)


@pytest.fixture
def atlas(tmp_path):
    outline = np.array([shapely.box(113, 22, 114, 23)], object)
    write_areas(tmp_path / "o.geojson", outline, [{"code": "d"}])
    write_areas(tmp_path / "m.geojson", COMMUNITIES, [{"code": "m1"}, {"code": 2}])
    labels = [{"code": f"c{place}", "community": owner} for place, owner in enumerate(("m1", "m1", 2))]
    write_areas(tmp_path / "c.geojson.gz", CELLS, labels)
    files = [read_areas(tmp_path / name) for name in ("o.geojson", "m.geojson", "c.geojson.gz")]
    return Atlas(*files, np.array([0, 0, 1], np.int16))


def test_labels_are_texts_whatever_the_file_has(atlas):
    assert atlas._communities.codes == ["m1", "2"] and atlas._cells.communities == ["m1", "m1", "2"]


def test_a_point_on_a_common_border_is_in_the_first_of_its_cells(atlas):
    lat, lon = [22.2, 22.2, 22.5, 22.5, 24.0], [113.2, 113.5, 113.2, 113.7, 113.2]
    assert atlas.locate(lat, lon).tolist() == [0, 0, 0, 1, -1]


def test_bounds_are_those_of_the_outline(atlas):
    assert atlas.bounds == (22, 113, 23, 114)


def test_outlines_are_unions_of_communities(atlas):
    whole, groups, communities = atlas.outline_features(np.array([0, 0], np.int16))
    assert [len(layer) for layer in (whole, groups, communities)] == [1, 1, 2]
    assert shapely.geometry.shape(whole[0]).area == pytest.approx(1)
    assert len(atlas.cell_geometries()) == 3


def test_numbers_for_the_browser_have_five_decimals(atlas):
    for geometry in atlas.cell_geometries():
        for lon, lat in geometry["coordinates"][0]:
            assert lon == round(lon, 5) and lat == round(lat, 5)


def test_features_without_polygons_are_refused_when_first_used(tmp_path):
    path = tmp_path / "a.geojson"
    path.write_text('{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":null}]}')
    file = read_areas(path)
    with pytest.raises(DistrictError, match=r"a\.geojson, geometry"):
        _ = file.polygons
