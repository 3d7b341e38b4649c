"""Measurement: from a source's stamp to the glass of the real wall, while everything else goes on."""

import secrets
import time
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser

from tests.bench.browser import Sheet, wall_sheet
from tests.bench.processes import Helper, helping
from tests.bench.report import Latencies, Row, percentile, seen_after
from tests.bench.wall import Wall

_WARM_S = 3.0
_MARGIN_S = 90.0  # helpers end by themselves so much later, should nobody end them
_INCIDENT_EVERY_S = 0.8
_INCIDENT_P99_MS = 150.0
_ON_ITS_WAY_S = 1.0  # stamps of the last moment may not have arrived yet


@dataclass(frozen=True)
class Target:
    """What is asked of positions: p95 in milliseconds, and against the bound."""

    units: int
    period_s: float
    seen_ms: float
    painted_ms: float | None = None
    times_bound: float | None = None

    @property
    def must(self) -> str:
        """As the table says it."""
        parts = [f"seen <= {self.seen_ms:.0f}"]
        parts += [f"painted <= {self.painted_ms:.0f}"] if self.painted_ms else []
        parts += [f"<= {self.times_bound:g} x"] if self.times_bound else ["keeps up"]
        return ", ".join(parts)


CITY = Target(4_866, 1.0, 50, 100, 2.5)
LARGE = Target(20_000, 1.0, 75, 150, 3.0)
EVERYBODY = Target(100_000, 5.0, 500)


@dataclass(frozen=True)
class _Watched:
    """What sources said and what the page noted over the time of one measurement."""

    sent: list[dict[str, float]]  # bodies of positions
    updates: list[tuple[float, float, float]]
    posted: list[dict[str, Any]]  # incidents
    sights: dict[str, float]
    gaps: int


def measure(
    browser: Browser,
    wall: Wall,
    target: Target,
    seconds: float,
    bound: Latencies | None = None,
    road: str = "http",
    with_incidents: bool = False,
) -> list[Row]:
    """Rows of positions by one road, and of incidents during the same load if wanted."""
    job = {**wall.job, "seconds": seconds + _MARGIN_S}
    with (
        helping("send_positions", **job, period_s=target.period_s, road=road) as positions,
        wall_sheet(browser, wall.url) as page,
    ):
        positions.wait_for(bool, 30)
        page.watch_positions()
        page.watch_texts()
        time.sleep(_WARM_S + target.period_s)
        watched = _watch(page, positions, wall, seconds, with_incidents)
    rows = [_positions_row(target, road, watched, bound)]
    return [*rows, _incident_row(target, watched)] if with_incidents else rows


def _watch(page: Sheet, positions: Helper, wall: Wall, seconds: float, with_incidents: bool) -> _Watched:
    gaps_before, from_ms = page.gaps, time.time() * 1000
    posted = _report_incidents(wall, seconds) if with_incidents else []
    time.sleep(max(0.0, seconds - (time.time() - from_ms / 1000)))
    until_ms = (time.time() - _ON_ITS_WAY_S) * 1000
    sent = [line for line in positions.said() if from_ms < line["stamp"] < until_ms]
    return _Watched(sent, page.updates, posted, page.sights, page.gaps - gaps_before)


def _report_incidents(wall: Wall, seconds: float) -> list[dict[str, Any]]:
    run = secrets.token_hex(3)
    with helping("send_incidents", **wall.job, seconds=seconds, run=run, every_s=_INCIDENT_EVERY_S) as helper:
        posted = helper.finish(seconds + 30)
    time.sleep(_ON_ITS_WAY_S)
    return posted


def _positions_row(target: Target, road: str, watched: _Watched, bound: Latencies | None) -> Row:
    sent = watched.sent
    latencies = seen_after([line["stamp"] for line in sent], watched.updates)
    seen, painted = latencies.p(95)
    seen_50, painted_50 = latencies.p(50)
    times = (seen / bound.p(95)[0], painted / bound.p(95)[1]) if bound else None
    keeps_up = len(latencies.seen) == len(sent) and all(line["accepted"] == line["count"] for line in sent)
    is_met = (
        keeps_up
        and seen <= target.seen_ms
        and (target.painted_ms is None or painted <= target.painted_ms)
        and (target.times_bound is None or times is None or max(times) <= target.times_bound)
    )
    taken = percentile([line["took_ms"] for line in sent], 50)
    return Row(
        f"positions -> glass, {target.units:,} units each {target.period_s:g} s, {road}",
        target.must,
        f"seen {seen:.0f} / painted {painted:.0f} ms p95",
        is_met,
        f"{times[0]:.1f} / {times[1]:.1f}" if times else "",
        f"p50 {seen_50:.0f} / {painted_50:.0f}; {len(latencies.seen)} of {len(sent)} bodies seen; "
        f"sender had its answer after {taken:.0f} ms; {watched.gaps} gaps",
    )


def _incident_row(target: Target, watched: _Watched) -> Row:
    sights, posted = watched.sights, watched.posted
    known = [line for line in posted if line["mark"] in sights]
    took = [sights[line["mark"]] - line["posted"] for line in known]
    p99 = percentile(took, 99)
    return Row(
        f"incident -> glass while {target.units:,} units move",
        f"p99 <= {_INCIDENT_P99_MS:.0f} ms",
        f"p99 {p99:.0f} ms",
        p99 <= _INCIDENT_P99_MS and len(known) == len(posted),
        note=f"p50 {percentile(took, 50):.0f}, p95 {percentile(took, 95):.0f}, max {max(took):.0f}; "
        f"{len(known)} of {len(posted)} seen",
    )
