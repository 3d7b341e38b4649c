"""Fixtures that many tests share: a real state server, and the real data where it lies beside the checkout."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.journal import Journal
from dashboard.state_server import StateServer
from dashboard.store import connect
from tests.recordings import DATA, SAMPLES


@pytest.fixture(scope="session")
def state_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StateServer]:
    """A real embedded Valkey, one for each test process."""
    server = StateServer(tmp_path_factory.mktemp("state"), memory_mb=256)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def journal(state_server: StateServer) -> Journal:
    """A journal with nothing in it."""
    connect(state_server.url).flushall()
    return Journal(state_server.url)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real recordings; tests that need it are skipped where it is absent."""
    folder = DATA
    if not folder.exists():
        pytest.skip(f"the recordings are not here: {folder} (WALL_SHARED names another place)")
    return folder


@pytest.fixture(scope="session")
def shared_samples() -> Path:
    """The folder of real device messages; tests that need it are skipped where it is absent."""
    folder = SAMPLES
    if not folder.exists():
        pytest.skip(f"the device messages are not here: {folder} (WALL_SHARED names another place)")
    return folder
