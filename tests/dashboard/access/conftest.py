"""Ground that all tests of access stand on."""

import pytest

from dashboard.state_server import StateServer
from dashboard.store import connect
from tests.dashboard.access.ground import Ground


@pytest.fixture
def url(state_server: StateServer) -> str:
    """A state server with nothing in it."""
    connect(state_server.url).flushall()
    return state_server.url


@pytest.fixture
def ground(url: str) -> Ground:
    """One web process, and the time."""
    return Ground(url)
