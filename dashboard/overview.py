"""The overview of one scope: the figures that one wall shows, drawn from the situation at one time."""

from collections import Counter

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from dashboard.alarms import AlarmFigures, AlarmState
from dashboard.alerts import AlertStage, AlertState
from dashboard.backlog.cases import BacklogFigures
from dashboard.command import staffed_by
from dashboard.district import Centre, CentreKind, District, Scope
from dashboard.duty import Duty
from dashboard.forces.strength import AreaForces, TierFigures, area_forces, tier_figures
from dashboard.heartbeats import FeedCondition, FeedState, is_manned
from dashboard.patrol.figures import PatrolFigures
from dashboard.patrol.figures import figures as patrol_figures
from dashboard.records import Tier
from dashboard.response.incidents import IncidentState
from dashboard.response.legs import LegState
from dashboard.sensors import SensorState
from dashboard.situation import Situation

ALERTS_MOST = 40
ALARMS_MOST = 100


class CentreState(Struct, frozen=True):
    """How a centre is there: its screens, its officers, and what it commands."""

    code: str
    online: bool  # somebody's screen or console of it is connected
    seen_at: float  # 0: never
    staffed_by: tuple[str, ...] = ()  # titles of the officers at its consoles
    commands: int = 0  # open incidents that it is in command of, drills too


class Headline(Struct, frozen=True, kw_only=True):
    """What one glance must answer within five seconds."""

    open_by_level: tuple[int, int, int, int]  # I, II, III, IV; drills are not counted
    drills: int
    oldest_unacknowledged: str  # incident key, "" if all are acknowledged
    oldest_unacknowledged_at: float
    next_deadline_key: str  # the incident whose leg runs out next, "" if none runs
    next_deadline_tier: Tier | None
    next_deadline_at: float
    feeds_good: int
    feeds_all: int
    duty_leader: str
    duty_chief: str
    handover_open_at: float = 0.0  # since when who goes waits for who comes; 0: no handover is open
    roster_gaps: int = 0  # centres of the scope whose roster leaves a gap in the next 14 days


class Overview(Struct, frozen=True, kw_only=True):
    """Everything that the panels of one scope show."""

    as_of: float  # epoch seconds, server clock
    centre: str  # code of the scope
    headline: Headline
    backlog: BacklogFigures
    incidents: tuple[IncidentState, ...]  # open ones, what runs out first comes first
    alerts: tuple[AlertState, ...]  # open ones first, newest first; at most 40
    alert_counts: tuple[tuple[AlertStage, int], ...]  # today
    tiers: tuple[TierFigures, ...]
    areas: tuple[AreaForces, ...]
    centres: tuple[CentreState, ...]  # every centre of the scope, tree order
    feeds: tuple[FeedState, ...]
    sensors_abnormal: tuple[SensorState, ...]
    sensors_normal: int
    sensors_stale: int
    alarms: tuple[AlarmState, ...] = ()  # what needs action first, then by level, the oldest first; at most 100
    alarm_figures: AlarmFigures = AlarmFigures()
    ended: tuple[IncidentState, ...] = ()  # incidents that were closed lately
    patrol: PatrolFigures = PatrolFigures()


def build(
    situation: Situation, district: District, scope: Scope, now: float, backlog: BacklogFigures | None = None
) -> Overview:
    """The overview of one scope at `now` (epoch seconds); `backlog` where its figures are known already."""
    chosen = _chosen(scope)
    incidents = tuple(state for state in situation.response.open() if scope.covers(state.community))
    feeds = tuple(sorted(situation.feeds.values(), key=lambda feed: feed.name))
    areas, area_of = _areas(district, scope)
    tree = _tree(district, scope)
    commands = Counter(state.in_command for state in situation.response.open())
    centres = tuple(_centre_state(situation, centre, commands[centre.code], now) for centre in tree)
    sensors = situation.sensors.split(now, lambda sensor: scope.covers(_community_of(sensor, district)))
    return Overview(
        as_of=now,
        centre=scope.centre.code,
        headline=_headline(incidents, feeds, situation.duty, tree, now),
        backlog=backlog or backlog_figures(situation, district, scope, now),
        incidents=incidents,
        alerts=tuple(situation.alerts.listed(chosen, ALERTS_MOST)),
        alert_counts=situation.alerts.counts(chosen, now, district.timezone),
        tiers=tier_figures(situation.forces, scope.communities, now),
        areas=area_forces(situation.forces, areas, area_of, now),
        centres=centres,
        feeds=feeds,
        sensors_abnormal=tuple(sensors.abnormal),
        sensors_normal=sensors.normal,
        sensors_stale=sensors.stale,
        alarms=tuple(situation.alarms.listed(chosen, ALARMS_MOST)),
        alarm_figures=situation.alarms.figures(chosen, now, sum(len(centre.staffed_by) for centre in centres)),
        ended=tuple(
            state for state in situation.response.all() if state.closed_at is not None and scope.covers(state.community)
        ),
        patrol=patrol_figures(situation.patrol, situation.forces, district, scope.communities, (areas, area_of), now),
    )


