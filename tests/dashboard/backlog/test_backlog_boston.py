"""The rule of being overdue against a city's own verdict: Boston 311, 2015."""

import csv
import gzip
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from dashboard.backlog import Backlog, is_overdue
from dashboard.records import Case, Stage
from tests.dashboard.backlog.backlog_ground import SmallDistrict
from tests.recordings import DATA

REQUESTS = DATA / "municipal_events" / "boston_311_2015-01_06.csv.gz"
BOSTON = ZoneInfo("America/New_York")
AS_OF = datetime(2016, 1, 13, tzinfo=BOSTON).timestamp()  # when the city gave its verdicts


def moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=BOSTON) if text else None


def case(row: dict[str, str]) -> Case:
    return Case(
        source="boston-311",
        id=row["case_id"],
        reported_at=moment(row["open_dt"]),
        due_at=moment(row["target_dt"]),
        closed_at=moment(row["closed_dt"]),
        stage=Stage.CLOSED if row["closed_dt"] else Stage.HANDLING,
    )


def test_overdue_as_the_city_of_boston_said():
    if not REQUESTS.exists():
        pytest.skip(f"the recorded requests are not there: {REQUESTS.name} (WALL_SHARED names their folder)")
    backlog = Backlog(SmallDistrict())
    with gzip.open(REQUESTS, "rt", encoding="utf-8") as lines:
        verdicts = {}
        for row in csv.DictReader(lines):
            backlog.apply(case(row), AS_OF)
            verdicts[f"boston-311/{row['case_id']}"] = row["ontime_status"]
    judged = {key: verdict == "OVERDUE" for key, verdict in verdicts.items() if verdict}
    ours = {row.key: is_overdue(row, AS_OF) for row in backlog.all() if row.key in judged}
    assert len(judged) > 50_000
    assert ours == judged
