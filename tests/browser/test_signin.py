"""Signing in with a real browser and the keyboard alone: the first administrator, an officer, a wall screen."""

import re
import time
from collections.abc import Iterator
from typing import Any

import pyotp
import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from dashboard.access import Role
from tests.people import PASSWORD
from tests.running import Running

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def wall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with Running(tmp_path_factory.mktemp("signin"), demonstration="false") as running:
        yield running


@pytest.fixture
def complaints() -> list[str]:
    return []


@pytest.fixture
def page(browser: Browser, complaints: list[str]) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield watched(context, complaints)
    context.close()


def watched(context: BrowserContext, complaints: list[str]) -> Page:
    def note(message: Any) -> None:
        if message.type == "error":
            complaints.append(message.text)

    page = context.new_page()
    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page


def type_all(page: Page, *texts: str) -> None:
    """Fill the fields in their order, from the one that has the focus, and send."""
    for place, text in enumerate(texts):
        if place:
            page.keyboard.press("Tab")
        page.keyboard.type(text)
    page.keyboard.press("Enter")


def wait_for(condition: Any, why: str, most_s: float = 10.0) -> None:
    give_up_at = time.monotonic() + most_s
    while not condition():
        assert time.monotonic() < give_up_at, why
        time.sleep(0.1)


def test_from_the_first_link_to_an_officer_at_the_console_and_a_screen_that_goes_dark(
    wall: Running, browser: Browser, page: Page, complaints: list[str]
) -> None:
    link = re.search(r"/setup\?token=\S+", wall.log.read_text(encoding="utf-8"))
    assert link, "the first run prints a link"
    page.goto(wall.url + link[0])
    type_all(page, "root1", "管理员 王", PASSWORD, PASSWORD)
    enrol(page)
    page.keyboard.press("Enter")
    page.wait_for_url("**/accounts")

    page.fill("#new-name", "li")
    page.fill("#new-title", "值班员 李")
    page.press("#new-title", "Enter")
    invitation = page.inner_text(".link")
    officer = watched(browser.new_context(), complaints)
    officer.goto(invitation)
    type_all(officer, PASSWORD, PASSWORD)
    enrol(officer)
    officer.keyboard.press("Enter")
    officer.wait_for_url("**/duty")

    page.fill("#screen-name", "hall")
    page.press("#screen-name", "Enter")
    page.wait_for_selector("text=hall")
    screen = watched(browser.new_context(viewport={"width": 1920, "height": 1080}), complaints)
    screen.goto(page.inner_text(".link"))
    screen.wait_for_url("**/wall")
    wait_for(lambda: name_on(screen) == "hall", "the screen is not in")
    page.click("tr:has-text('hall') summary")
    page.click("tr:has-text('hall') button.grave")
    page.wait_for_selector(".done")
    # In the demonstration whoever is put out looks on as a guest.
    wait_for(lambda: name_on(screen) == "guest", "the screen's token is gone and it still shows", 10)
    assert not complaints


def test_who_signs_out_is_led_back_to_the_sign_in_page(wall: Running, browser: Browser, complaints: list[str]) -> None:
    token = wall.officer("zhao", Role.ADMINISTRATOR)
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_cookies([wall.cookie(token)])
    page = watched(context, complaints)
    page.goto(f"{wall.url}/accounts")
    assert page.inner_text("h1").startswith("账号管理")
    page.click("text=退出登录")
    page.wait_for_url(re.compile(r"/signin\?lang=zh"))
    page.goto(f"{wall.url}/accounts")
    assert "/signin?next=%2Faccounts" in page.url
    assert not complaints


def test_the_pages_are_legible_and_fit(wall: Running, page: Page, complaints: list[str]) -> None:
    for query in ("?lang=zh", "?lang=en&theme=light"):
        page.goto(f"{wall.url}/signin{query}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.evaluate("document.activeElement.name") == "name"
    assert not complaints


def enrol(page: Page) -> None:
    """Put the secret of the page into an authenticator and type its first code."""
    page.wait_for_selector(".qr svg")
    secret = (page.text_content(".secret") or "").replace(" ", "")
    page.keyboard.type(pyotp.TOTP(secret).now())
    page.keyboard.press("Enter")
    page.wait_for_selector(".recovery-codes")


def name_on(page: Page) -> str:
    """Whose page it is, as the server says; "" while it is on its way elsewhere."""
    try:
        answer = page.evaluate("fetch('/me').then((answer) => answer.json())")
    except Exception:  # between two pages
        return ""
    return str(answer.get("name", ""))
