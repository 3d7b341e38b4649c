"""Measurement: from `python app.py` on an empty data folder to the first full wall."""

import time

from playwright.sync_api import Browser

from tests.bench.browser import sheet
from tests.bench.processes import wait_until
from tests.bench.report import Row
from tests.bench.wall import Wall, running

_SHOWN_S = 8.0
_GIVE_UP_S = 60.0


def measure(browser: Browser, times: int) -> list[Row]:
    """One row; each start is of a new data folder and a browser without a cache."""
    took = []
    answered = []
    for _ in range(times):
        with running(is_demonstration=True, must_be_ready=False) as wall:
            wait_until(lambda wall=wall: _answers(wall), _GIVE_UP_S, "the wall to answer", every_s=0.05)
            answered.append(time.time() - wall.started_ms / 1000)
            with sheet(browser, f"{wall.url}/wall") as page:
                page.wait_shown(_GIVE_UP_S)
                took.append((page.shown_ms() - wall.started_ms) / 1000)
    return [
        Row(
            "cold start: python app.py -> first full wall",
            f"<= {_SHOWN_S:.0f} s",
            f"{max(took):.1f} s",
            max(took) <= _SHOWN_S,
            note=f"worst of {times}; answers after {max(answered):.1f} s; empty folder, demonstration day",
        )
    ]


def _answers(wall: Wall) -> bool:
    wall.must_live()
    try:
        return wall.get("/healthz")[0] == 200
    except OSError:
        return False
