from pathlib import Path

import pytest
from msgspec.structs import replace

from dashboard.archive.store import LocalStore
from dashboard.briefing.frozen import NotFrozen, freeze, load, revisions
from tests.briefings import example


def test_a_frozen_one_is_the_same_next_year(tmp_path: Path) -> None:
    store, made = LocalStore(tmp_path), example()
    sealed = freeze(store, made, "带班领导", 1000.0)
    again = load(store, made.week, made.centre)
    assert again == sealed and again is not None
    assert (again.frozen_by, again.frozen_at, len(again.digest)) == ("带班领导", 1000.0, 64)
    assert again.sections == made.sections and again.queries == made.queries


def test_freezing_again_is_another_revision_and_the_first_stays(tmp_path: Path) -> None:
    store, made = LocalStore(tmp_path), example()
    freeze(store, made, "a", 1.0)
    freeze(store, made, "b", 2.0)
    newest = load(store, made.week, made.centre)
    assert newest is not None and newest.frozen_by == "b"
    assert len(revisions(store, made)) == 2


def test_a_week_that_is_not_over_cannot_be_frozen(tmp_path: Path) -> None:
    with pytest.raises(NotFrozen, match="not over"):
        freeze(LocalStore(tmp_path), replace(example(), is_complete=False), "a", 1.0)


def test_what_was_changed_since_is_told(tmp_path: Path) -> None:
    store, made = LocalStore(tmp_path), example()
    freeze(store, made, "a", 1.0)
    (path,) = tmp_path.rglob("*.json")
    path.write_bytes(path.read_bytes().replace(b'"frozen_by":"a"', b'"frozen_by":"z"'))
    with pytest.raises(NotFrozen, match="changed"):
        load(store, made.week, made.centre)


def test_what_nobody_froze_is_nothing(tmp_path: Path) -> None:
    assert load(LocalStore(tmp_path), "2026-11-16", "D") is None
