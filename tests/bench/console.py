"""Measurement: what officers do, on a wall and two consoles, while the units of a district move.

From the moment an order is posted to the frame in which each screen shows it, and from a key to the frame that answers.
"""

import contextlib
import secrets
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser

from tests.bench import keys, processes
from tests.bench.browser import Sheet, console_sheet, wall_sheet
from tests.bench.glass import CITY
from tests.bench.officer import Officer
from tests.bench.processes import helping
from tests.bench.report import CannotMeasure, Row, percentile
from tests.bench.wall import Wall

VIEWERS = 50  # more screens, without a browser
_WARM_S = 3.0
_MARGIN_S = 180.0  # helpers end by themselves so much later, should nobody end them
_ORDER_EVERY_S = 0.4
_ON_ITS_WAY_S = 2.0
_SHOWN_MS = 300.0
_KEY_ORDERS_EVERY_S = 1.0  # others go on giving orders while keys are measured
_ONLY_CONSOLES = ("note", "close")  # the wall shows no notes, and a card that goes is no sight


@dataclass(frozen=True)
class _Screens:
    """The pages that are open."""

    wall: Sheet
    own: Sheet  # of the officer who gives the orders
    other: Sheet

    @property
    def sights(self) -> dict[str, dict[str, float]]:
        """What each has shown since when, epoch ms."""
        return {"wall": self.wall.sights, "own console": self.own.sights, "other console": self.other.sights}


def measure(browser: Browser, wall: Wall, seconds: float, key_rounds: int) -> list[Row]:
    """Rows of orders on all screens, of what that costs, and of keys."""
    names = ("wang", "li")
    sessions = [wall.officer(f"{name}-{secrets.token_hex(2)}") for name in names]
    with _open(browser, wall, sessions, seconds) as screens:
        time.sleep(_WARM_S)
        load = _Load(wall, screens.own)
        given = _give_orders(wall, sessions[0], seconds, _ORDER_EVERY_S)
        cost = load.row()
        time.sleep(_ON_ITS_WAY_S)
        rows = [*_rows(given, screens.sights), cost]
        job = {**wall.job, "session": sessions[0], "run": secrets.token_hex(3), "every_s": _KEY_ORDERS_EVERY_S}
        with helping("send_orders", **job, seconds=seconds + _MARGIN_S) as others:
            others.wait_for(bool, 30)
            screens.other.leave_orders()
            return [*rows, *keys.measure(screens.other, Officer(wall.port, sessions[1]), wall.district, key_rounds)]


@contextlib.contextmanager
def _open(browser: Browser, wall: Wall, sessions: Sequence[str], seconds: float) -> Iterator[_Screens]:
    """All screens, under the load of one district."""
    district = wall.district
    wish = {"centre": district.root.code, "lang": "zh", "roster": district.roster.checksum}
    job = {**wall.job, "seconds": seconds + _MARGIN_S}
    with (
        helping("send_positions", **job, period_s=CITY.period_s, road="http") as positions,
        helping("viewers", port=wall.port, count=VIEWERS, seconds=job["seconds"], join=wish) as viewers,
        wall_sheet(browser, wall.url) as shown,
        console_sheet(browser, wall.url, sessions[0]) as own,
        console_sheet(browser, wall.url, sessions[1]) as other,
    ):
        positions.wait_for(bool, 30)
        viewers.wait_for(bool, 60)
        shown.watch_orders(is_console=False)
        for console in (own, other):
            console.watch_orders(is_console=True)
        yield _Screens(shown, own, other)


def _give_orders(wall: Wall, session: str, seconds: float, every_s: float) -> list[dict[str, Any]]:
    job = {**wall.job, "session": session, "run": secrets.token_hex(3), "every_s": every_s}
    with helping("send_orders", **job, seconds=seconds) as helper:
        return helper.finish(seconds + 60)


class _Load:
    """What orders cost while they are given: the officer's page and the web process."""

    def __init__(self, wall: Wall, page: Sheet) -> None:
        self._wall, self._page = wall, page
        page.page.evaluate("bench.longTasks.length = 0")
        self._busy_before, self._cpu_before, self._began = page.busy_s(), self._cpu_s(), time.monotonic()

    def _cpu_s(self) -> float:
        return processes.cpu_s(self._wall.pids("web"))

    def row(self) -> Row:
        """The share of the page's main thread, beside it that of the process that serves all."""
        took_s = time.monotonic() - self._began
        busy = (self._page.busy_s() - self._busy_before) / took_s
        tasks = [duration for _, duration in self._page.page.evaluate("bench.longTasks")]
        longest = f", longest {max(tasks):.0f} ms" if tasks else ""
        serving = (self._cpu_s() - self._cpu_before) / took_s
        return Row(
            "duty page while orders are given: main thread busy",
            "",
            f"{busy:.1%}",
            note=f"{len(tasks)} tasks over 50 ms{longest}; web process {serving:.0%} of a core "
            f"for a wall, two consoles and {VIEWERS} viewers",
        )


def _rows(given: Sequence[Mapping[str, Any]], sights: Mapping[str, Mapping[str, float]]) -> list[Row]:
    if not given:
        raise CannotMeasure("no order was given")
    return [*(_screen_row(name, shown, given) for name, shown in sights.items()), _answer_row(given)]


def _screen_row(name: str, shown: Mapping[str, float], given: Sequence[Mapping[str, Any]]) -> Row:
    """How late one screen shows the orders; the last fact of a request counts, and each must be shown."""
    is_wall = name == "wall"
    expected = [each for each in given if not is_wall or each["verb"] not in _ONLY_CONSOLES]
    by_verb: dict[str, list[float]] = defaultdict(list)
    missing = set()
    for each in expected:
        at_ms = sorted(shown[fact] for fact in each["facts"] if fact in shown)
        # Who is already there takes a leg of a card, so that of three units sent at once a wall may show fewer.
        if len(at_ms) == len(each["facts"]) or (is_wall and at_ms):
            by_verb[each["verb"]].append(at_ms[-1] - each["posted"])
        else:
            missing.add(each["verb"])
    took = [each for times in by_verb.values() for each in times]
    p95 = percentile(took, 95)
    verbs = ", ".join(f"{verb} {percentile(times, 50):.0f}" for verb, times in by_verb.items())
    seen = f"{len(took)} of {len(expected)} seen"
    seen += f" (not: {', '.join(sorted(missing))})" if missing else ""
    return Row(
        f"order -> {name}, {CITY.units:,} units move",
        f"p95 <= {_SHOWN_MS:.0f} ms",
        f"p95 {p95:.0f} ms",
        p95 <= _SHOWN_MS and len(took) == len(expected),
        note=f"p50 {percentile(took, 50):.0f}, max {max(took):.0f}; {seen}; p50 of {verbs}",
    )


def _answer_row(given: Sequence[Mapping[str, Any]]) -> Row:
    took = [each["took_ms"] for each in given]
    return Row(
        "order -> answer, when it is in journal and audit trail",
        "",
        f"p95 {percentile(took, 95):.0f} ms",
        note=f"p50 {percentile(took, 50):.0f}, max {max(took):.0f}; {len(took)} requests",
    )
