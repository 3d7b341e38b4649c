import pytest

from dashboard.access import Role
from dashboard.access.accounts import AccessError, Fault
from dashboard.access.one_time import Purpose
from dashboard.access.outcomes import NeedsEnrolment, Reason, SignedIn
from tests.dashboard.access.ground import CENTRE, HERE, PASSWORD, Ground


def fault(act) -> Fault:
    with pytest.raises(AccessError) as refusal:
        act()
    return refusal.value.fault


def test_a_new_account_has_no_password_but_a_link(ground: Ground) -> None:
    link = ground.access.link(ground.keeper.add("Li", Role.OFFICER, CENTRE, "李"))
    assert (link.purpose, link.name) == (Purpose.INVITATION, "li")
    (account,) = ground.keeper.accounts()
    assert (account.name, account.password_hash, account.made_at) == ("li", "", ground.now)


def test_an_account_and_a_screen_never_share_a_name(ground: Ground) -> None:
    ground.keeper.add("li", Role.OFFICER, CENTRE)
    ground.keeper.add_screen("wall-1", CENTRE)
    assert fault(lambda: ground.keeper.add_screen("Li", CENTRE)) is Fault.NAME_TAKEN
    assert fault(lambda: ground.keeper.add("wall-1", Role.OFFICER, CENTRE)) is Fault.NAME_TAKEN


def test_what_cannot_be_is_refused(ground: Ground) -> None:
    assert fault(lambda: ground.keeper.add("a b", Role.OFFICER, CENTRE)) is Fault.BAD_NAME
    assert fault(lambda: ground.keeper.add("li", Role.WALL, CENTRE)) is Fault.BAD_ROLE
    assert fault(lambda: ground.keeper.disable("nobody")) is Fault.UNKNOWN
    assert fault(lambda: ground.keeper.amend("nobody", role=Role.OFFICER)) is Fault.UNKNOWN
    assert fault(lambda: ground.keeper.reset_password("nobody")) is Fault.UNKNOWN
    assert ground.keeper.accounts() == []


def test_what_is_not_named_stays(ground: Ground) -> None:
    ground.keeper.add("li", Role.OFFICER, CENTRE, "李")
    account = ground.keeper.amend("li", title="")
    assert (account.role, account.centre, account.title) == (Role.OFFICER, CENTRE, "")


def test_the_last_administrator_stays_one(ground: Ground) -> None:
    ground.keeper.add("chen", Role.ADMINISTRATOR, "440306")
    assert fault(lambda: ground.keeper.disable("Chen")) is Fault.LAST_ADMINISTRATOR
    assert fault(lambda: ground.keeper.amend("chen", role=Role.OFFICER)) is Fault.LAST_ADMINISTRATOR
    ground.keeper.amend("chen", role=Role.ADMINISTRATOR, title="陈")
    ground.keeper.add("zhou", Role.ADMINISTRATOR, "440306")
    ground.keeper.disable("chen")
    assert fault(lambda: ground.keeper.disable("zhou")) is Fault.LAST_ADMINISTRATOR


def test_a_reset_password_is_void_at_once(ground: Ground) -> None:
    wang = ground.somebody("wang", Role.AUDITOR)
    link = ground.keeper.reset_password("wang")
    assert ground.who(wang.token) is None
    assert ground.sign_in("wang").reason is Reason.WRONG
    assert ground.access.accept(link, PASSWORD, HERE, "").reason is Reason.WEAK  # it was used before
    assert isinstance(ground.access.accept(link, "Andere-9z", HERE, ""), SignedIn)


def test_an_administrator_opens_a_name_that_was_shut(ground: Ground) -> None:
    ground.somebody("wang", Role.AUDITOR)
    for _ in range(6):
        ground.sign_in("wang", "wrong")
    ground.keeper.enable("wang")
    assert isinstance(ground.sign_in("wang"), SignedIn)


def test_an_account_of_the_provider_has_no_password_to_reset(ground: Ground) -> None:
    ground.keeper.vouched("idp|1", "zhao", "赵", Role.AUDITOR, CENTRE)
    assert fault(lambda: ground.keeper.reset_password("zhao")) is Fault.FROM_PROVIDER


def test_all_sessions_of_an_account_end_also_those_that_begin_just_now(ground: Ground) -> None:
    li = ground.somebody()
    ground.sign_in()
    wang = ground.somebody("wang", Role.AUDITOR)
    assert ground.keeper.end_sessions("li") == 2
    assert ground.who(li.token) is None
    assert ground.who(wang.token) is not None


def test_only_what_can_still_be_used_is_listed(ground: Ground) -> None:
    li = ground.somebody()
    ground.access.sign_in_screen(ground.keeper.add_screen("wall-1", CENTRE), HERE)
    changed = ground.access.change_password(li.token, PASSWORD, "Andere-9z")
    half = ground.sign_in("li", "Andere-9z")
    assert [(each.name, each.complete) for each in ground.keeper.sessions()].count(("li", True)) == 1
    assert {each.name for each in ground.keeper.sessions()} == {"li", "wall-1"}
    assert ground.who(changed.token).session in {each.id for each in ground.keeper.sessions()}
    ground.keeper.reset_password("li")
    assert [each.name for each in ground.keeper.sessions()] == ["wall-1"]
    ground.keeper.revoke_screen("wall-1")
    assert ground.keeper.sessions() == []
    assert half.token not in repr(ground.keeper.sessions())


def test_an_invitation_leads_to_the_enrolment_of_who_gives_orders(ground: Ground) -> None:
    link = ground.keeper.add("li", Role.OFFICER, CENTRE)
    assert isinstance(ground.access.accept(link, PASSWORD, HERE, ""), NeedsEnrolment)


def test_screens_are_listed_by_name(ground: Ground) -> None:
    for name in ("wall-2", "wall-1"):
        ground.keeper.add_screen(name, CENTRE, "大厅", ["10.0.0.1"])
    assert [(screen.name, screen.networks) for screen in ground.keeper.screens()] == [
        ("wall-1", ("10.0.0.1/32",)),
        ("wall-2", ("10.0.0.1/32",)),
    ]
