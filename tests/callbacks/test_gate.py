import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from callbacks.web import Web
from dashboard.access import Role
from dashboard.audit.ledger import Ledger
from dashboard.journal import Journal
from dashboard.state_server import StateServer
from layouts import ids
from tests.callbacks import visitors

HTML = {"Accept": "text/html,application/xhtml+xml"}
CALL: dict[str, Any] = {
    "output": f"{ids.PAGE}.children",
    "outputs": {"id": ids.PAGE, "property": "children"},
    "inputs": [
        {"id": ids.ADDRESS, "property": "pathname", "value": "/duty"},
        {"id": ids.ADDRESS, "property": "search", "value": ""},
    ],
    "changedPropIds": [f"{ids.ADDRESS}.pathname"],
}


@pytest.fixture
def web(journal: Journal, state_server: StateServer, tmp_path: Path) -> Web:
    """Of a real district."""
    return visitors.web(state_server.url, tmp_path)


@pytest.fixture
def anonymous(web: Web) -> Iterator[FlaskClient]:
    with visitors.browser(web) as client:
        yield client


def post(client: FlaskClient, body: Any, path: str = "/_dash-update-component", **headers: str) -> int:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post(path, json=body, headers={**visitors.ORIGIN, **named}).status_code


# -- pages ------------------------------------------------------------------------------------------------


def test_nobody_sees_a_page_of_a_real_district_without_signing_in(anonymous: FlaskClient) -> None:
    answer = anonymous.get("/duty?centre=C0&lang=en", headers=HTML)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/signin?next=%2Fduty%3Fcentre%3DC0%26lang%3Den&lang=en"
    assert anonymous.get("/wall").status_code == 401
    assert anonymous.get("/wall/roster.json").status_code == 401


