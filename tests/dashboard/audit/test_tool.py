from pathlib import Path

import pytest

import app
from dashboard import command_line
from dashboard.audit.ledger import Ledger
from dashboard.audit.seal import seal_days
from dashboard.audit.tool import Tool
from dashboard.journal import Journal
from dashboard.state_server import StateServer
from tests.dashboard.audit.trails import KEY, ZONE, fill, moment_of


@pytest.fixture
def ledger(journal: Journal, state_server: StateServer) -> Ledger:
    return Ledger(state_server.url, clock=lambda: moment_of(20, 12).timestamp())


def run(ledger: Ledger, folder: Path, *words: str) -> int:
    parsed = command_line.parser(app.RUNS).parse_args(["audit", *words])
    return Tool(ledger, folder, lambda: KEY, ZONE, 365, moment_of(20, 12).timestamp()).run(parsed)


def test_a_whole_trail_is_said_to_be_whole(ledger: Ledger, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fill(ledger, 19, 20)
    seal_days(ledger, tmp_path, lambda: KEY, ZONE, moment_of(20).timestamp())
    assert run(ledger, tmp_path, "verify") == 0
    assert "whole: 6 rows, 1 sealed days, up to row 6" in capsys.readouterr().out


def test_the_first_bad_row_is_named_and_the_exit_code_says_so(
    ledger: Ledger, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(ledger, 20)
    ledger.trim(1)
    assert run(ledger, tmp_path, "verify") == 1
    assert "First bad row: 1, in the stream of today" in capsys.readouterr().out


def test_a_search_shows_rows_in_local_time_and_is_itself_in_the_trail(
    ledger: Ledger, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(ledger, 18, 20)
    assert run(ledger, tmp_path, "search", "--actor", "officer1", "--from", "2026-11-19", "--to", "2026-11-20") == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert "2026-11-20 09:01:00  sign_in  officer1" in line
    (seen,) = ledger.latest(limit=1)
    assert (seen.kind, seen.subject) == ("sight", "audit")
    assert "actor officer1" in seen.detail


def test_the_newest_rows_are_shown_last(ledger: Ledger, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fill(ledger, 20)
    ledger.note("order.note", "li", detail="长" * 500)
    assert run(ledger, tmp_path, "show", "--limit", "3") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["3", "4", "5"]
    assert lines[1].endswith("…")


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_an_export_is_written_once_and_noted(ledger: Ledger, tmp_path: Path, form: str) -> None:
    fill(ledger, 20)
    path = tmp_path / f"rows.{form}"
    assert run(ledger, tmp_path / "audit", "export", str(path), "--why", "月度检查") == 0
    assert "月度检查" in path.read_text(encoding="utf-8")
    (noted,) = ledger.latest(limit=1)
    assert noted.kind == "export"
    assert "月度检查" in noted.detail
    with pytest.raises(FileExistsError):
        run(ledger, tmp_path / "audit", "export", str(path), "--why", "again")


def test_an_export_into_something_else_is_refused(ledger: Ledger, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"\.csv or \.jsonl"):
        run(ledger, tmp_path, "export", str(tmp_path / "rows.xlsx"), "--why", "x")
    assert ledger.rows() == []
