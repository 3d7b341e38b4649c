"""Signing in by an identity provider (OpenID Connect): code flow with PKCE, state and nonce, by Authlib.

The provider says who somebody is; what they are here is made of its claims by the operator's settings. The browser
comes back from another site, so the flow's own cookie is Lax, and the session's is given with a page of ours that
leads on: a redirect from elsewhere would leave it out.
"""

import hashlib
import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from flask import Blueprint, Flask, Response, request, session
from joserfc.errors import JoseError

from callbacks import own_pages
from callbacks.callers import address
from callbacks.gate import page
from callbacks.look import Looks
from callbacks.signin import SignIn
from dashboard.access import Role
from dashboard.access.access import Access
from dashboard.district import District
from dashboard.settings import OidcSettings
from layouts import notices

_BACK = "/signin/provider/back"
_TRIED = timedelta(minutes=10)
_NEXT = "next"
_FAILURES = (AuthlibBaseError, JoseError, requests.RequestException, KeyError, ValueError, RuntimeError)

log = logging.getLogger(__name__)


class Provider:
    """The way to the provider and back."""

    def __init__(
        self, server: Flask, settings: OidcSettings, district: District, access: Access, sign_in: SignIn, looks: Looks
    ) -> None:
        """Raises ValueError for a role that there is not."""
        self._settings, self._district, self._access = settings, district, access
        self._sign_in, self._looks = sign_in, looks
        self._roles = {word: Role(role) for word, role in settings.roles.items()}
        self._client = OAuth(server).register(
            "provider",
            client_id=settings.client_id,
            client_secret=settings.client_secret.get_secret_value(),
            server_metadata_url=f"{settings.issuer.rstrip('/')}/.well-known/openid-configuration",
            client_kwargs={"scope": settings.scope, "code_challenge_method": "S256", "default_timeout": 10},
        )

    def leave(self) -> Response:
        """To the provider."""
        session.permanent = True
        session[_NEXT] = own_pages.inner_path(request.args.get("next"))
        try:
            away: Response = self._client.authorize_redirect(request.url_root.rstrip("/") + _BACK)
        except _FAILURES as failure:
            return self._failed(failure)
        away.headers["Cache-Control"] = "no-store"
        return away

    def back(self) -> Response:
        """From the provider."""
        wish = session.pop(_NEXT, "")
        try:
            claims: Mapping[str, Any] = self._client.authorize_access_token()["userinfo"]
            role, centre = self.role_of(claims), self.centre_of(claims)
            subject = f"{claims['iss']} {claims['sub']}"
            name = str(claims[self._settings.name_claim])
        except _FAILURES as failure:
            return self._failed(failure)
        finally:
            session.clear()
        outcome = self._access.oidc_sign_in(
            subject,
            name,
            str(claims.get(self._settings.title_claim, name)),
            role,
            centre,
            address(),
            request.headers.get("User-Agent", ""),
            self._settings.second_factor in _words(claims.get("amr")),
        )
        return self._sign_in.arrive(
            outcome, self._sign_in.start_page, go=lambda path: page(200, notices.come_again(path)), wish=wish
        )

    def role_of(self, claims: Mapping[str, Any]) -> Role:
        """The first role of the settings that the claims name; raises ValueError if they name none."""
        said = _words(claims.get(self._settings.role_claim))
        for word, role in self._roles.items():
            if word in said:
                return role
        raise ValueError(f"no role for any of {said} in the claim {self._settings.role_claim}")

    def centre_of(self, claims: Mapping[str, Any]) -> str:
        """The centre that the claims name; the district where the settings name no claim. Raises ValueError."""
        if not self._settings.centre_claim:
            return self._district.root.code
        for word in _words(claims.get(self._settings.centre_claim)):
            code = self._settings.centres.get(word, word)
            if code in self._district.centres:
                return code
        raise ValueError(f"no centre in the claim {self._settings.centre_claim}")

    def _failed(self, failure: BaseException) -> Response:
        log.warning("signing in by the provider failed: %s", failure)
        return page(401, self._sign_in.start_page(self._looks.current().words("provider_failed")))


def register(server: Flask, provider: Provider, key: bytes, is_tls: bool) -> None:
    """Wire the way to the provider and back; the flow's cookie is signed by a key made from `key`."""
    server.secret_key = hashlib.sha256(b"provider|" + key).digest()
    server.config.update(
        SESSION_COOKIE_NAME="wall-provider",
        SESSION_COOKIE_PATH="/signin/provider",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=is_tls,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=_TRIED,
    )
    doors = Blueprint("provider", __name__)
    doors.add_url_rule("/signin/provider", "leave", provider.leave)
    doors.add_url_rule(_BACK, "back", provider.back)
    server.register_blueprint(doors)


def _words(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [each for each in value if isinstance(each, str)] if isinstance(value, list | tuple) else []
