"""The briefing as a page: headline first, then the evidence by section. The same page is presented, and printed.

Plain HTML: each figure opens to its definition, its parts and the rows behind it without a script.
"""

from typing import NamedTuple
from urllib.parse import urlencode

from dashboard.briefing.model import Briefing, Chart, Figure, Names, Section, Table, Unit
from layouts import briefing_charts, briefing_kit
from layouts.briefing_words import definition, label, title
from layouts.markup import Html, joined, tag
from layouts.plain_page import Look
from layouts.view import View

_SHEETS = ("theme.css", "briefing.css")


class May(NamedTuple):
    """What whoever reads it may do beside reading."""

    freeze: bool = False
    export: bool = False


class Shown(NamedTuple):
    """What the page is about."""

    briefing: Briefing | None
    week: str
    earlier: str
    later: str  # "" where that is not over yet
    centre: str
    centres: tuple[tuple[str, str], ...]  # code and name of those that can be chosen
    may: May = May()
    trouble: str = ""
    revision: int = 0
    mark: str = ""
    replay_at: str = ""  # local time of the week's gravest incident


def screen(look: Look, view: View, shown: Shown, is_print: bool = False) -> Html:
    """The whole page."""
    lang = look.lang
    words = [_head(look, view, shown, is_print)]
    if shown.trouble:
        words.append(tag("p", shown.trouble, class_="fault", role="alert"))
    if shown.briefing is not None:
        words.append(_headline(view, shown))
        words += [_section(look, view, section, shown, is_print) for section in shown.briefing.sections]
        words.append(_appendix(view, shown.briefing))
    body = tag(
        "body",
        tag("main", *words, class_="briefing"),
        tag("p", label("slides", lang), class_="slide-help") if not is_print else Html(""),
        tag("footer", shown.mark, class_="mark-line") if shown.mark else Html(""),
    )
    scripts = () if is_print else (tag("script", src="/assets/briefing.js", defer=True),)
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", f"{title('briefing', lang)} · wall135"),
        *(tag("link", rel="stylesheet", href=f"/assets/{sheet}") for sheet in _SHEETS),
        *scripts,
    )
    css = "is-print" if is_print else None
    whole = tag("html", head, body, lang=lang.value, data_theme="light" if is_print else look.theme, class_=css)
    return joined([Html("<!doctype html>"), whole])


def link(look: Look, shown: Shown, path: str = "/briefing", **more: str) -> str:
    """An address for the same week and centre."""
    query = {"week": shown.week, "centre": shown.centre, "lang": look.lang.value, "theme": look.theme, **more}
    return f"{path}?{urlencode(query)}"


def _head(look: Look, view: View, shown: Shown, is_print: bool) -> Html:
    lang, briefing = look.lang, shown.briefing
    name = dict(shown.centres).get(shown.centre) or briefing_kit.name(shown.centre, Names.CENTRE, view)
    span = briefing_kit.span(briefing, lang) if briefing else shown.week
    heads = [tag("h1", name, " ", title("briefing", lang)), tag("p", span, class_="span num")]
    if briefing is not None and briefing.frozen_at:
        at = briefing_kit.value(briefing.frozen_at, Unit.MOMENT, view)
        told = f"{label('frozen', lang)} {at} · {briefing.frozen_by} · {briefing.digest[:12]} · r{shown.revision}"
        heads.append(tag("p", told, class_="frozen"))
    elif briefing is not None and not briefing.is_complete:
        heads.append(tag("p", label("incomplete", lang), class_="warned"))
    return tag("header", *heads, Html("") if is_print else _tools(look, shown), class_="slide title-slide")


def _tools(look: Look, shown: Shown) -> Html:
    lang = look.lang
    options = (tag("option", text, value=code, selected=code == shown.centre) for code, text in shown.centres)
    choose = tag(
        "form",
        tag("input", type="date", name="week", value=shown.week, aria_label=label("week", lang)),
        tag("select", *options, name="centre", aria_label=label("centre", lang)),
        tag("input", type="hidden", name="lang", value=lang.value),
        tag("input", type="hidden", name="theme", value=look.theme),
        tag("button", label("go", lang)),
        method="get",
        action="/briefing",
    )
    later = tag("a", f"{label('later', lang)} ›", href=link(look, shown, week=shown.later)) if shown.later else Html("")
    ways = [tag("a", f"‹ {label('earlier', lang)}", href=link(look, shown, week=shown.earlier)), later]
    other = "en" if lang.value == "zh" else "zh"
    ways.append(tag("a", "English" if other == "en" else "中文", href=link(look, shown, lang=other)))
    ways.append(tag("button", label("present", lang), type="button", data_act="present"))
    if shown.briefing is not None and shown.may.export:
        ways += [_post(look, shown, "/briefing/exports", kind, {"format": kind}) for kind in ("pptx", "pdf", "xlsx")]
    if shown.briefing is not None and shown.may.freeze and shown.briefing.is_complete:
        ways.append(_post(look, shown, "/briefing/freeze", "freeze", {}))
    return tag("nav", choose, *ways, class_="tools")


def _post(look: Look, shown: Shown, path: str, word: str, more: dict[str, str]) -> Html:
    fields = {"week": shown.week, "centre": shown.centre, **more}
    hidden = (tag("input", type="hidden", name=name, value=value) for name, value in fields.items())
    return tag("form", *hidden, tag("button", label(word, look.lang)), method="post", action=link(look, shown, path))


