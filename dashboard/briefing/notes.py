"""What is said to the sections of a briefing, written beside it: figures that are frozen stay as they are.

`briefings/<week>/notes/<centre>/<ms>-<section>.json` in the archive's store, one file a version; the newest counts.
"""

import re

import msgspec
from msgspec import Struct

from dashboard.archive.store import Store

LONGEST = 4000
_NAME = re.compile(r"briefings/[\d-]+/notes/[\w-]+/\d{15}-([a-z]+)\.json")


class Note(Struct, frozen=True):
    """One version of the notes to one section."""

    text: str
    by: str  # the account that wrote it
    at: float


def keep(store: Store, week: str, centre: str, section: str, note: Note) -> None:
    """Put a version on record. Raises StoreError."""
    number, body = round(note.at * 1000), msgspec.json.encode(note)
    while not store.write(f"{_folder(week, centre)}/{number:015}-{section}.json", body):
        number += 1


def load(store: Store, week: str, centre: str) -> dict[str, str]:
    """The newest text by section, "" where it was emptied. Raises StoreError."""
    newest = {}
    for name in store.names(_folder(week, centre)):
        found = _NAME.fullmatch(name)
        if found:
            newest[found[1]] = name
    return {section: msgspec.json.decode(store.read(name), type=Note).text for section, name in newest.items()}


def _folder(week: str, centre: str) -> str:
    return f"briefings/{week}/notes/{centre}"
