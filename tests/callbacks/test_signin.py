import html
import re
import time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from dashboard.access import Role
from dashboard.access.access import Access
from dashboard.audit.ledger import Ledger
from dashboard.journal import Journal
from dashboard.state_server import StateServer
from tests.callbacks import visitors
from tests.people import CHEAP, KEY, PASSWORD, let_in


class Ground:
    """A web process, one browser, and a clock that the test moves."""

    def __init__(self, url: str, folder: Path, **settings: Any) -> None:
        self.now = time.time()
        self.url = url
        self.web = visitors.web(url, folder, **settings)
        self.web.access.__init__(url, KEY, clock=lambda: self.now, hasher=CHEAP)  # type: ignore[misc]
        self.browser: FlaskClient = visitors.browser(self.web)

    @property
    def access(self) -> Access:
        return self.web.access

    def send(self, path: str, **fields: str) -> TestResponse:
        return self.browser.post(path, data=fields, headers=visitors.ORIGIN)

    def token(self) -> str:
        cookie = self.browser.get_cookie(self.web.callers.cookie.name)
        return cookie.value if cookie else ""

    def officer(self, name: str = "li") -> str:
        """An account with a password and an authenticator; its secret. The browser is in no session."""
        link = self.access.keeper.add(name, Role.OFFICER, "D", f"值班员 {name}")
        self.send(f"/setup?token={link}", new=PASSWORD, again=PASSWORD)
        secret = self.secret()
        self.send("/signin/enrol", code=pyotp.TOTP(secret).at(int(self.now)))
        self.send("/signout")
        self.now += 60
        return secret

    def secret(self) -> str:
        found = re.search(r'class="secret">([A-Z2-7 ]+)<', self.browser.get("/signin/enrol").text)
        assert found
        return found[1].replace(" ", "")

    def code(self, secret: str) -> str:
        return pyotp.TOTP(secret).at(int(self.now))

    def kinds(self) -> list[str]:
        return [row.kind for row in Ledger(self.url).rows()]


@pytest.fixture
def ground(journal: Journal, state_server: StateServer, tmp_path: Path) -> Ground:
    return Ground(state_server.url, tmp_path)


# -- the way in -------------------------------------------------------------------------------------------


def test_the_first_administrator_comes_in_by_the_link_alone(ground: Ground) -> None:
    link = ground.access.first_link()
    page = ground.browser.get(f"/setup?token={link}")
    assert "建立首个管理员" in page.text
    answer = ground.send(f"/setup?token={link}", name="root1", title="管理员 王", new=PASSWORD, again=PASSWORD)
    assert answer.headers["Location"].startswith("/signin/enrol")
    shown = ground.send("/signin/enrol", code=ground.code(ground.secret()))
    assert len(re.findall(r"<li><code>", shown.text)) == 8
    assert ground.browser.get("/me").json["role"] == "administrator"  # type: ignore[index]
    assert ground.browser.get(f"/setup?token={link}").status_code == 410
    assert ground.kinds() == ["link_used", "second_factor_enrolled", "sign_in"]


def test_an_officer_signs_in_by_password_and_code_and_gets_where_they_wanted(ground: Ground) -> None:
    secret = ground.officer()
    step = ground.send("/signin?next=%2Fduty%3Fcentre%3DC0&lang=en", name="LI ", password=PASSWORD)
    assert step.headers["Location"] == "/signin/code?next=%2Fduty%3Fcentre%3DC0&lang=en"
    assert ground.browser.get("/me").status_code == 401, "half-way in is not in"
    assert "Second factor" in ground.browser.get(step.headers["Location"]).text
    last = ground.send(step.headers["Location"], code=ground.code(secret))
    assert (last.status_code, last.headers["Location"]) == (303, "/duty?centre=C0")
    me = ground.browser.get("/me").json
    assert me
    assert (me["name"], me["title"], me["centre"], me["via"]) == ("li", "值班员 li", "D", "password")
    assert "dispatch" in me["verbs"]
    assert "call_roll" not in me["verbs"]


def test_each_role_starts_where_its_work_is(ground: Ground) -> None:
    link = ground.access.keeper.add("shen", Role.AUDITOR, "D", "审计员")
    answer = ground.send(f"/setup?token={link}&lang=en", new=PASSWORD, again=PASSWORD)
    assert answer.headers["Location"] == "/audit?lang=en"


@pytest.mark.parametrize(
    ("role", "wish", "led_to"),
    [
        (Role.AUDITOR, "/duty?centre=C0", "/audit"),
        (Role.AUDITOR, "/accounts/", "/audit"),
        (Role.AUDITOR, "/audit?actor=li", "/audit?actor=li"),
        (Role.AUDITOR, "/wall", "/wall"),
        (Role.AUDITOR, "/account", "/account"),
    ],
)
def test_who_asked_for_a_page_that_is_shut_for_them_gets_to_their_work(
    ground: Ground, role: Role, wish: str, led_to: str
) -> None:
    link = ground.access.keeper.add("shen", role, "D", "审计员")
    sent = {"data": {"new": PASSWORD, "again": PASSWORD}, "headers": visitors.ORIGIN}
    answer = ground.browser.post("/setup", query_string={"token": link, "next": wish}, **sent)
    assert answer.headers["Location"] == led_to


