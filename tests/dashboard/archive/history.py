"""A little history in a real state server, and an archive that can be made to die at any step."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa

from dashboard.archive import parts
from dashboard.archive.mover import Keep, Mover, Saved
from dashboard.archive.schema import Table
from dashboard.archive.store import LocalStore
from dashboard.district import District
from dashboard.journal import Cursor, Journal, Tick
from dashboard.picture import encode_change
from dashboard.situation import Situation
from dashboard.state_server import StateServer
from dashboard.wire import pack_fixes
from tests.builders import HERE, case, fixes, incident

KEEP_NOTHING = Keep(0, 0, 0)


def happen(journal: Journal, district: District, first: int, last: int) -> None:
    """Cases, incidents, positions, and what an engine says of them, one of each for each number."""
    situation = Situation(district)
    for number in range(first, last):
        records = [case(number), incident(number)]
        journal.append(records)
        batch = fixes(district, {"VO000": HERE, "PO000": HERE}, number)
        journal.append_fixes("gps", pack_fixes(batch, district.roster.checksum), 2)
        for record in records:
            journal.publish(1, 2 * number, encode_change(situation.apply(record, record.reported_at.timestamp())))
        journal.publish(1, 2 * number + 1, encode_change(situation.tick(float(number))), Tick(float(number), Cursor()))


def content(store: LocalStore, table: Table) -> list[tuple[Any, ...]]:
    """The rows that count, in order."""
    found = [parts.read_counting(store, each) for each in parts.counting(parts.listed(store, table))]
    if not found:
        return []
    rows = pa.concat_tables(found).to_pylist()
    # NaN is not itself: rows are compared as they read.
    return sorted(tuple("nan" if value != value else value for value in row.values()) for row in rows)


class Died(BaseException):
    """The process is gone."""


class Mortal(LocalStore):
    """A store at whose n-th step the process dies, just before or just behind it."""

    def __init__(self, folder: Path, dies_at: int = -1, before: bool = True) -> None:
        super().__init__(folder)
        self.steps = 0
        self._dies_at, self._before = dies_at, before

    def _step(self, act: Callable[[], Any]) -> Any:
        self.steps += 1
        if self.steps == self._dies_at and self._before:
            raise Died
        done = act()
        if self.steps == self._dies_at:
            raise Died
        return done

    def write(self, name: str, content: bytes) -> bool:
        return bool(self._step(lambda: LocalStore.write(self, name, content)))

    def remove(self, name: str) -> None:
        self._step(lambda: LocalStore.remove(self, name))


class MortalJournal(Journal):
    """A journal at whose n-th trim the process dies, before or behind it."""

    def __init__(self, url: str, dies: bool = False, before: bool = True) -> None:
        super().__init__(url)
        self._dies, self._before = dies, before

    def trim(self, before: Any) -> None:
        if self._dies and self._before:
            raise Died
        super().trim(before)
        if self._dies:
            raise Died


def mover(server: StateServer, store: LocalStore, district: District, journal: Journal | None = None) -> Mover:
    """A mover that forgets at once what is archived."""
    made = Mover(journal or Journal(server.url), store, district, 60, KEEP_NOTHING)
    far = b"99999999999999-0"
    made.note_picture(0, Saved(far, far, far), b"", False)
    return made
