from datetime import date, time

import pytest

from dashboard import district
from dashboard.district import files as district_tables
from dashboard.district.tables import DistrictError
from tests.dashboard.small_district import add, small_district


@pytest.fixture
def folder(tmp_path):
    return small_district(tmp_path)


def test_items_may_have_no_limit_and_no_english_name(folder):
    add(folder, "items.csv", "code,name,name_en,department,limit,clock\n1,垃圾,Rubbish,1D,4,work_hour\n2,挂账,,,,\n")
    items = district_tables.read_items(folder)
    assert (items["1"].limit, items["1"].clock, items["1"].department) == (4, "work_hour", "1D")
    assert items["2"].limit is None and items["2"].name_en == "挂账"


def test_kinds_keep_the_customers_own_classes(folder):
    add(folder, "kinds.csv", "code,class,name\nfire,火灾类,火灾\n")
    assert district_tables.read_kinds(folder)["fire"].class_ == "火灾类"


def test_a_holiday_table_says_which_years_it_knows(folder):
    text = "date,kind,name,basis\n2026-10-01,holiday,国庆节,notice\n2027-10-01,holiday,国庆节,statutory\n"
    add(folder, "holidays.csv", text)
    days, years = district_tables.read_holidays(folder)
    assert days == {date(2026, 10, 1): "holiday", date(2027, 10, 1): "holiday"} and years == {2026}


def test_duty_posts_have_times_of_day(folder):
    add(folder, "duty.csv", "centre,from,to,leader,chief\n1,08:30,20:30,陈副区长,李主任\n")
    (post,) = district_tables.read_duty(folder, district_tables.read_centres(folder))
    assert (post.starts, post.ends, post.leader, post.chief) == (time(8, 30), time(20, 30), "陈副区长", "李主任")


def test_units_may_have_no_home(folder):
    add(folder, "units.csv", "call_sign,tier,home\na,police,112\nb,drone,\n")
    roster = district_tables.read_roster(folder, {"111": 0, "112": 1})
    assert roster.home.tolist() == [1, -1] and roster.tier.tolist() == [2, 4]


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("district.toml", "code = ", "district.toml: is not TOML"),
        ("district.toml", 'code = "1"', "district.toml, name: is missing"),
        (
            "district.toml",
            'code="1"\nname="n"\ntimezone="Mars/Base"',
            "timezone: 'Mars/Base' is no time zone",
        ),
        (
            "units.csv",
            "call_sign,tier,home\na,knight,111\n",
            "units.csv, line 2, tier: 'knight' is not known here",
        ),
        (
            "units.csv",
            "call_sign,tier,home\na,police,\na,police,\n",
            "line 3, call_sign: 'a' stands on line 2 already",
        ),
        ("units.csv", "call_sign,tier,home\na,police,999\n", "line 2, home: '999' is not known here"),
        (
            "devices.csv",
            "id,kind,lat,lon\na,gauge,113,22\n",
            "devices.csv, line 2, lat: '113' is not within 90 degrees",
        ),
        (
            "items.csv",
            "code,name,limit,clock\n1,x,4,lunch\n",
            "items.csv, line 2, clock: 'lunch' is none of urgent_hour",
        ),
        ("duty.csv", "centre,from,to\n9,08:00,09:00\n", "duty.csv, line 2, centre: '9' is none of 1"),
        ("duty.csv", "centre,from,to\n1,noon,09:00\n", "duty.csv, line 2, from: 'noon' is neither a time"),
        ("holidays.csv", "date,kind\n1 Oct,holiday\n", "holidays.csv, line 2, date: '1 Oct' is no date"),
        (
            "centres.csv",
            "code,kind,parent,name,lat,lon\n1,community,,n,1,1\n",
            "kind: exactly the first centre",
        ),
        (
            "centres.csv",
            "code,kind,parent,name,lat,lon\n1,district,,n,1,1\n2,community,1,n,1,1\n",
            "'1' is a district",
        ),
        ("cells.geojson", '{"features":[{"properties":{"community":9}}]}', "cell '': '9' is no community"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(folder, name, text, complaint):
    add(folder, name, text)
    with pytest.raises(DistrictError) as raised:
        district.load(folder)
    assert complaint in str(raised.value)


def test_a_folder_without_a_file_names_it(tmp_path):
    with pytest.raises(DistrictError, match=r"centres\.csv: is missing"):
        district.load(tmp_path)
