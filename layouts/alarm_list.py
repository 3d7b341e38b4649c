"""The alarms of a scope: active or cleared, acknowledged or not, shelved or not; floods folded; their figures."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.alarms import AlarmFigures, AlarmKind, AlarmState
from dashboard.alarms.states import raise_ref
from dashboard.records import Level
from layouts import duty_keys
from layouts import words as write
from layouts.duty_parts import level_chip, pane, who
from layouts.slots import Payload, both, rows, slot, value
from layouts.view import View

ROWS = 120
# How many alarms one operator can answer (EEMUA 191, DOMAIN section 9, A2): beyond the first it is much, beyond the
# second too much.
PER_10_MIN = (2, 10)
PER_HOUR = (12, 30)
PER_DAY = (150, 300)
_FIGURES = ("last_10_min", "last_hour", "last_day", "stale", "chattering", "shelved")
_LIMITS = {"last_10_min": PER_10_MIN, "last_hour": PER_HOUR, "last_day": PER_DAY, "stale": (0, 5), "chattering": (0, 1)}
_RATES = ("last_10_min", "last_hour", "last_day")  # officers at their consoles share them
# Which view shows what an alarm is about.
_CAUSES = ("tier", "band", "noted")  # the words that a cause may have
VIEWS = {
    AlarmKind.INCIDENT: "incident",
    AlarmKind.LEG: "incident",
    AlarmKind.REPORT: "incident",
    AlarmKind.ORDER: "incident",
    AlarmKind.ALERT: "triage",
    AlarmKind.SOS: "triage",
    AlarmKind.CASES: "cases",
}


def frame(view: View) -> Component:
    """The pane, laid out once."""
    words = view.words
    row = [
        slot("level", "chip chip-small"),
        slot("kind", "alarm-kind"),
        slot("name", "alarm-name"),
        slot("place", "alarm-place"),
        slot("state", "alarm-state"),
        slot("marks", "alarm-marks"),
        slot("since", "num alarm-since"),
        slot("until", "alarm-until num"),
    ]
    figure = [slot("word", "soft"), slot("figure", "strong num")]
    return pane(
        view,
        "alarms",
        "alarms",
        [
            html.Div(
                [
                    rows("figures", figure, len(_FIGURES), "alarm-figures", "alarm-figure"),
                    slot("flood", "flood"),
                ],
                className="alarm-health",
            ),
            duty_keys.bar(view, "alarms"),
            html.Div(
                [html.Span(words(f"alarm_head.{name}")) for name in ("level", "kind", "what", "where", "state")]
                + [html.Span(""), html.Span(words("alarm_head.since")), html.Span(words("alarm_head.until"))],
                className="alarm-row alarm-head",
            ),
            rows("alarms", row, ROWS, "alarm-rows", "alarm-row", role="listbox"),
            html.Div(both(words, "no_alarms"), className="empty two", **{"data-slot": "empty"}),
            slot("more", "queue-more"),
        ],
        slot("count", "count num"),
    )


def payload(alarms: Sequence[AlarmState], figures: AlarmFigures, view: View) -> Payload:
    """The rows; behind the head of a flood's group its members, which the browser unfolds."""
    words = view.words
    listed = list(_folded(alarms))
    shown = listed[:ROWS]
    waiting = sum(alarm.needs_action for alarm in alarms)
    more = len(listed) - len(shown)
    return {
        "count": value(write.number(waiting), hide=not waiting),
        "figures": [_figure(name, figures, view) for name in _FIGURES],
        "flood": value(
            words("flood", t=write.time_of_day(figures.flood_since, view.zone)) if figures.flood_since else "",
            hide=figures.flood_since is None,
        ),
        "alarms": [_row(alarm, members, view) for alarm, members in shown],
        "items": [_item(alarm, members, view) for alarm, members in shown],
        "empty": value(hide=bool(alarms)),
        "more": value(words("more_tasks", n=more) if more > 0 else "", hide=more <= 0),
        "ring": ring(alarms),
    }


def ring(alarms: Iterable[AlarmState]) -> dict[str, Any] | None:
    """The one alarm that sounds: the gravest that nobody has answered; at the same level the latest."""
    ringing = [alarm for alarm in alarms if alarm.needs_action and alarm.rang_at > 0 and not alarm.chattering]
    loudest = min(ringing, key=lambda alarm: (alarm.level, -alarm.rang_at, alarm.key), default=None)
    if loudest is None:
        return None
    return {"key": loudest.key, "level": int(loudest.level), "at": loudest.rang_at}


def counts(alarms: Iterable[AlarmState]) -> dict[Level, int]:
    """How many alarms of each level need somebody."""
    found = Counter(alarm.level for alarm in alarms if alarm.needs_action)
    return {level: found[level] for level in Level}


def name_of(alarm: AlarmState, view: View) -> str:
    """What an alarm says: its title, and its cause where it has one."""
    known = next((key for family in _CAUSES if (key := f"{family}.{alarm.cause}") in write.WORDS), "")
    cause = view.words(known) if known else view.kind(alarm.cause)
    if alarm.title and alarm.kind in (AlarmKind.FEED, AlarmKind.ALERT):  # kind and title say it already
        cause = ""
    return " · ".join(part for part in (alarm.title or alarm.subject, alarm.unit, cause) if part)


