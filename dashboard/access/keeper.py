"""The keeper: what administrators do with accounts, sessions and wall screens of others."""

from collections.abc import Callable, Sequence

from msgspec.structs import replace

from dashboard.access import Role, Via, second_factor
from dashboard.access.accounts import AccessError, Account, Accounts, Fault, check_role, clean_name, clean_title
from dashboard.access.attempts import Attempts
from dashboard.access.one_time import Links, Purpose
from dashboard.access.screens import Screen, Screens
from dashboard.access.sessions import Session, Sessions
from dashboard.access.steps import hold

_PEOPLE = (Via.PASSWORD, Via.OIDC)


class Keeper:
    """Keeps accounts, sessions and screens. Raises AccessError for what cannot be done."""

    def __init__(
        self,
        accounts: Accounts,
        screens: Screens,
        links: Links,
        sessions: Sessions,
        attempts: Attempts,
        clock: Callable[[], float],
    ) -> None:
        self._accounts, self._screens, self._links = accounts, screens, links
        self._sessions, self._attempts, self._clock = sessions, attempts, clock

    # -- accounts ----------------------------------------------------------------------------------------------

    def accounts(self) -> list[Account]:
        """Every account by name."""
        return self._accounts.all()

    def add(self, name: str, role: Role, centre: str, title: str = "") -> str:
        """A new account; the token of its one-time link, by which its owner sets the password."""
        now = self._clock()
        account = Account(
            name=clean_name(name), title=clean_title(title), role=check_role(role), centre=centre, made_at=now
        )
        self._check_free(account.name)
        self._accounts.add(account)
        return self._links.make(Purpose.INVITATION, account.name, now)

    def amend(
        self, name: str, *, role: Role | None = None, centre: str | None = None, title: str | None = None
    ) -> Account:
        """Give an account another role, centre or title; what is None stays. It holds at once."""
        if role is not None and check_role(role) is not Role.ADMINISTRATOR:
            self._check_not_last(name)

        def amended(account: Account) -> Account:
            return replace(
                account,
                role=account.role if role is None else role,
                centre=account.centre if centre is None else centre,
                title=account.title if title is None else clean_title(title),
            )

        return self._accounts.change(name, amended)

    def disable(self, name: str) -> Account:
        """Lock an account: it ends at once wherever it is signed in."""
        self._check_not_last(name)
        account = self._accounts.change(
            name, lambda known: known if known.disabled else replace(known.outdated(), disabled=True)
        )
        self._sessions.end_all(account.name, _PEOPLE)
        return account

    def enable(self, name: str) -> Account:
        """Open a locked account again, also after too many failures."""
        account = self._accounts.change(name, lambda known: replace(known, disabled=False))
        self._attempts.forget(account.name)
        return account

    def reset_password(self, name: str) -> str:
        """Void a password; the token of a one-time link to a new one. All sessions of the account end."""

        def voided(account: Account) -> Account:
            if account.subject:
                raise AccessError(Fault.FROM_PROVIDER, account.name)
            return replace(account.outdated(), password_hash="")

        account = self._accounts.change(name, voided)
        self._sessions.end_all(account.name, _PEOPLE)
        self._attempts.forget(account.name)
        return self._links.make(Purpose.RESET, account.name, self._clock())

    def reset_second_factor(self, name: str) -> Account:
        """Forget an authenticator; the next sign-in enrols another. All sessions of the account end."""
        account = self._accounts.change(name, second_factor.removed)
        self._sessions.end_all(account.name, _PEOPLE)
        return account

    def vouched(self, subject: str, name: str, title: str, role: Role, centre: str) -> Account:
        """The account of an identity of the provider, as the provider describes it now; made where there is none."""
        known, title = self._accounts.find_subject(subject), clean_title(title)
        if known is None:
            account = Account(
                name=clean_name(name),
                title=title,
                role=check_role(role),
                centre=centre,
                made_at=self._clock(),
                subject=subject,
            )
            self._check_free(account.name)
            return self._accounts.add(account)
        return self._accounts.change(
            known.name, lambda account: replace(account, title=title, role=check_role(role), centre=centre)
        )

    # -- sessions ----------------------------------------------------------------------------------------------

    def sessions(self) -> list[Session]:
        """Every live session, the latest first."""
        accounts = {account.name: account for account in self._accounts.all()}
        devices = {screen.name: screen.device for screen in self._screens.all()}
        return [
            session
            for session in self._sessions.all(self._clock())
            if hold(session, accounts.get(session.name))
            or (session.device and session.device == devices.get(session.name))
        ]

    def end_session(self, session_id: str) -> Session | None:
        """End one by its public id; None where there is none."""
        return self._sessions.end(session_id)

    def end_sessions(self, name: str) -> int:
        """End all of an account; how many there were."""
        account = self._accounts.change(name, Account.outdated)
        return self._sessions.end_all(account.name, _PEOPLE)

    # -- screens -----------------------------------------------------------------------------------------------

    def screens(self) -> list[Screen]:
        """Every wall screen by name."""
        return self._screens.all()

    def add_screen(self, name: str, centre: str, title: str = "", networks: Sequence[str] = ()) -> str:
        """A new wall screen; its token, which is shown this once."""
        screen = Screen(
            name=clean_name(name),
            title=clean_title(title),
            centre=centre,
            made_at=self._clock(),
            networks=tuple(networks),
        )
        self._check_free(screen.name)
        return self._screens.add(screen)

    def revoke_screen(self, name: str) -> Screen:
        """Take a screen's token back: it goes dark at once."""
        screen = self._screens.revoke(name)
        self._sessions.end_all(screen.name, (Via.DEVICE,))
        return screen

    def _check_free(self, name: str) -> None:
        """The audit trail knows accounts and screens by the same names."""
        if self._screens.find(name) is not None or self._accounts.find(name) is not None:
            raise AccessError(Fault.NAME_TAKEN, name)

    def _check_not_last(self, name: str) -> None:
        administrators = {
            account.name
            for account in self._accounts.all()
            if account.role is Role.ADMINISTRATOR and not account.disabled
        }
        if administrators == {clean_name(name)}:
            raise AccessError(Fault.LAST_ADMINISTRATOR, name)
