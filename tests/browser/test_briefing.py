"""The briefing in a real browser: read, opened, presented by the keyboard, annotated, taken out."""

import itertools
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard.access import Role
from tests.running import Running

pytestmark = pytest.mark.browser

PATIENT_MS = 60_000
NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def wall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with Running(tmp_path_factory.mktemp("briefing")) as running:
        yield running


@pytest.fixture
def page(browser: Browser, wall: Running) -> Iterator[Page]:
    """A leader's browser; what it complains of fails the test."""
    context = browser.new_context(viewport={"width": 1920, "height": 1080})
    context.add_cookies([wall.cookie(wall.officer(f"leader-{next(NUMBERS)}", Role.LEADER))])
    page, complaints = context.new_page(), list[str]()
    page.on("console", lambda message: message.type == "error" and complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


def opened(page: Page, wall: Running, more: str = "") -> None:
    """This week's: the demonstration has no other."""
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    page.goto(f"{wall.url}/briefing?week={today - timedelta(today.weekday())}&lang=en{more}")
    expect(page.locator("[data-ready]").first).to_be_attached(timeout=PATIENT_MS)


def test_a_figure_opens_by_the_keyboard_to_its_rows(page: Page, wall: Running) -> None:
    opened(page, wall)
    figure = page.locator("details.figure", has_text="Cases found").first
    figure.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(figure.locator(".more")).to_contain_text("Cases reported within the week")
    figure.get_by_role("link").click()
    expect(page.locator("table tbody tr").first).to_be_visible()


def test_the_page_is_as_long_as_it_needs_and_not_wider_than_the_screen(page: Page, wall: Running) -> None:
    opened(page, wall)
    page.mouse.move(900, 500)
    page.mouse.wheel(0, 2000)
    page.wait_for_function("window.scrollY > 500")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_it_is_presented_by_the_keyboard(page: Page, wall: Running) -> None:
    opened(page, wall)
    page.keyboard.press("p")
    shown = page.locator(".slide.is-shown")
    expect(shown).to_have_id("slide-1")
    page.keyboard.press("ArrowRight")
    expect(shown).to_have_id("slide-2")
    page.keyboard.press("End")
    page.keyboard.press("ArrowRight")
    last = shown.get_attribute("id")
    page.keyboard.press("b")
    expect(page.locator(".deck")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(shown).to_have_id(str(last))
    page.keyboard.press("Escape")
    expect(page.locator(".briefing")).to_be_visible(timeout=PATIENT_MS)


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (3840, 2160)])
def test_no_slide_holds_more_than_is_seen(page: Page, wall: Running, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    opened(page, wall, "&present=1")
    count = page.locator(".slide").count()
    assert count > 8
    for _ in range(count):
        cut = page.evaluate(
            """[...document.querySelectorAll(".slide.is-shown .content, .slide.is-shown .content *")]
               .filter((each) => each.getBoundingClientRect().bottom > window.innerHeight + 1)
               .map((each) => each.tagName + "." + each.className)"""
        )
        assert cut == [], page.locator(".slide.is-shown h2").inner_text()
        page.keyboard.press("ArrowRight")


def test_a_file_is_made_with_its_progress_and_offered(page: Page, wall: Running) -> None:
    opened(page, wall)
    page.get_by_role("button", name="Excel").click()
    link = page.locator(".export-state a")
    expect(link).to_be_visible(timeout=PATIENT_MS)
    with page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename.endswith(".xlsx")


def test_notes_are_written_and_shown_to_the_speaker(page: Page, wall: Running) -> None:
    opened(page, wall)
    section = page.locator("#section-cases")
    section.locator("details.notes summary").click()
    section.locator("textarea").fill("Begin with what is late")
    section.get_by_role("button", name="Keep the notes").click()
    expect(page.locator("#section-cases textarea")).to_have_value("Begin with what is late", timeout=PATIENT_MS)
    opened(page, wall, "&present=1")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("n")
    expect(page.locator(".slide.is-shown .speaker-notes")).to_be_visible()
