"""One incident on the console: what it is, its three clocks with who could come, the orders to units, the reports.

A page is plain JSON for each incident; the browser keeps them all and shows the chosen one, so that choosing is
instant. What may be done with it now is in incident_acts.py.
"""

from dash import html
from dash.development.base_component import Component

from dashboard.desk import unanswered
from dashboard.records import ReplyState
from dashboard.response import Arrived, Candidate, IncidentState, Leg
from dashboard.response.deeds import ReportPart, UnitOrder
from layouts import duty_keys, incident_acts, leg_words
from layouts import words as write
from layouts.duty_parts import called, level_chip, pane, where, who
from layouts.slots import Payload, both, rows, slot, value
from layouts.view import View

CANDIDATES = 4
UNITS = 14
REPORTS = 6
_STEPS = (ReplyState.DELIVERED, ReplyState.READ, ReplyState.ACCEPTED)


def frame(view: View) -> Component:
    """The pane, laid out once."""
    return pane(
        view,
        "incident",
        "incident",
        [
            _head(view),
            duty_keys.bar(view, "incident"),
            rows("legs", _leg(), incident_acts.LEGS, "tier-columns", "tier-column"),
            html.Div([_units(view), _reports(view)], className="incident-lower"),
            slot("drill", "watermark"),
            html.Div(both(view.words, "choose_incident"), className="empty two", **{"data-live": "no-incident"}),
        ],
        slot("offer", "offer-bar", role="status"),
    )


def _head(view: View) -> Component:
    words = view.words
    facts = ("reported", "command", "held", "acknowledged")
    return html.Div(
        [
            html.Div(
                [
                    slot("level", "chip"),
                    slot("title", "incident-title", html.H3),
                    slot("closed", "tag"),
                    slot("elapsed", "incident-elapsed num"),
                ],
                className="incident-line",
            ),
            html.Div(
                [
                    slot("kind", "strong"),
                    slot("place", "incident-place"),
                    slot("key", "mute num"),
                    html.Button(
                        view.words("replay.from_report"),
                        type="button",
                        className="replay-report",
                        **{"data-replay": "report"},
                    ),
                ],
                className="incident-line",
            ),
            html.Dl(
                [
                    html.Div([html.Dt(words(f"fact.{name}")), slot(name, "num", html.Dd)], className="fact")
                    for name in facts
                ],
                className="facts",
            ),
        ],
        className="incident-head",
    )


def _leg() -> list[Component]:
    candidate = [
        slot("rank", "candidate-rank num"),
        slot("sign", "candidate-sign"),
        slot("away", "num"),
        slot("eta", "num candidate-eta"),
    ]
    return [
        html.Div([slot("tier", "leg-tier"), slot("word", "leg-word"), slot("clock", "leg-clock num")], className="leg"),
        html.Span(slot("bar", "bar-fill", html.I), className="bar leg-bar"),
        slot("arrived", "leg-arrived", html.Div),
        rows("candidates", candidate, CANDIDATES, "candidates", "candidate"),
        slot("short", "leg-short", html.Div),
    ]


def _units(view: View) -> Component:
    words = view.words
    unit = [
        slot("sign", "strong"),
        slot("at", "num"),
        slot("by", "unit-by"),
        html.Span(
            [slot(step.value, "step", html.I) for step in _STEPS],
            className="steps",
            **{"aria-hidden": "true"},
        ),
        slot("word", "unit-word"),
        slot("clock", "num"),
    ]
    return html.Div(
        [
            html.H3(both(words, "orders_to_units"), className="two"),
            rows("units", unit, UNITS, "unit-rows", "unit-row"),
            html.Div(words("no_orders"), className="soft", **{"data-slot": "no_units"}),
        ],
        className="incident-units",
    )


def _reports(view: View) -> Component:
    words = view.words
    report = [slot("part", "strong"), slot("at", "num"), slot("by", "unit-by")]
    return html.Div(
        [
            html.H3(both(words, "reports"), className="two"),
            html.Div(
                [slot("report_word", "report-word"), slot("report_due", "report-due num")],
                className="report-line",
            ),
            rows("reports", report, REPORTS, "report-rows", "report-row"),
        ],
        className="incident-reports",
    )


def payload(incident: IncidentState, centre: str, view: View, now: float) -> Payload:
    """The page of one incident as a centre sees it."""
    words = view.words
    is_open = incident.closed_at is None
    late = words("late_record")
    return {
        "level": level_chip(int(incident.level), is_open),
        "title": value(called(incident, view)),
        "closed": value(_ended(incident, view), "closed", hide=is_open),
        "elapsed": _elapsed(incident),
        "kind": value(view.kind(incident.kind) + (f" · {late}" if incident.late_record else "")),
        "place": value(where(incident, view)),
        "key": value(incident.key),
        "reported": value(write.time_of_day(incident.reported_at, view.zone)),
        "command": value(view.centre(incident.in_command) or write.UNKNOWN),
        "held": value(view.centre(incident.held_by) or write.UNKNOWN),
        "acknowledged": _acknowledged(incident, view),
        "offer": _offer(incident, centre, view),
        "legs": [_tier(leg, incident, view) for leg in incident.legs[: incident_acts.LEGS]],
        "units": [_unit(order, incident, view, now) for order in incident.sent[-UNITS:]],
        "no_units": value(words("no_orders"), hide=bool(incident.sent)),
        **_report_payload(incident, view),
        "drill": value(words("drill_mark"), hide=not incident.drill),
        "acts": incident_acts.acts(incident, view),
        "facts": incident_acts.facts(incident, centre, view),
    }


