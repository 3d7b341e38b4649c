"""The strip of 1-3-5 cards: one card an open incident, three legs each, what runs out first comes first."""

from collections import Counter
from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.overview import Overview
from dashboard.response import Candidate, IncidentState, Leg
from layouts import leg_words
from layouts import words as write
from layouts.slots import Payload, both, panel, rows, slot, title, value
from layouts.view import View
from layouts.words import Words

CARDS = 12  # as many as the widest wall holds
LEGS = 3


def frame(view: View) -> Component:
    """The strip, laid out once."""
    words = view.words
    leg = [
        html.Div(
            [slot("tier", "leg-tier"), slot("word", "leg-word"), slot("clock", "leg-clock num")],
            className="leg-line",
        ),
        html.Span(slot("bar", "bar-fill", html.I), className="bar leg-bar"),
        slot("detail", "leg-detail", html.Div),
    ]
    card = [
        html.Div(
            [slot("level", "chip"), slot("kind", "card-kind"), slot("elapsed", "card-elapsed num")],
            className="card-head",
        ),
        slot("title", "card-title", html.Div),
        html.Div([slot("place", "card-place"), slot("acknowledged", "card-ack num")], className="card-line"),
        rows("legs", leg, LEGS, "legs", "leg"),
        slot("drill", "watermark"),
    ]
    empty = html.Div(
        [
            html.Div(both(words, "no_incidents"), className="empty-main two"),
            html.Div(words("no_incidents_more"), className="soft"),
        ],
        className="empty",
    )
    return panel(
        "cards",
        "strip",
        [
            title(words, "response", slot("count", "count num"), slot("rest", "rest", **{"data-rest": "cards"})),
            rows("cards", card, CARDS, "cards", "card", **{"data-fit": ""}),
            html.Div(empty, **{"data-slot": "empty"}, className="empty-box"),
        ],
        words("response"),
    )


def payload(overview: Overview, view: View) -> Payload:
    """The cards, and for each number of cards that a screen may hold, what to say of the rest."""
    incidents = overview.incidents
    return {
        "count": value(write.number(len(incidents)), hide=not incidents),
        "cards": [_card(incident, view) for incident in incidents[:CARDS]],
        "rests": [_rest(incidents[shown:], view.words) for shown in range(CARDS + 1)],
        "empty": value(hide=bool(incidents)),
    }


def _card(incident: IncidentState, view: View) -> Payload:
    words = view.words
    level = int(incident.level)
    is_waiting = incident.acknowledged_at is None
    return {
        "row": value(state="waiting" if is_waiting and level == 1 else "open", tip=incident.title),
        "level": value(write.NUMERALS[level], f"level-{level}"),
        "kind": value(view.kind(incident.kind)),
        "elapsed": value(since=incident.zero_at or incident.reported_at),
        "title": value(incident.title or view.kind(incident.kind)),
        "place": value(" · ".join(part for part in (view.sub_district(incident.community), incident.place) if part)),
        "acknowledged": _acknowledged(incident, view),
        "drill": value(words("drill_mark"), hide=not incident.drill),
        "legs": [_leg(leg, incident, view) for leg in incident.legs[:LEGS]],
    }


def _acknowledged(incident: IncidentState, view: View) -> Payload:
    words = view.words
    if incident.late_record:
        return value(words("late_record"), "acknowledged")
    if incident.acknowledged_at is None:
        return value(words("unacknowledged"), "unacknowledged")
    return value(f"{words('acknowledged')} {write.time_of_day(incident.acknowledged_at, view.zone)}", "acknowledged")


def _leg(leg: Leg, incident: IncidentState, view: View) -> Payload:
    words = view.words
    zero_at = incident.zero_at or incident.reported_at
    needed = f" ×{leg.needed}" if leg.needed > 1 else ""
    return {
        "row": value(state=leg.state.value),
        "tier": value(f"{words(f'tier.{leg.tier.value}')} {leg.limit_s / 60:g}′{needed}"),
        "word": value(words(f"leg.{leg.state.value}")),
        "clock": leg_words.clock(leg, zero_at),
        "bar": value(span=[zero_at, leg.due_at])
        if leg.state in leg_words.TICKING
        else value(share=_taken(leg, zero_at)),
        "detail": value(_detail(leg, view) or write.UNKNOWN),
    }


def _bar(leg: Leg, zero_at: float) -> Payload:
    if leg.state in leg_words.TICKING:
        return value(span=[zero_at, leg.due_at])
    return value(share=_taken(leg, zero_at))


def _taken(leg: Leg, zero_at: float) -> float:
    if leg.arrived is None or leg.due_at <= zero_at:
        return 0.0
    return round(min(1.0, max(0.0, (leg.arrived.at - zero_at) / (leg.due_at - zero_at))), 3)


def _detail(leg: Leg, view: View) -> str:
    if leg.arrived is not None:
        return leg_words.arrival(leg.arrived, view)
    if leg.coming:
        return _away(leg.coming[0], view.words, " → ")
    if leg.candidates:
        return _away(leg.candidates[0], view.words, " · ")
    return leg_words.shortfall(leg, view)


def _away(unit: Candidate, words: Words, mark: str) -> str:
    """Who comes (→) or could come (·), from how far, and when it would be there."""
    away = f"{write.distance(unit.distance_m)} · {words('arrives_in')} {write.minutes(unit.eta_s)}"
    return f"{unit.call_sign}{mark}{away}"


def _rest(hidden: Sequence[IncidentState], words: Words) -> str:
    if not hidden:
        return ""
    levels = Counter(int(incident.level) for incident in hidden)
    parts = " ".join(f"{write.NUMERALS[level]} {levels[level]}" for level in sorted(levels))
    return f"{words('more_incidents', n=len(hidden))} · {parts}"
