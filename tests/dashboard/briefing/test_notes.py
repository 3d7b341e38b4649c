from pathlib import Path

import pytest

from dashboard.archive.store import LocalStore
from dashboard.briefing import frozen, notes
from dashboard.briefing.notes import Note
from tests.briefings import example

WEEK, CENTRE = "2026-11-16", "440306"


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    return LocalStore(tmp_path)


def keep(store: LocalStore, text: str, at: float = 1000.0, section: str = "cases", centre: str = CENTRE) -> None:
    notes.keep(store, WEEK, centre, section, Note(text, "li", at))


def test_the_newest_version_counts(store: LocalStore) -> None:
    keep(store, "first", 1000.0)
    keep(store, "second", 1001.0)
    keep(store, "of another", section="kinds")
    assert notes.load(store, WEEK, CENTRE) == {"cases": "second", "kinds": "of another"}


def test_two_versions_of_one_moment_are_both_kept(store: LocalStore) -> None:
    keep(store, "first")
    keep(store, "second")
    assert notes.load(store, WEEK, CENTRE) == {"cases": "second"}
    assert len(store.names("briefings")) == 2


def test_what_was_emptied_stays_empty(store: LocalStore) -> None:
    keep(store, "first", 1000.0)
    keep(store, "", 1001.0)
    assert notes.load(store, WEEK, CENTRE) == {"cases": ""}


def test_notes_of_another_centre_are_not_read(store: LocalStore) -> None:
    keep(store, "theirs", centre="440306017")
    assert notes.load(store, WEEK, CENTRE) == {}


def test_notes_leave_a_frozen_briefing_as_it_is(store: LocalStore) -> None:
    sealed = frozen.freeze(store, example(), "值班长", 2000.0)
    keep(store, "said later", 3000.0)
    assert frozen.load(store, WEEK, CENTRE) == sealed
    assert len(frozen.revisions(store, sealed)) == 1
