import json
from pathlib import Path
from typing import Any

import pytest
from dash import Dash, Input, Output, State, dcc, html
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from callbacks import gate
from dashboard.stills import Stills

NOW = 1_795_156_330.0
KEY = b"0123456789abcdef"
JPEG = b"\xff\xd8\xff\xe0 a picture"


class Page:
    """A page with one wired output, behind the gate."""

    def __init__(self, folder: Path) -> None:
        self.now = NOW
        self.stills = Stills(folder)
        server = Flask("test")
        self.app = Dash("test", server=server)
        self.app.layout = html.Div([dcc.Input(id="in"), dcc.Store(id="kept"), html.P(id="out")])
        wiring = Output("out", "children"), Input("in", "value"), State("kept", "data")
        self.app.callback(*wiring)(lambda value, kept: f"{value}")
        self.app.clientside_callback("value => value", Output("kept", "data"), Input("in", "value"))
        gate.register(server, self.app, self.stills, KEY, lambda: self.now, ["https://tiles.example"])
        self.client: FlaskClient = server.test_client()


@pytest.fixture
def page(tmp_path: Path) -> Page:
    return Page(tmp_path)


CALL: dict[str, Any] = {
    "output": "out.children",
    "outputs": {"id": "out", "property": "children"},
    "inputs": [{"id": "in", "property": "value", "value": "hello"}],
    "state": [{"id": "kept", "property": "data", "value": None}],
    "changedPropIds": ["in.value"],
    "parsedChangedPropsIds": ["in.value"],
}


def call(page: Page, body: Any, **headers: str) -> tuple[int, str]:
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = page.client.post(
        "/_dash-update-component", data=sent, headers={"Content-Type": "application/json", **named}
    )
    return answer.status_code, answer.text


# -- stills -----------------------------------------------------------------------------------------------


def test_a_signed_link_shows_the_still(page: Page) -> None:
    answer = page.client.get(gate.still_link(KEY, page.stills.store(JPEG), NOW))
    assert (answer.status_code, answer.data, answer.mimetype) == (200, JPEG, "image/jpeg")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"].startswith("private")
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_a_link_stays_the_same_within_an_hour_and_ends_after_two(page: Page) -> None:
    name = page.stills.store(JPEG)
    hour = NOW - NOW % 3600
    link = gate.still_link(KEY, name, hour + 1)
    assert gate.still_link(KEY, name, hour + 3600) == link != gate.still_link(KEY, name, hour + 3601)
    for age_s, status in ((3600, 200), (7199, 200), (7200, 403)):
        page.now = hour + age_s
        assert page.client.get(link).status_code == status


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?e=9999999999",
        "?e=1&s=é",
        "?e=-5&s=0",
        "?e=99999999999999999999&s=0",
        "?e=²&s=0",
        "?e=9999999999&s=00",
    ],
)
def test_without_our_signature_no_still_is_shown(page: Page, query: str) -> None:
    assert page.client.get(f"/stills/{page.stills.store(JPEG)}{query}").status_code == 403


def test_a_signature_is_for_one_still_one_time_and_one_key(page: Page) -> None:
    name, other = page.stills.store(JPEG), page.stills.store(JPEG + b"2")
    expires = int(NOW) + 100
    signature = gate.sign_still(KEY, name, expires)
    assert gate.may_see_still(KEY, name, str(expires), signature, NOW)
    assert not gate.may_see_still(KEY, other, str(expires), signature, NOW)
    assert not gate.may_see_still(KEY, name, str(expires + 1), signature, NOW)
    assert not gate.may_see_still(b"another key", name, str(expires), signature, NOW)


def test_a_still_that_was_swept_is_gone(page: Page) -> None:
    assert page.client.get(gate.still_link(KEY, "a" * 64, NOW)).status_code == 404
    assert page.client.get(gate.still_link(KEY, "..", NOW)).status_code in (403, 404)


# -- writes -----------------------------------------------------------------------------------------------


def test_a_call_from_our_own_page_passes(page: Page) -> None:
    assert call(page, CALL)[0] == 200
    status, text = call(page, CALL, Origin="http://localhost", Sec_Fetch_Site="same-origin")
    assert (status, json.loads(text)["response"]["out"]["children"]) == (200, "hello")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "http://localhost:81"},
        {"Origin": "http://["},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
)
def test_another_sites_page_may_not_write(page: Page, headers: dict[str, str]) -> None:
    assert call(page, CALL, **headers)[0] == 403


def test_reading_from_elsewhere_is_left_to_the_browser() -> None:
    assert not gate.is_foreign("GET", "cross-site", "http://evil.example", "here")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff",
        b"[" * 20_000,
        [],
        {},
        "x",
        5,
        None,
        {**CALL, "output": "nothing.children"},
        {**CALL, "output": 5},
        {**CALL, "output": ["out.children"]},
        {**CALL, "inputs": []},
        {**CALL, "inputs": None},
        {**CALL, "inputs": ["in"]},
        {**CALL, "inputs": [{"id": "in"}]},
        {**CALL, "inputs": [[{"id": "in", "property": 5}]]},
        {**CALL, "inputs": [[[]]]},
        {**CALL, "state": [5]},
        {**CALL, "outputs": "x"},
        {**CALL, "changedPropIds": "x"},
        {**CALL, "changedPropIds": [5]},
        {**CALL, "extra": 1},
        {**CALL, "inputs": [{"id": "in", "property": "value", "value": eval("[" * 40 + "]" * 40)}]},
    ],
)
def test_a_malformed_call_is_refused_before_dash_sees_it(page: Page, body: Any) -> None:
    status, text = call(page, body)
    assert (status, json.loads(text)["error"]) == (400, "refused")


def test_a_call_is_bounded_and_json(page: Page) -> None:
    assert call(page, b" " * (gate.DASH_BODY_BYTES + 1))[0] == 413
    assert call(page, CALL, Content_Type="text/plain")[0] == 415


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "property"]), inner),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(list(CALL)), VALUES))
def test_whatever_stands_in_a_call_a_sentence_comes_back(changes: dict[str, Any]) -> None:
    wired = {"out.children": {"inputs": CALL["inputs"], "state": CALL["state"]}}
    assert isinstance(gate.dash_fault(json.dumps({**CALL, **changes}).encode(), wired), str)


# -- headers ----------------------------------------------------------------------------------------------


def test_every_answer_has_the_headers(page: Page) -> None:
    for path in ("/", "/_dash-layout", "/nothing"):
        headers = page.client.get(path).headers
        policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
        assert policy["script-src"].startswith("'self' 'sha256-")
        assert "unsafe" not in policy["script-src"]
        assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
        assert policy["img-src"] == "'self' data: https://tiles.example"
        assert policy["connect-src"] == "'self' ws: wss:"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
