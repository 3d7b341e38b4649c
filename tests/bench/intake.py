"""Measurement: how much the intake takes over HTTP, and that all of it is in the journal and in the fold."""

import contextlib
import re
import secrets
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from dashboard import records
from dashboard.district import District
from dashboard.follower import Follower
from dashboard.journal import Cursor, Journal
from dashboard.wire import unpack_fixes
from tests.bench.processes import helping
from tests.bench.report import CannotMeasure, Row
from tests.bench.wall import Wall

_FIXES_PER_S, _RECORDS_PER_S = 20_000, 1_000
_AMPLY = 1.25  # so much more is sent than must be taken
_FOLDED_S = 60.0
_READ_AT_ONCE = 2_000
_FRAME_ROUNDS_MS = 50.0  # a copy has its times from frames, which round them
_ACCEPTED = re.compile(r'^wall_accepted_total\{kind="([a-z-]+)",source="bench"\} ([0-9.e+]+)$', re.MULTILINE)


@dataclass(frozen=True)
class _Sent:
    """What senders were told was taken."""

    by_kind: Counter[str]
    fixes_per_s: float
    records_per_s: float
    cases: int
    last_fix_ms: float


def measure(wall: Wall, seconds: float) -> list[Row]:
    """Rows of both rates, and of what became of everything that was acknowledged."""
    district, run = wall.district, secrets.token_hex(3)
    journal = Journal(wall.state_url)
    began = journal.now_at()
    before = _on_metrics(wall)
    sent = _send(wall, len(district.roster.call_signs), run, seconds)
    kept = _in_journal(journal, district, began)
    told = _on_metrics(wall)
    told.subtract(before)
    folded_s, missing = _until_folded(wall, district, sent, run)
    return [
        Row(
            "intake over HTTP, sustained: fixes",
            f">= {_FIXES_PER_S:,}/s",
            f"{sent.fixes_per_s:,.0f}/s",
            sent.fixes_per_s >= _FIXES_PER_S,
            note=f"for {seconds:.0f} s; {_FIXES_PER_S * _AMPLY:,.0f}/s were offered",
        ),
        Row(
            "intake over HTTP, at the same time: other records",
            f">= {_RECORDS_PER_S:,}/s",
            f"{sent.records_per_s:,.0f}/s",
            sent.records_per_s >= _RECORDS_PER_S,
            note=f"{_RECORDS_PER_S * _AMPLY:,.0f}/s were offered; cases, moves, readings, alerts",
        ),
        _loss_row(sent, kept, told, missing, folded_s),
    ]


def _send(wall: Wall, units: int, run: str, seconds: float) -> _Sent:
    job = {**wall.job, "run": run, "seconds": seconds}
    period_s = units / (_FIXES_PER_S * _AMPLY)
    with (
        helping("send_positions", **job, road="http", still=True, period_s=period_s) as positions,
        helping("send_records", **job, per_s=_RECORDS_PER_S * _AMPLY) as others,
    ):
        fixes = positions.finish(seconds * 3 + 60)
        told = others.finish(seconds * 3 + 60)
    bodies = [line for line in told if "kind" in line]
    if not fixes or not bodies:
        raise CannotMeasure("the intake took nothing")
    by_kind = Counter(fixes=int(sum(line["accepted"] for line in fixes)))
    for line in bodies:
        by_kind[line["kind"]] += line["accepted"]
    others_taken = sum(by_kind.values()) - by_kind["fixes"]
    return _Sent(
        by_kind,
        _rate(by_kind["fixes"], [line["stamp"] + line["took_ms"] for line in fixes], fixes[0]["accepted"]),
        _rate(others_taken, [line["at"] for line in bodies], bodies[0]["accepted"]),
        told[-1]["cases"],
        max(line["stamp"] for line in fixes if line["accepted"]),
    )


def _rate(taken: int, answered_ms: list[float], first: int) -> float:
    """Per second between the first and the last answer; what the first body brought was sent before."""
    return (taken - first) / max(0.001, (max(answered_ms) - min(answered_ms)) / 1000)


def _on_metrics(wall: Wall) -> Counter[str]:
    text = wall.get("/metrics")[1].decode()
    return Counter({kind: int(float(amount)) for kind, amount in _ACCEPTED.findall(text)})


def _in_journal(journal: Journal, district: District, began: float) -> Counter[str]:
    """What this source's entries in both streams hold, by kind."""
    found: Counter[str] = Counter()
    start = f"{int(began * 1000)}-0".encode()
    cursor = Cursor(start, start)
    while True:
        entries, cursor = journal.read(cursor, block_ms=1, limit=_READ_AT_ONCE)
        if not entries:
            return found
        for entry in entries:
            if entry.source != "bench":
                continue
            if entry.record is None:
                found["fixes"] += len(unpack_fixes(entry.fixes, district.roster.checksum))
            else:
                found[_KINDS[type(entry.record)]] += 1


_KINDS: dict[type[Any], str] = {
    records.Case: "cases",
    records.CaseStep: "case-steps",
    records.Reading: "readings",
    records.Alert: "alerts",
}


def _until_folded(wall: Wall, district: District, sent: _Sent, run: str) -> tuple[float, int]:
    """Seconds until a copy of the situation, such as web processes have, holds all; what it lacked."""
    began = time.monotonic()
    with _following(wall, district) as follower:
        while True:
            waited_s = time.monotonic() - began
            missing = _missing(follower, sent, run)
            if not missing or waited_s > _FOLDED_S:
                return waited_s, missing
            time.sleep(0.1)


def _missing(follower: Follower, sent: _Sent, run: str) -> int:
    """Cases that the fold does not have, and units of which it does not have the last position."""
    backlog, forces = follower.situation.backlog, follower.situation.forces
    cases = sum(backlog.get(f"bench/{run}-{number}") is None for number in range(sent.cases))
    return cases + int((forces.at * 1000 < sent.last_fix_ms - _FRAME_ROUNDS_MS).sum())


@contextlib.contextmanager
def _following(wall: Wall, district: District) -> Iterator[Follower]:
    follower, stop = Follower(district, Journal(wall.state_url)), threading.Event()
    listeners = (lambda: None, lambda change: None, lambda: 0.25)
    thread = threading.Thread(target=follower.follow, args=(stop, *listeners), daemon=True)
    thread.start()
    try:
        yield follower
    finally:
        stop.set()
        thread.join(10)


def _loss_row(sent: _Sent, kept: Counter[str], told: Counter[str], missing: int, folded_s: float) -> Row:
    accepted = sum(sent.by_kind.values())
    short_in_journal = sum((sent.by_kind - kept).values())
    off_on_metrics = sum(abs(told[kind] - amount) for kind, amount in sent.by_kind.items())
    lost = short_in_journal + missing
    return Row(
        "intake: acknowledged, then in the journal and in the fold",
        "nothing lost",
        f"{lost} of {accepted:,} lost",
        lost == 0 and off_on_metrics == 0,
        note=f"journal {sum(kept.values()):,}, /metrics off by {off_on_metrics}, "
        f"fold complete {folded_s:.1f} s after the last answer" + (f", {missing} missing in it" if missing else ""),
    )
