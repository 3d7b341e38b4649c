"""The duty officer's desk: what of a scope needs somebody now, and in which order; which cameras are nearest.

Drawn from the situation at one time, like the overview; it decides nothing and changes nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from functools import partial

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from dashboard.alarms import AlarmKind, AlarmState
from dashboard.alerts import AlertStage, AlertState
from dashboard.backlog import query
from dashboard.command import RollCall
from dashboard.district import Device, DeviceKind, District, Scope
from dashboard.district.geo import distance_m
from dashboard.overview import Overview
from dashboard.records import Level, ReplyState
from dashboard.response import IncidentState, LegState
from dashboard.response.deeds import ReportPart, UnitOrder
from dashboard.response.incidents import chain_of
from dashboard.situation import Situation

REPORT_AHEAD_S = 600.0  # a first report is on the desk this long before it is due
FRESH_CLOSED_S = 3600.0  # a closed incident stays on the desk this long, for its final report or to be opened again
_REMEMBERED = 512


class Want(StrEnum):
    """What a row of the queue wants to be done."""

    ACKNOWLEDGE = "acknowledge"
    OFFER = "offer"
    LEG = "leg"
    ORDER = "order"
    REPORT = "report"
    ALARM = "alarm"
    ALERT = "alert"
    ROLL_CALL = "roll_call"
    APPROVE = "approve"
    TAKE_OVER = "take_over"
    CASES = "cases"


class Task(Struct, frozen=True, kw_only=True):
    """One thing that needs somebody now."""

    want: Want
    subject: str  # key of the incident, alert or alarm, or id of the roll-call or handover
    level: Level
    since: float  # since when it has waited
    due_at: float | None = None  # where a time runs
    detail: str = ""  # tiers, units or centres by their codes, comma-separated
    alarm: str = ""  # key of the alarm that says the same

    @property
    def key(self) -> str:
        """Its name, the same as long as it waits."""
        return f"{self.want.value}:{self.subject}"


class Camera(Struct, frozen=True, array_like=True):
    """One camera, and how far it is from the place that was asked about."""

    id: str
    name: str
    away_m: float
    is_ai: bool


# The kinds of alarm whose thing has a row of its own: one row says both.
_SAME_THING = {
    AlarmKind.INCIDENT: Want.ACKNOWLEDGE,
    AlarmKind.LEG: Want.LEG,
    AlarmKind.REPORT: Want.REPORT,
    AlarmKind.ORDER: Want.ORDER,
    AlarmKind.ALERT: Want.ALERT,
}


def incidents_of(situation: Situation, district: District, scope: Scope, now: float) -> tuple[IncidentState, ...]:
    """The open incidents that concern a scope, what runs out first comes first, then those closed lately."""
    inside = [state for state in situation.response.open() if concerns(state, district, scope)]
    closed = [
        state
        for state in situation.response.all()
        if state.closed_at is not None
        and concerns(state, district, scope)
        and now - (state.close_seen_at or state.closed_at) <= FRESH_CLOSED_S
    ]
    closed.sort(key=lambda state: -(state.closed_at or 0.0))
    return (*inside, *closed)


def concerns(state: IncidentState, district: District, scope: Scope) -> bool:
    """Whether an incident is a scope's affair: it is there, or a centre of the scope commands it or was asked."""
    if scope.covers(state.community):
        return True
    drawn_in = (state.in_command, state.held_by, *state.asked_up, state.offer.into if state.offer else "")
    return any(scope.centre.code in district.chain(centre) for centre in drawn_in)


def tasks(overview: Overview, situation: Situation, scope: Scope, incidents: Sequence[IncidentState]) -> list[Task]:
    """What needs somebody now, by level, then by age: a grave one is never behind a lesser one."""
    now, centre = overview.as_of, scope.centre.code
    found = [task for state in incidents for task in _of_incident(state, centre, now)]
    sensors = {alarm.subject for alarm in overview.alarms if alarm.kind is AlarmKind.SENSOR and alarm.needs_action}
    found += _of_alerts(alert for alert in overview.alerts if alert.device not in sensors)  # its alarm says the same
    found += _of_roll_calls(situation.command.all(), centre)
    found += [
        Task(want=Want.TAKE_OVER, subject=handover.id, level=Level.III, since=handover.at)
        for handover in situation.duty.all()
        if handover.centre == centre and handover.is_open
    ]
    found += _of_cases(situation, scope, now)
    merged = _with_alarms(found, overview.alarms)
    return sorted(merged, key=lambda task: (task.level, task.since, task.key))


def newest_critical(waiting: Iterable[Task]) -> Task | None:
    """The latest of the gravest that nobody has taken up: it has a place of its own that nothing can take."""
    grave = [task for task in waiting if task.level <= Level.II and task.want in (Want.ACKNOWLEDGE, Want.ALARM)]
    return min(grave, key=lambda task: (task.level, -task.since, task.key), default=None)


def next_up(district: District, incident: IncidentState) -> str:
    """The centre that can be asked for help next, above all that were asked or command; "" if there is none."""
    chain = chain_of(district, incident.community)
    reached = [place for place, code in enumerate(chain) if code in (*incident.asked_up, incident.in_command)]
    above = chain[max(reached, default=0) + 1 :]
    return above[0] if above else ""


def unanswered(order: UnitOrder, now: float) -> bool:
    """Whether a unit that was sent declined, could not be reached, or did not answer in time."""
    if not order.go:
        return False
    if order.state in (ReplyState.DECLINED, ReplyState.FAILED):
        return True
    return order.answer_due_at is not None and order.state is not ReplyState.ACCEPTED and now > order.answer_due_at


