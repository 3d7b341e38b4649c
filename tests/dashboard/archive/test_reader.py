from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dashboard.archive import cases, parts
from dashboard.archive.reader import Archive, HistoryError
from dashboard.archive.schema import Table
from dashboard.archive.store import LocalStore, Store
from dashboard.district import District
from dashboard.journal import Journal
from dashboard.picture import encode_change
from dashboard.records import Stage
from dashboard.situation import Situation
from dashboard.state_server import StateServer
from tests.builders import NOON, case, step
from tests.dashboard.archive.history import happen, mover
from tests.dashboard.archive.test_store import bucket, store

__all__ = ["bucket", "store"]

FAR = 4e9


def everything(archive: Archive) -> dict[Table, list[tuple[Any, ...]]]:
    with archive.open() as reading:
        rows = {table: reading.rows(f"SELECT * FROM {table}") for table in Table}
    return {
        table: sorted(tuple("nan" if value != value else value for value in row) for row in found)
        for table, found in rows.items()
    }


def test_nobody_can_tell_where_rows_are(
    journal: Journal, state_server: StateServer, small: District, store: Store
) -> None:
    archive = Archive(store, journal, small)
    happen(journal, small, 0, 4)
    seen = [everything(archive)]
    mover(state_server, store, small).move()  # type: ignore[arg-type]
    seen.append(everything(archive))
    assert seen[0][Table.CASES] and seen[0][Table.RECORDS] and seen[0][Table.TRACKS] and seen[0][Table.LEGS]
    cases.merge(store, "Asia/Shanghai", parts.end(store, Table.BEATS))
    seen.append(everything(archive))
    assert seen[0] == seen[1] == seen[2]


def test_of_states_the_latest_counts_wherever_it_stands(
    journal: Journal, state_server: StateServer, small: District, tmp_path: Path
) -> None:
    local, situation, t0 = LocalStore(tmp_path), Situation(small), NOON.timestamp()
    archive = Archive(local, journal, small)

    def tell(number: int, change: Any) -> None:
        journal.publish(1, number, encode_change(change))

    def stages() -> list[tuple[Any, ...]]:
        with archive.open() as reading:
            return reading.rows("SELECT key, stage FROM cases ORDER BY key")

    tell(1, situation.apply(case(1), t0))
    tell(2, situation.apply(case(2), t0))
    mover(state_server, local, small).move()
    cases.merge(local, "Asia/Shanghai", parts.end(local, Table.BEATS))
    tell(3, situation.apply(step(1, 60, Stage.FILED), t0 + 60))
    assert stages() == [("cases/C1", "filed"), ("cases/C2", "reported")]
    mover(state_server, local, small).move()
    tell(4, situation.apply(step(1, 120, Stage.DISPATCHED), t0 + 120))
    assert stages() == [("cases/C1", "dispatched"), ("cases/C2", "reported")]
    mover(state_server, local, small).move()
    cases.merge(local, "Asia/Shanghai", parts.end(local, Table.BEATS))
    assert stages() == [("cases/C1", "dispatched"), ("cases/C2", "reported")]


def test_a_case_that_moves_to_another_day_is_there_once(
    journal: Journal, state_server: StateServer, small: District, tmp_path: Path
) -> None:
    local, situation, t0 = LocalStore(tmp_path), Situation(small), NOON.timestamp()
    for number, record in enumerate((case(1), case(1, -86_400, revision=1))):
        journal.publish(1, number, encode_change(situation.apply(record, t0)))
        mover(state_server, local, small).move()
        cases.merge(local, "Asia/Shanghai", parts.end(local, Table.BEATS))
    with Archive(local, None, small).open() as reading:
        assert reading.rows("SELECT key, revision FROM cases") == [("cases/C1", 1)]


@pytest.fixture
def moved(journal: Journal, state_server: StateServer, small: District, tmp_path: Path) -> Iterator[Archive]:
    happen(journal, small, 0, 2)
    mover(state_server, LocalStore(tmp_path), small).move()
    yield Archive(LocalStore(tmp_path), None, small)


def test_what_was_received_at_another_time_is_not_opened(moved: Archive) -> None:
    with moved.open(since=FAR) as reading:
        assert reading.rows("SELECT count(*) FROM records") == [(0,)]
        assert reading.rows("SELECT count(*) FROM cases") == [(2,)]  # of states nothing is left out


def test_a_question_that_takes_too_long_ends(moved: Archive) -> None:
    with moved.open(seconds=0.2) as reading, pytest.raises(HistoryError, match="longer than"):
        reading.rows("SELECT count(*) FROM range(100000000) a, range(100000000) b")


def test_an_empty_archive_has_empty_tables(small: District, tmp_path: Path) -> None:
    with Archive(LocalStore(tmp_path), None, small).open() as reading:
        assert all(reading.rows(f"SELECT count(*) FROM {table}") == [(0,)] for table in Table)


def test_parameters_are_values(moved: Archive) -> None:
    with moved.open() as reading:
        assert reading.rows("SELECT key FROM cases WHERE key = ?", ["cases/C1"]) == [("cases/C1",)]
        assert reading.rows("SELECT key FROM cases WHERE key = ?", ["' OR 1=1 --"]) == []
        assert reading.table("SELECT key FROM cases WHERE key = $key", {"key": "cases/C0"}).num_rows == 1