def _elapsed(incident: IncidentState) -> Payload:
    zero_at = incident.zero_at or incident.reported_at
    if incident.closed_at is None:
        return value(since=zero_at)
    return value(write.minutes(incident.closed_at - zero_at))


def _ended(incident: IncidentState, view: View) -> str:
    if incident.closed_at is None:
        return ""
    outcome = f"outcome.{incident.outcome}"
    name = view.words(outcome) if outcome in write.WORDS else incident.outcome
    return " · ".join(part for part in (view.words("closed_word"), name) if part)


def _acknowledged(incident: IncidentState, view: View) -> Payload:
    if incident.acknowledged_at is None:
        return value(view.words("unacknowledged"), "unacknowledged")
    at = write.time_of_day(incident.acknowledged_at, view.zone)
    by = who(incident.acknowledged_by, incident.acknowledged_from, view)
    return value(f"{at} {by}".strip(), "acknowledged")


def _offer(incident: IncidentState, centre: str, view: View) -> Payload:
    offer = incident.offer
    if offer is None:
        return value(hide=True)
    is_mine = offer.into == centre
    key = "offer_to_us" if is_mine else "offer_waits"
    text = view.words(key, c=who(offer.by, offer.centre, view), d=view.centre(offer.into))
    return value(text, "mine" if is_mine else "waits", hide=False)


# -- legs and units --------------------------------------------------------------------------------------------


def _tier(leg: Leg, incident: IncidentState, view: View) -> Payload:
    words = view.words
    zero_at = incident.zero_at or incident.reported_at
    needed = f" ×{leg.needed}" if leg.needed > 1 else ""
    coming = [_candidate("→", unit) for unit in leg.coming]
    free = [_candidate(str(place), unit) for place, unit in enumerate(leg.candidates, 1)]
    return {
        "row": value(state=leg.state.value),
        "tier": value(f"{words(f'tier.{leg.tier.value}')} {leg.limit_s / 60:g}′{needed}" if leg.needed else ""),
        "word": value(words(f"leg.{leg.state.value}"), leg.state.value),
        "clock": leg_words.clock(leg, zero_at),
        "bar": value(span=[zero_at, leg.due_at]) if leg.state in leg_words.TICKING else value(share=0.0),
        "arrived": value(leg_words.arrival(leg.arrived, view) if leg.arrived else "", hide=leg.arrived is None),
        "candidates": [*coming, *free][:CANDIDATES],
        "short": value(leg_words.shortfall(leg, view), hide=not leg_words.shortfall(leg, view)),
    }


def _candidate(rank: str, unit: Candidate) -> Payload:
    return {
        "row": value(state="coming" if rank == "→" else "free"),
        "rank": value(rank),
        "sign": value(unit.call_sign),
        "away": value(write.distance(unit.distance_m)),
        "eta": value(write.minutes(unit.eta_s)),
    }


def _unit(order: UnitOrder, incident: IncidentState, view: View, now: float) -> Payload:
    there = {arrived.call_sign: arrived for arrived in reversed(incident.arrivals)}.get(order.unit)
    word, state = _word(order, there, view, now)
    reached = _STEPS.index(order.state) + 1 if order.state in _STEPS else 0
    is_waiting = order.is_awaited and there is None and order.state is not ReplyState.ACCEPTED and state == "waiting"
    return {
        "row": value(state=state),
        "sign": value(order.unit),
        "at": value(write.time_of_day(order.at, view.zone)),
        "by": value(who(order.by, order.centre, view) or write.UNKNOWN),
        **{step.value: value(state="on" if place < reached else "off") for place, step in enumerate(_STEPS)},
        "word": value(word, state),
        "clock": value(due=order.answer_due_at) if is_waiting else value(""),
    }


def _word(order: UnitOrder, there: Arrived | None, view: View, now: float) -> tuple[str, str]:
    """How far an order to a unit has come, in a word and as a state."""
    words = view.words
    if not order.go:
        return words("reply.stood_down"), "stood_down"
    if there is not None:
        at = write.time_of_day(there.at, view.zone)
        return f"{words('leg.met')} {at} · {words(f'evidence.{there.evidence.value}')}", "there"
    if order.state in (ReplyState.DECLINED, ReplyState.FAILED):
        reason = f"：{order.reason}" if order.reason else ""
        return f"{words(f'reply.{order.state.value}')}{reason}", "refused"
    if unanswered(order, now):
        return words("reply.timed_out"), "refused"
    if order.state is ReplyState.ACCEPTED:
        return words("reply.accepted"), "accepted"
    return words(f"reply.{order.state.value}" if order.state else "reply.sent"), "waiting"


# -- reports ---------------------------------------------------------------------------------------------------


def _report_payload(incident: IncidentState, view: View) -> Payload:
    words = view.words
    sent = {report.part for report in incident.reports}
    is_due = incident.report_due_at is not None and ReportPart.FIRST not in sent
    parts = [
        {
            "part": value(words(f"report.{report.part.value}")),
            "at": value(write.time_of_day(report.at, view.zone)),
            "by": value(who(report.by, report.centre, view)),
        }
        for report in reversed(incident.reports[-REPORTS:])
    ]
    return {
        "report_word": value(words("first_report_due") if is_due else "" if sent else words("no_report_asked")),
        "report_due": value(due=incident.report_due_at) if is_due else value(""),
        "reports": parts,
    }
