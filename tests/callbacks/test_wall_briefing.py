from pathlib import Path

from callbacks.wall_briefing import LastFrozen
from dashboard.archive.store import LocalStore
from dashboard.briefing.frozen import freeze
from tests.briefings import example
from tests.layouts.scenes import baoan


def test_the_newest_frozen_one_is_shown_once_it_is_read(tmp_path: Path) -> None:
    made = example()
    now = made.to_at + 3600
    last = LastFrozen(LocalStore(tmp_path), baoan(), lambda: now)
    last.read(made.centre, now)
    assert last.of(made.centre) is None
    sealed = freeze(LocalStore(tmp_path), made, "schedule", now)
    last.read(made.centre, now)
    assert last.of(made.centre) == sealed


def test_one_that_was_changed_is_not_shown(tmp_path: Path) -> None:
    made = example()
    freeze(LocalStore(tmp_path), made, "a", made.to_at)
    (path,) = tmp_path.rglob("*.json")
    path.write_bytes(b"{}")
    last = LastFrozen(LocalStore(tmp_path), baoan(), lambda: made.to_at)
    last.read(made.centre, made.to_at + 3600)
    assert last.of(made.centre) is None
