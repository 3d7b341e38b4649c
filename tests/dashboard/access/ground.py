"""People who sign in: an Access of its own with a clock that tests turn, and somebody who is in."""

from collections.abc import Callable
from typing import NamedTuple

import pyotp

from dashboard.access import Role
from dashboard.access.access import Access
from dashboard.access.outcomes import NeedsEnrolment, SignedIn
from dashboard.access.passwords import Hasher
from dashboard.access.second_factor import STEP_S
from dashboard.access.sessions import Limits
from tests.people import KEY

START = 1_795_147_200.0  # noon in Beijing, 2026-11-20
PASSWORD = "Brücke-7x"
CENTRE = "440306017"
HERE = "10.1.2.3"


class CountingHasher(Hasher):
    """Cheap, and knows how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0
        super().__init__(time_cost=1, memory_kib=8, lanes=1)

    def verify(self, kept: str, password: str) -> bool:
        self.asked += 1
        return super().verify(kept, password)


class Somebody(NamedTuple):
    """Somebody who is all the way in."""

    name: str
    token: str
    secret: str  # of the authenticator
    codes: tuple[str, ...]  # for recovery


class Ground:
    """One web process, and the time."""

    def __init__(self, url: str, profile: str = "dengbao3", limits: Limits | None = None, key: bytes = KEY) -> None:
        self.now = START
        self._meanwhile: dict[int, Callable[[], object]] = {}
        self.hasher = CountingHasher()
        self.access = Access(url, key, profile, self._clock, limits, self.hasher)
        self.keeper = self.access.keeper

    def meanwhile(self, act: Callable[[], object], looks: int) -> None:
        """Let something happen in the midst of the next step: when it looks at the clock for the nth time."""
        self._meanwhile = {looks: act}

    def _clock(self) -> float:
        due = self._meanwhile.pop(1, None)
        self._meanwhile = {looks - 1: act for looks, act in self._meanwhile.items()}
        if due:
            due()
        return self.now

    def somebody(self, name: str = "li", role: Role = Role.OFFICER, title: str = "值班员 李") -> Somebody:
        """Make an account and take it all the way in."""
        link = self.keeper.add(name, role, CENTRE, title)
        outcome = self.access.accept(link, PASSWORD, HERE, "browser")
        if isinstance(outcome, SignedIn):
            return Somebody(name, outcome.token, "", ())
        assert isinstance(outcome, NeedsEnrolment)
        return self.enrol(name, outcome.token)

    def enrol(self, name: str, token: str) -> Somebody:
        """Give somebody at the enrolment an authenticator."""
        secret = self.access.enrol_begin(token).secret
        enrolled = self.access.enrol_confirm(token, self.code(secret))
        return Somebody(name, enrolled.outcome.token, secret, enrolled.codes)

    def code(self, secret: str) -> str:
        """What the authenticator shows now, at a time whose code was not used yet."""
        self.now += STEP_S
        return pyotp.TOTP(secret).at(int(self.now))

    def sign_in(self, name: str = "li", password: str = PASSWORD):
        """The first step."""
        return self.access.sign_in(name, password, HERE, "browser")

    def who(self, token: str):
        """Who holds a token; nobody acts."""
        return self.access.principal(token, HERE, acting=False)
