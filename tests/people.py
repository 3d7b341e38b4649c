"""People for tests: accounts and wall screens that are all the way in, made as the product makes them."""

import time

import pyotp

from dashboard.access import Role
from dashboard.access.access import Access
from dashboard.access.outcomes import Enrolled, NeedsEnrolment, SignedIn
from dashboard.access.passwords import Hasher

PASSWORD = "Korrekt-Pferd-7"
ADDRESS = "127.0.0.1"
KEY = b"the secret key of the tests"
CHEAP = Hasher(time_cost=1, memory_kib=8, lanes=1)


def way_in(url: str) -> Access:
    """Access whose hashes cost next to nothing."""
    return Access(url, KEY, hasher=CHEAP)


def let_in(access: Access, name: str, role: Role, centre: str, title: str = "", now: float | None = None) -> str:
    """Make somebody new and sign them in, with a second factor where the role needs one: the session's token."""
    if role is Role.WALL:
        screen = access.sign_in_screen(access.keeper.add_screen(name, centre, title), ADDRESS)
        assert isinstance(screen, SignedIn)
        return screen.token
    outcome = access.accept(access.keeper.add(name, role, centre, title or name), PASSWORD, ADDRESS, "tests")
    if isinstance(outcome, NeedsEnrolment):
        enrolled = access.enrol_confirm(outcome.token, code(access, outcome.token, now))
        assert isinstance(enrolled, Enrolled)
        outcome = enrolled.outcome
    assert isinstance(outcome, SignedIn)
    return outcome.token


def code(access: Access, token: str, now: float | None = None) -> str:
    """The first code of the authenticator that a session enrols."""
    enrolment = access.enrol_begin(token)
    return pyotp.TOTP(enrolment.secret).at(int(time.time() if now is None else now))  # type: ignore[union-attr]
