import gzip
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from dashboard.audit.chain import Entry, Head, Row, append, digest
from dashboard.audit.inspection import STREAM, Report, inspect
from dashboard.audit.ledger import AUDIT, HEAD, Ledger
from dashboard.audit.seal import files, seal_days
from dashboard.journal import Journal
from dashboard.state_server import StateServer
from dashboard.store import connect
from tests.dashboard.audit.trails import KEY, ZONE, fill, moment_of

TODAY = date(2026, 11, 20)


@pytest.fixture
def ledger(journal: Journal, state_server: StateServer) -> Ledger:
    """Rows 1-3 and 4-6 are to be sealed, 7-9 are of today."""
    ledger = Ledger(state_server.url)
    fill(ledger, 18, 19, 20)
    return ledger


def run(ledger: Ledger, folder: Path, key: bytes = KEY, today: date = TODAY) -> Report:
    return inspect(ledger, folder, key, today, 180)


def seal(ledger: Ledger, folder: Path) -> list[Path]:
    seal_days(ledger, folder, lambda: KEY, ZONE, moment_of(20).timestamp())
    return files(folder)


def test_a_trail_that_nobody_touched_is_whole(ledger: Ledger, tmp_path: Path) -> None:
    assert (run(ledger, tmp_path).rows, run(ledger, tmp_path).finding) == (9, None)
    seal(ledger, tmp_path)
    report = run(ledger, tmp_path)
    assert (report.rows, report.files, report.end.seq, report.finding) == (9, 2, 9, None)


def test_an_empty_trail_is_whole(journal: Journal, state_server: StateServer, tmp_path: Path) -> None:
    report = run(Ledger(state_server.url), tmp_path)
    assert (report.rows, report.finding) == (0, None)


Tamper = Callable[[Any], Any]


def rewrite(redis: Any, seq: int, **fields: str) -> None:
    """Change a row of the stream in place, as somebody with the password could."""
    rows = dict(redis.xrange(AUDIT))
    redis.delete(AUDIT)
    for entry_id, kept in rows.items():
        row = msgspec.json.decode(kept[b"r"])
        if row["seq"] == seq:
            row |= fields
        redis.xadd(AUDIT, {"r": msgspec.json.encode(row)}, id=entry_id)


STREAM_FAULTS: dict[str, tuple[Tamper, int, str]] = {
    "edited": (lambda redis: rewrite(redis, 8, actor="nobody"), 8, "row 8 was changed"),
    "deleted": (lambda redis: redis.xdel(AUDIT, "8-0"), 8, "row 8 is missing"),
    "truncated": (lambda redis: redis.xdel(AUDIT, "8-0", "9-0"), 8, "rows 8 to 9 are missing at the end"),
    "cut in front": (lambda redis: redis.xdel(AUDIT, "7-0"), 7, "row 7 is missing"),
    "emptied": (lambda redis: redis.delete(AUDIT), 7, "rows 7 to 9 are missing at the end"),
    "without head": (lambda redis: redis.delete(HEAD), 7, "the head was taken away or set back"),
}


@pytest.mark.parametrize("how", STREAM_FAULTS)
def test_what_was_done_to_the_stream_is_named(
    ledger: Ledger, state_server: StateServer, tmp_path: Path, how: str
) -> None:
    seal(ledger, tmp_path)
    tamper, seq, why = STREAM_FAULTS[how]
    tamper(connect(state_server.url))
    finding = run(ledger, tmp_path).finding
    assert finding is not None
    assert (finding.where, finding.seq) == (STREAM, seq)
    assert why in finding.why


def test_rows_that_changed_places_in_the_stream_are_named(
    ledger: Ledger, state_server: StateServer, tmp_path: Path
) -> None:
    redis = connect(state_server.url)
    rows = [kept[b"r"] for _, kept in redis.xrange(AUDIT)]
    rows[3], rows[4] = rows[4], rows[3]
    redis.delete(AUDIT)
    for place, row in enumerate(rows):
        redis.xadd(AUDIT, {"r": row}, id=f"{place + 1}-0")
    finding = run(ledger, tmp_path).finding
    assert finding is not None
    assert finding.seq == 4


def edit(path: Path, change: Callable[[list[bytes]], list[bytes]]) -> None:
    lines = gzip.decompress(path.read_bytes()).splitlines()
    path.write_bytes(gzip.compress(b"\n".join(change(lines)) + b"\n"))


FILE_FAULTS: dict[str, tuple[Callable[[list[bytes]], list[bytes]], int, str]] = {
    "edited": (lambda lines: [lines[0], lines[1].replace(b"officer1", b"nobody"), *lines[2:]], 5, "row 5 was changed"),
    "deleted": (lambda lines: [lines[0], *lines[2:]], 5, "row 5 is missing"),
    "reordered": (lambda lines: [lines[1], lines[0], *lines[2:]], 4, "row 4 is missing"),
    "truncated": (lambda lines: [*lines[:2], lines[-1]], 6, "rows 6 to 6 are missing"),
    "garbled": (lambda lines: [lines[0], b"garbage", *lines[2:]], 5, "row 5"),
    "resealed": (lambda lines: [*lines[:3], lines[3].replace(b'"count":3', b'"count":2')], 4, "signature"),
    "without seal": (lambda lines: lines[:3], 4, "cannot be read"),
}


