"""The authenticator's part of signing in: giving its code, and enrolling a new one."""

import logging
from collections.abc import Callable

from msgspec.structs import replace

from dashboard.access import second_factor
from dashboard.access.accounts import Account, Accounts
from dashboard.access.attempts import Attempts
from dashboard.access.outcomes import Enrolled, NeedsEnrolment, NeedsSecondFactor, Outcome, Reason, Refused
from dashboard.access.second_factor import Enrolment
from dashboard.access.sessions import Sessions
from dashboard.access.steps import OVER, Held, Steps
from dashboard.access.vault import Unreadable, Vault

log = logging.getLogger(__name__)


class _NotGood(Exception):
    """The code is not good, or not any more; or the account is another now."""


class Authenticator:
    """Second factors of all who sign in."""

    def __init__(
        self,
        steps: Steps,
        accounts: Accounts,
        sessions: Sessions,
        attempts: Attempts,
        vault: Vault,
        clock: Callable[[], float],
    ) -> None:
        self._steps, self._accounts, self._sessions = steps, accounts, sessions
        self._attempts, self._vault, self._clock = attempts, vault, clock

    def seal_all(self) -> int:
        """Seal the secrets of accounts from before there was a vault; how many there were."""
        plain = [each for each in self._accounts.all() if second_factor.sealed(each, self._vault) is not each]
        for account in plain:
            self._accounts.change(account.name, lambda known: second_factor.sealed(known, self._vault))
        return len(plain)

    def give(self, token: str, code: str) -> Outcome:
        """The second step: a code of the authenticator, or a recovery code."""
        held = self._steps.held(token)
        if held is None or held.step is not NeedsSecondFactor:
            return OVER
        before, now = held.account, self._clock()
        attempt = self._attempts.begin(before.name, now)
        if attempt.shut_s:
            self._sessions.end(held.session.id)
            return Refused(Reason.SHUT, attempt.shut_s, before.name)
        try:
            account = self._accounts.change(before.name, lambda known: self._spend(known, before, code, now))
        except _NotGood:
            return Refused(Reason.WRONG_CODE, name=before.name)
        except Unreadable:
            self._attempts.succeeded(attempt)  # nothing was guessed at
            return _unreadable(before.name)
        self._attempts.succeeded(attempt)
        codes_left = len(account.recovery_hashes)
        return self._steps.advance(
            account,
            replace(held.session, second_factor=True),
            held.session,
            codes_left if codes_left < len(before.recovery_hashes) else None,
        )

    def begin(self, token: str) -> Enrolment | Refused:
        """A secret for a new authenticator; the same again until it is confirmed."""
        held = self._steps.held(token)
        if held is None or not _may_enrol(held):
            return OVER
        name = held.account.name
        session = self._sessions.remember(held.session, self._vault.seal(second_factor.new_secret(), name))
        try:
            return OVER if session is None else second_factor.enrolment(name, self._vault.open(session.secret, name))
        except Unreadable:
            return OVER  # the key is another one since this sign-in began: it begins again

    def confirm(self, token: str, code: str) -> Enrolled | Refused:
        """The first code of the new authenticator: from now on it is the second factor."""
        held = self._steps.held(token)
        if held is None or not _may_enrol(held) or not held.session.secret:
            return OVER
        before, secret, codes = held.account, held.session.secret, second_factor.recovery_codes()
        try:
            step = second_factor.step_of(self._vault.open(secret, before.name), code, 0, self._clock())
        except Unreadable:
            return OVER
        if step is None:
            return Refused(Reason.WRONG_CODE, name=before.name)
        try:
            account = self._accounts.change(before.name, lambda known: _enrol(known, before, secret, step, codes))
        except _NotGood:
            return OVER
        return Enrolled(codes, self._steps.advance(account, replace(held.session, second_factor=True), held.session))

    def _spend(self, known: Account, before: Account, code: str, now: float) -> Account:
        is_same = known.generation == before.generation
        after = second_factor.spent(known, code, now, self._vault) if is_same else None
        if after is None:
            raise _NotGood
        return after


def _may_enrol(held: Held) -> bool:
    """Whoever has none, once nothing else is to be done first."""
    return held.account.totp_secret is None and held.step in (None, NeedsEnrolment)


def _unreadable(name: str) -> Refused:
    log.error(
        "the second factor of %s cannot be read: WALL_SECRET_KEY (or the data folder's secret_key) is not the one that "
        "it was enrolled under. Bring that key back, or run: python app.py user second-factor-reset %s",
        name,
        name,
    )
    return Refused(Reason.UNREADABLE, name=name)


def _enrol(known: Account, before: Account, secret: str, step: int, codes: tuple[str, ...]) -> Account:
    if known.generation != before.generation or known.totp_secret is not None:
        raise _NotGood
    return second_factor.enrolled(known, secret, step, codes)
