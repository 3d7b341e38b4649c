"""The weekly figures of Boston's requests, every one of them, against a computation over the raw columns."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from dashboard.briefing import rises
from dashboard.briefing.rules import Rules, Weights
from feeds.rehearsal import REQUESTS
from tests.boston_columns import WEIGHTS, Boston, chance, requests_of
from tests.recorded_city import City, assert_same, contents, differences, figure, played, says_nothing

pytestmark = pytest.mark.xdist_group("boston")  # to play a city takes a minute: once is enough

SECTIONS = ("cases", "kinds", "areas", "assessment")
WEEKS = (
    "2014-06-09",  # long before the record
    "2014-12-29",  # the record's first four days
    "2015-01-05",
    "2015-03-02",  # one hour less, on the Sunday
    "2015-04-06",
    "2015-05-18",
    "2015-06-01",  # more closed than found
    "2015-06-22",
    "2015-06-29",  # the record's last two days
    "2015-11-02",  # nothing found, much still closed; one hour more, the Sunday before
    "2016-01-04",  # with the same week of the year before
)
SILENT = {
    # Nothing in the table was returned or done again, so that nobody returns more than the others do.
    "cases.returned",
    "cases.reworked",
    "areas.returning_sub_district",
    "areas.returning_department",
    "areas.response_sub_district",  # no incidents: test_real_response.py
}


@pytest.fixture(scope="module")
def boston(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    with played(tmp_path_factory.mktemp("boston"), "boston", shared_data, REQUESTS) as city:
        yield city


@pytest.fixture(scope="module")
def requests(boston: City) -> pd.DataFrame:
    return requests_of(boston.table, boston.district)


@pytest.fixture(scope="module")
def columns(requests: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """What the columns say, by week."""
    return {week: Boston(requests, week).contents() for week in WEEKS}


@pytest.mark.parametrize("week", WEEKS)
def test_every_figure_chart_and_table_of_boston_equals_the_raw_table(
    boston: City, columns: dict[str, Any], week: str
) -> None:
    shown, expected = contents(boston.briefing(week), *SECTIONS), columns[week]
    assert shown.keys() == expected.keys()  # a new figure needs a computation of its own
    assert_same(shown, expected)


def test_the_weeks_looked_at_have_something_to_show_everywhere(columns: dict[str, Any]) -> None:
    """So that no comparison above is one of nothing with nothing."""
    weeks = list(columns.values())
    assert {id_ for id_ in weeks[0] if all(says_nothing(week[id_]) for week in weeks)} == SILENT
    risen = [set(week["kinds.risen"]["marks"]) for week in weeks]
    assert set() in risen and {""} in risen and {"rise", ""} in risen
    assert {week["cases.clear_by"]["value"] is None for week in weeks} == {True, False}
    known = [week["cases.found"]["last_year"] is not None for week in weeks]
    assert known == [week == "2016-01-04" for week in WEEKS]


@pytest.mark.parametrize(
    ("centre", "column"), [("BOS-05", "sub_district"), ("BOS-04-08", "community"), ("BOS-ISD", "department")]
)
def test_the_briefing_of_one_centre_equals_its_part_of_the_raw_table(
    boston: City, requests: pd.DataFrame, centre: str, column: str
) -> None:
    part = requests[requests[column] == centre].reset_index(drop=True)
    shown = contents(boston.briefing("2015-06-22", centre), *SECTIONS)
    assert shown["cases.found"]["value"] > 50
    assert_same(shown, Boston(part, "2015-06-22").contents())


def test_the_scores_of_boston_follow_the_weights(boston: City, requests: pd.DataFrame) -> None:
    weights = {**WEIGHTS, "on_time": 10, "returned": 0, "handling": 60}
    rules = Rules(weights=Weights(**{name: float(weight) for name, weight in weights.items()}))
    shown = contents(boston.briefing("2015-05-18", rules=rules), "assessment")
    expected = Boston(requests, "2015-05-18", weights).assessment()
    assert_same(shown, expected)
    assert all(len(table["cells"]) > 5 for table in expected.values())
    assert differences(shown, Boston(requests, "2015-05-18").assessment())


@pytest.mark.parametrize("week", ["2015-01-12", "2015-03-02", "2015-05-18"])
def test_the_chance_of_every_item_is_that_of_the_raw_table(requests: pd.DataFrame, week: str) -> None:
    """Also of those that did not rise, which no table shows: there the other one of its two chances decides."""
    items = Boston(requests, week).items()
    for *before, count in items.itertuples(index=False):
        expected = chance(count, np.array(before)) if count else 1.0
        assert rises.p_value(int(count), [int(each) for each in before]) == pytest.approx(expected, rel=1e-9)
    assert len(items) > 100


def test_a_week_before_the_record_has_no_figures_and_no_zeros(boston: City) -> None:
    briefing = boston.briefing("2014-06-09")
    shown = contents(briefing, "cases", "patrol")
    for id_ in ("cases.found", "cases.closed", "cases.on_time", "cases.p50", "cases.open", "patrol.coverage"):
        assert shown[id_]["value"] is None and set(shown[id_]["previous"]) == {None}


def test_a_difference_is_told_by_where_it_is() -> None:
    assert differences({"a": figure(1, [2.0])}, {"a": figure(1.0, [2])}) == []
    told = differences({"a": figure(1, [2.0])}, {"a": figure(1, [3])})
    assert told == [" a previous[0]: 2.0 is shown, the columns say 3"]
