"""The past before an edit of the district in a real browser, on the whole product as real processes."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser

from dashboard.access import Role
from tests.browser.test_replay import Screen, now
from tests.feeds import small_district
from tests.running import Running

pytestmark = pytest.mark.browser

HERE = (22.6001, 113.9001)
UNITS = [f"VO{number:03d}" for number in range(12)]
_SHOWN = """() => {
  const { units, callSigns } = wall.map.units().data;
  return [...units.known.slice(0, units.count)].map((place) => callSigns[place]).sort();
}"""


@dataclass
class Past:
    """A product whose district was edited, and moments of before and behind the edit, epoch milliseconds."""

    running: Running
    token: str
    before: float
    behind: float


def live(running: Running, units: list[str], seconds: float) -> None:
    """Units move for so long, and one incident is reported."""
    report = {"id": units[0], "kind": "fire", "level": 2, "title": f"火灾{units[0]}", "reported_at": now()}
    assert running.post("incidents", [report | {"lat": HERE[0], "lon": HERE[1]}])[0] == 200
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        rows = [
            {"unit": unit, "at": now(), "lat": HERE[0] + 0.0007 * (place // 4), "lon": HERE[1] + 0.0007 * (place % 4)}
            for place, unit in enumerate(units)
        ]
        assert running.post("fixes", rows)[0] == 200
        time.sleep(0.5)


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Past]:
    folder, data = tmp_path_factory.mktemp("district"), tmp_path_factory.mktemp("edited")
    small_district.write(folder)
    settings = {"district": str(folder), "demonstration": "false", "checkpoint_s": "5", "archive_every_s": "2"}
    with Running(data, **settings) as first:
        live(first, UNITS, 12)
        before = time.time() * 1000 - 1500
    small_district.edit(folder)
    with Running(data, **settings) as second:
        live(second, ["NEW1", *UNITS[:3]], 6)
        token = second.officer("past", Role.COMMANDER, centre="D")
        yield Past(second, token, before, time.time() * 1000 - 4000)


@pytest.fixture
def wall(browser: Browser, past: Past) -> Iterator[Screen]:
    screen = Screen(browser, past.running, "/wall", past.token, (1920, 1080))
    screen.loads = 0
    screen.page.on("load", lambda _: setattr(screen, "loads", screen.loads + 1))
    screen.wait(lambda: screen.evaluate("wall.stats().units") > 0, "no units")
    yield screen
    screen.page.context.close()


def test_before_an_edit_the_map_and_the_panels_are_those_of_then_and_live_again_those_of_now(
    wall: Screen, past: Past
) -> None:
    live_units = ["NEW1", *UNITS[:3]]
    wall.wait(lambda: wall.evaluate(_SHOWN) == sorted(live_units), "not the units of now")
    assert wall.page.locator('[data-still="camera"]').inner_text() == "13"
    wall.seek(past.before)
    wall.wait(lambda: wall.evaluate(_SHOWN) == UNITS, "not the units of then")
    wall.wait(lambda: wall.sees("火灾VO000"), "no incident")
    assert not wall.sees("火灾NEW1")
    assert wall.page.locator('[data-still="camera"]').inner_text() == "12"
    wall.seek(past.behind)
    wall.wait(lambda: wall.evaluate(_SHOWN) == sorted(live_units), "not the units behind the edit")
    wall.seek(past.before)
    wall.wait(lambda: wall.evaluate(_SHOWN) == UNITS, "not the units of then again")
    wall.page.keyboard.press("t")
    wall.wait(lambda: not wall.is_replay(), "it does not go back")
    wall.wait(lambda: wall.sees("火灾NEW1"), "what is now is not shown")
    wall.wait(lambda: wall.evaluate(_SHOWN) == sorted(live_units), "not the units of now again")
    wall.wait(lambda: wall.page.locator('[data-still="camera"]').inner_text() == "13", "not the cameras of now")
    assert wall.loads == 0
    assert wall.evaluate("wall.stats().gaps") == 0
    assert not wall.complaints


def test_a_page_may_begin_before_the_edit(browser: Browser, past: Past) -> None:
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(past.before / 1000))
    screen = Screen(browser, past.running, f"/wall?at={at}", past.token, (1920, 1080))
    try:
        screen.wait(lambda: screen.evaluate(_SHOWN) == UNITS, "not the units of then")
        assert screen.is_replay()
        assert screen.page.locator('[data-still="camera"]').inner_text() == "12"
        assert not screen.complaints
    finally:
        screen.page.context.close()


def test_a_centre_that_was_not_there_then_is_told(browser: Browser, past: Past) -> None:
    screen = Screen(browser, past.running, "/wall?centre=P1", past.token, (1920, 1080))
    try:
        screen.wait(lambda: screen.evaluate("wall.stats().epoch") > 0, "no snapshot")
        screen.evaluate("(at) => wall.replay.seek(at)", past.before)
        screen.wait(lambda: screen.sees("此时刻尚无本中心"), "it is not told")
        assert not screen.page.locator(".kpi").first.is_visible()
        screen.seek(past.behind)
        screen.wait(lambda: screen.page.locator(".kpi").first.is_visible(), "it is not shown behind the edit")
        assert not screen.complaints
    finally:
        screen.page.context.close()
