import threading

import pyotp
import pytest
from msgspec.structs import replace

from dashboard.access import Role
from dashboard.access.accounts import Accounts
from dashboard.access.outcomes import NeedsEnrolment, NeedsSecondFactor, Reason, Refused, SignedIn
from dashboard.access.second_factor import STEP_S
from dashboard.access.vault import is_sealed
from tests.dashboard.access.ground import CENTRE, HERE, PASSWORD, Ground


def test_a_code_that_was_used_is_refused_to_whoever_saw_it(ground: Ground) -> None:
    li = ground.somebody()
    code = ground.code(li.secret)
    assert isinstance(ground.access.second_factor(ground.sign_in().token, code), SignedIn)
    replayed = ground.access.second_factor(ground.sign_in().token, code)
    assert replayed == Refused(Reason.WRONG_CODE, name="li")


def test_the_code_that_proved_the_enrolment_is_used(ground: Ground) -> None:
    li = ground.somebody()
    shown = pyotp.TOTP(li.secret).at(int(ground.now))
    assert ground.access.second_factor(ground.sign_in().token, shown).reason is Reason.WRONG_CODE


def test_of_many_who_give_one_code_at_once_one_is_in(ground: Ground) -> None:
    li = ground.somebody()
    halves = [ground.sign_in().token for _ in range(4)]
    code, outcomes = ground.code(li.secret), []
    tries = [
        threading.Thread(target=lambda token=token: outcomes.append(ground.access.second_factor(token, code)))
        for token in halves
    ]
    for each in tries:
        each.start()
    for each in tries:
        each.join()
    assert sum(isinstance(outcome, SignedIn) for outcome in outcomes) == 1


def test_a_recovery_code_is_good_once_and_says_how_many_are_left(ground: Ground) -> None:
    li = ground.somebody()
    assert len(li.codes) == 8
    outcome = ground.access.second_factor(ground.sign_in().token, li.codes[3])
    assert outcome.recovery_codes_left == 7
    assert ground.access.second_factor(ground.sign_in().token, li.codes[3]).reason is Reason.WRONG_CODE
    normal = ground.access.second_factor(ground.sign_in().token, ground.code(li.secret))
    assert normal.recovery_codes_left is None


def test_the_same_secret_is_shown_until_it_is_confirmed(ground: Ground) -> None:
    half = ground.access.accept(ground.keeper.add("li", Role.OFFICER, CENTRE), PASSWORD, HERE, "")
    first, again = ground.access.enrol_begin(half.token), ground.access.enrol_begin(half.token)
    assert first == again
    assert ground.access.enrol_confirm(half.token, "000000") == Refused(Reason.WRONG_CODE, name="li")
    assert ground.access.enrol_confirm(half.token, ground.code(first.secret)).codes


def test_nothing_is_confirmed_before_it_began(ground: Ground) -> None:
    half = ground.access.accept(ground.keeper.add("li", Role.OFFICER, CENTRE), PASSWORD, HERE, "")
    assert ground.access.enrol_confirm(half.token, "000000") == Refused(Reason.OVER)


def test_who_has_an_authenticator_does_not_enrol_another(ground: Ground) -> None:
    li = ground.somebody()
    half = ground.sign_in()
    for token in (half.token, li.token):  # half-way, and all the way in
        assert ground.access.enrol_begin(token) == Refused(Reason.OVER)
        assert ground.access.enrol_confirm(token, "000000") == Refused(Reason.OVER)


def test_of_two_who_enrol_at_once_one_authenticator_counts(ground: Ground) -> None:
    ground.access.accept(ground.keeper.add("li", Role.OFFICER, CENTRE), PASSWORD, HERE, "")
    here, there = ground.sign_in(), ground.sign_in()
    secrets = [ground.access.enrol_begin(half.token).secret for half in (here, there)]
    first = ground.access.enrol_confirm(here.token, ground.code(secrets[0]))
    assert isinstance(first.outcome, SignedIn)
    assert ground.access.enrol_confirm(there.token, ground.code(secrets[1])) == Refused(Reason.OVER)


