from dashboard.journal import Journal
from dashboard.outbox import Outbox
from dashboard.state_server import StateServer


def test_letters_stay_until_they_are_done(journal: Journal, state_server: StateServer) -> None:
    outbox = Outbox(state_server.url)
    assert (outbox.bookmark(), outbox.letters()) == (None, {})
    outbox.post({"o1": b"one", "o2": b"two"}, b"5-0")
    outbox.done("o1")
    successor = Outbox(state_server.url)
    assert (successor.bookmark(), successor.letters()) == (b"5-0", {"o2": b"two"})


def test_a_stretch_without_orders_moves_the_bookmark_alone(journal: Journal, state_server: StateServer) -> None:
    outbox = Outbox(state_server.url)
    outbox.post({}, b"9-0")
    assert (outbox.bookmark(), outbox.letters()) == (b"9-0", {})
