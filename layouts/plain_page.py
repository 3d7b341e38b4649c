"""The frame of the plain pages (sign-in, accounts, notices): head, brand, choice of language and theme, one sheet."""

from typing import NamedTuple
from urllib.parse import urlencode

from layouts.markup import Html, joined, tag
from layouts.words import Lang, Words

_SHEETS = ("theme.css", "signin.css", "record.css")


class Look(NamedTuple):
    """How a plain page is shown, and for which district."""

    lang: Lang
    theme: str  # "dark" or "light"
    district: str  # its name in both languages
    district_en: str
    path: str = "/"  # of this page
    query: tuple[tuple[str, str], ...] = ()  # of this page, without lang and theme

    @property
    def words(self) -> Words:
        """The dictionary of this page."""
        return Words(self.lang)

    def link(self, path: str, **query: str) -> str:
        """An address that keeps language and theme."""
        return f"{path}?{urlencode({**query, 'lang': self.lang.value, 'theme': self.theme})}"


def page(look: Look, title: str, *content: str, css: str = "narrow", refresh: str = "") -> Html:
    """A whole page. `refresh`: what a meta refresh says."""
    words = look.words
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content=look.theme),
        tag("meta", http_equiv="refresh", content=refresh) if refresh else "",
        tag("title", f"{words(title)} · wall135"),
        *(tag("link", rel="stylesheet", href=f"/assets/{sheet}") for sheet in _SHEETS),
        tag("link", rel="icon", href="/_favicon.ico"),
        tag("script", src="/assets/signin.js", defer=True),
    )
    sheet = tag("main", tag("h1", *both(words, title)), *content, class_=f"sheet {css}")
    body = tag("body", _brand(look), sheet, _choices(look))
    whole = tag("html", head, body, lang=look.lang.value, class_="door", data_theme=look.theme)
    return joined([Html("<!doctype html>"), whole])


def both(words: Words, key: str, **parts: object) -> tuple[str, Html]:
    """A word in the main language, and the other beside it."""
    return words(key, **parts), tag("span", words.beside(key), class_="beside")


def field(words: Words, label: str, name: str, value: str = "", hint: str = "", **attributes: str | int | bool) -> Html:
    """A labelled field of a form."""
    attributes = {"type": "text", "id": name, **attributes}
    described = f"{attributes['id']}-hint" if hint else None
    box = tag("input", name=name, value=value or None, aria_describedby=described, **attributes)
    told = tag("span", hint, id=described, class_="hint") if hint else ""
    return tag("p", tag("label", *both(words, label), for_=str(attributes["id"])), box, told, class_="field")


def choice(
    words: Words, label: str, name: str, options: list[tuple[str, str]], chosen: str = "", key: str = ""
) -> Html:
    """A labelled choice: (value, text) each."""
    picked = (tag("option", text, value=value, selected=value == chosen) for value, text in options)
    identity = f"{name}{key}"
    return tag(
        "p",
        tag("label", *both(words, label), for_=identity),
        tag("select", *picked, id=identity, name=name),
        class_="field",
    )


def form(*content: str, action: str = "", css: str = "") -> Html:
    """A form that is posted, to this very address unless another is named."""
    return tag("form", *content, method="post", action=action or None, class_=css or None, autocomplete="on")


def button(words: Words, label: str, css: str = "main", **attributes: str | bool) -> Html:
    """What sends a form."""
    return tag("button", *both(words, label), type="submit", class_=css, **attributes)


def fault(text: str) -> Html:
    """What went wrong, read out at once by a screen reader; nothing if nothing did."""
    return tag("p", text, class_="fault", role="alert") if text else Html("")


def _brand(look: Look) -> Html:
    words = look.words
    name = words.name(look.district, look.district_en)
    return tag(
        "header",
        tag("span", "wall", tag("b", "135"), class_="mark"),
        tag("span", f"{name} ", words("centre_title"), class_="place"),
        class_="brand",
    )


def _choices(look: Look) -> Html:
    words, kept = look.words, dict(look.query)
    other = Lang.EN if look.lang is Lang.ZH else Lang.ZH
    theme = "light" if look.theme == "dark" else "dark"

    def to(lang: str, theme: str) -> str:
        return f"{look.path}?{urlencode({**kept, 'lang': lang, 'theme': theme})}"

    return tag(
        "footer",
        tag("a", "English" if other is Lang.EN else "中文", href=to(other.value, look.theme), hreflang=other.value),
        tag("a", words(f"theme.{theme}"), href=to(look.lang.value, theme)),
        class_="choices",
    )
