"""The weekly figures of public data, against a computation over the raw columns that knows nothing of our code."""

import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pytest

from dashboard.archive.reader import Archive
from dashboard.archive.store import LocalStore
from dashboard.briefing.making import make
from dashboard.briefing.model import Briefing
from dashboard.briefing.rules import Rules
from dashboard.district import District
from dashboard.door import Door
from dashboard.journal import Journal
from dashboard.state_server import StateServer
from feeds import replay, sf_fire
from feeds.rehearsal import INCIDENTS, REQUESTS
from tests.dashboard.leading import Running, published, wait_for
from tests.rehearsal import rehearsal_district

NOW = datetime(2026, 1, 1).timestamp()
WEEK = pd.Timedelta(days=7)


class City(NamedTuple):
    """A city whose recording was played down the whole road."""

    district: District
    archive: Archive
    table: pd.DataFrame

    def briefing(self, week: str) -> Briefing:
        with self.archive.open(seconds=120) as reading:
            return make(reading, self.district, self.district.root.code, date.fromisoformat(week), Rules(), NOW)


def played(server: StateServer, folder: Path, name: str, data: Path, file: str) -> City:
    """The recording through replay, door, journal and engine; what the engine said is the archive's tail."""
    journal, district = Journal(server.url), rehearsal_district(name, data)
    table = pd.read_csv(data / file, dtype=str)
    engine = Running(server.url, district)
    try:
        wait_for(lambda: published(journal), "the engine does not lead")
        recording = replay.read([data / file], district.roster.index)
        assert replay.play(recording, Door(district, journal), speed=0) == len(recording)
        _until_folded(journal)
    finally:
        engine.end()
    return City(district, Archive(LocalStore(folder), journal, district), table)


