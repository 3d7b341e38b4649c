"""Boston 311 requests as cases with the city's own target times, as they ended or as they lived.

Source: data.boston.gov "311 Service Requests" (ODC-PDDL), requests opened January to June 2015.
"""

from typing import Any

import msgspec
import pandas as pd

from dashboard.records import Case, Stage
from feeds import recorded_tables

SOURCE = "boston-311"
ZONE = "America/New_York"
HEADER = ("case_id", "open_dt", "target_dt", "closed_dt", "ontime_status", "case_status")

_CITY_HALL = (
    42.3594,
    -71.0587,
)  # where the city puts what it could not locate; such a row has no ward either


def decode(rows: pd.DataFrame) -> list[Case]:
    """Each request once, as it stands in the table, oldest first; what was not located has no place.

    An open request counts as handed to its department. Local times become UTC; some requests close before
    they open, which is kept as the city says it.
    """
    columns: dict[str, list[Any]] = {
        name: recorded_tables.texts(rows[name])
        for name in ("case_id", "case_status", "case_title", "type", "department", "ward")
    }
    for name in ("open_dt", "target_dt", "closed_dt"):
        columns[name] = recorded_tables.moments(rows[name], ZONE)
    for name in ("lat", "lon"):
        columns[name] = pd.to_numeric(rows[name]).tolist()
    cases = [_case(dict(zip(columns, row, strict=True))) for row in zip(*columns.values(), strict=True)]
    return sorted(cases, key=lambda case: case.reported_at)


def decode_life(rows: pd.DataFrame) -> list[Case]:
    """Each request as it came in (revision 0) and, if it was closed, as it ended (revision 1)."""
    life = []
    for case in decode(rows):
        opened = msgspec.structs.replace(case, stage=Stage.REPORTED, closed_at=None)
        life.append(opened)
        if case.closed_at is not None:
            life.append(msgspec.structs.replace(case, revision=1))
    return life


def _case(row: dict[str, Any]) -> Case:
    is_located = bool(row["ward"]) or (row["lat"], row["lon"]) != _CITY_HALL
    return Case(
        source=SOURCE,
        id=row["case_id"],
        reported_at=row["open_dt"],
        item=row["type"],
        title=row["case_title"] or row["type"],
        department=row["department"],
        lat=row["lat"] if is_located else None,
        lon=row["lon"] if is_located else None,
        stage=Stage.CLOSED if row["case_status"] == "Closed" else Stage.DISPATCHED,
        due_at=row["target_dt"],
        closed_at=row["closed_dt"],
    )
