"""The briefing as a page: headline first, then the evidence by section. The same page is printed.

Plain HTML: each figure opens to its definition, its parts and the rows behind it without a script.
"""

from typing import NamedTuple
from urllib.parse import urlencode

from dashboard.briefing.model import Briefing, Names, Rows, Section
from layouts import briefing_kit
from layouts import words as write
from layouts.briefing_parts import card, chart, document, figure, table
from layouts.briefing_words import definition, label, title
from layouts.case_rows import exactly
from layouts.markup import Html, joined, tag
from layouts.plain_page import Look
from layouts.view import View
from layouts.words import Lang


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
    """The whole page. `is_print`: without what can only be clicked, and light, as it goes on paper."""
    look = look._replace(theme="light") if is_print else look
    content = [_head(look, view, shown, is_print)]
    if shown.trouble:
        content.append(tag("p", shown.trouble, class_="fault", role="alert"))
    if shown.briefing is not None:
        content.append(_headline(view, shown, is_print))
        content += [_section(look, view, section, shown, is_print) for section in shown.briefing.sections]
        content.append(_appendix(view, shown.briefing, is_print))
    mark = tag("footer", shown.mark, class_="mark-line") if not is_print else _foot(shown.mark)
    body = tag("main", *content, class_="briefing", data_ready="")
    return document(look, body, mark, css="is-print" if is_print else "", script=not is_print)


def _foot(mark: str) -> Html:
    """Who took it out, at the foot of every sheet. In a style nothing is escaped as in text, so letters alone stay."""
    letters = (each if each.isalnum() or each == " " else f"\\{ord(each):x} " for each in mark)
    return tag("style", Html(f'@page{{@bottom-left{{content:"{"".join(letters)}";color:#5B6B80;font-size:8pt}}}}'))


def working(look: Look, view: View, shown: Shown, share: float) -> Html:
    """What is shown while the briefing is being made; the page asks again by itself."""
    lang = look.lang
    bar = tag("progress", value=f"{share:.2f}", max="1", aria_label=label("working", lang))
    told = tag("p", f"{label('working', lang)}… {share:.0%}", class_="num", role="status")
    body = tag("main", _head(look, view, shown, False), tag("section", told, bar, class_="working"), class_="briefing")
    return document(look, body, refresh="1")


def link(look: Look, shown: Shown, path: str = "/briefing", **more: str) -> str:
    """An address for the same week and centre."""
    query = {"week": shown.week, "centre": shown.centre, "lang": look.lang.value, "theme": look.theme, **more}
    return f"{path}?{urlencode(query)}"


def heading(view: View, shown: Shown) -> Html:
    """Whose week it is, which, and how far its figures can be relied on."""
    lang, briefing = view.words.lang, shown.briefing
    name = dict(shown.centres).get(shown.centre) or briefing_kit.name(shown.centre, Names.CENTRE, view)
    return joined(
        [
            tag("h1", name, " ", title("briefing", lang)),
            tag("p", briefing_kit.week_span(shown.week, lang), class_="span num"),
            *([_standing(view, briefing, shown.revision)] if briefing else []),
        ]
    )


def _standing(view: View, briefing: Briefing, revision: int) -> Html:
    """Frozen, by whom and with which digest; or as of when, and whether the week is over."""
    lang = view.words.lang
    if briefing.frozen_at:
        told = [label("frozen", lang), exactly(briefing.frozen_at, view), briefing.frozen_by or write.UNKNOWN]
        told += [f"{label('revision', lang)} {revision}", f"{label('digest', lang)} {briefing.digest[:12]}"]
        return tag("p", " · ".join(told), class_="frozen num", title=briefing.digest)
    as_of = tag("p", f"{label('as_of', lang)} {exactly(briefing.stamp.made_at, view)}", class_="live num")
    if briefing.is_complete:
        return as_of
    return joined([as_of, tag("p", label("incomplete", lang), class_="warned")])


def _head(look: Look, view: View, shown: Shown, is_print: bool) -> Html:
    return tag("header", heading(view, shown), Html("") if is_print else _tools(look, shown), class_="title")


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
    return tag("nav", choose, *_ways(look, shown), *_deeds(look, shown), class_="tools")


def _ways(look: Look, shown: Shown) -> list[Html]:
    """To the weeks beside this one, to the other language and theme, to the slides."""
    lang = look.lang
    other, theme = ("en" if lang is Lang.ZH else "zh"), ("light" if look.theme == "dark" else "dark")
    earlier = tag("a", f"‹ {label('earlier', lang)}", href=link(look, shown, week=shown.earlier), rel="prev")
    later = tag("a", f"{label('later', lang)} ›", href=link(look, shown, week=shown.later), rel="next")
    return [
        earlier,
        later if shown.later else Html(""),
        tag("a", "English" if other == "en" else "中文", href=link(look, shown, lang=other)),
        tag("a", look.words(f"theme.{theme}"), href=link(look, shown, theme=theme)),
        tag("a", label("present", lang), tag("kbd", "P"), href=link(look, shown, present="1"), data_act="present"),
        tag("a", label("print", lang), href=link(look, shown, print="1")),
    ]


