"""One incident on the console: what it is, its three clocks with who could come, the orders to units, the reports.

A page is plain JSON for each incident; the browser keeps them all and shows the chosen one, so that choosing is
instant. What may be done with it now, and why not, is said in `acts`; what acts need to know is in `facts`.
"""

from collections.abc import Mapping
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.desk import next_up, unanswered
from dashboard.records import ReplyState
from dashboard.response import OPEN, Arrived, Candidate, IncidentState, Leg, LegState
from dashboard.response.deeds import ReportPart, UnitOrder
from layouts import duty_keys
from layouts import words as write
from layouts.duty_parts import called, level_chip, pane, where, who
from layouts.slots import Payload, both, rows, slot, value
from layouts.view import View

LEGS = 3
CANDIDATES = 4
UNITS = 14
REPORTS = 6
_TICKING = (LegState.RUNNING, LegState.AT_RISK, LegState.OVERDUE, LegState.UNKNOWN)
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
            rows("legs", _leg(), LEGS, "tier-columns", "tier-column"),
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
        "legs": [_tier(leg, incident, view) for leg in incident.legs[:LEGS]],
        "units": [_unit(order, incident, view, now) for order in incident.sent[-UNITS:]],
        "no_units": value(words("no_orders"), hide=bool(incident.sent)),
        **_report_payload(incident, view),
        "drill": value(words("drill_mark"), hide=not incident.drill),
        "acts": acts(incident, view),
        "facts": facts(incident, centre, view),
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
        "clock": _clock(leg, zero_at),
        "bar": value(span=[zero_at, leg.due_at]) if leg.state in _TICKING else value(share=0.0),
        "arrived": value(_arrived(leg.arrived, view) if leg.arrived else "", hide=leg.arrived is None),
        "candidates": [*coming, *free][:CANDIDATES],
        "short": value(shortfall(leg, view), hide=not shortfall(leg, view)),
    }


def _clock(leg: Leg, zero_at: float) -> Payload:
    if leg.state in _TICKING:
        return value(due=leg.due_at)
    if leg.arrived is None:
        return value(write.UNKNOWN)
    if leg.state is LegState.LATE:
        return value(f"+{write.minutes(leg.arrived.at - leg.due_at)}")
    return value(write.minutes(leg.arrived.at - zero_at))


def _arrived(arrived: Arrived, view: View) -> str:
    error = f" ±{arrived.error_s:.0f} s" if arrived.error_s else ""
    at = write.time_of_day(arrived.at, view.zone)
    return f"{arrived.call_sign} · {view.words(f'evidence.{arrived.evidence.value}')} {at}{error}"


def _candidate(rank: str, unit: Candidate) -> Payload:
    return {
        "row": value(state="coming" if rank == "→" else "free"),
        "rank": value(rank),
        "sign": value(unit.call_sign),
        "away": value(write.distance(unit.distance_m)),
        "eta": value(write.minutes(unit.eta_s)),
    }


def shortfall(leg: Leg, view: View) -> str:
    """Why a leg has nobody to offer; empty where it has, or needs nobody."""
    if leg.shortfall is None:
        return ""
    words, short = view.words, leg.shortfall
    key = f"shortfall.{short.reason}"
    if key not in write.WORDS:
        return short.reason
    return words(key, d=write.distance(short.within_m), n=short.count, s=words.duration(short.limit_s))


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


# -- what can be done ------------------------------------------------------------------------------------------


def acts(incident: IncidentState, view: View) -> dict[str, str]:
    """For each act of the page why it cannot be done now; "" where it can."""
    is_open = incident.closed_at is None
    closed = view.words("why.closed")
    under_way, sent = _under_way(incident), [order for order in incident.sent if order.go]
    waiting = [leg for leg in incident.legs if leg.state in OPEN and len(leg.coming) < leg.needed]
    has_best = any(leg.candidates for leg in waiting)
    why = {
        "acknowledge": "why.acknowledged" if incident.acknowledged_at is not None else "",
        "classify": "",
        "dispatch": "" if has_best else "why.nobody" if waiting else "why.all_sent",
        "arrive": "" if under_way else "why.nobody_sent",
        "stand_down": "" if sent else "why.nobody_sent",
        "cameras": "",
        "note": "",
        "ask_up": "" if next_up(view.district, incident) else "why.at_the_top",
        "offer": "",
        "report": "",
        "close": "",
        "reopen": "why.open",
    }
    reasons = {name: view.words(key) if key else "" for name, key in why.items()}
    if is_open:
        return reasons
    still = ("cameras", "note", "report", "reopen")
    return {name: "" if name in still else closed for name in why}


def facts(incident: IncidentState, centre: str, view: View) -> dict[str, Any]:
    """What the acts of the page need to know, as the browser uses it: codes beside the words for them."""
    above = next_up(view.district, incident)
    offer = incident.offer
    return {
        "key": incident.key,
        "name": called(incident, view),
        "level": int(incident.level),
        "kind": incident.kind,
        "classified_by": incident.classified_by,
        "in_command": incident.in_command,
        "legs": [_choice(leg, view) for leg in incident.legs[:LEGS] if leg.needed],
        "under_way": [_named(order, view) for order in _under_way(incident)],
        "sent": [_named(order, view) for order in incident.sent if order.go],
        "up": {"centre": above, "name": view.centre(above)} if above else None,
        "offer": {"id": offer.id, "mine": offer.into == centre, "ours": offer.centre == centre} if offer else None,
        "parts": parts_of(incident),
        "is_closed": incident.closed_at is not None,
    }


def parts_of(incident: IncidentState) -> list[str]:
    """The reports that can be written now, the one to be expected first."""
    sent = {report.part for report in incident.reports}
    if ReportPart.FIRST not in sent:
        return [ReportPart.FIRST.value]
    final = [] if ReportPart.FINAL in sent else [ReportPart.FINAL.value]
    later = [ReportPart.FOLLOW_UP.value]
    return [*final, *later] if incident.closed_at is not None else [*later, *final]


def _choice(leg: Leg, view: View) -> Mapping[str, Any]:
    """Whom a keystroke sends for a leg: as many of the nearest as are still missing."""
    missing = max(1, leg.needed - len(leg.coming))
    is_open = leg.state in OPEN
    best = leg.candidates[:missing] if is_open else ()
    settled = "" if is_open else view.words(f"leg.{leg.state.value}")
    return {
        "tier": view.words(f"tier.{leg.tier.value}"),
        "best": [{"unit": each.call_sign, "eta": write.minutes(each.eta_s)} for each in best],
        "others": [each.call_sign for each in leg.candidates] if is_open else [],
        "is_covered": len(leg.coming) >= leg.needed,
        "why": "" if best else settled or shortfall(leg, view) or view.words("why.nobody"),
    }


def _under_way(incident: IncidentState) -> list[UnitOrder]:
    there = {arrived.call_sign for arrived in incident.arrivals}
    return [order for order in incident.sent if order.go and order.unit not in there]


def _named(order: UnitOrder, view: View) -> dict[str, str]:
    return {"unit": order.unit, "at": write.time_of_day(order.at, view.zone)}
