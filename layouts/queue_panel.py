"""The queue: what needs the officer now, by level and age, with a place of its own for the newest grave one."""

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.alarms import AlarmState
from dashboard.alerts import AlertState
from dashboard.desk import Task, Want, newest_critical
from dashboard.response import IncidentState
from layouts import alarm_list, duty_keys
from layouts import words as write
from layouts.duty_parts import called, level_chip, many, pane, where
from layouts.slots import Payload, both, rows, slot, value
from layouts.view import View

ROWS = 60
# Which view shows the subject of a task.
VIEW_OF = {
    Want.ACKNOWLEDGE: "incident",
    Want.OFFER: "incident",
    Want.LEG: "incident",
    Want.ORDER: "incident",
    Want.REPORT: "incident",
    Want.ALARM: "alarms",
    Want.APPROVE: "alarms",
    Want.ALERT: "triage",
    Want.ROLL_CALL: "command",
    Want.TAKE_OVER: "shift",
    Want.CASES: "cases",
}
Subjects = Mapping[str, IncidentState | AlertState | AlarmState]


def frame(view: View) -> Component:
    """The pane, laid out once."""
    words = view.words
    return pane(
        view,
        "queue",
        "queue",
        [
            html.Div(
                [
                    html.Div(words("critical_place"), className="soft critical-label"),
                    html.Div(_row(), className="task", **{"data-slot": "critical_row"}),
                    html.Div(words("no_critical"), className="no-critical", **{"data-slot": "no_critical"}),
                ],
                className="critical",
                **{"data-live": "critical"},
            ),
            rows("tasks", _row(), ROWS, "tasks", "task", role="listbox", **{"aria-label": words("pane.queue")}),
            html.Div(both(words, "nothing_waits"), className="empty two", **{"data-slot": "empty"}),
            slot("more", "queue-more"),
        ],
        slot("count", "count num"),
        duty_keys.button(view, duty_keys.ACTS["queue"][0], "act quiet"),
    )


def payload(waiting: Sequence[Task], subjects: Subjects, view: View) -> Payload:
    """The rows in their order, and what the browser must know to open each (`items`)."""
    shown = waiting[:ROWS]
    top = newest_critical(waiting)
    critical = _shown(top, subjects, view) if top else {}
    more = len(waiting) - len(shown)
    return {
        "count": value(write.number(len(waiting)), hide=not waiting),
        **{name: content for name, content in critical.items() if name != "row"},
        "critical_row": value(state=critical["row"]["state"] if top else "", hide=top is None),
        "no_critical": value(view.words("no_critical"), hide=top is not None),
        "tasks": [_shown(task, subjects, view) for task in shown],
        "empty": value(hide=bool(waiting)),
        "more": value(view.words("more_tasks", n=more) if more > 0 else "", hide=more <= 0),
        "items": [_item(task, subjects) for task in shown],
        "critical": _item(top, subjects) if top else None,
    }


def _row() -> list[Component]:
    return [
        slot("level", "chip chip-small"),
        html.Span([slot("want", "task-want"), slot("name", "task-name")], className="task-line"),
        slot("clock", "task-clock num"),
        slot("detail", "task-detail"),
    ]


def _shown(task: Task, subjects: Subjects, view: View) -> Payload:
    level = int(task.level)
    is_top = level == 1 and task.want in (Want.ACKNOWLEDGE, Want.ALARM)
    subject = subjects.get(task.subject)
    name, detail = _texts(task, subject, view)
    kind = f"alarm.{subject.kind.value}" if isinstance(subject, AlarmState) else f"want.{task.want.value}"
    return {
        "row": value(state="top" if is_top else task.want.value),
        "level": level_chip(level),
        "want": value(view.words(kind), task.want.value),
        "name": value(name),
        "clock": value(due=task.due_at) if task.due_at is not None else value(since=task.since),
        "detail": value(detail or write.UNKNOWN),
    }


def _texts(task: Task, subject: Any, view: View) -> tuple[str, str]:
    """What a row is called, and the line below."""
    words = view.words
    if isinstance(subject, IncidentState):
        return called(subject, view), _detail(task, where(subject, view), view)
    if isinstance(subject, AlertState):
        return subject.title or subject.kind, view.device(subject.device) or view.community(subject.community)
    if isinstance(subject, AlarmState):
        cleared = "" if subject.active else words("alarm_cleared")
        place = alarm_list.where(subject, view) or words("whole_district")
        return alarm_list.name_of(subject, view), " · ".join(part for part in (place, cleared) if part)
    if task.want is Want.CASES:
        return words("supervised_late", n=task.detail), ""
    return words(f"want.{task.want.value}"), view.centre(task.detail) if task.detail else ""


def _detail(task: Task, place: str, view: View) -> str:
    words = view.words
    if task.want is Want.LEG:
        return f"{many([words(f'tier.{tier}') for tier in task.detail.split(',')], view)} · {place}"
    if task.want is Want.ORDER:
        return f"{many(task.detail.split(','), view)} · {place}"
    if task.want is Want.OFFER:
        return f"{words('offer_from', c=view.centre(task.detail))} · {place}"
    return place


def _item(task: Task, subjects: Subjects) -> dict[str, str | int]:
    """What the browser must know to open a row: an alarm leads to what it is about, where that has a view."""
    alarm = subjects.get(task.subject)
    leads = alarm_list.VIEWS.get(alarm.kind) if isinstance(alarm, AlarmState) and task.want is Want.ALARM else None
    return {
        "key": task.key,
        "subject": alarm.subject if leads and isinstance(alarm, AlarmState) else task.subject,
        "view": leads or VIEW_OF[task.want],
        "want": task.want.value,
        "level": int(task.level),
        "alarm": task.alarm,
    }
