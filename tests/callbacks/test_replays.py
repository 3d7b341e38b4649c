import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest
from flask_socketio import SocketIOTestClient

from callbacks.replays import Replays, View, Viewer
from callbacks.web import Web
from dashboard import messages, overview
from dashboard.archive import districts
from dashboard.archive.store import LocalStore
from dashboard.district import District, load
from dashboard.history.player import Player
from dashboard.history.post import Answer, Ask, Post
from dashboard.history.process import History
from dashboard.journal import Journal
from dashboard.picture import decode_change, encode_change
from dashboard.situation import Change, Situation
from dashboard.state_server import StateServer
from tests.builders import HERE, NOON, fixes, incident
from tests.callbacks import visitors
from tests.dashboard.history.lived import Lived
from tests.feeds import small_district as small
from tests.feeds.small_district import small_district

T0 = NOON.timestamp()


def wait_for(condition: Callable[[], Any], why: str) -> Any:
    give_up_at = time.monotonic() + 20
    while not (found := condition()):
        assert time.monotonic() < give_up_at, why
        time.sleep(0.02)
    return found


class Scene:
    """One viewer without its thread, before a history process that the test plays."""

    def __init__(self, url: str, district: District, data_dir: Path) -> None:
        self.district = district
        self.post = Post(url)
        self.url = url
        self.sent: list[tuple[str, Any]] = []
        web = visitors.web(url, data_dir, district)
        self.panels_of = web.live._replays._panels_of
        self.districts = web.districts
        self.viewer = self.look_at("D")
        self.situation = Situation(district)

    def look_at(self, centre: str) -> Viewer:
        self.viewer = Viewer(
            View("a socket", "wall", centre, "zh"), T0, self.districts, Post(self.url), self.panels_of, self.emit
        )
        self.session = self.viewer._session
        return self.viewer

    def emit(self, message: str, content: Any, to: str) -> None:
        assert to == "a socket"
        self.sent.append((message, content))

    def answer(self, at: float, change: Change | None = None, **standing: Any) -> None:
        packed = encode_change(change) if change is not None else b""
        self.post.answer(self.session, Answer(at, change=packed, **standing))

    def begin(self, at: float = T0) -> None:
        self.situation.move(fixes(self.district, {"VO000": HERE}, 0), at)
        self.answer(at, self.situation.everything(), is_fresh=True)

    def turn(self) -> list[tuple[str, Any]]:
        self.sent.clear()
        self.viewer.turn(1)
        return list(self.sent)

    def asks(self) -> list[Ask]:
        return self.post.asks(b"0-0", 0)[0]


@pytest.fixture
def scene(journal: Journal, state_server: StateServer, tmp_path: Path) -> Scene:
    return Scene(state_server.url, small_district(), tmp_path)


def test_a_seek_shows_everything_as_it_was(scene: Scene) -> None:
    scene.situation.apply(incident(1), T0)
    scene.begin()
    (name, snapshot), (units, frame) = scene.turn()
    assert (name, units) == (messages.SNAPSHOT, messages.UNITS)
    assert {"header", "backlog", "map", "cards"} <= snapshot["panels"].keys()
    assert (snapshot["as_of_ms"], snapshot["centre"]) == (T0 * 1000, "D")
    assert snapshot["replay"]["at_ms"] == T0 * 1000
    assert frame[4:12] == snapshot["epoch"].to_bytes(4, "little") + snapshot["seq"].to_bytes(4, "little")
    assert snapshot["epoch"] >= 2**31


def test_numbers_rise_by_one_until_the_next_seek_begins_another_epoch(scene: Scene) -> None:
    scene.begin()
    snapshot = scene.turn()[0][1]
    scene.answer(T0 + 1, Change())
    (_, panels), (_, frame) = scene.turn()
    assert (panels["epoch"], panels["seq"]) == (snapshot["epoch"], snapshot["seq"] + 1)
    assert int.from_bytes(frame[8:12], "little") == snapshot["seq"] + 2
    scene.begin(T0 - 60)
    assert scene.turn()[0][1]["epoch"] > snapshot["epoch"]


def test_what_changed_is_shown_and_what_shows_the_same_is_not_sent_again(scene: Scene) -> None:
    scene.begin()
    scene.turn()
    scene.viewer._drawn_at -= 10
    scene.answer(T0 + 1, scene.situation.apply(incident(1), T0 + 1))
    panels = scene.turn()[0][1]["panels"]
    assert "cards" in panels
    assert "feeds" not in panels
    scene.answer(T0 + 2, Change())
    assert scene.turn()[0][1]["panels"] == {}  # too early to draw again


def test_on_the_way_nothing_is_shown_but_where_it_goes(scene: Scene) -> None:
    scene.answer(T0, seeking=True)
    ((name, message),) = scene.turn()
    assert (name, message["panels"], message["replay"]["seeking"]) == (messages.PANELS, {}, True)