def _of_incident(state: IncidentState, centre: str, now: float) -> Iterator[Task]:
    """What one incident wants of a centre's desk."""
    if state.closed_at is not None:
        return
    wants = partial(Task, subject=state.key, level=state.level)
    if state.acknowledged_at is None:
        yield wants(want=Want.ACKNOWLEDGE, since=state.reported_at)
    if state.offer is not None and state.offer.into == centre:
        yield wants(want=Want.OFFER, since=state.offer.at, detail=state.offer.centre)
    late = [leg for leg in state.legs if leg.state is LegState.OVERDUE]
    if late:
        tiers = ",".join(leg.tier.value for leg in late)
        due_at = min(leg.due_at for leg in late)
        yield wants(want=Want.LEG, since=due_at, due_at=due_at, detail=tiers)
    silent = _unanswered(state, now)
    if silent:
        units = ",".join(order.unit for order in silent)
        yield wants(want=Want.ORDER, since=min(order.at for order in silent), detail=units)
    is_first_sent = any(report.part is ReportPart.FIRST for report in state.reports)
    if state.report_due_at is not None and not is_first_sent and now > state.report_due_at - REPORT_AHEAD_S:
        yield wants(want=Want.REPORT, since=state.reported_at, due_at=state.report_due_at)


def _unanswered(state: IncidentState, now: float) -> list[UnitOrder]:
    """Orders to units that came to nothing, unless another unit was sent since or the unit is there after all."""
    there = {arrived.call_sign for arrived in state.arrivals}
    latest = max((order.at for order in state.sent if order.go and not unanswered(order, now)), default=0.0)
    return [
        order
        for order in state.sent
        if unanswered(order, now)
        and order.unit not in there
        and latest <= (order.state_at or order.answer_due_at or order.at)
    ]


def _of_alerts(alerts: Iterable[AlertState]) -> Iterator[Task]:
    for alert in alerts:
        if alert.stage is AlertStage.NEW and not alert.late_record:
            yield Task(want=Want.ALERT, subject=alert.key, level=alert.level, since=alert.first_at)


def _of_roll_calls(calls: Iterable[RollCall], centre: str) -> Iterator[Task]:
    for call in calls:
        if centre in call.asked and centre not in call.answers:
            yield Task(
                want=Want.ROLL_CALL,
                subject=call.id,
                level=Level.III,
                since=call.at,
                due_at=call.due_at,
                detail=call.centre,
            )


def _of_cases(situation: Situation, scope: Scope, now: float) -> Iterator[Task]:
    """Supervised cases past their limit: one row for all, since the longest overdue."""
    wish = query.Query(query.Filter(supervised=True, overdue=True), (query.Sort(query.Column.LEFT),), 0, 1)
    page = situation.backlog.page(wish, scope, now)
    if page.total:
        worst = page.rows[0]
        since = worst.due_at if worst.due_at is not None else worst.reported_at
        yield Task(want=Want.CASES, subject="supervised", level=Level.IV, since=since, detail=str(page.total))


def _with_alarms(found: list[Task], alarms: Iterable[AlarmState]) -> list[Task]:
    """The rows with the alarms that say the same; an alarm that nothing else says has a row of its own."""
    rows = {task.key: task for task in found}
    for alarm in alarms:
        if alarm.needs_approval:
            row = Task(want=Want.APPROVE, subject=alarm.key, level=alarm.level, since=alarm.raised_at, alarm=alarm.key)
            rows[row.key] = row
        if not alarm.needs_action:
            continue
        same = _SAME_THING.get(alarm.kind)
        name = f"{same.value}:{alarm.subject}" if same else ""
        if name in rows:
            rows[name] = _joined(rows[name], alarm)
        else:
            row = Task(want=Want.ALARM, subject=alarm.key, level=alarm.level, since=alarm.raised_at, alarm=alarm.key)
            rows[row.key] = row
    return list(rows.values())


def _joined(task: Task, alarm: AlarmState) -> Task:
    return replace(task, level=min(task.level, alarm.level), alarm=alarm.key)


class Cameras:
    """The cameras of a district, to be asked which are nearest to a place."""

    def __init__(self, district: District) -> None:
        """Columns over the district's cameras."""
        kinds = (DeviceKind.CAMERA, DeviceKind.AI_CAMERA)
        self._devices: list[Device] = [device for device in district.devices if device.kind in kinds]
        self._lat = np.array([device.lat for device in self._devices], float)
        self._lon = np.array([device.lon for device in self._devices], float)
        self._known: dict[tuple[float, float], tuple[Camera, ...]] = {}

    def nearest(self, lat: float, lon: float, most: int) -> tuple[Camera, ...]:
        """The nearest cameras of a place, nearest first; incidents stand still, so answers are kept."""
        place = (lat, lon)
        if place not in self._known:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[place] = self._search(lat, lon, most)
        return self._known[place][:most]

    def _search(self, lat: float, lon: float, most: int) -> tuple[Camera, ...]:
        if not self._devices:
            return ()
        away = distance_m(self._lat, self._lon, lat, lon)
        order = np.argsort(away, kind="stable")[:most]
        return tuple(
            Camera(device.id, device.name, float(away[place]), device.kind is DeviceKind.AI_CAMERA)
            for place, device in ((int(place), self._devices[int(place)]) for place in order)
        )
