"""A stretch of history that engines really lived, with the digest of each second as they lived it."""

import contextlib
import random
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from dashboard.archive import districts
from dashboard.archive.checkpoints import Checkpoints
from dashboard.archive.mover import Keep, Mover
from dashboard.archive.reader import Archive
from dashboard.archive.store import LocalStore
from dashboard.district import District, load
from dashboard.duty.roster_book import RosterBook
from dashboard.engine import Engine
from dashboard.history.digest import digest
from dashboard.history.source import Source
from dashboard.journal import Journal
from dashboard.records import Level, Stage, Verb, moment
from dashboard.settings import Settings
from dashboard.situation import Signs, Situation
from dashboard.wire import FixBatch, pack_fixes
from tests.builders import HERE, alert, case, incident, order, step

FAST_KEEP = Keep(1e9, 1e9, 1e9)


class _Killed(BaseException):
    """What no handler of an engine catches."""


def _run(engine: Engine, stop: threading.Event) -> None:
    with contextlib.suppress(_Killed):
        engine.run(stop)


class Lived:
    """Engines one after the other over a real state server, an archive, and what each second was."""

    def __init__(self, url: str, district: District, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.url, self.district = url, district
        self.store = LocalStore(folder)
        self.checkpoints = Checkpoints(self.store, district.timezone, 2.0)
        self.journal = Journal(url)
        self.digests: dict[float, str] = {}
        self.packed: bytes | None = None  # the district's files, if they are to be kept
        self.mover = self._new_mover()
        self._stop = threading.Event()
        self._is_killed = threading.Event()
        self._thread: threading.Thread | None = None
        self._dice = random.Random(7)
        self._count = 0
        self._watch(monkeypatch)

    def source(self, with_streams: bool = True) -> Source:
        journal = Journal(self.url) if with_streams else None
        return Source(Archive(self.store, journal, self.district), self.checkpoints, journal, self.district)

    def _new_mover(self) -> Mover:
        return Mover(Journal(self.url), self.store, self.district, 1e9, FAST_KEEP, self.checkpoints, files=self.packed)

    def use(self, folder: Path) -> None:
        """The engines from now on read the district's files in this folder."""
        self.district = load(folder)
        self.packed = districts.pack(folder, self.district.version)

    def start(self, tick_s: float) -> None:
        """Another engine in a process of its own: it archives what there is, with its first picture, at once."""
        self._stop, self.mover = threading.Event(), self._new_mover()
        settings = Settings(data_dir=Path("unused"))
        engine = Engine(
            self.district, Journal(self.url), settings, book=RosterBook(self.url), mover=self.mover, tick_s=tick_s
        )
        self._thread = threading.Thread(target=_run, args=(engine, self._stop), daemon=True, name="lived")
        self._thread.start()

    def end(self) -> None:
        self._stop.set()
        if self._thread:
            self._thread.join(10)
        self.mover.wait(10)

    def kill(self) -> None:
        """The engine is gone in the middle of a second: it saves nothing, and its lease runs out by itself."""
        self._is_killed.set()
        assert self._thread
        self._thread.join(10)
        self._is_killed.clear()

    def live(self, seconds: float) -> None:
        """Let things happen for so long."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._happen()
            time.sleep(0.01)

    def _happen(self) -> None:
        now, self._count = time.time(), self._count + 1
        number = self._count
        after = now - moment(0).timestamp()
        dice = self._dice.random()
        at = {"reported_at": moment(after)}
        if dice < 0.4:
            self._move(now)
        elif dice < 0.6:
            self.journal.append([case(number, **at)])
        elif dice < 0.75 and number > 5:
            self.journal.append([step(number - 3, 0, Stage.FILED, at=moment(now), id=f"s{number}")])
        elif dice < 0.85:
            self.journal.append([incident(number, level=self._dice.choice(list(Level)), **at)])
        elif dice < 0.95:
            self.journal.append([alert(number, at=moment(now))])
        else:
            self.journal.append([order(Verb.ACKNOWLEDGE, f"cad/I{number - 2}", 0, at=moment(now), id=f"o{number}")])

    def _move(self, now: float) -> None:
        names = ["VO000", "VO001", "AU000", "PO000", "PO001"]
        count = len(names)
        index = self.district.roster.index
        spread = np.array([self._dice.gauss(0, 0.0004) for _ in range(2 * count)]).reshape(2, count)
        batch = FixBatch(
            np.array([index[name] for name in names], np.int64),
            np.full(count, now),
            HERE[0] + spread[0],
            HERE[1] + spread[1],
            np.full(count, 1.4),
            np.full(count, np.nan),
            np.full(count, 5.0),
        )
        self.journal.append_fixes("gps", pack_fixes(batch, self.district.roster.checksum), count)

    def _watch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        lived: Callable[[Situation, float, Signs], object] = Situation.pass_time

        def watched(situation: Situation, now: float, signs: Signs) -> object:
            if threading.current_thread().name == "lived" and self._is_killed.is_set():
                raise _Killed
            change = lived(situation, now, signs)
            if threading.current_thread().name == "lived":
                self.digests.setdefault(now, digest(situation))  # a successor re-lives what was shown
            return change

        monkeypatch.setattr(Situation, "pass_time", watched)
