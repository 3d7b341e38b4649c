from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd

from dashboard.backlog import Backlog, is_overdue
from dashboard.records import Case, Stage
from feeds import boston_311, recorded_tables
from feeds.rehearsal import REQUESTS
from feeds.replay import happened_at
from tests.rehearsal import rehearsal_district


def rows(**changes: str | None) -> pd.DataFrame:
    """One request in the table's own form."""
    usual = {
        "case_id": "101001240735",
        "open_dt": "2015-01-01T00:25:23",
        "target_dt": "2015-01-16T08:30:00",
        "closed_dt": "2015-07-02T16:17:43",
        "ontime_status": "OVERDUE",
        "case_status": "Closed",
        "case_title": "PRINTED",
        "type": "Street Light Outages",
        "department": "PWDx",
        "ward": "Ward 5",
        "lat": "42.3474",
        "lon": "-71.0944",
    }
    return pd.DataFrame([usual | changes], dtype="str")


def test_a_request_is_a_case_with_times_in_utc_through_summer_time() -> None:
    (case,) = boston_311.decode(rows())
    assert case.reported_at == datetime(2015, 1, 1, 5, 25, 23, tzinfo=UTC)
    assert case.due_at == datetime(2015, 1, 16, 13, 30, tzinfo=UTC)
    assert case.closed_at == datetime(2015, 7, 2, 20, 17, 43, tzinfo=UTC)
    assert (case.item, case.department, case.stage) == ("Street Light Outages", "PWDx", Stage.CLOSED)
    assert (case.lat, case.lon) == (42.3474, -71.0944)


def test_an_open_request_waits_with_its_department() -> None:
    (case,) = boston_311.decode(rows(case_status="Open", closed_dt=None, target_dt=None))
    assert (case.stage, case.closed_at, case.due_at) == (Stage.DISPATCHED, None, None)


def test_what_the_city_put_at_city_hall_for_want_of_a_place_has_none() -> None:
    (unplaced,) = boston_311.decode(rows(ward=None, lat="42.3594", lon="-71.0587"))
    assert (unplaced.lat, unplaced.lon) == (None, None)
    (placed,) = boston_311.decode(rows(lat="42.3594", lon="-71.0587"))
    assert placed.lat == 42.3594


def test_a_life_is_a_report_and_a_close() -> None:
    reported, closed = boston_311.decode_life(rows())
    assert (reported.revision, reported.stage, reported.closed_at) == (0, Stage.REPORTED, None)
    assert (closed.revision, closed.stage) == (1, Stage.CLOSED)
    assert happened_at(reported) < happened_at(closed)


def test_a_close_before_the_report_is_kept_but_told_after_it() -> None:
    reported, closed = boston_311.decode_life(rows(closed_dt="2014-12-31T23:00:00"))
    assert closed.closed_at is not None and closed.closed_at < closed.reported_at
    assert happened_at(closed) == happened_at(reported)


def test_overdue_flags_of_the_fold_equal_the_citys_own(shared_data: Path) -> None:
    table = pd.read_csv(shared_data / REQUESTS, dtype=str)
    status = table.set_index("case_id")["ontime_status"].dropna()
    as_of = datetime(2016, 1, 13, 5, tzinfo=UTC).timestamp()  # midnight in Boston
    assert len(status) == 58_017
    told = boston_311.decode(recorded_tables.read(shared_data / REQUESTS))
    for cases in (told, boston_311.decode_life(recorded_tables.read(shared_data / REQUESTS))):
        flags = _folded(cases, shared_data, as_of)
        assert len(flags) == len(table)
        said = {case: "OVERDUE" if flags[case] else "ONTIME" for case in status.index}
        assert said == status.to_dict()


def test_the_rule_that_the_test_above_states_is_the_citys(shared_data: Path) -> None:
    dates = ["target_dt", "closed_dt"]
    table = pd.read_csv(shared_data / REQUESTS, parse_dates=dates, dtype={"case_id": str})
    table = table[table["ontime_status"].notna()]
    ended = table["closed_dt"].fillna(pd.Timestamp("2016-01-13T00:00"))
    assert (np.where(ended > table["target_dt"], "OVERDUE", "ONTIME") == table["ontime_status"]).all()


def _folded(cases: list[Case], data_dir: Path, as_of: float) -> dict[str, bool]:
    backlog = Backlog(rehearsal_district("boston", data_dir))
    for case in cases:
        backlog.apply(case, as_of)
    return {row.key.removeprefix("boston-311/"): is_overdue(row, as_of) for row in backlog.all()}
