"""A replay in a real browser, on the whole product as real processes."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from dashboard.access import Role
from tests.running import Running

pytestmark = pytest.mark.browser

_LEGIBILITY = Path(__file__).parents[1] / "assets" / "legibility.js"
HERE = {"lat": 22.5790, "lon": 113.8915}
MARKS = (".replay-plate", ".replay-frame", ".replay-watermark", ".time-bar")
GAP_S = 14.0


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A product with some history: an incident of a while ago, then a stretch in which nobody led."""
    with Running(tmp_path_factory.mktemp("replay"), demonstration="false", checkpoint_s="5") as running:
        yield running


@pytest.fixture(scope="module")
def history(running: Running) -> dict[str, float]:
    """What happened when, epoch milliseconds."""
    times = {"before": time.time() * 1000}
    time.sleep(4)  # life goes on at its own pace: a replay needs a past
    times["reported"] = time.time() * 1000
    reported_at = now()
    report(running, "past", "回放中的火灾", reported_at=reported_at)
    time.sleep(4)
    times["open"] = time.time() * 1000
    time.sleep(1)
    report(running, "past", "回放中的火灾", revision=1, reported_at=reported_at, closed_at=now())
    time.sleep(4)
    engine = running.pid("engine")
    os.kill(engine, signal.SIGSTOP)
    time.sleep(GAP_S)
    times["gap"] = time.time() * 1000 - 4000
    os.kill(engine, signal.SIGCONT)
    running.wait_for(running.is_ready, "it does not lead again")
    time.sleep(4)
    return times


class Screen:
    """A page that notes what the browser complains of."""

    def __init__(self, browser: Browser, running: Running, path: str, token: str, size: tuple[int, int]) -> None:
        context = browser.new_context(viewport={"width": size[0], "height": size[1]})
        context.add_cookies([running.cookie(token)])  # type: ignore[list-item]
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda said: said.type == "error" and self.complaints.append(said.text))
        self.page.goto(f"{running.url}{path}")
        self.wait(lambda: bool(self.page.locator(".wall, .duty").count()), "no screen")

    def wait(self, condition: Callable[[], bool], why: str, most_s: float = 30.0) -> None:
        give_up_at = time.monotonic() + most_s
        while not condition():
            text = self.page.inner_text("body")[:1500]
            assert time.monotonic() < give_up_at, f"{why}; the page says: {text}; {self.complaints}"
            self.page.wait_for_timeout(50)

    def evaluate(self, script: str, value: Any = None) -> Any:
        return self.page.evaluate(script, value)

    def settle(self) -> None:
        """Wait until the replay has come where it was sent."""
        is_there = "wall.replay.isOn() && (wall.replay.notice()?.state ?? '') !== 'seeking'"
        self.wait(lambda: bool(self.evaluate(is_there)), "it does not get there")
        self.wait(lambda: self.evaluate("wall.replay.notice()?.state") != "error", "trouble")

    def seek(self, at_ms: float) -> None:
        self.evaluate("(at) => wall.replay.seek(at)", at_ms)
        self.settle()

    def is_replay(self) -> bool:
        shown = [self.page.locator(css).first.is_visible() for css in MARKS]
        assert len(set(shown)) == 1, shown
        return shown[0]

    def sees(self, text: str) -> bool:
        return text in self.page.inner_text("body")


@pytest.fixture(scope="module")
def token(running: Running) -> str:
    return running.officer("replay", Role.COMMANDER)


@pytest.fixture
def wall(browser: Browser, running: Running, history: dict[str, float], token: str) -> Iterator[Screen]:
    screen = Screen(browser, running, "/wall", token, (1920, 1080))
    screen.wait(lambda: screen.evaluate("wall.stats().epoch") > 0, "no snapshot")
    yield screen
    screen.page.context.close()


def now(after_s: float = 0.0) -> str:
    return (datetime.now(UTC) + timedelta(seconds=after_s)).isoformat()


def report(running: Running, name: str, title: str, **fields: Any) -> None:
    incident = {"id": name, "kind": "fire", "level": 2, "title": title, "reported_at": now(), **HERE, **fields}
    status, answer = running.post("incidents", [incident])
    assert status == 200, answer


def test_a_replay_shows_what_was_and_cannot_pass_for_live(wall: Screen, history: dict[str, float]) -> None:
    assert not wall.is_replay()
    assert not wall.sees("回放中的火灾")
    wall.seek(history["open"])
    wall.wait(lambda: wall.sees("回放中的火灾"), "the incident of then is not shown")
    assert wall.is_replay()
    assert "回放" in wall.page.title()
    assert "at=" in wall.page.url
    age_s = abs(wall.evaluate("wall.clock.nowMs()") - history["open"]) / 1000
    assert age_s < 60 < wall.evaluate("wall.clock.liveMs() - wall.clock.nowMs() + 50000") / 1000
    wall.page.keyboard.press("t")
    wall.wait(lambda: not wall.sees("回放中的火灾"), "what was is still shown")
    assert not wall.is_replay()
    assert "回放" not in wall.page.title()
    assert "at=" not in wall.page.url
    assert not wall.complaints


