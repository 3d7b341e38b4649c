import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask_socketio import SocketIOTestClient

from dashboard import messages
from dashboard.journal import Journal
from dashboard.records import moment
from dashboard.situation import Change
from dashboard.state_server import StateServer
from tests.builders import HERE, alert, case, fixes, incident
from tests.callbacks import visitors

SCOPE = {"centre": "", "lang": "zh", "roster": 0}


class Scene:
    """A web process without its thread: the test tells it what changed."""

    def __init__(self, url: str, data_dir: Path) -> None:
        self.district = visitors.demonstration()
        self.web = visitors.web(url, data_dir, self.district)
        self.live, self.follower = self.web.live, self.web.follower
        self.follower.is_loaded, self.follower.epoch, self.follower.heard_at = True, 7, 1.0

    def viewer(self, **wish: Any) -> SocketIOTestClient:
        client = self.guest()
        client.emit(messages.JOIN, {**SCOPE, **wish}, namespace=messages.NAMESPACE)
        return client

    def guest(self) -> SocketIOTestClient:
        return visitors.socket(self.web, visitors.browser(self.web))

    def tell(self, change: Change) -> None:
        self.live.on_change(change)
        self.follower.situation.adopt(change)

    def pass_time(self) -> None:
        self.live._panels_at = self.live._settled_at = self.live._frame_at = 0.0
        self.live.on_pause()

    def engine(self) -> Any:
        """A situation that makes changes as the engine does."""
        from dashboard.situation import Situation

        return Situation(self.district)


@pytest.fixture
def scene(journal: Journal, state_server: StateServer, tmp_path: Path) -> Iterator[Scene]:
    yield Scene(state_server.url, tmp_path)


def heard(client: SocketIOTestClient) -> list[tuple[str, Any]]:
    return [(each["name"], each["args"]) for each in client.get_received(messages.NAMESPACE)]


def first(args: Any) -> Any:
    return args[0] if isinstance(args, list) else args


def named(client: SocketIOTestClient, name: str) -> list[Any]:
    return [first(args) for message, args in heard(client) if message == name]


def seq_of(frame: bytes) -> int:
    return int.from_bytes(frame[8:12], "little")


def test_a_viewer_gets_a_snapshot_and_all_units_under_one_number(scene: Scene) -> None:
    told = heard(scene.viewer())
    assert [name for name, _ in told] == [messages.SNAPSHOT, messages.UNITS]
    snapshot, frame = first(told[0][1]), first(told[1][1])
    assert snapshot["epoch"] == 7
    assert snapshot["centre"] == scene.district.root.code
    assert {"header", "backlog", "map", "cards", "alerts"} <= snapshot["panels"].keys()
    assert seq_of(frame) == snapshot["seq"]


def test_numbers_of_a_room_rise_by_one_whatever_is_sent(scene: Scene) -> None:
    client, engine = scene.viewer(), scene.engine()
    start = named(client, messages.SNAPSHOT)[0]["seq"]
    scene.tell(engine.move(fixes(scene.district, {"VO000": HERE}, 0), 0).change)
    scene.pass_time()
    scene.tell(engine.apply(incident(1), 0))
    scene.pass_time()
    scene.pass_time()
    numbers = [seq_of(first(args)) if name == messages.UNITS else first(args)["seq"] for name, args in heard(client)]
    assert numbers == list(range(start + 1, start + 1 + len(numbers)))
    assert len(numbers) >= 3


def test_a_second_viewer_does_not_take_news_from_the_first(scene: Scene) -> None:
    early = scene.viewer()
    scene.follower.situation.adopt(scene.engine().apply(incident(1), 0))
    late = scene.viewer()
    assert "cards" in named(late, messages.SNAPSHOT)[0]["panels"]
    assert any("cards" in message["panels"] for message in named(early, messages.PANELS))


def test_what_shows_the_same_as_before_is_not_sent_again(scene: Scene) -> None:
    client = scene.viewer()
    scene.pass_time()
    heard(client)
    scene.pass_time()
    (message,) = named(client, messages.PANELS)
    assert "cards" not in message["panels"]
    assert "alerts" not in message["panels"]


