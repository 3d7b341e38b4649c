"""The console's header: the centre that is acted as, who acts, alarms by level, the shift, sound, link and clock."""

from collections.abc import Mapping

from dash import html
from dash.development.base_component import Component

from dashboard.overview import Headline
from dashboard.records import Level
from layouts import duty_keys, ids, scope_picker, time_bar
from layouts import words as write
from layouts.slots import Payload, both, rows, slot, value
from layouts.view import View


def frame(view: View, home: str) -> Component:
    """The header, laid out once. `home`: the officer's own centre; what is not below it cannot be chosen."""
    words = view.words
    chip = [slot("numeral", "chip chip-small"), slot("count", "duty-figure num")]
    return html.Header(
        [
            html.Div(
                [
                    time_bar.plate(view),
                    html.H1(_title(view)),
                    html.Span(words("demonstration"), className="mark", hidden=not view.district.demonstration),
                ],
                className="duty-brand",
            ),
            html.Label(
                [
                    html.Kbd("G"),
                    html.Span(words("acting_as"), className="soft"),
                    scope_picker.picker(view, home, ids.DUTY_SCOPE, words("acting_as")),
                ],
                className="duty-scope",
            ),
            html.A(
                [
                    html.Span(words("not_known_yet"), className="strong", **{"data-live": "me"}),
                    html.Span("", className="mute", **{"data-live": "role"}),
                ],
                className="duty-me",
                href=f"/account?lang={words.lang.value}",
                title=words("own_account"),
            ),
            html.Div(
                [
                    html.Span(both(words, "pane.alarms"), className="two duty-label"),
                    rows("levels", chip, 4, "levels", "level"),
                ],
                className="duty-levels",
            ),
            html.Div(
                [
                    html.Span(words("duty"), className="duty-label"),
                    html.Span([slot("leader", "strong"), slot("chief", "strong")], className="stacked"),
                    slot("handover", "tag"),
                ],
                className="duty-shift",
            ),
            html.Button(
                [
                    html.Kbd("M"),
                    html.Span(words("sound.on"), **{"data-live": "sound"}),
                ],
                type="button",
                className="duty-sound",
                **{"data-act": "mute"},
            ),
            _clock(view),
        ],
        className="panel duty-head is-loading",
        id=ids.duty_panel("head"),
        **{"data-panel": "head", "aria-label": words("duty_title")},
    )


def payload(headline: Headline, counts: Mapping[Level, int], handover_waits: bool, view: View) -> Payload:
    """Alarms that need somebody by level, and the shift."""
    return {
        "levels": [
            {
                "row": value(state=f"level-{level.value}" if counts[level] else "zero"),
                "numeral": value(write.NUMERALS[level.value]),
                "count": value(write.number(counts[level])),
            }
            for level in Level
        ],
        "leader": value(headline.duty_leader or write.UNKNOWN),
        "chief": value(headline.duty_chief or write.UNKNOWN),
        "handover": value(view.words("handover_open") if handover_waits else "", hide=not handover_waits),
    }


def _title(view: View) -> str:
    """The console's name; in English the district stands beside it anyway, as the centre that is acted as."""
    words = view.words
    return view.district.name + words("duty_title") if words.lang is write.Lang.ZH else words("duty_title")


def tabs(view: View) -> Component:
    """The work views, each with its key."""
    made = [
        html.Button(
            [
                html.Kbd(str(place)),
                html.Span(view.words(f"view.{name}")),
                slot(name, "tab-count num"),
            ],
            type="button",
            className="tab",
            **{"data-view": name, "aria-selected": "true" if place == 1 else "false", "role": "tab"},
        )
        for place, name in enumerate(duty_keys.VIEWS, 1)
    ]
    extra = [duty_keys.button(view, act, "act quiet") for act in duty_keys.ACTS["everywhere"] if act.name in _EXTRA]
    return html.Nav(
        [*made, html.Span([time_bar.way_in(view, "⇧T"), *extra], className="tabs-extra")],
        className="tabs",
        role="tablist",
        **{"data-panel": "tabs", "aria-label": view.words("views")},
    )


_EXTRA = ("register", "help")


def tab_counts(counts: Mapping[str, int]) -> Payload:
    """How much waits in each view."""
    return {name: value(write.number(count) if count else "", hide=not count) for name, count in counts.items()}


def _clock(view: View) -> Component:
    return html.Div(
        [
            html.I(html.I(className="hand", **{"data-live": "hand"}), className="dial"),
            html.Div(
                [
                    html.Span("--:--:--", className="duty-time num", **{"data-live": "clock"}),
                    html.Span("", className="num mute", **{"data-live": "date"}),
                ]
            ),
            html.Span(view.words("connecting"), className="sync", **{"data-live": "sync"}),
        ],
        className="duty-clock",
    )
