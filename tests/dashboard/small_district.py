"""A district of two communities with one cell each, one degree wide: as little as `district.load` accepts."""

import numpy as np
import shapely

from dashboard.district.atlas import write_areas
from dashboard.district.tables import write_table


def small_district(tmp_path):
    (tmp_path / "district.toml").write_text('code = "1"\nname = "区"\ntimezone = "Asia/Shanghai"\n', encoding="utf-8")
    centres = [
        ("1", "district", "", "区", "District", "22.5", "114"),
        ("11", "sub_district", "1", "街道", "", "22.5", "114"),
        ("1D", "department", "1", "城管局", "Urban", "22.5", "114"),
        ("111", "community", "11", "东社区", "", "22.5", "114.5"),
        ("112", "community", "11", "西社区", "", "22.5", "113.5"),
    ]
    write_table(tmp_path / "centres.csv", ("code", "kind", "parent", "name", "name_en", "lat", "lon"), centres)
    east, west = shapely.box(114, 22, 115, 23), shapely.box(113, 22, 114, 23)
    areas = np.array([east, west], object)
    district_area = np.array([shapely.box(113, 22, 115, 23)], object)
    write_areas(tmp_path / "outline.geojson", district_area, [{"code": "1"}])
    write_areas(tmp_path / "communities.geojson.gz", areas, [{"code": "111"}, {"code": "112"}])
    labels = [{"code": "c1", "community": "111"}, {"code": "c2", "community": "112"}]
    write_areas(tmp_path / "cells.geojson.gz", areas, labels)
    return tmp_path


def add(folder, name, text):
    (folder / name).write_text(text, encoding="utf-8")
