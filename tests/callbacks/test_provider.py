"""Against a provider that speaks the protocol: discovery, authorization, token endpoint with PKCE, signed ID tokens."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask, Response, jsonify, request
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from callbacks.web import Web
from dashboard.access import Role
from dashboard.journal import Journal
from dashboard.state_server import StateServer
from tests.callbacks import visitors


class Idp:
    """A provider on a port of its own, which vouches for whatever the test says."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "k1"}, auto_kid=False)
        self.signs_with = self.key
        self.claims: dict[str, Any] = {}
        self.asked: dict[str, str] = {}
        self._server = make_server("127.0.0.1", 0, self._app(), threaded=True)
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def _app(self) -> Flask:
        app = Flask("provider")
        app.add_url_rule("/.well-known/openid-configuration", "discovery", self.discovery)
        app.add_url_rule("/jwks", "jwks", lambda: jsonify(keys=[self.key.as_dict(private=False)]))
        app.add_url_rule("/token", "token", self.token, methods=["POST"])
        return app

    def discovery(self) -> Response:
        return jsonify(
            issuer=self.issuer,
            authorization_endpoint=f"{self.issuer}/authorize",
            token_endpoint=f"{self.issuer}/token",
            jwks_uri=f"{self.issuer}/jwks",
            id_token_signing_alg_values_supported=["RS256"],
        )

    def authorize(self, address: str) -> str:
        """The browser arrives and is sent back: the address to which."""
        parts = urlsplit(address)
        self.asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        back = urlsplit(self.asked["redirect_uri"])
        return f"{back.path}?code=the-code&state={self.asked['state']}"

    def token(self) -> Any:
        verifier = request.form.get("code_verifier", "")
        digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        if request.form.get("code") != "the-code" or digest != self.asked["code_challenge"]:
            return jsonify(error="invalid_grant"), 400
        now = int(time.time())
        claims = {"iss": self.issuer, "sub": "4711", "aud": "wall", "iat": now, "exp": now + 60}
        claims |= {"nonce": self.asked["nonce"], **self.claims}
        signed = jwt.encode({"alg": "RS256", "kid": "k1"}, claims, self.signs_with)
        return jsonify(access_token="a", token_type="Bearer", expires_in=60, id_token=signed)

    def stop(self) -> None:
        self._server.shutdown()


LI = {
    "preferred_username": "li",
    "name": "值班员 李",
    "groups": ["staff", "wall-officers"],
    "office": "west",
    "amr": ["mfa"],
}


@pytest.fixture(scope="module")
def idp() -> Iterator[Idp]:
    provider = Idp()
    yield provider
    provider.stop()


@pytest.fixture
def web(journal: Journal, state_server: StateServer, tmp_path: Path, idp: Idp) -> Web:
    idp.claims, idp.signs_with = dict(LI), idp.key
    oidc = {
        "issuer": idp.issuer,
        "client_id": "wall",
        "client_secret": "secret",
        "roles": {"wall-admins": "administrator", "wall-officers": "officer"},
        "centre_claim": "office",
        "centres": {"west": "A"},
    }
    return visitors.web(state_server.url, tmp_path, oidc=oidc)


def go_there(browser: FlaskClient, idp: Idp, path: str = "/signin/provider?next=/duty") -> str:
    """To the provider and back: the address at which the browser comes back."""
    away = browser.get(path)
    assert away.status_code == 302
    return idp.authorize(away.headers["Location"])


def come_back(browser: FlaskClient, address: str) -> TestResponse:
    return browser.get(address, headers={"Sec-Fetch-Site": "cross-site"})


def test_whom_the_provider_vouches_for_is_in(web: Web, idp: Idp) -> None:
    browser = visitors.browser(web)
    assert "/signin/provider" in browser.get("/signin").text
    answer = come_back(browser, go_there(browser, idp))
    assert answer.status_code == 200, "a redirect that began elsewhere would leave the strict cookie out"
    assert 'content="0;url=/duty"' in answer.text
    me = browser.get("/me").json
    assert me
    assert (me["name"], me["title"], me["role"], me["centre"], me["via"]) == ("li", "值班员 李", "officer", "A", "oidc")
    assert {"state", "nonce", "code_challenge"} <= idp.asked.keys()
    assert idp.asked["code_challenge_method"] == "S256"


