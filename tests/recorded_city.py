"""Cities whose public recordings were played down the whole road, and how what they show is compared.

What is expected of them stands in boston_columns.py and san_francisco_columns.py: computations over the raw columns
that use none of the product's arithmetic. Of the product only the polygons of the areas and their codes are used.
"""

import math
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import shapely

from dashboard.archive.reader import Archive
from dashboard.archive.store import LocalStore
from dashboard.briefing.making import make
from dashboard.briefing.model import Briefing, Chart, Figure, Table
from dashboard.briefing.rules import Rules
from dashboard.district import District
from dashboard.door import Door
from dashboard.journal import Journal
from dashboard.state_server import StateServer
from feeds import replay
from tests.dashboard.leading import Running, published, wait_for
from tests.rehearsal import rehearsal_district

NOW = datetime(2026, 1, 1).timestamp()
WEEK = pd.Timedelta(days=7)
TREND, COMPARE = 13, 8  # weeks
AGO = range(TREND - 1, -1, -1)  # weeks before the one that is looked at, oldest first
LAST_YEAR = 52


class City(NamedTuple):
    """A city whose recording was played, and the table that it was played from."""

    district: District
    archive: Archive
    table: pd.DataFrame

    def briefing(self, week: str, centre: str = "", rules: Rules | None = None) -> Briefing:
        """The product's; without a centre that of the whole district."""
        with self.archive.open(seconds=120) as reading:
            code = centre or self.district.root.code
            return make(reading, self.district, code, date.fromisoformat(week), rules or Rules(), NOW)


@contextmanager
def played(folder: Path, name: str, data: Path, file: str) -> Iterator[City]:
    """The recording through replay, door, journal and engine; what the engine said is the archive's tail."""
    for part in ("state", "archive"):
        (folder / part).mkdir()
    server = StateServer(folder / "state", memory_mb=1024)
    server.start()
    try:
        journal, district = Journal(server.url), rehearsal_district(name, data)
        engine = Running(server.url, district)
        try:
            wait_for(lambda: published(journal), "the engine does not lead")
            recording = replay.read([data / file], district.roster.index)
            assert replay.play(recording, Door(district, journal), speed=0) == len(recording)
            _until_folded(journal)
        finally:
            engine.end()
        archive = Archive(LocalStore(folder / "archive"), journal, district)
        yield City(district, archive, pd.read_csv(data / file, dtype=str))
    finally:
        server.stop()


def _until_folded(journal: Journal) -> None:
    """Until the engine has told what it made of everything."""
    after, end, give_up_at = b"0-0", journal.end(), time.monotonic() + 400
    while True:
        assert time.monotonic() < give_up_at
        for delta in journal.deltas(after, 100):
            after = delta.id
            if delta.tick is not None and delta.tick.cursor.journal == end:
                return


def areas_of(district: District, lat: pd.Series, lon: pd.Series) -> pd.DataFrame:
    """Columns cell, community and sub_district of each point, "" outside all: every polygon is asked of every point."""
    points = pd.DataFrame({"lat": lat.astype(float), "lon": lon.astype(float)})
    each = points.drop_duplicates().dropna()
    inside = np.array([shapely.intersects_xy(cell, each["lon"], each["lat"]) for cell in district.atlas.cell_polygons])
    assert inside.sum(axis=0).max() == 1  # none lies on a border, so that nobody needs to say whose it is
    hit, place = np.nonzero(inside.T)
    codes = [district.communities[community].code for community in district.cell_community]
    known = pd.DataFrame({"cell": "", "community": "", "sub_district": ""}, index=each.index)
    known.loc[each.index[hit], "cell"] = [district.cell_codes[cell] for cell in place]
    known.loc[each.index[hit], "community"] = [codes[cell] for cell in place]
    known["sub_district"] = known["community"].str.rpartition("-")[0]  # BOS-04-08 lies in BOS-04
    return points.merge(each.join(known), how="left", on=["lat", "lon"])[list(known)].fillna("")


