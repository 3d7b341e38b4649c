"""The wall in a real browser, on the whole product as real processes."""

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.running import Running

pytestmark = pytest.mark.browser

_LEGIBILITY = Path(__file__).parents[1] / "assets" / "legibility.js"
HERE = {"lat": 22.5790, "lon": 113.8915}
BELOW_IT = {"lat": 22.5715, "lon": 113.8915}  # some 800 m away


@pytest.fixture(scope="module")
def wall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with Running(tmp_path_factory.mktemp("wall"), demonstration="false") as running:
        yield running


@pytest.fixture(scope="module")
def living(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The demonstration day."""
    with Running(tmp_path_factory.mktemp("living")) as running:
        yield running


class Screen:
    """A page of the wall that notes what the browser complains of."""

    def __init__(self, browser: Browser, wall: Running, query: str = "", size: tuple[int, int] = (1920, 1080)) -> None:
        self.page: Page = browser.new_page(viewport={"width": size[0], "height": size[1]})
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._note)
        wall.wait_for(wall.is_ready, "the web process is not ready")
        self.page.goto(f"{wall.url}/wall{query}")
        self.wait(lambda: self.stats()["epoch"] > 0, "no snapshot")

    def _note(self, message: Any) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def stats(self) -> dict[str, Any]:
        answer: dict[str, Any] = self.page.evaluate("window.wall && wall.stats ? wall.stats() : {epoch: 0}")
        return answer

    def text(self) -> str:
        return self.page.inner_text("body")

    def wait(self, condition: Callable[[], bool], why: str, most_s: float = 20.0) -> None:
        give_up_at = time.monotonic() + most_s
        while not condition():
            assert time.monotonic() < give_up_at, f"{why}; the page says: {self.text()[:2000]}; {self.complaints}"
            time.sleep(0.1)

    def close(self) -> None:
        self.page.close()


@pytest.fixture
def screen(browser: Browser, wall: Running) -> Iterator[Screen]:
    shown = Screen(browser, wall)
    yield shown
    shown.close()


def now(after_s: float = 0.0) -> str:
    return (datetime.now(UTC) + timedelta(seconds=after_s)).isoformat()


def send(wall: Running, kind: str, *rows: dict[str, Any]) -> None:
    status, answer = wall.post(kind, list(rows))
    assert status == 200, answer
    assert answer["refused"] == 0, answer


def call_sign(wall: Running, tier: int) -> str:
    import gzip

    roster = json.loads(gzip.decompress(wall.get("/wall/roster.json")[1]))
    return next(name for name, each in zip(roster["call_signs"], roster["tiers"], strict=True) if each == tier)


def test_an_incident_appears_gets_its_unit_by_geofence_and_goes(wall: Running, screen: Screen) -> None:
    police = call_sign(wall, 2)
    send(wall, "fixes", {"unit": police, "at": now(-40), **BELOW_IT})
    fire = {"id": "browser-1", "kind": "fire", "level": 2, "title": "测试火灾一号", "reported_at": now(-30), **HERE}
    send(wall, "incidents", fire)
    screen.wait(lambda: "测试火灾一号" in screen.text(), "the incident did not appear", 5)
    screen.wait(lambda: police in screen.text(), "no candidate was offered", 5)
    send(wall, "fixes", {"unit": police, "at": now(-2), **HERE})
    screen.wait(lambda: "围栏" in screen.text(), "the arrival was not seen", 5)
    send(wall, "incidents", {**fire, "revision": 1, "closed_at": now()})
    screen.wait(lambda: "测试火灾一号" not in screen.text(), "the incident did not go", 5)
    assert not screen.complaints


def test_hostile_text_is_shown_as_text(wall: Running, screen: Screen) -> None:
    evil = '<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>{{7*7}}'
    camera = {"id": "evil", "kind": evil[:60], "level": 2, "at": now(), "title": evil, **HERE}
    send(wall, "alerts", camera)
    send(wall, "incidents", {"id": "evil", "kind": "fire", "level": 3, "title": evil, "reported_at": now(), **HERE})
    screen.wait(lambda: "<img src=x onerror" in screen.text(), "the text did not appear", 5)
    assert screen.page.title() != "owned"
    assert screen.page.locator("img[src='x']").count() == 0
    send(
        wall,
        "incidents",
        {"id": "evil", "kind": "fire", "level": 3, "revision": 1, "reported_at": now(-9), "closed_at": now(), **HERE},
    )


def test_a_touch_locks_the_map_and_a_key_frees_it(screen: Screen) -> None:
    tools = screen.page.locator('[data-live="locked"]')
    assert not tools.is_visible()
    box = screen.page.locator(".leaflet-container").bounding_box()
    assert box
    screen.page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + box["height"] / 2)
    screen.page.mouse.down()
    screen.page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + box["height"] / 2, steps=5)
    screen.page.mouse.up()
    screen.wait(tools.is_visible, "a touch did not lock the map", 5)
    screen.page.keyboard.press("f")
    screen.wait(lambda: not tools.is_visible(), "the map was not freed", 5)


def test_a_scope_is_one_click_away_and_so_is_the_way_back(wall: Running, screen: Screen) -> None:
    send(wall, "cases", {"id": "scope", "reported_at": now(-5), "title": "范围测试", **HERE})
    screen.page.locator('[data-centre="440306017"]').first.click()
    screen.wait(lambda: "centre=440306017" in screen.page.url, "the address does not name the centre", 5)
    back = screen.page.locator('[data-act="back"]')
    screen.wait(back.is_visible, "no way back", 5)
    back.click()
    screen.wait(lambda: not back.is_visible(), "the district did not come back", 5)
    assert screen.stats()["gaps"] == 0


def test_positions_reach_the_map(wall: Running, screen: Screen) -> None:
    before = screen.stats()
    stamp = time.time() * 1000
    send(wall, "fixes", {"unit": call_sign(wall, 0), "at": now(), **HERE})
    screen.wait(lambda: screen.stats()["sourceMs"] >= stamp - 1, "the position did not arrive", 5)
    assert screen.stats()["appliedMs"] >= screen.stats()["sourceMs"] - 1000
    assert screen.stats()["seq"] > before["seq"]
    assert screen.stats()["gaps"] == 0


@pytest.mark.fault
@pytest.mark.parametrize("name", ["web", "engine", "valkey"])
def test_a_page_that_stays_open_is_whole_again_within_ten_seconds(wall: Running, screen: Screen, name: str) -> None:
    unit = call_sign(wall, 0)
    wall.kill(name)
    began = time.monotonic()
    sent = 0.0

    def is_back() -> bool:
        nonlocal sent
        if time.monotonic() - sent > 0.5:
            sent = time.monotonic()
            try:
                wall.post("fixes", [{"unit": unit, "at": now(), **HERE}])
            except OSError:
                return False
        return bool(screen.stats()["sourceMs"] > (stamp) and not screen.page.locator(".wall.is-dead").count())

    stamp = time.time() * 1000
    screen.wait(is_back, f"the picture did not come back after {name} was killed", 10)
    assert time.monotonic() - began < 11


@pytest.mark.fault
def test_a_wall_without_a_server_is_visibly_dead_within_ten_seconds(wall: Running, screen: Screen) -> None:
    os.kill(wall.supervisor, signal.SIGSTOP)
    try:
        os.kill(wall.pid("web"), signal.SIGKILL)
        screen.wait(lambda: "连接" in screen.text() and "中断" in screen.text(), "no banner", 10)
    finally:
        os.kill(wall.supervisor, signal.SIGCONT)
    screen.wait(lambda: not screen.page.locator(".banner:visible").count(), "the banner stays", 15)


@pytest.mark.fault
def test_a_frozen_engine_is_told_from_a_calm_district(wall: Running, screen: Screen) -> None:
    engine = wall.pid("engine")
    os.kill(engine, signal.SIGSTOP)
    try:
        screen.wait(lambda: screen.page.locator(".banner:visible").count() > 0, "no banner", 14)
    finally:
        os.kill(engine, signal.SIGCONT)
    screen.wait(lambda: not screen.page.locator(".banner:visible").count(), "the banner stays", 15)


@pytest.mark.parametrize("query", ["?lang=zh", "?lang=en&theme=light", "?centre=440306017"])
def test_the_living_wall_is_full_legible_and_without_complaint(browser: Browser, living: Running, query: str) -> None:
    screen = Screen(browser, living, query, (3840, 2160))
    try:
        screen.wait(lambda: screen.stats()["units"] > 3000, "no units", 20)
        root_px = screen.page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")
        check = _LEGIBILITY.read_text(encoding="utf-8")
        check = check[check.index("(least)") :]
        faults = screen.page.evaluate(check, {"px": 0.79 * root_px, "contrast": 4.5, "large_contrast": 3.0})
        assert faults == []
        assert root_px >= 38
        overflow = screen.page.evaluate(
            "[document.documentElement.scrollWidth - innerWidth, document.documentElement.scrollHeight - innerHeight]"
        )
        assert max(overflow) <= 0
        assert not screen.complaints
    finally:
        screen.close()
