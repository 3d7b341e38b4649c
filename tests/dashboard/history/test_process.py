from typing import Any

import pytest

from dashboard.district import District
from dashboard.history.post import Answer, Ask, Post
from dashboard.history.process import History
from dashboard.journal import Journal
from dashboard.state_server import StateServer
from tests.dashboard.history.test_session import T0, Played

NOW = T0 + 100_000


class Scene:
    """A history process without its loop, and the post of a web process."""

    def __init__(self, url: str, district: District) -> None:
        self.post, self.mono = Post(url), 100.0
        self.players: list[Played] = []
        self.district = district
        self.history = self.process(url)

    def process(self, url: str) -> History:
        return History(Post(url), self.player, 2, lambda: self.mono, lambda: NOW)

    def player(self) -> Any:
        self.players.append(Played(self.district))
        return self.players[-1]

    def turn(self) -> None:
        self.mono += 1.0
        assert self.history.turn()

    def answers(self, session: str) -> list[Answer]:
        return self.post.answers(session, 0)


@pytest.fixture
def scene(journal: Journal, state_server: StateServer, small: District) -> Scene:
    scene = Scene(state_server.url, small)
    scene.turn()
    return scene


def test_each_replay_gets_its_own(scene: Scene) -> None:
    scene.post.ask(Ask("a", at=T0, playing=False, is_new=True))
    scene.post.ask(Ask("b", at=T0 + 50, playing=False, is_new=True))
    scene.turn()
    assert [answer.at for answer in scene.answers("a")] == [T0]
    assert [answer.at for answer in scene.answers("b")] == [T0 + 50]


def test_one_too_many_is_told_that_it_is_busy_until_another_ends(scene: Scene) -> None:
    for name in ("a", "b", "c"):
        scene.post.ask(Ask(name, at=T0, is_new=True))
    scene.turn()
    assert [answer.error for answer in scene.answers("c")] == ["busy"]
    scene.post.ask(Ask("a", is_over=True))
    scene.post.ask(Ask("c", at=T0, is_new=True))
    scene.turn()
    assert [answer.error for answer in scene.answers("c")] == [""]


def test_a_replay_that_it_does_not_know_is_gone(scene: Scene) -> None:
    scene.post.ask(Ask("a", speed=60))
    scene.turn()
    assert [answer.error for answer in scene.answers("a")] == ["gone"]


def test_the_silent_are_forgotten(scene: Scene) -> None:
    scene.post.ask(Ask("a", at=T0, playing=False, is_new=True))
    scene.turn()
    scene.mono += 30
    scene.turn()
    assert scene.post.unfetched("a") == 0
    scene.post.ask(Ask("a"))
    scene.turn()
    assert [answer.error for answer in scene.answers("a")] == ["gone"]


def test_a_replay_that_breaks_does_not_take_the_others_with_it(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    scene.post.ask(Ask("a", at=T0, playing=False, is_new=True))
    scene.post.ask(Ask("b", at=T0, playing=False, is_new=True))
    scene.turn()
    scene.answers("a"), scene.answers("b")
    scene.players[0].error = ZeroDivisionError()
    scene.post.ask(Ask("a", at=T0 + 1))
    scene.turn()
    assert [answer.error for answer in scene.answers("a")] == ["broken"]
    assert [answer.error for answer in scene.answers("b")] == [""]
    assert "a replay ends" in caplog.text


def test_of_two_processes_one_plays(scene: Scene, state_server: StateServer) -> None:
    other = scene.process(state_server.url)
    assert not other.turn()
    scene.post.ask(Ask("a", at=T0, playing=False, is_new=True))
    scene.turn()
    assert len(scene.answers("a")) == 1


def test_while_there_is_work_it_does_not_wait(scene: Scene) -> None:
    assert scene.history._block_ms(scene.mono) == 500
    scene.post.ask(Ask("a", at=T0, playing=True, is_new=True))
    scene.turn()
    assert scene.history._block_ms(scene.mono) in (200, 201)
    scene.players[0].manages_s = 1.0
    scene.post.ask(Ask("a", at=T0 + 500))
    scene.turn()
    assert scene.history._block_ms(scene.mono) == 0
