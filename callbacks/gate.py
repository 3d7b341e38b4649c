"""The gate: every request comes through here, and what no table names is shut for everybody.

Asks who calls and what the door needs (dashboard/access/permissions.py), refuses writes from other sites' pages and
malformed Dash calls, and puts the headers on every answer. What a principal may then do with what is behind the door,
in which scope, is asked there.
"""

import hmac
import ipaddress
from functools import cache
from urllib.parse import urlencode

import msgspec
from dash import Dash
from dash.exceptions import DependencyException
from flask import Flask, Response, request

from callbacks import dash_calls, headers, identity, own_pages
from callbacks.callers import Callers, address
from callbacks.look import Looks
from callbacks.trail import Trail
from dashboard.access import Permission, Principal, Role
from dashboard.access.permissions import ROUTES, SCREENS, STARTS
from dashboard.store import JournalUnavailable
from layouts import notices

SIGN_IN = "/signin"
_DASH_PAGES = frozenset({"/", "/<path:path>"})
# What somebody does; all else a page may ask for by itself, and must not keep its session alive.
_DEEDS = _DASH_PAGES | {"orders", "accounts.show", "accounts.act", "audit.page", "briefing.show", "signin.active"}
_RETRY_S = 2
_PROXY_MARKS = ("Forwarded", "X-Forwarded-For", "X-Real-IP")


class Gate:
    """Lets requests in, or answers them itself."""

    def __init__(
        self,
        app: Dash,
        callers: Callers,
        trail: Trail,
        looks: Looks,
        metrics_token: str = "",
        names: frozenset[str] | None = None,
    ) -> None:
        """`metrics_token`: what the monitoring sends as Bearer from elsewhere; "": it must be on this machine.

        `names`: see own_pages.own_names.
        """
        self._app = app
        self._callers = callers
        self._trail = trail
        self._looks = looks
        self._metrics_token = metrics_token
        self._names = names

    def meet(self) -> Response | None:
        """None: the request being answered may go on. Otherwise the answer."""
        if not own_pages.is_own_name(self._names):
            return refused(421, "this is not the name of this wall: WALL_PUBLIC_URL says which is")
        endpoint = request.endpoint
        if endpoint is None:  # nothing is behind it, and Flask has its 404 or 405 ready
            return None
        needed = needed_for(endpoint)
        if needed is None:
            return refused(404 if endpoint in _DASH_PAGES else 403, "there is no such door")
        if own_pages.is_foreign_write(has_own_token=needed is Permission.TOKEN):
            self._trail.refusal(address(), f"{request.method} {request.path}", "another site's page")
            return refused(403, "another site may not write here")
        if needed is Permission.MONITORING:
            return None if self._is_monitoring() else refused(401, "send the monitoring's token as Bearer")
        if needed in (Permission.PUBLIC, Permission.TOKEN):
            return None
        who = self._callers.current(acting=endpoint in _DEEDS)
        if who is None or not who.may(needed):
            return self._turn_away(who, endpoint)
        identity.admit(who)
        return self._meet_call(who) if endpoint == dash_calls.ENDPOINT and request.method == "POST" else None

    def _meet_call(self, who: Principal) -> Response | None:
        try:
            output = dash_calls.read(self._app.callback_map)
        except dash_calls.Malformed as malformed:
            return refused(malformed.status, str(malformed))
        needed = dash_calls.permission(output)
        return None if needed is not None and who.may(needed) else self._turn_away(who, output)

    def _is_monitoring(self) -> bool:
        sent = request.authorization
        if self._metrics_token and sent is not None and sent.type == "bearer":
            return hmac.compare_digest((sent.token or "").encode(), self._metrics_token.encode())
        # A proxy on this machine that nobody declared makes everybody look like this machine.
        return _is_this_machine(address()) and not any(mark in request.headers for mark in _PROXY_MARKS)

    def away(self, _: JournalUnavailable) -> Response:
        """Nobody can say who somebody is, or keep what was sent, while the state server is away."""
        if not _wants_page():
            return refused(503, "the state server is away; nothing was kept. Try again", Retry_After=str(_RETRY_S))
        answer = page(503, notices.away(self._looks.current()))
        answer.headers["Retry-After"] = str(_RETRY_S)
        return answer

    def _turn_away(self, who: Principal | None, door: str) -> Response:
        is_known = who is not None and who.role is not Role.GUEST
        if _wants_page() and (who is None or not is_known):
            return _to_sign_in()
        self._trail.refusal(who.name if who else address(), f"{request.method} {door}", "not permitted", who)
        if _wants_page() and who:
            return page(403, notices.forbidden(self._looks.current(), who.title, STARTS[who.role]))
        return refused(403 if who else 401, "this needs another role" if is_known else "sign in first")


def register(
    server: Flask,
    app: Dash,
    gate: Gate,
    image_origins: list[str],
    video_origins: list[str],
    is_tls: bool,
) -> None:
    """Put the gate before everything that the server answers; the origins are where tiles and video come from."""
    # Made with the first answer: by then every client-side callback has left its inline script with Dash.
    every = cache(lambda: headers.security_headers(app.csp_hashes(), image_origins, video_origins, is_tls))
    server.before_request(gate.meet)
    server.after_request(lambda response: headers.add(response, every()))
    server.register_error_handler(JournalUnavailable, gate.away)
    # Dash answers 500 to an address of a library that it does not have.
    server.register_error_handler(DependencyException, lambda _: refused(404, "there is no such file"))


def needed_for(endpoint: str) -> Permission | None:
    """What the door of the request being answered needs; a page of Dash is a door by its path."""
    if endpoint == "/<path:path>":
        return SCREENS.get(request.path.strip("/"))
    return ROUTES.get(endpoint)


def refused(status: int, why: str, **headers: str) -> Response:
    """The answer to who is not let in."""
    response = Response(msgspec.json.encode({"error": "refused", "why": why}), status, mimetype="application/json")
    response.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return response


def page(status: int, html: str) -> Response:
    """A page that no browser keeps."""
    return Response(html, status, mimetype="text/html", headers={"Cache-Control": "no-store"})


def _to_sign_in() -> Response:
    """To the sign-in page and back here; a browser that comes from another site is asked to come again by itself.

    It leaves out a SameSite=Strict cookie on the first request from elsewhere: a link in a message would look
    signed out.
    """
    here = request.full_path.rstrip("?")
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        return page(200, notices.come_again(here))
    kept = {"next": here} | {name: request.args[name] for name in ("lang", "theme") if name in request.args}
    return found(f"{SIGN_IN}?{urlencode(kept)}")


def found(path: str) -> Response:
    """To another page, by GET."""
    return Response(status=303, headers={"Location": path, "Cache-Control": "no-store"})


def _wants_page() -> bool:
    return request.method == "GET" and "text/html" in request.headers.get("Accept", "")


def _is_this_machine(name: str) -> bool:
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
