"""An engine on a thread of the test, and what it has published."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

from dashboard.archive.reader import Archive
from dashboard.district import District
from dashboard.duty.roster_book import RosterBook
from dashboard.engine import Engine
from dashboard.journal import Journal
from dashboard.picture import decode_change
from dashboard.settings import Settings
from dashboard.situation import Change


class Running:
    """An engine on a thread, with a journal of its own as every process has."""

    def __init__(self, url: str, district: District, archive: Archive | None = None) -> None:
        self.stop = threading.Event()
        settings = Settings(data_dir=Path("unused"))
        engine = Engine(district, Journal(url), settings, clock=time.time, book=RosterBook(url), archive=archive)
        self._thread = threading.Thread(target=engine.run, args=(self.stop,), daemon=True)
        self._thread.start()

    def end(self) -> None:
        self.stop.set()
        self._thread.join(10)
        assert not self._thread.is_alive()


def wait_for(condition: Callable[[], object], why: str) -> None:
    give_up_at = time.monotonic() + 15
    while not condition():
        assert time.monotonic() < give_up_at, why
        time.sleep(0.02)


def published(journal: Journal) -> list[tuple[int, int, Change]]:
    return [(delta.epoch, delta.seq, decode_change(delta.change)) for delta in journal.deltas(b"0-0", 1, 10_000)]