@pytest.mark.parametrize("wish", ["https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example"])
def test_nobody_is_led_to_another_site(ground: Ground, wish: str) -> None:
    secret = ground.officer()
    step = ground.browser.post(
        "/signin", query_string={"next": wish}, data={"name": "li", "password": PASSWORD}, headers=visitors.ORIGIN
    )
    assert "evil" not in step.headers["Location"]
    last = ground.browser.post(
        "/signin/code", query_string={"next": wish}, data={"code": ground.code(secret)}, headers=visitors.ORIGIN
    )
    assert last.headers["Location"] == "/duty"


def test_a_session_that_somebody_planted_is_worth_nothing_after(ground: Ground) -> None:
    """Session fixation: the token is another after each step, and the one before is void."""
    secret = ground.officer()
    attacker = visitors.browser(ground.web)
    attacker.post("/signin", data={"name": "li", "password": PASSWORD}, headers=visitors.ORIGIN)
    planted = attacker.get_cookie(ground.web.callers.cookie.name)
    assert planted
    ground.browser.set_cookie(ground.web.callers.cookie.name, planted.value)
    ground.send("/signin/code", code=ground.code(secret))
    assert ground.browser.get("/me").status_code == 200
    assert ground.token() != planted.value
    assert attacker.get("/me").status_code == 401


def test_signing_in_again_ends_the_session_before(ground: Ground) -> None:
    before = let_in(ground.access, "wang", Role.AUDITOR, "D", now=ground.now)
    ground.browser.set_cookie(ground.web.callers.cookie.name, before)
    assert ground.browser.get("/me").status_code == 200
    link = ground.access.keeper.add("shen", Role.AUDITOR, "D")
    ground.send(f"/setup?token={link}", new=PASSWORD, again=PASSWORD)
    assert visitors.browser(ground.web, before).get("/me").status_code == 401
    assert ground.browser.get("/me").json["name"] == "shen"  # type: ignore[index]


def test_a_recovery_code_lets_in_once_and_says_how_many_are_left(ground: Ground) -> None:
    link = ground.access.keeper.add("li", Role.OFFICER, "D")
    ground.send(f"/setup?token={link}", new=PASSWORD, again=PASSWORD)
    codes = re.findall(r"<li><code>([^<]+)<", ground.send("/signin/enrol", code=ground.code(ground.secret())).text)
    ground.send("/signout")
    ground.send("/signin", name="li", password=PASSWORD)
    assert "7" in ground.send("/signin/code", code=codes[0]).text
    ground.send("/signout")
    ground.send("/signin", name="li", password=PASSWORD)
    assert ground.send("/signin/code", code=codes[0]).status_code == 401


def test_a_password_that_others_know_is_changed_before_anything_else(ground: Ground) -> None:
    link = ground.access.keeper.add("shen", Role.AUDITOR, "D")
    ground.send(f"/setup?token={link}", new=PASSWORD, again=PASSWORD)
    ground.send("/signout")
    ground.now += 91 * 86_400
    step = ground.send("/signin", name="shen", password=PASSWORD)
    assert step.headers["Location"] == "/signin/renew"
    assert "须先更换" in ground.browser.get("/signin/renew").text
    weak = ground.send("/signin/renew", old=PASSWORD, new="short", again="short")
    assert (weak.status_code, "密码太短" in weak.text) == (400, True)
    unlike = ground.send("/signin/renew", old=PASSWORD, new="Another-Horse-8", again="Another-Horse-9")
    assert (unlike.status_code, "两次输入不一致" in unlike.text) == (400, True)
    assert ground.send("/signin/renew", old=PASSWORD, new="Another-Horse-8", again="Another-Horse-8").status_code == 303
    assert ground.browser.get("/me").status_code == 200


def test_a_step_out_of_turn_leads_to_where_one_is(ground: Ground) -> None:
    for path in ("/signin/code", "/signin/enrol", "/signin/renew"):
        assert ground.browser.get(path).headers["Location"] == "/signin"
    ground.officer()
    ground.send("/signin", name="li", password=PASSWORD)
    assert ground.browser.get("/signin/renew").headers["Location"] == "/signin"
    assert ground.send("/signin/enrol", code="123456").headers["Location"] == "/signin"


# -- what keeps others out ----------------------------------------------------------------------------------


def test_a_wrong_password_and_a_wrong_name_are_answered_alike(ground: Ground) -> None:
    ground.officer()
    texts = []
    for name in ("li", "nobody"):
        answer = ground.send("/signin", name=name, password="wrong")
        assert answer.status_code == 401
        texts.append(answer.text.replace(f'value="{name}"', ""))
    assert texts[0] == texts[1]
    assert ground.kinds()[-2:] == ["sign_in_failed"] * 2


def test_after_five_failures_the_name_is_shut_and_says_for_how_long(ground: Ground) -> None:
    ground.officer()
    for _ in range(5):
        assert ground.send("/signin", name="li", password="wrong").status_code == 401
    answer = ground.send("/signin", name="li", password=PASSWORD)
    assert answer.status_code == 429
    assert 800 < int(answer.headers["Retry-After"]) <= 900
    assert "15 分" in answer.text


