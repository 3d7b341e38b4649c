"""A whole emergency by two officers, a wall beside them: from the first ring to the close, and the record of it."""

import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from dashboard.district import load
from dashboard.journal import Journal
from dashboard.records import TIERS, Order, Tier
from dashboard.state_server import StateServer
from tests.running import Running

pytestmark = pytest.mark.browser

_ROOT = Path(__file__).parents[2]
_BAOAN = _ROOT / "dashboard" / "districts" / "baoan"
SCENE = (22.5790, 113.8915)
_METRE = 1 / 111_200  # degrees of latitude
_QUICK = """
[response]
fresh_s = 60
climb_s = [3, 40]
legs = [
    { tier = "volunteer", limit_s = 60, needed = 1 },
    { tier = "auxiliary", limit_s = 180, needed = 1 },
    { tier = "police", limit_s = 12, needed = 1 },
]
"""


def quick_district(folder: Path) -> Path:
    """The demonstration district with a police leg that is late within seconds."""
    shutil.copytree(_BAOAN, folder)
    head = (folder / "district.toml").read_text(encoding="utf-8")
    kept = head[: head.index("[response]")]
    (folder / "district.toml").write_text(kept + _QUICK, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    district = quick_district(tmp_path_factory.mktemp("district") / "quick")
    data = tmp_path_factory.mktemp("emergency")
    with Running(data, demonstration="false", district=str(district)) as running:
        yield running


class Seat:
    """One page: an officer's console, or the wall as a guest sees it."""

    def __init__(self, browser: Browser, product: Running, path: str, token: str = "") -> None:
        self.context: BrowserContext = browser.new_context(viewport={"width": 1920, "height": 1080})
        if token:
            self.context.add_cookies([product.cookie(token)])  # type: ignore[list-item]
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda message: self._note(message))
        self.page.goto(f"{product.url}{path}")
        self.wait(lambda: self.page.evaluate("window.wall && wall.stats ? wall.stats().epoch : 0") > 0, "no snapshot")

    def _note(self, message: Any) -> None:
        if message.type == "error" and "409 (CONFLICT)" not in message.text:  # browsers complain of every 4xx
            self.complaints.append(message.text)

    def text(self, where: str = "body") -> str:
        return self.page.inner_text(where)

    def wait(self, condition: Callable[[], bool], why: str, most_s: float = 15.0) -> float:
        """Wait until it holds; how long that took."""
        began = time.monotonic()
        while not condition():
            if time.monotonic() - began > most_s:
                raise AssertionError(f"{why}; the page says: {self.text()[:3000]}; {self.complaints}")
            time.sleep(0.02)
        return time.monotonic() - began

    def shows(self, text: str, where: str = "body", most_s: float = 15.0) -> float:
        return self.wait(lambda: re.search(text, self.text(where)) is not None, f"no {text!r} in {where}", most_s)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def done(self, text: str) -> None:
        """The console says that the server has taken it."""
        self.shows(text, ".foot-message")


class Scene:
    """Units around the scene, moved by their fixes."""

    def __init__(self, product: Running) -> None:
        self.product = product
        roster = load(_BAOAN).roster
        self.units = {
            tier: next(name for name, each in zip(roster.call_signs, roster.tier, strict=True) if TIERS[each] is tier)
            for tier in (Tier.VOLUNTEER, Tier.AUXILIARY, Tier.POLICE)
        }
        self.away_m = {Tier.VOLUNTEER: 200.0, Tier.AUXILIARY: 320.0, Tier.POLICE: 400.0}

    def send(self, kind: str, *rows: dict[str, Any]) -> None:
        status, answer = self.product.post(kind, list(rows))
        assert status == 200, answer
        assert answer["refused"] == 0, answer

    def report(self) -> None:
        """A fix of every unit, where it is now."""
        self.send("fixes", *(self._fix(tier) for tier in self.units))

    def accept(self, tier: Tier) -> None:
        """The unit's device says that it takes the order."""
        order = self.order_to(tier)
        self.send("replies", {"id": "r1", "order": order, "unit": self.units[tier], "at": now(), "state": "accepted"})

    def order_to(self, tier: Tier) -> str:
        """The id of the order that a unit was given."""
        entries = Journal(StateServer(self.product.data_dir, 1).url).records(b"0-0", 1, 10_000)
        orders = [entry.record for entry in entries if isinstance(entry.record, Order)]
        return next(order.id for order in orders if order.unit == self.units[tier])

    def _fix(self, tier: Tier) -> dict[str, Any]:
        lat = SCENE[0] - self.away_m[tier] * _METRE
        return {"unit": self.units[tier], "at": now(), "lat": lat, "lon": SCENE[1]}


def now(after_s: float = 0.0) -> str:
    return (datetime.now(UTC) + timedelta(seconds=after_s)).isoformat()


