"""Which page a wall shows now: a live emergency goes before any page of the playlist, and for a while after it."""

import math
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from msgspec import Struct

from dashboard.playlist import Page, Playlist, turn
from dashboard.response import IncidentState
from dashboard.response.legs import LegState

_RUNNING = (LegState.RUNNING, LegState.AT_RISK, LegState.OVERDUE)


class Playing(Struct, frozen=True):
    """Where the playlist is: what a screen that follows it shows now."""

    page: Page
    until: float | None  # epoch seconds; None: nobody knows, or nothing else follows
    emergency: str = ""  # key of the incident for which the situation is up
    is_on: bool = False  # whether screens follow without being asked


def playing(playlist: Playlist, incidents: Iterable[IncidentState], now: float, zone: ZoneInfo) -> Playing:
    """The page at `now` (epoch seconds). `incidents`: those of the screen's scope, open or closed lately."""
    keeping = [(until, incident) for incident in incidents if (until := _keeps_until(incident, playlist)) > now]
    if keeping:
        until, incident = max(keeping, key=lambda each: (each[0], each[1].key))
        return Playing(Page.SITUATION, None if until == math.inf else until, incident.key, playlist.enabled)
    page, turns_at = turn(playlist, now, zone)
    return Playing(page, turns_at, is_on=playlist.enabled)


def _keeps_until(incident: IncidentState, playlist: Playlist) -> float:
    """Until when an incident keeps the situation up: for ever while it is an emergency, then a while."""
    if incident.drill or incident.late_record:
        return 0.0
    if incident.closed_at is not None:
        return incident.closed_at + playlist.linger_s
    if incident.acknowledged_at is None:
        return math.inf
    is_grave = incident.level <= playlist.yield_level
    if is_grave and any(leg.state in _RUNNING for leg in incident.legs):
        return math.inf
    there = [leg.arrived.at for leg in incident.legs if leg.arrived] if is_grave else []
    return max([incident.acknowledged_at, *there]) + playlist.linger_s
