"""The pieces of a briefing as HTML: a figure's card, a chart, a table; on the page, on slides and on paper."""

from collections.abc import Callable

from dashboard.briefing import behind
from dashboard.briefing.model import Chart, Column, Figure, Rows, Table, Unit
from layouts import briefing_charts, briefing_kit
from layouts.briefing_words import definition, label, title
from layouts.markup import Html, joined, tag
from layouts.plain_page import Look
from layouts.view import View

_SHEETS = ("theme.css", "briefing.css")
Way = Callable[[Rows | None], str]  # the address of rows; "" where there are none


def document(look: Look, *body: str, css: str = "", script: bool = True, refresh: str = "") -> Html:
    """A whole page of these. `refresh`: what a meta refresh says."""
    lang = look.lang
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", http_equiv="refresh", content=refresh) if refresh else "",
        tag("title", f"{title('briefing', lang)} · wall135"),
        *(tag("link", rel="stylesheet", href=f"/assets/{sheet}") for sheet in _SHEETS),
        tag("link", rel="icon", href="/_favicon.ico"),
        tag("script", src="/assets/briefing.js", defer=True) if script else "",
    )
    whole = tag("html", head, tag("body", *body), lang=lang.value, data_theme=look.theme, class_=f"brief {css}".strip())
    return joined([Html("<!doctype html>"), whole])


def figure(view: View, shown: Figure, way: Way) -> Html:
    """One number, how it changed, and behind it what it counts; `way` to the rows of it and of its parts."""
    lang = view.words.lang
    parts = briefing_kit.fraction(shown, view)
    more = [tag("p", definition(shown.id, lang))]
    if shown.denominator is not None:
        more += [_part(shown, name, number, view, way) for name, number in _parts(shown, view)]
    if shown.value is None:
        more.append(tag("p", label("why_unknown", lang)))
    if rows := way(shown.rows):
        more.append(tag("p", tag("a", label("rows", lang), href=rows)))
    return tag("details", _face(view, shown, parts), tag("div", *more, class_="more"), class_="figure")


def card(view: View, shown: Figure) -> Html:
    """The same where nothing can be opened."""
    return tag("div", _face(view, shown, briefing_kit.fraction(shown, view), "div"), class_="figure")


def chart(view: View, shown: Chart, way: Way | None = None) -> Html:
    """A chart under its title; nothing where nothing is known. `way`: to the rows behind its values."""
    lang = view.words.lang

    def to(series: int, place: int) -> str:
        return way(behind.value(shown, series, place)) if way else ""

    made = briefing_charts.draw(
        shown,
        view.district,
        lambda code: briefing_kit.name(code, shown.names, view),
        lambda code: briefing_kit.name(code, shown.series_names, view),
        lambda number: briefing_kit.value(number, shown.unit, view),
        title(shown.id, lang),
        to if way else None,
    )
    if not made:
        return Html("")
    caption = tag("figcaption", title(shown.id, lang), " ", tag("small", definition(shown.id, lang)))
    return tag("figure", caption, made, class_=f"chart-{shown.kind.value}")


def table(view: View, shown: Table, first: int = 0, most: int | None = None, way: Way | None = None) -> Html:
    """A table under its title, or `most` of its rows from the one numbered `first` on. `way`: to the rows behind."""
    lang = view.words.lang
    caption = tag("h3", title(shown.id, lang), " ", tag("small", definition(shown.id, lang)))
    if not shown.cells:
        return tag("div", caption, tag("p", label("nothing", lang), class_="soft"), class_="table")
    last = len(shown.cells) if most is None else first + most
    has_marks = any(shown.marks)
    heads = [tag("th", label(column.id, lang), scope="col", class_=_kind(column)) for column in shown.columns]
    rows = [
        tag("tr", *_cells(view, shown, place, has_marks, way), class_=_mark_class(shown, place))
        for place in range(first, min(last, len(shown.cells)))
    ]
    head = tag("thead", tag("tr", *heads, tag("th", "") if has_marks else ""))
    return tag("div", caption, tag("table", head, tag("tbody", *rows)), class_="table")


def _face(view: View, shown: Figure, parts: str, name: str = "summary") -> Html:
    lang = view.words.lang
    return tag(
        name,
        tag("span", title(shown.id, lang), class_="figure-name"),
        tag("span", briefing_kit.value(shown.value, shown.unit, view), class_="figure-value num"),
        tag("span", parts, class_="figure-part num") if parts else "",
        tag("span", *_compared(view, shown), class_="compared"),
        briefing_charts.spark(shown.previous, shown.value),
        class_="face",
    )


def _compared(view: View, shown: Figure) -> list[Html]:
    """The change against the week before and against the same week of last year, as far as these are known."""
    lang, found = view.words.lang, []
    before = shown.previous[-1] if shown.previous else None
    for word, against in (("previous", before), ("last_year", shown.last_year)):
        if against is not None and shown.value is not None:
            text, judged = briefing_kit.change(shown, against, view)
            found.append(tag("span", label(word, lang), " ", tag("b", text), class_=f"change {judged}".strip()))
    return found


def _parts(shown: Figure, view: View) -> list[tuple[str, str]]:
    numbers = (("numerator", shown.numerator), ("denominator", shown.denominator), ("unknown", shown.unknown))
    return [
        (name, briefing_kit.value(number, Unit.COUNT, view))
        for name, number in numbers
        if name != "unknown" or number is not None
    ]


def _part(shown: Figure, name: str, number: str, view: View, way: Way) -> Html:
    address, told = way(behind.part(shown, name)), label(name, view.words.lang)
    written = tag("b", number, class_="num")
    inside = tag("a", written, href=address, aria_label=f"{told} {number}") if address else written
    return tag("p", f"{told} ", inside)


def _cells(view: View, shown: Table, place: int, has_marks: bool, way: Way | None) -> list[Html]:
    written = [
        briefing_kit.cell(content, column.unit, column.names, view)
        for content, column in zip(shown.cells[place], shown.columns, strict=True)
    ]
    row = " · ".join(text for text, column in zip(written, shown.columns, strict=True) if column.unit is Unit.TEXT)
    cells = []
    for at, (text, column) in enumerate(zip(written, shown.columns, strict=True)):
        address = way(behind.cell(shown, place, at)) if way else ""
        told = f"{row} · {label(column.id, view.words.lang)}: {text}"
        inside = tag("a", text, href=address, title=told, aria_label=told) if address else text
        cells.append(tag("td", inside, class_=_kind(column)))
    mark = shown.marks[place] if has_marks else ""
    if has_marks:
        cells.append(tag("td", label(mark, view.words.lang) if mark else "", class_="flag"))
    return cells


def _kind(column: Column) -> str | None:
    return None if column.unit is Unit.TEXT else "num"


def _mark_class(shown: Table, place: int) -> str | None:
    return f"is-{shown.marks[place]}" if shown.marks and shown.marks[place] else None
