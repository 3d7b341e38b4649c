import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from dashboard.access import Role
from dashboard.access.accounts import ROLES, AccessError, Account, Accounts, Fault, check_role, clean_name


def account(name: str = "li", **fields) -> Account:
    return Account(**{"name": name, "title": "李", "role": Role.OFFICER, "centre": "1", "made_at": 0.0, **fields})


@pytest.fixture
def accounts(url: str) -> Accounts:
    return Accounts(url)


def test_an_account_is_found_by_its_name_however_it_is_spelled(accounts: Accounts) -> None:
    accounts.add(account("li.wei"))
    assert accounts.find(" Li.Wei ") == accounts.find("ｌｉ.wei") == account("li.wei")
    assert accounts.find("li") is None
    assert accounts.find("\ud800") is None


def test_a_name_is_taken_once(accounts: Accounts) -> None:
    accounts.add(account())
    with pytest.raises(AccessError) as refusal:
        accounts.add(account(title="another"))
    assert refusal.value.fault is Fault.NAME_TAKEN
    assert accounts.find("li").title == "李"


def test_changes_from_two_processes_do_not_overwrite_each_other(url: str) -> None:
    Accounts(url).add(account())

    def outdate() -> None:
        own = Accounts(url)
        for _ in range(10):
            own.change("li", Account.outdated)

    threads = [threading.Thread(target=outdate) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Accounts(url).find("li").generation == 40


def test_what_is_not_there_cannot_be_changed(accounts: Accounts) -> None:
    with pytest.raises(AccessError, match="unknown"):
        accounts.change("li", lambda known: replace(known, title=""))


def test_the_first_account_is_first_only_once(accounts: Accounts) -> None:
    assert accounts.are_none()
    assert accounts.add_first(account("chen"))
    assert not accounts.add_first(account("wang"))
    assert [each.name for each in accounts.all()] == ["chen"]


def test_an_identity_of_the_provider_is_found_by_its_subject(accounts: Accounts) -> None:
    accounts.add(account())
    accounts.add(account("zhao", subject="idp|1"))
    assert accounts.find_subject("idp|1").name == "zhao"
    assert accounts.find_subject("") is None


def test_accounts_are_found_together_in_their_order(accounts: Accounts) -> None:
    accounts.add(account())
    assert accounts.find_many(["nobody", "li"]) == [None, account()]


@pytest.mark.parametrize("name", ["li", "zhang.wei", "值班员", "a@b.cn", "x-1_y"])
def test_names_of_people_and_posts_can_be_names(name: str) -> None:
    assert clean_name(name) == name


@pytest.mark.parametrize("name", ["", "x", "a b", "a/b", "a|b", ".li", "<b>", "x" * 41, "a\nb", "a\x00b"])
def test_what_could_be_mistaken_for_something_else_is_no_name(name: str) -> None:
    with pytest.raises(AccessError, match="bad name"):
        clean_name(name)


@given(st.text())
def test_a_name_has_one_spelling(text: str) -> None:
    try:
        name = clean_name(text)
    except AccessError:
        return
    assert clean_name(name) == name
    name.encode()  # the state server can keep it


def test_only_people_have_accounts() -> None:
    assert [check_role(role) for role in ROLES] == list(ROLES)
    for role in (Role.WALL, Role.GUEST):
        with pytest.raises(AccessError, match="bad role"):
            check_role(role)