def _headline(view: View, shown: Shown) -> Html:
    lang = view.words.lang
    assert shown.briefing is not None
    lines = briefing_kit.headlines(shown.briefing, view)
    made = tag("ol", *(tag("li", line) for line in lines)) if lines else tag("p", label("nothing", lang))
    replay = (
        tag("a", label("replay", lang), href=f"/wall?at={shown.replay_at}", class_="replay-link", data_replay="")
        if shown.replay_at
        else Html("")
    )
    return tag("section", tag("h2", label("headline", lang)), made, replay, class_="slide headline")


def _section(look: Look, view: View, section: Section, shown: Shown, is_print: bool) -> Html:
    lang = look.lang
    assert shown.briefing is not None
    remarks = [tag("p", label(remark, lang), class_="remark") for remark in section.remarks]
    figures = [_figure(look, view, figure, shown, is_print) for figure in section.figures]
    parts = [tag("h2", title(f"section.{section.id}", lang)), *remarks]
    if figures:
        parts.append(tag("div", *figures, class_="figures"))
    charts = [made for chart in section.charts if (made := _chart(view, chart))]
    if charts:
        parts.append(tag("div", *charts, class_="charts"))
    parts += [_table(view, table) for table in section.tables]
    note = shown.briefing.notes.get(section.id, "")
    parts.append(tag("aside", note, class_="speaker-notes"))
    return tag("section", *parts, class_="slide", id=f"section-{section.id}")


def _figure(look: Look, view: View, figure: Figure, shown: Shown, is_print: bool) -> Html:
    lang = look.lang
    before = figure.previous[-1] if figure.previous else None
    text, judged = briefing_kit.change(figure, before, view)
    year, _ = briefing_kit.change(figure, figure.last_year, view)
    compared = (
        [tag("span", label("previous", lang), " ", tag("b", text), class_=f"change {judged}")]
        if figure.previous
        else []
    )
    if figure.last_year is not None:
        compared.append(tag("span", label("last_year", lang), " ", tag("b", year), class_="change"))
    rows = _rows(look, figure, shown) if figure.rows and not is_print else Html("")
    more = tag(
        "div",
        tag("p", definition(figure.id, lang)),
        tag("p", briefing_kit.fraction(figure, view), class_="num") if figure.denominator is not None else Html(""),
        rows,
        class_="more",
    )
    shown_part = briefing_kit.fraction(figure, view)
    summary = tag(
        "summary",
        tag("span", title(figure.id, lang), class_="figure-name"),
        tag("span", briefing_kit.value(figure.value, figure.unit, view), class_="figure-value num"),
        tag("span", shown_part, class_="figure-part num") if shown_part else Html(""),
        tag("span", *compared, class_="compared"),
        briefing_charts.spark(figure.previous, figure.value),
    )
    return tag("details", summary, more, class_="figure", open=is_print and None)


def _rows(look: Look, figure: Figure, shown: Shown) -> Html:
    assert figure.rows is not None
    arguments = {key: value for key, value in figure.rows.arguments.items() if key != "week"}
    address = link(look, shown, "/briefing/rows", query=figure.rows.query, **arguments)
    return tag("a", label("rows", look.lang), href=address)


def _chart(view: View, chart: Chart) -> Html:
    lang = view.words.lang
    made = briefing_charts.draw(
        chart,
        view.district,
        lambda code: briefing_kit.name(code, chart.names, view),
        lambda code: briefing_kit.name(code, chart.series_names, view),
        lambda number: briefing_kit.value(number, chart.unit, view),
        title(chart.id, lang),
    )
    if not made:
        return Html("")
    return tag("figure", tag("figcaption", title(chart.id, lang)), made, class_=f"chart-{chart.kind.value}")


def _table(view: View, table: Table) -> Html:
    lang = view.words.lang
    caption = tag("h3", title(table.id, lang), " ", tag("small", definition(table.id, lang)))
    if not table.cells:
        return tag("div", caption, tag("p", label("nothing", lang), class_="soft"), class_="table")
    heads = (tag("th", label(column.id, lang), scope="col") for column in table.columns)
    marks = table.marks or ("",) * len(table.cells)
    rows = []
    for row, mark in zip(table.cells, marks, strict=True):
        cells = [
            tag("td", briefing_kit.cell(content, column.unit, column.names, view), class_=None if place == 0 else "num")
            for place, (content, column) in enumerate(zip(row, table.columns, strict=True))
        ]
        flag = tag("td", label(mark, lang) if mark else "", class_="flag") if any(marks) else Html("")
        rows.append(tag("tr", *cells, flag, class_=f"is-{mark}" if mark else None))
    head = tag("thead", tag("tr", *heads, tag("th", "") if any(marks) else Html("")))
    return tag("div", caption, tag("table", head, tag("tbody", *rows)), class_="table")


def _appendix(view: View, briefing: Briefing) -> Html:
    """Definitions, parameters, the data stamp and the questions: all that is needed to ask again."""
    lang = view.words.lang
    terms = []
    for section in briefing.sections:
        for figure in section.figures:
            terms += [tag("dt", title(figure.id, lang)), tag("dd", definition(figure.id, lang))]
    stamp = briefing.stamp
    counted = ", ".join(f"{table} {count:,}" for table, count in sorted(stamp.rows.items()))
    settings = ", ".join(f"{key} {number:g}" for key, number in sorted(briefing.settings.items()))
    made = briefing_kit.value(stamp.made_at, Unit.MOMENT, view)
    questions = (tag("details", tag("summary", key), tag("pre", sql)) for key, sql in sorted(briefing.queries.items()))
    return tag(
        "section",
        tag("h2", label("appendix", lang)),
        tag("dl", *terms),
        tag("p", f"{label('made', lang)} {made} · {counted}", class_="soft"),
        tag("p", f"{label('settings', lang)}: {settings}", class_="soft"),
        *questions,
        class_="appendix",
    )
