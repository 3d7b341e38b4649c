"""Measurement: how soon an open page is live again after each process was killed, the page untouched."""

import os
import signal
import time
from collections.abc import Sequence

import numpy as np
from playwright.sync_api import Browser

from layouts import ids
from tests.bench.browser import Sheet, wall_sheet
from tests.bench.processes import wait_until
from tests.bench.report import CannotMeasure, Row
from tests.bench.wall import Wall

ROLES = ("state", "engine", "feeds", "web")
_BACK_S = 10.0
_GIVE_UP_S = 25.0
_STEADY_S = 3.0  # so long it must have gone on well before it counts as back
_UNUSUAL_MS = 2_000.0  # the simulated day moves each second: a longer gap between two updates is a silence
_SAME_UNITS = 0.97  # some were silent anyway
_NAMES = {"state": "state server", "engine": "engine", "feeds": "feeds", "web": "web"}

_IS_LIVE = f"""() => !["is-dead", "is-connecting"].some(
    (state) => document.getElementById("{ids.WALL}").classList.contains(state))"""


def measure(browser: Browser, wall: Wall, settle_s: float, roles: Sequence[str] = ROLES) -> list[Row]:
    """A row for each process; the wall must simulate its day, so that every process is needed."""
    with wall_sheet(browser, wall.url) as page:
        page.watch_positions()
        wait_until(lambda: len(page.updates) > 2, _GIVE_UP_S, "positions to move", every_s=0.2)
        time.sleep(settle_s)
        return [row for role in roles for row in _rows(page, wall, role)]


def _rows(page: Sheet, wall: Wall, role: str) -> list[Row]:
    """One row; two where a process only minds another one that does the work: then each is killed."""
    family = wall.pids(role)
    if not family:
        raise CannotMeasure(f"no {role} process found")
    rows = [_row(page, wall, role, family[0], _NAMES[role])]
    if len(family) > 1:
        rows.append(_row(page, wall, role, wall.pids(role)[-1], f"{_NAMES[role]}'s worker"))
    return rows


def _row(page: Sheet, wall: Wall, role: str, pid: int, name: str) -> Row:
    units, family = page.units, wall.pids(role)
    killed_ms = time.time() * 1000
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: _is_replaced(wall, role, pid, len(family)), _GIVE_UP_S, f"a new {role} process")
    replaced_s = time.time() - killed_ms / 1000
    back_s = _back_s(page, killed_ms, units)
    return Row(
        f"kill -9 of the {name}: open page live again",
        f"<= {_BACK_S:.0f} s",
        f"{back_s:.1f} s" if back_s is not None else f"not within {_GIVE_UP_S:.0f} s",
        back_s is not None and back_s <= _BACK_S,
        note=f"new process after {replaced_s:.1f} s; {page.units:,} of {units:,} units",
    )


def _is_replaced(wall: Wall, role: str, pid: int, count: int) -> bool:
    now = wall.pids(role)
    return len(now) >= count and pid not in now


def _back_s(page: Sheet, killed_ms: float, units: int) -> float | None:
    give_up_at = time.monotonic() + _GIVE_UP_S
    while time.monotonic() < give_up_at:
        time.sleep(0.2)
        back_ms = _end_of_silence(page.updates, killed_ms)
        if back_ms is None or time.time() * 1000 - back_ms < _STEADY_S * 1000:
            continue
        if page.units >= units * _SAME_UNITS and page.page.evaluate(_IS_LIVE):
            return (back_ms - killed_ms) / 1000
    return None


def _end_of_silence(updates: Sequence[tuple[float, float, float]], killed_ms: float) -> float | None:
    """When the last unusual gap ended, by positions younger than the kill; None: it lasts."""
    fresh = [seen for source, seen, _ in updates if source > killed_ms]
    now_ms = time.time() * 1000
    if not fresh or now_ms - fresh[-1] > _UNUSUAL_MS:
        return None
    gaps = np.diff([killed_ms, *fresh])
    unusual = np.flatnonzero(gaps > _UNUSUAL_MS)
    return fresh[int(unusual[-1])] if len(unusual) else fresh[0]
