import logging
import threading
from typing import Any

from dashboard.district.geo import Crs
from feeds import runner
from feeds.source import Feed, FeedLost, FeedSettings
from tests.feeds.fakes import Edge, delivery, wait_for


def settings(name):
    return FeedSettings(name=name, crs=Crs.WGS84, title=f"the {name}")


def keep(fetch, edge, stop, name="field"):
    feed = Feed("test", FeedSettings, fetch)
    deliver = delivery(edge, settings(name), stop)
    runner.keep(feed, settings(name), deliver, stop, first_pause_s=0.001, longest_pause_s=0.01)


def test_a_lost_source_is_tried_until_it_is_back_and_said_once_each(caplog):
    caplog.set_level(logging.INFO)
    edge, stop = Edge(), threading.Event()
    tries = []

    def fetch(_settings, deliver, stop):
        tries.append(1)
        if len(tries) < 5:
            raise FeedLost("no answer")
        deliver.alive()
        stop.set()

    keep(fetch, edge, stop)
    assert len(tries) == 5
    assert [error for _, error in edge.beats] == ["no answer"] * 4 + [""]
    said = [record.message for record in caplog.records]
    assert said == ["feed field is lost: no answer", "feed field is back", "feed field has ended"]


def test_a_mistake_of_ours_is_shown_with_its_place_once_and_the_feed_goes_on(caplog):
    edge, stop = Edge(), threading.Event()
    tries = []

    def fetch(_settings, _deliver, stop):
        tries.append(1)
        if len(tries) == 4:
            stop.set()
        raise ZeroDivisionError("mistake")

    keep(fetch, edge, stop)
    assert len([record for record in caplog.records if record.exc_info]) == 1


def test_one_feeds_crash_leaves_the_others_alone():
    edge, stop = Edge(), threading.Event()
    turns = []

    def good(_settings, deliver, stop):
        while not stop.wait(0.005):
            deliver.alive()
            turns.append(1)

    def bad(_settings, _deliver, _stop):
        raise ZeroDivisionError("mistake")

    door: Any = edge
    both = [
        (Feed("bad", FeedSettings, bad), settings("bad")),
        (Feed("good", FeedSettings, good), settings("good")),
        (Feed("pushed", FeedSettings, None), settings("pushed")),
    ]
    running = threading.Thread(target=runner.run, args=(both, door, door, stop), daemon=True)
    running.start()
    wait_for(lambda: len(turns) > 5 and ("the bad", "mistake") in edge.beats)
    stop.set()
    running.join(10)
    assert not running.is_alive()
    assert ("the good", "") in edge.beats
    assert not any(title == "the pushed" for title, _ in edge.beats)


def test_run_returns_when_nothing_is_left_to_run():
    door: Any = Edge()
    runner.run([(Feed("pushed", FeedSettings, None), settings("pushed"))], door, door, threading.Event())


def test_a_feed_that_waits_for_the_journal_ends_with_the_process():
    edge, stop = Edge(), threading.Event()
    edge.is_away = True

    def fetch(_settings, deliver, _stop):
        deliver.refuse("anything")

    running = threading.Thread(target=keep, args=(fetch, edge, stop), daemon=True)
    running.start()
    wait_for(lambda: edge.calls_while_away)
    stop.set()
    running.join(10)
    assert not running.is_alive()
    assert not edge.refused
