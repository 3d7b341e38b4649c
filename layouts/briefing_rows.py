"""The rows behind a figure, a page at a time."""

from typing import Any

from dashboard.briefing.rows import Page
from layouts import words as write
from layouts.briefing import Shown, link
from layouts.briefing_words import label
from layouts.case_rows import exactly
from layouts.markup import Html, tag
from layouts.plain_page import Look, page
from layouts.view import View


def screen(look: Look, view: View, shown: Shown, query: str, tier: str, found: Page, offset: int, count: int) -> Html:
    """One page of them."""
    lang = look.lang

    def to(start: int, **more: str) -> str:
        return link(look, shown, "/briefing/rows", query=query, tier=tier, offset=str(start), **more)

    heads = tag("tr", *(tag("th", label(name, lang), scope="col") for name in found.columns))
    body = [
        tag("tr", *(tag("td", cell(name, value, view)) for name, value in zip(found.columns, row, strict=True)))
        for row in found.rows
    ]
    ways = [tag("a", label("back", lang), href=link(look, shown))]
    if offset:
        ways.append(tag("a", "‹", href=to(max(0, offset - count))))
    if offset + count < found.total:
        ways.append(tag("a", "›", href=to(offset + count)))
    if shown.may.export:
        ways.append(tag("a", "CSV", href=to(0, format="csv")))
    told = f"{label('total', lang)} {write.number(found.total)} · {offset + 1}–{offset + len(found.rows)}"
    table = tag("table", tag("thead", heads), tag("tbody", *body))
    return page(look, "briefing.rows", tag("p", told), tag("nav", *ways, class_="tools"), table, css="wide record")


def trouble(look: Look, text: str) -> Html:
    """Why there are none to show."""
    return page(look, "briefing.rows", tag("p", text, class_="fault", role="alert"))


def cell(name: str, value: Any, view: View) -> str:
    """A value as people read it: times in the district's zone, areas by their names."""
    if value is None:
        return ""
    if name.endswith("_at"):
        return exactly(float(value), view)
    if name in ("community", "sub_district", "department"):
        return view.centre(str(value))
    return str(value)
