import csv
import hashlib
import io
import json
from datetime import date
from pathlib import Path

import pytest

from dashboard.audit.ledger import Ledger
from dashboard.audit.seal import files, seal_days
from dashboard.audit.trail import Query, Trail, Watermark, export
from dashboard.journal import Journal
from dashboard.state_server import StateServer
from tests.dashboard.audit.trails import KEY, ZONE, fill, moment_of

MARK = Watermark(by="shen", at=moment_of(20), why="月度检查")


@pytest.fixture
def ledger(journal: Journal, state_server: StateServer) -> Ledger:
    return Ledger(state_server.url)


@pytest.fixture
def trail(ledger: Ledger, tmp_path: Path) -> Trail:
    """Rows 1-6 are sealed, 7-9 are of today."""
    fill(ledger, 18, 19, 20)
    seal_days(ledger, tmp_path, lambda: KEY, ZONE, moment_of(20).timestamp())
    return Trail(ledger, tmp_path)


def test_files_and_stream_are_one_list(trail: Trail) -> None:
    assert [row.seq for row in trail.newest(Query())] == [9, 8, 7, 6, 5, 4, 3, 2, 1]
    assert [row.seq for row in trail.between(Query())] == [1, 2, 3, 4, 5, 6, 7, 8, 9]


def test_pages_go_on_where_the_last_one_ended(trail: Trail) -> None:
    assert [row.seq for row in trail.newest(Query(), limit=4)] == [9, 8, 7, 6]
    assert [row.seq for row in trail.newest(Query(), before=6, limit=4)] == [5, 4, 3, 2]
    assert [row.seq for row in trail.newest(Query(), before=9, limit=3)] == [8, 7, 6]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (Query(actor="officer1"), [8, 5, 2]),
        (Query(actor="officer"), []),
        (Query(subject="19-2"), [6]),
        (Query(text="19-"), [6, 5, 4]),
        (Query(text="OFFICER2"), [9, 6, 3]),
        (Query(kind="sign"), []),
        (Query(centre="C1"), []),
        (Query(since=moment_of(19, 0)), [9, 8, 7, 6, 5, 4]),
        (Query(until=moment_of(19, 0)), [3, 2, 1]),
        (Query(since=moment_of(19, 0), until=moment_of(20, 0), actor="officer0"), [4]),
        (Query(since=moment_of(25)), []),
    ],
)
def test_rows_are_searched(trail: Trail, query: Query, found: list[int]) -> None:
    assert [row.seq for row in trail.newest(query)] == found
    assert [row.seq for row in trail.between(query)] == found[::-1]


def test_a_kind_is_wanted_by_its_beginning(ledger: Ledger, tmp_path: Path) -> None:
    for kind in ("order.close", "order.claim", "ordering"):
        ledger.note(kind, "li")
    trail = Trail(ledger, tmp_path)
    assert [row.kind for row in trail.between(Query(kind="order"))] == ["order.close", "order.claim"]
    assert [row.kind for row in trail.between(Query(kind="order.close"))] == ["order.close"]


def test_a_file_that_cannot_be_read_hides_only_itself(trail: Trail, tmp_path: Path) -> None:
    files(tmp_path)[0].write_bytes(b"no gzip")
    assert [row.seq for row in trail.between(Query())] == [4, 5, 6, 7, 8, 9]


def test_days_that_cannot_hold_what_is_wanted_are_not_read() -> None:
    assert Query(since=moment_of(19)).may_be_in(date(2026, 11, 18))
    assert not Query(since=moment_of(19)).may_be_in(date(2026, 11, 10))
    assert not Query(until=moment_of(19)).may_be_in(date(2026, 11, 30))


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_an_export_says_who_took_it_and_can_be_checked(trail: Trail, form: str) -> None:
    *lines, last = export(trail.between(Query()), MARK, form)
    assert "shen" in lines[0]
    assert "月度检查" in lines[0]
    assert len(lines) == 9 + (2 if form == "csv" else 1)
    assert hashlib.sha256("".join(lines).encode()).hexdigest() in last
    assert "9" in last


def test_rows_come_back_from_an_export(trail: Trail) -> None:
    _, *rows, _ = export(trail.between(Query()), MARK, "jsonl")
    assert [json.loads(row)["seq"] for row in rows] == list(range(1, 10))


def test_no_cell_of_a_table_is_a_formula(ledger: Ledger, tmp_path: Path) -> None:
    ledger.note("sign_in", "=1+1", subject="@SUM(A1)", detail="-1")
    text = "".join(export(Trail(ledger, tmp_path).between(Query()), MARK, "csv"))
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert "'=1+1" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "@", "-"))]
