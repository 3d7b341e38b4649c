import os
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from dashboard.archive import cases, compaction, parts
from dashboard.archive.compaction import Keep, Tidier, compact, remove_superseded, sweep
from dashboard.archive.reader import Archive
from dashboard.archive.schema import Table
from dashboard.archive.store import LocalStore
from dashboard.district import District
from dashboard.journal import Journal
from dashboard.state_server import StateServer
from tests.dashboard.archive.history import Died, Mortal, happen, mover
from tests.dashboard.archive.test_reader import everything

DAY_S = 86_400.0


@pytest.fixture
def filled(journal: Journal, state_server: StateServer, small: District, tmp_path: Path) -> Path:
    """An archive of several moves, each with parts of its own."""
    for number in range(4):
        happen(journal, small, number, number + 1)
        mover(state_server, LocalStore(tmp_path), small).move()
    return tmp_path


def later(days: float = 2.0) -> float:
    return time.time() + days * DAY_S


def seen(folder: Path, small: District) -> dict[Table, list[tuple[object, ...]]]:
    return everything(Archive(LocalStore(folder), None, small))


def test_an_hour_and_a_day_become_one_part_each_and_nothing_looks_different(filled: Path, small: District) -> None:
    store, before = LocalStore(filled), seen(filled, small)
    compact(store, small.timezone, small.timezone.key, later())
    assert seen(filled, small) == before
    for table in (Table.RECORDS, Table.TRACKS, Table.BEATS):
        assert len(parts.counting(parts.listed(store, table))) <= 2  # midnight or a full hour may lie between
    assert cases.listed(store).merged > 0
    remove_superseded(store, 0)
    assert seen(filled, small) == before
    assert parts.listed(store, Table.CASES) == []


def test_what_is_not_over_stays_as_it_is(filled: Path, small: District) -> None:
    assert compact(LocalStore(filled), small.timezone, small.timezone.key, time.time() - DAY_S) == []


def test_what_is_superseded_stays_until_copies_are_done(filled: Path, small: District) -> None:
    store = LocalStore(filled)
    compact(store, small.timezone, small.timezone.key, later())
    assert remove_superseded(store, 3600) == []
    for path in filled.rglob("*.parquet"):
        os.utime(path, (time.time() - 4000, time.time() - 4000))
    assert remove_superseded(store, 3600)


def tidied(store: LocalStore, small: District) -> None:
    compact(store, small.timezone, small.timezone.key, later())
    remove_superseded(store, 0)


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("step", range(1, 60, 2))
def test_death_at_any_step_of_it_changes_no_answer(filled: Path, small: District, step: int, before: bool) -> None:
    answers = seen(filled, small)
    try:
        tidied(Mortal(filled, step, before), small)
    except Died:
        assert seen(filled, small) == answers
    tidied(LocalStore(filled), small)
    assert seen(filled, small) == answers


def test_each_kind_is_kept_for_its_time(filled: Path, small: District) -> None:
    store = LocalStore(filled)
    store.write("checkpoints/2020-01-01/1.zst", b"x")
    store.write("briefings/2020-01-06/D.json", b"x")
    today = parts.local_day(time.time(), small.timezone)
    assert sweep(store, today, Keep(30, 3650)) == ["checkpoints/2020-01-01/1.zst"]
    gone = sweep(store, today + timedelta(31), Keep(30, 3650))
    assert gone and all("/tracks/" in name or "/beats/" in name for name in gone)
    sweep(store, date(2099, 1, 1), Keep(30, 3650))
    assert store.names("") == ["briefings/2020-01-06/D.json"]


def test_it_is_done_once_an_hour(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, small: District) -> None:
    times: list[float] = []
    record: Callable[..., list[parts.Part]] = lambda *given: times.append(given[-1]) or []  # noqa: E731
    monkeypatch.setattr(compaction, "compact", record)
    tidier = Tidier(LocalStore(tmp_path), small.timezone, small.timezone.key, Keep(30, 3650))
    for now in (later(0), later(0) + 60, later(0) + 3700):
        tidier.tidy(now)
    assert len(times) == 2
