import threading
from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest

from dashboard.audit.chain import Head, verify
from dashboard.audit.ledger import AUDIT, HEAD, Committed, Conflict, Ledger, Proposal, Result, Unfit
from dashboard.journal import Cursor, Journal
from dashboard.orders import Reason
from dashboard.orders.slots import Held, slot, unit_slot
from dashboard.records import Incident, Order, Verb, decode
from dashboard.state_server import StateServer
from dashboard.store import JournalUnavailable, connect
from tests.builders import NOON, at, incident, order

FIRE = "cad/I1"


@pytest.fixture
def ledger(journal: Journal, state_server: StateServer) -> Ledger:
    return Ledger(state_server.url, clock=lambda: NOON.timestamp())


def given(verb: Verb, target: str = FIRE, after_s: float = 0.0, actor: str = "li", **fields: object) -> Order:
    return order(verb, target, after_s, actor=actor, by=f"{actor} 值班员", centre="C1", **fields)


def take(ledger: Ledger, *orders: Order) -> list[Result]:
    return ledger.commit([Proposal(each) for each in orders])


def journaled(journal: Journal) -> list[str]:
    entries, _ = journal.read(Cursor(), 1, 100_000)
    return [entry.record.id for entry in entries if entry.record is not None]


def is_whole(ledger: Ledger) -> bool:
    fault, end = verify(ledger.rows(limit=1_000_000), Head())
    head = ledger.head()
    return fault is None and (end.seq, end.hash) == (head.seq, head.hash)


def test_an_order_is_in_the_journal_and_in_the_trail(ledger: Ledger, journal: Journal) -> None:
    first = given(Verb.ACKNOWLEDGE)
    assert take(ledger, first) == [Committed(first.id, at(0).timestamp(), "li 值班员", "C1")]
    assert journaled(journal) == [first.id]
    (row,) = ledger.rows()
    assert (row.seq, row.kind, row.actor, row.centre, row.subject) == (1, "order.acknowledge", "li", "C1", FIRE)
    assert decode(msgspec.json.encode(msgspec.json.decode(row.detail)["order"])) == first
    assert is_whole(ledger)


def test_the_same_order_again_is_answered_as_it_was_taken(ledger: Ledger, journal: Journal) -> None:
    first = given(Verb.ACKNOWLEDGE)
    take(ledger, first)
    again = msgspec.structs.replace(first, at=at(9))
    assert take(ledger, again) == [Committed(first.id, at(0).timestamp(), "li 值班员", "C1", again=True)]
    assert take(ledger, given(Verb.NOTE), given(Verb.NOTE))[1].again
    assert len(journaled(journal)) == len(ledger.rows()) == 2


def test_an_id_that_somebody_else_used_is_not_theirs(ledger: Ledger) -> None:
    take(ledger, given(Verb.NOTE))
    assert take(ledger, given(Verb.NOTE, actor="wang")) == [Unfit(given(Verb.NOTE).id, Reason.ID_TAKEN, "id")]


def test_the_second_officer_is_told_who_was_first_and_when(ledger: Ledger, journal: Journal) -> None:
    take(ledger, given(Verb.ACKNOWLEDGE))
    (lost,) = take(ledger, given(Verb.ACKNOWLEDGE, after_s=3, actor="wang"))
    assert isinstance(lost, Conflict)
    assert (lost.reason, lost.by, lost.centre, lost.at) == (Reason.TAKEN, "li 值班员", "C1", at(0).timestamp())
    assert len(journaled(journal)) == 1


def test_orders_sent_together_stand_alone_and_see_each_other(ledger: Ledger, journal: Journal) -> None:
    results = take(
        ledger,
        given(Verb.DISPATCH, unit="VO000"),
        given(Verb.DISPATCH, "cad/I2", 1, unit="VO000"),
        given(Verb.DISPATCH, "cad/I2", 2, unit="PO000"),
    )
    assert [type(result) for result in results] == [Committed, Conflict, Committed]
    assert len(journaled(journal)) == 2
    assert is_whole(ledger)


def test_what_comes_with_an_order_stands_before_it_in_the_journal(ledger: Ledger, journal: Journal) -> None:
    brought: Incident = incident(9, source="desk")
    ledger.commit([Proposal(given(Verb.REGISTER, "desk/I9"), (brought,), "officer")])
    assert journaled(journal) == ["I9", given(Verb.REGISTER, "desk/I9").id]
    (row,) = ledger.rows()
    assert row.role == "officer"
    assert msgspec.json.decode(row.detail)["with"][0]["id"] == "I9"


def test_orders_are_timed_in_the_order_they_were_taken(ledger: Ledger, journal: Journal) -> None:
    take(ledger, given(Verb.CLOSE, kind="done", after_s=1))
    take(ledger, given(Verb.REOPEN, after_s=0.5))  # from a machine whose clock is behind
    entries, _ = journal.read(Cursor(), 1)
    times = [entry.record.at for entry in entries if isinstance(entry.record, Order)]
    assert times == [at(1), at(1) + timedelta(microseconds=1)]


def test_a_clock_that_was_set_back_is_believed(ledger: Ledger, journal: Journal) -> None:
    take(ledger, given(Verb.NOTE, after_s=300))
    take(ledger, given(Verb.NOTE, after_s=0))
    entries, _ = journal.read(Cursor(), 1)
    assert [entry.record.at for entry in entries if isinstance(entry.record, Order)] == [at(300), at(0)]
    assert is_whole(ledger)


def test_the_situation_knows_what_other_systems_did(ledger: Ledger) -> None:
    elsewhere = Held("sim-1", "", FIRE, at(-60).timestamp(), by="模拟席", centre="C2")
    (lost,) = ledger.commit([Proposal(given(Verb.ACKNOWLEDGE), seen={slot("acknowledge", FIRE): elsewhere})])
    assert isinstance(lost, Conflict)
    assert lost.by == "模拟席"