def test_an_address_that_tries_one_name_after_another_is_braked(ground: Ground) -> None:
    statuses = [ground.send("/signin", name=f"name{number}", password="x").status_code for number in range(12)]
    assert statuses == [401] * 10 + [429] * 2
    answer = ground.send("/screen", token="guess")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "6")
    assert ground.browser.get("/signin").status_code == 200


def test_without_javascript_the_token_never_stands_in_an_address(ground: Ground) -> None:
    page = ground.browser.get("/screen").text
    assert 'data-from-fragment="token"' in page
    assert 'method="post"' in page
    token = ground.access.keeper.add_screen("hall", "C0", "大厅")
    answer = ground.send("/screen", token=token)
    assert answer.headers["Location"] == "/wall"
    assert "Max-Age=34560000" in answer.headers["Set-Cookie"]
    me = ground.browser.get("/me").json
    assert me
    assert (me["role"], me["centre"], me["verbs"], me["via"]) == ("wall", "C0", [], "device")
    assert ground.browser.get("/duty").status_code == 403
    assert ground.send("/screen", token="another").status_code == 401


def test_signing_out_ends_the_session_and_the_cookie(ground: Ground) -> None:
    let = let_in(ground.access, "wang", Role.AUDITOR, "D", now=ground.now)
    ground.browser.set_cookie(ground.web.callers.cookie.name, let)
    answer = ground.send("/signout")
    assert answer.headers["Location"] == "/signin"
    assert ground.token() == ""
    assert ground.browser.get("/signout").status_code == 404
    assert ground.kinds() == ["sign_out"]


def test_an_account_page_shows_who_one_is_and_the_way_out(ground: Ground) -> None:
    officer = visitors.visitor(ground.web, Role.OFFICER, "C0", "zhao").get("/account").text
    assert "zhao" in officer
    assert "C0社区" in officer
    assert 'action="/signout?' in officer
    assert "/signin/renew" in officer
    assert "/accounts" not in officer
    screen = visitors.visitor(ground.web, Role.WALL, "C0", "hall").get("/account").text
    assert "/duty" not in screen
    assert "/signin/renew" not in screen


def test_what_is_typed_comes_back_as_text(ground: Ground) -> None:
    evil = '"><script>alert(1)</script>'
    page = ground.send("/signin?next=%22%3E%3Cscript%3E", name=evil, password="x").text
    assert "<script>alert" not in page
    assert html.escape(evil) in page


def test_pages_of_signing_in_are_kept_by_no_browser(ground: Ground) -> None:
    for path in ("/signin", "/screen", "/setup?token=x", "/signin/code"):
        assert ground.browser.get(path).headers["Cache-Control"] == "no-store"


def test_where_to_go_language_and_theme_are_carried_from_step_to_step(ground: Ground) -> None:
    ground.officer()
    step = ground.send("/signin?next=/duty&lang=en&theme=light&other=x", name="li", password=PASSWORD)
    assert parse_qs(urlsplit(step.headers["Location"]).query) == {
        "next": ["/duty"],
        "lang": ["en"],
        "theme": ["light"],
    }
    assert 'data-theme="light"' in ground.browser.get(step.headers["Location"]).text


PATHS = ("/signin", "/signin/code", "/signin/enrol", "/signin/renew", "/setup", "/screen", "/signout", "/accounts")


@settings(suppress_health_check=list(HealthCheck), max_examples=60, deadline=None)
@given(
    st.sampled_from(PATHS),
    st.dictionaries(st.sampled_from(["name", "password", "code", "token", "new", "again", "old", "act"]), st.text()),
    st.dictionaries(st.sampled_from(["next", "lang", "theme", "token"]), st.text(max_size=20)),
    st.binary(max_size=40),
)
def test_whatever_is_sent_no_answer_is_a_failure_of_ours(
    ground: Ground, path: str, form: dict[str, str], query: dict[str, str], cookie: bytes
) -> None:
    ground.browser.set_cookie(ground.web.callers.cookie.name, cookie.decode("latin-1"))
    for method in ("GET", "POST"):
        answer = ground.browser.open(path, method=method, query_string=query, data=form, headers=visitors.ORIGIN)
        assert answer.status_code < 500
    raw = ground.browser.post(path, data=cookie, content_type="multipart/form-data", headers=visitors.ORIGIN)
    assert raw.status_code < 500


def test_a_body_that_is_too_large_is_refused(ground: Ground) -> None:
    assert ground.send("/signin", name="x" * 20_000).status_code == 413


def test_what_nobody_is_called_is_not_put_on_record(ground: Ground) -> None:
    """Whoever types the password into the field of the name would read it in the audit trail."""
    ground.officer()
    ground.send("/signin", name=PASSWORD, password="x")
    ground.send("/signin", name="li", password="wrong")
    unknown, known = Ledger(ground.url).rows()[-2:]
    assert (unknown.actor, known.actor) == ("127.0.0.1", "li")
    assert PASSWORD.casefold() not in str(unknown).casefold()
