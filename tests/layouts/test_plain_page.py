from urllib.parse import parse_qs, urlsplit

import pytest

from layouts.plain_page import Look, button, choice, fault, field, form, page
from layouts.words import Lang

LOOK = Look(Lang.ZH, "dark", "宝安区", "Bao'an District", "/signin", (("next", "/duty"),))


@pytest.mark.parametrize("look", [LOOK, LOOK._replace(lang=Lang.EN, theme="light")])
def test_a_page_says_where_one_is_in_language_and_theme(look: Look) -> None:
    shown = page(look, "sign_in")
    assert f'lang="{look.lang}"' in shown
    assert f'data-theme="{look.theme}"' in shown
    assert look.words.name("宝安区", "Bao&#x27;an District") in shown
    assert look.words("sign_in") in shown


def test_it_needs_no_script_that_stands_in_it() -> None:
    shown = page(LOOK, "sign_in")
    assert shown.count("<script") == 1
    assert 'src="/assets/signin.js"' in shown
    assert " style=" not in shown
    assert " onclick" not in shown


def test_language_and_theme_are_one_click_away_and_forget_nothing() -> None:
    shown = page(LOOK, "sign_in")
    (link,) = [part.split('"')[0] for part in shown.split('href="')[1:] if "lang=en" in part.split('"')[0]]
    assert parse_qs(urlsplit(link.replace("&amp;", "&")).query) == {
        "next": ["/duty"],
        "lang": ["en"],
        "theme": ["dark"],
    }


def test_every_field_has_a_label_and_its_hint() -> None:
    shown = field(LOOK.words, "code", "code", hint="six digits", id="c1")
    assert '<label for="c1">' in shown
    assert 'aria-describedby="c1-hint"' in shown
    assert 'id="c1-hint"' in shown


def test_a_choice_marks_what_is_chosen() -> None:
    shown = choice(LOOK.words, "role", "role", [("a", "A"), ("b", "B")], "b", "-x")
    assert '<option value="b" selected>B</option>' in shown
    assert 'for="role-x"' in shown


def test_a_fault_is_read_out_and_no_fault_is_nothing() -> None:
    assert fault("<wrong>") == '<p class="fault" role="alert">&lt;wrong&gt;</p>'
    assert fault("") == ""


def test_a_form_is_posted() -> None:
    assert form(button(LOOK.words, "go_on")).startswith('<form method="post"')
