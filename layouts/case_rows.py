"""How one case is written: in a row of the table, in the pane beside it, in an export. Text and states, no components
but the pane's.

The state of a limit is a word and a shape as well as a colour; what is normal has neither shape nor colour.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.backlog import CaseRow, is_overdue
from dashboard.backlog.query import is_soon
from layouts import words as write
from layouts.view import View
from layouts.words import UNKNOWN

_SHAPES = {"late": "▲", "soon": "◆", "held": "‖", "ended": "✓"}


def cells(case: CaseRow, view: View, now: float) -> dict[str, Any]:
    """What the table shows of a case: texts by column, and the states that CSS draws."""
    zone = view.zone
    state = limit_state(case, now)
    return {
        "key": case.key,
        "state": state,
        "left": " ".join(part for part in (_SHAPES.get(state, ""), left(case, view, now)) if part),
        "item": view.item(case.item) or UNKNOWN,
        "title": case.title,
        "stage": view.words(f"stage.{case.stage.value}"),
        "department": department(case, view),
        "place": place(case, view),
        "reported": write.day_and_time(case.reported_at, now, zone),
        "due": UNKNOWN if case.due_at is None else write.day_and_time(case.due_at, now, zone),
        "urged": _urged(case, view, now),
        "supervised": _since(case.supervised_at, view, now),
        "held": _since(case.held_since, view, now),
    }


def limit_state(case: CaseRow, now: float) -> str:
    """late, soon, held, ended, none (no limit) or on_time: one of these at a time, the gravest first."""
    if is_overdue(case, now):
        return "late"
    if case.closed_at is not None:
        return "ended"
    if case.held_since is not None:
        return "held"
    if case.due_at is None:
        return "none"
    return "soon" if is_soon(case, now) else "on_time"


def left(case: CaseRow, view: View, now: float) -> str:
    """What is left of the limit, or by how much it is past."""
    if case.due_at is None:
        return view.words("cases.no_limit")
    clock = case.closed_at if case.closed_at is not None else min(now, case.held_since or now)
    left_s = case.due_at - clock
    return view.words("cases.over" if left_s < 0 else "cases.left", d=view.words.duration(abs(left_s)))


def department(case: CaseRow, view: View) -> str:
    """The department that has the case."""
    known = view.district.departments
    return view.centre(known[case.department].code) if 0 <= case.department < len(known) else UNKNOWN


def place(case: CaseRow, view: View) -> str:
    """Sub-district and community; a case outside of all has neither."""
    if case.community < 0:
        return UNKNOWN
    return f"{view.sub_district(case.community)} · {view.community(case.community)}"


def detail(case: CaseRow, view: View, now: float) -> Component:
    """The pane beside the table: everything that the row of this case says."""
    words = view.words
    terms: list[Component] = []
    for word, text in _facts(case, view, now):
        if text:
            terms += [html.Dt(words(word)), html.Dd(text)]
    head = cells(case, view, now)
    return html.Div(
        [
            html.H3(case.title or head["item"]),
            html.P(head["left"], className="case-left", **{"data-state": head["state"]}),
            html.Dl(terms, className="case-facts"),
            html.P(words("cases.no_story"), className="mute"),
        ],
        className="case-detail",
    )


def _facts(case: CaseRow, view: View, now: float) -> list[tuple[str, str]]:
    def at(time: float | None) -> str:
        return "" if time is None else exactly(time, view)

    waits = view.words.duration(now - case.since) if case.closed_at is None else ""
    paused = case.paused_s + (now - case.held_since if case.held_since is not None else 0)
    return [
        ("cases.key", case.key),
        ("cases.item", view.item(case.item)),
        ("cases.stage", " · ".join(part for part in (view.words(f"stage.{case.stage.value}"), waits) if part)),
        ("cases.department", department(case, view)),
        ("cases.place", place(case, view)),
        ("cases.by", case.by),
        ("cases.reported", at(case.reported_at)),
        ("cases.due", at(case.due_at) + (f" · {view.words('cases.unsure')}" if case.limit_unsure else "")),
        ("cases.ended", at(case.closed_at)),
        ("cases.reason", case.reason),
        ("cases.held", at(case.held_since)),
        ("cases.paused", view.words.duration(paused) if paused else ""),
        ("cases.urged", _named(_urged(case, view, now), case.urged_by)),
        ("cases.supervised", _named(at(case.supervised_at), case.supervised_by)),
        ("cases.returned", _times(case.returned, view)),
        ("cases.reworked", _times(case.reworked, view)),
    ]


# What an export holds: the word of each column, and its cell.
EXPORT: tuple[tuple[str, Callable[[CaseRow, View, float], str]], ...] = (
    ("cases.key", lambda case, view, now: case.key),
    ("cases.limit", lambda case, view, now: left(case, view, now)),
    ("cases.item", lambda case, view, now: view.item(case.item)),
    ("cases.title", lambda case, view, now: case.title),
    ("cases.stage", lambda case, view, now: view.words(f"stage.{case.stage.value}")),
    ("cases.department", lambda case, view, now: department(case, view)),
    ("cases.place", lambda case, view, now: place(case, view)),
    ("cases.reported", lambda case, view, now: exactly(case.reported_at, view)),
    ("cases.due", lambda case, view, now: exactly(case.due_at, view)),
    ("cases.ended", lambda case, view, now: exactly(case.closed_at, view)),
    ("cases.urged", lambda case, view, now: str(case.urged)),
    ("cases.supervised", lambda case, view, now: exactly(case.supervised_at, view)),
    ("cases.held", lambda case, view, now: exactly(case.held_since, view)),
    ("cases.reason", lambda case, view, now: case.reason),
    ("cases.returned", lambda case, view, now: str(case.returned)),
    ("cases.reworked", lambda case, view, now: str(case.reworked)),
)


def exactly(at: float | None, view: View) -> str:
    """A whole date and time in the district's zone; "" for never."""
    return "" if at is None else datetime.fromtimestamp(at, view.zone).strftime("%Y-%m-%d %H:%M:%S")


def _urged(case: CaseRow, view: View, now: float) -> str:
    if not case.urged:
        return ""
    last = "" if case.urged_at is None else write.day_and_time(case.urged_at, now, view.zone)
    return f"{_times(case.urged, view)} · {last}"


def _since(at: float | None, view: View, now: float) -> str:
    return "" if at is None else view.words.duration(now - at)


def _times(count: int, view: View) -> str:
    return view.words("cases.times", n=count) if count else ""


def _named(text: str, by: str) -> str:
    return f"{text} · {by}" if text and by else text
