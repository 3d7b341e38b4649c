"""Outcomes: what became of a step of signing in, and what comes next."""

from enum import StrEnum

from msgspec import Struct

from dashboard.access import Principal
from dashboard.access.passwords import Weakness


class Reason(StrEnum):
    """Why somebody is not let in, or not let further."""

    WRONG = "wrong"  # name or password; it is not said which, nor whether the account is disabled
    SHUT = "shut"  # too many failures under this name
    WRONG_CODE = "wrong_code"
    UNREADABLE = "unreadable"  # the secret key is not the one that sealed the authenticator's secret
    WRONG_PASSWORD = "wrong_password"  # the old one, when it is to be changed
    WEAK = "weak"
    OVER = "over"  # there is no such session or link, or not any more, or it is at another step
    NOT_HERE = "not_here"  # the screen may not come from this address
    NAME = "name"  # the chosen name cannot be one, or is taken
    ROLE = "role"  # the provider vouched for a role that accounts cannot have


class SignedIn(Struct, frozen=True):
    """In. The token is new: the one before it is void."""

    token: str
    principal: Principal
    recovery_codes_left: int | None = None  # where one was used just now


class NeedsSecondFactor(Struct, frozen=True):
    """The password was right; Access.second_factor comes next."""

    token: str
    name: str


class NeedsEnrolment(Struct, frozen=True):
    """The role needs a second factor and there is none; Access.enrol_begin and enrol_confirm come next."""

    token: str
    name: str


class MustChange(Struct, frozen=True):
    """The password is too old; Access.change_password comes next."""

    token: str
    name: str


class Refused(Struct, frozen=True):
    """Not let in."""

    reason: Reason
    retry_s: float = 0.0  # after so long it may be tried again
    name: str = ""  # of the account, if there is one: for the audit trail, where nothing else that was typed belongs
    weaknesses: tuple[Weakness, ...] = ()


Outcome = SignedIn | NeedsSecondFactor | NeedsEnrolment | MustChange | Refused


class Enrolled(Struct, frozen=True):
    """A second factor is enrolled: its recovery codes, to be shown this once, and how it goes on."""

    codes: tuple[str, ...]
    outcome: Outcome
