"""The wall's header and status line: what one glance must answer, the server's clock, the feeds."""

import re

from dash import html
from dash.development.base_component import Component

from dashboard.heartbeats import FeedCondition
from dashboard.overview import Overview
from dashboard.response import IncidentState
from layouts import time_bar
from layouts import words as write
from layouts.slots import Payload, both, panel, rows, slot, value
from layouts.view import View

FEEDS_SHOWN = 10
SKEW_NAMED_S = 120.0  # a source's clock that is further off is named


def frame(view: View, scope_picker: Component) -> Component:
    """The header, laid out once."""
    words = view.words
    return panel(
        "header",
        "head",
        [
            _brand(view, scope_picker),
            _levels(view),
            *_clocks(view),
            _feeds(view),
            _duty(view),
            _server_clock(view),
        ],
        words("open_incidents"),
        html.Header,
    )


def payload(overview: Overview, view: View) -> Payload:
    """What the header shows."""
    words, head = view.words, overview.headline
    by_key = {incident.key: incident for incident in overview.incidents}
    is_part = overview.centre != view.district.root.code
    shown: Payload = {
        "levels": [_level(level, count) for level, count in enumerate(head.open_by_level, 1)],
        "drills": value(f"{words('drills')} {head.drills}", hide=not head.drills),
        "scope": value(
            view.centre(overview.centre) if is_part else words("whole_district"),
            "part" if is_part else "whole",
        ),
        "back": value(words("back"), hide=not is_part),
        "leader": value(head.duty_leader or write.UNKNOWN),
        "chief": value(head.duty_chief or write.UNKNOWN),
        "feeds_good": value(
            f"{head.feeds_good}/{head.feeds_all}", "good" if head.feeds_good == head.feeds_all else "warn"
        ),
    }
    nearest = by_key.get(head.next_deadline_key)
    if head.next_deadline_key and head.next_deadline_tier:
        tier = words(f"tier.{head.next_deadline_tier.value}")
        state = _leg_state(nearest, head.next_deadline_at)
        shown["deadline"] = value(state=state, due=head.next_deadline_at)
        shown["deadline_of"] = value(f"{tier} · {_called(nearest, view)}")
    else:
        shown["deadline"] = value(write.UNKNOWN, "none")
        shown["deadline_of"] = value(words("none_running"))
    waiting = by_key.get(head.oldest_unacknowledged)
    if head.oldest_unacknowledged:
        is_top = waiting is not None and waiting.level == 1
        shown["waiting"] = value(state="top" if is_top else "waiting", since=head.oldest_unacknowledged_at)
        shown["waiting_of"] = value(_called(waiting, view))
    else:
        shown["waiting"] = value("0", "none")
        shown["waiting_of"] = value(words("all_acknowledged"))
    return shown


def status_frame(view: View) -> Component:
    """The status line at the foot: every feed, and how long a position takes to the glass."""
    words = view.words
    feed = [
        html.I(className="lamp"),
        slot("name", "feed-name"),
        slot("age", "feed-age num"),
        slot("word", "feed-word"),
    ]
    return panel(
        "feeds",
        "foot",
        [
            html.Span(words("feeds"), className="foot-title"),
            rows("feeds", feed, FEEDS_SHOWN, "feed-strip", "feed"),
            slot("more", "feed-more"),
            html.Span(
                [
                    html.Span(words("gaps"), className="soft"),
                    html.Span("0", className="num", **{"data-live": "gaps"}),
                    html.Span(words("glass_latency"), className="soft"),
                    html.Span(write.UNKNOWN, className="num strong", **{"data-live": "latency"}),
                ],
                className="foot-right",
            ),
        ],
        words("feeds"),
        html.Footer,
    )


