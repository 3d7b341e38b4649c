"""The pages by which people come in: plain forms that work without a script, for the keyboard first.

State in, HTML out. What went wrong is a word's key; the words are in layouts/words.py.
"""

from collections.abc import Sequence

from dashboard.access import Principal, Via
from layouts.markup import Html, tag
from layouts.plain_page import Look, both, button, fault, field, form, page
from layouts.ways import to_pages

_RECOVERY = "recovery-codes"


def start(look: Look, said: str = "", name: str = "", guest_to: str = "", provider_to: str = "") -> Html:
    """Name and password; where guests may look, or a provider vouches, the way there."""
    words = look.words
    others = [
        tag("a", *both(words, "by_provider"), href=provider_to, class_="button") if provider_to else "",
        tag("a", *both(words, "as_guest"), href=guest_to) if guest_to else "",
        tag("a", *both(words, "as_screen"), href=look.link("/screen")),
    ]
    return page(
        look,
        "sign_in",
        fault(said),
        form(
            field(
                words,
                "account",
                "name",
                name,
                autocomplete="username",
                autocapitalize="none",
                spellcheck="false",
                required=True,
                autofocus=not name,
                maxlength=80,
            ),
            field(
                words,
                "password",
                "password",
                type="password",
                autocomplete="current-password",
                required=True,
                autofocus=bool(name),
                maxlength=200,
            ),
            button(words, "sign_in"),
        ),
        tag("nav", *others, class_="others"),
    )


def code(look: Look, said: str = "") -> Html:
    """The code of the authenticator."""
    words = look.words
    return page(
        look,
        "second_factor",
        fault(said),
        form(
            field(
                words,
                "code",
                "code",
                hint=words("code_hint"),
                autocomplete="one-time-code",
                inputmode="text",
                autocapitalize="none",
                spellcheck="false",
                required=True,
                autofocus=True,
                maxlength=40,
            ),
            button(words, "go_on"),
        ),
        tag("nav", tag("a", *both(words, "start_over"), href=look.link("/signin")), class_="others"),
    )


def enrol(look: Look, svg: Html, secret: str, said: str = "") -> Html:
    """A new authenticator: its QR code, the same for typing, and the first code that proves it works."""
    words = look.words
    grouped = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    return page(
        look,
        "enrol",
        tag("p", words("enrol_why")),
        tag("div", svg, class_="qr", role="img", aria_label=words("qr")),
        tag("details", tag("summary", *both(words, "by_hand")), tag("p", tag("code", grouped, class_="secret"))),
        fault(said),
        form(
            field(
                words,
                "first_code",
                "code",
                hint=words("first_code_hint"),
                autocomplete="one-time-code",
                inputmode="numeric",
                required=True,
                autofocus=True,
                maxlength=10,
            ),
            button(words, "go_on"),
        ),
    )


def recovery_codes(look: Look, codes: Sequence[str], onward: str) -> Html:
    """The codes for the day on which the authenticator is lost, shown this once."""
    words = look.words
    return page(
        look,
        "recovery_codes",
        tag("p", words("recovery_why")),
        tag("ol", *(tag("li", tag("code", each)) for each in codes), class_=_RECOVERY),
        tag("p", tag("a", *both(words, "kept_them"), href=onward, class_="button main", autofocus=True)),
    )


def code_used(look: Look, left: int, onward: str) -> Html:
    """A recovery code was used: how many are left."""
    words = look.words
    return page(
        look,
        "code_used",
        tag("p", words("codes_left", n=left)),
        tag("p", tag("a", *both(words, "go_on"), href=onward, class_="button main", autofocus=True)),
    )


def renew(look: Look, rules: str, said: Sequence[str] = (), is_forced: bool = True) -> Html:
    """Another password."""
    words = look.words
    return page(
        look,
        "new_password",
        tag("p", words("must_change")) if is_forced else "",
        *map(fault, said),
        form(
            field(
                words,
                "old_password",
                "old",
                type="password",
                autocomplete="current-password",
                required=True,
                autofocus=True,
                maxlength=200,
            ),
            *_twice(look, rules),
            button(words, "go_on"),
        ),
    )


def setup(
    look: Look, rules: str, name: str, is_first: bool, said: Sequence[str] = (), kept: tuple[str, str] = ("", "")
) -> Html:
    """A one-time link was followed: the first administrator says who they are, everybody chooses a password.

    `kept`: name and post as they were typed before.
    """
    words = look.words
    who = (
        field(
            words,
            "account",
            "name",
            kept[0],
            hint=words("account_hint"),
            autocomplete="username",
            autocapitalize="none",
            spellcheck="false",
            required=True,
            autofocus=True,
            maxlength=40,
        ),
        field(words, "post", "title", kept[1], hint=words("post_hint"), required=True, maxlength=60),
    )
    known = (
        tag("p", words("setup_for"), " ", tag("b", name)),
        tag("input", type="hidden", name="username", value=name, autocomplete="username"),
    )
    return page(
        look,
        "first_setup" if is_first else "setup",
        tag("p", words("first_setup_why" if is_first else "setup_why")),
        *map(fault, said),
        form(*(who if is_first else known), *_twice(look, rules, not is_first), button(words, "go_on")),
    )


def link_is_over(look: Look) -> Html:
    """A one-time link that was used, or is too old."""
    words = look.words
    return page(
        look,
        "link_over",
        tag("p", words("link_over_why")),
        tag("p", tag("a", *both(words, "sign_in"), href=look.link("/signin"), class_="button")),
    )


def screen(look: Look, said: str = "") -> Html:
    """A wall screen comes in by its token; signin.js takes it from the address, where no server ever sees it."""
    words = look.words
    return page(
        look,
        "screen_sign_in",
        tag("p", words("screen_why")),
        fault(said),
        form(
            field(
                words,
                "screen_token",
                "token",
                type="password",
                autocomplete="off",
                required=True,
                autofocus=True,
                maxlength=200,
                data_from_fragment="token",
            ),
            button(words, "go_on"),
        ),
    )


def account(look: Look, who: Principal, centre: str) -> Html:
    """Who somebody is here, what they can look at, and the way out. `centre`: its name."""
    words, is_guest = look.words, who.via is Via.GUEST
    links = to_pages(look, who.role)
    if who.via is Via.PASSWORD:
        links.append(tag("a", *both(words, "change_password"), href=look.link("/signin/renew")))
    out = form(button(words, "sign_out", "plain"), action=look.link("/signout"))
    into = tag("a", *both(words, "sign_in"), href=look.link("/signin"), class_="button main")
    return page(
        look,
        "own_account",
        tag("p", tag("b", who.title), " · ", words(f"role.{who.role}"), " · ", centre),
        tag("nav", *links, into if is_guest else out, class_="others"),
    )


def _twice(look: Look, rules: str, is_first_field: bool = False) -> tuple[Html, Html]:
    words = look.words

    def secret(label: str, name: str, hint: str = "", is_focused: bool = False) -> Html:
        attributes: dict[str, str | int | bool] = {"type": "password", "autocomplete": "new-password", "maxlength": 200}
        return field(words, label, name, "", hint, required=True, autofocus=is_focused, **attributes)

    return secret("new_password", "new", rules, is_first_field), secret("again", "again")