def test_an_incident_does_not_wait_for_the_calm_beat(scene: Scene) -> None:
    client = scene.viewer()
    scene.pass_time()
    heard(client)
    scene.live._panels_at = time.monotonic() - 0.2  # too early for the calm beat
    assert scene.live.on_pause() > 0.5
    assert not heard(client)
    scene.tell(scene.engine().apply(incident(1), 0))
    scene.live.on_pause()
    assert any("cards" in message["panels"] for message in named(client, messages.PANELS))


def test_each_scope_and_language_is_a_room_of_its_own(scene: Scene) -> None:
    district, community, english = scene.viewer(), scene.viewer(centre="C0"), scene.viewer(lang="en")
    for client in (district, community, english):
        heard(client)
    engine = scene.engine()
    scene.tell(engine.apply(case(1), 0))
    scene.tell(engine.apply(alert(1), 0))
    scene.pass_time()
    assert {message["centre"] for message in named(community, messages.PANELS)} == {"C0"}
    assert {message["centre"] for message in named(district, messages.PANELS)} == {"D"}
    assert named(english, messages.PANELS)
    assert scene.live.viewers() == 3


def test_a_fresh_start_of_the_copy_sends_everybody_a_snapshot(scene: Scene) -> None:
    client = scene.viewer()
    heard(client)
    scene.follower.epoch = 8
    scene.live.on_start()
    snapshots = named(client, messages.SNAPSHOT)
    assert [snapshot["epoch"] for snapshot in snapshots] == [8]


@pytest.mark.parametrize(
    "wish", [None, "x", 5, {"centre": "nowhere"}, {"centre": 5}, {"lang": "fr"}, {"centre": ["a"]}, {"lang": {}}]
)
def test_a_wish_that_makes_no_sense_is_answered_and_joins_nothing(scene: Scene, wish: Any) -> None:
    client = scene.guest()
    answer = client.emit(messages.JOIN, wish, namespace=messages.NAMESPACE, callback=True)
    assert "error" in answer
    assert scene.live.viewers() == 0


def test_a_viewer_that_leaves_or_changes_its_scope_leaves_no_trace(scene: Scene) -> None:
    client = scene.viewer()
    client.emit(messages.JOIN, {**SCOPE, "centre": "C0"}, namespace=messages.NAMESPACE)
    assert scene.live.viewers() == 1
    assert len(scene.live._channels) == 1
    client.disconnect(messages.NAMESPACE)
    assert scene.live.viewers() == 0
    assert not scene.live._channels


def test_the_time_is_told(scene: Scene) -> None:
    client = scene.guest()
    assert client.emit(messages.TSYNC, namespace=messages.NAMESPACE, callback=True) > 1.7e12


def test_a_manned_centre_is_told_to_the_journal(scene: Scene, journal: Journal) -> None:
    scene.viewer(centre="C0")
    scene.live._presence_at = -1e9
    scene.pass_time()
    assert set(journal.manned()) == {"C0"}


def test_joins_while_the_situation_changes_do_not_break(scene: Scene) -> None:
    engine, stop, failures = scene.engine(), threading.Event(), list[BaseException]()

    def join_again_and_again() -> None:
        try:
            while not stop.is_set():
                scene.viewer().disconnect(messages.NAMESPACE)
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=join_again_and_again)
    thread.start()
    for number in range(300):
        change = engine.apply(case(number), number)
        with scene.follower.lock:
            scene.tell(change)
    stop.set()
    thread.join()
    assert not failures


def test_the_page_of_an_incident_that_is_forgotten_is_not_told_to_those_who_join_later(scene: Scene) -> None:
    engine = scene.engine()
    now = time.time()
    scene.tell(engine.apply(incident(1, reported_at=moment(now)), now))
    early = named(scene.viewer(screen="duty"), messages.SNAPSHOT)[0]
    scene.tell(engine.apply(incident(1, revision=1, reported_at=moment(now), closed_at=moment(now)), now))
    scene.follower.situation.response.forget(now + 86_400)
    late = named(scene.viewer(screen="duty"), messages.SNAPSHOT)[0]
    assert "incident:cad/I1" in early["panels"]
    assert "incident:cad/I1" not in late["panels"]
