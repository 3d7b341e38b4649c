"""What makes a screen a replay: the time bar at its foot, the frame and watermark around it, the plate, the way in.

There with every screen and shown in a replay alone (assets/replay.css); assets/replay.js and time-bar.js fill it.
"""

from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.history.moments import Asked
from layouts.slots import both
from layouts.view import View
from layouts.words import WORDS

SPEEDS = (1, 2, 5, 10, 30, 60, 120, 300, 600)
STEPS_S = (1, 10, 60)
JUMPS = (("incident", "N"), ("alert", "L"), ("gap", "D"))
LOOK_BACK_S = 600  # the way in from a live screen leads here

_KEYS = (
    ("Space", "space"),
    ("← →", "arrows"),
    ("- +", "minus"),
    ("< >", "speed"),
    ("J", "j"),
    ("N L D", "jumps"),
)
_PREFIXES = ("replay", "why.replay")


def frames(view: View) -> list[Component]:
    """The bar, and what lies over the whole screen; children of the screen's root."""
    return [
        html.Div(className="time-bar", role="region", **{"aria-label": view.words("replay")}),
        html.Div(className="replay-watermark", **{"aria-hidden": "true"}),
        html.Div(className="replay-frame", **{"aria-hidden": "true"}),
        html.Div(
            [
                html.Span(className="replay-notice-text"),
                html.Span(className="replay-notice-more num"),
            ],
            className="replay-notice",
            role="status",
            hidden=True,
        ),
    ]


def plate(view: View) -> Component:
    """What stands in a header in place of the screen's name: nobody must read far to know."""
    words = view.words
    return html.Div([words("replay"), html.Span(words.beside("replay"), className="beside")], className="replay-plate")


def way_in(view: View, key: str = "T") -> Component:
    """The button of a live screen's header."""
    words = view.words
    return html.Button(
        [html.Kbd(key), html.Span(words("replay.open"))],
        type="button",
        className="replay-open",
        title=words("replay.open_tip"),
        **{"data-replay": "open"},
    )


def rows_of_help(view: View, key: str = "T") -> list[tuple[str, Component]]:
    """The keys for a help page: what is written on each, and what it does."""
    keys = ((key, "t"), *_KEYS)
    return [(shown, html.Span(both(view.words, f"key.{name}"), className="two")) for shown, name in keys]


def texts_of_help(view: View, key: str = "⇧T") -> list[list[str]]:
    """The same as texts."""
    return [[shown, view.words(f"key.{name}")] for shown, name in ((key, "t"), *_KEYS)]


def browser_settings(view: View, asked: Asked | None) -> dict[str, Any]:
    """What assets/replay.js must know; `asked`: the moment in the page's address."""
    return {
        "at_ms": asked.at * 1000 if asked and asked.at is not None else None,
        "bad": asked.text if asked and asked.at is None else "",
        "speeds": list(SPEEDS),
        "back_s": LOOK_BACK_S,
        "bar": bar(view),
        "words": {key: view.words(key) for key in WORDS if key.startswith(_PREFIXES)},
    }


# -- the bar -------------------------------------------------------------------------------------------------------

Element = list[Any]  # tag, attributes, then children: texts and Elements


def bar(view: View) -> list[Element]:
    """What stands in the bar; assets/time-bar.js makes elements of it when it is first wanted.

    As Dash components they would slow down the start of every screen, which may never show it.
    """
    words = view.words
    row = [
        _el("div", "steer-plate", words("replay"), _el("span", "beside", words.beside("replay"))),
        _moment(view),
        _steps(view),
        _speed(view),
        _jumps(view),
        _el("div", "steer-tracks"),
        _el("span", "steer-state", role="status", live="state"),
        _button("leave", words("replay.leave"), css="steer-leave", key="T"),
    ]
    return [_el("div", "steer-row", *row, role="toolbar"), _strip(view)]


def _moment(view: View) -> Element:
    words = view.words
    field = _el("input", "num", live="field", label=words("replay.moment"), spellcheck="false", autocomplete="off")
    title = f"{words('replay.moment')}: {words('replay.moment_tip')}"
    return _el("label", "steer-moment", _el("kbd", "", "J"), field, title=title)


def _steps(view: View) -> Element:
    def step(seconds: int) -> Element:
        text = f"{'−' if seconds < 0 else '+'}{abs(seconds)}"
        return _button("step", text, view.words("replay.step", n=text), by=str(seconds))

    play = _el("button", "steer-play", _el("i", "steer-glyph"), type="button", replay="toggle", live="play")
    back, on = [step(-each) for each in reversed(STEPS_S)], [step(each) for each in STEPS_S]
    return _el("div", "steer-group", *back, play, *on)


def _speed(view: View) -> Element:
    words = view.words
    return _el(
        "div",
        "steer-group",
        _button("slower", "<", words("replay.slower")),
        _el("span", "steer-speed num", live="speed"),
        _button("faster", ">", words("replay.faster")),
    )


def _jumps(view: View) -> Element:
    words = view.words

    def group(kind: str, key: str) -> Element:
        name = words(f"replay.{kind}")
        return _el(
            "div",
            "steer-group",
            _button("jump", "‹", words("replay.previous", w=name), by=f"-{kind}"),
            _el("span", "steer-jump", _el("kbd", "", key), name),
            _button("jump", "›", words("replay.next", w=name), by=kind),
        )

    return _el("div", "steer-jumps", *(group(kind, key) for kind, key in JUMPS))


def _strip(view: View) -> Element:
    return _el(
        "div",
        "steer-strip",
        _el("canvas", "steer-canvas", live="canvas"),
        _el("i", "steer-head", live="head"),
        _el("span", "steer-tip num", live="tip", hidden=""),
        _el("span", "steer-note", live="note", hidden=""),
        live="strip",
        title=view.words("replay.strip"),
    )


def _button(act: str, text: str, title: str = "", css: str = "steer-step num", key: str = "", by: str = "") -> Element:
    content = [_el("kbd", "", key), text] if key else [text]
    return _el("button", css, *content, type="button", title=title or text, replay=act, by=by)


def _el(tag: str, css: str, *children: str | Element, **attributes: str) -> Element:
    """An element; `replay` and `by` say what a click does, `live` how assets/time-bar.js finds it."""
    names = {"replay": "data-replay", "by": "data-by", "live": "data-replay-part", "label": "aria-label"}
    named = {names.get(name, name): text for name, text in attributes.items() if text or name == "hidden"}
    return [tag, {"class": css, **named}, *children]
