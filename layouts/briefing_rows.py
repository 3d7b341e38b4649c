"""The rows behind a number, a page at a time, under what was counted and of what."""

from typing import Any

from dashboard.briefing.model import Names, Rows
from dashboard.briefing.rows import Page
from layouts import briefing_kit
from layouts import words as write
from layouts.briefing import Shown, link, rows_address
from layouts.briefing_words import label
from layouts.case_rows import exactly
from layouts.markup import Html, tag
from layouts.plain_page import Look, page
from layouts.view import View
from layouts.words import UNKNOWN, WORDS

# Of what kind the codes of a filter or a column are; others stand as they are.
_NAMES = {
    "community": Names.CENTRE,
    "sub_district": Names.CENTRE,
    "department": Names.CENTRE,
    "item": Names.ITEM,
    "kind": Names.KIND,
    "tier": Names.TIER,
    "level": Names.LEVEL,
    "weekday": Names.WEEKDAY,
}
_STATES = {"stage": ("stage", "alert"), "state": ("leg",)}  # columns of states, and where their words may stand
_NUMBERS = ("accepted", "refused")


def screen(look: Look, view: View, shown: Shown, asked: Rows, found: Page, offset: int, count: int) -> Html:
    """One page of them."""
    lang = look.lang
    heads = tag("tr", *(tag("th", label(name, lang), scope="col", class_=_kind(name)) for name in found.columns))
    body = [
        tag(
            "tr",
            *(tag("td", cell(*pair, view), class_=_kind(pair[0])) for pair in zip(found.columns, row, strict=True)),
        )
        for row in found.rows
    ]
    table = tag("table", tag("thead", heads), tag("tbody", *body)) if body else ""
    told = f"{label('total', lang)} {write.number(found.total)}"
    if 0 < len(found.rows) < found.total:
        told += f" · {offset + 1}–{offset + len(found.rows)}"
    ways = tag("nav", *_ways(look, shown, asked, found, offset, count), class_="tools")
    parts = (_subject(view, shown, asked), ways, tag("p", told, class_="num"), table)
    return page(look, "briefing.rows", *parts, css="wide record rows-behind")


def trouble(look: Look, text: str) -> Html:
    """Why there are none to show."""
    return page(look, "briefing.rows", tag("p", text, class_="fault", role="alert"))


def filter_told(name: str, code: str, view: View) -> str:
    """A filter in words: 街道：西乡."""
    if name == "hour":
        text = f"{int(code):02}:00–{int(code) + 1:02}:00"
    else:
        text = briefing_kit.name(code, _NAMES.get(name, Names.TEXT), view) or UNKNOWN
    return label("filter", view.words.lang).format(name=label(name, view.words.lang), value=text)


def cell(name: str, value: Any, view: View) -> str:
    """A value as people read it: times in the district's zone, areas, kinds and states by their names."""
    if value is None:
        return ""
    if name.endswith("_at"):
        return exactly(float(value), view)
    if name in _STATES:
        known = (f"{each}.{value}" for each in _STATES[name] if f"{each}.{value}" in WORDS)
        return view.words(key) if (key := next(known, "")) else str(value)
    if name in _NUMBERS:
        return write.number(value)
    return briefing_kit.name(str(value), _NAMES[name], view) if name in _NAMES and value != "" else str(value)


def _subject(view: View, shown: Shown, asked: Rows) -> Html:
    """What was counted, of what, in which week and centre."""
    lang = view.words.lang
    filters = [filter_told(name, code, view) for name, code in asked.arguments.items()]
    centre = dict(shown.centres).get(shown.centre, shown.centre)
    return tag(
        "p",
        tag("strong", label(f"rows.{asked.query}", lang)),
        *(tag("span", told, class_="filter") for told in filters),
        tag("small", f"{centre} · {briefing_kit.week_span(shown.week, lang)}", class_="num"),
        class_="subject",
    )


def _ways(look: Look, shown: Shown, asked: Rows, found: Page, offset: int, count: int) -> list[Html]:
    """Back to the briefing, to the same without a filter, to the pages before and after, to the file."""
    lang = look.lang

    def to(start: int, **more: str) -> str:
        return rows_address(look, shown, asked, offset=str(start), **more)

    ways = [tag("a", f"← {label('back_to_briefing', lang)}", href=link(look, shown))]
    if asked.arguments:
        ways.append(tag("a", label("unfiltered", lang), href=rows_address(look, shown, Rows(asked.query))))
    if offset:
        ways.append(tag("a", f"‹ {label('page_before', lang)}", href=to(max(0, offset - count)), rel="prev"))
    if offset + count < found.total:
        ways.append(tag("a", f"{label('page_after', lang)} ›", href=to(offset + count), rel="next"))
    if shown.may.export and found.total:
        ways.append(tag("a", "CSV", href=to(0, format="csv")))
    return ways


def _kind(name: str) -> str | None:
    return "num" if name in _NUMBERS else None