def _folded(alarms: Sequence[AlarmState]) -> Iterable[tuple[AlarmState, int]]:
    """Alarms with the number that each stands for: the first of a group all of it, its other members 0."""
    members = Counter(alarm.group for alarm in alarms if alarm.group)
    seen: set[str] = set()
    grouped: dict[str, list[AlarmState]] = {}
    for alarm in alarms:
        if alarm.group:
            grouped.setdefault(alarm.group, []).append(alarm)
    for alarm in alarms:
        if not alarm.group or members[alarm.group] < 2:
            yield alarm, 1
        elif alarm.group not in seen:
            seen.add(alarm.group)
            yield alarm, members[alarm.group]
            for other in grouped[alarm.group][1:]:
                yield other, 0


def _figure(name: str, figures: AlarmFigures, view: View) -> Payload:
    count, limits = getattr(figures, name), _LIMITS.get(name)
    share = count / max(1, figures.operators) if name in _RATES else count
    state = "good" if limits is None or share <= limits[0] else "warn" if share <= limits[1] else "late"
    each = f" · {view.words('alarms.each', n=f'{share:.1f}')}" if name in _RATES and figures.operators > 1 else ""
    return {
        "row": value(state=state, tip=_limit_words(limits, view)),
        "word": value(view.words(f"alarms.{name}")),
        "figure": value(f"{write.number(count)}{each}"),
    }


def _limit_words(limits: tuple[int, int] | None, view: View) -> str:
    return view.words("alarm_limits", n=limits[0], m=limits[1]) if limits else ""


def _row(alarm: AlarmState, members: int, view: View) -> Payload:
    words = view.words
    place = where(alarm, view)
    folded = words("folded", n=members) if members > 1 else ""
    return {
        "row": value(state=_row_state(alarm)),
        "level": level_chip(int(alarm.level), alarm.needs_action),
        "kind": value(words(f"alarm.{alarm.kind.value}")),
        "name": value(" · ".join(part for part in (folded, name_of(alarm, view)) if part)),
        "place": value(" → ".join(part for part in (place, view.centre(alarm.held_by)) if part) or write.UNKNOWN),
        "state": value(_state_word(alarm, view), _row_state(alarm)),
        "marks": value(_marks(alarm, view)),
        "since": value(since=alarm.raised_at),
        "until": _until(alarm, view),
    }


def where(alarm: AlarmState, view: View) -> str:
    """The sub-district that an alarm is about; empty where it is about none."""
    if alarm.area:
        return view.centre(alarm.area)
    return view.sub_district(alarm.community) if alarm.community >= 0 else ""


def _row_state(alarm: AlarmState) -> str:
    if alarm.needs_approval:
        return "asked"
    if alarm.shelved_until is not None:
        return "shelved"
    if alarm.acknowledged_at is not None:
        return "acknowledged"
    return "waiting" if alarm.active else "cleared"


def _state_word(alarm: AlarmState, view: View) -> str:
    """Active or cleared, and what somebody did about it."""
    words = view.words
    condition = words("alarm_active" if alarm.active else "alarm_cleared")
    return f"{condition} · {words(f'alarm_state.{_row_state(alarm)}')}"


def _until(alarm: AlarmState, view: View) -> Payload:
    """How long it is still shelved, or who acknowledged it."""
    if alarm.shelved_until is not None:
        return value(due=alarm.shelved_until)
    is_acknowledged = alarm.acknowledged_at is not None
    return value(who(alarm.acknowledged_by, alarm.acknowledged_from, view) if is_acknowledged else "")


def _marks(alarm: AlarmState, view: View) -> str:
    words = view.words
    marks = [words("chattering")] if alarm.chattering else []
    marks += [words("standing")] if alarm.stale else []
    marks += [f"×{alarm.raised_count}"] if alarm.raised_count > 1 else []
    return " · ".join(marks)


def _item(alarm: AlarmState, members: int, view: View) -> dict[str, Any]:
    """What the browser must know of a row: what opens it, what may be done, to which of a group it belongs."""
    words = view.words
    is_shelved = alarm.shelved_until is not None
    why = {
        "acknowledge_alarm": words("why.acknowledged") if alarm.acknowledged_at is not None else "",
        "shelve": words("why.shelved") if is_shelved or alarm.needs_approval else "",
        "approve": "" if alarm.needs_approval else words("why.not_asked"),
        "unshelve": "" if is_shelved or alarm.needs_approval else words("why.not_shelved"),
        "open": "",
    }
    return {
        "key": alarm.key,
        "raise": raise_ref(alarm),
        "level": int(alarm.level),
        "name": name_of(alarm, view),
        "shelve_order": alarm.shelve_order,
        "asked_by": alarm.shelved_by,
        "subject": alarm.subject,
        "view": VIEWS.get(alarm.kind, ""),
        "group": alarm.group,
        "members": members,
        "acts": why,
    }
