"""The briefing to be presented: one subject a slide, as much as is read from eight metres, notes for who speaks."""

from collections.abc import Iterator
from typing import NamedTuple

from dashboard.briefing.model import Briefing, Section, Table
from layouts import briefing_kit
from layouts.briefing import Shown, heading, link, replay_address
from layouts.briefing_parts import card, chart, document, table
from layouts.briefing_words import label, title
from layouts.markup import Html, tag
from layouts.plain_page import Look
from layouts.view import View

ROWS, LINES = 10, 5

# What is shown of each section, a slide each; the rest is in the briefing. Heads of centres have half an hour for it.
PLAN: dict[str, tuple[tuple[str, ...], ...]] = {
    "cases": (
        ("cases.found", "cases.closed", "cases.on_time", "cases.open", "cases.overdue", "cases.p50"),
        ("cases.trend",),
        ("cases.on_time_trend",),
        ("cases.by_sub_district",),
    ),
    "kinds": (("kinds.risen",), ("kinds.cells",), ("kinds.matrix",), ("kinds.hours",)),
    "areas": (
        ("areas.below_sub_district", "areas.below_department"),
        ("areas.response_sub_district", "areas.slow_sub_district"),
    ),
    "assessment": (("assessment.sub_districts",),),
    "response": (
        (
            "response.incidents",
            "response.acknowledged",
            "response.acknowledged_p90",
            "response.volunteer",
            "response.auxiliary",
            "response.police",
        ),
        ("response.trend",),
        ("response.by_kind",),
    ),
    "alerts": (("alerts.count", "alerts.precision", "alerts.expired"), ("alerts.by_kind",)),
    "alarms": (
        (
            "alarms.per_day",
            "alarms.per_operator",
            "alarms.floods",
            "alarms.stale",
            "alarms.chattering",
            "alarms.unapproved",
        ),
    ),
    "feeds": (("feeds.by_feed",),),
    "patrol": (("patrol.by_area",),),
}


class Slide(NamedTuple):
    """One slide: its name, what is on it, and what is said to it."""

    title: str
    content: Html
    notes: str = ""
    section: str = ""
    css: str = ""


def screen(look: Look, view: View, shown: Shown) -> Html:
    """All slides as one page; assets/briefing.js shows one at a time."""
    lang = look.lang
    made = slides(view, shown)
    drawn = [_drawn(place, len(made), slide) for place, slide in enumerate(made, 1)]
    help_ = tag("p", label("slides", lang), class_="slide-help")
    body = tag("main", *drawn, class_="deck", data_leave=link(look, shown), data_ready="")
    return document(look, body, help_, css="is-deck")


def slides(view: View, shown: Shown) -> list[Slide]:
    """Title, headline, the sections in their order, a look back, and where to read more; none without a briefing."""
    briefing = shown.briefing
    if briefing is None:
        return [Slide("", tag("p", shown.trouble, class_="fault", role="alert"), css="title-slide")]
    found = [Slide("", heading(view, shown), css="title-slide"), _headline(view, briefing)]
    for section in briefing.sections:
        found += _of(view, section, briefing.notes.get(section.id, ""))
    if shown.replay_at:
        found.append(_replay(view, shown))
    found.append(_closing(view, shown))
    return found


def _drawn(place: int, count: int, slide: Slide) -> Html:
    head = tag("h2", slide.title) if slide.title else Html("")
    notes = tag("aside", slide.notes, class_="speaker-notes")
    number = tag("p", f"{place} / {count}", class_="slide-number num")
    content = tag("div", slide.content, class_="content")
    css = f"slide {slide.css}".strip()
    return tag("section", head, content, notes, number, class_=css, id=f"slide-{place}", data_section=slide.section)


def _headline(view: View, briefing: Briefing) -> Slide:
    lang = view.words.lang
    lines = briefing_kit.headlines(briefing, view, LINES)
    made = tag("ol", *(tag("li", line) for line in lines)) if lines else tag("p", label("nothing", lang))
    return Slide(label("headline", lang), made, briefing.notes.get("headline", ""), "headline", "headline")


def _of(view: View, section: Section, notes: str) -> Iterator[Slide]:
    """The slides of a section; one of which nothing is known is left out."""
    lang = view.words.lang
    name = title(f"section.{section.id}", lang)
    remarks = tag("div", *(tag("p", label(remark, lang), class_="remark") for remark in section.remarks))
    for ids in PLAN.get(section.id, ()):
        content = _content(view, section, ids)
        if content:
            yield Slide(name, tag("div", remarks, *content), notes, section.id)
            remarks, notes = Html(""), ""  # both belong to the section: its first slide has them


def _content(view: View, section: Section, ids: tuple[str, ...]) -> list[Html]:
    figures = [card(view, each) for id_ in ids for each in section.figures if each.id == id_]
    charts = [chart(view, each) for id_ in ids for each in section.charts if each.id == id_]
    drawn = [each for each in charts if each]
    parts = []
    if figures:
        parts.append(tag("div", *figures, class_=f"figures of-{len(figures)}"))
    if drawn:
        parts.append(tag("div", *drawn, class_=f"charts of-{len(drawn)}"))
    few = ROWS // max(1, sum(each.id in ids for each in section.tables))
    return parts + [_table(view, each, few) for id_ in ids for each in section.tables if each.id == id_]


def _table(view: View, shown: Table, most: int) -> Html:
    """A table's first rows; how many there are where not all are shown."""
    made = table(view, shown, most=most)
    if len(shown.cells) <= most:
        return made
    told = label("more_rows", view.words.lang).format(n=len(shown.cells))
    return tag("div", made, tag("p", told, class_="soft"))


def _replay(view: View, shown: Shown) -> Slide:
    lang = view.words.lang
    way = tag("a", shown.replay_at.replace("T", " "), href=replay_address(shown), data_replay="", class_="replay num")
    return Slide(label("replay_slide", lang), tag("div", way, tag("p", label("replay_key", lang))), css="replay-slide")


def _closing(view: View, shown: Shown) -> Slide:
    lang = view.words.lang
    about = tag("p", label("definitions_at", lang), class_="soft")
    return Slide(label("closing", lang), tag("div", heading(view, shown), about), css="title-slide")
