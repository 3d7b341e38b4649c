"""The keys of the duty console: what each does in which view, and which order it gives. The browser only obeys."""

from typing import NamedTuple

from dash import html
from dash.development.base_component import Component

from dashboard.access.permissions import ORDERS, Permission
from dashboard.records import Verb
from layouts import case_table, time_bar, triage_panel
from layouts.slots import both
from layouts.view import View

VIEWS = ("incident", "triage", "cases", "alarms", "command", "shift", "patrol")
OWN_KEYS = ("triage", "cases")  # views whose letters belong to their own panels


class Act(NamedTuple):
    """One thing that a key or a button does."""

    name: str  # of the button; its word is `act.<name>`
    key: str  # KeyboardEvent.key in lower case
    verb: Verb | None = None  # the order it gives, if any


ACTS: dict[str, tuple[Act, ...]] = {
    "incident": (
        Act("acknowledge", "a", Verb.ACKNOWLEDGE),
        Act("classify", "k", Verb.CLASSIFY),
        Act("dispatch", "d", Verb.DISPATCH),
        Act("arrive", "v", Verb.ARRIVE),
        Act("stand_down", "s", Verb.STAND_DOWN),
        Act("cameras", "c"),
        Act("note", "n", Verb.NOTE),
        Act("ask_up", "p", Verb.ASK_UP),
        Act("offer", "h", Verb.OFFER),
        Act("report", "r", Verb.REPORT),
        Act("close", "x", Verb.CLOSE),
        Act("reopen", "o", Verb.REOPEN),
    ),
    "queue": (Act("acknowledge_task", " ", Verb.ACKNOWLEDGE_ALARM),),  # the row that is chosen, beside the incident
    "alarms": (
        Act("acknowledge_alarm", " ", Verb.ACKNOWLEDGE_ALARM),
        Act("shelve", "h", Verb.SHELVE),
        Act("approve", "p", Verb.APPROVE),
        Act("unshelve", "u", Verb.UNSHELVE),
        Act("open", "enter"),
    ),
    "command": (
        Act("act_as", "enter"),
        Act("call_roll", "c", Verb.CALL_ROLL),
        Act("answer", "a", Verb.ANSWER),
    ),
    "shift": (
        Act("draft", "d"),
        Act("hand_over", "h", Verb.HAND_OVER),
        Act("take_over", "t", Verb.TAKE_OVER),
        Act("search", "/"),
    ),
    "everywhere": (
        Act("register", "i", Verb.REGISTER),
        Act("scope", "g"),
        Act("mute", "m"),
        Act("undo", "z"),
        Act("help", "?"),
    ),
}

# What can be taken back safely, and by which order. A call to a closed incident's units is not: they stand down.
UNDO = {
    Verb.DISPATCH: Verb.STAND_DOWN,
    Verb.CLOSE: Verb.REOPEN,
    Verb.NOTE: Verb.RETRACT,
    Verb.CLASSIFY: Verb.RETRACT,
}
UNDO_S = 10

NEEDS = {act.name: ORDERS[act.verb] for acts in ACTS.values() for act in acts if act.verb}
NEEDS["draft"] = Permission.SHIFT
NEEDS["cameras"] = Permission.SEE_VIDEO

_MOVES = (("1–7", "view"), ("↑ ↓", "queue"), ("Enter", "open"), ("[ ]", "incident"), ("Esc", "back"))
_SHOWN = {" ": "Space", "enter": "Enter"}


def shown(key: str) -> str:
    """How a key is written on its button."""
    return _SHOWN.get(key, key.upper())


def button(view: View, act: Act, css: str = "act") -> Component:
    """The button of one act, its key before its word; it is disabled until the browser knows that it may."""
    return html.Button(
        [html.Kbd(shown(act.key)), html.Span(view.words(f"act.{act.name}"), className="act-word")],
        type="button",
        className=css,
        disabled=True,
        **{"data-act": act.name},
    )


def bar(view: View, name: str, css: str = "acts") -> Component:
    """The buttons of one view."""
    return html.Div([button(view, act) for act in ACTS[name]], className=css, role="toolbar")


def browser(view: View) -> dict[str, object]:
    """The keys as the browser needs them: by view the act of each key, what each needs, what can be undone."""
    words = view.words
    return {
        "views": list(VIEWS),
        "own_keys": list(OWN_KEYS),
        "keys": {name: {act.key: act.name for act in acts} for name, acts in ACTS.items()},
        "verbs": {act.name: act.verb.value for acts in ACTS.values() for act in acts if act.verb},
        "needs": {name: need.value for name, need in NEEDS.items()},
        "undo": {verb.value: back.value for verb, back in UNDO.items()},
        "undo_s": UNDO_S,
        "help": helps(view),
        "done": {verb.value: words(f"done.{verb.value}") for verb in Verb},
    }


def helps(view: View) -> list[dict[str, object]]:
    """Every key, by view; the browser draws the page when it is asked for."""
    words = view.words
    moves = [[key, words(f"move.{word}")] for key, word in _MOVES]
    acts = {name: [[shown(act.key), words(f"act.{act.name}")] for act in ACTS[name]] for name in ACTS}
    parts = {"everywhere": [*moves, *acts["everywhere"]], "incident": [*acts["incident"], *acts["queue"]]}
    parts["triage"] = [[triage_panel.shown_key(act.key), words(f"triage.act.{act.name}")] for act in triage_panel.ACTS]
    parts["cases"] = [[key.upper(), words(f"cases.do.{verb.value}")] for key, verb in case_table.ACTIONS]
    parts |= {name: acts[name] for name in ("alarms", "command", "shift")}
    made: list[dict[str, object]] = [{"title": words(f"view.{name}"), "rows": rows} for name, rows in parts.items()]
    return [*made, {"title": words("replay"), "rows": time_bar.texts_of_help(view)}]


def help_page(view: View) -> Component:
    """Where the list of keys stands."""
    return html.Div(
        html.Div(
            [html.H2(both(view.words, "help"), className="two"), html.Div(className="duty-help-parts")],
            className="help-page",
        ),
        className="help duty-help",
        role="dialog",
        hidden=True,
        **{"data-live": "help", "aria-label": view.words("help")},
    )
