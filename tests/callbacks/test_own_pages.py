import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from callbacks import own_pages
from dashboard.settings import Settings

SERVER = Flask("test")


def is_foreign(method: str, has_own_token: bool = False, **headers: str) -> bool:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    with SERVER.test_request_context("/", method=method, headers=sent, base_url="https://wall.example:8443"):
        return own_pages.is_foreign_write(has_own_token)


def test_our_own_page_may_write() -> None:
    assert not is_foreign("POST", Origin="https://wall.example:8443", Sec_Fetch_Site="same-origin")
    assert not is_foreign("POST", Origin="https://WALL.example:8443")
    assert not is_foreign("POST", Sec_Fetch_Site="same-origin")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://wall.example:8443"},
        {"Origin": "https://wall.example"},
        {"Origin": "https://wall.example:8443.evil.example"},
        {"Origin": "https://["},
        {"Origin": "https://wall.example:8443", "Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {},
    ],
)
def test_what_names_no_page_of_ours_may_not(method: str, headers: dict[str, str]) -> None:
    assert is_foreign(method, **headers)


def test_without_an_origin_only_a_token_that_no_browser_sends_by_itself_lets_in() -> None:
    assert not is_foreign("POST", has_own_token=True)
    assert is_foreign("POST", has_own_token=True, Origin="https://evil.example")


def test_reading_from_elsewhere_is_left_to_the_browser() -> None:
    assert not is_foreign("GET", Origin="https://evil.example", Sec_Fetch_Site="cross-site")


@pytest.mark.parametrize(
    ("headers", "is_own"),
    [
        ({"Origin": "https://wall.example:8443"}, True),
        ({}, False),
        ({"Sec-Fetch-Site": "same-origin"}, False),
        ({"Origin": "https://evil.example"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "https://wall.example:8443", "Sec-Fetch-Site": "cross-site"}, False),
    ],
)
def test_a_socket_is_opened_by_a_page_of_ours_alone(headers: dict[str, str], is_own: bool) -> None:
    with SERVER.test_request_context("/socket.io", headers=headers, base_url="https://wall.example:8443"):
        assert own_pages.is_own_socket() is is_own


@pytest.mark.parametrize("path", ["/wall", "/duty?centre=C0", "/a/b#c", "/?next=//evil"])
def test_the_way_back_stays_on_this_site(path: str) -> None:
    assert own_pages.inner_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        None, 5, "", "wall", "//evil.example", "/\\evil.example", "\\/evil", "https://evil.example", "/\t/evil.example",
        "/\n//evil", "javascript:alert(1)", "/" + "a" * 600, "/wall\r\nSet-Cookie: a=b", " /wall",
    ],
)  # fmt: skip
def test_a_way_back_that_leads_elsewhere_is_forgotten(path: object) -> None:
    assert own_pages.inner_path(path, "/wall") == "/wall"


@given(st.text())
def test_no_text_leads_to_another_host(text: str) -> None:
    from urllib.parse import urljoin, urlsplit

    path = own_pages.inner_path(text, "/wall")
    assert urlsplit(urljoin("https://wall.example", path)).netloc == "wall.example"


def fits(host: str, names: frozenset[str] | None = frozenset({"localhost", "wall.example"})) -> bool:
    with SERVER.test_request_context("/", headers={"Host": host}):
        return own_pages.is_own_name(names)


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8050", "LOCALHOST", "127.0.0.1:8050", "[::1]:8050", "10.1.2.3", "wall.example"]
)
def test_our_names_and_every_address_are_ours(host: str) -> None:
    assert fits(host)


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "wall.example.evil", "x@localhost.evil", "["]
)
def test_a_name_that_another_site_gave_this_machine_is_not(host: str) -> None:
    assert not fits(host)
    assert fits(host, None)


def test_the_operator_says_the_name_or_any_will_do() -> None:
    assert own_pages.own_names(Settings()) == {"localhost"}
    assert own_pages.own_names(Settings(public_url="https://wall.example:8443/x")) == {"localhost", "wall.example"}
    assert own_pages.own_names(Settings(host="0.0.0.0")) is None
    assert own_pages.own_names(Settings(trusted_proxy="127.0.0.1")) is None
    named = Settings(trusted_proxy="127.0.0.1", public_url="https://wall.example")
    assert own_pages.own_names(named) == {"localhost", "wall.example"}