def _until_folded(journal: Journal) -> None:
    """Until the engine has told what it made of everything."""
    after, end, give_up_at = b"0-0", journal.end(), time.monotonic() + 400
    while True:
        assert time.monotonic() < give_up_at
        for delta in journal.deltas(after, 100):
            after = delta.id
            if delta.tick is not None and delta.tick.cursor.journal == end:
                return


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StateServer]:
    made = StateServer(tmp_path_factory.mktemp("cities"), memory_mb=1024)
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def boston(server: StateServer, shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> City:
    return played(server, tmp_path_factory.mktemp("boston"), "boston", shared_data, REQUESTS)


def figures(briefing: Briefing, section: str) -> dict[str, Any]:
    (found,) = [each for each in briefing.sections if each.id == section]
    return {figure.id: figure for figure in found.figures}


def table_of(briefing: Briefing, id_: str) -> list[tuple[Any, ...]]:
    (found,) = [table for section in briefing.sections for table in section.tables if table.id == id_]
    return list(found.cells)


def chart_of(briefing: Briefing, id_: str) -> Any:
    (found,) = [chart for section in briefing.sections for chart in section.charts if chart.id == id_]
    return found


def local(column: pd.Series) -> pd.Series:
    """Times as the city writes them."""
    return pd.to_datetime(column)


def seconds_between(later: pd.Series, earlier: pd.Series, zone: str) -> pd.Series:
    """Real seconds, also across a change of the clock."""
    stretched = [each.dt.tz_localize(zone, ambiguous=True, nonexistent="shift_forward") for each in (later, earlier)]
    return (stretched[0] - stretched[1]).dt.total_seconds()


@pytest.mark.parametrize("week", ["2015-01-05", "2015-03-02", "2015-04-06", "2015-06-22"])  # 8 March: one hour less
def test_the_weekly_figures_of_boston_equal_those_of_the_raw_table(boston: City, week: str) -> None:
    raw, start = boston.table, pd.Timestamp(week)
    opened, closed, target = local(raw["open_dt"]), local(raw["closed_dt"]), local(raw["target_dt"])

    def at(start: pd.Timestamp) -> dict[str, Any]:
        end = start + WEEK
        is_found = (opened >= start) & (opened < end)
        is_closed = (raw["case_status"] == "Closed") & (closed >= start) & (closed < end)
        took = seconds_between(closed[is_closed], opened[is_closed], "America/New_York")
        limited = is_closed & target.notna()
        still = (opened < end) & (closed.isna() | (closed >= end))
        return {
            "found": int(is_found.sum()),
            "closed": int(is_closed.sum()),
            "limited": int(limited.sum()),
            "on_time": int((limited & (closed <= target)).sum()),
            "p50": took.quantile(0.5),
            "p90": took.quantile(0.9),
            "open": int(still.sum()),
            "overdue": int((still & (target < end)).sum()),
        }

    briefing, want = boston.briefing(week), at(start)
    got = figures(briefing, "cases")
    assert got["cases.found"].value == want["found"] > 500
    assert got["cases.closed"].value == want["closed"]
    assert (got["cases.on_time"].numerator, got["cases.on_time"].denominator) == (want["on_time"], want["limited"])
    assert got["cases.p50"].value == pytest.approx(want["p50"])
    assert got["cases.p90"].value == pytest.approx(want["p90"])
    assert got["cases.open"].value == want["open"]
    assert (got["cases.overdue"].numerator, got["cases.overdue"].denominator) == (want["overdue"], want["open"])
    assert got["cases.net"].value == want["found"] - want["closed"]
    before = [at(start - WEEK * back) for back in range(8, 0, -1)]
    first = opened.min().normalize()
    for figure, name in (("cases.found", "found"), ("cases.closed", "closed"), ("cases.open", "open")):
        known = [each[name] for back, each in zip(range(8, 0, -1), before, strict=True) if start - WEEK * back >= first]
        assert [value for value in got[figure].previous if value is not None][-len(known) :] == known if known else True
    assert got["cases.found"].last_year is None  # the record begins later


@pytest.mark.parametrize("week", ["2015-03-02", "2015-05-18"])
def test_what_where_and_when_of_boston_equal_the_raw_table(boston: City, week: str) -> None:
    raw, start = boston.table, pd.Timestamp(week)
    opened, closed, target = local(raw["open_dt"]), local(raw["closed_dt"]), local(raw["target_dt"])
    end, briefing = start + WEEK, boston.briefing(week)
    is_found = (opened >= start) & (opened < end)

    hours = chart_of(briefing, "kinds.hours")
    want = pd.crosstab(opened[is_found].dt.day_of_week, opened[is_found].dt.hour)
    for day, series in enumerate(hours.series):
        assert list(series.values) == [
            int(want.loc[day].get(hour, 0)) if day in want.index else 0 for hour in range(24)
        ]

    matrix = chart_of(briefing, "kinds.matrix")
    items = raw["type"][is_found].value_counts()
    known = {series.id: sum(value or 0 for value in series.values) for series in matrix.series}
    assert len(known) == 12
    # Requests that were not located lie in no sub-district; the order of the items is that of all of them.
    assert [items[item] for item in known] == sorted((items[item] for item in known), reverse=True)
    assert all(known[item] <= items[item] for item in known)
    assert min(items[item] for item in known) >= items.drop(list(known)).max()

    names = {centre.code: centre.name for centre in boston.district.departments}
    is_closed = (raw["case_status"] == "Closed") & (closed >= start) & (closed < end)
    took = seconds_between(closed, opened, "America/New_York")
    rows = {names[row[0]]: row for row in table_of(briefing, "cases.by_department")}
    is_open = (opened < end) & (closed.isna() | (closed >= end))
    is_overdue = is_open & (target < end)
    for department, part in raw[is_found | is_closed | is_open].groupby("department"):
        found, done = int(is_found[part.index].sum()), is_closed[part.index]
        index = part.index[done]
        limited = target[index].notna()
        in_time = int((closed[index] <= target[index])[limited].sum())
        row = rows[department]
        assert (row[1], row[2]) == (found, int(done.sum())), department
        assert row[3] == (in_time / int(limited.sum()) if limited.any() else None)
        assert row[4] == (pytest.approx(took[index].quantile(0.5)) if len(index) else None)
        assert row[7:] == (int(is_open[part.index].sum()), int(is_overdue[part.index].sum()))
    assert set(rows) == set(raw[is_found | is_closed | is_open]["department"].dropna())
    hot = table_of(briefing, "kinds.hot_cells")
    assert len(hot) == 20 and sum(row[2] for row in hot) <= int(is_found.sum())


def test_organisations_below_the_average_of_boston_are_those_of_the_raw_table(boston: City) -> None:
    raw, week = boston.table, pd.Timestamp("2015-05-18")
    closed, target = local(raw["closed_dt"]), local(raw["target_dt"])
    below: set[str] = set(raw["department"].dropna())
    for back in range(3):
        start = week - WEEK * back
        part = (raw["case_status"] == "Closed") & (closed >= start) & (closed < start + WEEK) & target.notna()
        in_time = (closed <= target)[part].groupby(raw["department"][part])
        average = in_time.sum().sum() / in_time.count().sum()
        below &= {name for name, rate in in_time.mean().items() if rate < average and in_time.count()[name] >= 20}
    names = {centre.code: centre.name for centre in boston.district.departments}
    assert {names[row[0]] for row in table_of(boston.briefing("2015-05-18"), "areas.below_department")} == below


@pytest.fixture(scope="module")
def san_francisco(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    made = StateServer(tmp_path_factory.mktemp("sf"), memory_mb=1024)
    made.start()
    yield played(made, tmp_path_factory.mktemp("sf"), "sf", shared_data, INCIDENTS)
    made.stop()


def legs_of(raw: pd.DataFrame) -> pd.DataFrame:
    """One row a call and tier, from the columns alone: arrived after, closed after, limit; seconds from the call."""
    tier = raw["unit_type"].map({name: tier.value for name, tier in sf_fire.TIER_OF_UNIT_TYPE.items()})
    times = pd.DataFrame({name: local(raw[name]) for name in ("received", "dispatch", "on_scene", "available")})
    call = raw["call_number"]
    received = times["received"].groupby(call).first()
    freed = times["available"].where(
        times["available"] > times["on_scene"].fillna(times["available"]), times["on_scene"]
    )
    freed = freed.where(times["available"].notna()).fillna(times["available"])
    ends = pd.concat([times["received"], times["dispatch"], times["on_scene"], freed], axis=1).max(axis=1)
    closed = ends.groupby(call).max().where(times["available"].notna().groupby(call).any())
    arrived = times["on_scene"].groupby([call, tier]).min().unstack()
    rows = []
    for name, limit in (("volunteer", 60), ("auxiliary", 180), ("police", 300)):
        after = (arrived[name] - received).dt.total_seconds() if name in arrived else pd.Series(index=received.index)
        rows.append(
            pd.DataFrame(
                {"received": received, "tier": name, "after": after, "limit": limit,
                 "closed": (closed - received).dt.total_seconds(), "type": raw["call_type"].groupby(call).first()}
            )
        )  # fmt: skip
    return pd.concat(rows)


@pytest.mark.parametrize("week", ["2020-04-06", "2020-04-13"])
def test_the_1_3_5_figures_of_san_francisco_equal_those_of_the_columns(san_francisco: City, week: str) -> None:
    start = pd.Timestamp(week)
    legs = legs_of(san_francisco.table)
    legs = legs[(legs["received"] >= start) & (legs["received"] < start + WEEK)]
    calls = legs.index.nunique()
    # A leg whose deadline had not passed when the call closed, without an arrival, was not asked for.
    is_over = legs["after"].isna() & (legs["closed"] <= legs["limit"])
    legs = legs[~is_over]
    briefing = san_francisco.briefing(week)
    got = figures(briefing, "response")
    assert got["response.incidents"].value == calls > 1000
    for tier, part in legs.groupby("tier"):
        met = int((part["after"] <= part["limit"]).sum())
        figure = got[f"response.{tier}"]
        # Nobody had a fix: of a tier that never came nobody can say more than that.
        unknown = int(part["after"].isna().sum())
        assert (figure.numerator, figure.denominator, figure.unknown) == (met, len(part), unknown)
        assert figure.value == pytest.approx(met / len(part))
        assert got[f"response.{tier}_p50"].value == pytest.approx(part["after"].quantile(0.5))
        assert got[f"response.{tier}_p90"].value == pytest.approx(part["after"].quantile(0.9))
    kinds = legs["type"].map(sf_fire._KIND_OF_CALL_TYPE).fillna(sf_fire._OTHER_KIND)
    rows = {(row[0], row[1]): row for row in table_of(briefing, "response.by_kind")}
    for (kind, tier), part in legs.groupby([kinds, "tier"]):
        row = rows[kind, tier]
        assert row[2:4] == (len(part), int((part["after"] <= part["limit"]).sum())), (kind, tier)
        expected = part["after"].quantile(0.5)
        assert row[6] == (pytest.approx(expected) if pd.notna(expected) else None)


def test_a_week_before_the_record_has_no_figures_and_no_zeros(boston: City) -> None:
    briefing = boston.briefing((date(2015, 1, 5) - timedelta(weeks=30)).isoformat())
    got = figures(briefing, "cases")
    assert got["cases.on_time"].value is None and got["cases.p50"].value is None
    assert figures(briefing, "patrol")["patrol.coverage"].value is None
