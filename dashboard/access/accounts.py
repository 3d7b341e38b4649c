"""Accounts: who may sign in, as what, and for which centre. Secrets are kept as hashes, but for the second factor's,
which the vault seals.

`generation` rises whenever everything that was signed in before must end: a session that was opened under an
earlier one is dead, however the two raced.
"""

import re
import unicodedata
from collections.abc import Callable
from enum import StrEnum

import msgspec
from msgspec import Struct

from dashboard.access.permissions import Role
from dashboard.access.shelf import Shelf
from dashboard.door.plain_text import plain
from dashboard.store import connect

ACCOUNTS = "wall:accounts"
ROLES = tuple(role for role in Role if role not in (Role.WALL, Role.GUEST))  # what an account may be
_LOOK_CHARS = 80  # of what somebody typed as a name
_TITLE_CHARS = 60
_NAME = re.compile(r"[\w][\w.@-]{1,39}")


class Fault(StrEnum):
    """Why something cannot be done to an account or a screen."""

    UNKNOWN = "unknown"
    NAME_TAKEN = "name_taken"
    BAD_NAME = "bad_name"
    BAD_ROLE = "bad_role"
    BAD_NETWORK = "bad_network"
    LAST_ADMINISTRATOR = "last_administrator"
    FROM_PROVIDER = "from_provider"  # the identity provider keeps this account's password


class AccessError(ValueError):
    """It cannot be done."""

    def __init__(self, fault: Fault, subject: str) -> None:
        super().__init__(f"{subject}: {fault.replace('_', ' ')}")
        self.fault = fault
        self.subject = subject


class Account(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One account."""

    name: str
    title: str  # post, and the officer's name: what others see
    role: Role
    centre: str
    made_at: float
    subject: str = ""  # issuer and subject at the identity provider; such an account has no password here
    password_hash: str = ""  # argon2id; empty: nobody can sign in by password
    past_hashes: tuple[str, ...] = ()  # newest first, the present one among them
    changed_at: float = 0.0  # when the password was set
    totp_secret: str | None = None  # sealed by the vault; None: no second factor is enrolled
    totp_step: int = 0  # the time step of the last code that was used: no code of it or before counts again
    recovery_hashes: tuple[str, ...] = ()
    disabled: bool = False
    generation: int = 0

    def outdated(self) -> "Account":
        """The same, with everything ended that was signed in before."""
        return msgspec.structs.replace(self, generation=self.generation + 1)


def clean_name(name: str) -> str:
    """The one spelling of a name; raises AccessError for what cannot be one."""
    spelled = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name[:_LOOK_CHARS]).strip().casefold())
    if not _NAME.fullmatch(spelled):
        raise AccessError(Fault.BAD_NAME, name[:40])
    return spelled


def clean_title(title: str) -> str:
    """A title as others may see it beside what its owner does: plain, and no longer than a line."""
    return plain(title).strip()[:_TITLE_CHARS]


def check_role(role: Role) -> Role:
    """The role, where an account may have it; raises AccessError."""
    if role not in ROLES:
        raise AccessError(Fault.BAD_ROLE, role)
    return role


class Accounts:
    """All accounts, as the state server keeps them."""

    def __init__(self, url: str) -> None:
        self._shelf = Shelf(connect(url), ACCOUNTS, Account)

    def find(self, name: str) -> Account | None:
        """The account of a name, however it is spelled."""
        try:
            return self._shelf.get(clean_name(name))
        except AccessError:
            return None

    def find_many(self, names: list[str]) -> list[Account | None]:
        """The accounts of these names, each spelled as the account says it."""
        return self._shelf.get_many(names)

    def find_subject(self, subject: str) -> Account | None:
        """The account of an identity at the provider."""
        return next((account for account in self._shelf.all().values() if subject and account.subject == subject), None)

    def all(self) -> list[Account]:
        """Every account by name."""
        return [account for _, account in sorted(self._shelf.all().items())]

    def are_none(self) -> bool:
        """Whether there is not a single account."""
        return self._shelf.is_empty()

    def add(self, account: Account) -> Account:
        """Keep a new account; raises AccessError where its name is taken."""

        def lay_down(old: Account | None) -> Account:
            if old is not None:
                raise AccessError(Fault.NAME_TAKEN, account.name)
            return account

        self._shelf.change(account.name, lay_down)
        return account

    def add_first(self, account: Account) -> bool:
        """Keep the very first account; False where there is one already."""
        return self._shelf.add_first(account.name, account)

    def change(self, name: str, step: Callable[[Account], Account]) -> Account:
        """Replace an account by what `step` makes of it as it is now; raises AccessError where there is none."""

        def known(old: Account | None) -> Account:
            if old is None:
                raise AccessError(Fault.UNKNOWN, name)
            return step(old)

        changed = self._shelf.change(clean_name(name), known)
        assert changed is not None  # `known` never takes an account away
        return changed
