"""An engine on a thread, leading, over the small district."""

from collections.abc import Iterator

import pytest

from dashboard.district import District
from dashboard.journal import Journal
from dashboard.state_server import StateServer
from tests.dashboard.leading import Running, published, wait_for
from tests.feeds.small_district import small_district


@pytest.fixture
def small() -> District:
    return small_district()


@pytest.fixture
def engine(journal: Journal, state_server: StateServer, small: District) -> Iterator[Running]:
    running = Running(state_server.url, small)
    wait_for(lambda: published(journal), "it does not lead")
    yield running
    running.end()
