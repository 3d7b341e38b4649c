"""Replies of units' devices over MQTT: topic .../<call-sign>, JSON with `order` (its id), `state` and perhaps `at`."""

from datetime import datetime

from msgspec import Struct

from dashboard.records import Moment, Reply, ReplyState
from feeds.source import FeedError, build, identifier, parse


class _Payload(Struct):
    order: str
    state: ReplyState
    at: Moment | None = None
    reason: str = ""


def decode(topic: str, payload: bytes, received_at: datetime | None) -> list[Reply]:
    """The reply in one message; without a time of its own it was given when it was received.

    `received_at` None: the broker had kept the message for an unknown time, so one without a time of its own yields
    nothing. Raises FeedError.
    """
    if not payload:  # clearing a retained message
        return []
    unit = topic.rpartition("/")[2]
    if not unit:
        raise FeedError("unit reply: its topic ends without a call-sign")
    sent = parse(payload, _Payload, "unit reply")
    at = sent.at or received_at
    if at is None:
        return []
    name = identifier(sent.order, unit, sent.state.value)
    return [build(Reply, id=name, order=sent.order, unit=unit, at=at, state=sent.state, reason=sent.reason)]
