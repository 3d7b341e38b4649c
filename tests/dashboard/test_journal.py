import os
import signal
import threading
from datetime import UTC, datetime

import pytest

from dashboard.journal import DELTAS, FIXES, JOURNAL, Cursor, Journal
from dashboard.records import Case
from dashboard.state_server import StateServer
from dashboard.store import JournalUnavailable, connect, probe

NOW = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)


def case(number: int, revision: int = 0, source: str = "cases") -> Case:
    return Case(source=source, id=str(number), revision=revision, reported_at=NOW)


def read_all(journal: Journal, limit: int = 512) -> list[str]:
    ids: list[str] = []
    cursor = Cursor()
    while True:
        entries, cursor = journal.read(cursor, 1, limit)
        if not entries:
            return ids
        ids += [entry.record.id for entry in entries if entry.record is not None]


def test_records_come_back_in_the_order_of_receipt(journal: Journal) -> None:
    assert journal.append([case(1), case(2)]) == [True, True]
    assert journal.append([case(3)]) == [True]
    assert read_all(journal) == ["1", "2", "3"]


def test_a_repeated_delivery_is_known_and_not_written_again(journal: Journal) -> None:
    journal.append([case(1), case(2)])
    assert journal.append([case(2), case(3), case(2, revision=1)]) == [False, True, True]
    assert read_all(journal) == ["1", "2", "3", "2"]


def test_a_record_twice_in_one_delivery_is_written_once(journal: Journal) -> None:
    assert journal.append([case(1), case(1)]) == [True, False]
    assert read_all(journal) == ["1"]


def test_the_same_id_of_another_source_is_another_record(journal: Journal) -> None:
    assert journal.append([case(1), case(1, source="hotline")]) == [True, True]


def test_both_streams_are_read_in_one_order_even_when_one_is_longer_than_a_read(journal: Journal) -> None:
    for number in range(6):
        journal.append([case(number)])
        journal.append_fixes("gps", f"batch {number}".encode(), 1)
    seen = []
    cursor = Cursor()
    while True:
        entries, cursor = journal.read(cursor, 1, limit=2)
        if not entries:
            break
        seen += [entry.id for entry in entries]
    assert len(seen) == 12
    assert seen == sorted(seen, key=lambda entry_id: [int(part) for part in entry_id.split(b"-")])


def test_an_entry_that_is_no_record_is_handed_on_empty(journal: Journal, state_server: StateServer) -> None:
    connect(state_server.url).xadd(JOURNAL, {"r": b'{"record": "from the future"}'})
    journal.append([case(1)])
    entries, _ = journal.read(Cursor(), 1)
    assert [entry.record is None for entry in entries] == [True, False]


def test_one_engine_leads_at_a_time(journal: Journal) -> None:
    assert journal.lead("first", 60_000)
    assert not journal.lead("second", 60_000)
    assert journal.lead("first", 60_000)
    journal.resign("first")
    assert journal.lead("second", 60_000)


def test_a_resignation_of_somebody_else_changes_nothing(journal: Journal) -> None:
    journal.lead("first", 60_000)
    journal.resign("second")
    assert not journal.lead("second", 60_000)


def test_deltas_follow_their_id(journal: Journal) -> None:
    before = journal.last_delta()
    journal.publish(1, 1, b"a")
    journal.publish(1, 2, b"b")
    assert [(delta.seq, delta.change) for delta in journal.deltas(before, 1)] == [(1, b"a"), (2, b"b")]
    assert journal.deltas(journal.last_delta(), 1) == []


def test_totals_add_up(journal: Journal) -> None:
    journal.count({"accepted": {"cad|incidents": 2}, "refused": {"cad|malformed": 1}})
    journal.count({"accepted": {"cad|incidents": 3}})
    totals = journal.totals()
    assert totals["accepted"] == {"cad|incidents": 5}
    assert totals["refused"] == {"cad|malformed": 1}


