"""The shift: who is on duty, the handover as it is drafted, signed and taken over, and earlier ones to search."""

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.duty import Duty, Handover
from dashboard.duty.plan import Watch
from dashboard.duty.roster import Span
from dashboard.overview import Headline
from layouts import duty_keys, ids
from layouts import words as write
from layouts.duty_parts import pane
from layouts.slots import Payload, both, rows, slot, value
from layouts.view import View

EARLIER = 12
AHEAD = 5  # shifts that are shown, the present one first


def frame(view: View) -> Component:
    """The pane, laid out once."""
    words = view.words
    earlier = [slot("at", "num"), slot("gives", "unit-by"), slot("takes", "unit-by"), slot("digest", "num mute")]
    ahead = [slot("from", "num"), slot("to", "num"), slot("leader", "strong"), slot("chief", "unit-by")]
    posts = [
        html.Div([html.Span(words(f"duty_{post}"), className="soft"), slot(post, "strong")], className="post")
        for post in ("leader", "chief")
    ]
    return pane(
        view,
        "shift",
        "shift",
        [
            duty_keys.bar(view, "shift"),
            html.Div(
                [
                    html.Div(
                        [
                            html.H3(both(words, "duty"), className="two"),
                            *posts,
                            rows("ahead", ahead, AHEAD, "report-rows", "ahead-row"),
                            slot("gaps", "tag", html.Div),
                            slot("open", "handover-open", html.Div, role="status"),
                            html.H3(both(words, "earlier"), className="two"),
                            dcc.Input(id=ids.DUTY_SEARCH, placeholder=words("duty.search"), className="search"),
                            rows("earlier", earlier, EARLIER, "report-rows", "earlier-row"),
                            html.Div(words("no_earlier"), className="soft", **{"data-slot": "no_earlier"}),
                        ],
                        className="shift-side",
                    ),
                    html.Div(className="handover", **{"data-live": "handover", "aria-live": "polite"}),
                ],
                className="shift-body",
            ),
        ],
    )


def payload(headline: Headline, duty: Duty, centre: str, view: View, now: float) -> Payload:
    """The shift of one centre."""
    handovers = duty.all()
    words = view.words
    own = sorted((each for each in handovers if each.centre == centre), key=lambda each: -each.at)
    waiting = next((each for each in own if each.is_open), None)
    opened = ""
    if waiting:
        at = write.time_of_day(waiting.gives.at, view.zone)
        opened = words("handover_waits", b=waiting.gives.by, t=at)
    return {
        "leader": value(headline.duty_leader or write.UNKNOWN),
        "chief": value(headline.duty_chief or write.UNKNOWN),
        "ahead": [_ahead(each, view, now) for each in duty.plan.ahead(centre, now, AHEAD)],
        "open": value(opened, "open", hide=waiting is None),
        "gaps": value(words("roster_gaps", n=headline.roster_gaps), "warn", hide=not headline.roster_gaps),
        "earlier": [_earlier(each, view) for each in own[:EARLIER]],
        "no_earlier": value(words("no_earlier"), hide=bool(own)),
        "ids": [each.id for each in own[:EARLIER]],
        "most": EARLIER,
        "waiting": {"id": waiting.id, "actor": waiting.gives.actor} if waiting else None,
        "acts": {
            "draft": "",
            "hand_over": "",
            "take_over": "" if waiting else words("why.no_handover"),
            "search": "",
        },
    }


def _ahead(stretch: Watch | Span, view: View, now: float) -> Payload:
    """One shift to come, or a time that nobody leads."""
    if isinstance(stretch, Watch):
        begins, ends, state = stretch.starts, stretch.ends, "now" if stretch.starts <= now < stretch.ends else "next"
        leader, chief = stretch.leader or write.UNKNOWN, stretch.chief or write.UNKNOWN
    else:
        begins, ends, state = stretch.starts.timestamp(), stretch.ends.timestamp(), "gap"
        leader, chief = view.words("roster_gap"), ""
    return {
        "row": value(state=state),
        "from": value(write.day_and_time(begins, now, view.zone)),
        "to": value(write.day_and_time(ends, now, view.zone)),
        "leader": value(leader),
        "chief": value(chief),
    }


def _earlier(handover: Handover, view: View) -> Payload:
    takes = handover.takes
    return {
        "row": value(state="frozen" if takes else "open" if handover.is_open else "replaced"),
        "at": value(write.day_and_time(handover.at, handover.at, view.zone)),
        "gives": value(handover.gives.by),
        "takes": value(takes.by if takes else view.words("not_taken"), "" if takes else "waits"),
        "digest": value(handover.digest[:8]),
    }
