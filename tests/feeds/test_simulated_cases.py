from collections import Counter
from datetime import UTC, datetime

import pytest

from dashboard.backlog import Backlog
from dashboard.records import Case, CaseStep, Record, Stage
from feeds.simulated_cases import PATHS, SimulatedCases
from feeds.simulated_places import Places
from tests.feeds.small_district import small_district

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC).timestamp()  # in Beijing
PER_DAY = 2_000


def cases(now: float) -> SimulatedCases:
    district = small_district()
    return SimulatedCases(district, Places.of(district, 1), 1, now, PER_DAY)


def seeded(source: SimulatedCases) -> list[Record]:
    told: list[Record] = []
    while source.is_seeding:
        told += source.seed(500)
    return told


def folded(told: list[Record], now: float) -> Backlog:
    backlog = Backlog(small_district())
    for record in told:
        assert isinstance(record, Case | CaseStep)
        backlog.apply(record, now)
    return backlog


def test_the_paths_share_all_cases_and_end_where_cases_end() -> None:
    assert sum(path.share for path in PATHS) == pytest.approx(1)
    assert {path.steps[-1][0] for path in PATHS} == {Stage.CLOSED, Stage.DECLINED}
    assert all(list(path.steps) == sorted(path.steps, key=lambda step: step[1]) for path in PATHS)


def test_what_was_before_is_told_open_first_and_newest_first() -> None:
    told = [record for record in seeded(cases(NOON)) if isinstance(record, Case)]
    is_open = [record.closed_at is None for record in told]
    assert is_open == sorted(is_open, reverse=True)
    reported = [record.reported_at for record in told if record.closed_at is None]
    assert reported[:200] == sorted(reported[:200], reverse=True)
    assert len({record.id for record in told}) == len(told)


def test_the_district_starts_with_a_plausible_backlog() -> None:
    told = seeded(cases(NOON))
    backlog = folded(told, NOON)
    figures = backlog.figures(None, None, NOON, small_district().timezone)
    assert 0.10 * PER_DAY < figures.open < 0.35 * PER_DAY
    assert 0.35 * PER_DAY < figures.found_today < 0.5 * PER_DAY
    assert 0.2 * PER_DAY < figures.closed_today < 0.6 * PER_DAY
    assert figures.overdue > 0
    assert dict(figures.aside)[Stage.HELD] > 0
    assert figures.returned_today > 0 and figures.rework_today > 0
    ages_h = [(NOON - row.reported_at) / 3600 for row in backlog.all() if row.closed_at is None]
    assert sum(age < 24 for age in ages_h) > 0.6 * len(ages_h)
    assert max(ages_h) > 72
    assert not backlog.anomalies()


def test_a_whole_day_closes_nine_of_ten_and_leaves_no_oddity() -> None:
    source = cases(NOON)
    told = seeded(source)
    for minute in range(24 * 60):
        told += source.happen(NOON + 60 * minute)
    backlog = folded(told, NOON + 86_400)
    assert not backlog.anomalies()
    yesterday = [row for row in backlog.all() if NOON - 43_200 <= row.reported_at < NOON + 43_200]
    assert len(yesterday) == pytest.approx(PER_DAY, abs=2)
    assert sum(row.closed_at is not None for row in yesterday) > 0.85 * len(yesterday)


def test_a_restart_repeats_the_same_and_doubles_nothing() -> None:
    first, later = cases(NOON), NOON + 600
    live = seeded(first) + first.happen(later)
    again = seeded(cases(later))
    straight, restarted = folded(live, later), folded([*live, *again], later)
    assert {row.key: row.stage for row in restarted.all()} == {row.key: row.stage for row in straight.all()}
    known = {(type(record), record.id, getattr(record, "revision", 0)): record for record in live}
    repeated = [record for record in again if (type(record), record.id, getattr(record, "revision", 0)) in known]
    assert len(repeated) > 0.9 * len(again)
    assert all(known[(type(one), one.id, getattr(one, "revision", 0))] == one for one in repeated)


def test_nothing_new_happens_before_the_open_cases_are_told() -> None:
    source = cases(NOON)
    assert source.happen(NOON + 60) == []
    seeded(source)
    told = source.happen(NOON + 60)
    kinds = Counter(type(record) for record in told)
    assert kinds[Case] and kinds[CaseStep]


def test_more_is_found_by_day_than_by_night() -> None:
    source = cases(NOON)
    seeded(source)
    found = [record for minute in range(1440) for record in source.happen(NOON + 60 * minute)]
    hours = Counter((record.reported_at.hour + 8) % 24 for record in found if isinstance(record, Case))
    assert hours[3] * 5 < hours[15]
