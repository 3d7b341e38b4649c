import pytest

from dashboard.access.permissions import GRANTS, ORDERS, PAGES, STARTS, Permission, Role, gives_orders, may, may_open
from dashboard.records import Verb

DEEDS = set(ORDERS.values()) - {Permission.SIGNED_IN}


def test_every_role_has_a_row_and_every_order_a_permission() -> None:
    assert set(GRANTS) == set(Role)
    assert set(ORDERS) == set(Verb)


def test_nobody_has_by_role_what_a_token_opens() -> None:
    assert not any(may(role, Permission.TOKEN) for role in Role)


@pytest.mark.parametrize("role", [Role.WALL, Role.GUEST])
def test_a_screen_and_a_guest_only_look(role: Role) -> None:
    assert GRANTS[role] <= {Permission.PUBLIC, Permission.SEE_WALL, Permission.SEE_DUTY, Permission.SEE_BRIEFING}


def test_a_screen_sees_the_wall_and_nothing_else() -> None:
    assert GRANTS[Role.WALL] == {Permission.PUBLIC, Permission.SEE_WALL}


def test_who_keeps_accounts_who_reads_the_audit_and_who_gives_orders_are_three() -> None:
    for role in Role:
        held = (may(role, Permission.ACCOUNTS), may(role, Permission.SEE_AUDIT), bool(GRANTS[role] & DEEDS))
        assert sum(held) <= 1, role


def test_who_gives_orders() -> None:
    assert {role for role in Role if gives_orders(role)} == {Role.OFFICER, Role.COMMANDER, Role.LEADER}


def test_the_work_of_every_role_begins_where_it_may_be() -> None:
    for role in Role:
        assert may(role, PAGES[STARTS[role]]), role


def test_a_page_is_shut_with_any_query_and_a_path_that_is_no_page_is_not() -> None:
    for path in ("/duty", "/duty/", "/duty?centre=A", "/duty#x", "/duty/?next=/audit"):
        assert not may_open(Role.AUDITOR, path) and may_open(Role.OFFICER, path)
    assert may_open(Role.AUDITOR, "/account?lang=en")
