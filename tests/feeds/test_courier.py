import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dashboard.district import District
from dashboard.door import Door
from dashboard.journal import Cursor, Journal
from dashboard.outbox import Outbox
from dashboard.records import DESK, Reply, ReplyState, Tier, Verb
from dashboard.state_server import StateServer
from dashboard.store import JournalUnavailable, probe
from feeds.courier import GIVE_UP_S, Courier, Way
from tests.builders import at, incident, order
from tests.feeds.fakes import wait_for
from tests.feeds.letters import Hand
from tests.feeds.small_district import small_district


class Post:
    """A courier with a clock that the test moves, and the journal it reads."""

    def __init__(self, url: str, district: District, *ways: Way) -> None:
        self.now = at(100).timestamp()
        self.url, self.district, self.ways = url, district, ways
        self.journal, self.outbox = Journal(url), Outbox(url)
        self.courier = self.new_courier()
        self.bookmark = self.courier.start()

    def new_courier(self) -> Courier:
        door = Door(self.district, Journal(self.url))
        return Courier(self.district, Journal(self.url), Outbox(self.url), door, self.ways, lambda: self.now)

    def tell(self, *records: Any) -> None:
        self.journal.append(list(records))
        self.bookmark = self.courier.look(self.bookmark, 1)

    def replies(self) -> list[tuple[str, str, ReplyState]]:
        entries, _ = self.journal.read(Cursor(), 1)
        found = [entry.record for entry in entries if isinstance(entry.record, Reply)]
        return [(reply.order, reply.unit, reply.state) for reply in found]


@pytest.fixture(scope="module")
def district() -> District:
    return small_district()


def send(number: int, unit: str = "PO000", verb: Verb = Verb.DISPATCH, **fields: Any) -> Any:
    return order(verb, "cad/I1", 80 + number, source=DESK, id=f"o{number}", unit=unit, **fields)


def test_an_order_reaches_the_unit_with_the_scene(
    journal: Journal, state_server: StateServer, district: District
) -> None:
    hand = Hand(ReplyState.DELIVERED)
    post = Post(state_server.url, district, Way("hand", hand))
    post.tell(incident(1), send(1, by="李", centre="D"))
    assert post.courier.deliver(post.ways[0])
    [letter] = hand.sent
    assert (letter.order, letter.unit, letter.go, letter.by, letter.centre) == ("o1", "PO000", True, "李", "D")
    assert letter.scene is not None
    assert (letter.scene.key, letter.scene.lat) == ("cad/I1", incident(1).lat)
    assert post.replies() == [("o1", "PO000", ReplyState.DELIVERED)]
    assert post.outbox.letters() == {}


def test_only_what_officers_tell_units_is_carried(
    journal: Journal, state_server: StateServer, district: District
) -> None:
    hand = Hand()
    post = Post(state_server.url, district, Way("hand", hand))
    post.tell(order(Verb.DISPATCH, "cad/I1", 80, source="cad", unit="PO000"))
    post.tell(order(Verb.ACKNOWLEDGE, "cad/I1", 80, source=DESK), send(2, verb=Verb.STAND_DOWN))
    post.courier.deliver(post.ways[0])
    assert [(letter.order, letter.go) for letter in hand.sent] == [("o2", False)]


def test_each_tier_has_its_way_and_a_unit_without_one_is_told_by_voice(
    journal: Journal, state_server: StateServer, district: District
) -> None:
    police, volunteers = Hand(), Hand()
    ways = (Way("p", police, frozenset({Tier.POLICE})), Way("v", volunteers, frozenset({Tier.VOLUNTEER})))
    post = Post(state_server.url, district, *ways)
    warden = next(name for name in district.roster.call_signs if name.startswith("WA"))
    post.tell(send(1, "PO000"), send(2, "VO000"), send(3, warden), send(4, "nobody"))
    for way in ways:
        post.courier.deliver(way)
    assert [letter.unit for letter in police.sent] == ["PO000"]
    assert [letter.unit for letter in volunteers.sent] == ["VO000"]
    assert ("o3", warden, ReplyState.BY_VOICE) in post.replies()


