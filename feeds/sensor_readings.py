"""Readings of fixed sensors over MQTT: topic .../<sensor>, payload {"value": 1.2, "at": "..."} or number."""

from datetime import datetime

from msgspec import Struct

from dashboard.records import Moment, Reading, moment
from feeds.source import FeedError, build, identifier, parse

_YEAR_10000_S = 253_402_300_800


class _Payload(Struct):
    value: float
    at: Moment | float | None = None  # ISO 8601 with a zone, or epoch seconds


def decode(topic: str, payload: bytes, received_at: datetime | None) -> list[Reading]:
    """The reading in one message; without a time of its own it was taken when it was received.

    `received_at` None: the broker had kept the message for an unknown time, so one without a time of its own
    yields nothing. Raises FeedError.
    """
    sensor = topic.rpartition("/")[2]
    if not payload:  # clearing a retained message
        return []
    if payload.lstrip()[:1] == b"{":
        sent = parse(payload, _Payload, "sensor reading")
    else:
        sent = _Payload(value=parse(payload, float, "sensor reading"))
    if not sensor:
        raise FeedError("sensor reading: its topic ends without the name of a sensor")
    at = _time(sent.at) or received_at
    if at is None:
        return []
    taken_ms = round(at.timestamp() * 1000)
    return [build(Reading, id=identifier(sensor, taken_ms), sensor=sensor, at=at, value=sent.value)]


def _time(at: datetime | float | None) -> datetime | None:
    if not isinstance(at, int | float):
        return at
    if not 0 < at < _YEAR_10000_S:
        raise FeedError("sensor reading: `at` is not a time in epoch seconds")
    return moment(at)
