"""The wall's strip of alarms: how many of each level wait, and the gravest of them. The wall shows, consoles act."""

from dash import html
from dash.development.base_component import Component

from dashboard.overview import Overview
from dashboard.records import Level
from layouts import alarm_list
from layouts import words as write
from layouts.slots import Payload, panel, rows, slot, value
from layouts.view import View


def frame(view: View) -> Component:
    """The strip, laid out once; it stands beside the status line."""
    words = view.words
    chip = [slot("numeral", "chip chip-small"), slot("count", "num")]
    return panel(
        "alarms",
        "foot alarms-strip",
        [
            html.Span(words("pane.alarms"), className="foot-title"),
            rows("levels", chip, len(Level), "strip-levels", "strip-level"),
            slot("flood", "flood"),
            slot("kind", "strip-kind"),
            slot("name", "strip-name"),
            slot("since", "num strip-since"),
            html.Span(words("no_alarms_wait"), className="soft", **{"data-slot": "none"}),
        ],
        words("pane.alarms"),
    )


def payload(overview: Overview, view: View) -> Payload:
    """Counts, and the gravest alarm that waits; at the same level the latest."""
    counts = alarm_list.counts(overview.alarms)
    waiting = [alarm for alarm in overview.alarms if alarm.needs_action]
    top = min(waiting, key=lambda alarm: (alarm.level, -alarm.raised_at, alarm.key), default=None)
    is_flooded = overview.alarm_figures.flood_since is not None
    level = f"level-{top.level.value}" if top else ""
    return {
        "levels": [
            {
                "row": value(state=f"level-{each.value}" if counts[each] else "zero"),
                "numeral": value(write.NUMERALS[each.value], f"level-{each.value}" if counts[each] else "zero"),
                "count": value(write.number(counts[each])),
            }
            for each in Level
        ],
        "flood": value(view.words("flood_short") if is_flooded else "", hide=not is_flooded),
        "kind": value(view.words(f"alarm.{top.kind.value}") if top else "", level, hide=top is None),
        "name": value(alarm_list.name_of(top, view) if top else "", hide=top is None),
        "since": value(since=top.raised_at, hide=False) if top else value(hide=True),
        "none": value(view.words("no_alarms_wait"), hide=top is not None),
    }