def test_a_full_state_server_refuses_and_keeps_what_it_has(tmp_path_factory: pytest.TempPathFactory) -> None:
    server = StateServer(tmp_path_factory.mktemp("full"), memory_mb=8)
    server.start()
    try:
        journal = Journal(server.url)
        accepted: list[str] = []
        with pytest.raises(JournalUnavailable, match="memory"):
            for start in range(0, 1_000_000, 500):
                batch = [case(number) for number in range(start, start + 500)]
                journal.append(batch)
                accepted += [record.id for record in batch]
        assert set(read_all(journal)) >= set(accepted)
    finally:
        server.stop()


@pytest.mark.fault
def test_no_accepted_record_is_lost_or_doubled_when_the_state_server_is_killed(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    server = StateServer(tmp_path_factory.mktemp("killed"), memory_mb=256)
    url = server.start()
    journal = Journal(url)
    accepted: list[str] = []
    stop = threading.Event()

    def send() -> None:
        number = 0
        while not stop.is_set():
            batch = [case(number + offset) for offset in range(5)]
            try:
                journal.append(batch)
            except JournalUnavailable:
                stop.wait(0.02)
                continue  # the sender was told no, so it sends the same again
            accepted.extend(record.id for record in batch)
            number += 5

    sender = threading.Thread(target=send)
    sender.start()
    for _ in range(5):
        stop.wait(0.3)
        assert server.pid is not None
        os.kill(server.pid, signal.SIGKILL)
        while probe(url) == "ready":
            stop.wait(0.01)
        server.start()
    stop.set()
    sender.join()
    try:
        kept = read_all(journal)
        assert len(accepted) > 100
        assert not set(accepted) - set(kept), "accepted and lost"
        assert len(kept) == len(set(kept)), "kept twice"
    finally:
        server.stop()


def test_several_processes_tell_of_their_consoles_and_none_overwrites_another(
    journal: Journal, state_server: StateServer
) -> None:
    other = Journal(state_server.url)
    journal.staff({"A": ["甲"], "B": ["丙"]}, 100.0)
    other.staff({"A": ["乙"]}, 110.0)
    assert {centre: staff.names for centre, staff in journal.staffed(120.0).items()} == {
        "A": ("乙", "甲"),
        "B": ("丙",),
    }
    journal.staff({}, 121.0)  # everybody left this process
    assert {centre: staff.names for centre, staff in other.staffed(125.0).items()} == {"A": ("乙",)}


def test_a_process_that_died_has_no_consoles_after_thirty_seconds(journal: Journal) -> None:
    journal.staff({"A": ["甲"]}, 100.0)
    assert journal.staffed(130.0)
    assert journal.staffed(131.0) == {}
    assert journal.staffed(100.0) == {}  # forgotten, not only passed over


def test_what_is_forgotten_is_known_also_where_an_older_version_forgot_it(
    journal: Journal, state_server: StateServer
) -> None:
    assert journal.forgotten(FIXES) == b"0-0"
    for _ in range(250):
        journal.append_fixes("gps", b"x", 1)
    assert journal.forgotten(FIXES) == b"0-0"
    server = connect(state_server.url)
    server.xtrim(FIXES, maxlen=100, approximate=False)
    first = journal.stretch(FIXES, b"0-0", 1)[0].id
    assert journal.forgotten(FIXES) == first
    journal.trim({FIXES: b"7-0"})
    assert journal.forgotten(FIXES) == b"7-0"


def test_a_second_of_another_version_does_not_hide_its_message(journal: Journal, state_server: StateServer) -> None:
    journal.publish(1, 1, b"change")
    connect(state_server.url).xadd(DELTAS, {"e": 1, "q": 2, "b": b"more", "t": b"nonsense"})
    assert [(delta.change, delta.tick) for delta in journal.told(b"0-0", 9)] == [(b"change", None), (b"more", None)]
