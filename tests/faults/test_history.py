"""A replay outlives the process that plays it, and what is live hears nothing of either."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.access import Role
from dashboard.archive.checkpoints import Checkpoints
from dashboard.archive.store import LocalStore
from dashboard.district import load
from dashboard.settings import Settings
from tests.bench.seek import Screen
from tests.running import Running

pytestmark = pytest.mark.fault


@pytest.fixture
def wall(tmp_path: Path) -> Iterator[Running]:
    with Running(tmp_path, checkpoint_s="5", archive_every_s="1") as running:
        yield running


def test_a_replay_goes_on_where_it_stood_when_its_process_was_killed(wall: Running) -> None:
    zone = load(Settings().district_folder()).timezone
    checkpoints = Checkpoints(LocalStore(wall.data_dir / "archive"), zone)
    wall.wait_for(lambda: bool(checkpoints.all()), "no checkpoint")
    first_at = checkpoints.all()[0].at
    wall.wait_for(lambda: time.time() > first_at + 8, "time stands still")
    screen = Screen(wall.port, wall.officer("looks-back", Role.LEADER))
    assert screen.join(first_at + 1)["replay"]["error"] == ""
    begun = screen.seek(first_at + 4, playing=False)
    engine = wall.pid("engine")
    wall.kill("history")
    again = screen.snapshot()
    assert again["replay"]["at_ms"] == begun["replay"]["at_ms"]
    assert {name: again["panels"][name] for name in ("backlog", "cards", "tree")} == {
        name: begun["panels"][name] for name in ("backlog", "cards", "tree")
    }
    assert again["epoch"] > begun["epoch"]
    assert wall.pid("engine") == engine
    assert wall.is_ready()
    screen.close()
