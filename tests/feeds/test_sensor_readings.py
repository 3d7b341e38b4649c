from datetime import UTC, datetime

import pytest

from dashboard.records import Reading
from feeds import sensor_readings
from feeds.source import FeedError

RECEIVED = datetime(2026, 11, 20, 6, 32, 5, tzinfo=UTC)


def decode(payload, received_at=RECEIVED, topic="wall/readings/G-017"):
    return sensor_readings.decode(topic, payload, received_at)


@pytest.mark.parametrize("at", ['"2026-11-20T14:32:05+08:00"', '"2026-11-20T06:32:05Z"', "1795156325", "1795156325.0"])
def test_reading_keeps_its_own_time(at):
    [reading] = decode(f'{{"value": 1.25, "at": {at}}}'.encode(), received_at=None)
    assert reading == Reading(id="G-017:1795156325000", sensor="G-017", at=reading.at, value=1.25)
    assert reading.at == RECEIVED


@pytest.mark.parametrize("payload", [b"1.25", b" 1.25 ", b'{"value": 1.25}'])
def test_reading_without_a_time_was_taken_when_it_was_received(payload):
    [reading] = decode(payload)
    assert (reading.value, reading.at) == (1.25, RECEIVED)


def test_retained_number_of_unknown_age_yields_nothing():
    assert decode(b"1.25", received_at=None) == []


def test_the_same_reading_twice_is_one_record():
    payload = b'{"value": 3, "at": "2026-11-20T06:32:05.120Z"}'
    assert decode(payload)[0].id == decode(payload)[0].id


def test_a_cleared_retained_message_yields_nothing():
    assert decode(b"") == []


@pytest.mark.parametrize(
    "payload",
    [
        b"nan",
        b"1e999",
        b"true",
        b'"1.2"',
        b"{}",
        b'{"value": null}',
        b'{"value": NaN}',
        b'{"value": 1, "at": "2026-11-20T06:32:05"}',
        b'{"value": 1, "at": -4}',
        b'{"value": 1, "at": 1e300}',
        b"\x80",
    ],
)
def test_what_cannot_be_read_is_refused(payload):
    with pytest.raises(FeedError, match="sensor reading"):
        decode(payload)


def test_a_topic_that_names_no_sensor_is_refused():
    with pytest.raises(FeedError, match="sensor"):
        decode(b"1", topic="wall/readings/")
