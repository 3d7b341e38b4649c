import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from dashboard.archive.mover import Keep, Mover
from dashboard.archive.reader import Archive
from dashboard.archive.store import LocalStore, StoreError
from dashboard.audit.ledger import Ledger
from dashboard.audit.seal import Sealer
from dashboard.district import District
from dashboard.duty import Rosters, Shift
from dashboard.duty.roster_book import RosterBook
from dashboard.engine import Engine
from dashboard.journal import JOURNAL, Journal
from dashboard.picture import decode_picture
from dashboard.records import Stage
from dashboard.settings import Settings
from dashboard.situation import Change
from dashboard.state_server import StateServer
from dashboard.store import connect
from dashboard.wire import pack_fixes
from tests.builders import HERE, NOON, at, case, fixes, incident, step
from tests.dashboard.archive.history import mover as archiving
from tests.dashboard.leading import Running, published, wait_for

T0 = NOON.timestamp()


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


def test_positions_come_out_as_frames(engine: Running, journal: Journal, small: District) -> None:
    packed = pack_fixes(fixes(small, {"VO000": HERE}, 0), small.roster.checksum)
    journal.append_fixes("gps", packed, 1)
    wait_for(lambda: any(change.units for *_, change in published(journal)), "no frame")


def test_an_engine_that_takes_over_continues_under_a_new_epoch(
    journal: Journal, state_server: StateServer, small: District
) -> None:
    first = Running(state_server.url, small)
    wait_for(lambda: published(journal), "it does not lead")
    journal.append([case(1)])
    wait_for(lambda: any(change.cases for *_, change in published(journal)), "no change")
    first.end()
    journal.append([case(2)])
    second = Running(state_server.url, small)
    wait_for(lambda: journal.picture() and len(picture(journal).cases) == 2, "the successor lost or missed a case")
    second.end()
    assert {epoch for epoch, *_ in published(journal)} <= {1, 2}
    assert decode_picture(journal.picture() or b"").epoch == 2


def test_a_second_engine_waits_until_the_first_is_gone(
    journal: Journal, state_server: StateServer, small: District
) -> None:
    first, second = Running(state_server.url, small), None
    try:
        wait_for(lambda: published(journal), "nobody leads")
        second = Running(state_server.url, small)
        journal.append([case(1)])
        wait_for(lambda: any(change.cases for *_, change in published(journal)), "no change")
        assert {epoch for epoch, *_ in published(journal)} == {1}
        first.end()
        wait_for(lambda: {epoch for epoch, *_ in published(journal)} == {1, 2}, "the second did not take over")
    finally:
        first.end()
        if second:
            second.end()


def test_a_new_roster_reaches_copies_and_is_told_once(
    engine: Running, journal: Journal, state_server: StateServer
) -> None:
    book = RosterBook(state_server.url)
    book.replace([Shift("A", at(0), at(60), "甲", "乙")], "li", NOON)

    def told() -> list[Rosters]:
        return [change.rosters for *_, change in published(journal) if change.rosters is not None]

    wait_for(told, "the roster was not published")
    book.undo("li", NOON)
    wait_for(lambda: len(told()) == 2, "the change was not published")
    assert [(each.version, len(each.shifts)) for each in told()] == [(1, 1), (2, 0)]