@pytest.mark.parametrize("error", ["busy", "no_archive", "future", "broken"])
def test_why_nothing_comes_is_told(scene: Scene, error: str) -> None:
    scene.answer(T0, error=error)
    ((name, message),) = scene.turn()
    assert (name, message["replay"]["error"]) == (messages.PANELS, error)


def test_in_a_gap_the_picture_is_as_old_as_it_is(scene: Scene) -> None:
    scene.answer(T0 + 60, scene.situation.everything(), is_fresh=True, is_gap=True, shown_at=T0)
    message = scene.turn()[0][1]
    assert (message["as_of_ms"], message["replay"]["at_ms"]) == (T0 * 1000, (T0 + 60) * 1000)
    assert (message["replay"]["gap"], message["replay"]["shown_ms"]) == (True, T0 * 1000)


def test_a_lost_replay_is_asked_for_where_it_stood(scene: Scene) -> None:
    scene.begin()
    scene.turn()
    scene.viewer.steer(messages.Steer(speed=60, playing=False))
    scene.answer(T0 + 7, Change())
    scene.turn()
    scene.answer(0, error="gone")
    assert scene.turn() == []
    assert scene.asks()[-1] == Ask(scene.session, T0 + 7, 60, False, is_new=True)


def test_silence_of_the_history_process_is_told_and_never_shared(scene: Scene) -> None:
    scene.begin()
    scene.turn()
    scene.viewer._heard_at -= 60
    scene.viewer._sent_at -= 60
    ((_, message),) = scene.turn()
    assert message["replay"]["error"] == "gone"
    assert scene.asks() == [] or scene.asks()[-1] == Ask(scene.session)
    assert scene.turn() == []


def test_a_wish_that_cannot_be_understood_is_refused(scene: Scene) -> None:
    replays = Replays(scene.districts, scene.post, scene.panels_of, scene.emit)
    assert replays.steer("a socket", {"speed": "fast"}) == {"error": "not understood"}
    assert replays.steer("a socket", {"speed": 2}) == {"error": "no replay"}


@pytest.fixture
def edited(journal: Journal, state_server: StateServer, tmp_path: Path) -> Scene:
    """A viewer of today's district, and in `district` that of before the edit, by which its past is told."""
    files, store = tmp_path / "district", LocalStore(tmp_path / "archive")
    files.mkdir()
    small.write(files)
    before = load(files)
    districts.keep(store, before, districts.pack(files, before.version) or b"")
    small.edit(files)
    scene = Scene(state_server.url, load(files), tmp_path)
    scene.district = before
    scene.situation = Situation(before)
    return scene


def test_before_an_edit_of_the_district_everything_is_shown_by_the_district_of_then(edited: Scene) -> None:
    edited.situation.apply(incident(1), T0)
    edited.situation.move(fixes(edited.district, {"VO000": HERE}, 0), T0)
    edited.answer(T0, edited.situation.everything(), is_fresh=True, district=edited.district.version)
    (_, snapshot), (_, frame) = edited.turn()
    assert snapshot["replay"]["district"] == edited.district.version
    assert int.from_bytes(frame[12:16], "little") == edited.district.roster.checksum
    assert "C0社区" in str(snapshot["panels"])
    assert "丙社区" not in str(snapshot["panels"])
    now = Situation(edited.districts.current)
    now.apply(incident(1), T0 + 9)
    edited.answer(T0 + 9, now.everything(), is_fresh=True, district=edited.districts.current.version)
    (_, snapshot), (_, frame) = edited.turn()
    assert snapshot["replay"]["district"] == edited.districts.current.version
    assert int.from_bytes(frame[12:16], "little") == edited.districts.current.roster.checksum
    assert "丙社区" in str(snapshot["panels"])


def test_of_a_centre_that_was_not_there_then_nothing_is_shown_until_it_is(edited: Scene) -> None:
    edited.look_at("P1")
    edited.answer(T0, edited.situation.everything(), is_fresh=True, district=edited.district.version)
    edited.answer(T0 + 1, Change())
    ((name, message),) = edited.turn()
    assert (name, message["replay"]["error"], message["panels"]) == (messages.PANELS, "no_centre", {})
    now = Situation(edited.districts.current)
    edited.answer(T0 + 9, now.everything(), is_fresh=True, district=edited.districts.current.version)
    (name, message) = edited.turn()[0]
    assert (name, message["replay"]["error"], message["centre"]) == (messages.SNAPSHOT, "", "P1")


def test_by_files_that_are_not_kept_nothing_can_be_shown(edited: Scene) -> None:
    edited.answer(T0, edited.situation.everything(), is_fresh=True, district="0123456789ab")
    ((_, message),) = edited.turn()
    assert (message["replay"]["error"], message["panels"]) == ("broken", {})


# -- the whole road ------------------------------------------------------------------------------------------------


