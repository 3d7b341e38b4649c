"""Gaps: stretches of a stream that were forgotten before they were archived, as after an archive was emptied.

Each is an empty file, `gaps/<stream>/<first id>-<last id>`, so that nobody takes what is missing for quiet.
"""

import re
from typing import NamedTuple

from dashboard.archive.store import Store

_NAME = re.compile(r"gaps/([a-z]+)/(\d{20})-(\d{20})")


class Gap(NamedTuple):
    """One of them; ids as schema.number makes them."""

    stream: str  # without "wall:"
    first: int
    last: int

    @property
    def name(self) -> str:
        """Its name in the store."""
        return f"gaps/{self.stream}/{self.first:020}-{self.last:020}"


def note(store: Store, gap: Gap) -> None:
    """Put it on record; raises StoreError."""
    store.write(gap.name, b"")


def listed(store: Store) -> list[Gap]:
    """All that are on record."""
    found = (_NAME.fullmatch(name) for name in store.names("gaps"))
    return [Gap(each[1], int(each[2]), int(each[3])) for each in found if each]
