"""Video alerts of a Frigate recorder over MQTT: frigate/reviews, optionally frigate/events, and snapshots.

Source: https://docs.frigate.video/integrations/mqtt/ - one scene is one review, so that is one alert; events
are single tracked objects. Names, plates and faces that Frigate recognised never pass.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct, field

from dashboard.records import Alert, Level, moment
from feeds.source import FeedError, build, parse

_PHASES = ("new", "update", "end")  # other types tell of recognition or a text model
_PERSONAL = frozenset({"sub_label", "sub_labels", "recognized_license_plate", "face", "name", "plate"})
_YEAR_10000_S = 253_402_300_800
_SEVERE = 10_000  # in a revision: an alert comes after every detection of the same review ...
_ENDED = 1_000_000  # ... and its end after everything
_PICTURE_SLACK_S = 2.0  # a snapshot may be a little older than the review it belongs to


class Options(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How Frigate's cameras map to the district's devices, and whether single objects are alerts too."""

    cameras: Mapping[str, str] = field(default_factory=dict)  # camera -> device id, where they differ
    events: bool = False


class _Phase(Struct):
    type: str


class _ReviewData(Struct):
    detections: list[str] = []  # "<epoch seconds>-<random>" of the objects in the scene
    objects: list[str] = []
    zones: list[str] = []
    audio: list[str] = []


class _Review(Struct):
    id: str
    camera: str
    start_time: float
    severity: str
    end_time: float | None = None
    data: _ReviewData = field(default_factory=_ReviewData)


class _ReviewMessage(Struct):
    after: _Review


class _Event(Struct):
    id: str
    camera: str
    label: str
    start_time: float
    frame_time: float
    end_time: float | None = None
    top_score: float | None = None
    false_positive: bool = False
    entered_zones: list[str] = []


class _EventMessage(Struct):
    after: _Event


def decode(topic: str, payload: bytes, options: Options) -> list[Alert]:
    """The alert in one message of reviews or (if wanted) events; other topics yield nothing.

    A revision comes from what the message says and not from its order, so that disorder is harmless. All are
    even: the odd number above is the same revision with a picture. Raises FeedError.
    """
    subject = topic.rpartition("/")[2]
    if not payload or subject not in ("reviews", "events") or (subject == "events" and not options.events):
        return []
    what = f"frigate {subject[:-1]}"
    phase = parse(payload, _Phase, what).type
    if phase not in _PHASES:
        return []
    if subject == "reviews":
        return [_from_review(parse(payload, _ReviewMessage, what).after, phase, options)]
    event = parse(payload, _EventMessage, what).after
    return [] if event.false_positive else [_from_event(event, phase, options)]


def personal_fields(payload: bytes) -> dict[str, int]:
    """How many values about persons a message holds, by field: what `decode` left behind."""
    found: dict[str, int] = {}
    message = parse(payload, dict[str, Any], "frigate message")
    _count_personal(message.get("after"), found)
    return found


def camera_of_snapshot(topic: str) -> str:
    """The camera of a topic <prefix>/<camera>/<label>/snapshot, else an empty string."""
    levels = topic.split("/")
    return levels[-3] if len(levels) >= 4 and levels[-1] == "snapshot" else ""


class Pictures:
    """The newest picture and the open alert of each camera: Frigate sends them apart, in either order."""

    def __init__(self, options: Options) -> None:
        """Nothing is known of any camera yet; a restart costs no more than a few pictures."""
        self._cameras = options.cameras
        self._newest: dict[str, tuple[str, datetime]] = {}
        self._open: dict[str, Alert] = {}

    def attach(self, alert: Alert) -> Alert:
        """The alert with its camera's picture, if there is one from its time."""
        known = self._open.get(alert.device)
        if not alert.active:
            if known and known.id == alert.id:
                del self._open[alert.device]
        elif not known or known.id != alert.id or known.revision <= alert.revision:
            self._open[alert.device] = alert
        return self._pictured(alert)

    def arrived(self, camera: str, digest: str, received_at: datetime) -> list[Alert]:
        """A picture came: the camera's open alert with it, if that had none."""
        device = self._cameras.get(camera, camera)
        waiting = self._open.get(device)
        had_one = waiting is not None and self._pictured(waiting).still is not None
        self._newest[device] = digest, received_at
        return [] if waiting is None or had_one else [self._pictured(waiting)]

    def _pictured(self, alert: Alert) -> Alert:
        digest, taken_at = self._newest.get(alert.device, ("", None))
        if taken_at is None or taken_at.timestamp() < _started_s(alert) - _PICTURE_SLACK_S:
            return alert
        return msgspec.structs.replace(alert, still=digest, revision=alert.revision + 1)


def _from_review(review: _Review, phase: str, options: Options) -> Alert:
    data = review.data
    severe = review.severity == "alert"
    # Frigate only ever adds to a review, so equal counts are equal content.
    grown = len(data.detections) + len(data.objects) + len(data.zones) + len(data.audio)
    revision = min(grown, _SEVERE - 1) + _SEVERE * severe + _ENDED * (phase == "end")
    # A trailing "-verified" tells that Frigate recognised somebody.
    things = sorted({name.removesuffix("-verified") for name in data.objects}) or sorted(data.audio)
    return build(
        Alert,
        id=review.id,
        revision=2 * revision,
        kind="person" if "person" in things else things[0] if things else "motion",
        at=_moment(max(review.start_time, review.end_time or 0.0, *map(_detected_s, data.detections), 0.0)),
        device=options.cameras.get(review.camera, review.camera),
        level=Level.III if severe else Level.IV,
        active=phase != "end",
        title=_title(things, data.zones),
    )


def _from_event(event: _Event, phase: str, options: Options) -> Alert:
    last_s = max(event.start_time, event.frame_time, event.end_time or 0.0)
    ended = phase == "end"
    return build(
        Alert,
        id=event.id,
        revision=2 * (max(0, round((last_s - event.start_time) * 1000)) + ended),
        kind=event.label,
        at=_moment(last_s),
        device=options.cameras.get(event.camera, event.camera),
        level=Level.IV,
        active=not ended,
        confidence=event.top_score,
        title=_title([event.label], event.entered_zones),
    )


def _title(things: list[str], zones: list[str]) -> str:
    return " · ".join(part for part in (", ".join(things), ", ".join(zones)) if part)[:400]


def _detected_s(detection: str) -> float:
    """When an object was first seen, from its identifier."""
    text = detection.partition("-")[0]
    return float(text) if text.replace(".", "", 1).isdecimal() else 0.0


def _started_s(alert: Alert) -> float:
    """When the scene began: identifiers of reviews and events start with it, as those of objects do."""
    return _detected_s(alert.id) or alert.at.timestamp()


def _moment(epoch_s: float) -> datetime:
    if not 0 < epoch_s < _YEAR_10000_S:
        raise FeedError("frigate message: its times are not epoch seconds")
    return moment(epoch_s)


def _count_personal(node: Any, found: dict[str, int]) -> None:
    if isinstance(node, list):
        for part in node:
            _count_personal(part, found)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key in _PERSONAL and value:
                found[key] = found.get(key, 0) + 1
            else:
                _count_personal(value, found)
