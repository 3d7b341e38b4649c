"""The duty console in a real browser, on the whole product as real processes: people act with the keyboard alone."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from dashboard.access import Role
from dashboard.state_server import StateServer
from tests import people
from tests.running import Running

pytestmark = pytest.mark.browser

_LEGIBILITY = Path(__file__).parents[1] / "assets" / "legibility.js"
HERE = {"lat": 22.5790, "lon": 113.8915}
NEAR = {"lat": 22.5765, "lon": 113.8915}  # some 280 m away
SMALLEST_PX = 13
REACTION_MS = 100


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with Running(tmp_path_factory.mktemp("duty"), demonstration="false") as running:
        yield running


class Console:
    """One person's console; without a token it is a guest's."""

    def __init__(self, browser: Browser, running: Running, token: str = "", query: str = "") -> None:
        self.context: BrowserContext = browser.new_context(viewport={"width": 1920, "height": 1080})
        if token:
            self.context.add_cookies([{"name": "wall-session", "value": token, "url": running.url}])
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._note)
        self.page.goto(f"{running.url}/duty{query}")
        self.wait(lambda: bool(self.page.locator(".duty:not(.is-connecting)").count()), "no snapshot")
        self.wait(lambda: self.page.evaluate("wall.duty.me() !== null"), "nobody says who this is")
        offline = "wall.dutyMay.whyNot('register') === '与服务器失去连接'"  # it looks four times a second
        self.wait(lambda: not self.page.evaluate(offline), "the console thinks that it is alone")

    def _note(self, message: Any) -> None:
        if message.type == "error":
            self.complaints.append(f"{message.text} {message.location}")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def text(self) -> str:
        return self.page.inner_text("body")

    def message(self) -> str:
        return self.page.inner_text('[data-live="message"]')

    def sees(self, text: str, most_s: float = 10) -> None:
        self.wait(lambda: text in self.text(), f"{text} is not there", most_s)

    def choose(self, title: str) -> None:
        """Open an incident of the list."""
        self.sees(title)
        self.page.locator(".incident-list .task", has_text=title).first.click()
        self.wait(lambda: self.page.inner_text(".incident-title") == title, "another incident is shown", 5)

    def is_shut(self, act: str) -> bool:
        return self.page.locator(f'.incident [data-act="{act}"]').get_attribute("aria-disabled") == "true"

    def wait(self, condition: Callable[[], bool], why: str, most_s: float = 20.0) -> None:
        give_up_at = time.monotonic() + most_s
        while not condition():
            assert time.monotonic() < give_up_at, f"{why}; the page says: {self.text()[:2500]}; {self.complaints}"
            self.page.wait_for_timeout(50)

    def close(self) -> None:
        self.context.close()


@pytest.fixture(scope="module")
def tokens(running: Running) -> dict[str, str]:
    """Two officers of the district and one of a sub-district."""
    access = people.way_in(StateServer(running.data_dir, 1).url)
    who = {"li": ("440306", "值班员 李"), "wang": ("440306", "值班长 王"), "zhao": ("440306018", "值班员 赵")}
    return {name: people.let_in(access, name, Role.COMMANDER, *rest) for name, rest in who.items()}


@pytest.fixture
def li(browser: Browser, running: Running, tokens: dict[str, str]) -> Iterator[Console]:
    console = Console(browser, running, tokens["li"])
    yield console
    console.close()


@pytest.fixture
def wang(browser: Browser, running: Running, tokens: dict[str, str]) -> Iterator[Console]:
    console = Console(browser, running, tokens["wang"])
    yield console
    console.close()


def now(after_s: float = 0.0) -> str:
    return (datetime.now(UTC) + timedelta(seconds=after_s)).isoformat()


def send(running: Running, kind: str, *rows: dict[str, Any]) -> None:
    status, answer = running.post(kind, list(rows))
    assert status == 200, answer
    assert answer["refused"] == 0, answer


def report(running: Running, name: str, title: str, **fields: Any) -> None:
    """An incident comes in."""
    incident = {"id": name, "kind": "fire", "level": 2, "title": title, "reported_at": now(), **HERE}
    send(running, "incidents", {**incident, **fields})


def three_tiers_nearby(running: Running, console: Console) -> list[str]:
    """A fresh position for one unit of each tier, some way off."""
    roster = console.page.evaluate("fetch('/wall/roster.json').then((answer) => answer.json())")
    units = [
        next(sign for sign, each in zip(roster["call_signs"], roster["tiers"], strict=True) if each == tier)
        for tier in (0, 1, 2)
    ]
    send(running, "fixes", *({"unit": unit, "at": now(), **NEAR} for unit in units))
    return units


def test_an_incident_is_handled_from_ring_to_close_with_the_keyboard(running: Running, li: Console) -> None:
    units = three_tiers_nearby(running, li)
    report(running, "ring", "键盘处置火灾")
    li.choose("键盘处置火灾")
    li.press("a")
    li.sees("值班员 李（宝安区）")
    li.wait(lambda: not li.is_shut("dispatch"), "nobody can be sent")
    li.press("d", "Enter")
    li.wait(lambda: li.page.locator(".unit-row:visible").count() == 3, "the three tiers were not sent")
    assert all(unit in li.page.inner_text(".incident-units") for unit in units)
    li.press("v", "1")
    li.sees("席位确认")
    li.press("n")
    li.type("已通知消防")
    li.press("Control+Enter")
    li.wait(lambda: "已通知消防" in li.page.inner_text(".deeds"), "the note is not on record")
    li.press("k", "3")
    li.press("Enter", "Enter")
    li.wait(lambda: li.page.inner_text(".incident-head .chip") == "Ⅲ", "the level did not change")
    li.press("x", "1")
    li.press("Control+Enter")
    li.sees("结案 · 处置完毕")
    reactions = li.page.evaluate("wall.dutyKeys.reactions")
    assert len(reactions) >= 5
    assert sorted(reactions)[int(0.95 * len(reactions))] <= REACTION_MS, reactions
    assert not li.complaints


def test_the_last_safe_step_is_taken_back_at_one_key(running: Running, li: Console) -> None:
    three_tiers_nearby(running, li)
    report(running, "undo", "撤销火灾")
    li.choose("撤销火灾")
    li.wait(lambda: not li.is_shut("dispatch"), "nobody can be sent")
    li.press("d", "3")
    li.wait(lambda: li.page.locator(".undo:visible").count() == 1, "no undo is offered")
    li.press("z")
    li.wait(lambda: "已撤回" in li.page.inner_text(".incident-units"), "the unit was not stood down")
    li.press("x", "1")
    li.press("Control+Enter")
    li.sees("结案 · 处置完毕")
    li.press("z")
    li.wait(lambda: "结案" not in li.page.inner_text(".incident-head"), "the incident was not opened again")


def test_of_two_officers_one_wins_and_the_other_is_told_who(running: Running, li: Console, wang: Console) -> None:
    report(running, "race", "两人同时确认")
    for console in (li, wang):
        console.choose("两人同时确认")
    # The second officer's screen does not know yet: what is decided is decided by the server.
    race = """(centre) => wall.orders.send([{verb: "acknowledge", target: "test/race", centre}], "确认")"""
    first = li.page.evaluate(race, "440306")
    second = wang.page.evaluate(race, "440306")
    assert [first[0]["status"], second[0]["status"]] == ["accepted", "conflict"]
    wang.wait(lambda: "值班员 李" in wang.message(), "the loser is not told who won", 5)
    assert "宝安区" in wang.message()


def test_the_command_goes_over_when_the_other_centre_accepts(
    browser: Browser, running: Running, tokens: dict[str, str], li: Console
) -> None:
    zhao = Console(browser, running, tokens["zhao"])
    try:
        report(running, "transfer", "移交指挥的火灾")  # it lies in another sub-district than zhao's
        li.choose("移交指挥的火灾")
        li.press("a")
        li.sees("值班员 李（宝安区）")
        li.press("h")
        li.type("西乡街道")
        li.press("Control+Enter")
        zhao.choose("移交指挥的火灾")
        zhao.press("h", "Enter")
        li.wait(lambda: "西乡" in li.page.inner_text(".facts"), "the command is where it was")
        assert not zhao.complaints
    finally:
        zhao.close()


def test_one_call_becomes_an_incident_that_is_shown(li: Console) -> None:
    li.press("i")
    li.type("翻身")
    li.press("Enter")
    li.type("海秀路 18 号")
    li.press("Tab")
    li.type("火灾")
    li.press("Enter", "3")
    li.type("来电：居民楼冒烟")
    li.press("Enter")
    li.wait(lambda: li.page.inner_text(".incident-title") == "来电：居民楼冒烟", "the call's incident is not shown")


def test_an_alarm_rings_until_it_is_acknowledged(running: Running, li: Console) -> None:
    report(running, "alarm", "无人确认的火灾", level=1)
    li.wait(lambda: (li.page.evaluate("wall.stats()") is not None) and "鸣响" in li.text(), "nothing rings", 20)
    # Something of an earlier test may ring already: the gravest and newest takes the place above when it comes.
    li.wait(lambda: "无人确认的火灾" in li.page.inner_text(".critical"), "it has not the place of its own")
    li.choose("无人确认的火灾")
    li.press("a")
    li.wait(lambda: "无人确认的火灾" not in li.page.inner_text(".critical"), "it still waits")


def test_another_centre_is_acted_as_from_the_tree(li: Console) -> None:
    li.press("5")
    li.page.locator(".centre-row:visible", has_text="西乡街道").first.click()
    li.press("Enter")
    li.wait(lambda: li.page.evaluate("wall.live.centre()") == "440306018", "the console acts as before")
    li.wait(lambda: "固戍" in li.text() and "新安街道" not in li.page.inner_text(".command"), "the tree is the old one")


def test_a_guest_sees_all_and_can_do_nothing_but_knows_why(browser: Browser, running: Running) -> None:
    report(running, "guest", "访客看到的火灾")
    guest = Console(browser, running)
    try:
        guest.choose("访客看到的火灾")
        assert guest.is_shut("acknowledge")
        guest.press("a")
        assert "登录" in guest.message()
        assert not guest.complaints
    finally:
        guest.close()


def test_hostile_text_stays_text(running: Running, li: Console) -> None:
    evil = "<img src=x onerror=\"document.title='owned'\">"
    report(running, "evil", evil, place=evil)
    li.sees("onerror")
    assert li.page.title() != "owned"
    assert not li.page.locator(".duty img[src=x]").count()


@pytest.mark.parametrize("query", ["?lang=zh", "?lang=en&theme=light"])
@pytest.mark.parametrize("view", ["1", "4", "5", "6"])
def test_every_view_is_legible_and_fits(
    browser: Browser, running: Running, tokens: dict[str, str], query: str, view: str
) -> None:
    console = Console(browser, running, tokens["li"], query)
    try:
        console.press(view)
        check = _LEGIBILITY.read_text(encoding="utf-8")
        check = check[check.index("(least)") :]
        least = {"px": SMALLEST_PX, "contrast": 4.5, "large_contrast": 3.0}
        assert console.page.evaluate(check, least) == []
        overflow = console.page.evaluate(
            "[document.documentElement.scrollWidth - innerWidth, document.documentElement.scrollHeight - innerHeight]"
        )
        assert max(overflow) <= 0
        assert not console.complaints
    finally:
        console.close()


@pytest.mark.fault
def test_a_console_without_a_server_says_so_and_keeps_what_was_typed(running: Running, li: Console) -> None:
    report(running, "lost", "断线时的火灾")
    li.choose("断线时的火灾")
    li.press("n")
    li.type("正在写的记录")
    os.kill(running.supervisor, signal.SIGSTOP)
    try:
        os.kill(running.pid("web"), signal.SIGKILL)
        li.wait(lambda: "中断" in li.text(), "no banner", 10)
        assert li.is_shut("note")
        assert li.page.locator(".dialog-foot .primary").get_attribute("aria-disabled") == "true"
        assert li.page.input_value(".dialog-page textarea") == "正在写的记录"
    finally:
        os.kill(running.supervisor, signal.SIGCONT)
    li.wait(lambda: not li.page.locator(".duty-banner:visible").count(), "the banner stays", 20)
    li.press("Control+Enter")
    li.wait(lambda: "正在写的记录" in li.page.inner_text(".deeds"), "what was typed was not sent")


@pytest.mark.fault
def test_an_order_that_met_no_server_is_sent_again_once(running: Running, li: Console) -> None:
    report(running, "again", "重发的火灾")
    li.choose("重发的火灾")
    os.kill(running.supervisor, signal.SIGSTOP)
    try:
        os.kill(running.pid("web"), signal.SIGKILL)
        li.press("a")
        li.wait(lambda: "重发" in li.message(), "the console does not say that it tries again", 9)
    finally:
        os.kill(running.supervisor, signal.SIGCONT)
    li.wait(lambda: "已生效" in li.message() or "Enter 重发" in li.message(), "nothing became of the order", 25)
    if "Enter 重发" in li.message():
        li.press("Enter")
    li.wait(lambda: "值班员 李" in li.page.inner_text(".facts"), "it was not acknowledged", 10)
    assert li.page.inner_text(".deeds").count("确认") == 1
