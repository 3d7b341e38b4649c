"""Ways from one plain page to the others: those that a role may see, its own account, and out."""

from dashboard.access import Role
from dashboard.access.permissions import PAGES, may
from layouts.markup import Html, tag
from layouts.plain_page import Look, both, button, form

_WORDS = {
    "/duty": "to_console",
    "/wall": "to_wall",
    "/briefing": "to_briefing",
    "/accounts": "to_accounts",
    "/audit": "to_audit",
}


def to_pages(look: Look, role: Role) -> list[Html]:
    """A link to each page that a role may see, but for the one that is shown."""
    return [
        tag("a", *both(look.words, _WORDS[path]), href=look.link(path))
        for path, needed in PAGES.items()
        if path != look.path and may(role, needed)
    ]


def ways(look: Look, role: Role, *first: str) -> Html:
    """The foot of a page of somebody who is signed in; `first`: what stands before the links."""
    words = look.words
    account = tag("a", *both(words, "own_account"), href=look.link("/account"))
    out = form(button(words, "sign_out", "plain"), action=look.link("/signout"))
    return tag("nav", *first, *to_pages(look, role), account, out, class_="others")
