"""Plain pages with one sentence: not permitted, come again, the state server is away."""

from layouts.markup import Html, joined, tag
from layouts.plain_page import Look, both, page


def forbidden(look: Look, title: str, start: str) -> Html:
    """Somebody who is known may not see this. `title`: of who it is; `start`: where their work begins."""
    words = look.words
    return page(
        look,
        "forbidden",
        tag("p", words("forbidden_why", who=title)),
        tag("p", tag("a", *both(words, "to_start"), href=look.link(start), class_="button")),
        tag("p", tag("a", *both(words, "other_account"), href=look.link("/signin"))),
    )


def away(look: Look) -> Html:
    """The state server does not answer; the page asks again by itself."""
    return page(look, "state_away", tag("p", look.words("state_away_why")), refresh="3")


def come_again(path: str) -> Html:
    """The same address once more, but from our own page."""
    link = tag("a", "wall135", href=path)
    head = tag("head", tag("meta", charset="utf-8"), tag("meta", http_equiv="refresh", content=f"0;url={path}"))
    return joined([Html("<!doctype html>"), tag("html", head, tag("body", link))])