def test_it_pauses_steps_and_jumps_at_a_key(wall: Screen, history: dict[str, float]) -> None:
    wall.seek(history["reported"] - 2500)
    wall.page.keyboard.press("Space")
    wall.wait(lambda: wall.page.locator('.steer-play[data-state="paused"]').count() == 1, "it does not pause")
    before = wall.evaluate("wall.replay.nowMs()")
    wall.page.keyboard.press("+")
    wall.settle()
    assert 900 < wall.evaluate("wall.replay.nowMs()") - before < 1100
    wall.page.keyboard.press("n")
    next_at = history["reported"] + 1000
    wall.wait(lambda: abs(wall.evaluate("wall.replay.nowMs()") - next_at) < 500, "no next incident")
    wall.settle()
    wall.page.keyboard.press(">")
    assert wall.page.inner_text(".steer-speed") == "2×"
    assert not wall.complaints


def test_a_stretch_without_an_engine_says_so(wall: Screen, history: dict[str, float]) -> None:
    wall.seek(history["gap"])
    wall.wait(lambda: wall.sees("此时系统中断"), "the gap is not told")
    assert wall.page.locator('.replay-notice[data-state="gap"]').is_visible()


def test_before_history_nothing_is_shown_and_it_says_since_when_there_is(
    browser: Browser, running: Running, token: str, history: dict[str, float]
) -> None:
    screen = Screen(browser, running, "/wall?at=2020-01-01T10:00", token, (1920, 1080))
    try:
        screen.wait(lambda: screen.sees("此时刻没有存档，存档始于"), "the trouble is not told")
        assert screen.is_replay()
        assert screen.page.inner_text(".clock-time") == "10:00:00"
        assert not screen.page.locator(".kpi").first.is_visible()
        assert not screen.complaints
    finally:
        screen.page.context.close()


def test_what_is_no_moment_leads_to_the_live_wall_and_says_so(browser: Browser, running: Running, token: str) -> None:
    screen = Screen(browser, running, "/wall?at=noon", token, (1920, 1080))
    try:
        screen.wait(lambda: screen.sees("“noon”无法识别"), "it is not told")
        assert not screen.is_replay()
    finally:
        screen.page.context.close()


def test_on_the_console_nothing_can_be_done_in_a_replay(
    browser: Browser, running: Running, token: str, history: dict[str, float]
) -> None:
    screen = Screen(browser, running, "/duty", token, (1920, 1080))
    try:
        screen.wait(lambda: screen.evaluate("wall.duty.me() !== null"), "nobody says who this is")
        screen.page.keyboard.press("Shift+T")
        screen.wait(screen.is_replay, "no replay")
        screen.seek(history["open"])
        screen.wait(lambda: screen.sees("回放中的火灾"), "the incident of then is not shown")
        assert screen.evaluate("wall.dutyMay.whyNot('acknowledge')") == "回放中，不能操作"
        order = "wall.orders.send([{verb: 'acknowledge', target: 'test/past'}], '')"
        assert screen.evaluate(order)[0]["status"] == "refused"
        screen.page.keyboard.press("t")
        screen.wait(lambda: not screen.is_replay(), "it does not go back")
        screen.wait(lambda: screen.evaluate("wall.dutyMay.whyNot('register')") == "", "nothing can be done again")
        assert not screen.complaints
    finally:
        screen.page.context.close()


@pytest.mark.parametrize("size", [(3840, 2160), (1920, 1080)])
@pytest.mark.parametrize("path", ["/wall", "/wall?lang=en&theme=light", "/duty?lang=en", "/duty?theme=light"])
def test_a_replay_is_legible_and_fits(
    browser: Browser, running: Running, token: str, history: dict[str, float], path: str, size: tuple[int, int]
) -> None:
    screen = Screen(browser, running, path, token, size)
    try:
        screen.wait(lambda: bool(screen.evaluate("Boolean(window.wall?.replay && wall.live.centre())")), "no wall")
        screen.seek(history["open"])
        screen.wait(lambda: screen.evaluate("!document.querySelector('.is-seeking, .is-loading.head')"), "not shown")
        root_px = screen.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")
        check = _LEGIBILITY.read_text(encoding="utf-8")
        least_px = 0.69 * root_px if path.startswith("/duty") else 0.79 * root_px
        least = {"px": least_px, "contrast": 4.5, "large_contrast": 3.0}
        assert screen.evaluate(check[check.index("(least)") :], least) == []
        overflow = (
            "[document.documentElement.scrollWidth - innerWidth, document.documentElement.scrollHeight - innerHeight]"
        )
        assert max(screen.evaluate(overflow)) <= 0
        cut = (
            "(() => { const row = document.querySelector('.steer-row'); return row.scrollWidth - row.clientWidth; })()"
        )
        assert screen.evaluate(cut) <= 1
    finally:
        screen.page.context.close()