class Road:
    """A lived history, a process that plays it, and a web process."""

    def __init__(self, lived: Lived, url: str, data_dir: Path) -> None:
        self.lived = lived
        self.district = lived.district
        self.web: Web = visitors.web(url, data_dir, lived.district)
        self.stop = threading.Event()
        history = History(Post(url), lambda: Player(lived.district, lived.source()), 3, clock=self.later)
        self.thread = threading.Thread(target=history.run, args=(self.stop,), daemon=True)
        self.thread.start()

    @staticmethod
    def later() -> float:
        """A minute on: all that was lived is past."""
        return time.time() + 60

    def end(self) -> None:
        for viewer in list(self.web.live._replays._viewers):
            self.web.live._replays.close(viewer)
        self.stop.set()
        self.thread.join(10)

    def browser(self, **wish: Any) -> SocketIOTestClient:
        client = visitors.socket(self.web, visitors.browser(self.web))
        answer = self.join(client, **wish)
        assert "error" not in answer
        return client

    def join(self, client: SocketIOTestClient, **wish: Any) -> Any:
        whole = {"centre": "", "lang": "zh", "roster": 0, **wish}
        return client.emit(messages.JOIN, whole, namespace=messages.NAMESPACE, callback=True)

    def follower_at(self, at: float) -> Situation:
        """What a web process that followed all along had taken over by then."""
        situation = Situation(self.district)
        for delta in self.lived.journal.told(b"0-0", 100_000):
            situation.adopt(decode_change(delta.change))
            if delta.tick is not None and delta.tick.at == at:
                return situation
        raise LookupError(at)


@pytest.fixture
def road(
    journal: Journal, state_server: StateServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Road]:
    history = Lived(state_server.url, visitors.demonstration(), tmp_path / "archive", monkeypatch)
    history.start(tick_s=0.1)
    history.live(3)
    history.end()
    road = Road(history, state_server.url, tmp_path)
    yield road
    road.end()


def received(client: SocketIOTestClient, name: str, into: list[Any]) -> list[Any]:
    for each in client.get_received(messages.NAMESPACE):
        if each["name"] == name:
            args = each["args"]
            into.append(args[0] if isinstance(args, list) else args)
    return into


def test_a_replay_shows_what_was_shown_live(road: Road) -> None:
    moments = sorted(road.lived.digests)
    sought = [moments[-3], moments[len(moments) // 2], moments[len(moments) // 3]]
    client = road.browser(at_ms=sought[0] * 1000 + 1)
    for second, following in zip(sought, [*sought[1:], sought[0]], strict=True):
        told: list[Any] = []
        snapshot = wait_for(partial(received, client, messages.SNAPSHOT, told), "no snapshot came")[0]
        at = snapshot["replay"]["at_ms"] / 1000
        assert at == pytest.approx(second, abs=0.01)
        situation = road.follower_at(second)
        situation.settle(at)
        figures = overview.build(situation, road.district, road.district.scope("D"), at)
        assert _plain(snapshot["panels"]) == _plain(road.web.live._panels["wall"](figures, situation, "zh"))
        steer = {"playing": False, "at_ms": following * 1000 + 1}
        assert client.emit(messages.STEER, steer, namespace=messages.NAMESPACE, callback=True) == {}


def test_the_live_rooms_do_not_notice_a_replay(road: Road) -> None:
    live, past = road.browser(), road.browser(at_ms=max(road.lived.digests) * 1000)
    wait_for(lambda: received(past, messages.SNAPSHOT, []), "no snapshot came")
    assert road.web.live.viewers() == 1
    assert live.get_received(messages.NAMESPACE) == []
    assert road.web.live._staff() == {}


def test_a_join_without_a_moment_ends_the_replay_and_so_does_leaving(road: Road) -> None:
    replays = road.web.live._replays
    first, second = (road.browser(at_ms=max(road.lived.digests) * 1000) for _ in range(2))
    assert len(replays._viewers) == 2
    threads = [thread for thread in threading.enumerate() if thread.name == "replay"]
    road.join(first)
    second.disconnect(messages.NAMESPACE)
    assert not replays._viewers
    for thread in threads:
        thread.join(5)
        assert not thread.is_alive()


def test_a_replay_asks_for_the_same_permission_as_what_is_live(road: Road) -> None:
    client = visitors.socket(road.web, visitors.visitor(road.web, visitors.Role.OFFICER, centre="C0"))
    assert road.join(client, centre="D", at_ms=1.0)["error"] == "not permitted"
    assert not road.web.live._replays._viewers
    assert "error" not in road.join(client, centre="C0", at_ms=max(road.lived.digests) * 1000)
    assert list(road.web.live._replays._viewers)


def _plain(panels: dict[str, Any]) -> Any:
    return {name: msgspec.json.decode(msgspec.json.encode(content)) for name, content in panels.items()}
