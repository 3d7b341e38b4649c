import threading
from contextlib import contextmanager

import pytest

from dashboard.district.geo import Crs
from dashboard.store import connect
from feeds import redis_stream
from feeds.delivery import FeedStopped
from feeds.redis_stream import Settings
from feeds.source import FeedError, FeedLost
from tests.feeds.fakes import Edge, delivery, wait_for

CASE = b'{"id": "c1", "reported_at": "2026-11-20T14:32:05+08:00"}'


@pytest.fixture
def client(state_server):
    client = connect(state_server.url)
    client.flushall()
    yield client
    client.close()


@pytest.fixture
def settings(state_server):
    return Settings(name="customer", crs=Crs.WGS84, url=state_server.url, stream="their:events", idle_s=0.2)


@contextmanager
def running(settings, edge):
    stop, ended = threading.Event(), []

    def run():
        try:
            redis_stream.fetch(settings, delivery(edge, settings, stop), stop)
        except (FeedStopped, FeedLost) as error:
            ended.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield ended
    finally:
        stop.set()
        thread.join(10)
        assert not thread.is_alive()


def pending(client, settings):
    return client.xpending(settings.stream, settings.group)["pending"]


@pytest.mark.parametrize(
    ("fields", "kind", "found"),
    [
        ({b"kind": b"cases", b"json": CASE}, "", ("cases", CASE)),
        ({b"json": CASE, b"trace": b"7"}, "cases", ("cases", CASE)),
        ({b"kind": b"fixes", b"json": b"[]"}, "cases", ("fixes", b"[]")),
    ],
)
def test_entry_tells_kind_and_body(fields, kind, found):
    assert redis_stream.decode(fields, kind) == found


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({}, "trimmed"),
        ({b"json": CASE}, "`kind`"),
        ({b"kind": b"orders", b"json": CASE}, "`kind`"),
        ({b"kind": b"\xff", b"json": CASE}, "UTF-8"),
        ({b"kind": b"cases"}, "`json`"),
    ],
)
def test_entry_that_cannot_be_read_is_refused_with_the_reason(fields, reason):
    with pytest.raises(FeedError, match=reason):
        redis_stream.decode(fields)


def test_what_was_there_before_and_what_comes_is_delivered_and_acknowledged(client, settings):
    edge = Edge()
    client.xadd(settings.stream, {"kind": "cases", "json": CASE})
    with running(settings, edge):
        wait_for(lambda: len(edge.bodies) == 1)
        client.xadd(settings.stream, {"kind": "fixes", "json": b"[1, 2, 3]"})
        wait_for(lambda: len(edge.bodies) == 2)
        wait_for(lambda: pending(client, settings) == 0)
    assert edge.bodies == [("cases", CASE), ("fixes", b"[1, 2, 3]")]
    with running(settings, edge):
        client.xadd(settings.stream, {"kind": "cases", "json": b"[]"})
        wait_for(lambda: len(edge.bodies) == 3)
    assert len(edge.bodies) == 3


def test_nothing_is_acknowledged_before_the_journal_has_it(client, settings):
    edge = Edge()
    with running(settings, edge):
        wait_for(lambda: edge.beats)
        edge.is_away = True
        client.xadd(settings.stream, {"kind": "cases", "json": CASE})
        wait_for(lambda: edge.calls_while_away)
        assert pending(client, settings) == 1
    # The process ended while the journal was away; the next one takes up what is its own.
    assert edge.bodies == []
    assert pending(client, settings) == 1
    edge.is_away = False
    with running(settings, edge):
        wait_for(lambda: edge.bodies == [("cases", CASE)])
        wait_for(lambda: pending(client, settings) == 0)


def test_what_a_dead_consumer_left_is_taken_over(client, settings):
    edge = Edge()
    client.xgroup_create(settings.stream, settings.group, id="0", mkstream=True)
    for number in range(450):
        client.xadd(settings.stream, {"kind": "cases", "json": b"[%d]" % number})
    client.xreadgroup(settings.group, "the dead one", {settings.stream: ">"}, count=1000)
    with running(settings, edge):
        wait_for(lambda: len(edge.bodies) == 450)
        wait_for(lambda: pending(client, settings) == 0)
    assert {body for _, body in edge.bodies} == {b"[%d]" % number for number in range(450)}


@pytest.mark.parametrize(
    ("poison", "refused"),
    [
        ({"kind": "cases", "json": b"{not json"}, {"malformed": 1}),
        ({"kind": "cases", "json": b"17"}, {}),
        ({"kind": "gossip", "json": CASE}, {"malformed": 1}),
        ({"anything": "else"}, {"malformed": 1}),
        ({"kind": "cases", "json": b'"fails"'}, {"malformed": 1}),
    ],
)
def test_poison_is_set_aside_once_and_never_stops_the_stream(client, settings, poison, refused):
    edge = Edge()
    client.xadd(settings.stream, poison)
    client.xadd(settings.stream, {"kind": "cases", "json": CASE})
    with running(settings, edge):
        wait_for(lambda: edge.bodies == [("cases", CASE)])
        wait_for(lambda: pending(client, settings) == 0)
    assert edge.refused == refused
    assert [raw for raw, _ in edge.quarantined] == [poison.get("json", b"")]


def test_an_entry_that_its_owner_trimmed_is_refused_and_forgotten(client, settings):
    edge = Edge()
    client.xgroup_create(settings.stream, settings.group, id="0", mkstream=True)
    entry = client.xadd(settings.stream, {"kind": "cases", "json": CASE})
    client.xreadgroup(settings.group, settings.consumer, {settings.stream: ">"})
    client.xdel(settings.stream, entry)
    with running(settings, edge):
        wait_for(lambda: edge.beats)
        wait_for(lambda: pending(client, settings) == 0)


def test_a_server_that_is_away_is_a_lost_source(settings):
    nowhere = Settings(name="customer", crs=Crs.WGS84, url="redis://127.0.0.1:1/0", stream="x")
    with pytest.raises(FeedLost, match="server"):
        redis_stream.fetch(nowhere, delivery(Edge()), threading.Event())


def test_a_stream_that_is_deleted_is_lost_and_found_again(client, settings):
    edge = Edge()
    with running(settings, edge) as ended:
        wait_for(lambda: edge.beats)
        client.delete(settings.stream)
        wait_for(lambda: ended)
    assert isinstance(ended[0], FeedLost)
    client.xadd(settings.stream, {"kind": "cases", "json": CASE})
    with running(settings, edge):
        wait_for(lambda: edge.bodies == [("cases", CASE)])
