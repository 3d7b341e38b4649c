import threading

import msgspec

from dashboard.district import District
from dashboard.follower import Follower
from dashboard.journal import Journal
from dashboard.picture import decode_picture, encode_change, encode_picture
from dashboard.situation import Change
from dashboard.state_server import StateServer
from tests.builders import case, incident
from tests.dashboard.leading import Running, published, wait_for


def follow(journal: Journal, small: District) -> tuple[Follower, threading.Event, threading.Thread, list[str]]:
    follower, stop, told = Follower(small, journal), threading.Event(), list[str]()
    thread = threading.Thread(
        target=follower.follow,
        args=(stop, lambda: told.append("start"), lambda change: told.append("change"), lambda: 0.25),
        daemon=True,
    )
    thread.start()
    return follower, stop, thread, told


def test_a_copy_follows_and_equals_the_engine_across_a_succession(
    journal: Journal, state_server: StateServer, small: District
) -> None:
    first = Running(state_server.url, small)
    follower, stop, thread, told = follow(Journal(state_server.url), small)
    try:
        journal.append([case(1), incident(1)])
        wait_for(lambda: follower.situation.backlog.get("cases/C1"), "the copy did not follow")
        first.end()
        journal.append([case(2)])
        second = Running(state_server.url, small)
        wait_for(lambda: follower.situation.backlog.get("cases/C2"), "the copy did not follow the successor")
        journal.append([case(3)])
        wait_for(lambda: follower.situation.backlog.get("cases/C3"), "the copy did not go on")
        second.end()
        assert follower.epoch == 2
        assert told.count("start") == 2
        assert sorted(row.key for row in follower.situation.backlog.all()) == [f"cases/C{n}" for n in (1, 2, 3)]
    finally:
        first.end()
        stop.set()
        thread.join(5)


def test_a_gap_is_counted_and_healed_by_the_picture(
    engine: Running, journal: Journal, state_server: StateServer, small: District
) -> None:
    wait_for(lambda: journal.picture(), "no picture")
    follower, stop, thread, _ = follow(Journal(state_server.url), small)
    try:
        wait_for(lambda: follower.heard_at, "the copy did not follow")
        epoch, seq, _ = published(journal)[-1]
        journal.publish(epoch, seq + 50, msgspec.msgpack.encode(Change()))
        wait_for(lambda: follower.gaps, "the gap was not noticed")
        engine.end()  # its last picture holds everything
        wait_for(lambda: follower.is_loaded, "the gap was not healed")
    finally:
        stop.set()
        thread.join(5)


def test_a_copy_is_current_when_it_has_what_was_published_before_it_began(
    engine: Running, journal: Journal, state_server: StateServer, small: District
) -> None:
    wait_for(lambda: journal.picture() and published(journal), "no picture")
    epoch, seq, _ = published(journal)[-1]
    engine.end()
    picture = decode_picture(journal.picture() or b"")
    journal.save_picture(encode_picture(msgspec.structs.replace(picture, seq=seq, delta=journal.last_delta())))
    journal.publish(epoch, seq + 1, encode_change(Change()))
    follower = Follower(small, Journal(state_server.url))
    assert not follower.is_current
    assert follower._load()
    assert follower.is_loaded and not follower.is_current
    follower._read(lambda _: None, 0.0)
    assert follower.is_current