def backlog_figures(situation: Situation, district: District, scope: Scope, now: float) -> BacklogFigures:
    """The backlog's part of the overview: the costliest, and the one that may be a second old."""
    return situation.backlog.figures(_chosen(scope), scope.department, now, district.timezone)


def _chosen(scope: Scope) -> NDArray[np.bool_] | None:
    """The communities that a scope's figures are confined to; None: all, and what lies outside of all too."""
    return None if scope.is_whole else scope.communities


def _headline(
    incidents: tuple[IncidentState, ...],
    feeds: tuple[FeedState, ...],
    duty: Duty,
    tree: list[Centre],
    now: float,
) -> Headline:
    """The headline of the scope whose tree this is, its own centre first."""
    real = [state for state in incidents if not state.drill]
    levels = [state.level.value for state in real]
    waiting = min(
        (state for state in real if state.acknowledged_at is None),
        key=lambda state: state.reported_at,
        default=None,
    )
    due_at, key, tier = min(
        (
            (leg.due_at, state.key, leg.tier)
            for state in real
            for leg in state.legs
            if leg.state in (LegState.RUNNING, LegState.AT_RISK)
        ),
        default=(0.0, "", None),
    )
    centre = tree[0].code
    watch, handover = duty.responsible(centre, now), duty.open_handover(centre)
    return Headline(
        open_by_level=(levels.count(1), levels.count(2), levels.count(3), levels.count(4)),
        drills=len(incidents) - len(real),
        oldest_unacknowledged=waiting.key if waiting else "",
        oldest_unacknowledged_at=waiting.reported_at if waiting else 0.0,
        next_deadline_key=key,
        next_deadline_tier=tier,
        next_deadline_at=due_at,
        feeds_good=sum(feed.condition is FeedCondition.GOOD for feed in feeds),
        feeds_all=len(feeds),
        duty_leader=watch.leader if watch else "",
        duty_chief=watch.chief if watch else "",
        handover_open_at=handover.at if handover else 0.0,
        roster_gaps=duty.plan.gaps_of((each.code for each in tree), now),
    )


def _areas(district: District, scope: Scope) -> tuple[list[str], NDArray[np.int16]]:
    """The areas that a scope is broken down by, and each community's place among them, -1 for none."""
    if scope.is_whole:
        return [centre.code for centre in district.sub_districts], district.sub_district_of
    inside = np.flatnonzero(scope.communities)
    area_of = np.full(len(district.communities), -1, np.int16)
    area_of[inside] = np.arange(len(inside))
    return [district.communities[place].code for place in inside], area_of


def _tree(district: District, scope: Scope) -> list[Centre]:
    """The centre of a scope, then those of the tree: all below it, or for a department, which serves all, the rest."""
    if scope.centre.kind is CentreKind.DEPARTMENT:
        return [scope.centre, *(centre for centre in district.centres.values() if centre is not scope.centre)]
    return [scope.centre, *district.below(scope.centre.code)]


def _centre_state(situation: Situation, centre: Centre, commands: int, now: float) -> CentreState:
    seen_at = situation.manned.get(centre.code, 0.0)
    officers = staffed_by(situation.staffed.get(centre.code), now)
    return CentreState(centre.code, is_manned(seen_at, now), seen_at, officers, commands)


def _community_of(sensor: str, district: District) -> int:
    place = district.device_index.get(sensor, -1)
    return district.devices[place].community if place >= 0 else -1
