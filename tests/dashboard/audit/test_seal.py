import gzip
import os
import signal
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from msgspec.structs import replace

from dashboard.audit import chain, seal
from dashboard.audit.chain import Head, Row
from dashboard.audit.ledger import Ledger
from dashboard.audit.seal import Sealer, SealError, due, files, read, seal_days, sweep
from dashboard.journal import Journal
from dashboard.state_server import StateServer
from tests.dashboard.audit.trails import KEY, ZONE, fill, moment_of


@pytest.fixture
def ledger(journal: Journal, state_server: StateServer) -> Ledger:
    return Ledger(state_server.url)


def run(ledger: Ledger, folder: Path, day: int) -> list[date]:
    return seal_days(ledger, folder, lambda: KEY, ZONE, moment_of(day).timestamp())


def kept(ledger: Ledger, folder: Path) -> list[int]:
    """The numbers of all rows, files first."""
    sealed = [row.seq for path in files(folder) for row in read(path).rows]
    return sealed + [row.seq for row in ledger.rows()]


def test_each_day_that_is_over_has_a_signed_file_of_its_own(ledger: Ledger, tmp_path: Path) -> None:
    fill(ledger, 18, 19, 20)
    assert run(ledger, tmp_path, 20) == [date(2026, 11, 18), date(2026, 11, 19)]
    first, second = (read(path) for path in files(tmp_path))
    assert [row.subject for row in first.rows] == ["18-0", "18-1", "18-2"]
    assert (second.seal.previous, second.seal.first_seq, second.seal.last_seq) == ("2026-11-18", 4, 6)
    assert second.seal.before == first.seal.last_hash
    assert seal.is_signed(first.seal, KEY)
    assert not seal.is_signed(first.seal, b"another key")
    assert not seal.is_signed(replace(first.seal, count=2), KEY)
    assert [row.seq for row in ledger.rows()] == [7, 8, 9]


def test_today_is_not_sealed_and_a_second_run_changes_nothing(ledger: Ledger, tmp_path: Path) -> None:
    fill(ledger, 18, 19)
    assert run(ledger, tmp_path, 19) == [date(2026, 11, 18)]
    before = [path.read_bytes() for path in files(tmp_path)]
    assert run(ledger, tmp_path, 19) == []
    assert [path.read_bytes() for path in files(tmp_path)] == before
    assert kept(ledger, tmp_path) == [1, 2, 3, 4, 5, 6]


def test_a_key_is_asked_only_where_there_is_something_to_sign(ledger: Ledger, tmp_path: Path) -> None:
    def no_key() -> bytes:
        raise AssertionError("nobody needs a key yet")

    fill(ledger, 19)
    assert seal_days(ledger, tmp_path / "none", no_key, ZONE, moment_of(19).timestamp()) == []
    assert not (tmp_path / "none").exists()


def rows_on(*days: int) -> list[Row]:
    made, head = [], Head()
    for day in days:
        row, head = chain.append(head, chain.Entry(at=moment_of(day), kind="k", actor="a"))
        made.append(row)
    return made


@pytest.mark.parametrize(
    ("days", "last", "parts"),
    [
        ([18, 18, 19], None, {18: [1, 2], 19: [3]}),
        ([18, 19, 18, 19], None, {18: [1], 19: [2, 3, 4]}),  # late for its day
        ([18, 30, 18, 19], None, {18: [1, 2, 3], 19: [4]}),  # a clock that was ahead
        ([30, 18], None, {18: [1, 2]}),
        ([18, 20, 18], None, {18: [1]}),  # nothing behind the first row of today
        ([18, 19], 18, {19: [1, 2]}),  # late for a day that is sealed
        ([19, 20], 19, {}),  # likewise, and the next day is not over
        ([30], None, {}),
    ],
)
def test_rows_go_to_the_day_they_say_or_with_those_around_them(
    days: list[int], last: int | None, parts: dict[int, list[int]]
) -> None:
    last_day = date(2026, 11, last) if last else None
    found = {
        day.day: [row.seq for row in part] for day, part in due(rows_on(*days), last_day, date(2026, 11, 20), ZONE)
    }
    assert found == parts


