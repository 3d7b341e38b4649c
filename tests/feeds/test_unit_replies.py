from datetime import UTC, datetime
from typing import Any

import pytest

from dashboard.records import Reply, ReplyState
from feeds import unit_replies
from feeds.source import FeedError

RECEIVED = datetime(2026, 11, 20, 6, 32, 5, tzinfo=UTC)


def decode(payload: bytes, received_at: datetime | None = RECEIVED, topic: str = "wall/replies/PC-012") -> list[Any]:
    return unit_replies.decode(topic, payload, received_at)


def test_a_reply_keeps_its_own_time_and_is_known_by_order_unit_and_state() -> None:
    [reply] = decode(b'{"order": "o1", "state": "accepted", "at": "2026-11-20T14:32:01+08:00"}', received_at=None)
    assert reply == Reply(
        id="o1:PC-012:accepted", order="o1", unit="PC-012", at=reply.at, state=ReplyState.ACCEPTED, reason=""
    )
    assert reply.at == datetime(2026, 11, 20, 6, 32, 1, tzinfo=UTC)


def test_a_reply_without_a_time_was_given_when_it_was_received() -> None:
    [reply] = decode(b'{"order": "o1", "state": "declined", "reason": "flat tyre"}')
    assert (reply.at, reply.reason) == (RECEIVED, "flat tyre")
    assert decode(b'{"order": "o1", "state": "read"}', received_at=None) == []
    assert decode(b"") == []


@pytest.mark.parametrize(
    ("payload", "says"),
    [
        (b"yes", "malformed"),
        (b'{"order": "o1"}', "state"),
        (b'{"order": "o1", "state": "maybe"}', "maybe"),
        (b'{"order": "", "state": "read"}', "length"),
        (b'{"order": "o1", "state": "read", "at": "2026-11-20T14:32:01"}', "timezone"),
    ],
)
def test_what_is_no_reply_is_refused_with_a_reason(payload: bytes, says: str) -> None:
    with pytest.raises(FeedError, match=says):
        decode(payload)


def test_a_topic_without_a_call_sign_is_refused() -> None:
    with pytest.raises(FeedError, match="call-sign"):
        decode(b'{"order": "o1", "state": "read"}', topic="wall/replies/")
