"""Promises about orders when the state server dies: what was answered is there once, and the chain holds."""

import os
import signal
import threading
from pathlib import Path

import pytest

from dashboard.audit.chain import Head, verify
from dashboard.audit.ledger import Committed, Conflict, Ledger, Proposal
from dashboard.journal import Cursor, Journal
from dashboard.records import Verb
from dashboard.state_server import StateServer
from dashboard.store import JournalUnavailable, probe
from tests.builders import order

pytestmark = pytest.mark.fault

_OFFICERS = 4
_KILLS = 5


class Officer:
    """Gives orders one after the other until stopped; what was not answered is given again, unchanged."""

    def __init__(self, url: str, name: str, stop: threading.Event) -> None:
        self.accepted: list[str] = []
        self.won: list[str] = []  # the incidents that this officer acknowledged
        self._ledger = Ledger(url)
        self._name = name
        self._stop = stop
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        number = 0
        while not self._stop.is_set():
            number += 1
            # All officers go for the same incidents, so that each acknowledgement is a race.
            mine = [
                order(Verb.ACKNOWLEDGE, f"cad/I{number}", number, id=f"{self._name}-a{number}", actor=self._name),
                order(Verb.NOTE, f"cad/I{number}", number, id=f"{self._name}-n{number}", actor=self._name, text="x"),
            ]
            self._insist([Proposal(each) for each in mine])

    def _insist(self, proposals: list[Proposal]) -> None:
        while not self._stop.is_set():
            try:
                results = self._ledger.commit(proposals)
            except JournalUnavailable:
                self._stop.wait(0.02)
                continue
            for proposal, result in zip(proposals, results, strict=True):
                assert isinstance(result, Committed | Conflict)
                if isinstance(result, Committed):
                    self.accepted.append(result.id)
                    if proposal.order.verb is Verb.ACKNOWLEDGE:
                        self.won.append(proposal.order.target)
            return


def journaled(journal: Journal) -> list[str]:
    ids, cursor = [], Cursor()
    while True:
        entries, cursor = journal.read(cursor, 1)
        if not entries:
            return ids
        ids += [entry.record.id for entry in entries if entry.record is not None]


def test_no_order_that_was_accepted_is_lost_doubled_or_out_of_the_chain(tmp_path: Path) -> None:
    server, stop = StateServer(tmp_path, memory_mb=256), threading.Event()
    url = server.start()
    officers = [Officer(url, f"officer{number}", stop) for number in range(_OFFICERS)]
    try:
        for _ in range(_KILLS):
            stop.wait(0.4)
            assert server.pid is not None
            os.kill(server.pid, signal.SIGKILL)
            while probe(url) == "ready":
                stop.wait(0.01)
            server.start()
        stop.wait(0.4)
        stop.set()
        for officer in officers:
            officer.thread.join()
        accepted = [each for officer in officers for each in officer.accepted]
        kept = journaled(Journal(url))
        assert len(accepted) > 200
        assert not set(accepted) - set(kept), "accepted and lost"
        assert len(kept) == len(set(kept)), "kept twice"
        won = [target for officer in officers for target in officer.won]
        assert len(won) == len(set(won)), "two officers were told that they were first"
        rows = Ledger(url).all_rows()
        fault, end = verify(rows, Head())
        assert fault is None
        assert (end.seq, end.hash) == (Ledger(url).head().seq, Ledger(url).head().hash)
        assert len(rows) == len(kept), "journal and audit trail differ"
    finally:
        stop.set()
        server.stop()
