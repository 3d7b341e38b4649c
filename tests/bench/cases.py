"""Measurement: the table of cases on the duty console with as many open cases as a district has at its worst."""

import itertools
import json
import secrets
import time
from collections.abc import Iterator, Mapping
from typing import Any

from playwright.sync_api import Browser

from layouts import ids
from tests.bench.browser import Sheet, console_sheet
from tests.bench.processes import wait_until
from tests.bench.report import CannotMeasure, Row, percentile
from tests.bench.sender import Sender, iso
from tests.bench.wall import Wall

_BODY = 1_000
_FOLDED_S = 120.0
_GIVE_UP_MS = 10_000
_CASES_KEY = "3"
_JUMPS_MS = 500.0
_FRAMES_PER_S = 30.0  # fewer do not look like movement
_WHEEL_PX, _WHEEL_EVERY_MS = 240, 40

_TOTAL = f"""() => Number(document.getElementById("{ids.DUTY_CASES_NOTE}").textContent.replace(/\\D/g, ""))"""
_ASK_AGAIN = f"""() => window.dash_ag_grid.getApi("{ids.DUTY_CASES_GRID}").refreshInfiniteCache()"""
# Jump to a row; answers after how many ms that row can be read, or null.
_JUMP = f"""(place) => new Promise((resolve) => {{
    const began = performance.now();
    window.dash_ag_grid.getApi("{ids.DUTY_CASES_GRID}").ensureIndexVisible(place, "middle");
    const look = () => {{
        const row = document.querySelector(`#{ids.DUTY_CASES_GRID} .ag-row[row-index="${{place}}"] .case-title`);
        const took = performance.now() - began;
        if (row && row.textContent) resolve(took);
        else if (took > {_GIVE_UP_MS}) resolve(null);
        else requestAnimationFrame(look);
    }};
    requestAnimationFrame(look);
}})"""
_WATCH_FRAMES = """() => {
    bench.frames = [];
    const frame = (atMs) => bench.frames.push(atMs) && requestAnimationFrame(frame);
    requestAnimationFrame(frame);
}"""


def measure(browser: Browser, wall: Wall, count: int, seconds: float) -> list[Row]:
    """Rows of jumping and of scrolling through so many open cases."""
    _report(wall, count)
    with console_sheet(browser, wall.url, wall.officer(f"desk-{secrets.token_hex(2)}")) as page:
        page.page.keyboard.press(_CASES_KEY)
        total = _all_there(page, count)
        return [_jump_row(page, total), _scroll_row(page, total, seconds)]


def _report(wall: Wall, count: int) -> None:
    sender, run = Sender(wall.port, wall.token), secrets.token_hex(3)
    rows = list(_cases(wall, count, run))
    for start in range(0, count, _BODY):
        sender.insist("cases", json.dumps(rows[start : start + _BODY]).encode())


def _cases(wall: Wall, count: int, run: str) -> Iterator[Mapping[str, Any]]:
    """Open cases of the last day, everywhere and of every item."""
    district = wall.district
    items, places, now = list(district.items) or [""], district.communities, time.time()
    for number in range(count):
        place = places[number % len(places)]
        yield {
            "id": f"{run}-{number}",
            "reported_at": iso(now - number * 86_400 / count),
            "item": items[number % len(items)],
            "title": f"道路破损 {number}",
            "lat": place.lat,
            "lon": place.lon,
        }


def _all_there(page: Sheet, count: int) -> int:
    def is_there() -> bool:
        page.page.evaluate(_ASK_AGAIN)
        page.page.wait_for_timeout(1_000)
        return int(page.page.evaluate(_TOTAL)) >= count

    wait_until(lambda: page.page.evaluate(_TOTAL), _FOLDED_S, "the table of cases")
    wait_until(is_there, _FOLDED_S, f"{count:,} cases in the table")
    return int(page.page.evaluate(_TOTAL))


def _jump_row(page: Sheet, total: int) -> Row:
    took: list[float] = []
    for place in range(20):
        found = page.page.evaluate(_JUMP, total * ((place * 7 + 3) % 20) // 20)
        if found is None:
            raise CannotMeasure("a row of the table does not come")
        took.append(found)
    p95 = percentile(took, 95)
    return Row(
        f"{total:,} open cases: a jump to any row of the table",
        f"p95 <= {_JUMPS_MS:.0f} ms",
        f"p95 {p95:.0f} ms",
        p95 <= _JUMPS_MS,
        note=f"p50 {percentile(took, 50):.0f}, max {max(took):.0f}; {len(took)} jumps, each a page from the server",
    )


def _scroll_row(page: Sheet, total: int, seconds: float) -> Row:
    page.page.hover(f"#{ids.DUTY_CASES_GRID} .ag-row")
    page.page.evaluate(_WATCH_FRAMES)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        page.page.mouse.wheel(0, _WHEEL_PX)
        page.page.wait_for_timeout(_WHEEL_EVERY_MS)
    frames: list[float] = page.page.evaluate("bench.frames")
    gaps = [later - earlier for earlier, later in itertools.pairwise(frames)]
    per_s = len(gaps) / ((frames[-1] - frames[0]) / 1000)
    return Row(
        f"{total:,} open cases: frames while the table scrolls",
        f">= {_FRAMES_PER_S:.0f}/s",
        f"{per_s:.0f}/s",
        per_s >= _FRAMES_PER_S,
        note=f"gap between frames p95 {percentile(gaps, 95):.0f}, max {max(gaps):.0f} ms; for {seconds:.0f} s",
    )
