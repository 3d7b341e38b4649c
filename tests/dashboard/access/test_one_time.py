import pytest

from dashboard.access.one_time import KEEP_S, Link, Links, Purpose
from dashboard.store import connect

NOW = 1_795_147_200.0


@pytest.fixture
def links(url: str) -> Links:
    return Links(url)


def test_a_link_is_looked_at_often_and_used_once(links: Links) -> None:
    token = links.make(Purpose.INVITATION, "li", NOW)
    link = Link(purpose=Purpose.INVITATION, name="li", expires_at=NOW + KEEP_S)
    assert links.find(token, NOW) == links.find(token, NOW) == link
    assert links.take(token, NOW) == link
    assert links.find(token, NOW) is links.take(token, NOW) is None


def test_a_link_is_void_after_a_day(links: Links) -> None:
    token = links.make(Purpose.RESET, "li", NOW)
    assert links.find(token, NOW + KEEP_S - 1) is not None
    assert links.find(token, NOW + KEEP_S) is links.take(token, NOW + KEEP_S) is None


def test_another_link_for_the_same_account_voids_the_one_before(links: Links) -> None:
    first, other = links.make(Purpose.INVITATION, "li", NOW), links.make(Purpose.INVITATION, "wang", NOW)
    second = links.make(Purpose.RESET, "li", NOW)
    assert [links.find(token, NOW) is not None for token in (first, other, second)] == [False, True, True]


def test_void_links_do_not_pile_up_and_tokens_are_not_kept(links: Links, url: str) -> None:
    links.make(Purpose.INVITATION, "li", NOW)
    token = links.make(Purpose.INVITATION, "wang", NOW + KEEP_S)
    kept = connect(url).hgetall("wall:one_time")
    assert len(kept) == 1
    assert token.encode() not in next(iter(kept))


def test_nothing_is_no_link(links: Links) -> None:
    assert links.find("", NOW) is links.take("", NOW) is None
