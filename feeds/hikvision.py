"""Alerts of Hikvision cameras and recorders (ISAPI), which they push by HTTP as XML, alone or with pictures.

The HTTP route belongs to the web process; it hands each body to `decode` and the result to the door. Cameras
repeat an alert about once a second while it lasts, and many never say that it ended: bundling and return to
normal belong to the fold. Source: ISAPI, EventNotificationAlert.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, tzinfo
from email.message import Message
from typing import NamedTuple
from xml.etree.ElementTree import Element, ParseError

import defusedxml
from defusedxml.ElementTree import fromstring
from msgspec import field

from dashboard.records import Alert
from dashboard.stills import Pictured
from feeds.source import FeedError, FeedSettings, build, identifier

_FIRST_DIGITAL_CHANNEL = 33  # recorders number their network cameras from here
_MOST_PARTS = 64
_LONGEST_DOCUMENT = 256 * 1024  # bytes; a real one has a few thousand
_JPEG = b"\xff\xd8\xff"
_BEFORE_XML = b"\xef\xbb\xbf \t\r\n"
_CHARSETS = {
    **dict.fromkeys(("utf-8", "utf8", "us-ascii", "ascii"), "utf-8"),
    **dict.fromkeys(("gb2312", "gbk", "gb18030", "cp936"), "gb18030"),  # each a subset of the last
}
_DECLARATION = re.compile(r"\A\s*<\?xml\b([^>]*)\?>")
_ENCODING = re.compile(r"""encoding\s*=\s*["']([\w.:-]+)["']""")
_SHORT_OFFSET = re.compile(r"([+-])(\d):(\d\d)\Z")  # "+8:00", seen on older firmware
# What tells one person from another. The picture with it shows a plate or a face, so it is left behind too.
_IDENTITY_KINDS = ("face", "anpr")
_PERSONAL = re.compile(
    "licen[sc]eplate|platenumber|plateno|(?<!sur)(?<!inter)face|personname|humanname|employeeno|cardno|certificate"
    "|idnumber|phone",
    re.IGNORECASE,
)


class Settings(FeedSettings, frozen=True, kw_only=True):
    """How a sender's cameras map to the district's devices."""

    # By MAC, address or serial number; "/<channel>" behind it names one camera of a recorder.
    devices: Mapping[str, str] = field(default_factory=dict)


def decode(
    body: bytes,
    content_type: str,
    received_at: datetime,
    devices: Mapping[str, str] | None = None,
    zone: tzinfo | None = None,
) -> list[Alert | Pictured]:
    """The alerts of one request, in order, each with the picture behind it; a heartbeat yields nothing.

    `devices` maps a camera's identity (see Settings) to a device; without it the device is that identity.
    `zone` is for cameras that send no offset with their time. Raises FeedError: then nothing of it is taken.
    """
    alerts: list[Alert | Pictured] = []
    may_have_picture = False
    for part in _parts(body, content_type):
        if part.root is None:
            if may_have_picture:
                alerts[-1] = _pictured(alerts[-1], part.content)
                may_have_picture = False  # the first shows the scene, the others cuttings of it
            continue
        may_have_picture = False
        if not _is_heartbeat(part.root):
            alerts.append(_alert(part.root, received_at, devices or {}, zone))
            may_have_picture = not _shows_identity(part.root)
    return alerts


def personal_fields(body: bytes, content_type: str) -> dict[str, int]:
    """How many values about persons a request holds, by field: what `decode` leaves. Raises FeedError."""
    found: Counter[str] = Counter()
    for part in _parts(body, content_type):
        if part.root is not None:
            found.update(_count_personal(part.root))
    return dict(found)


def _pictured(alert: Alert | Pictured, picture: bytes) -> Pictured:
    return alert if isinstance(alert, Pictured) else Pictured(alert, picture)


# -- the request --------------------------------------------------------------------------------


class _Part(NamedTuple):
    root: Element | None  # None: a picture
    content: bytes


def _parts(body: bytes, content_type: str) -> list[_Part]:
    """The documents and pictures of a request, in order; raises FeedError if there is no document."""
    parts = []
    for part_type, content in _pieces(body, content_type):
        if part_type.lower().startswith("image/") or content.startswith(_JPEG):
            parts.append(_Part(None, content))
        elif content.lstrip(_BEFORE_XML).startswith(b"<"):
            parts.append(_Part(_document(content, part_type), content))
    if not any(part.root is not None for part in parts):
        raise FeedError("hikvision push: there is no XML document in it")
    return parts


def _pieces(body: bytes, content_type: str) -> Iterator[tuple[str, bytes]]:
    """Content type and content of each part; what stands before the first boundary counts as one too."""
    boundary = _parameter(content_type, "boundary")
    if not boundary:
        yield content_type, body
        return
    # The line end before a boundary belongs to it; the body itself may begin with one.
    pieces = (b"\n" + body).split(b"\n--" + boundary.encode(errors="surrogateescape"), _MOST_PARTS + 1)
    if len(pieces) > _MOST_PARTS:
        raise FeedError(f"hikvision push: more than {_MOST_PARTS} parts")
    for piece in pieces:
        content = piece.lstrip(b" \t\r\n")
        if content.startswith(b"<"):
            yield "", content
            continue
        head, content = _cut_head(content)
        if content:
            yield _content_type(head), content


def _cut_head(piece: bytes) -> tuple[bytes, bytes]:
    ends = [(at, len(mark)) for mark in (b"\r\n\r\n", b"\n\n") if (at := piece.find(mark)) >= 0]
    if not ends:
        return piece, b""
    at, length = min(ends)
    return piece[:at], piece[at + length :].removesuffix(b"\r")


def _content_type(head: bytes) -> str:
    for line in head.decode("latin-1").splitlines():
        name, _, value = line.partition(":")
        if name.strip().lower() == "content-type":
            return value.strip()
    return ""


def _parameter(content_type: str, name: str) -> str:
    message = Message()
    message["content-type"] = " ".join(content_type.split())
    value = message.get_param(name, "")
    return value if isinstance(value, str) else ""


# -- one document -------------------------------------------------------------------------------


def _document(content: bytes, part_type: str) -> Element:
    if len(content) > _LONGEST_DOCUMENT:
        raise FeedError(f"hikvision push: a document has more than {_LONGEST_DOCUMENT} bytes")
    text = _text(content, _parameter(part_type, "charset"))
    # Without its declaration: the text is decoded already, whatever that says.
    declaration = _DECLARATION.match(text)
    try:
        root: Element = fromstring(text[declaration.end() :] if declaration else text, forbid_dtd=True)
    except defusedxml.DefusedXmlException as error:
        raise FeedError("hikvision push: XML with a DOCTYPE or entities is refused") from error
    except (ParseError, ValueError) as error:
        raise FeedError(f"hikvision push: not well-formed XML: {error}") from error
    if _local(root) != "EventNotificationAlert":
        raise FeedError("hikvision push: the document is no EventNotificationAlert")
    return root


def _text(content: bytes, charset: str) -> str:
    """The text: by its own declaration, else by its content type; cameras get either of them wrong."""
    declaration = _DECLARATION.match(content[:200].decode("latin-1").removeprefix("\xef\xbb\xbf"))
    declared = _ENCODING.search(declaration[1]) if declaration else None
    name = (declared[1] if declared else charset or "utf-8").lower()
    if name not in _CHARSETS:
        raise FeedError("hikvision push: its character set is neither UTF-8 nor GB2312, GBK or GB18030")
    for codec in dict.fromkeys((_CHARSETS[name], "utf-8", "gb18030")):
        try:
            return content.decode(codec).removeprefix("\ufeff")
        except UnicodeDecodeError:
            continue
    raise FeedError("hikvision push: its bytes are not in the character set that it declares")


def _alert(root: Element, received_at: datetime, devices: Mapping[str, str], zone: tzinfo | None) -> Alert:
    at = _time(_value(root, "dateTime"), received_at, zone)
    device, kind, count = _device(root, devices), _kind(root), _value(root, "activePostCount") or "0"
    return build(
        Alert,
        id=identifier(device, kind, f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}", count),
        kind=kind,
        at=at,
        device=device,
        active=_value(root, "eventState").lower() != "inactive",
        title=_title(root),
    )


def _kind(root: Element) -> str:
    kind = _value(root, "eventType").lower()
    if kind == "duration":  # "the event that you know of goes on"
        kind = _value(root, "relationEvent").lower() or kind
    if not kind:
        raise FeedError("hikvision push: `eventType` is missing")
    return kind


def _is_heartbeat(root: Element) -> bool:
    kind, state = _value(root, "eventType").lower(), _value(root, "eventState").lower()
    return kind == "heartbeat" or (kind == "videoloss" and state == "inactive")


def _device(root: Element, devices: Mapping[str, str]) -> str:
    """The device of the mapping; else the camera's own identity, with a channel where there are several."""
    channel = _channel(root)
    serial = _value(root, "serialNumber").rpartition("/")[2]
    names = [name for name in (_value(root, "macAddress").lower(), _value(root, "ipAddress"), serial) if name]
    if not names:
        raise FeedError("hikvision push: neither `macAddress`, `ipAddress` nor `serialNumber` is there")
    known = {name.lower(): device for name, device in devices.items()}
    for name in names:
        for key in (f"{name}/{channel}", name):
            if key.lower() in known:
                return known[key.lower()]
    return names[0] if channel == 1 else f"{names[0]}/{channel}"


def _channel(root: Element) -> int:
    text = _value(root, "channelID") or _value(root, "dynChannelID") or "1"
    if not (text.isascii() and text.isdecimal() and len(text) <= 5):
        raise FeedError("hikvision push: `channelID` is no number")
    number = int(text)
    return number - _FIRST_DIGITAL_CHANNEL + 1 if number >= _FIRST_DIGITAL_CHANNEL else number


def _time(text: str, received_at: datetime, zone: tzinfo | None) -> datetime:
    if not text:
        return received_at
    try:
        at = datetime.fromisoformat(_SHORT_OFFSET.sub(r"\g<1>0\2:\3", text))
    except ValueError as error:
        raise FeedError("hikvision push: `dateTime` is no ISO 8601 time") from error
    if at.tzinfo is None:
        if zone is None:
            raise FeedError("hikvision push: `dateTime` has no offset from UTC; set the camera's time zone")
        at = at.replace(tzinfo=zone)
    try:
        return at.astimezone(UTC)
    except OverflowError as error:
        raise FeedError("hikvision push: `dateTime` is beyond the calendar") from error


def _title(root: Element) -> str:
    """Where and what, as the camera says it: channel name, target, region."""
    region = _value(root, "regionID")
    parts = (
        _value(root, "channelName"),
        _value(root, "detectionTarget"),
        f"region {region}" if region else "",
    )
    return " · ".join(filter(None, parts))[:400]


def _shows_identity(root: Element) -> bool:
    return _kind(root).startswith(_IDENTITY_KINDS) or bool(_count_personal(root))


def _count_personal(root: Element) -> Counter[str]:
    names = (_local(element) for element in root.iter() if len(element) or (element.text or "").strip())
    return Counter(found[0].lower() for name in names if (found := _PERSONAL.search(name)))


def _value(root: Element, name: str) -> str:
    """The text of the first element of this name, whatever its namespace; empty if there is none."""
    for element in root.iter():
        if _local(element) == name:
            return (element.text or "").strip()
    return ""


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