def test_a_browser_that_comes_from_elsewhere_is_asked_to_come_again(anonymous: FlaskClient) -> None:
    """Its SameSite=Strict cookie was left out: whoever is signed in must not look signed out."""
    answer = anonymous.get("/duty?a=1", headers={**HTML, "Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 200
    assert '<meta http-equiv="refresh" content="0;url=/duty?a=1">' in answer.text


def test_guests_look_at_a_demonstration_and_touch_nothing(
    journal: Journal, state_server: StateServer, tmp_path: Path
) -> None:
    web = visitors.web(state_server.url, tmp_path, visitors.demonstration())
    with visitors.browser(web) as guest:
        assert guest.get("/wall").status_code == guest.get("/duty").status_code == 200
        assert guest.get("/me").json["guest"] is True  # type: ignore[index]
        assert guest.get("/accounts", headers=HTML).headers["Location"].startswith("/signin?")
        assert guest.post("/accounts", data={"act": "add"}, headers=visitors.ORIGIN).status_code == 403


def test_a_demonstration_that_real_sources_feed_has_no_guests(
    journal: Journal, state_server: StateServer, tmp_path: Path
) -> None:
    feeds = {"field": {"type": "mqtt"}}
    web = visitors.web(state_server.url, tmp_path, visitors.demonstration(), feeds=feeds)
    assert visitors.browser(web).get("/wall").status_code == 401


def test_who_may_not_see_a_page_is_told_so(web: Web) -> None:
    auditor = visitors.visitor(web, Role.AUDITOR)
    answer = auditor.get("/duty", headers=HTML)
    assert answer.status_code == 403
    assert "some-auditor" in answer.text
    assert "some-auditor" not in visitors.visitor(web, Role.OFFICER).get("/duty", headers=HTML).text


def test_a_screen_is_laid_out_only_for_who_may_see_it(web: Web) -> None:
    """The address is an input like any other: the page of a wall screen may ask for another's."""
    screen = visitors.visitor(web, Role.WALL)
    answer = screen.post("/_dash-update-component", json=CALL, headers=visitors.ORIGIN)
    assert answer.status_code == 200
    assert f'"id":"{ids.WALL}"' in answer.text.replace(" ", "")


# -- writes -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:81"},
        {"Origin": "https://localhost"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
)
def test_another_sites_page_writes_nowhere(web: Web, headers: dict[str, str]) -> None:
    officer = visitors.visitor(web, Role.OFFICER)
    for path in ("/_dash-update-component", "/signin", "/signout", "/accounts", "/api/v1/cases"):
        assert post(officer, CALL, path, **headers) == 403, path


def test_a_cookie_without_an_origin_writes_nothing(web: Web) -> None:
    officer = visitors.visitor(web, Role.OFFICER)
    assert officer.post("/_dash-update-component", json=CALL).status_code == 403
    assert officer.post("/signout").status_code == 403
    assert officer.get("/me").status_code == 200


def test_a_malformed_dash_call_is_refused_before_dash_sees_it(web: Web) -> None:
    officer = visitors.visitor(web, Role.OFFICER)
    assert post(officer, CALL) == 200
    for body in ({}, [], {**CALL, "inputs": []}, {**CALL, "output": "nothing.children"}):
        assert post(officer, body) == 400
    assert officer.post("/_dash-update-component", data=b"\xff", headers=visitors.ORIGIN).status_code == 415


# -- sessions -----------------------------------------------------------------------------------------------


def test_an_ended_session_opens_nothing_however_often_it_is_sent_again(web: Web) -> None:
    officer = visitors.visitor(web, Role.OFFICER)
    token = officer.get_cookie(web.callers.cookie.name)
    assert token
    assert officer.post("/signout", headers=visitors.ORIGIN).status_code == 303
    again = visitors.browser(web, token.value)
    assert [again.get(path).status_code for path in ("/me", "/wall", "/wall/loads.json")] == [401] * 3


def test_a_role_change_and_a_lock_hold_from_the_next_request_on(web: Web) -> None:
    officer = visitors.visitor(web, Role.OFFICER, name="li")
    assert officer.get("/duty").status_code == 200
    web.access.keeper.amend("li", role=Role.AUDITOR)
    assert (officer.get("/duty").status_code, officer.get("/wall").status_code) == (403, 200)
    web.access.keeper.disable("li")
    assert officer.get("/wall").status_code == 401


def test_only_what_somebody_does_keeps_a_session_alive(web: Web) -> None:
    officer = visitors.visitor(web, Role.OFFICER)

    def seen_at(act: Callable[[], Any]) -> float:
        web.access._clock = lambda: web.access.sessions()[0].seen_at + 60  # type: ignore[method-assign]
        act()
        return web.access.sessions()[0].seen_at

    before = web.access.sessions()[0].seen_at
    for path in ("/me", "/wall/loads.json", "/_dash-layout", "/wall/roster.json"):
        assert seen_at(lambda path=path: officer.get(path)) == before, path  # type: ignore[misc]
    assert seen_at(lambda: post(officer, CALL)) == before
    assert seen_at(lambda: officer.post("/active", headers=visitors.ORIGIN)) == before + 60
    assert seen_at(lambda: officer.get("/duty")) == before + 120


def test_while_the_state_server_is_away_nobody_is_let_in_and_told_to_wait(tmp_path: Path) -> None:
    web = visitors.web("redis://127.0.0.1:1", tmp_path)
    somebody = visitors.browser(web, "a token")
    answer = somebody.get("/me")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    page = somebody.get("/duty", headers=HTML)
    assert page.status_code == 503
    assert 'http-equiv="refresh"' in page.text
    assert somebody.get("/healthz").status_code == 200


def test_refusals_are_on_record(web: Web, state_server: StateServer) -> None:
    auditor = visitors.visitor(web, Role.AUDITOR, name="shen")
    auditor.get("/accounts")
    auditor.get("/accounts")
    refused = [row for row in Ledger(state_server.url).rows() if row.kind == "refused"]
    assert [(row.actor, row.subject) for row in refused] == [("shen", "GET accounts.show")]


# -- monitoring ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/metrics", "/readyz"])
def test_the_monitoring_is_on_this_machine_or_has_a_token(
    journal: Journal, state_server: StateServer, tmp_path: Path, path: str
) -> None:
    def status(client: FlaskClient, address: str, **headers: str) -> int:
        return client.get(path, environ_base={"REMOTE_ADDR": address}, headers=headers).status_code

    plain = visitors.browser(visitors.web(state_server.url, tmp_path))
    assert status(plain, "127.0.0.1") != 401
    assert status(plain, "10.0.0.5") == 401
    assert status(plain, "127.0.0.1", **{"X-Forwarded-For": "10.0.0.5"}) == 401
    guarded = visitors.browser(visitors.web(state_server.url, tmp_path, metrics_token="monitoring-token"))
    assert status(guarded, "10.0.0.5", Authorization="Bearer monitoring-token") != 401
    for wrong in ("Bearer other", "Bearer ", "Basic bW9uaXRvci10b2tlbjo="):
        assert status(guarded, "10.0.0.5", Authorization=wrong) == 401


def test_what_is_public_tells_nothing(web: Web, anonymous: FlaskClient) -> None:
    assert anonymous.get("/healthz").json == {"alive": True}
    for path in ("/", "/signin", "/api/v1/openapi.json", "/nothing"):
        text = anonymous.get(path, headers=HTML, follow_redirects=True).text
        assert "C0社区" not in text
        assert "VO000" not in text


# -- headers ------------------------------------------------------------------------------------------------


def test_every_answer_has_the_headers(web: Web, anonymous: FlaskClient) -> None:
    for path in ("/", "/signin", "/_dash-layout", "/nothing", "/healthz", "/assets/theme.css"):
        headers = anonymous.get(path, headers=HTML, buffered=True).headers
        policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
        assert "unsafe" not in policy["script-src"]
        assert policy["frame-ancestors"] == "'none'"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"


def test_video_is_let_in_from_the_gateway(journal: Journal, state_server: StateServer, tmp_path: Path) -> None:
    web = visitors.web(state_server.url, tmp_path, video_url="https://video.example/{device}/index.m3u8")
    policy = visitors.browser(web).get("/healthz").headers["Content-Security-Policy"]
    for source in ("connect-src", "media-src"):
        assert "https://video.example" in policy.split(source)[1].split(";")[0]


def test_an_address_that_dash_does_not_know_is_not_its_mistake(anonymous: FlaskClient) -> None:
    for path in ("/_dash-component-suites/dash/nothing.js", "/_dash-component-suites/other/x.js"):
        assert anonymous.get(path).status_code == 404
    assert json.loads(anonymous.get("/_dash-component-suites/other/x.js").data)["error"] == "refused"


def test_another_sites_name_for_this_machine_opens_nothing(
    journal: Journal, state_server: StateServer, tmp_path: Path
) -> None:
    """DNS rebinding: the page of another site would be of our origin, and see what guests see."""
    web = visitors.web(state_server.url, tmp_path, visitors.demonstration())
    guest = visitors.browser(web)
    for path in ("/wall", "/metrics", "/signin", "/healthz", "/nowhere"):
        assert guest.get(path, base_url="http://evil.example").status_code == 421, path
        assert guest.get(path).status_code != 421, path
    with web.server.test_request_context(base_url="http://evil.example", headers={"Origin": "http://evil.example"}):
        assert web.sockets.enter("s1")
    with web.server.test_request_context(base_url="http://localhost", headers={"Origin": "http://localhost"}):
        assert not web.sockets.enter("s1")
