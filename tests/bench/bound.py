"""Measurement: the bound, a bare websocket that sends the same packed positions to an empty canvas page."""

import time

from playwright.sync_api import Browser

from tests.bench.browser import sheet
from tests.bench.processes import free_port, helping
from tests.bench.report import Latencies, Row, seen_after

_SETTLE_S = 2.0


def measure(browser: Browser, units: int, seconds: float) -> tuple[Latencies, list[Row]]:
    """Latencies of the bound at so many units, and their row."""
    port = free_port()
    with helping("bound_server", port=port, units=units, seconds=seconds + 60) as server:
        server.wait_for(bool, 20)
        with sheet(browser, f"http://127.0.0.1:{port}/") as page:
            page.watch_positions()
            time.sleep(_SETTLE_S)
            from_ms = time.time() * 1000
            time.sleep(seconds)
            until_ms = time.time() * 1000 - 500  # younger ones may still be on their way
            stamps = [line["stamp"] for line in server.said() if from_ms < line.get("stamp", 0) < until_ms]
            bound = seen_after(stamps, page.updates)
    seen, painted = bound.p(95)
    seen_50, painted_50 = bound.p(50)
    row = Row(
        f"bound: bare websocket, {units:,} units each second",
        "-",
        f"seen {seen:.0f} / painted {painted:.0f} ms p95",
        of_bound="1.0 / 1.0",
        note=f"p50 {seen_50:.0f} / {painted_50:.0f}; {len(bound.seen)} of {len(stamps)} frames",
    )
    return bound, [row]
