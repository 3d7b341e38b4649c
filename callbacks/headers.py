"""The headers that keep a page to itself: what it may load, who may frame it, where its address may go."""

from collections.abc import Collection, Mapping
from urllib.parse import urlsplit

from flask import Response

_HSTS = "max-age=31536000; includeSubDomains"


def security_headers(
    script_hashes: Collection[str],
    image_origins: Collection[str] = (),
    video_origins: Collection[str] = (),
    is_tls: bool = False,
) -> dict[str, str]:
    """The headers of every page; `image_origins`, `video_origins`: where tiles and video come from."""
    scripts = " ".join(f"'{each.strip(chr(39))}'" for each in script_hashes)
    policy = {
        "default-src": "'self'",
        "script-src": f"'self' {scripts}".strip(),
        "style-src": "'self' 'unsafe-inline'",  # Dash, Plotly, Leaflet and the grid set style attributes
        "img-src": " ".join(("'self'", "data:", *image_origins)),
        "font-src": "'self' data:",
        "connect-src": " ".join(("'self'", *video_origins)),  # 'self' is the live wire too
        "media-src": " ".join(("'self'", "blob:", *video_origins)),  # hls.js hands a blob to the player
        "worker-src": "'self' blob:",  # hls.js unpacks on a worker that it makes itself
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    headers = {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        # Not no-referrer: then browsers name no Origin with our own forms, and they would look foreign.
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    }
    return headers | ({"Strict-Transport-Security": _HSTS} if is_tls else {})


def origins(url: str) -> list[str]:
    """The origin of an address or of a template of addresses, as a policy names it; none for one of this site."""
    parts = urlsplit(url)
    return [f"{parts.scheme}://{parts.netloc}"] if parts.scheme and parts.netloc else []


def add(response: Response, headers: Mapping[str, str]) -> Response:
    """The response with the headers that it does not set itself."""
    for name, value in headers.items():
        response.headers.setdefault(name, value)
    return response
