"""Callers: who makes a request, by its session's cookie; or a guest, where the demonstration runs."""

from collections.abc import Sequence

from flask import request

from callbacks.cookies import Cookie
from dashboard.access import Principal, Role, Via
from dashboard.access.access import Access
from dashboard.district import District
from dashboard.settings import Settings


class Callers:
    """Finds out who calls."""

    def __init__(self, access: Access, cookie: Cookie, guest: Principal | None) -> None:
        """`guest`: who somebody without a session is; None where nobody may look without one."""
        self.access = access
        self.cookie = cookie
        self.guest = guest

    def current(self, acting: bool) -> Principal | None:
        """Who makes the request being answered; `acting`: it keeps the session alive. Raises JournalUnavailable."""
        return self.who(self.cookie.token(), address(), acting)

    def who(self, token: str, from_address: str, acting: bool = False) -> Principal | None:
        """Who has a session's token; raises JournalUnavailable while nobody can say."""
        known = self.access.principal(token, from_address, acting=acting) if token else None
        return known or self.guest

    def who_all(self, tokens: Sequence[str]) -> list[Principal | None]:
        """The same for many at once, of whom nobody acts."""
        held = sorted({token for token in tokens if token})
        known = dict(zip(held, self.access.principals(held), strict=True)) if held else {}
        return [known.get(token) or self.guest for token in tokens]


def address() -> str:
    """From where the request being answered comes."""
    return request.remote_addr or ""


def guest_of(settings: Settings, district: District) -> Principal | None:
    """The guest of a demonstration; nobody where the district or what feeds it is real."""
    if not district.demonstration or settings.feeds:
        return None
    return Principal("guest", "访客", Role.GUEST, district.root.code, "guest", Via.GUEST)
