import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from dashboard.district import District
from dashboard.engine import Engine, decode_change, decode_picture
from dashboard.follower import Follower
from dashboard.journal import Journal
from dashboard.records import Stage
from dashboard.settings import Settings
from dashboard.situation import Change
from dashboard.state_server import StateServer
from dashboard.wire import pack_fixes
from tests.builders import HERE, NOON, case, fixes, incident, step
from tests.feeds.small_district import small_district

T0 = NOON.timestamp()


class Running:
    """An engine on a thread, with a journal of its own as every process has."""

    def __init__(self, url: str, district: District) -> None:
        self.stop = threading.Event()
        engine = Engine(district, Journal(url), Settings(data_dir=Path("unused")), clock=time.time)
        self._thread = threading.Thread(target=engine.run, args=(self.stop,), daemon=True)
        self._thread.start()

    def end(self) -> None:
        self.stop.set()
        self._thread.join(10)
        assert not self._thread.is_alive()


@pytest.fixture
def district() -> District:
    return small_district()


@pytest.fixture
def engine(journal: Journal, state_server: StateServer, district: District) -> Iterator[Running]:
    running = Running(state_server.url, district)
    wait_for(lambda: published(journal), "it does not lead")
    yield running
    running.end()


def wait_for(condition: Callable[[], object], why: str) -> None:
    give_up_at = time.monotonic() + 15
    while not condition():
        assert time.monotonic() < give_up_at, why
        time.sleep(0.02)


def published(journal: Journal) -> list[tuple[int, int, Change]]:
    return [(delta.epoch, delta.seq, decode_change(delta.change)) for delta in journal.deltas(b"0-0", 1, 10_000)]


def picture(journal: Journal) -> Change:
    saved = journal.picture()
    assert saved
    return decode_picture(saved).everything


def test_records_become_changes_numbered_without_a_gap(engine: Running, journal: Journal) -> None:
    journal.append([case(1), incident(1)])
    journal.append([step(1, 5, Stage.FILED)])
    wait_for(
        lambda: any(row.stage is Stage.FILED for *_, change in published(journal) for row in change.cases),
        "the step was not published",
    )
    numbers = [(epoch, seq) for epoch, seq, _ in published(journal)]
    assert numbers == [(1, seq) for seq in range(1, len(numbers) + 1)]
    assert any(state.key == "cad/I1" for *_, change in published(journal) for state in change.incidents)


def test_the_heart_beats_when_nothing_happens(engine: Running, journal: Journal) -> None:
    wait_for(lambda: len(published(journal)) >= 2, "no sign of life")


def test_positions_come_out_as_frames(engine: Running, journal: Journal, district: District) -> None:
    packed = pack_fixes(fixes(district, {"VO000": HERE}, 0), district.roster.checksum)
    journal.append_fixes("gps", packed, 1)
    wait_for(lambda: any(change.units for *_, change in published(journal)), "no frame")


def test_an_engine_that_takes_over_continues_under_a_new_epoch(
    journal: Journal, state_server: StateServer, district: District
) -> None:
    first = Running(state_server.url, district)
    wait_for(lambda: published(journal), "it does not lead")
    journal.append([case(1)])
    wait_for(lambda: any(change.cases for *_, change in published(journal)), "no change")
    first.end()
    journal.append([case(2)])
    second = Running(state_server.url, district)
    wait_for(lambda: journal.picture() and len(picture(journal).cases) == 2, "the successor lost or missed a case")
    second.end()
    assert {epoch for epoch, *_ in published(journal)} <= {1, 2}
    assert decode_picture(journal.picture() or b"").epoch == 2


def test_a_second_engine_waits_until_the_first_is_gone(
    journal: Journal, state_server: StateServer, district: District
) -> None:
    first, second = Running(state_server.url, district), None
    try:
        wait_for(lambda: published(journal), "nobody leads")
        second = Running(state_server.url, district)
        journal.append([case(1)])
        wait_for(lambda: any(change.cases for *_, change in published(journal)), "no change")
        assert {epoch for epoch, *_ in published(journal)} == {1}
        first.end()
        wait_for(lambda: {epoch for epoch, *_ in published(journal)} == {1, 2}, "the second did not take over")
    finally:
        first.end()
        if second:
            second.end()


def test_entries_that_cannot_be_folded_are_passed_over(engine: Running, journal: Journal, district: District) -> None:
    journal.append_fixes("gps", b"not a batch", 1)
    journal.append_fixes("gps", pack_fixes(fixes(district, {"VO000": HERE}, 0), 12345), 1)
    journal.append([case(1)])
    wait_for(lambda: any(change.cases for *_, change in published(journal)), "the stream stopped")


def test_a_picture_of_another_version_is_not_used(
    journal: Journal, state_server: StateServer, district: District
) -> None:
    journal.append([case(1)])
    journal.save_picture(b"\x93nonsense")
    running = Running(state_server.url, district)
    wait_for(lambda: journal.picture() != b"\x93nonsense", "no picture")
    running.end()
    assert [row.key for row in picture(journal).cases] == ["cases/C1"]


def follow(journal: Journal, district: District) -> tuple[Follower, threading.Event, threading.Thread, list[str]]:
    follower, stop, told = Follower(district, journal), threading.Event(), list[str]()
    thread = threading.Thread(
        target=follower.follow,
        args=(stop, lambda: told.append("start"), lambda change: told.append("change"), lambda: None),
    )
    thread.start()
    return follower, stop, thread, told


def test_a_copy_follows_and_equals_the_engine_across_a_succession(
    journal: Journal, state_server: StateServer, district: District
) -> None:
    first = Running(state_server.url, district)
    follower, stop, thread, told = follow(Journal(state_server.url), district)
    try:
        journal.append([case(1), incident(1)])
        wait_for(lambda: follower.situation.backlog.get("cases/C1"), "the copy did not follow")
        first.end()
        journal.append([case(2)])
        second = Running(state_server.url, district)
        wait_for(lambda: follower.situation.backlog.get("cases/C2"), "the copy did not follow the successor")
        journal.append([case(3)])
        wait_for(lambda: follower.situation.backlog.get("cases/C3"), "the copy did not go on")
        second.end()
        assert follower.epoch == 2
        assert told.count("start") == 2
        assert sorted(row.key for row in follower.situation.backlog.all()) == [f"cases/C{n}" for n in (1, 2, 3)]
    finally:
        first.end()
        stop.set()
        thread.join(5)


def test_a_gap_is_counted_and_healed_by_the_picture(
    engine: Running, journal: Journal, state_server: StateServer, district: District
) -> None:
    wait_for(lambda: journal.picture(), "no picture")
    follower, stop, thread, _ = follow(Journal(state_server.url), district)
    try:
        wait_for(lambda: follower.heard_at, "the copy did not follow")
        epoch, seq, _ = published(journal)[-1]
        journal.publish(epoch, seq + 50, msgspec.msgpack.encode(Change()))
        wait_for(lambda: follower.gaps, "the gap was not noticed")
        engine.end()  # its last picture holds everything
        wait_for(lambda: follower.is_loaded, "the gap was not healed")
    finally:
        stop.set()
        thread.join(5)
