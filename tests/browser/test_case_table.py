"""The table of cases in a real browser, on a page that has nothing else, under the headers of the gate."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import dash_mantine_components as dmc
import msgspec
import pytest
from dash import Dash, dcc, html
from flask import Flask, Response, request
from playwright.sync_api import Page, sync_playwright
from werkzeug.serving import make_server

from callbacks import case_table, headers, identity
from dashboard.access import Principal, Role, Via
from dashboard.backlog import CaseRow
from dashboard.district import District
from dashboard.follower import Follower
from dashboard.journal import Journal
from dashboard.records import Case, Order, Stage, Verb
from layouts import case_table as layout
from layouts import ids
from layouts.view import View
from layouts.words import Lang, Words
from tests import chromium
from tests.feeds.small_district import small_district
from tests.layouts.scenes import ASSETS

pytestmark = pytest.mark.browser

CASES = 2_000
DISTRICT = small_district()
LI = Principal("li", "李值班员", Role.OFFICER, DISTRICT.root.code, "s1", Via.PASSWORD)


class Desk:
    """A server with the table alone; orders are obeyed at once."""

    def __init__(self, district: District) -> None:
        self.follower = Follower(district, Journal("redis://127.0.0.1:1"))
        now = datetime.now(UTC)
        places = list(district.community_index)
        for number in range(CASES):
            reported = now - timedelta(minutes=number)
            case = Case(source="s", id=f"C{number}", reported_at=reported, due_at=now + timedelta(minutes=number - 9))
            self.tell(msgspec.structs.replace(case, title=f"第 {number} 号", community=places[number % len(places)]))
        server = Flask("desk", static_folder=None)
        server.before_request(lambda: identity.admit(LI))
        server.add_url_rule("/orders", "orders", self._obey, methods=["POST"])
        app = Dash(
            "desk", server=server, assets_folder=str(ASSETS), assets_ignore="^map|^live|^cards", serve_locally=True
        )
        view = View(district, Words(Lang.ZH), str)
        shown = html.Div([dcc.Store(id=ids.DUTY_CENTRE, data=district.root.code), layout.frame(view)])
        app.layout = dmc.MantineProvider(html.Div(shown.children, style={"height": "100vh"}), forceColorScheme="dark")
        case_table.register(app, district, self.follower)
        policy = cache(lambda: headers.security_headers(app.csp_hashes()))
        server.after_request(lambda response: headers.add(response, policy()))
        self._server = make_server("127.0.0.1", 0, server, threaded=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def tell(self, record: Case | Order) -> None:
        with self.follower.lock:
            self.follower.situation.apply(record, time.time())

    def _obey(self) -> Response:
        given = request.get_json()
        for fields in given:
            known = {**fields, "source": "desk", "at": datetime.now(UTC).isoformat(), "by": LI.title}
            self.tell(msgspec.convert(known, Order))
        return Response(msgspec.json.encode([{"id": each["id"], "status": "accepted"} for each in given]))

    def case(self, number: int) -> CaseRow:
        found = self.follower.situation.backlog.get(f"s/C{number}")
        assert found
        return found

    def close(self) -> None:
        self._server.shutdown()


class Table:
    """The page, and what the browser complains of."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda message: self._note(message))
        page.goto(url)
        self.wait(lambda: self.first() != "" and self.head("共 2,000 件"), "no rows")

    def _note(self, message: Any) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def head(self, words: str) -> bool:
        return words in self.page.inner_text(".cases-head")

    def first(self) -> str:
        """The title in the first row in sight."""
        rows = "[...document.querySelectorAll('.ag-center-cols-container .ag-row')]"
        place = "Number(row.getAttribute('row-index'))"
        return str(
            self.page.evaluate(
                f"{rows}.map(row => [{place}, row.querySelector('.case-title')?.textContent || ''])"
                ".sort((a, b) => a[0] - b[0])[0]?.[1] || ''"
            )
        )

    def cell(self, number: int, column: str) -> str:
        found = self.page.query_selector(f".ag-row[row-id='s/C{number}'] .case-{column}")
        return found.inner_text() if found else ""

    def pick(self, number: int) -> None:
        self.page.click(f".ag-row[row-id='s/C{number}'] .case-title")

    def wait(self, condition: Callable[[], bool], why: str, most_s: float = 15.0) -> None:
        give_up_at = time.monotonic() + most_s
        while not condition():
            assert time.monotonic() < give_up_at, f"{why}; {self.page.inner_text('body')[:1000]}; {self.complaints}"
            time.sleep(0.05)