def test_a_letter_that_was_not_taken_is_tried_again_in_order_and_holds_up_only_its_unit(
    journal: Journal, state_server: StateServer, district: District
) -> None:
    hand = Hand()
    hand.refuses = {"PO000"}
    post = Post(state_server.url, district, Way("hand", hand))
    post.tell(send(1), send(2, "VO000"), send(3, verb=Verb.STAND_DOWN))
    assert not post.courier.deliver(post.ways[0])
    assert [letter.order for letter in hand.sent] == ["o2"]
    hand.refuses = set()
    assert post.courier.deliver(post.ways[0])
    assert [letter.order for letter in hand.sent] == ["o2", "o1", "o3"]


def test_what_cannot_be_delivered_in_time_is_said_to_have_failed(
    journal: Journal, state_server: StateServer, district: District
) -> None:
    hand = Hand()
    hand.is_away = True
    post = Post(state_server.url, district, Way("hand", hand))
    post.tell(send(1))
    post.now = at(81 + GIVE_UP_S).timestamp()
    assert not post.courier.deliver(post.ways[0])
    assert post.replies() == []
    post.now += 1
    post.courier.deliver(post.ways[0])
    assert post.replies() == [("o1", "PO000", ReplyState.FAILED)]
    assert post.outbox.letters() == {}


def test_the_feed_strip_says_what_keeps_a_route(
    journal: Journal, state_server: StateServer, district: District
) -> None:
    hand = Hand()
    hand.is_away = True
    post = Post(state_server.url, district, Way("hand", hand))
    post.tell(send(1))
    post.courier.deliver(post.ways[0])
    post.courier.beat()
    assert journal.beats()["courier"].error == "away"
    hand.is_away = False
    post.courier.deliver(post.ways[0])
    post.now += 5
    post.courier.beat()
    assert journal.beats()["courier"].error == ""


def test_a_courier_that_died_leaves_its_letters_to_its_successor(
    journal: Journal, state_server: StateServer, district: District
) -> None:
    hand = Hand()
    hand.is_away = True
    post = Post(state_server.url, district, Way("hand", hand))
    post.tell(incident(1), send(1))
    post.courier.deliver(post.ways[0])
    hand.is_away = False
    post.journal.append([send(2, "VO000")])  # while nobody read
    successor = post.new_courier()
    bookmark = successor.start()
    successor.look(bookmark, 1)
    successor.deliver(post.ways[0])
    assert [letter.order for letter in hand.sent] == ["o1", "o2"]


def test_what_was_ordered_before_the_first_courier_is_not_told(
    journal: Journal, state_server: StateServer, district: District
) -> None:
    journal.append([send(1)])
    hand = Hand()
    post = Post(state_server.url, district, Way("hand", hand))
    post.tell(send(2))
    post.courier.deliver(post.ways[0])
    assert [letter.order for letter in hand.sent] == ["o2"]


@pytest.mark.fault
def test_no_order_is_lost_when_the_state_server_is_killed(tmp_path: Path, district: District) -> None:
    server = StateServer(tmp_path, memory_mb=64)
    url = server.start()
    hand, stop = Hand(), threading.Event()
    courier = Courier(district, Journal(url), Outbox(url), Door(district, Journal(url)), [Way("hand", hand)])
    running = threading.Thread(target=courier.run, args=(stop,), daemon=True)
    running.start()
    journal, told = Journal(url), list[str]()
    wait_for(lambda: Outbox(url).bookmark() is not None)
    try:
        for number in range(30):
            if number % 10 == 5:
                import os
                import signal

                assert server.pid
                os.kill(server.pid, signal.SIGKILL)
                wait_for(lambda: probe(url) == "away")
                server.start()

            def is_told(number: int = number) -> bool:
                try:
                    journal.append([send(number)])
                except JournalUnavailable:
                    return False
                return True

            wait_for(is_told)
            told.append(f"o{number}")
        wait_for(lambda: {letter.order for letter in hand.sent} >= set(told), 30)
    finally:
        stop.set()
        running.join(10)
        server.stop()
    assert hand.is_closed


@pytest.fixture(autouse=True)
def _no_thread_stays() -> Iterator[None]:
    before = threading.active_count()
    yield
    wait_for(lambda: threading.active_count() <= before)
