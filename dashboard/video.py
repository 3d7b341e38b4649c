"""Where live views and recordings of a camera are, by the address templates that the operator gave. Pure.

Pictures never pass through us: a browser asks the gateway itself, so the gateway must ask who it is, too.
"""

import string
from enum import StrEnum
from urllib.parse import quote, urlsplit

from msgspec import Struct

BEFORE_S, AFTER_S = 10.0, 20.0  # a recording begins so long before an alert and ends so long after it
_LIVE, _CLIP = frozenset({"device"}), frozenset({"device", "from", "to"})


class VideoKind(StrEnum):
    """How a live view is played."""

    HLS = "hls"
    WHEP = "whep"  # WebRTC-HTTP egress protocol


class VideoMistake(ValueError):
    """A template cannot be used; the text says which and why."""


class Live(Struct, frozen=True):
    """A live view."""

    kind: VideoKind
    url: str


class Gateways(Struct, frozen=True):
    """The templates, checked; an empty one: there is no such gateway."""

    live: str = ""
    clip: str = ""

    def live_of(self, device: str) -> Live | None:
        """The live view of a camera."""
        if not self.live:
            return None
        kind = VideoKind.HLS if urlsplit(self.live).path.endswith(".m3u8") else VideoKind.WHEP
        return Live(kind, self.live.format(device=quote(device, safe="")))

    def clip_of(self, device: str, from_at: float, to_at: float) -> str:
        """The recording of a camera around a stretch of time (epoch seconds); "" where none are kept."""
        if not self.clip or not device:
            return ""
        span = {"from": str(int(from_at - BEFORE_S)), "to": str(int(to_at + AFTER_S))}
        return self.clip.format(device=quote(device, safe=""), **span)

    def origins(self) -> list[str]:
        """From where a browser fetches them, if not from here."""
        parts = [urlsplit(template) for template in (self.live, self.clip) if template]
        return sorted({f"{each.scheme}://{each.netloc}" for each in parts if each.netloc})


def gateways(live: str, clip: str) -> Gateways:
    """The gateways of two templates; raises VideoMistake."""
    _check("WALL_VIDEO_URL", live, _LIVE)
    _check("WALL_CLIP_URL", clip, _CLIP)
    if live and not urlsplit(live).path.endswith((".m3u8", "/whep")):
        raise VideoMistake("WALL_VIDEO_URL: its path must end with .m3u8 (HLS) or /whep (WebRTC)")
    return Gateways(live, clip)


def _check(name: str, template: str, known: frozenset[str]) -> None:
    if not template:
        return
    try:
        fields = {field for _, field, _, _ in string.Formatter().parse(template) if field is not None}
    except ValueError as error:
        raise VideoMistake(f"{name}: {error}") from error
    if fields - known:
        raise VideoMistake(f"{name}: {{{min(fields - known)}}} is unknown; there are {', '.join(sorted(known))}")
    if "device" not in fields:
        raise VideoMistake(f"{name}: {{device}} is missing, so every camera would show the same picture")
    parts = urlsplit(template)
    if parts.scheme not in ("http", "https", "") or (not parts.scheme and not template.startswith("/")):
        raise VideoMistake(f"{name}: it must begin with https://, http:// or /")
    if "{" in parts.netloc:
        raise VideoMistake(f"{name}: the host must be the same for all cameras, or the browser will not let it in")
