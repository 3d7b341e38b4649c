import pytest

from dashboard.state_server import StateServer
from dashboard.store import JournalUnavailable, connect, or_unavailable, probe


def test_a_server_that_runs_is_ready_and_another_is_away(state_server: StateServer) -> None:
    assert probe(state_server.url) == "ready"
    assert probe("redis://127.0.0.1:1/0") == "away"


def test_whatever_the_state_server_refuses_is_one_kind_of_error(state_server: StateServer) -> None:
    @or_unavailable
    def ask() -> object:
        return connect(state_server.url).execute_command("NO-SUCH-COMMAND")

    with pytest.raises(JournalUnavailable, match="NO-SUCH-COMMAND"):
        ask()


def test_a_server_that_is_not_there_is_the_same_kind_of_error() -> None:
    with pytest.raises(JournalUnavailable):
        or_unavailable(lambda: connect("redis://127.0.0.1:1/0").ping())()
