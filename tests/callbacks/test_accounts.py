import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from callbacks.web import Web
from dashboard.access import Role
from dashboard.audit.ledger import Ledger
from dashboard.journal import Journal
from dashboard.state_server import StateServer
from tests import people
from tests.callbacks import visitors


class Desk:
    """An administrator at the page."""

    def __init__(self, url: str, folder: Path) -> None:
        self.web: Web = visitors.web(url, folder)
        self.browser: FlaskClient = visitors.visitor(self.web, Role.ADMINISTRATOR, name="root1")
        self.url = url

    def act(self, act: str, of: str = "", **fields: str) -> TestResponse:
        return self.browser.post("/accounts", data={"act": act, "of": of, **fields}, headers=visitors.ORIGIN)

    def rows(self) -> list[tuple[str, str, str]]:
        rows = Ledger(self.url).rows()
        return [(row.kind, row.actor, row.subject) for row in rows if row.kind.startswith("account_")]


@pytest.fixture
def desk(journal: Journal, state_server: StateServer, tmp_path: Path) -> Desk:
    return Desk(state_server.url, tmp_path)


def secret(answer: TestResponse) -> str:
    """The link that the page shows this once."""
    (link,) = re.findall(r'class="link"[^>]*>([^<]+)<', answer.text)
    return str(link)


def test_a_new_account_comes_in_by_a_link_that_is_shown_once(desk: Desk) -> None:
    answer = desk.act("add", name="Li", title="值班员 李", role="officer", centre="C0")
    link = secret(answer)
    assert link.startswith("http://localhost/setup?token=")
    assert link not in desk.browser.get("/accounts").text
    newcomer = visitors.browser(desk.web)
    page = newcomer.get(link.removeprefix("http://localhost"))
    assert ">li<" in page.text
    assert desk.rows() == [("account_add", "root1", "Li")]


def test_role_and_centre_change_at_once_and_can_be_taken_back(desk: Desk) -> None:
    officer = visitors.visitor(desk.web, Role.OFFICER, "A", "li")
    answer = desk.act("amend", "li", role="auditor", centre="B", title="审计员")
    assert officer.get("/me").json["role"] == "auditor"  # type: ignore[index]
    done = answer.text.split('class="done"')[1].split("</div>")[0]
    undo = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', done))
    assert undo == {"act": "amend", "of": "li", "role": "officer", "centre": "A", "title": "li"}
    desk.act(**undo)
    me = officer.get("/me").json
    assert me
    assert (me["role"], me["centre"]) == ("officer", "A")


def test_a_locked_account_is_out_until_it_is_opened(desk: Desk) -> None:
    officer = visitors.visitor(desk.web, Role.OFFICER, "A", "li")
    assert "已停用" in desk.act("disable", "li").text
    assert officer.get("/me").status_code == 401
    assert "已启用" in desk.act("enable", "li").text


def test_passwords_and_second_factors_are_reset(desk: Desk) -> None:
    officer = visitors.visitor(desk.web, Role.OFFICER, "A", "li")
    assert "/setup?token=" in secret(desk.act("reset_password", "li"))
    assert officer.get("/me").status_code == 401
    assert desk.act("reset_second_factor", "li").status_code == 200
    assert "未绑定认证器" in desk.browser.get("/accounts").text


def test_sessions_are_listed_and_ended(desk: Desk) -> None:
    officer = visitors.visitor(desk.web, Role.OFFICER, "A", "li")
    (session,) = [each for each in desk.web.access.sessions() if each.name == "li"]
    assert session.id in desk.browser.get("/accounts").text
    assert "已结束 li" in desk.act("end_session", session.id).text
    assert officer.get("/me").status_code == 401
    assert "不存在" in desk.act("end_session", session.id).text


def test_a_wall_screen_gets_its_token_in_a_fragment_and_loses_it(desk: Desk) -> None:
    link = secret(desk.act("add_screen", name="hall", title="大厅", centre="C0", networks="127.0.0.1, 10.0.0.0/8"))
    address, token = link.split("#token=")
    assert address == "http://localhost/screen"
    screen = visitors.browser(desk.web)
    assert screen.post("/screen", data={"token": token}, headers=visitors.ORIGIN).status_code == 303
    assert screen.get("/wall").status_code == 200
    desk.act("revoke_screen", "hall")
    assert screen.get("/wall").status_code == 401


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"act": "add", "name": "li", "role": "king", "centre": "D"}, 400),
        ({"act": "add", "name": "li", "role": "wall", "centre": "D"}, 409),
        ({"act": "add", "name": "li", "role": "officer", "centre": "nowhere"}, 400),
        ({"act": "add", "name": "!", "role": "officer", "centre": "D"}, 409),
        ({"act": "add", "name": "root1", "role": "officer", "centre": "D"}, 409),
        ({"act": "add_screen", "name": "hall", "centre": "D", "networks": "everywhere"}, 409),
        ({"act": "revoke_screen", "of": "nobody"}, 409),
        ({"act": "disable", "of": "nobody"}, 409),
        ({"act": "explode"}, 400),
        ({}, 400),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_done(desk: Desk, fields: dict[str, str], status: int) -> None:
    before = desk.web.access.keeper.accounts()
    answer = desk.browser.post("/accounts", data=fields, headers=visitors.ORIGIN)
    assert (answer.status_code, 'class="fault"' in answer.text) == (status, True)
    assert desk.web.access.keeper.accounts() == before


def test_nobody_shuts_themselves_out(desk: Desk) -> None:
    people.let_in(desk.web.access, "root2", Role.ADMINISTRATOR, "D")
    assert desk.act("disable", "root1").status_code == 409
    assert desk.act("amend", "root1", role="officer", centre="D", title="x").status_code == 409
    assert desk.browser.get("/accounts").status_code == 200


def test_hostile_names_stand_there_as_text(desk: Desk) -> None:
    evil = "<img src=x onerror=alert(1)>"
    assert evil not in desk.act("add", name=evil, title=evil, role="officer", centre="D").text
    desk.act("add", name="li", title=evil, role="officer", centre="D")
    assert evil not in desk.browser.get("/accounts").text


def test_without_a_record_nothing_is_done(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    visitors.visitor(desk.web, Role.OFFICER, "A", "li")
    desk.web.trail._note = Ledger("redis://127.0.0.1:1").note
    assert desk.act("disable", "li").status_code == 503
    assert not next(each for each in desk.web.access.keeper.accounts() if each.name == "li").disabled


def test_only_what_a_form_is_about_is_put_on_record(desk: Desk) -> None:
    desk.act("add", name="li", title="值班员\u202e李", role="officer", centre="A", password="geheim", token="geheim2")
    (row,) = [row for row in Ledger(desk.url).rows() if row.kind == "account_add"]
    assert row.detail == "name=li title=值班员李 role=officer centre=A"
    assert next(each for each in desk.web.access.keeper.accounts() if each.name == "li").title == "值班员李"
