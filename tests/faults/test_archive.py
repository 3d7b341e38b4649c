"""History survives death: whatever dies when, each entry is in the archive or in its stream, and counts once."""

import json
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from dashboard.archive import compaction, gaps
from dashboard.archive.mover import Mover
from dashboard.archive.reader import Archive
from dashboard.archive.schema import number
from dashboard.archive.store import LocalStore
from dashboard.district import District, load
from dashboard.journal import DELTAS, FIXES, JOURNAL, Journal
from dashboard.settings import Settings
from dashboard.state_server import StateServer
from dashboard.store import connect
from tests.dashboard.archive.history import happen, mover
from tests.faults.test_kill import Sender
from tests.feeds.small_district import small_district
from tests.running import Running

pytestmark = pytest.mark.fault

_IN_MEMORY = Path("/dev/shm")
_FAR = 4e9  # so late that each hour and each day is over
_HANGS_S = 60
_LOOK_EACH = 6  # deaths; what is lost stays lost, so that a later look finds it as well
_KILLS = 6
_BACK_S = 30.0
_FORGETS_S = 45.0  # a picture each half minute says what may be forgotten
_ZONE = "Asia/Shanghai"

# -- a death at every line of a move, of the trimming behind it, and of the tidying --------------------------------

_MODULES = ("mover", "store", "parts", "compaction", "cases")
_WRITERS = ("mover.py", "store.py")
_TRACED = tuple(str(Path(compaction.__file__).with_name(f"{name}.py")) for name in _MODULES)
Line = tuple[str, int]


class Trace:
    """Counts the lines of a move as they are reached, and dies at one of them."""

    def __init__(self, at: tuple[Line, int] | None = None) -> None:
        """`at`: the line, and at how many-th reaching of it this process dies."""
        self.reached: Counter[Line] = Counter()
        self._at = at

    def __call__(self, frame: FrameType, event: str, _: Any) -> "Trace | None":
        if frame.f_code.co_filename not in _TRACED:
            return None
        if event == "line":
            line = (frame.f_code.co_filename, frame.f_lineno)
            self.reached[line] += 1
            if self._at == (line, self.reached[line]):
                os.kill(os.getpid(), signal.SIGKILL)
        return self


def moving(server: StateServer, store: LocalStore, district: District) -> Mover:
    """A mover that forgets at once and tidies at once."""
    made = mover(server, store, district)

    def tidy(now: float) -> None:
        compaction.compact(store, district.timezone, _ZONE, now)
        compaction.remove_superseded(store, 0)

    made._tidy = tidy
    return made


def move_and_die(server: StateServer, folder: Path, district: District, at: tuple[Line, int]) -> bool:
    """In a process of its own; whether it came so far."""
    child = os.fork()
    if child == 0:
        signal.alarm(_HANGS_S)
        try:
            work = moving(server, LocalStore(folder), district)
            sys.settrace(Trace(at))
            work.run(_FAR)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    assert not os.WIFSIGNALED(status) or os.WTERMSIG(status) == signal.SIGKILL, status
    return os.WIFSIGNALED(status)


@pytest.fixture(scope="module")
def small() -> District:
    return small_district()


@pytest.fixture
def exact(journal: Journal, state_server: StateServer) -> Iterator[Journal]:
    """A journal that forgets to the entry, where trimming is by the hundred otherwise."""
    server = connect(state_server.url)
    before = server.config_get("stream-node-max-entries")
    server.config_set("stream-node-max-entries", 1)
    yield journal
    server.config_set("stream-node-max-entries", before["stream-node-max-entries"])


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """In memory where there is such a place: it is processes that die here, and hundreds of moves wait for the disk."""
    if not _IN_MEMORY.is_dir():
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(prefix="wall-archive-", dir=_IN_MEMORY) as made:
        yield Path(made)


class Truth:
    """What happened, remembered outside of stream and archive."""

    def __init__(self) -> None:
        self.ids: dict[str, set[int]] = {JOURNAL: set(), FIXES: set(), DELTAS: set()}

    def remember(self, journal: Journal) -> None:
        self.ids[DELTAS] |= {number(each.id) for each in journal.told(b"0-0", 99_999)}
        for stream in (JOURNAL, FIXES):
            self.ids[stream] |= {number(each.id) for each in journal.stretch(stream, b"0-0", 99_999)}

    def check(self, store: LocalStore, journal: Journal | None, district: District) -> None:
        with Archive(store, journal, district).open() as reading:
            for table, stream, each in (("records", JOURNAL, 1), ("tracks", FIXES, 2), ("beats", DELTAS, 1)):
                found = Counter(row[0] for row in reading.rows(f"SELECT id FROM {table}"))
                assert found == dict.fromkeys(self.ids[stream], each), table
            cases = reading.rows("SELECT key FROM cases ORDER BY key")
            known = reading.rows("SELECT key FROM records WHERE kind = 'case' ORDER BY key")
            assert cases == known


def instants(server: StateServer, folder: Path, district: District) -> list[tuple[Line, int]]:
    """Each line that a move reaches: at its first time, and those that write and remove at their last one too."""
    work, trace = moving(server, LocalStore(folder), district), Trace()
    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work.run(_FAR)
    finally:
        sys.settrace(before)
    again = {(line, times) for line, times in trace.reached.items() if Path(line[0]).name in _WRITERS}
    return sorted({(line, 1) for line in trace.reached} | again)


