"""The 1-3-5 figures of San Francisco's calls, every one of them, against a computation over the raw columns."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from feeds.rehearsal import INCIDENTS
from tests.recorded_city import City, assert_same, contents, played, says_nothing
from tests.san_francisco_columns import SanFrancisco, calls_of

pytestmark = pytest.mark.xdist_group("san_francisco")  # to play a city takes a minute: once is enough

WEEKS = (
    "2020-04-06",  # from Tuesday on
    "2020-04-13",
    "2020-04-20",  # Monday only
    "2020-04-27",  # nothing any more
    "2021-04-05",  # with the same week of the year before
)
SILENT = {
    # The table has no column for these; nobody practised.
    "response.acknowledged",
    "response.acknowledged_p90",
    "response.drills",
    "response.first_reports",
}


@pytest.fixture(scope="module")
def san_francisco(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    with played(tmp_path_factory.mktemp("sf"), "sf", shared_data, INCIDENTS) as city:
        yield city


@pytest.fixture(scope="module")
def calls(san_francisco: City) -> pd.DataFrame:
    return calls_of(san_francisco.table, san_francisco.district)


@pytest.fixture(scope="module")
def columns(calls: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """What the columns say, by week."""
    return {week: SanFrancisco(calls, week).contents() for week in WEEKS}


def responses(city: City, week: str, centre: str = "") -> dict[str, dict[str, Any]]:
    """All that is shown of incidents. Of cases nothing is, for there are none."""
    shown = contents(city.briefing(week, centre), "cases", "kinds", "areas", "assessment", "response")
    of_cases = {id_ for id_ in shown if not id_.startswith("response.")} - {"areas.response_sub_district"}
    assert of_cases and all(says_nothing(shown.pop(id_)) for id_ in of_cases)
    return shown


@pytest.mark.parametrize("week", WEEKS)
def test_every_1_3_5_figure_chart_and_table_of_san_francisco_equals_the_columns(
    san_francisco: City, columns: dict[str, Any], week: str
) -> None:
    shown, expected = responses(san_francisco, week), columns[week]
    assert shown.keys() == expected.keys()  # a new figure needs a computation of its own
    assert_same(shown, expected)


def test_the_weeks_looked_at_have_something_to_show_everywhere(columns: dict[str, Any]) -> None:
    """So that no comparison above is one of nothing with nothing."""
    weeks = list(columns.values())
    assert {id_ for id_ in weeks[0] if all(says_nothing(week[id_]) for week in weeks)} == SILENT
    assert [week["response.incidents"]["value"] for week in weeks] == [2419, 2510, 363, 0, 0]
    assert [week["response.incidents"]["last_year"] for week in weeks] == [None] * 4 + [2419]
    # Nobody reported, though that was due: a rate of 0 and not an unknown one.
    assert all(week["response.first_reports"]["value"] == 0 for week in weeks[:3])


@pytest.mark.parametrize("centre", ["SF-02", "SF-08"])
def test_the_response_of_one_sub_district_equals_its_part_of_the_columns(
    san_francisco: City, calls: pd.DataFrame, centre: str
) -> None:
    expected = SanFrancisco(calls[calls["sub_district"] == centre], "2020-04-13").contents()
    assert expected["response.incidents"]["value"] > 100
    assert_same(responses(san_francisco, "2020-04-13", centre), expected)
