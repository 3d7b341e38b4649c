import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.access.accounts import AccessError
from dashboard.access.screens import Screen, Screens, clean_network, is_from


def screen(name: str = "wall-1", **fields) -> Screen:
    return Screen(**{"name": name, "title": "大厅", "centre": "1", "made_at": 0.0, **fields})


@pytest.fixture
def screens(url: str) -> Screens:
    return Screens(url)


def test_a_screen_is_found_by_its_token_alone(screens: Screens) -> None:
    token = screens.add(screen(networks=("10.1.2.3/16",)))
    found = screens.find_token(token)
    assert (found.name, found.networks) == ("wall-1", ("10.1.0.0/16",))
    assert token not in repr(screens.all())
    assert screens.find_token("") is screens.find_token(found.device) is None


def test_a_revoked_screen_is_forgotten(screens: Screens) -> None:
    token = screens.add(screen())
    screens.revoke(" Wall-1")
    assert screens.find_token(token) is screens.find("wall-1") is None
    with pytest.raises(AccessError, match="unknown"):
        screens.revoke("wall-1")


def test_a_name_is_taken_once(screens: Screens) -> None:
    screens.add(screen("Wall-1"))
    with pytest.raises(AccessError, match="name taken"):
        screens.add(screen())


def test_screens_are_found_together_in_their_order(screens: Screens) -> None:
    screens.add(screen())
    assert [each and each.name for each in screens.find_many(["wall-2", "wall-1"])] == [None, "wall-1"]


def test_what_is_no_network_is_refused(screens: Screens) -> None:
    with pytest.raises(AccessError, match="bad network"):
        screens.add(screen(networks=("10.0.0.0/99",)))
    assert screens.all() == []


@pytest.mark.parametrize(
    ("address", "is_inside"),
    [("10.1.2.3", True), ("::ffff:10.1.2.3", True), ("10.2.0.1", False), ("::1", True), ("", False), ("x", False)],
)
def test_an_address_lies_in_a_network_or_not(address: str, is_inside: bool) -> None:
    assert is_from(("10.1.0.0/16", "::1/128"), address) is is_inside


def test_no_network_is_any_network() -> None:
    assert is_from((), "anything")


@given(st.text(max_size=40))
def test_a_network_is_clean_or_refused(text: str) -> None:
    try:
        network = clean_network(text)
    except AccessError:
        return
    assert clean_network(network) == network
