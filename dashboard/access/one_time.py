"""One-time links: for the first administrator, for somebody new, and for a forgotten password. Each is good once."""

from enum import StrEnum

from msgspec import Struct

from dashboard.access import tokens
from dashboard.access.shelf import Shelf
from dashboard.store import connect

LINKS = "wall:one_time"
KEEP_S = 24 * 3600.0
PATH = "/setup?token="


class Purpose(StrEnum):
    """What a link is for."""

    FIRST = "first"  # makes the first administrator, who chooses a name
    INVITATION = "invitation"
    RESET = "reset"


class Link(Struct, frozen=True, kw_only=True):
    """One link that waits to be used."""

    purpose: Purpose
    name: str  # of the account; of the first administrator there is none yet
    expires_at: float


class Links:
    """All links that wait, as the state server keeps them."""

    def __init__(self, url: str) -> None:
        self._shelf = Shelf(connect(url), LINKS, Link)

    def make(self, purpose: Purpose, name: str, now: float) -> str:
        """A token for a new link; earlier ones for the same account are void from now on."""
        self._shelf.drop(
            [key for key, link in self._shelf.all().items() if link.name == name or link.expires_at <= now]
        )
        token = tokens.new()
        self._shelf.put(tokens.fingerprint(token), Link(purpose=purpose, name=name, expires_at=now + KEEP_S))
        return token

    def find(self, token: str, now: float) -> Link | None:
        """What a link is for, while it is good; it stays so."""
        link = self._shelf.get(tokens.fingerprint(token)) if token else None
        return link if link is not None and now < link.expires_at else None

    def take(self, token: str, now: float) -> Link | None:
        """Use a link: of several who try, one gets it."""
        link = self._shelf.take(tokens.fingerprint(token))
        return link if link is not None and now < link.expires_at else None
