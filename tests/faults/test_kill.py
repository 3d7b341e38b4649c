"""Promises that are kept when processes die: nothing accepted is lost, nothing counts twice, all comes back."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from dashboard.district import load
from dashboard.journal import Cursor, Journal
from dashboard.picture import decode_picture
from dashboard.records import Stage
from dashboard.situation import Situation
from dashboard.state_server import StateServer
from tests.running import Running, children

pytestmark = pytest.mark.fault

_BACK_S = 10.0


@pytest.fixture
def wall(tmp_path: Path) -> Iterator[Running]:
    with Running(tmp_path, demonstration="false") as running:
        yield running


class Sender:
    """Sends cases and their moves until stopped; what was not acknowledged is sent again, unchanged."""

    def __init__(self, wall: Running) -> None:
        self.accepted: list[str] = []
        self.steps: list[str] = []
        self._wall = wall
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "Sender":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        number = 0
        while not self._stop.is_set():
            number += 1
            now = datetime.now(UTC).isoformat()
            rows = [{"id": f"{number}-{part}", "reported_at": now, "lat": 22.58, "lon": 113.9} for part in range(4)]
            self._insist("cases", rows, self.accepted)
            moves = [
                {"id": f"s{row['id']}", "case": row["id"], "at": now, "stage": "returned", "reason": "r"}
                for row in rows
            ]
            self._insist("case-steps", moves, self.steps)

    def _insist(self, kind: str, rows: list[dict[str, Any]], kept: list[str]) -> None:
        while not self._stop.is_set():
            try:
                status, answer = self._wall.post(kind, rows)
            except OSError:
                status = 0
            if status == 200:
                assert answer["refused"] == 0, answer
                kept.extend(row["id"] for row in rows)
                return
            assert status in (0, 503), (status, answer)
            self._stop.wait(0.02)


def read_journal(data_dir: Path) -> list[Any]:
    journal = Journal(StateServer(data_dir, 1).url)
    cursor, found = Cursor(), []
    while True:
        entries, cursor = journal.read(cursor, 1)
        if not entries:
            return found
        found += entries


def check_nothing_lost_or_doubled(wall: Running, sender: Sender) -> None:
    """Accepted == journal == folded, each once; and the engine's picture is the fold of the journal."""
    wall.wait_for(wall.is_ready, "it did not come back", _BACK_S)
    entries = read_journal(wall.data_dir)
    ids = [entry.record.id for entry in entries if entry.record is not None]
    assert not {*sender.accepted, *sender.steps} - set(ids), "accepted and lost"
    assert len(ids) == len(set(ids)), "kept twice"
    expected = Situation(load("dashboard/districts/baoan"))
    for entry in entries:
        expected.apply(entry.record, entry.received_at)
    rows = {row.key: row for row in expected.backlog.all()}
    assert len(rows) >= len(sender.accepted) > 50
    assert all(row.returned == 1 for row in rows.values() if f"s{row.key.split('/')[1]}" in set(sender.steps))
    journal = Journal(StateServer(wall.data_dir, 1).url)

    def picture_rows() -> dict[str, Any]:
        saved = journal.picture()
        assert saved
        return {row.key: row for row in decode_picture(saved).everything.cases}

    os.kill(wall.pid("engine"), signal.SIGTERM)  # it saves its picture when it ends
    wall.wait_for(lambda: picture_rows() == rows, "the engine's picture is not the fold of the journal", 15)
    assert {row.stage for row in rows.values()} <= {Stage.RETURNED, Stage.REPORTED}


@pytest.mark.parametrize("name", ["engine", "valkey", "web"])
def test_nothing_is_lost_or_doubled_when_a_process_is_killed_again_and_again(wall: Running, name: str) -> None:
    with Sender(wall) as sender:
        for _ in range(4):
            time.sleep(0.7)
            wall.kill(name)
            wall.wait_for(wall.is_ready, f"{name} did not come back", _BACK_S)
        time.sleep(0.5)
    check_nothing_lost_or_doubled(wall, sender)


def test_feeds_come_back_after_a_kill(wall: Running) -> None:
    before = wall.pid("feeds")
    wall.kill("feeds")

    def is_back() -> bool:
        try:
            return wall.pid("feeds") != before
        except (LookupError, FileNotFoundError):
            return False

    wall.wait_for(is_back, "feeds did not come back", _BACK_S)


def test_intake_refuses_with_503_while_the_state_server_is_away(wall: Running) -> None:
    os.kill(wall.supervisor, signal.SIGSTOP)  # so that nobody starts it again
    try:
        os.kill(wall.pid("valkey"), signal.SIGKILL)
        now = datetime.now(UTC).isoformat()
        wall.wait_for(
            lambda: wall.post("cases", [{"id": "x", "reported_at": now, "lat": 22.58, "lon": 113.9}])[0] == 503,
            "the intake did not say 503",
            5,
        )
        assert wall.get("/healthz")[0] == 200
        assert wall.get("/readyz")[0] == 503
    finally:
        os.kill(wall.supervisor, signal.SIGCONT)
    wall.wait_for(wall.is_ready, "it did not come back", _BACK_S)


def test_a_stop_leaves_nothing_behind(tmp_path: Path) -> None:
    with Running(tmp_path, demonstration="false") as wall:
        family = [*children(wall.supervisor)]
        family += [grandchild for child in family for grandchild in children(child)]
    assert len(family) >= 5
    wall.wait_for(lambda: not [pid for pid in family if Path(f"/proc/{pid}").exists()], "something stays", 3)
