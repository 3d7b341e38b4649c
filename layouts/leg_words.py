"""How one leg of an incident's clock is written, on the wall's cards and on the console alike."""

from dashboard.response import Arrived, Leg, LegState
from layouts import words as write
from layouts.slots import Payload, value
from layouts.view import View

TICKING = (LegState.RUNNING, LegState.AT_RISK, LegState.OVERDUE, LegState.UNKNOWN)


def clock(leg: Leg, zero_at: float) -> Payload:
    """What is left or over while it runs; how long it took, or how late it was, when it is done."""
    if leg.state in TICKING:
        return value(due=leg.due_at)
    if leg.arrived is None:
        return value(write.UNKNOWN)
    if leg.state is LegState.LATE:
        return value(f"+{write.minutes(leg.arrived.at - leg.due_at)}")
    return value(write.minutes(leg.arrived.at - zero_at))


def arrival(arrived: Arrived, view: View) -> str:
    """Who arrived, how we know, and when."""
    error = f" ±{arrived.error_s:.0f} s" if arrived.error_s else ""
    at = write.time_of_day(arrived.at, view.zone)
    return f"{arrived.call_sign} · {view.words(f'evidence.{arrived.evidence.value}')} {at}{error}"


def shortfall(leg: Leg, view: View) -> str:
    """Why a leg has nobody to offer; empty where it has, or needs nobody."""
    if leg.shortfall is None:
        return ""
    words, short = view.words, leg.shortfall
    key = f"shortfall.{short.reason}"
    if key not in write.WORDS:
        return short.reason
    return words(key, d=write.distance(short.within_m), n=short.count, s=words.duration(short.limit_s))
