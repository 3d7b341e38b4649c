"""Stills of alerts, shown for signed links that end: a page that was left open, or an address that was copied, does
not show a picture for ever."""

import hashlib
import hmac
import math
import time
from collections.abc import Callable

import msgspec
from flask import Flask, Response, request

from dashboard.stills import Stills

_LINK_S = 3600.0  # a link to a still lives one to two of these, and stays the same for one


def register(server: Flask, stills: Stills, key: bytes, clock: Callable[[], float] = time.time) -> None:
    """Serve the pictures."""
    server.add_url_rule("/stills/<name>", "stills", lambda name: show(stills, key, name, clock()))


def link(key: bytes, name: str, now: float) -> str:
    """A link to a still that works for one to two hours; the same within an hour, so browsers keep it."""
    expires = int(math.ceil(now / _LINK_S) * _LINK_S + _LINK_S)
    return f"/stills/{name}?e={expires}&s={sign(key, name, expires)}"


def sign(key: bytes, name: str, expires: int) -> str:
    """The signature of one still until one time (epoch seconds)."""
    return hmac.new(key, f"still|{name}|{expires}".encode(), hashlib.sha256).hexdigest()


def holds(key: bytes, name: str, expires: str, signature: str, now: float) -> bool:
    """Whether a link's signature is ours and the link has not ended."""
    if not (expires.isascii() and expires.isdigit() and len(expires) <= 12 and signature.isascii()):
        return False
    return hmac.compare_digest(sign(key, name, int(expires)), signature) and now < int(expires)


def show(stills: Stills, key: bytes, name: str, now: float) -> Response:
    """One stored picture, for a link that we made."""
    if not holds(key, name, request.args.get("e", ""), request.args.get("s", ""), now):
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
    return response


def _refused(status: int, why: str) -> Response:
    return Response(msgspec.json.encode({"error": "refused", "why": why}), status, mimetype="application/json")
