"""Hostile texts in every field that people or other systems fill, and whether any page makes an element of one."""

import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from dashboard.access import Role
from dashboard.district.demonstration import BAOAN
from tests.running import Running

pytestmark = pytest.mark.browser

HERE = {"lat": 22.5790, "lon": 113.8915}
EVIL = "<img class=hostile src=x onerror=window.hacked=1><script class=hostile>window.hacked=1</script>"
SVG = "\"'></td></table><svg class=hostile onload=window.hacked=1>${window.hacked=1}{{7*7}}"
MADE = "document.querySelectorAll('.hostile, [onerror], [onload], img[src=x]').length"


def evil(name: str) -> str:
    """A hostile text that can be told from the others."""
    return f"{name}{EVIL}{SVG}"


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration district with a hostile name of a sub-district."""
    folder = tmp_path_factory.mktemp("district") / "baoan"
    shutil.copytree(BAOAN, folder)
    centres = folder / "centres.csv"
    named = centres.read_text(encoding="utf-8").replace(",新安街道,", f",新安街道{EVIL},")
    assert EVIL in named
    centres.write_text(named, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def wall(tmp_path_factory: pytest.TempPathFactory, district: Path) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("hostile")
    with Running(folder, demonstration="false", district=str(district)) as running:
        fill(running)
        yield running


def fill(wall: Running) -> None:
    """A hostile text in every field."""
    now = datetime.now(UTC).isoformat()
    told = {"reported_at": now, "title": evil("T1"), **HERE}
    sent = {
        "incidents": [{"id": "I1", "kind": "fire", "level": 2, "place": evil("P1"), **told}],
        "cases": [{"id": "C1", "item": "0101", "department": evil("D1")[:80], **told}],
        "alerts": [{"id": "A1", "kind": "smoke-fire", "level": 2, "at": now, "title": evil("A1"), **HERE}],
    }
    for kind, rows in sent.items():
        status, answer = wall.post(kind, rows)
        assert status == 200 and answer["accepted"] == 1, answer
    officer = wall.officer("li", Role.COMMANDER, "440306", f"李{EVIL}")

    def give(verb: str, **fields: Any) -> None:
        body = {"id": f"hostile-{verb}", "verb": verb, "target": "test/I1", **fields}
        wall.wait_for(lambda: wall.send("/orders", body, officer)[0] == 200, f"{verb} is not taken")

    give("note", text=evil("N1"))
    give("dispatch", unit="石岩-辅-019", text=evil("O1"), reason=evil("R1"))
    reply = {"id": "r1", "order": "hostile-dispatch", "unit": "石岩-辅-019", "at": datetime.now(UTC).isoformat()}
    assert wall.post("replies", [{**reply, "state": "declined", "reason": evil("U1")}])[0] == 200
    give("report", kind="first", text=evil("F1"))
    give("hold", target="test/C1", reason=evil("H1"))
    give("mark_false", target="test/A1", reason=evil("M1"))
    draft = wall.send("/handover/draft", {"centre": "440306", "notes": evil("S1")}, officer)[1]
    give("hand_over", target="440306", text=draft["text"], ref=draft["digest"])
    keeper = wall.access().keeper
    keeper.add("hostile", Role.OFFICER, "440306017", evil("K1"))
    keeper.add_screen("hostile-screen", "440306017", evil("W1"))


def opened(browser: Browser, wall: Running, path: str, token: str) -> Page:
    context = browser.new_context(viewport={"width": 1920, "height": 1080})
    context.add_cookies([wall.cookie(token)])
    page = context.new_page()
    page.goto(f"{wall.url}{path}")
    return page


def wait(page: Page, condition: str, most_s: float = 20.0) -> None:
    give_up_at = time.monotonic() + most_s
    while not page.evaluate(condition):
        assert time.monotonic() < give_up_at, f"{condition}: {page.inner_text('body')[:2000]}"
        page.wait_for_timeout(50)


def check(page: Page, *seen: str) -> None:
    """The texts are there as texts, and nothing was made of them."""
    for text in seen:
        wait(page, f"document.body.textContent.includes({text!r} + '<img class=hostile')")
    assert page.evaluate(MADE) == 0
    assert page.evaluate("window.hacked") is None


def test_the_console_shows_hostile_texts_as_texts(wall: Running, browser: Browser) -> None:
    page = opened(browser, wall, "/duty", wall.officer("wang", Role.COMMANDER))
    wait(page, "document.querySelectorAll('.duty:not(.is-connecting)').length > 0")
    check(page, "T1")
    page.locator(".incident-list .task", has_text="T1").first.click()
    check(page, "T1", "P1", "N1")
    for tab in page.locator("[role=tab]").all():
        if tab.is_visible():
            tab.click()
            page.wait_for_timeout(700)
            check(page)
    page.close()


def test_the_wall_shows_hostile_texts_as_texts(wall: Running, browser: Browser) -> None:
    page = opened(browser, wall, "/wall", wall.officer("hall", Role.WALL))
    check(page, "T1", "新安街道")
    page.close()


def test_the_plain_pages_show_hostile_texts_as_texts(wall: Running, browser: Browser) -> None:
    administrator, auditor = wall.officer("root1", Role.ADMINISTRATOR), wall.officer("shen", Role.AUDITOR)
    page = opened(browser, wall, "/accounts", administrator)
    check(page, "K1", "新安街道")
    page.close()
    page = opened(browser, wall, "/audit?text=hostile", auditor)
    check(page)
    wait(page, "document.body.textContent.includes('onerror')")
    page.close()
    page = opened(browser, wall, f"/audit?text={EVIL}&actor={SVG}", auditor)
    check(page)
    page.close()
    page = opened(browser, wall, "/account", wall.officer("zhao", Role.OFFICER, "440306017", f"赵{EVIL}"))
    check(page, "新安街道")
    page.close()


def test_a_handover_of_hostile_texts_is_data_and_a_report_is_text(wall: Running) -> None:
    token = wall.officer("sun", Role.OFFICER)
    for path in ("/handovers?centre=440306", "/handovers/hostile-hand_over", "/exports/cases.csv"):
        status, body = wall.get(path, token)
        assert status == 200, path
        assert b"hostile" in body
