"""The browser: a headless Chromium at the size of a wall, with the watching script in each of its pages."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright
from playwright.sync_api import Error as BrowserError

from layouts import ids
from tests import chromium
from tests.bench.processes import wait_until
from tests.bench.report import CannotMeasure

SIZE = {"width": 1920, "height": 1080}
_SCRIPTS = [Path(__file__).with_name(name) for name in ("watch.js", "watch_orders.js")]
_SHOWN_S = 60.0

# The whole wall is there: nothing still loads, and positions are on the map.
_IS_SHOWN = f"""() => {{
    const wall = document.getElementById("{ids.WALL}");
    return wall && !wall.classList.contains("is-connecting")
        && document.querySelector("[data-panel]") && !document.querySelector("[data-panel].is-loading")
        && window.wall.stats().units > 0 && window.wall.stats().sourceMs > 0;
}}"""
# The console is there and knows who sits at it.
_IS_CONSOLE = f"""() => {{
    const duty = document.getElementById("{ids.DUTY}");
    return duty && !duty.classList.contains("is-connecting") && window.wall.duty.me()
        && !document.querySelector("#{ids.duty_panel("queue")}.is-loading");
}}"""
_MISSING = """() => [...document.querySelectorAll("[data-panel].is-loading")]
    .map((panel) => panel.id).join(" ") + " stats " + JSON.stringify(window.wall?.stats?.() ?? null)"""
_SWITCH_ON_ONE = """() => document.querySelector(".legend input[type=checkbox]:not(:checked)")?.click()"""
_ALL_ON = """() => document.querySelectorAll(".legend input[type=checkbox]").length > 5
    && !document.querySelector(".legend input[type=checkbox]:not(:checked)")"""


@contextlib.contextmanager
def browsing() -> Iterator[Browser]:
    """A browser for the length of a block."""
    found = chromium.path()
    if found is None:
        raise CannotMeasure("no Chromium found; `make test-tools` installs one")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=chromium.FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Sheet:
    """One page and what it has noted."""

    page: Page
    _tools: CDPSession | None = None

    @property
    def updates(self) -> list[tuple[float, float, float]]:
        """(newest source ms, seen ms, painted ms) of each change so far."""
        return [tuple(each) for each in self.page.evaluate("bench.updates")]

    @property
    def sights(self) -> dict[str, float]:
        """When each awaited text was first visible, epoch ms."""
        return dict(self.page.evaluate("bench.sights"))

    @property
    def units(self) -> int:
        """How many units the page knows."""
        return int(self.page.evaluate("window.wall?.stats?.().units ?? 0"))

    @property
    def gaps(self) -> int:
        """How many holes in the sequence the page saw."""
        return int(self.page.evaluate("window.wall?.stats?.().gaps ?? 0"))

    def watch_positions(self) -> None:
        """Note each change of the applied positions from now on."""
        self.page.evaluate("bench.watchPositions()")

    def watch_texts(self) -> None:
        """Note when texts of send_incidents become visible from now on."""
        self.page.evaluate("bench.watchTexts()")

    def watch_orders(self, is_console: bool) -> None:
        """Note when what the calls of send_orders bring about becomes visible from now on."""
        self.page.evaluate("bench.watchOrders", is_console)

    def leave_orders(self) -> None:
        """Look no longer at new calls."""
        self.page.evaluate("bench.stopOrders()")

    def reaction(self, key: str, is_shown: str) -> tuple[float, float] | None:
        """Press a key: ms to the first frame in which `is_shown(before)` holds and to the frame after; None: never."""
        self.page.evaluate(f"() => {{ bench.awaitKey({is_shown}); }}")
        self.page.keyboard.press(key)
        found = self.page.evaluate("bench.reaction")
        return (found[0], found[1]) if found else None

    @property
    def key_events(self) -> list[float]:
        """Ms from each key to the next paint as the browser itself says."""
        return list(self.page.evaluate("bench.keyEvents"))

    def watch_shown(self, is_shown: str = _IS_SHOWN) -> None:
        """Note when the whole wall, or another page, is there."""
        self.page.evaluate(f"bench.watchShown({is_shown})")

    def shown_ms(self) -> float:
        """When the whole wall was there, epoch ms; 0: not yet."""
        return float(self.page.evaluate("bench.shownMs"))

    def wait_shown(self, timeout_s: float = _SHOWN_S, is_shown: str = _IS_SHOWN) -> None:
        """Wait until the whole wall, or another page, is there."""
        self.watch_shown(is_shown)
        try:
            wait_until(self.shown_ms, timeout_s, "the page to be shown in full", every_s=0.1)
        except CannotMeasure as error:
            raise CannotMeasure(f"{error} ({self._what_is_missing()})") from None

    def all_layers_on(self) -> None:
        """Switch on what is off on the map, and see that it is."""
        for _ in range(10):  # each click is a round through Dash; two in one breath can miss each other
            self.page.evaluate(_SWITCH_ON_ONE)
            self.page.wait_for_timeout(200)
            if self.page.evaluate(_ALL_ON):
                return
        raise CannotMeasure("not every layer of the map could be switched on")

    def busy_s(self) -> float:
        """Seconds that the main thread has worked so far."""
        if self._tools is None:
            self._tools = self.devtools()
            self._tools.send("Performance.enable")
        return numbers(self._tools.send("Performance.getMetrics"))["TaskDuration"]

    def devtools(self) -> CDPSession:
        """The page's debugging protocol."""
        return self.page.context.new_cdp_session(self.page)

    def _what_is_missing(self) -> str:
        return str(self.page.evaluate(_MISSING))


@contextlib.contextmanager
def sheet(browser: Browser, url: str, session: str = "") -> Iterator[Sheet]:
    """A new page at an address, for the length of a block; as whoever has the token of a session."""
    context = browser.new_context(viewport=SIZE)
    if session:
        context.add_cookies([{"name": "wall-session", "value": session, "url": url, "sameSite": "Strict"}])
    try:
        page = context.new_page()
        for script in _SCRIPTS:
            page.add_init_script(path=script)
        try:
            page.goto(url, wait_until="commit")
            page.wait_for_load_state()
        except BrowserError as error:
            raise CannotMeasure(f"the page did not load: {str(error).splitlines()[0]}") from error
        yield Sheet(page)
    finally:
        context.close()


@contextlib.contextmanager
def wall_sheet(browser: Browser, url: str) -> Iterator[Sheet]:
    """The wall with all layers on, once it is shown in full."""
    with sheet(browser, f"{url}/wall") as shown:
        shown.wait_shown()
        shown.all_layers_on()
        yield shown


@contextlib.contextmanager
def console_sheet(browser: Browser, url: str, session: str) -> Iterator[Sheet]:
    """The duty console of an officer, once all its panes are shown and it knows who sits there."""
    with sheet(browser, f"{url}/duty", session) as shown:
        shown.wait_shown(is_shown=_IS_CONSOLE)
        yield shown


def numbers(metrics: dict[str, Any]) -> dict[str, float]:
    """The answer of Performance.getMetrics by name."""
    return {each["name"]: float(each["value"]) for each in metrics["metrics"]}
