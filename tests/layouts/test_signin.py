import pytest

from dashboard.access import Principal, Role, Via
from layouts import signin
from layouts.markup import Html
from layouts.words import Lang
from tests.layouts.test_plain_page import LOOK

PAGES = {
    "start": signin.start(LOOK, "不对", "li", "/wall", "/signin/provider"),
    "code": signin.code(LOOK),
    "enrol": signin.enrol(LOOK, Html("<svg></svg>"), "ABCDEFGH2345"),
    "codes": signin.recovery_codes(LOOK, ["abcd-efgh"], "/duty"),
    "code_used": signin.code_used(LOOK, 7, "/duty"),
    "renew": signin.renew(LOOK, "rules", ["太短", "太常见"]),
    "first": signin.setup(LOOK, "rules", "", True),
    "setup": signin.setup(LOOK, "rules", "li", False),
    "over": signin.link_is_over(LOOK),
    "screen": signin.screen(LOOK),
}


@pytest.mark.parametrize("name", PAGES)
def test_one_thing_has_the_focus_and_secrets_are_hidden(name: str) -> None:
    shown = PAGES[name]
    assert shown.count(" autofocus") <= 1
    for box in shown.split("<input")[1:]:
        box = box.split(">")[0]
        if any(f'name="{secret}"' in box for secret in ("password", "old", "new", "again", "token")):
            assert 'type="password"' in box
            assert " value=" not in box


@pytest.mark.parametrize("name", PAGES)
def test_forms_stay_on_this_site_and_are_posted(name: str) -> None:
    shown = PAGES[name]
    assert shown.count("<form") == shown.count('method="post"')
    assert "action=" not in shown
    assert "http" not in shown.replace('http-equiv="refresh"', "")


def test_password_keepers_know_the_fields() -> None:
    assert 'autocomplete="username"' in PAGES["start"]
    assert 'autocomplete="current-password"' in PAGES["start"]
    assert 'autocomplete="one-time-code"' in PAGES["code"]
    assert PAGES["setup"].count('autocomplete="new-password"') == 2
    assert 'value="li" autocomplete="username"' in PAGES["setup"]


def test_guests_and_the_provider_have_their_way_where_there_is_one() -> None:
    assert 'href="/wall"' in PAGES["start"]
    assert "/signin/provider" in PAGES["start"]
    plain = signin.start(LOOK)
    assert "/signin/provider" not in plain
    assert 'href="/wall"' not in plain


def test_what_went_wrong_is_said_and_the_name_stays() -> None:
    assert '<p class="fault" role="alert">不对</p>' in PAGES["start"]
    assert 'value="li"' in PAGES["start"]
    assert PAGES["renew"].count('class="fault"') == 2


def test_a_secret_for_typing_is_in_groups_of_four() -> None:
    assert "ABCD EFGH 2345" in PAGES["enrol"]


def test_a_guest_is_led_in_and_everybody_else_out() -> None:
    guest = Principal("guest", "访客", Role.GUEST, "D", "guest", Via.GUEST)
    shown = signin.account(LOOK, guest, "示范区")
    assert "/signin?" in shown
    assert "/signout" not in shown
    officer = signin.account(LOOK, Principal("li", "值班员 李", Role.OFFICER, "D", "s", Via.PASSWORD), "示范区")
    assert 'action="/signout?' in officer
    by_provider = signin.account(LOOK, Principal("li", "李", Role.OFFICER, "D", "s", Via.OIDC), "示范区")
    assert "/signin/renew" not in by_provider


def test_english_comes_first_where_it_is_wanted() -> None:
    shown = signin.code(LOOK._replace(lang=Lang.EN))
    assert '<h1>Second factor<span class="beside">动态口令</span></h1>' in shown