def test_a_flood_of_records_does_not_wait_for_its_picture(
    engine: Running, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.engine._MANY_RECORDS", 3)
    monkeypatch.setattr("dashboard.engine._MANY_S", 0.0)
    wait_for(journal.picture, "no engine leads")
    journal.append([case(number) for number in range(4)])

    def is_in_the_picture() -> bool:
        saved = journal.picture()
        return saved is not None and len(decode_picture(saved).everything.cases) == 4

    wait_for(is_in_the_picture, "the picture is late")


def test_entries_that_cannot_be_folded_are_passed_over(engine: Running, journal: Journal, small: District) -> None:
    journal.append_fixes("gps", b"not a batch", 1)
    journal.append_fixes("gps", pack_fixes(fixes(small, {"VO000": HERE}, 0), 12345), 1)
    journal.append([case(1)])
    wait_for(lambda: any(change.cases for *_, change in published(journal)), "the stream stopped")


def test_a_picture_of_another_version_is_not_used(journal: Journal, state_server: StateServer, small: District) -> None:
    journal.append([case(1)])
    journal.save_picture(b"\x93nonsense")
    running = Running(state_server.url, small)
    wait_for(lambda: journal.picture() != b"\x93nonsense", "no picture")
    running.end()
    assert [row.key for row in picture(journal).cases] == ["cases/C1"]


def test_the_leading_engine_seals_the_past_days_of_the_audit_trail(
    journal: Journal, state_server: StateServer, small: District, tmp_path: Path
) -> None:
    ledger, stop = Ledger(state_server.url), threading.Event()
    ledger.note("sign_in", "li", at=NOON)
    sealer = Sealer(ledger, tmp_path, lambda: b"a key for the tests", small.timezone, 365)
    two_days_on = NOON.timestamp() + 2 * 86_400
    engine = Engine(small, Journal(state_server.url), Settings(), lambda: two_days_on + time.monotonic(), sealer=sealer)
    thread = threading.Thread(target=engine.run, args=(stop,), daemon=True)
    thread.start()
    try:
        wait_for(lambda: (tmp_path / "2026-11-20.jsonl.gz").exists() and ledger.rows() == [], "nothing was sealed")
    finally:
        stop.set()
        thread.join(10)


def test_an_edit_of_the_district_loses_no_case_that_the_journal_has_forgotten(
    journal: Journal, state_server: StateServer, small: District, tmp_path: Path
) -> None:
    store = LocalStore(tmp_path)
    first = Running(state_server.url, small)
    journal.append([case(1), step(1, 60, Stage.FILED), incident(1)])
    wait_for(lambda: any(change.incidents for _, _, change in published(journal)), "nothing was folded")
    first.end()
    archiving(state_server, store, small).run(4e9)
    connect(state_server.url).xtrim(JOURNAL, maxlen=0, approximate=False)  # ours only trims whole pages
    edited = replace(small, version="another")
    journal.append([step(1, 120, Stage.DISPATCHED)])  # the journal knows of this alone
    second = Running(state_server.url, edited, Archive(store, Journal(state_server.url), edited))
    try:
        wait_for(lambda: saved_district(journal) == "another", "the second engine does not lead")
        assert [(row.key, row.stage) for row in picture(journal).cases] == [("cases/C1", Stage.DISPATCHED)]
        assert [state.key for state in picture(journal).incidents] == ["cad/I1"]
    finally:
        second.end()


def saved_district(journal: Journal) -> str:
    saved = journal.picture()
    return decode_picture(saved).district if saved else ""


class Broken(LocalStore):
    """A store whose disk is full."""

    def write(self, name: str, content: bytes) -> bool:
        raise StoreError("no space left")


def test_an_archive_that_cannot_be_written_rings_on_the_wall(
    journal: Journal, state_server: StateServer, small: District, tmp_path: Path
) -> None:
    keep, stop = Keep(1e9, 1e9, 1e9), threading.Event()
    mover = Mover(Journal(state_server.url), Broken(tmp_path), small, 60.0, keep)
    mover.failing_since = time.time() - 400
    engine = Engine(small, Journal(state_server.url), Settings(data_dir=tmp_path), mover=mover, tick_s=0.1)
    thread = threading.Thread(target=engine.run, args=(stop,), daemon=True)
    thread.start()
    try:
        wait_for(lambda: "archive/archive" in raised(journal), "nobody was told")
    finally:
        stop.set()
        thread.join(10)
        mover.wait(10)


def raised(journal: Journal) -> set[str]:
    return {alarm.key for _, _, change in published(journal) for alarm in change.alarms if alarm.active}
