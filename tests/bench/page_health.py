"""Measurement: what the wall page costs its browser, for seconds in the bench and for an hour in the soak."""

import time
from dataclasses import dataclass, field, replace

import numpy as np
from playwright.sync_api import Browser, CDPSession

from tests.bench.browser import SIZE, Sheet, numbers, wall_sheet
from tests.bench.glass import CITY
from tests.bench.processes import helping
from tests.bench.report import CannotMeasure, Row
from tests.bench.wall import Wall

_WARM_S = 8.0
_TURN_S, _PAGES = 1.25, "23451"  # 30 s a page make 2,880 turns a day
_MARGIN_S = 120.0
_BUSY_SHARE = 0.12
_LONG_TASK_MS = 50.0
_HEAP_MB_PER_H = 1.0  # "flat": less than a wall's day of 24 MB, and within what a collection leaves behind
_NODES_SHARE = 0.05  # rows come and go with what happens; a leak grows past this
_LEAST_SOAK_S = 600.0  # over less, a slope says nothing
_MB = 2**20


@dataclass
class _Health:
    """What the stretches of one page showed."""

    busy: list[float] = field(default_factory=list)  # share of the main thread, one a stretch
    long_tasks: list[float] = field(default_factory=list)  # milliseconds
    at_s: list[float] = field(default_factory=list)
    heap_mb: list[float] = field(default_factory=list)  # after a collection, at `at_s`
    nodes: list[float] = field(default_factory=list)
    listeners: list[float] = field(default_factory=list)
    gaps: int = 0


def measure(browser: Browser, wall: Wall, seconds: float, stretches: int) -> list[Row]:
    """Rows of the main thread, long tasks, heap and nodes under the load of one district."""
    job = {**wall.job, "seconds": seconds + _MARGIN_S}
    with (
        helping("send_positions", **job, period_s=CITY.period_s, road="packed") as positions,
        wall_sheet(browser, wall.url) as page,
    ):
        positions.wait_for(bool, 30)
        time.sleep(min(_WARM_S, seconds / 2))
        health = _watch(page, seconds / stretches, stretches)
    return _rows(health, seconds)


def rotation(browser: Browser, wall: Wall, seconds: float, stretches: int) -> list[Row]:
    """Rows of heap and nodes of a wall whose pages turn all the time; a turn each 1.25 s makes a day's in an hour."""
    job = {**wall.job, "seconds": seconds + _MARGIN_S}
    with (
        helping("send_positions", **job, period_s=CITY.period_s, road="packed") as positions,
        wall_sheet(browser, wall.url) as page,
    ):
        positions.wait_for(bool, 30)
        _turn(page, min(_WARM_S, seconds / 2))
        health = _watch(page, seconds / stretches, stretches, is_turning=True)
    turns = f"{seconds / _TURN_S:,.0f} turns of pages"
    rows = [_heap_row(health, seconds), _nodes_row(health)]
    return [replace(row, what=f"{turns}: {row.what}") for row in rows]


def _turn(page: Sheet, seconds: float) -> None:
    """Show page after page for so long."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for key in _PAGES:
            page.page.keyboard.press(key)
            time.sleep(_TURN_S)


def _watch(page: Sheet, stretch_s: float, stretches: int, is_turning: bool = False) -> _Health:
    tools = page.devtools()
    tools.send("Performance.enable")
    health = _Health()
    gaps_before = page.gaps
    began = time.monotonic()
    _look_at_heap(tools, health, 0.0)
    for _ in range(stretches):
        before = numbers(tools.send("Performance.getMetrics"))
        page.page.evaluate("bench.longTasks.length = 0")
        _turn(page, stretch_s) if is_turning else time.sleep(stretch_s)
        health.long_tasks += [duration for _, duration in page.page.evaluate("bench.longTasks")]
        after = numbers(tools.send("Performance.getMetrics"))
        wall_s = after["Timestamp"] - before["Timestamp"]
        health.busy.append((after["TaskDuration"] - before["TaskDuration"]) / wall_s)
        _look_at_heap(tools, health, time.monotonic() - began)
    health.gaps = page.gaps - gaps_before
    return health


def _look_at_heap(tools: CDPSession, health: _Health, at_s: float) -> None:
    """Collect, then note what is left. The collection is a long task, so it falls between two stretches."""
    tools.send("HeapProfiler.collectGarbage")
    time.sleep(0.3)
    metrics = numbers(tools.send("Performance.getMetrics"))
    health.at_s.append(at_s)
    health.heap_mb.append(metrics["JSHeapUsedSize"] / _MB)
    health.nodes.append(metrics["Nodes"])
    health.listeners.append(metrics["JSEventListeners"])


def _rows(health: _Health, seconds: float) -> list[Row]:
    if not health.busy:
        raise CannotMeasure("no stretch was measured")
    return [
        _busy_row(health),
        _long_task_row(health, seconds),
        _heap_row(health, seconds),
        _nodes_row(health),
    ]


def _busy_row(health: _Health) -> Row:
    busy = float(np.mean(health.busy))
    return Row(
        f"wall page {SIZE['width']}x{SIZE['height']}, all layers: main thread busy",
        f"<= {_BUSY_SHARE:.0%}",
        f"{busy:.1%}",
        busy <= _BUSY_SHARE,
        note=f"worst stretch {max(health.busy):.1%}; {CITY.units:,} units each second; {health.gaps} gaps",
    )


def _long_task_row(health: _Health, seconds: float) -> Row:
    longest = max(health.long_tasks, default=0.0)
    return Row(
        "wall page: tasks over 50 ms in steady state",
        "none",
        f"{len(health.long_tasks)}" + (f", longest {longest:.0f} ms" if health.long_tasks else ""),
        longest <= _LONG_TASK_MS,
        note=f"in {seconds:.0f} s",
    )


def _heap_row(health: _Health, seconds: float) -> Row:
    slope = float(np.polyfit(health.at_s, health.heap_mb, 1)[0]) * 3600
    is_long = seconds >= _LEAST_SOAK_S
    return Row(
        "wall page: heap after collection",
        f"flat (<= {_HEAP_MB_PER_H:g} MB/h)",
        f"{health.heap_mb[0]:.1f} -> {health.heap_mb[-1]:.1f} MB" + (f", {slope:+.1f} MB/h" if is_long else ""),
        slope <= _HEAP_MB_PER_H if is_long else None,
        note=f"over {seconds:.0f} s" + ("" if is_long else "; too short for a slope, see --only soak"),
    )


def _nodes_row(health: _Health) -> Row:
    nodes, listeners = health.nodes, health.listeners
    return Row(
        "wall page: DOM nodes, listeners",
        "constant",
        f"{nodes[0]:.0f} -> {nodes[-1]:.0f}, {listeners[0]:.0f} -> {listeners[-1]:.0f}",
        all(each[-1] <= each[0] * (1 + _NODES_SHARE) for each in (nodes, listeners)),
        note=f"most {max(nodes):.0f} nodes",
    )
