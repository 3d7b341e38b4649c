"""The gate: what a browser may fetch and send. Signed links to stills, same-site writes, well-formed Dash
calls, and the headers that keep a page to itself. Who is logged in, and as what, is not decided here."""

import hashlib
import hmac
import math
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from typing import Any

import msgspec
from dash import Dash
from flask import Flask, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from dashboard.stills import Stills

DASH_BODY_BYTES = 256 * 1024
_DASH_CALL = "/_dash-update-component"
_DEPTH = 32  # how deeply a Dash call may be nested
_LINK_S = 3600.0  # a link to a still lives one to two of these, and stays the same for one
_READS = frozenset({"GET", "HEAD", "OPTIONS"})
_DASH_FIELDS = frozenset(
    {"output", "outputs", "inputs", "state", "changedPropIds", "parsedChangedPropsIds", "cancelJob"}
)

DashCalls = Mapping[str, Mapping[str, Any]]


def register(
    server: Flask,
    app: Dash,
    stills: Stills,
    key: bytes,
    clock: Callable[[], float] = time.time,
    image_origins: Collection[str] = (),
) -> None:
    """Wire the gate. `image_origins`: from where map tiles come, if not from here."""
    # Made with the first answer: by then every client-side callback has left its inline script with Dash.
    headers = cache(lambda: security_headers(app.csp_hashes(), image_origins))
    server.before_request(lambda: _refuse_foreign_writes() or _refuse_bad_dash_calls(app.callback_map))
    server.after_request(lambda response: _with_headers(response, headers()))
    server.add_url_rule("/stills/<name>", "stills", lambda name: show_still(stills, key, name, clock()))


# -- stills ------------------------------------------------------------------------------------------------


def still_link(key: bytes, name: str, now: float) -> str:
    """A link to a still that works for one to two hours; the same within an hour, so browsers keep it."""
    expires = int(math.ceil(now / _LINK_S) * _LINK_S + _LINK_S)
    return f"/stills/{name}?e={expires}&s={sign_still(key, name, expires)}"


def sign_still(key: bytes, name: str, expires: int) -> str:
    """The signature of one still until one time (epoch seconds)."""
    return hmac.new(key, f"still|{name}|{expires}".encode(), hashlib.sha256).hexdigest()


def may_see_still(key: bytes, name: str, expires: str, signature: str, now: float) -> bool:
    """Whether a link's signature is ours and still holds."""
    if not (expires.isascii() and expires.isdigit() and len(expires) <= 12 and signature.isascii()):
        return False
    return hmac.compare_digest(sign_still(key, name, int(expires)), signature) and now < int(expires)


def show_still(stills: Stills, key: bytes, name: str, now: float) -> Response:
    """One stored picture, for a link that we made."""
    if not may_see_still(key, name, request.args.get("e", ""), request.args.get("s", ""), now):
        return _refused(403, "this link is not valid, or no longer")
    still = stills.find(name)
    if still is None:
        return _refused(404, "this picture is not here any more")
    try:
        picture = still.path.read_bytes()
    except OSError:
        return _refused(404, "this picture is not here any more")
    response = Response(picture, mimetype=still.media_type)
    response.headers["Cache-Control"] = f"private, max-age={int(_LINK_S)}, immutable"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


# -- writes ------------------------------------------------------------------------------------------------


def is_foreign(method: str, site: str | None, origin: str | None, host: str) -> bool:
    """Whether a browser says that another site's page makes it write.

    Browsers send Origin with every write; what sends neither header is no browser and carries no cookies.
    """
    if method in _READS:
        return False
    if site is not None and site not in ("same-origin", "none"):
        return True
    return origin is not None and origin.partition("://")[2].lower() != host.lower()


def _refuse_foreign_writes() -> Response | None:
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if is_foreign(request.method, site, origin, request.host):
        return _refused(403, "another site may not write here")
    return None


def _refuse_bad_dash_calls(dash_calls: DashCalls) -> Response | None:
    if request.method != "POST" or not request.path.endswith(_DASH_CALL):
        return None
    request.max_content_length = DASH_BODY_BYTES
    try:
        body = request.get_data()
    except RequestEntityTooLarge:
        return _refused(413, f"the body is larger than {DASH_BODY_BYTES} bytes")
    if request.mimetype != "application/json":
        return _refused(415, "send application/json")
    fault = dash_fault(body, dash_calls)
    return _refused(400, fault) if fault else None


def dash_fault(body: bytes, dash_calls: DashCalls) -> str:
    """What is wrong with the body of a Dash call; empty if Dash can take it.

    Dash itself answers 500 with a traceback in the log to each of these.
    """
    try:
        call = msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return "the body is not JSON"
    if not isinstance(call, dict) or not call.keys() <= _DASH_FIELDS:
        return "the body is not a Dash call"
    if _is_deep(call, _DEPTH):
        return "the body is nested too deeply"
    output = call.get("output")
    wired = dash_calls.get(output) if isinstance(output, str) else None
    if wired is None:
        return "there is no such output"
    changed = call.get("changedPropIds", [])
    if not isinstance(changed, list) or not all(isinstance(each, str) for each in changed):
        return "changedPropIds is not a list of names"
    if not isinstance(call.get("outputs", []), list | dict):
        return "outputs is neither a list nor an object"
    for name, wanted in (("inputs", wired["inputs"]), ("state", wired["state"])):
        if not _is_filled(call.get(name, []), wanted):
            return f"{name} is not what this output is wired to"
    return ""


def _is_filled(given: Any, wanted: Sequence[Any]) -> bool:
    return isinstance(given, list) and len(given) == len(wanted) and all(map(_is_property, given))


def _is_property(given: Any) -> bool:
    if isinstance(given, list):  # a pattern's matches
        return all(isinstance(each, dict) and _is_property(each) for each in given)
    return (
        isinstance(given, dict) and isinstance(given.get("id"), str | dict) and isinstance(given.get("property"), str)
    )


def _is_deep(value: Any, most: int) -> bool:
    if not isinstance(value, dict | list):
        return False
    if most == 0:
        return True
    return any(_is_deep(each, most - 1) for each in (value.values() if isinstance(value, dict) else value))


# -- headers -----------------------------------------------------------------------------------------------


def security_headers(script_hashes: Collection[str], image_origins: Collection[str] = ()) -> dict[str, str]:
    """The headers of every page; `image_origins`: from where map tiles come, if from elsewhere."""
    scripts = " ".join(f"'{each.strip(chr(39))}'" for each in script_hashes)
    policy = {
        "default-src": "'self'",
        "script-src": f"'self' {scripts}".strip(),
        "style-src": "'self' 'unsafe-inline'",  # Dash, Plotly and Leaflet set style attributes
        "img-src": " ".join(("'self'", "data:", *image_origins)),
        "font-src": "'self' data:",
        "connect-src": "'self' ws: wss:",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    return {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
    }


def _with_headers(response: Response, headers: Mapping[str, str]) -> Response:
    for name, value in headers.items():
        response.headers.setdefault(name, value)
    return response


def _refused(status: int, why: str) -> Response:
    return Response(msgspec.json.encode({"error": "refused", "why": why}), status, mimetype="application/json")
