"""The command tree at work: every centre with its screens and consoles, what it commands, and the roll-call."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.command import RollCall
from dashboard.district import Centre, District
from dashboard.overview import CentreState
from layouts import duty_keys
from layouts import words as write
from layouts.duty_parts import many, pane
from layouts.slots import Payload, both, rows, slot, value
from layouts.view import View

CALLS = 8


def frame(view: View) -> Component:
    """The pane, laid out once."""
    words = view.words
    row = [
        html.Span([slot("indent", "indent"), slot("lamp", "lamp"), slot("name", "row-name")], className="centre-name"),
        slot("online", "centre-online"),
        slot("staff", "centre-staff"),
        slot("commands", "num centre-commands"),
        slot("answer", "centre-answer num"),
    ]
    call = [slot("at", "num"), slot("by", "unit-by"), slot("figures", "num strong"), slot("due", "num")]
    heads = ("centre", "screen", "console", "commands", "answer")
    return pane(
        view,
        "command",
        "command",
        [
            duty_keys.bar(view, "command"),
            html.Div(
                [*(html.Span(words(f"tree_head.{name}")) for name in heads)],
                className="centre-row centre-head",
            ),
            html.Div(
                [
                    rows("centres", row, len(view.district.centres), "centre-rows", "centre-row", role="tree"),
                    html.Div(
                        [
                            html.H3(both(words, "roll_calls"), className="two"),
                            slot("roll", "roll", html.Div),
                            rows("calls", call, CALLS, "report-rows", "report-row"),
                            html.Div(words("no_roll_call"), className="soft", **{"data-slot": "no_calls"}),
                        ],
                        className="roll-calls",
                    ),
                ],
                className="command-body",
            ),
        ],
        slot("count", "count num"),
    )


def payload(
    centres: Sequence[CentreState],
    calls: Sequence[RollCall],
    centre: str,
    view: View,
    now: float,
) -> Payload:
    """The tree below a centre, in the order of the tree, and the roll-calls that concern it."""
    district, words = view.district, view.words
    states = {state.code: state for state in centres}
    shown = [code for code in in_tree_order(district) if code in states]
    top = depth(district, shown[0]) if shown else 0
    own = sorted((call for call in calls if centre in (call.centre, *call.asked)), key=lambda call: -call.at)
    called = next((call for call in own if call.centre == centre), None)
    asked = next((call for call in own if centre in call.asked and centre not in call.answers), None)
    online = sum(states[code].online for code in shown)
    return {
        "count": value(f"{online}/{len(shown)}"),
        "centres": [
            {
                **_centre(district.centres[code], states[code], view),
                "indent": value(state=str(min(4, depth(district, code) - top))),
                "answer": _answer(called, code, view, now),
            }
            for code in shown
        ],
        "codes": shown,
        "roll": value(_roll(called, view) if called else "", hide=called is None),
        "calls": [_call(call, view, now) for call in own[:CALLS]],
        "no_calls": value(words("no_roll_call"), hide=bool(own)),
        "asked": asked.id if asked else "",
        "acts": {
            "act_as": "",
            "call_roll": "" if len(shown) > 1 else words("why.nobody_below"),
            "answer": "" if asked else words("why.not_called"),
        },
    }


def depth(district: District, code: str) -> int:
    """How far a centre is below the top."""
    steps = 0
    parent = district.centres[code].parent
    while parent:
        steps, parent = steps + 1, district.centres[parent].parent
    return steps


def in_tree_order(district: District) -> list[str]:
    """Every centre, each before what is below it."""
    below: dict[str, list[str]] = {}
    for centre in district.centres.values():
        below.setdefault(centre.parent, []).append(centre.code)
    order: list[str] = []
    waiting = list(reversed(below.get("", [])))
    while waiting:
        code = waiting.pop()
        order.append(code)
        waiting += reversed(below.get(code, []))
    return order


def _centre(centre: Centre, state: CentreState, view: View) -> Payload:
    words = view.words
    word = "online" if state.online else "offline"
    names = many(list(state.staffed_by), view)
    return {
        "row": value(state=word),
        "lamp": value(state=word),
        "name": value(words.name(centre.name, centre.name_en)),
        "online": value(words(word), word),
        "staff": value(names or words("nobody_there"), "staffed" if names else "empty"),
        "commands": value(write.number(state.commands) if state.commands else "", "some"),
    }


def _answer(call: RollCall | None, code: str, view: View, now: float) -> Payload:
    """What became of the last roll-call of this centre at another one."""
    if call is None or code not in call.asked:
        return value("")
    answer = call.answers.get(code)
    words = view.words
    if answer is None:
        return value(words("roll_missing" if now > call.due_at else "roll_waits"), "late" if now > call.due_at else "")
    after = write.minutes(answer.at - call.at)
    if answer.at > call.due_at:
        return value(f"{words('roll_late')} +{write.minutes(answer.at - call.due_at)}", "warn")
    return value(f"{words('roll_there')} {after}", "good")


def _roll(call: RollCall, view: View) -> str:
    late = sum(answer.at > call.due_at for answer in call.answers.values())
    return view.words("roll_figures", n=len(call.answers), m=len(call.asked), k=late)


def _call(call: RollCall, view: View, now: float) -> Payload:
    is_running = now <= call.due_at and len(call.answers) < len(call.asked)
    return {
        "at": value(write.time_of_day(call.at, view.zone)),
        "by": value(f"{call.by} {view.centre(call.centre)}".strip()),
        "figures": value(f"{len(call.answers)}/{len(call.asked)}"),
        "due": value(due=call.due_at) if is_running else value(""),
    }
