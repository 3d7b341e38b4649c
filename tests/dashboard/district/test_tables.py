import gzip

import numpy as np
import pytest

from dashboard.district.tables import Columns, DistrictError, find_table, read_bytes, read_table, write_table


def table(tmp_path, text, name="seats.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def only_row(path):
    (row,) = read_table(path, ())
    return row


def test_a_complaint_names_file_line_field_and_reason(tmp_path):
    row = only_row(table(tmp_path, "# a remark\ncode,lat\nA, abc \n"))
    with pytest.raises(DistrictError) as complaint:
        row.number("lat")
    assert str(complaint.value) == "seats.csv, line 3, lat: 'abc' is not a number"
    assert (complaint.value.file, complaint.value.line, complaint.value.field) == ("seats.csv", 3, "lat")


@pytest.mark.parametrize(
    ("lat", "lon", "why"),
    [
        ("113.9", "22.7", "look swapped"),
        ("nan", "22.7", "not a finite number"),
        ("1e999", "22.7", "not a finite number"),
        ("", "22.7", "is empty"),
        ("95", "113", "between -90 and 90"),
        ("22", "213", "between -180 and 180"),
    ],
)
def test_a_place_that_cannot_be_is_refused(tmp_path, lat, lon, why):
    row = only_row(table(tmp_path, f"lat,lon\n{lat},{lon}\n"))
    with pytest.raises(DistrictError, match=why):
        row.place()


def test_a_column_that_is_missing_is_named(tmp_path):
    with pytest.raises(DistrictError, match=r"seats\.csv, line 1, lon: this column is missing; found lat"):
        list(read_table(table(tmp_path, "lat\n1\n"), ("lat", "lon")))


def test_an_empty_file_and_a_row_that_is_too_long_are_refused(tmp_path):
    with pytest.raises(DistrictError, match="is empty"):
        list(read_table(table(tmp_path, "# nothing\n"), ()))
    with pytest.raises(DistrictError, match="line 2: has 2 values, the header 1"):
        list(read_table(table(tmp_path, "a\n1,2\n"), ()))


def test_tables_of_spreadsheets_on_a_chinese_windows_are_read(tmp_path):
    assert only_row(table(tmp_path, "name\n宝安\n", encoding="gb18030")).text("name") == "宝安"
    assert only_row(table(tmp_path, "name\n宝安\n", encoding="utf-8-sig")).text("name") == "宝安"


def test_what_is_written_is_read_again_and_the_same_bytes_each_time(tmp_path):
    paths = [tmp_path / "a.csv.gz", tmp_path / "b.csv.gz"]
    for path in paths:
        write_table(path, ("code", "name"), [("1", "a,b"), ("2", "宝安")], "two\nlines")
    assert next(read_table(paths[0], ("code",))).values == {"code": "1", "name": "a,b"}
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert find_table(tmp_path, "a.csv") == paths[0] and find_table(tmp_path, "c.csv") is None


def test_a_damaged_gzip_file_is_named(tmp_path):
    path = tmp_path / "cells.geojson.gz"
    path.write_bytes(gzip.compress(b"x" * 1000)[:-20])
    with pytest.raises(DistrictError, match=r"cells\.geojson\.gz: cannot be read"):
        read_bytes(path)


def test_columns_name_the_line_of_a_wrong_value(tmp_path):
    columns = Columns(table(tmp_path, "id,kind,lat,lon\na,x,22,113\n\na,y,113,22\n"), ("id",))
    with pytest.raises(DistrictError, match="line 4, id: 'a' stands on line 2 already"):
        columns.unique("id")
    with pytest.raises(DistrictError, match="line 4, kind: 'y' is not known here"):
        columns.places("kind", {"x": 0})
    with pytest.raises(DistrictError, match=r"line 4, lat: .* look swapped"):
        columns.degrees()
    with pytest.raises(DistrictError, match="line 2, kind: 'x' is not a number"):
        columns.numbers("kind")


def test_columns_that_are_not_there_are_empty(tmp_path):
    columns = Columns(table(tmp_path, "id\na\nb\n"), ("id",))
    assert columns.texts("name") == ("", "") and np.isnan(columns.numbers("high")).all()
    assert columns.optional_numbers("high") == [None, None] and len(columns) == 2
