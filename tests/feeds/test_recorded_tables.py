from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from feeds import recorded_tables


def test_identifiers_keep_their_zeros_and_empty_fields_are_null(tmp_path: Path) -> None:
    path = tmp_path / "table.csv.gz"
    pd.DataFrame({"ward": ["03", None]}).to_csv(path, index=False)
    assert recorded_tables.texts(recorded_tables.read(path)["ward"]) == ["03", ""]
    assert recorded_tables.columns_of(path) == ("ward",)


def test_local_times_become_utc_across_the_change_of_clock() -> None:
    local = pd.Series(["2015-03-08T01:30:00", "2015-03-08T03:30:00", None], dtype="str")
    before, after, nothing = recorded_tables.moments(local, "America/New_York")
    assert before == datetime(2015, 3, 8, 6, 30, tzinfo=UTC)
    assert after == datetime(2015, 3, 8, 7, 30, tzinfo=UTC)
    assert nothing is None


def test_a_skipped_time_moves_forward_and_a_double_one_is_its_first_occurrence() -> None:
    local = pd.Series(["2015-03-08T02:30:00", "2015-11-01T01:30:00"], dtype="str")
    skipped, twice = recorded_tables.moments(local, "America/New_York")
    assert skipped == datetime(2015, 3, 8, 7, 0, tzinfo=UTC)
    assert twice == datetime(2015, 11, 1, 5, 30, tzinfo=UTC)
