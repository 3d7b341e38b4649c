import logging
import threading

import numpy as np
import pytest

from dashboard.records import Arrival, Fix, moment
from dashboard.stills import NotAPicture
from dashboard.wire import FixBatch
from feeds.delivery import FeedStopped, describe, pause_s
from feeds.source import FeedLost
from tests.feeds.fakes import Edge, delivery, wait_for

ARRIVAL = Arrival(id="a1", incident="i1", unit="V0001", at=moment(1000))


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


class Shelf:
    def __init__(self, error=None):
        self.error = error

    def store(self, data):
        if self.error:
            raise self.error
        return "0" * 64


def test_everything_goes_through_the_door():
    edge = Edge()
    deliver = delivery(edge)
    assert deliver.records([ARRIVAL]).accepted == 1
    assert deliver.fixes([Fix(unit="V0001", at=moment(1000), lat=1.0, lon=2.0)]).accepted == 1
    column = np.zeros(3)
    batch = FixBatch(np.arange(3), column, column, column, column, column, column)
    assert deliver.columns(batch) == 3
    deliver.json("arrivals", b"{}")
    assert edge.records == {("field", "a1", 0): ARRIVAL}
    assert edge.bodies == [("arrivals", b"{}")]


def test_delivery_holds_while_the_journal_is_away_and_drops_nothing(caplog):
    caplog.set_level(logging.INFO)
    edge = Edge()
    edge.is_away = True
    deliver = delivery(edge)
    sender = threading.Thread(target=deliver.records, args=([ARRIVAL],))
    sender.start()
    wait_for(lambda: edge.calls_while_away >= 3)
    assert not edge.records
    edge.is_away = False
    sender.join(10)
    assert edge.records == {("field", "a1", 0): ARRIVAL}
    said = [record.message for record in caplog.records]
    assert said == [
        "feed field holds: the journal is away: the state server is away",
        "feed field delivers again",
    ]


def test_delivery_does_not_pretend_when_the_process_ends_first():
    edge, stop = Edge(), threading.Event()
    edge.is_away = True
    stop.set()
    with pytest.raises(FeedStopped):
        delivery(edge, stop=stop).records([ARRIVAL])


def test_feed_beats_now_and_then_and_says_once_that_it_was_lost_and_is_back(caplog):
    caplog.set_level(logging.INFO)
    edge, clock = Edge(), Clock()
    deliver = delivery(edge, clock=clock)
    for _ in range(3):
        deliver.alive()
    assert edge.beats == [("field", "")]
    deliver.lost(FeedLost("no answer"))
    deliver.lost(FeedLost("no answer"))
    deliver.alive()
    assert edge.beats[1:] == [("field", "no answer"), ("field", "no answer"), ("field", "")]
    clock.now += 6
    deliver.alive()
    assert len(edge.beats) == 5
    said = [record.message for record in caplog.records]
    assert said == ["feed field is lost: no answer", "feed field is back"]


def test_no_beat_is_no_reason_to_stop():
    edge = Edge()
    edge.is_away = True
    delivery(edge).alive()


def test_a_stream_of_bad_messages_is_counted_but_mentioned_once_a_minute(caplog):
    edge, clock = Edge(), Clock()
    deliver = delivery(edge, clock=clock)
    for _ in range(100):
        deliver.refuse("not JSON")
    clock.now += 61
    deliver.refuse("not JSON")
    assert edge.refused == {"malformed": 101}
    assert [record.message for record in caplog.records] == [
        "feed field: 1 refused, the last one: not JSON",
        "feed field: 100 refused, the last one: not JSON",
    ]


def test_personal_fields_are_counted_by_name():
    edge = Edge()
    delivery(edge).dropped({"plate": 2})
    assert edge.dropped == {"field|plate": 2}


def test_a_picture_that_cannot_be_kept_costs_nothing_else():
    edge = Edge()
    assert delivery(edge).still(b"x") is None
    assert delivery(edge, stills=Shelf()).still(b"x") == "0" * 64
    assert delivery(edge, stills=Shelf(OSError("disk full"))).still(b"x") is None
    assert edge.refused == {}
    assert delivery(edge, stills=Shelf(NotAPicture("no picture"))).still(b"x") is None
    assert edge.refused == {"bad_picture": 1}


def test_pauses_grow_to_a_limit_with_jitter():
    pauses = [pause_s(attempt, 0.5, 30.0) for attempt in range(2000)]
    assert 0.25 <= pauses[0] <= 0.5
    assert 1.0 <= pauses[2] <= 2.0
    assert all(15.0 <= pause <= 30.0 for pause in pauses[6:])
    assert len(set(pauses[6:])) > 100


def test_an_error_is_described_in_one_line():
    assert describe(OSError("two\nlines")) == "two lines"
    assert describe(TimeoutError()) == "TimeoutError"
