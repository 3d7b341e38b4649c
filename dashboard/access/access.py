"""Access: the way in, and who is in. Joins accounts, passwords, second factor, sessions, screens and one-time links.

Steps return what became of them; who writes that into the audit trail is the caller. Every method raises
JournalUnavailable while the state server is away: then nobody is in.
"""

import time
from collections.abc import Callable, Sequence

from msgspec.structs import replace

from dashboard import credentials
from dashboard.access import Principal, Role, Via, passwords
from dashboard.access.accounts import AccessError, Account, Accounts, Fault, check_role, clean_name, clean_title
from dashboard.access.attempts import Attempts
from dashboard.access.authenticator import Authenticator
from dashboard.access.keeper import Keeper
from dashboard.access.one_time import Link, Links, Purpose
from dashboard.access.outcomes import Enrolled, MustChange, Outcome, Reason, Refused, SignedIn
from dashboard.access.passwords import Hasher, Weakness
from dashboard.access.screens import Screens, is_from
from dashboard.access.second_factor import Enrolment
from dashboard.access.sessions import Limits, Session, Sessions
from dashboard.access.steps import OVER, Steps, hold, principal_of, screen_principal
from dashboard.access.vault import Vault
from dashboard.settings import Settings

_NAME_CHARS = 80


def opened(url: str, settings: Settings) -> "Access":
    """The way in, as the operator set it."""
    limits = Limits(settings.idle_minutes * 60, settings.session_hours * 3600)
    return Access(url, credentials.secret_key(settings), settings.password_profile, limits=limits)


