"""Sessions: who is signed in, or half-way there. A browser holds the token; its fingerprint finds the session here.

A session ends by itself when nobody acts for a while, and at the latest after the absolute time. A wall screen's
lasts as long as the device's own token does: documented as the exception that a screen nobody types at needs.
"""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from dashboard.access import Via, tokens
from dashboard.access.shelf import Shelf
from dashboard.store import connect

SESSIONS = "wall:sessions"
TOUCH_S = 30.0  # "last seen" is written at most so often
PARTIAL_S = 10 * 60.0  # so long there is time for the second step
SCREEN_S = 366 * 86_400.0
_AGENT_CHARS = 200


class Limits(Struct, frozen=True):
    """How long a session lasts."""

    idle_s: float = 30 * 60.0
    absolute_s: float = 12 * 3600.0


class Session(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One session."""

    id: str  # public: what lists and the audit trail say
    name: str  # of the account or screen
    via: Via
    generation: int = 0  # the account's, when it began
    device: str = ""  # a screen's: fingerprint of the token it came with
    address: str = ""
    agent: str = ""
    opened_at: float = 0.0
    seen_at: float = 0.0
    complete: bool = False
    second_factor: bool = False  # given, here or at the provider
    must_change: bool = False  # the password, before anything else
    secret: str = ""  # of an authenticator that is not confirmed yet; sealed by the vault


class Sessions:
    """All sessions, as the state server keeps them."""

    def __init__(self, url: str, limits: Limits) -> None:
        self._shelf = Shelf(connect(url), SESSIONS, Session)
        self._limits = limits

    def open(self, session: Session, now: float) -> tuple[str, Session]:
        """Begin a session: its token, which is kept nowhere, and how it is known. `session.id` is given here."""
        token = tokens.new()
        opened = replace(
            session, id=tokens.fingerprint(token), agent=session.agent[:_AGENT_CHARS], opened_at=now, seen_at=now
        )
        self._shelf.drop([name for name, each in self._shelf.all().items() if not self.is_live(each, now)])
        self._shelf.put(opened.id, opened)
        return token, opened

    def find(self, token: str, now: float) -> Session | None:
        """The live session of a token."""
        session = self._shelf.get(tokens.fingerprint(token)) if token else None
        return session if session is not None and self.is_live(session, now) else None

    def find_many(self, held: Sequence[str], now: float) -> list[Session | None]:
        """The live sessions of tokens, in their order."""
        found = self._shelf.get_many([tokens.fingerprint(token) for token in held])
        return [session if session is not None and self.is_live(session, now) else None for session in found]

    def touch(self, session: Session, address: str, now: float) -> None:
        """Somebody acts in it."""
        if now - session.seen_at >= TOUCH_S or (address and address != session.address):
            seen = {"seen_at": max(now, session.seen_at), "address": address or session.address}
            self._shelf.change(session.id, lambda old: old and replace(old, **seen))

    def remember(self, session: Session, secret: str) -> Session | None:
        """Keep the secret of an authenticator until it is confirmed; the one that is kept already stays."""
        return self._shelf.change(session.id, lambda old: old and replace(old, secret=old.secret or secret))

    def end(self, session_id: str) -> Session | None:
        """End one; of several who try, one gets it back."""
        return self._shelf.take(session_id)

    def end_all(self, name: str, via: Sequence[Via]) -> int:
        """End all of one account or screen; how many there were."""
        ended = [each.id for each in self._shelf.all().values() if each.name == name and each.via in via]
        self._shelf.drop(ended)
        return len(ended)

    def all(self, now: float) -> list[Session]:
        """Every live session, the latest first, without secrets."""
        live = [replace(each, secret="") for each in self._shelf.all().values() if self.is_live(each, now)]
        return sorted(live, key=lambda session: session.opened_at, reverse=True)

    def is_live(self, session: Session, now: float) -> bool:
        """Whether its time has not run out."""
        if session.via is Via.DEVICE:
            return now - session.opened_at < SCREEN_S
        if not session.complete and now - session.opened_at >= PARTIAL_S:
            return False
        return now - session.opened_at < self._limits.absolute_s and now - session.seen_at < self._limits.idle_s
