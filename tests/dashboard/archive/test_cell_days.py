import time
from pathlib import Path
from typing import Any

import numpy as np

from dashboard.archive import cell_days, parts
from dashboard.archive.compaction import compact, remove_superseded
from dashboard.archive.reader import Archive
from dashboard.archive.schema import Table
from dashboard.archive.store import LocalStore
from dashboard.district import District
from dashboard.journal import Journal
from dashboard.patrol import Visits, pack_visits
from dashboard.picture import encode_change
from dashboard.situation import Change
from dashboard.state_server import StateServer
from tests.builders import NOON
from tests.dashboard.archive.history import mover

T0 = NOON.timestamp()
DAY_S = 86_400.0
FAR = "9999-12-31"


def tell(journal: Journal, number: int, *visits: tuple[int, float]) -> None:
    """Visits (cell, at) as an engine tells them."""
    cells, times = np.array([cell for cell, _ in visits], np.int32), np.array([at for _, at in visits], float)
    packed = pack_visits(Visits(cells, np.full(len(visits), 3, np.uint8), times))
    journal.publish(1, number, encode_change(Change(visits=(packed,))))


def rows(archive: Archive, what: str) -> list[tuple[Any, ...]]:
    with archive.open() as reading:
        return sorted(reading.rows(f"SELECT * FROM {what}"))


def test_a_cell_has_a_row_for_each_local_day_wherever_its_visits_are(
    journal: Journal, state_server: StateServer, small: District, tmp_path: Path
) -> None:
    store = LocalStore(tmp_path)
    archive = Archive(store, journal, small)
    tell(journal, 1, (0, T0), (0, T0 + 600), (1, T0 + 13 * 3600))  # the last one is on the next day
    seen = [rows(archive, "cell_days")]
    mover(state_server, store, small).move()
    seen.append(rows(archive, "cell_days"))
    assert cell_days.sum_up(store, small.timezone.key, FAR)
    seen.append(rows(archive, "cell_days"))
    assert [(day, visits) for day, _, _, _, visits, _, _ in seen[0]] == [("2026-11-20", 2), ("2026-11-21", 1)]
    assert seen[0] == seen[1] == seen[2]


def test_what_was_told_twice_counts_once_wherever_it_stands(
    journal: Journal, state_server: StateServer, small: District, tmp_path: Path
) -> None:
    store = LocalStore(tmp_path)
    archive = Archive(store, journal, small)
    for number in (1, 2, 3):  # within one stretch, and with the next, as by a successor
        tell(journal, number, (0, T0), (1, T0))
        if number != 1:
            mover(state_server, store, small).move()
            assert len(rows(archive, "visits")) == 2
            assert [row[4] for row in rows(archive, "cell_days")] == [1, 1]
    compact(store, small.timezone, small.timezone.key, time.time() + 2 * DAY_S)
    remove_superseded(store, 0)
    assert len(rows(archive, "visits")) == 2
    assert [row[4] for row in rows(archive, "cell_days")] == [1, 1]
    assert {parts.read(store, part).num_rows for part in parts.listed(store, Table.VISITS)} == {2}


def test_a_day_is_summed_up_once_and_when_it_is_over(
    journal: Journal, state_server: StateServer, small: District, tmp_path: Path
) -> None:
    store = LocalStore(tmp_path)
    tell(journal, 1, (0, T0))
    mover(state_server, store, small).move()
    today = parts.local_day(time.time(), small.timezone).isoformat()
    assert cell_days.sum_up(store, small.timezone.key, today) == []
    assert len(cell_days.sum_up(store, small.timezone.key, FAR)) == 1
    assert cell_days.sum_up(store, small.timezone.key, FAR) == []


def test_the_sum_of_a_part_that_was_joined_with_others_counts_no_more(
    journal: Journal, state_server: StateServer, small: District, tmp_path: Path
) -> None:
    store = LocalStore(tmp_path)
    archive = Archive(store, None, small)
    for number in (1, 2):
        tell(journal, number, (0, T0 + 600 * number))
        mover(state_server, store, small).move()
        cell_days.sum_up(store, small.timezone.key, FAR)
        assert [row[4] for row in rows(archive, "cell_days")] == [number]