def verify(product: Running) -> subprocess.CompletedProcess[str]:
    environment = {**product.environment, "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, str(_ROOT / "app.py"), "audit", "verify"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_a_whole_emergency_from_the_first_ring_to_the_close(browser: Browser, product: Running) -> None:
    scene = Scene(product)
    scene.report()
    wall = Seat(browser, product, "/wall")
    li = Seat(browser, product, "/duty", product.officer("li", title="李值班"))
    wu = Seat(browser, product, "/duty", product.officer("wu", title="吴值班"))
    key = "test/E1"
    took: dict[str, float] = {}

    # The first ring.
    scene.send("incidents", incident())
    took["ring"] = wall.shows("沿街商铺起火", "#wall-panel-cards")
    li.shows("沿街商铺起火", "#duty-panel-queue")
    wu.shows("沿街商铺起火", "#duty-panel-queue")

    # One acknowledges, the other is told who and when.
    li.press("a")
    li.done("已确认|确认")
    took["acknowledge"] = wall.shows("已确认", "#wall-panel-cards")
    li.shows("李值班", "#duty-panel-incident")
    wu.page.evaluate(f"wall.dutyActs.give([{{ verb: 'acknowledge', target: '{key}' }}], '确认')")
    wu.done(r"李值班 宝安区 已于 \d\d:\d\d:\d\d")

    # Three tiers in two keystrokes.
    scene.report()
    li.wait(lambda: all(unit in li.text("#duty-panel-incident") for unit in scene.units.values()), "no candidates")
    li.press("d", "Enter")
    took["dispatch"] = wall.wait(
        lambda: all(f"{unit} →" in wall.text("#wall-panel-cards") for unit in scene.units.values()), "nobody under way"
    )

    # No route leads to these units, which is said; one of them answers by itself.
    li.shows("须电话或电台通知", "#duty-panel-incident")
    sent = li.page.evaluate("wall.duty.current.page().facts.sent.map((each) => each.unit)")
    assert set(sent) == set(scene.units.values())
    scene.accept(Tier.POLICE)
    li.shows("已接受", "#duty-panel-incident")

    # The volunteer crosses the geofence, the auxiliary reports, the police are late and the incident climbs.
    scene.away_m[Tier.VOLUNTEER] = 20.0
    scene.report()
    took["geofence"] = wall.shows("围栏", "#wall-panel-cards")
    scene.send("arrivals", {"id": "a1", "incident": key, "unit": scene.units[Tier.AUXILIARY], "at": now()})
    took["report"] = wall.shows("队员报到", "#wall-panel-cards")
    li.shows("已超时|超时", "#duty-panel-incident", 30)
    scene.report()
    li.shows("已升级至\\s*新安", "#duty-panel-incident", 20)
    scene.away_m[Tier.POLICE] = 10.0
    scene.report()
    took["late"] = wall.shows("迟到", "#wall-panel-cards")

    # The shift changes hands in the middle.
    hand_over(li, wu)

    # The new shift reports up, twice, and closes.
    wu.press("1")
    wu.page.evaluate(f"wall.duty.choose('{key}')")
    write_report(wu, "r")
    wu.shows("初报", "#duty-panel-incident")
    wu.press("x", "1", "Control+Enter")
    took["close"] = wall.shows("当前没有未结突发事件", "#wall-panel-cards")
    write_report(wu, "r", "Enter")
    wu.shows("终报", "#duty-panel-incident")

    print(json.dumps({name: round(seconds, 2) for name, seconds in took.items()}))
    assert median(took.values()) < 1.0, took
    assert max(took.values()) < 3.0, took
    checked = verify(product)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    for seat in (wall, li, wu):
        assert not seat.complaints
        seat.context.close()


def incident() -> dict[str, Any]:
    return {
        "id": "E1", "kind": "fire", "level": 2, "reported_at": now(), "lat": SCENE[0], "lon": SCENE[1],
        "title": "沿街商铺起火", "place": "裕安一路",
    }  # fmt: skip


def hand_over(gives: Seat, takes: Seat) -> None:
    """The one drafts, adds a note and signs; the other reads and signs."""
    gives.press("6", "d")
    gives.shows("交接班记录", "#duty-panel-shift")
    gives.shows("沿街商铺起火", "#duty-panel-shift")
    gives.press("h")
    gives.page.locator(".duty-dialog textarea").fill("商铺起火仍在处置")
    gives.press("Control+Enter")
    takes.press("6")
    takes.wait(lambda: takes.page.evaluate("wall.dutyMay.whyNot('take_over')") == "", "no handover to take")
    takes.press("t")
    takes.shows("商铺起火仍在处置", "#duty-panel-shift")
    takes.press("t")
    takes.done("签字接班|接班")
    takes.wait(lambda: takes.page.evaluate("wall.dutyMay.whyNot('take_over')") != "", "it is not taken")


def write_report(seat: Seat, *keys: str) -> None:
    """Fill every blank of the draft and send it; `keys` open the form."""
    seat.press(*keys)
    area = seat.page.locator(".duty-dialog textarea")
    area.wait_for()
    seat.wait(lambda: "【" in area.input_value(), "no draft")
    area.fill(re.sub(r"【[\s\u3000]*】", "无", area.input_value()))
    seat.press("Control+Enter")
    seat.wait(lambda: seat.page.locator(".duty-dialog:visible").count() == 0, "the report was not taken")