def test_an_authenticator_that_another_browser_enrolled_meanwhile_stays(ground: Ground) -> None:
    ground.access.accept(ground.keeper.add("li", Role.OFFICER, CENTRE), PASSWORD, HERE, "")
    here, there = ground.sign_in(), ground.sign_in()
    secret, others = (ground.access.enrol_begin(half.token).secret for half in (here, there))
    code = ground.code(secret)
    ground.meanwhile(lambda: ground.enrol("li", there.token), looks=2)
    assert ground.access.enrol_confirm(here.token, code) == Refused(Reason.OVER)
    assert isinstance(ground.access.second_factor(ground.sign_in().token, ground.code(others)), SignedIn)


def test_an_auditor_may_enrol_and_then_needs_it_everywhere(ground: Ground) -> None:
    wang = ground.somebody("wang", Role.AUDITOR)
    elsewhere = ground.sign_in("wang")
    enrolled = ground.enrol("wang", wang.token)
    assert ground.who(enrolled.token) is not None
    assert ground.who(elsewhere.token) is None
    assert isinstance(ground.sign_in("wang"), NeedsSecondFactor)


def test_a_reset_second_factor_ends_everything_and_is_enrolled_again(ground: Ground) -> None:
    li = ground.somebody()
    half = ground.sign_in()
    ground.keeper.reset_second_factor("li")
    assert ground.who(li.token) is None
    assert ground.access.second_factor(half.token, ground.code(li.secret)) == Refused(Reason.OVER)
    again = ground.sign_in()
    assert isinstance(again, NeedsEnrolment)
    assert ground.enrol("li", again.token).secret != li.secret


def test_a_code_is_of_the_clock_that_was_given(ground: Ground) -> None:
    li = ground.somebody()
    late = pyotp.TOTP(li.secret).at(int(ground.now) + 10 * STEP_S)
    assert ground.access.second_factor(ground.sign_in().token, late).reason is Reason.WRONG_CODE


def test_under_another_key_nobody_is_in_and_the_answer_says_what_is_wrong(
    ground: Ground, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    li = ground.somebody()
    moved = Ground(url, key=b"the key of another installation")
    half = moved.sign_in()
    assert isinstance(half, NeedsSecondFactor)
    for _ in range(7):  # it is nobody's guess, so the name is not shut
        assert moved.access.second_factor(half.token, ground.code(li.secret)) == Refused(Reason.UNREADABLE, name="li")
    assert moved.who(half.token) is None
    assert "user second-factor-reset li" in caplog.text and li.secret not in caplog.text
    moved.keeper.reset_second_factor("li")
    assert moved.enrol("li", moved.sign_in().token).secret != li.secret


def test_a_recovery_code_leads_in_under_another_key(ground: Ground, url: str) -> None:
    li = ground.somebody()
    moved = Ground(url, key=b"the key of another installation")
    assert isinstance(moved.access.second_factor(moved.sign_in().token, li.codes[0]), SignedIn)


def test_an_enrolment_that_began_under_another_key_begins_again(ground: Ground, url: str) -> None:
    half = ground.access.accept(ground.keeper.add("li", Role.OFFICER, CENTRE), PASSWORD, HERE, "")
    secret = ground.access.enrol_begin(half.token).secret
    moved = Ground(url, key=b"the key of another installation")
    assert moved.access.enrol_begin(half.token) == Refused(Reason.OVER)
    assert moved.access.enrol_confirm(half.token, ground.code(secret)) == Refused(Reason.OVER)


def test_secrets_of_an_earlier_version_are_sealed_once_and_go_on(ground: Ground, url: str) -> None:
    li = ground.somebody()
    accounts = Accounts(url)
    accounts.change("li", lambda known: replace(known, totp_secret=li.secret))
    assert (ground.access.seal_secrets(), ground.access.seal_secrets()) == (1, 0)
    assert is_sealed(accounts.find("li").totp_secret)
    assert isinstance(ground.access.second_factor(ground.sign_in().token, ground.code(li.secret)), SignedIn)


def test_a_secret_that_was_moved_to_another_account_opens_nothing(ground: Ground, url: str) -> None:
    """Whoever can write to the state server could else give an administrator an authenticator of their own."""
    li = ground.somebody()
    ground.somebody("wang", Role.ADMINISTRATOR)
    accounts = Accounts(url)
    planted = accounts.find("li").totp_secret
    accounts.change("wang", lambda known: replace(known, totp_secret=planted))
    half = ground.sign_in("wang")
    assert ground.access.second_factor(half.token, ground.code(li.secret)).reason is Reason.UNREADABLE