def test_of_two_engines_that_seal_at_once_the_first_ones_file_stays(ledger: Ledger, tmp_path: Path) -> None:
    fill(ledger, 18)
    slow_ones = ledger.rows()  # what an engine read that then stood still
    ledger.note("sign_in", "late", at=moment_of(18, 23))
    run(ledger, tmp_path, 19)
    fill(ledger, 19)
    first = read(files(tmp_path)[0])
    seal._write(tmp_path, slow_ones, seal.sign(seal._seal(date(2026, 11, 18), slow_ones, None, 0), KEY))
    assert read(files(tmp_path)[0]) == first
    assert kept(ledger, tmp_path) == [1, 2, 3, 4, 5, 6, 7]


def test_a_file_that_is_cut_off_is_named(ledger: Ledger, tmp_path: Path) -> None:
    fill(ledger, 18)
    run(ledger, tmp_path, 19)
    (path,) = files(tmp_path)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(SealError, match=r"2026-11-18\.jsonl\.gz cannot be read"):
        read(path)


def test_old_files_go_but_never_the_newest(ledger: Ledger, tmp_path: Path) -> None:
    fill(ledger, 1, 2, 3)
    run(ledger, tmp_path, 20)
    gone = sweep(tmp_path, date(2026, 11, 20), 18)
    assert [path.name for path in gone] == ["2026-11-01.jsonl.gz"]
    assert [path.name for path in sweep(tmp_path, date(2027, 11, 20), 18)] == ["2026-11-02.jsonl.gz"]
    assert [path.name for path in files(tmp_path)] == ["2026-11-03.jsonl.gz"]
    fill(ledger, 20)
    assert run(ledger, tmp_path, 21) == [date(2026, 11, 20)]


def test_the_sealer_waits_for_the_day_to_be_over_and_works_once_a_day(ledger: Ledger, tmp_path: Path) -> None:
    sealer = Sealer(ledger, tmp_path, lambda: KEY, ZONE, 365)
    fill(ledger, 18)
    sealer.run(moment_of(18, 23).timestamp())
    assert files(tmp_path) == []
    sealer.run(moment_of(19, 0).timestamp())  # what was begun before midnight may still come
    assert files(tmp_path) == []
    sealer.run(moment_of(19, 1).timestamp())
    assert len(files(tmp_path)) == 1


def test_the_sealer_tries_again_when_it_could_not(tmp_path: Path, journal: Journal, state_server: StateServer) -> None:
    ledger = Ledger(state_server.url)
    fill(ledger, 18)
    (tmp_path / "audit").write_text("a file where the folder should be", encoding="utf-8")
    sealer = Sealer(ledger, tmp_path / "audit", lambda: KEY, ZONE, 365)
    sealer.run(moment_of(19).timestamp())
    (tmp_path / "audit").unlink()
    sealer.run(moment_of(19).timestamp())
    assert len(files(tmp_path / "audit")) == 1


def dies_at_line(number: int, work: Callable[[], Any]) -> bool:
    """Run `work` in a child that is killed at its so-many-th line in seal.py; False if it came to its end before."""
    child = os.fork()
    if child == 0:
        count = 0

        def trace(frame: FrameType, event: str, _: Any) -> Any:
            nonlocal count
            if frame.f_code.co_filename != seal.__file__:
                return None
            if event == "line":
                count += 1
                if count == number:
                    os.kill(os.getpid(), signal.SIGKILL)
            return trace

        try:
            sys.settrace(trace)
            work()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


@pytest.mark.fault
def test_a_death_at_any_line_loses_nothing_and_doubles_nothing(
    journal: Journal, state_server: StateServer, tmp_path: Path
) -> None:
    ledger, number = Ledger(state_server.url), 0
    while True:
        number += 1
        folder = tmp_path / str(number)
        journal._redis.flushall()
        fill(ledger, 18, 19, 20, each=2)
        died = dies_at_line(number, lambda: run(Ledger(state_server.url), folder, 20))  # noqa: B023
        assert set(kept(ledger, folder)) == {1, 2, 3, 4, 5, 6}, f"lost at line {number}"
        run(ledger, folder, 20)
        assert kept(ledger, folder) == [1, 2, 3, 4, 5, 6], f"doubled at line {number}"
        assert set(folder.iterdir()) == set(files(folder)), f"a draft stays at line {number}"
        if not died:
            break
    assert number > 50


def test_a_file_is_plain_lines_with_the_seal_at_the_end(ledger: Ledger, tmp_path: Path) -> None:
    fill(ledger, 18)
    run(ledger, tmp_path, 19)
    (path,) = files(tmp_path)
    lines = gzip.decompress(path.read_bytes()).splitlines()
    assert len(lines) == 4
    assert b'"seal"' in lines[-1]
