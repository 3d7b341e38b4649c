"""The one cookie: whose session a browser is in. No script can read it, and no other site makes a browser send it."""

from flask import Response, request

SCREEN_S = 400 * 86_400  # the longest that browsers keep a cookie; the session behind it may be ended at any time
_NAME = "wall-session"


class Cookie:
    """The session's cookie."""

    def __init__(self, is_tls: bool) -> None:
        """Over TLS it is Secure, and bound to exactly this host by its name."""
        self._is_tls = is_tls
        self.name = f"__Host-{_NAME}" if is_tls else _NAME

    def token(self) -> str:
        """The session's token that came with the request being answered; "" if none."""
        return request.cookies.get(self.name, "")[:200]

    def give(self, response: Response, token: str, max_age_s: int | None = None) -> Response:
        """Let the browser keep a token: until it is closed, or for so long."""
        response.set_cookie(
            self.name, token, max_age=max_age_s, path="/", secure=self._is_tls, httponly=True, samesite="Strict"
        )
        return response

    def take(self, response: Response) -> Response:
        """Let the browser forget it."""
        response.delete_cookie(self.name, path="/", secure=self._is_tls, httponly=True, samesite="Strict")
        return response