def status_payload(overview: Overview, view: View) -> Payload:
    """The feeds, the troubled ones first."""
    words = view.words
    order = (FeedCondition.LOST, FeedCondition.SILENT, FeedCondition.GOOD, FeedCondition.OFF)
    feeds = sorted(overview.feeds, key=lambda feed: order.index(feed.condition))
    shown = []
    for feed in feeds[:FEEDS_SHOWN]:
        is_skewed = abs(feed.skew_s) > SKEW_NAMED_S
        word = "" if feed.condition is FeedCondition.GOOD else words(feed.condition.value)
        if is_skewed:
            word = f"{word} {words('skew')} {words.duration(abs(feed.skew_s))}".strip()
        state = "silent" if is_skewed and feed.condition is FeedCondition.GOOD else feed.condition.value
        heard_at = feed.record_at or feed.beat_at
        shown.append(
            {
                "row": value(state=state, tip=feed.error),
                "name": value(feed.title or feed.name),
                "age": value(since=heard_at, short=True) if heard_at else value(write.UNKNOWN),
                "word": value(word, hide=not word),
            }
        )
    more = len(feeds) - FEEDS_SHOWN
    return {"feeds": shown, "more": value(f"+{more}", hide=more <= 0)}


def _brand(view: View, scope_picker: Component) -> Component:
    words, district = view.words, view.district
    name = words.name(district.name, district.name_en)
    other = district.name_en
    is_chinese = words.lang is write.Lang.ZH
    return html.Div(
        [
            time_bar.plate(view),
            html.H1(f"{name}{words('centre_title')}" if is_chinese else name),
            html.Div(
                [
                    html.Span(
                        f"{other} {words.beside('centre_title')}" if is_chinese else words("centre_title"),
                        className="brand-other",
                    ),
                ],
                className="brand-line",
            ),
            html.Div(
                [
                    scope_picker,
                    slot("scope", "scope"),
                    slot("back", "back", html.Button, **{"data-act": "back", "type": "button"}),
                    html.Span(words("demonstration"), className="mark", hidden=not district.demonstration),
                ],
                className="brand-line",
            ),
        ],
        className="brand",
    )


def _levels(view: View) -> Component:
    chip = [slot("numeral", "chip"), slot("count", "figure num")]
    return html.Div(
        [
            html.Div([*both(view.words, "open_incidents"), slot("drills", "drills")], className="kpi-label"),
            rows("levels", chip, 4, "levels", "level"),
        ],
        className="kpi",
    )


def _clocks(view: View) -> list[Component]:
    return [
        html.Div(
            [
                html.Div(both(view.words, f"{key}"), className="kpi-label"),
                slot(name, "figure num", html.Div),
                slot(f"{name}_of", "kpi-of", html.Div),
            ],
            className=f"kpi kpi-{name}",
        )
        for key, name in (("next_deadline", "deadline"), ("oldest_unacknowledged", "waiting"))
    ]


def _feeds(view: View) -> Component:
    return html.Div(
        [
            html.Div(view.words("feeds"), className="kpi-label"),
            slot("feeds_good", "figure num", html.Div),
        ],
        className="kpi kpi-feeds",
    )


def _duty(view: View) -> Component:
    words = view.words
    posts = [
        html.Div([html.Span(words(f"duty_{post}"), className="soft"), slot(post, "strong")], className="post")
        for post in ("leader", "chief")
    ]
    return html.Div([html.Div(both(words, "duty"), className="kpi-label"), *posts], className="kpi kpi-duty")


def _server_clock(view: View) -> Component:
    return html.Div(
        [
            html.Div(
                [
                    time_bar.way_in(view),
                    html.I(html.I(className="hand", **{"data-live": "hand"}), className="dial"),
                    html.Span("--:--:--", className="clock-time num", **{"data-live": "clock"}),
                ],
                className="clock-line",
            ),
            html.Div(
                [
                    html.Span("", className="num", **{"data-live": "date"}),
                    html.Span(view.words("connecting"), className="sync", **{"data-live": "sync"}),
                ],
                className="clock-sub",
            ),
        ],
        className="clock",
    )


def _level(level: int, count: int) -> Payload:
    state = f"level-{level}" if count else "zero"
    return {
        "row": value(state=state),
        "numeral": value(write.NUMERALS[level]),
        "count": value(write.number(count)),
    }


def _leg_state(incident: IncidentState | None, due_at: float) -> str:
    if incident is not None:
        for leg in incident.legs:
            if leg.due_at == due_at:
                return leg.state.value
    return "running"


def _called(incident: IncidentState | None, view: View) -> str:
    if incident is None:
        return write.UNKNOWN
    kind = re.sub(r"\s*[(（].*", "", view.kind(incident.kind))  # what stands in brackets is on the card
    return f"{kind} · {incident.place or view.community(incident.community)}"