class Access:
    """The way in, for one process."""

    def __init__(
        self,
        url: str,
        key: bytes,
        profile: str = "dengbao3",
        clock: Callable[[], float] = time.time,
        limits: Limits | None = None,
        hasher: Hasher | None = None,
    ) -> None:
        """`key`: the installation's secret key; `profile`: a name in passwords.PROFILES; `clock`: epoch seconds."""
        self._clock, self._profile, self._hasher = clock, passwords.PROFILES[profile], hasher or Hasher()
        self._accounts, self._screens, self._links = Accounts(url), Screens(url), Links(url)
        self._sessions, self._attempts = Sessions(url, limits or Limits()), Attempts(url)
        self._steps = Steps(self._accounts, self._sessions, self._attempts, clock)
        self._authenticator = Authenticator(
            self._steps, self._accounts, self._sessions, self._attempts, Vault(key), clock
        )
        self.keeper = Keeper(self._accounts, self._screens, self._links, self._sessions, self._attempts, clock)

    # -- signing in --------------------------------------------------------------------------------------------

    def sign_in(self, name: str, password: str, address: str, agent: str) -> Outcome:
        """The first step: name and password. A name that is not there is answered like a wrong password."""
        tried, now = _tried(name), self._clock()
        attempt = self._attempts.begin(tried, now)
        account = self._accounts.find(name)
        known = account.name if account else ""  # what nobody is called may be a password in the wrong field
        if attempt.shut_s:
            return Refused(Reason.SHUT, attempt.shut_s, known)
        is_right = self._hasher.verify(account.password_hash if account else "", password)
        if account is None or not is_right or account.disabled:
            return Refused(Reason.WRONG, name=known)
        self._attempts.succeeded(attempt)
        self._renew_hash(account, password)
        must_change = passwords.is_expired(self._profile, account.changed_at, now)
        session = Session(id="", name=account.name, via=Via.PASSWORD, address=address, agent=agent)
        return self._steps.advance(account, replace(session, must_change=must_change))

    def second_factor(self, token: str, code: str) -> Outcome:
        """The second step: a code of the authenticator, or a recovery code."""
        return self._authenticator.give(token, code)

    def enrol_begin(self, token: str) -> Enrolment | Refused:
        """A secret for a new authenticator; the same again until it is confirmed."""
        return self._authenticator.begin(token)

    def enrol_confirm(self, token: str, code: str) -> Enrolled | Refused:
        """The first code of the new authenticator: from now on it is the second factor."""
        return self._authenticator.confirm(token, code)

    def seal_secrets(self) -> int:
        """Seal the authenticators' secrets that an earlier version kept in plain text; how many there were."""
        return self._authenticator.seal_all()

    def change_password(self, token: str, old: str, new: str) -> Outcome:
        """Another password; every other session of the account ends."""
        held = self._steps.held(token)
        if held is None or held.step not in (None, MustChange) or not held.account.password_hash:
            return OVER
        account = held.account
        attempt = self._attempts.begin(account.name, self._clock())
        if attempt.shut_s:
            return Refused(Reason.SHUT, attempt.shut_s, account.name)
        if not self._hasher.verify(account.password_hash, old):
            return Refused(Reason.WRONG_PASSWORD, name=account.name)
        self._attempts.succeeded(attempt)
        weak = self._weaknesses(account, new)
        if weak:
            return Refused(Reason.WEAK, name=account.name, weaknesses=weak)
        changed = self._set_password(account, new)
        if changed is None:
            return OVER
        return self._steps.advance(changed, replace(held.session, must_change=False), held.session)

    def progress(self, token: str) -> Outcome:
        """Where a token stands: in, or at which step; refused where it leads to nothing."""
        held = self._steps.held(token)
        if held is not None and held.step is not None:
            return held.step(token, held.account.name)
        principal = self.principal(token, None, acting=False)
        return OVER if principal is None else SignedIn(token, principal)

    def end(self, token: str) -> Session | None:
        """Sign out; the session that ended."""
        session = self._sessions.find(token, self._clock())
        return None if session is None else self._sessions.end(session.id)

    # -- one-time links ----------------------------------------------------------------------------------------

    def first_link(self) -> str | None:
        """A one-time token for making the first administrator; None where there is an account."""
        return self._links.make(Purpose.FIRST, "", self._clock()) if self._accounts.are_none() else None

    def link(self, token: str) -> Link | None:
        """What a one-time link is for, while it is good; looking does not use it."""
        link = self._links.find(token, self._clock())
        return None if link and link.purpose is Purpose.FIRST and not self._accounts.are_none() else link

    def accept(
        self, token: str, password: str, address: str, agent: str, *, name: str = "", title: str = "", centre: str = ""
    ) -> Outcome:
        """Use a one-time link: it sets the password. `name`, `title` and `centre` are the first administrator's.

        A weak password or a name that cannot be leaves the link as it is.
        """
        link = self.link(token)
        if link is None:
            return OVER
        is_first = link.purpose is Purpose.FIRST
        try:
            account = self._first(name, title, centre) if is_first else self._accounts.find(link.name)
        except AccessError:
            return Refused(Reason.NAME, name=_tried(name))
        if account is None or account.disabled:
            return OVER
        weak = self._weaknesses(account, password)
        if weak:
            return Refused(Reason.WEAK, name=account.name, weaknesses=weak)
        if self._links.take(token, self._clock()) is None:
            return OVER
        if is_first and not self._accounts.add_first(account):
            return OVER
        changed = self._set_password(account, password)
        if changed is None:
            return OVER
        self._attempts.forget(account.name)
        session = Session(id="", name=account.name, via=Via.PASSWORD, address=address, agent=agent)
        return self._steps.advance(changed, session)

    # -- other ways in -----------------------------------------------------------------------------------------

    def sign_in_screen(self, screen_token: str, address: str, agent: str = "") -> SignedIn | Refused:
        """A wall screen comes in by the token of its device."""
        screen = self._screens.find_token(screen_token)
        if screen is None:
            return Refused(Reason.WRONG)
        if not is_from(screen.networks, address):
            return Refused(Reason.NOT_HERE, name=screen.name)
        session = Session(id="", name=screen.name, via=Via.DEVICE, device=screen.device, complete=True)
        token, opened = self._sessions.open(replace(session, address=address, agent=agent), self._clock())
        principal = screen_principal(screen, opened, address)
        return Refused(Reason.NOT_HERE, name=screen.name) if principal is None else SignedIn(token, principal)

    def oidc_sign_in(
        self,
        subject: str,
        name: str,
        title: str,
        role: Role,
        centre: str,
        address: str,
        agent: str,
        second_factor: bool = False,
    ) -> Outcome:
        """Somebody whom the identity provider vouched for; what it says of them replaces what was known.

        `subject`: issuer and subject, which never change. `second_factor`: whether the provider asked for one; if
        not, we do. An account that was made here is never the provider's, whatever name it sends.
        """
        try:
            account = self.keeper.vouched(subject, name, title, check_role(role), centre)
        except AccessError as error:
            return Refused(Reason.ROLE if error.fault is Fault.BAD_ROLE else Reason.NAME, name=_tried(name))
        if account.disabled:
            return Refused(Reason.WRONG, name=account.name)
        session = Session(id="", name=account.name, via=Via.OIDC, address=address, agent=agent)
        return self._steps.advance(account, replace(session, second_factor=second_factor))

    # -- who is in ---------------------------------------------------------------------------------------------

    def principal(self, token: str, address: str | None, acting: bool = True) -> Principal | None:
        """Who holds a token, if they are all the way in; role, title and centre are those of now.

        `address`: from where they come, which matters for a screen; None: as before. `acting`: somebody does
        something, so the session is not idle. A page that only listens does nothing.
        """
        now = self._clock()
        session = self._sessions.find(token, now)
        if session is None:
            return None
        principal = self._principals([session], address)[0]
        if principal is not None and acting:
            self._sessions.touch(session, address or "", now)
        return principal

    def principals(self, held: Sequence[str]) -> list[Principal | None]:
        """Who holds each of these tokens, in two round trips; nobody acts."""
        found = self._sessions.find_many(held, self._clock())
        known = iter(self._principals([session for session in found if session is not None], None))
        return [None if session is None else next(known) for session in found]

    def sessions(self) -> list[Session]:
        """Every live session, the latest first."""
        return self.keeper.sessions()

    def end_session(self, session_id: str) -> Session | None:
        """End one by its public id; None where there is none."""
        return self.keeper.end_session(session_id)

    def _principals(self, sessions: Sequence[Session], address: str | None) -> list[Principal | None]:
        people = self._accounts.find_many([each.name for each in sessions])
        devices = [each.via is Via.DEVICE for each in sessions]
        screens = self._screens.find_many([each.name for each in sessions]) if any(devices) else [None] * len(sessions)
        return [
            screen_principal(screen, session, address) if is_device else _person(session, account)
            for session, account, screen, is_device in zip(sessions, people, screens, devices, strict=True)
        ]

    # -- passwords ---------------------------------------------------------------------------------------------

    def _first(self, name: str, title: str, centre: str) -> Account:
        role = Role.ADMINISTRATOR
        return Account(name=clean_name(name), title=clean_title(title), role=role, centre=centre, made_at=self._clock())

    def _weaknesses(self, account: Account, password: str) -> tuple[Weakness, ...]:
        found = passwords.weaknesses(self._profile, account.name, password)
        if not found and passwords.was_used(self._hasher, account.past_hashes, password):
            return (Weakness.USED_BEFORE,)
        return found

    def _set_password(self, account: Account, password: str) -> Account | None:
        """The account with another password, nobody signed in; None where it was changed meanwhile."""
        kept, now = self._hasher.hash(password), self._clock()

        def with_password(known: Account) -> Account:
            if known.generation != account.generation or known.disabled:
                return known
            past = passwords.remembered(self._profile, known.past_hashes, kept)
            return replace(known.outdated(), password_hash=kept, past_hashes=past, changed_at=now)

        changed = self._accounts.change(account.name, with_password)
        return changed if changed.password_hash == kept else None

    def _renew_hash(self, account: Account, password: str) -> None:
        """A hash made at another cost is made again while the password is at hand."""
        if not self._hasher.is_outdated(account.password_hash):
            return
        old, new = account.password_hash, self._hasher.hash(password)

        def renewed(known: Account) -> Account:
            past = tuple(new if each == old else each for each in known.past_hashes)
            return replace(known, password_hash=new, past_hashes=past) if known.password_hash == old else known

        self._accounts.change(account.name, renewed)


def _person(session: Session, account: Account | None) -> Principal | None:
    held = hold(session, account)
    is_in = held is not None and session.complete and held.step is None
    return principal_of(held.account, session) if held is not None and is_in else None


def _tried(name: str) -> str:
    """The name under which an attempt counts, whether there is such an account or not."""
    try:
        return clean_name(name)
    except AccessError:
        return name[:_NAME_CHARS].casefold()