def moments(column: pd.Series, zone: str) -> pd.Series:
    """Times as the city writes them, made times that can be subtracted across a change of the clock."""
    return pd.to_datetime(column).dt.tz_localize(zone, ambiguous=True, nonexistent="shift_forward")


def span(week: str, ago: int, zone: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    """From when to when a week lasts, so many weeks before another."""
    start = pd.Timestamp(week) - WEEK * ago
    return start.tz_localize(zone), (start + WEEK).tz_localize(zone)


def mondays(week: str) -> list[str]:
    """The weeks of a trend."""
    return [(pd.Timestamp(week) - WEEK * ago).date().isoformat() for ago in AGO]


def ratio(part: float, whole: float) -> float | None:
    """A share; nothing where there is nothing to divide by."""
    return part / whole if whole else None


def quantile(seconds: pd.Series, share: float) -> float | None:
    """Between the values; nothing of nothing."""
    return float(seconds.quantile(share)) if seconds.notna().any() else None


def figure(value: float | None, previous: Sequence[Any] = (), last_year: Any = None, **parts: Any) -> dict[str, Any]:
    """A figure as `contents` gives it; `previous`: the weeks before it as far back as the trend goes."""
    named = {name: parts.get(name) for name in ("numerator", "denominator", "unknown")}
    return {"value": value, **named, "previous": list(previous)[-COMPARE:], "last_year": last_year}


def chart(labels: Sequence[str], series: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    """A chart as `contents` gives it."""
    return {"labels": list(labels), "series": [(name, list(values)) for name, values in series.items()]}


def table(columns: str, cells: Sequence[Sequence[Any]] = (), marks: Sequence[str] = ()) -> dict[str, Any]:
    """A table as `contents` gives it; `columns`: their ids with spaces between."""
    return {"columns": columns.split(), "cells": [list(row) for row in cells], "marks": list(marks)}


def contents(briefing: Briefing, *sections: str) -> dict[str, dict[str, Any]]:
    """All that these sections show, by id: nothing is left out."""
    chosen = [section for section in briefing.sections if section.id in sections]
    assert [section.id for section in chosen] == list(sections)
    items = [item for section in chosen for item in (*section.figures, *section.charts, *section.tables)]
    shown = {item.id: _content(item) for item in items}
    assert len(shown) == len(items)
    return shown


def _content(item: Figure | Chart | Table) -> dict[str, Any]:
    match item:
        case Figure():
            parts = {"numerator": item.numerator, "denominator": item.denominator, "unknown": item.unknown}
            return figure(item.value, item.previous, item.last_year, **parts)
        case Chart():
            assert item.target is None
            return chart(item.labels, {series.id: series.values for series in item.series})
        case Table():
            return table(" ".join(column.id for column in item.columns), item.cells, item.marks)


def says_nothing(content: dict[str, Any]) -> bool:
    """Whether it shows no number but 0."""
    numbers = [content.get("value"), *content.get("cells", ())]
    return not any([*numbers, *(any(values) for _, values in content.get("series", ()))])


def differences(shown: Any, expected: Any, where: str = "") -> list[str]:
    """Where two contents differ; numbers are the same within what adding in another order changes."""
    if isinstance(expected, dict) and isinstance(shown, dict) and shown.keys() == expected.keys():
        return [line for key in expected for line in differences(shown[key], expected[key], f"{where} {key}")]
    if isinstance(expected, list | tuple) and isinstance(shown, list | tuple) and len(shown) == len(expected):
        both = enumerate(zip(shown, expected, strict=True))
        return [line for place, (one, other) in both for line in differences(one, other, f"{where}[{place}]")]
    are_numbers = isinstance(shown, int | float) and isinstance(expected, int | float)
    is_same = math.isclose(shown, expected, rel_tol=1e-9, abs_tol=1e-12) if are_numbers else shown == expected
    return [] if is_same else [f"{where}: {shown!r} is shown, the columns say {expected!r}"]


def assert_same(shown: Any, expected: Any) -> None:
    """Raises AssertionError that names every number that differs."""
    found = differences(shown, expected)
    assert not found, "\n".join(["", *found])