def _deeds(look: Look, shown: Shown) -> list[Html]:
    """Files and freezing, for who may; without a briefing there is nothing to take or to keep."""
    if shown.briefing is None:
        return []
    made: list[Html] = []
    if shown.may.export:
        made += [_post(look, shown, "/briefing/exports", kind, data_export=kind) for kind in ("pptx", "pdf", "xlsx")]
        made.append(tag("output", class_="export-state num", data_working=label("working", look.lang),
                        data_ready=label("ready", look.lang), data_failed=label("failed", look.lang)))  # fmt: skip
    if shown.may.freeze and shown.briefing.is_complete:
        made.append(_post(look, shown, "/briefing/freeze", "freeze", data_confirm=label("sure_freeze", look.lang)))
    return made


def _post(look: Look, shown: Shown, path: str, word: str, **data: str) -> Html:
    fields = {"week": shown.week, "centre": shown.centre, "lang": look.lang.value}
    if "data_export" in data:
        fields["format"] = data["data_export"]
    hidden = (tag("input", type="hidden", name=name, value=value) for name, value in fields.items())
    button = tag("button", label(word, look.lang))
    return tag("form", *hidden, button, method="post", action=link(look, shown, path), **data)


def _headline(view: View, shown: Shown, is_print: bool) -> Html:
    lang = view.words.lang
    assert shown.briefing is not None
    lines = briefing_kit.headlines(shown.briefing, view)
    made = tag("ol", *(tag("li", line) for line in lines)) if lines else tag("p", label("nothing", lang))
    replay = tag("a", label("replay", lang), href=replay_address(shown), class_="replay-link")
    shown_replay = replay if shown.replay_at and not is_print else Html("")
    return tag("section", tag("h2", label("headline", lang)), made, shown_replay, class_="part headline")


def replay_address(shown: Shown) -> str:
    """Where the gravest incident of the week is seen as it was."""
    return f"/wall?{urlencode({'at': shown.replay_at})}"


def _section(look: Look, view: View, section: Section, shown: Shown, is_print: bool) -> Html:
    lang = look.lang
    assert shown.briefing is not None

    def way(rows: Rows | None) -> str:
        return "" if rows is None else rows_address(look, shown, rows)

    parts = [tag("h2", title(f"section.{section.id}", lang))]
    parts += [tag("p", label(remark, lang), class_="remark") for remark in section.remarks]
    if section.figures:
        drawn = (card(view, each) if is_print else figure(view, each, way) for each in section.figures)
        parts.append(tag("div", *drawn, class_="figures"))
    leads = None if is_print else way
    charts = [made for each in section.charts if (made := chart(view, each, leads))]
    if charts:
        parts.append(tag("div", *charts, class_="charts"))
    parts += [table(view, each, way=leads) for each in section.tables]
    if not is_print:
        parts.append(_notes(look, shown, section.id, shown.briefing.notes.get(section.id, "")))
    return tag("section", *parts, class_="part", id=f"section-{section.id}")


def _notes(look: Look, shown: Shown, section: str, text: str) -> Html:
    """What is said to this section, to be written by who may; others read it."""
    lang = look.lang
    if not shown.may.freeze:
        return tag("aside", tag("b", label("notes", lang)), " ", text, class_="notes") if text else Html("")
    fields = {"week": shown.week, "centre": shown.centre, "section": section}
    hidden = (tag("input", type="hidden", name=name, value=value) for name, value in fields.items())
    box = tag("textarea", text, name="text", rows="3", maxlength="4000", aria_label=label("notes", lang))
    keep = tag("button", label("keep_notes", lang))
    form = tag("form", *hidden, box, keep, method="post", action=link(look, shown, "/briefing/notes"))
    return tag("details", tag("summary", label("notes", lang)), form, class_="notes", open=bool(text))


def rows_address(look: Look, shown: Shown, rows: Rows, **more: str) -> str:
    """Where the rows behind a number are."""
    arguments = {key: value for key, value in rows.arguments.items() if key != "week"}
    return link(look, shown, "/briefing/rows", query=rows.query, **arguments, **more)


def _appendix(view: View, briefing: Briefing, is_print: bool) -> Html:
    """Definitions, parameters, the data stamp and the questions: all that is needed to ask again."""
    lang = view.words.lang
    defined = dict.fromkeys(
        each.id
        for section in briefing.sections
        for parts in (section.figures, section.charts, section.tables)
        for each in parts
    )
    terms = (tag("div", tag("dt", title(id_, lang)), tag("dd", definition(id_, lang))) for id_ in defined)
    stamp = briefing.stamp
    counted = ", ".join(f"{table} {count:,}" for table, count in sorted(stamp.rows.items()))
    settings = ", ".join(f"{key} {number:g}" for key, number in sorted(briefing.settings.items()))
    facts = [
        f"{label('made', lang)} {exactly(stamp.made_at, view)} · {counted}",
        f"{label('settings', lang)}: {settings}",
    ]
    if briefing.digest:
        facts.append(f"{label('digest', lang)} SHA-256 {briefing.digest}")
    asked = sorted(briefing.queries.items())
    questions = () if is_print else (tag("details", tag("summary", key), tag("pre", sql)) for key, sql in asked)
    return tag(
        "section",
        tag("h2", label("appendix", lang)),
        tag("dl", *terms),
        *(tag("p", fact, class_="soft") for fact in facts),
        *questions,
        class_="part appendix",
    )
