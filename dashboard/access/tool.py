"""The tool: `python app.py user ...` and `screen ...`, for whoever has a shell on the machine.

It never takes a password and never shows one: what it prints is a one-time link.
"""

import getpass
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Protocol

from dashboard.access import Role
from dashboard.access.accounts import Account, clean_name
from dashboard.access.keeper import Keeper
from dashboard.access.one_time import KEEP_S, PATH
from dashboard.access.sessions import Session
from dashboard.district import District

SCREEN_PATH = "/screen#token="
_AGENT_CHARS = 40


class Note(Protocol):
    """Writes what somebody does into the audit trail."""

    def __call__(self, kind: str, actor: str, *, subject: str = "", detail: str = "") -> None:
        """`actor`: who did it; `subject`: to which account, screen or session."""


class Tool:
    """What the commands do, in words to print."""

    def __init__(self, keeper: Keeper, note: Note, address: str, district: Callable[[], District]) -> None:
        """`address`: where browsers find the pages; `district`: loads it, where a centre is named."""
        self._keeper, self._address, self._district = keeper, address, district
        self._note, self._actor = note, f"console:{getpass.getuser()}"

    # -- accounts ----------------------------------------------------------------------------------------------

    def list_users(self) -> Iterable[str]:
        """A line for each account."""
        accounts = self._keeper.accounts()
        yield from (_row(account) for account in accounts)
        if not accounts:
            yield "there is no account yet: `user add NAME --role administrator` makes one"

    def add_user(self, name: str, role: str, centre: str, title: str) -> Iterable[str]:
        """Make an account."""
        centre = self._centre(centre)
        self._will("add", name, f"role={role} centre={centre}")
        yield from self._link(name, self._keeper.add(name, Role(role), centre, title))

    def amend_user(self, name: str, role: str, centre: str | None, title: str | None) -> Iterable[str]:
        """Give an account another role, and another centre or title where they are named."""
        centre = None if centre is None else self._centre(centre)
        wishes = {"role": role, "centre": centre, "title": title}
        self._will("amend", name, " ".join(f"{what}={wish}" for what, wish in wishes.items() if wish is not None))
        yield _row(self._keeper.amend(name, role=Role(role), centre=centre, title=title))

    def reset_user(self, name: str) -> Iterable[str]:
        """Void a password."""
        self._will("reset_password", name)
        token = self._keeper.reset_password(name)
        yield f"{name}: the old password is void, every session ended"
        yield from self._link(name, token)

    def reset_second_factor(self, name: str) -> Iterable[str]:
        """Forget an authenticator."""
        self._will("reset_second_factor", name)
        self._keeper.reset_second_factor(name)
        yield f"{name}: the next sign-in enrols another authenticator; every session ended"

    def disable_user(self, name: str) -> Iterable[str]:
        """Lock an account."""
        self._will("disable", name)
        self._keeper.disable(name)
        yield f"{name}: disabled; every session ended"

    def enable_user(self, name: str) -> Iterable[str]:
        """Open an account again."""
        self._will("enable", name)
        self._keeper.enable(name)
        yield f"{name}: enabled"

    # -- sessions ----------------------------------------------------------------------------------------------

    def list_sessions(self) -> Iterable[str]:
        """A line for each live session."""
        yield from (_session_row(session) for session in self._keeper.sessions())

    def end_session(self, session_id: str) -> Iterable[str]:
        """End the session whose id begins like this; raises ValueError where it is not the only one."""
        fitting = [session for session in self._keeper.sessions() if session.id.startswith(session_id)]
        if len(fitting) != 1:
            raise ValueError(f"{len(fitting)} sessions begin with {session_id!r}: `user sessions` lists them")
        self._will("end_session", fitting[0].id, f"name={fitting[0].name}")
        self._keeper.end_session(fitting[0].id)
        yield f"{fitting[0].name}: this session ended"

    # -- screens -----------------------------------------------------------------------------------------------

    def list_screens(self) -> Iterable[str]:
        """A line for each wall screen."""
        for screen in self._keeper.screens():
            networks = ", ".join(screen.networks) or "from anywhere"
            yield f"{screen.name:20} {screen.centre:14} {screen.title:20} {networks}"

    def add_screen(self, name: str, centre: str, title: str, networks: Sequence[str]) -> Iterable[str]:
        """Make a wall screen."""
        centre = self._centre(centre)
        self._will("add_screen", name, f"centre={centre} networks={','.join(networks)}")
        token = self._keeper.add_screen(name, centre, title, networks)
        yield f"{name}: open this on the screen's own browser, once; it is not shown again"
        yield f"{self._address}{SCREEN_PATH}{token}"

    def revoke_screen(self, name: str) -> Iterable[str]:
        """Take a screen's token back."""
        self._will("revoke_screen", name)
        self._keeper.revoke_screen(name)
        yield f"{name}: revoked"

    def _centre(self, code: str) -> str:
        district = self._district()
        if code and code not in district.centres:
            raise ValueError(f"there is no centre {code!r} in {district.name}")
        return code or district.code

    def _link(self, name: str, token: str) -> Iterable[str]:
        yield f"{name}: hand this link over; it works once, within {KEEP_S / 3600:.0f} hours"
        yield f"{self._address}{PATH}{token}"

    def _will(self, act: str, subject: str, detail: str = "") -> None:
        """Write down what is to be done before it is: nothing is ever done that the trail does not know."""
        self._note(f"account_{act}", self._actor, subject=clean_name(subject), detail=detail)


def _row(account: Account) -> str:
    waits = "has no password" if not (account.password_hash or account.subject) else ""
    state = "disabled" if account.disabled else waits
    factor = "second factor" if account.totp_secret else "no second factor"
    return f"{account.name:20} {account.role:14} {account.centre:14} {account.title:20} {factor:17} {state}".rstrip()


def _session_row(session: Session) -> str:
    opened, seen = (datetime.fromtimestamp(at).strftime("%m-%d %H:%M") for at in (session.opened_at, session.seen_at))
    state = "" if session.complete else "half-way"
    place = f"{session.address:15} {session.agent[:_AGENT_CHARS]}"
    return f"{session.id} {session.name:20} {session.via:8} {opened} {seen} {place} {state}".rstrip()