def test_what_the_provider_says_now_counts(web: Web, idp: Idp) -> None:
    first = visitors.browser(web)
    come_back(first, go_there(first, idp))
    idp.claims["groups"] = "wall-admins"
    second = visitors.browser(web)
    come_back(second, go_there(second, idp))
    assert second.get("/me").json["role"] == "administrator"  # type: ignore[index]
    assert first.get("/me").json["role"] == "administrator"  # type: ignore[index]


def test_without_a_second_factor_there_we_ask_for_one_here(web: Web, idp: Idp) -> None:
    del idp.claims["amr"]
    browser = visitors.browser(web)
    answer = come_back(browser, go_there(browser, idp))
    assert "/signin/enrol?next=%2Fduty" in answer.text
    assert browser.get("/me").status_code == 401


@pytest.mark.parametrize(
    "claims",
    [
        {"groups": ["staff"]},
        {"groups": None},
        {"office": "elsewhere"},
        {"nonce": "another"},
        {"aud": "another"},
        {"iss": "http://another.example"},
        {"exp": 1},
        {"preferred_username": "!"},
    ],
)
def test_a_token_that_does_not_fit_lets_nobody_in(web: Web, idp: Idp, claims: dict[str, Any]) -> None:
    idp.claims |= claims
    browser = visitors.browser(web)
    answer = come_back(browser, go_there(browser, idp))
    assert answer.status_code in (400, 401)
    assert 'class="fault"' in answer.text
    assert browser.get("/me").status_code == 401


def test_a_token_that_another_key_signed_lets_nobody_in(web: Web, idp: Idp) -> None:
    idp.signs_with = RSAKey.generate_key(2048, {"kid": "k1"}, auto_kid=False)
    browser = visitors.browser(web)
    assert come_back(browser, go_there(browser, idp)).status_code == 401


def test_what_began_in_another_browser_ends_there(web: Web, idp: Idp) -> None:
    """Otherwise an attacker's answer would sign somebody in as the attacker."""
    attacker, victim = visitors.browser(web), visitors.browser(web)
    address = go_there(attacker, idp)
    assert come_back(victim, address).status_code == 401
    assert victim.get("/me").status_code == 401


def test_an_answer_counts_once(web: Web, idp: Idp) -> None:
    browser = visitors.browser(web)
    address = go_there(browser, idp)
    assert come_back(browser, address).status_code == 200
    assert come_back(browser, address).status_code == 401


def test_a_local_account_is_not_the_providers_to_give_away(web: Web, idp: Idp) -> None:
    web.access.keeper.add("li", Role.ADMINISTRATOR, "D")
    browser = visitors.browser(web)
    assert come_back(browser, go_there(browser, idp)).status_code == 400
    assert browser.get("/me").status_code == 401


@pytest.mark.parametrize("query", ["", "?error=access_denied", "?code=x", "?state=x&code=y", "?code=%00&state=%ff"])
def test_whatever_comes_back_it_is_answered(web: Web, query: str) -> None:
    assert visitors.browser(web).get(f"/signin/provider/back{query}").status_code == 401


def test_a_provider_that_is_away_is_said_to_be(journal: Journal, state_server: StateServer, tmp_path: Path) -> None:
    oidc = {"issuer": "http://127.0.0.1:1", "client_id": "wall", "client_secret": "x", "roles": {"a": "officer"}}
    web = visitors.web(state_server.url, tmp_path, oidc=oidc)
    assert visitors.browser(web).get("/signin/provider").status_code == 401


def test_a_role_that_there_is_not_is_said_at_the_start(
    journal: Journal, state_server: StateServer, tmp_path: Path
) -> None:
    oidc = {"issuer": "http://x", "client_id": "wall", "client_secret": "x", "roles": {"a": "king"}}
    with pytest.raises(ValueError, match="king"):
        visitors.web(state_server.url, tmp_path, oidc=oidc)


def test_the_flows_cookie_is_lax_short_and_holds_no_session(web: Web, idp: Idp) -> None:
    away = visitors.browser(web).get("/signin/provider")
    cookie = away.headers["Set-Cookie"]
    assert "SameSite=Lax" in cookie
    assert "HttpOnly" in cookie
    assert "Path=/signin/provider" in cookie
    assert json.dumps(LI) not in cookie