@pytest.fixture
def desk() -> Iterator[Desk]:
    made = Desk(DISTRICT)
    yield made
    made.close()


@pytest.fixture
def table(desk: Desk) -> Iterator[Table]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.path(), args=chromium.FLAGS)
        shown = Table(browser.new_page(viewport={"width": 1600, "height": 900}), desk.url)
        yield shown
        browser.close()
        assert shown.complaints == []  # breaches of the content security policy too


def test_the_most_overdue_come_first_and_the_last_are_a_jump_away(table: Table) -> None:
    assert table.first() == "第 0 号"
    assert table.cell(0, "left").startswith("▲ 超 9 分")
    table.page.evaluate(f"dash_ag_grid.getApi('{ids.DUTY_CASES_GRID}').ensureIndexVisible({CASES - 1})")
    table.wait(lambda: table.cell(CASES - 1, "title") == f"第 {CASES - 1} 号", "the last row does not come")


def test_filters_find_and_nothing_found_is_no_dead_end(table: Table) -> None:
    table.page.keyboard.press("/")
    table.page.keyboard.type("none such")
    table.wait(lambda: table.head("共 0 件"), "the filter does nothing")
    table.page.fill(f"#{ids.DUTY_CASES_TEXT}", "第 77 号")
    table.wait(lambda: table.head("共 1 件") and table.first() == "第 77 号", "the case is not found")
    table.page.fill(f"#{ids.DUTY_CASES_TEXT}", "")
    table.wait(lambda: table.head("共 2,000 件") and table.first() == "第 0 号", "the others do not come back")


def test_a_click_on_a_head_sorts_on_the_server(table: Table) -> None:
    table.page.click(".ag-header-cell[col-id=reported]")
    table.wait(lambda: table.first() == f"第 {CASES - 1} 号", "the oldest does not come first")


def test_keys_order_for_the_cases_chosen_and_take_it_back(table: Table, desk: Desk) -> None:
    table.pick(3)
    table.page.keyboard.press("ArrowDown")
    table.page.keyboard.press("Space")
    table.page.keyboard.press("h")
    table.page.keyboard.type("待料 hzu")
    table.page.keyboard.press("Enter")
    table.wait(lambda: all(table.cell(number, "stage") == "挂账" for number in (3, 4)), "the hold does not show")
    assert (desk.case(3).reason, desk.case(2).stage) == ("待料 hzu", Stage.REPORTED)
    table.page.keyboard.press("z")
    table.wait(lambda: all(table.cell(number, "stage") == "上报" for number in (3, 4)), "it is not taken back")
    assert table.page.inner_text("[data-cases=chosen]") == "已选 2"


def test_what_cannot_be_undone_is_asked_first(table: Table, desk: Desk) -> None:
    table.pick(2)
    table.page.keyboard.press("u")
    table.page.wait_for_selector("dialog[open]")
    table.page.keyboard.press("Escape")
    table.page.wait_for_selector("dialog", state="detached")
    assert desk.case(2).urged == 0
    table.page.keyboard.press("u")
    table.page.wait_for_selector("dialog[open]")
    table.page.keyboard.press("Enter")
    table.wait(lambda: table.cell(2, "urged").startswith("1 次"), "the urge does not show")


def test_changes_of_others_show_while_choice_scroll_and_detail_stay(table: Table, desk: Desk) -> None:
    grid = f"dash_ag_grid.getApi('{ids.DUTY_CASES_GRID}')"
    table.page.evaluate(f"{grid}.ensureIndexVisible(700, 'top')")
    table.wait(lambda: table.cell(705, "title") != "", "row 705 does not come")
    table.pick(705)
    table.wait(lambda: "s/C705" in table.page.inner_text(f"#{ids.DUTY_CASES_DETAIL}"), "no detail")
    top = table.page.evaluate("document.querySelector('.ag-body-viewport').scrollTop")
    desk.tell(Order(source="x", id="1", verb=Verb.SUPERVISE, target="s/C705", at=datetime.now(UTC), by="王"))
    table.wait(lambda: table.cell(705, "supervised") != "", "the change does not show")
    table.wait(lambda: "王" in table.page.inner_text(f"#{ids.DUTY_CASES_DETAIL}"), "the detail stays as it was")
    assert table.page.evaluate("document.querySelector('.ag-body-viewport').scrollTop") == top
    assert table.page.evaluate(f"{grid}.getSelectedNodes().map(node => node.id)") == ["s/C705"]
