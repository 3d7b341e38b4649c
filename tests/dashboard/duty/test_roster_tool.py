import getpass
import os
from pathlib import Path

import pytest

import app
from dashboard import command_line
from dashboard.audit.ledger import Ledger
from dashboard.duty.roster_book import RosterBook
from dashboard.duty.roster_tool import Tool
from dashboard.journal import Journal
from dashboard.state_server import StateServer
from dashboard.store import JournalUnavailable
from tests.builders import NOON, at
from tests.feeds.small_district import small_district

HEADER = "单位,日期,开始,结束,带班领导,值班长,值班员\n"
TODAY = "A,2026-11-20,08:30,20:30,甲,乙,张三、李四\nB,2026-11-20,08:30,20:30,戊,己,\n"
NEXT = "A,2026-11-20,20:30,08:30,丙,{},\n"


@pytest.fixture
def url(journal: Journal, state_server: StateServer) -> str:
    """A state server with nothing in it."""
    return state_server.url


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """A roster whose last row lacks its chief."""
    path = tmp_path / "plan.csv"
    path.write_text(HEADER + TODAY + NEXT.format(""), encoding="utf-8")
    return path


def run(url: str, *words: str, after_s: float = 0.0) -> int:
    parsed = command_line.parser(app.RUNS).parse_args(["roster", *words])
    now = at(after_s).timestamp()
    return Tool(small_district, lambda: RosterBook(url), lambda: Ledger(url), now).run(parsed)


def never() -> RosterBook:
    raise AssertionError("the state server was asked")


def test_a_file_with_a_mistake_changes_nothing_and_needs_no_state_server(
    plan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert Tool(small_district, never, never, NOON.timestamp()).take(plan, is_partial=False) == 1
    said = capsys.readouterr().err
    assert "plan.csv, row 4, 值班长: is empty" in said
    assert "nothing was imported" in said


def test_what_is_right_is_taken_where_that_is_wanted_and_goes_on_record(
    url: str, plan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(url, "import", str(plan), "--partial") == 0
    assert capsys.readouterr().out == "2 shifts of 2 centres imported\n"
    _, edition = RosterBook(url).read()
    assert [shift.leader for shift in edition.shifts] == ["甲", "戊"]
    assert (edition.at, edition.what) == (NOON, "plan.csv")
    (row,) = Ledger(url).rows()
    assert (row.kind, row.subject, row.detail) == ("cli", "roster import", "plan.csv: 2 shifts")
    assert row.actor == edition.by == f"console:{getpass.getuser()}"


def test_the_shifts_that_are_not_over_are_shown_in_local_time(
    url: str, plan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(url, "import", str(plan), "--partial")
    capsys.readouterr()
    assert run(url, "show") == 0
    assert capsys.readouterr().out.splitlines() == [
        "A            2026-11-20 08:30 - 2026-11-20 20:30  甲, 乙; 张三, 李四",
        "B            2026-11-20 08:30 - 2026-11-20 20:30  戊, 己",
    ]
    run(url, "show", "B")
    assert "甲" not in capsys.readouterr().out
    run(url, "show", after_s=9 * 3600.0)
    assert capsys.readouterr().out == ""


def test_gaps_are_told_by_the_exit_code_too(url: str, plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(url, "gaps") == 0
    run(url, "import", str(plan), "--partial")
    capsys.readouterr()
    assert run(url, "gaps") == 1
    assert "A            2026-11-20 20:30 - 2026-12-04 12:00  甲街道" in capsys.readouterr().out.splitlines()


def test_the_rosters_come_back_as_they_were(url: str, plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(url, "import", str(plan), "--partial")
    plan.write_text(HEADER + NEXT.format("丁"), encoding="utf-8")
    run(url, "import", str(plan))
    capsys.readouterr()
    assert run(url, "undo") == 0
    assert capsys.readouterr().out == "2 shifts are in the rosters now\n"
    assert [row.subject for row in Ledger(url).rows()] == ["roster import", "roster import", "roster undo"]


def test_what_cannot_be_written_into_the_trail_is_not_done(url: str, plan: Path) -> None:
    def full() -> Ledger:
        raise JournalUnavailable("full")

    tool = Tool(small_district, lambda: RosterBook(url), full, NOON.timestamp())
    run(url, "import", str(plan), "--partial")
    for act in (lambda: tool.take(plan, is_partial=True), tool.undo):
        with pytest.raises(JournalUnavailable, match="full"):
            act()
    assert RosterBook(url).version() == 1


def test_who_has_no_name_on_the_machine_goes_by_number(monkeypatch: pytest.MonkeyPatch, url: str, plan: Path) -> None:
    def nameless() -> str:
        raise KeyError("getpwuid(): uid not found")

    monkeypatch.setattr(getpass, "getuser", nameless)
    run(url, "import", str(plan), "--partial")
    assert RosterBook(url).read()[1].by == f"console:{os.getuid()}"