def test_the_situation_frees_a_unit_only_when_it_has_had_time_to_know(ledger: Ledger) -> None:
    take(ledger, given(Verb.DISPATCH, unit="VO000"))
    free = {unit_slot("VO000"): Held("", "", "", 0.0, taken=False)}
    soon = Proposal(given(Verb.DISPATCH, "cad/I2", 5, unit="VO000"), seen=free, seen_at=at(5).timestamp())
    later = Proposal(given(Verb.DISPATCH, "cad/I2", 20, unit="VO000"), seen=free, seen_at=at(20).timestamp())
    assert isinstance(ledger.commit([soon])[0], Conflict)
    assert isinstance(ledger.commit([later])[0], Committed)


def test_notes_are_rows_and_change_no_journal(ledger: Ledger, journal: Journal) -> None:
    ledger.note("sign_in", "li", role="officer", centre="C1", detail="from 10.0.0.7", at=at(5))
    ledger.note("refusal", "li\udc80", subject="x" * 500)
    first, second = ledger.rows()
    assert (first.kind, first.at, first.detail) == ("sign_in", "2026-11-20T04:00:05.000000+00:00", "from 10.0.0.7")
    assert (second.actor, len(second.subject)) == ("li?", 200)
    assert journaled(journal) == []
    assert is_whole(ledger)


def test_rows_are_paged_both_ways(ledger: Ledger) -> None:
    for number in range(5):
        ledger.note("sign_in", f"a{number}")
    assert [row.seq for row in ledger.rows(2, 2)] == [3, 4]
    assert [row.seq for row in ledger.latest(None, 2)] == [5, 4]
    assert [row.seq for row in ledger.latest(4, 2)] == [3, 2]
    ledger.trim(3)
    assert [row.seq for row in ledger.rows()] == [4, 5]
    ledger.note("sign_in", "a5")
    assert ledger.head().seq == 6


def test_the_chain_goes_on_behind_its_newest_row_when_the_head_was_taken_away(
    ledger: Ledger, state_server: StateServer
) -> None:
    ledger.note("sign_in", "a1")
    ledger.note("sign_in", "a2")
    connect(state_server.url).delete(HEAD)
    ledger.note("sign_in", "a3")
    assert [row.seq for row in ledger.rows()] == [1, 2, 3]
    assert is_whole(ledger)


def test_nothing_is_kept_while_the_state_server_is_away() -> None:
    away = Ledger("redis://127.0.0.1:1/0")
    with pytest.raises(JournalUnavailable):
        take(away, given(Verb.ACKNOWLEDGE))
    with pytest.raises(JournalUnavailable):
        away.note("sign_in", "li")


def at_once(count: int, act: Callable[[int], Result]) -> list[Result]:
    """The results of as many threads that begin at the same moment, each with a ledger as its process would have."""
    gate, results = threading.Barrier(count), [None] * count

    def run(number: int) -> None:
        gate.wait()
        results[number] = act(number)  # type: ignore[call-overload]

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [result for result in results if result is not None]


@pytest.mark.parametrize("count", [2, 20])
@pytest.mark.parametrize(
    ("verb", "fields"),
    [
        (Verb.ACKNOWLEDGE, {}),
        (Verb.CLAIM, {}),
        (Verb.DISPATCH, {"unit": "VO000"}),
        (Verb.CLASSIFY, {"kind": "fire"}),
        (Verb.CLOSE, {"kind": "done"}),
        (Verb.HAND_OVER, {"text": "{}"}),
    ],
)
def test_of_many_at_once_one_wins_and_the_others_learn_who(
    journal: Journal, state_server: StateServer, count: int, verb: Verb, fields: dict[str, str]
) -> None:
    ledgers = [Ledger(state_server.url) for _ in range(count)]
    orders = [given(verb, actor=f"officer{number}", id=f"o{number}", **fields) for number in range(count)]
    results = at_once(count, lambda number: take(ledgers[number], orders[number])[0])
    won = [result for result in results if isinstance(result, Committed)]
    lost = [result for result in results if isinstance(result, Conflict)]
    assert (len(won), len(lost)) == (1, count - 1)
    assert {(each.order, each.by, each.at) for each in lost} == {(won[0].id, won[0].by, won[0].at)}
    assert journaled(journal) == [won[0].id]
    assert is_whole(ledgers[0])


def test_many_writers_make_one_chain(journal: Journal, state_server: StateServer) -> None:
    shared, other = Ledger(state_server.url), Ledger(state_server.url)

    def write(number: int) -> Result:
        ledger = shared if number % 2 else other
        for turn in range(10):
            ledger.note("sign_in", f"a{number}")
            result = take(ledger, given(Verb.NOTE, id=f"n{number}-{turn}", text="x"))[0]
        return result

    at_once(8, write)
    assert ledger_size(shared) == 8 * 20
    assert len(set(journaled(journal))) == 80
    assert is_whole(shared)


def ledger_size(ledger: Ledger) -> int:
    return len(ledger.rows(limit=100_000))


def test_the_stream_is_numbered_by_the_chain(ledger: Ledger, state_server: StateServer) -> None:
    ledger.note("sign_in", "li")
    assert connect(state_server.url).xrange(AUDIT)[0][0] == b"1-0"


def test_no_row_does_anything_to_the_terminal_that_shows_it(ledger: Ledger) -> None:
    ledger.note("refused", "\x1b[2Jli\u202e", subject="GET /\r\n2026-01-01 forged row", detail="\x00a\x9b31m")
    (row,) = ledger.rows()
    assert (row.actor, row.subject, row.detail) == ("[2Jli", "GET / 2026-01-01 forged row", "a31m")
