from msgspec.structs import replace

from dashboard.access import Role, Via
from dashboard.access.outcomes import MustChange, NeedsEnrolment, NeedsSecondFactor
from dashboard.access.screens import Screen
from dashboard.access.sessions import Session
from dashboard.access.steps import due, hold, principal_of, screen_principal
from tests.dashboard.access.test_accounts import account

FRESH = Session(id="s", name="li", via=Via.PASSWORD)


def test_steps_come_in_an_order_in_which_none_gets_round_another() -> None:
    enrolled = account(totp_secret="S")
    old = replace(FRESH, must_change=True)
    assert due(enrolled, old) is NeedsSecondFactor  # before a password is changed
    assert due(enrolled, replace(old, second_factor=True)) is MustChange
    assert due(enrolled, replace(FRESH, second_factor=True)) is None
    assert due(account(), old) is MustChange  # before an authenticator is enrolled
    assert due(account(), FRESH) is NeedsEnrolment
    assert due(account(role=Role.AUDITOR), FRESH) is None
    assert due(account(role=Role.AUDITOR, totp_secret="S"), FRESH) is NeedsSecondFactor  # of one's own will


def test_an_account_that_is_gone_locked_or_reset_holds_no_session() -> None:
    assert hold(FRESH, account()) is not None
    assert hold(FRESH, None) is None
    assert hold(FRESH, account(disabled=True)) is None
    assert hold(FRESH, account().outdated()) is None


def test_who_has_no_title_is_called_by_name() -> None:
    assert principal_of(account(title=""), FRESH).title == "li"


def test_a_screen_is_only_the_one_whose_token_it_came_with() -> None:
    screen = Screen(name="wall-1", title="", centre="1", made_at=0.0, device="d", networks=("10.0.0.0/8",))
    session = Session(id="s", name="wall-1", via=Via.DEVICE, device="d")
    assert screen_principal(screen, session, "10.0.0.1").role is Role.WALL
    assert screen_principal(screen, session, None).title == "wall-1"
    assert screen_principal(screen, session, "11.0.0.1") is screen_principal(screen, session, "") is None
    assert screen_principal(replace(screen, device="e"), session, "10.0.0.1") is None
    assert screen_principal(None, session, "10.0.0.1") is None
