"""Steps: how far a sign-in is, what is still to be done, and the new token that each step gives."""

from collections.abc import Callable
from typing import NamedTuple

from msgspec.structs import replace

from dashboard.access import Principal, Role, Via, second_factor
from dashboard.access.accounts import Account, Accounts
from dashboard.access.attempts import Attempts
from dashboard.access.outcomes import MustChange, NeedsEnrolment, NeedsSecondFactor, Outcome, Reason, Refused, SignedIn
from dashboard.access.screens import Screen, is_from
from dashboard.access.sessions import Session, Sessions

OVER = Refused(Reason.OVER)
Step = type[NeedsSecondFactor] | type[MustChange] | type[NeedsEnrolment]


class Held(NamedTuple):
    """What the token of an account's live session leads to."""

    session: Session
    account: Account
    step: Step | None  # what is still to be done; None: nothing


class Steps:
    """The steps of all who sign in."""

    def __init__(self, accounts: Accounts, sessions: Sessions, attempts: Attempts, clock: Callable[[], float]) -> None:
        self._accounts, self._sessions, self._attempts, self._clock = accounts, sessions, attempts, clock

    def held(self, token: str) -> Held | None:
        """The session of a token with its account as it is now; None where either ended."""
        session = self._sessions.find(token, self._clock())
        if session is None or session.via is Via.DEVICE:
            return None
        return hold(session, self._accounts.find(session.name))

    def advance(
        self, account: Account, session: Session, before: Session | None = None, codes_left: int | None = None
    ) -> Outcome:
        """Give a session that got further a token of its own; `before`, the session as it was, ends.

        So a token that somebody else knew or planted before is worth nothing after.
        """
        if before is not None and self._sessions.end(before.id) is None:
            return OVER  # ended, or got further elsewhere, meanwhile
        session = replace(session, generation=account.generation, secret="")
        step = due(account, session)
        token, opened = self._sessions.open(replace(session, complete=step is None), self._clock())
        if step is not None:
            return step(token, account.name)
        self._attempts.forget(account.name)
        return SignedIn(token, principal_of(account, opened), codes_left)


def due(account: Account, session: Session) -> Step | None:
    """What is still to be done before somebody is in, by the account as it is now."""
    if account.totp_secret is not None and not session.second_factor:
        return NeedsSecondFactor
    if session.must_change:
        return MustChange
    if second_factor.is_required(account.role) and not session.second_factor:
        return NeedsEnrolment
    return None


def hold(session: Session, account: Account | None) -> Held | None:
    """The session with its account, unless the account ended it."""
    if account is None or account.disabled or account.generation != session.generation:
        return None
    return Held(session, account, due(account, session))


def principal_of(account: Account, session: Session) -> Principal:
    """Somebody with an account, as it is now."""
    return Principal(account.name, account.title or account.name, account.role, account.centre, session.id, session.via)


def screen_principal(screen: Screen | None, session: Session, address: str | None) -> Principal | None:
    """A wall screen, unless its token was taken back or it comes from where it must not; None: it is not asked."""
    if screen is None or screen.device != session.device:
        return None
    if address is not None and not is_from(screen.networks, address):
        return None
    return Principal(screen.name, screen.title or screen.name, Role.WALL, screen.centre, session.id, Via.DEVICE)