def test_death_at_any_line_of_a_move_loses_and_doubles_nothing(
    exact: Journal, state_server: StateServer, small: District, folder: Path
) -> None:
    happen(exact, small, 0, 2)
    moving(state_server, LocalStore(folder / "first"), small).move()  # so that there are parts to tidy
    happen(exact, small, 2, 4)
    every = instants(state_server, folder / "first", small)
    connect(state_server.url).flushall()
    truth, archive, died = Truth(), folder / "archive", 0
    for place, at in enumerate(every):
        happen(exact, small, 10 + place, 11 + place)
        truth.remember(exact)
        died += move_and_die(state_server, archive, small, at)
        if place % _LOOK_EACH == 0:
            truth.check(LocalStore(archive), exact, small)
    assert died > 200
    moving(state_server, LocalStore(archive), small).run(_FAR)
    truth.check(LocalStore(archive), None, small)
    assert len(exact.stretch(JOURNAL, b"0-0", 99)) <= 1  # all else is in the archive alone
    assert not gaps.listed(LocalStore(archive))


# -- the whole product, its engine killed at random under load -----------------------------------------------------


@pytest.fixture
def wall(tmp_path: Path) -> Iterator[Running]:
    """A product that archives each second and forgets at once what is archived."""
    hasty = {"archive_every_s": "1", "checkpoint_s": "5", "journal_keep_days": "0.00001"}
    with Running(tmp_path, demonstration="false", **hasty) as running:
        yield running


class Walking:
    """Sends where two units are, again and again; remembers what was accepted."""

    def __init__(self, wall: Running, units: list[str]) -> None:
        self.accepted: list[tuple[int, int]] = []  # unit's place in the roster, epoch ms
        self.unanswered: list[tuple[int, int]] = []  # these may be there or not
        self._wall = wall
        self._units = units
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "Walking":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(0.02):
            at_ms = int(time.time() * 1000)
            at = datetime.fromtimestamp(at_ms / 1000, UTC).isoformat()
            rows = [{"unit": unit, "at": at, "lat": 22.58, "lon": 113.9} for unit in self._units]
            sent = [(place, at_ms) for place in range(len(rows))]
            try:
                status, _ = self._wall.post("fixes", rows)
            except OSError:
                status = 0
            if status == 200:
                self.accepted += sent
            else:
                self.unanswered += sent


def test_what_was_accepted_is_in_archive_or_stream_once_however_often_the_engine_dies(wall: Running) -> None:
    district = load(Settings().district_folder())
    journal = Journal(StateServer(wall.data_dir, 1).url)
    archive = Archive(LocalStore(wall.data_dir / "archive"), journal, district)
    dice = random.Random(135)
    with Sender(wall) as sender, Walking(wall, district.roster.call_signs[:2]) as walking:
        for _ in range(_KILLS):
            time.sleep(dice.uniform(0.3, 2.5))
            epoch = epoch_of(wall)
            wall.kill("engine")
            accepted = {*sender.accepted, *sender.steps}
            check_each_once(archive, accepted)  # nobody leads, and history is whole
            wall.wait_for(lambda epoch=epoch: epoch_of(wall) > epoch, "no engine came back", _BACK_S)
    check_each_once(archive, {*sender.accepted, *sender.steps})
    with archive.open() as reading:
        tracks = Counter(reading.rows("SELECT unit, at_ms FROM tracks"))
        assert set(walking.accepted) <= set(tracks) <= {*walking.accepted, *walking.unanswered}
        assert max(tracks.values()) == 1 and len(tracks) > 100
        beats = reading.rows("SELECT count(*), count(DISTINCT (epoch, seq)) FROM beats")
        assert beats[0][0] == beats[0][1] > 100
    known = {f"test/{id_}" for id_ in sender.accepted}
    wall.wait_for(lambda: cases_of(archive) >= known, "the engine does not tell of each case", _BACK_S)
    everything = len(sender.accepted) + len(sender.steps)
    wall.wait_for(lambda: journal.usage()["journal_entries"] < everything / 2, "nothing is forgotten", _FORGETS_S)
    check_each_once(archive, {*sender.accepted, *sender.steps})
    assert not gaps.listed(archive.store)


def cases_of(archive: Archive) -> set[str]:
    """Those that the engine has told of."""
    with archive.open() as reading:
        return {key for (key,) in reading.rows("SELECT key FROM cases")}


def epoch_of(wall: Running) -> int:
    """Of the engine that leads, or led last."""
    return int(connect(StateServer(wall.data_dir, 1).url).get("wall:epoch"))


def check_each_once(archive: Archive, accepted: set[str]) -> None:
    """What was accepted is there, and nothing twice."""
    with archive.open() as reading:
        rows = reading.rows("SELECT body FROM records")
    found = Counter(json.loads(body)["id"] for (body,) in rows)
    assert not accepted - set(found), "accepted and lost"
    assert not found or max(found.values()) == 1, "kept twice"
