"""History under kills: what was accepted is in the archive or the streams, each once, whatever dies in between."""

import threading
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dashboard import district
from dashboard.archive.reader import Archive
from dashboard.archive.store import LocalStore
from dashboard.journal import Journal
from dashboard.settings import Settings
from dashboard.state_server import StateServer
from tests.running import Running

pytestmark = pytest.mark.fault

_KILLS = 4


class Sender:
    """Sends cases and positions over HTTP until told to stop, and remembers what was accepted."""

    def __init__(self, running: Running) -> None:
        self.accepted: list[str] = []
        self._running = running
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def end(self) -> None:
        self._stop.set()
        self._thread.join(30)

    def _run(self) -> None:
        number = 0
        while not self._stop.is_set():
            now = datetime.now(UTC).isoformat()
            batch = [{"id": f"K{number + place}", "reported_at": now, "title": "kill"} for place in range(20)]
            number += len(batch)
            try:
                status, body = self._running.post("cases", batch)
            except OSError:
                continue
            if status == 200:
                assert body["refused"] == 0, body
                self.accepted += [each["id"] for each in batch]
            time.sleep(0.01)


def test_what_was_accepted_is_in_history_once_however_often_the_engine_dies(tmp_path: Path) -> None:
    with Running(tmp_path / "data", archive_every_s="1", checkpoint_s="5", demonstration="false") as running:
        sender = Sender(running)
        try:
            for _ in range(_KILLS):
                time.sleep(2.3)
                running.kill("engine")
                running.wait_for(running.is_ready, "the engine did not come back", 20)
        finally:
            sender.end()
        assert len(sender.accepted) > 500
        store = LocalStore(tmp_path / "data" / "archive")
        running.wait_for(lambda: store.names("parts/records"), "nothing was archived", 20)
        journal = Journal(StateServer(tmp_path / "data", 1).url)
        ours = district.load(Settings().district_folder())

        def cases() -> int:
            with Archive(store, journal, ours).open() as reading:
                return int(reading.rows("SELECT count(*) FROM cases WHERE title = 'kill'")[0][0])

        running.wait_for(lambda: cases() >= len(set(sender.accepted)), "the fold is not complete", 30)
        with Archive(store, journal, ours).open() as reading:
            rows = reading.rows("SELECT key FROM records WHERE kind = 'case' AND source = 'test'")
            archived = reading.rows("SELECT key FROM cases WHERE title = 'kill'")
        counts = Counter(key for (key,) in rows)
        assert set(counts) == {f"test/{id_}" for id_ in sender.accepted}
        assert max(counts.values()) == 1
        assert len(archived) == len(counts)
