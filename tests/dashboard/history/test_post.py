import random

from dashboard.history.post import Answer, Ask, Post
from dashboard.journal import Journal
from dashboard.state_server import StateServer


def test_asks_are_heard_once_and_in_order(journal: Journal, state_server: StateServer) -> None:
    viewer, player = Post(state_server.url), Post(state_server.url)
    viewer.ask(Ask("old"))
    after = player.newest_ask()
    viewer.ask(Ask("one", at=7.5, is_new=True))
    viewer.ask(Ask("two", is_over=True))
    asks, after = player.asks(after, 0)
    assert asks == [Ask("one", at=7.5, is_new=True), Ask("two", is_over=True)]
    assert player.asks(after, 0) == ([], after)


def test_an_answer_is_fetched_once(journal: Journal, state_server: StateServer) -> None:
    post = Post(state_server.url)
    post.answer("one", Answer(1.0))
    post.answer("one", Answer(2.0, error="busy"))
    assert post.unfetched("one") == 2
    assert post.answers("one", 0) == [Answer(1.0), Answer(2.0, error="busy")]
    assert (post.unfetched("one"), post.answers("one", 0), post.answers("two", 0)) == (0, [], [])


def test_a_fresh_start_takes_the_place_of_what_waits(journal: Journal, state_server: StateServer) -> None:
    post = Post(state_server.url)
    post.answer("one", Answer(1.0, change=b"old"))
    post.answer("one", Answer(2.0, is_fresh=True))
    assert [answer.at for answer in post.answers("one", 0)] == [2.0]
    post.answer("one", Answer(3.0))
    post.forget("one")
    assert post.answers("one", 0) == []


def test_a_large_answer_is_small_on_its_way_and_whole_behind_it(journal: Journal, state_server: StateServer) -> None:
    post = Post(state_server.url)
    answer = Answer(1.0, is_fresh=True, change=random.Random(1).randbytes(1_000) * 200)
    post.answer("one", answer)
    assert post._redis.memory_usage("wall:replay:one") < 20_000
    assert post.answers("one", 0) == [answer]


def test_one_process_plays_until_its_lease_runs_out(journal: Journal, state_server: StateServer) -> None:
    post = Post(state_server.url)
    assert post.lead("a", 60_000)
    assert post.lead("a", 60_000)
    assert not post.lead("b", 60_000)
    assert post.lead("a", 1)
    while not post.lead("b", 60_000):
        pass
    assert not post.lead("a", 60_000)
