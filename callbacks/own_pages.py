"""Whether a request comes from a page of this site: what other sites make browsers send is not taken."""

import ipaddress
from urllib.parse import urlsplit

from flask import request

from dashboard.settings import Settings

_READS = frozenset({"GET", "HEAD", "OPTIONS"})
_OURS = frozenset({"same-origin", "none"})


def own_names(settings: Settings) -> frozenset[str] | None:
    """The names by which browsers may reach us beside our addresses; None: any, where the operator has said none."""
    public = urlsplit(settings.public_url).hostname
    if not public and (settings.trusted_proxy or not settings.is_loopback()):
        return None
    return frozenset({"localhost", public or "localhost"})


def is_own_name(names: frozenset[str] | None) -> bool:
    """Whether the request being answered was sent to a name of ours.

    Another site can make its own name lead to this machine (DNS rebinding): its pages and ours would be of one origin.
    """
    if names is None:
        return True
    try:
        name = (urlsplit(f"//{request.host}").hostname or "").rstrip(".")
        return name in names or bool(ipaddress.ip_address(name))
    except ValueError:
        return False


def is_foreign_write(has_own_token: bool = False) -> bool:
    """Whether the request being answered writes, and not from a page of ours.

    Browsers name the Origin of every write. What names none is no browser's page: it is let through only where the door
    asks for a token that no browser sends by itself.
    """
    if request.method in _READS:
        return False
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if origin is None and site is None:
        return not has_own_token
    return not _is_ours(site, origin)


def is_own_socket() -> bool:
    """Whether a page of ours opens the socket of the request being answered; browsers always name the Origin."""
    origin = request.headers.get("Origin")
    return origin is not None and _is_ours(request.headers.get("Sec-Fetch-Site"), origin)


def _is_ours(site: str | None, origin: str | None) -> bool:
    if site is not None and site not in _OURS:
        return False
    return origin is None or origin.lower() == f"{request.scheme}://{request.host}".lower()


def inner_path(wish: object, otherwise: str = "") -> str:
    """Where somebody wants to go after signing in, if that is a path of this site."""
    if not isinstance(wish, str) or not wish.startswith("/") or len(wish) > 500:
        return otherwise
    # Browsers read a backslash as a slash and leave out control characters: //elsewhere in disguise.
    if wish.startswith("//") or "\\" in wish or any(ord(each) < 0x21 or ord(each) == 0x7F for each in wish):
        return otherwise
    return wish