@pytest.mark.parametrize("how", FILE_FAULTS)
def test_what_was_done_to_a_sealed_file_is_named(ledger: Ledger, tmp_path: Path, how: str) -> None:
    _, second = seal(ledger, tmp_path)
    change, seq, why = FILE_FAULTS[how]
    edit(second, change)
    finding = run(ledger, tmp_path).finding
    assert finding is not None
    assert (finding.where, finding.seq) == (second.name, seq)
    assert why in finding.why


def test_a_file_forged_throughout_lacks_our_signature(ledger: Ledger, tmp_path: Path) -> None:
    first, _ = seal(ledger, tmp_path)

    def forge(lines: list[bytes]) -> list[bytes]:
        rows, head = [msgspec.json.decode(line) for line in lines[:-1]], Head()
        sealed = msgspec.json.decode(lines[-1])
        forged = []
        for fields in rows:
            row = msgspec.convert(fields | {"actor": "nobody"}, Row)
            row = msgspec.structs.replace(row, hash=digest(row, head.hash))
            head = Head(row.seq, row.hash)
            forged.append(row)
        sealed["seal"] |= {"first_hash": forged[0].hash, "last_hash": forged[-1].hash}
        return [*(msgspec.json.encode(row) for row in forged), msgspec.json.encode(sealed)]

    edit(first, forge)
    finding = run(ledger, tmp_path).finding
    assert finding is not None
    assert "signature" in finding.why


@pytest.mark.parametrize(("gone", "seq"), [(0, 1), (1, 4)])
def test_a_day_that_was_taken_away_is_missed(ledger: Ledger, tmp_path: Path, gone: int, seq: int) -> None:
    seal(ledger, tmp_path)[gone].unlink()
    finding = run(ledger, tmp_path).finding
    assert finding is not None
    assert "missing" in finding.why
    assert finding.seq == seq


def test_a_day_that_was_old_enough_may_go(ledger: Ledger, tmp_path: Path) -> None:
    seal(ledger, tmp_path)[0].unlink()
    assert run(ledger, tmp_path, today=date(2027, 5, 17)).finding is not None
    assert run(ledger, tmp_path, today=date(2027, 5, 18)).finding is None


def test_only_the_newest_days_are_looked_at_where_that_is_wanted(ledger: Ledger, tmp_path: Path) -> None:
    first, second = seal(ledger, tmp_path)
    first.unlink()
    fill(ledger, 20)
    report = inspect(ledger, tmp_path, KEY, TODAY, 180, newest=1)
    assert report.finding is not None  # it is the only one now, and should not be the first
    first.write_bytes(b"garbage")
    report = inspect(ledger, tmp_path, KEY, TODAY, 180, newest=1)
    assert (report.files, report.rows, report.finding) == (1, 9, None)
    edit(second, lambda lines: [lines[0], *lines[2:]])
    assert inspect(ledger, tmp_path, KEY, TODAY, 180, newest=1).finding is not None


def test_another_key_is_told_apart_from_a_changed_seal(ledger: Ledger, tmp_path: Path) -> None:
    seal(ledger, tmp_path)
    finding = run(ledger, tmp_path, b"another key").finding
    assert finding is not None
    assert "another key" in finding.why


def test_a_renamed_file_is_named(ledger: Ledger, tmp_path: Path) -> None:
    first, _ = seal(ledger, tmp_path)
    first.rename(tmp_path / "2026-11-01.jsonl.gz")
    finding = run(ledger, tmp_path).finding
    assert finding is not None
    assert "renamed" in finding.why


def test_rows_that_a_file_and_the_stream_both_hold_are_no_fault(
    ledger: Ledger, state_server: StateServer, tmp_path: Path
) -> None:
    rows = connect(state_server.url).xrange(AUDIT)
    seal(ledger, tmp_path)
    redis = connect(state_server.url)
    redis.delete(AUDIT)
    for entry_id, kept in rows:  # as a death between file and trim leaves them
        redis.xadd(AUDIT, kept, id=entry_id)
    assert run(ledger, tmp_path).finding is None


def test_a_row_behind_the_head_that_was_not_made_here_is_named(
    ledger: Ledger, state_server: StateServer, tmp_path: Path
) -> None:
    row, _ = append(Head(9, "not the hash of row 9"), Entry(at=moment_of(20), kind="sign_in", actor="nobody"))
    connect(state_server.url).xadd(AUDIT, {"r": msgspec.json.encode(row)}, id="10-0")
    finding = run(ledger, tmp_path).finding
    assert finding is not None
    assert finding.seq == 10
