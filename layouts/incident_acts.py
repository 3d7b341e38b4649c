"""What may be done about an incident: for each act of its page why not (`acts`), and what it needs to know (`facts`).

Facts are codes with the words for them, as the browser uses them; whom a keystroke sends is decided here.
"""

from collections.abc import Mapping
from typing import Any

from dashboard.desk import next_up
from dashboard.response import OPEN, IncidentState, Leg
from dashboard.response.deeds import ReportPart, UnitOrder
from layouts import leg_words
from layouts import words as write
from layouts.duty_parts import called
from layouts.view import View

LEGS = 3


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
        "reported_at": incident.reported_at,
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
        "why": "" if best else settled or leg_words.shortfall(leg, view) or view.words("why.nobody"),
    }


def _under_way(incident: IncidentState) -> list[UnitOrder]:
    there = {arrived.call_sign for arrived in incident.arrivals}
    return [order for order in incident.sent if order.go and order.unit not in there]


def _named(order: UnitOrder, view: View) -> dict[str, str]:
    return {"unit": order.unit, "at": write.time_of_day(order.at, view.zone)}
