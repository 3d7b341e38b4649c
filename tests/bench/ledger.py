"""Measurement: how many orders a second are taken, each into journal and audit trail by one transaction."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

from dashboard.audit.ledger import Committed, Ledger, Proposal
from dashboard.records import DESK, Order, Verb
from dashboard.store import connect
from tests.bench.officer import Officer
from tests.bench.processes import helping
from tests.bench.report import CannotMeasure, Row, percentile
from tests.bench.wall import Wall

_CLIENTS = (1, 4)
_OFFICERS = 32  # together, so that none of them is slowed down for giving more than anybody does
_FEWEST = 200  # commits, so that a median says something


def measure(wall: Wall, seconds: float) -> list[Row]:
    """Rows of the ledger alone beside its bound, and of orders over HTTP, one at a time and several."""
    sessions = [wall.officer(f"clerk-{number}-{uuid4().hex[:4]}") for number in range(_OFFICERS)]
    calls = [(session, _call(wall, session)) for session in sessions]
    rows = [_commit_row(wall, calls[0][1], seconds / 2)]
    rows += [_http_row(wall, [calls[place::count] for place in range(count)], seconds) for count in _CLIENTS]
    for session, target in calls:
        Officer(wall.port, session).give({"verb": "close", "target": target, "kind": "handled"})
    return rows


def _call(wall: Wall, session: str) -> str:
    """Something to write notes about."""
    called, district = str(uuid4()), wall.district
    place, kind = district.communities[0], next(iter(district.kinds), "fire")
    call = {"id": called, "verb": "register", "kind": kind, "level": 3, "lat": place.lat, "lon": place.lon}
    Officer(wall.port, session).give(call)
    return f"{DESK}/{called}"


def _commit_row(wall: Wall, target: str, seconds: float) -> Row:
    ledger, redis = Ledger(wall.state_url), connect(wall.state_url)
    commits: list[float] = []
    bare: list[float] = []
    until = time.monotonic() + seconds
    while time.monotonic() < until or len(commits) < _FEWEST:
        order = _note(target)
        commits.append(_timed(lambda order=order: _commit(ledger, order)))
        bare.append(_timed(lambda: redis.xadd("bench:bare", {"x": b"1" * 300}, maxlen=1000)))
    redis.delete("bench:bare")
    commit, bound = percentile(commits, 50), percentile(bare, 50)
    return Row(
        "ledger: one order into journal and audit trail",
        "",
        f"p50 {commit:.2f} ms",
        of_bound=f"{commit / bound:.1f}",
        note=f"p95 {percentile(commits, 95):.2f}; a bare XADD {bound:.2f} ms; {len(commits)} orders",
    )


def _note(target: str) -> Order:
    now = datetime.now(UTC)
    return Order(source=DESK, id=str(uuid4()), verb=Verb.NOTE, target=target, at=now, by="bench", text="note")


def _commit(ledger: Ledger, order: Order) -> None:
    (result,) = ledger.commit([Proposal(order)])
    if not isinstance(result, Committed):
        raise CannotMeasure(f"the ledger answered {result}")


def _timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def _http_row(wall: Wall, rooms: list[list[tuple[str, str]]], seconds: float) -> Row:
    with helping("send_notes", port=wall.port, rooms=rooms, seconds=seconds) as helper:
        said = helper.finish(seconds + 60)
    took = [each for line in said for each in line["took"]]
    return Row(
        f"POST /orders, {len(rooms)} at a time" if len(rooms) > 1 else "POST /orders, one after the other",
        "",
        f"{len(took) / seconds:,.0f}/s",
        note=f"answered p50 {percentile(took, 50):.1f}, p95 {percentile(took, 95):.1f}, max {max(took):.0f} ms; "
        f"{len(took)} orders",
    )
