"""What of the situation needs a person's timely action now, and who ended what no longer does.

One function a kind of thing, from its state to conditions; nothing in here remembers. docs/alarms.md says for each
kind why it is an alarm, what it leads to and what to do about it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dashboard.alarms.course import Condition, Ending
from dashboard.alarms.policy import AlarmPolicy
from dashboard.alarms.states import AlarmKind
from dashboard.alerts import Alerts, AlertStage, AlertState
from dashboard.alerts.episodes import LATE_S
from dashboard.backlog import Backlog
from dashboard.district import District
from dashboard.heartbeats import BEAT_S, FeedCondition, FeedState
from dashboard.records import Level, ReplyState, Verb
from dashboard.response import IncidentState, LegState, Response
from dashboard.response.deeds import ReportPart, UnitOrder
from dashboard.sensors import SOURCE as SENSOR_ALERTS
from dashboard.sensors import Band, Sensors, SensorState
from dashboard.storage import ARCHIVE, DISK, MEMORY

SOS = "sos"  # kind of the alert that a unit's or a street's emergency button makes
LATE_SETTLES_S = 60.0  # what is told long afterwards comes in pieces: only what is open after them all is an alarm
_BAND_LEVELS = {Band.LOW: Level.III, Band.HIGH: Level.III, Band.VERY_HIGH: Level.II}
_NOT_YET = (None, ReplyState.DELIVERED, ReplyState.READ)
_REFUSED = (ReplyState.DECLINED, ReplyState.FAILED)


@dataclass(frozen=True)
class Scene:
    """The parts of the situation that alarms look at."""

    district: District
    response: Response
    alerts: Alerts
    sensors: Sensors
    backlog: Backlog
    feeds: Mapping[str, FeedState]
    storage: Mapping[str, float]  # by storage.MEMORY and DISK: the share in use; ARCHIVE: seconds


def everywhere(scene: Scene, policy: AlarmPolicy, now: float) -> Iterator[Condition]:
    """Every condition that holds now."""
    for incident in scene.response.all():
        yield from of_incident(incident, now)
    for alert in scene.alerts.all():
        yield from of_alert(alert)
    for sensor in scene.sensors.all():
        yield from of_sensor(sensor, scene.district, now)
    for feed in scene.feeds.values():
        yield from of_feed(feed)
    yield from of_cases(scene, policy, now)
    yield from of_storage(scene.storage, policy)
    yield from of_archive(scene.storage, policy)


def of_incident(state: IncidentState, now: float) -> Iterator[Condition]:
    """Nobody acknowledged it, a tier or the first report is overdue, a unit does not come. A drill never is one."""
    if state.drill or state.closed_at is not None:
        return
    if state.late_record and now - state.received_at < LATE_SETTLES_S:
        return
    first_at = max(state.reported_at, state.received_at)
    if state.acknowledged_at is None:
        yield _of(state, AlarmKind.INCIDENT, state.kind, first_at, silent=state.late_record)
    for leg in state.legs:
        if leg.state is LegState.OVERDUE:
            since = max(leg.due_at, first_at)
            yield _of(state, AlarmKind.LEG, leg.tier.value, since, silent=state.late_record)
    due_at = state.report_due_at
    if due_at is not None and now > due_at and all(report.part is not ReportPart.FIRST for report in state.reports):
        yield _of(state, AlarmKind.REPORT, ReportPart.FIRST.value, max(due_at, first_at), silent=state.late_record)
    there = {arrived.call_sign for arrived in state.arrivals}
    for order in state.sent:
        if order.go and order.unit not in there:
            yield from _of_order(state, order, now)


def _of_order(state: IncidentState, order: UnitOrder, now: float) -> Iterator[Condition]:
    if order.state in _REFUSED and order.state is not None:
        cause, since = order.state.value, order.state_at
    elif order.state in _NOT_YET and now > order.answer_due_at:
        cause, since = "unanswered", order.answer_due_at
    else:
        return
    yield _of(state, AlarmKind.ORDER, cause, since, unit=order.unit, occasion=f"{order.id} {cause}")


def _of(
    state: IncidentState,
    kind: AlarmKind,
    cause: str,
    since: float | None,
    *,
    unit: str = "",
    occasion: str = "",
    silent: bool = False,
) -> Condition:
    return Condition(
        kind=kind,
        subject=state.key,
        level=state.level,
        cause=cause,
        unit=unit,
        title=state.title or state.place,
        community=state.community,
        since=since,
        occasion=occasion,
        held_by=state.held_by,
        held_since=state.held_since,
        silent=silent,
    )


def of_alert(state: AlertState) -> Iterator[Condition]:
    """An emergency call, or a grave video alert, that nobody has taken up. What sensors say is of_sensor's."""
    if state.stage is not AlertStage.NEW or state.key.startswith(f"{SENSOR_ALERTS}/"):
        return
    is_sos = state.kind.lower() == SOS
    if not is_sos and state.level > Level.II:
        return
    yield Condition(
        kind=AlarmKind.SOS if is_sos else AlarmKind.ALERT,
        subject=state.key,
        level=Level.I if is_sos else state.level,
        cause=state.kind,
        title=state.title or state.device,
        community=state.community,
        since=state.first_at,
        silent=state.late_record,
    )


def of_sensor(state: SensorState, district: District, now: float) -> Iterator[Condition]:
    """A sensor beyond its limits; one that fell silent there still is."""
    level = _BAND_LEVELS.get(state.band)
    if level is None:
        return
    place = district.device_index.get(state.sensor, -1)
    device = district.devices[place] if place >= 0 else None
    yield Condition(
        kind=AlarmKind.SENSOR,
        subject=state.sensor,
        level=level,
        cause=state.band.value,
        title=device.name if device else state.sensor,
        community=device.community if device else -1,
        since=state.band_since,
        silent=now - state.band_since > LATE_S,
    )


def of_feed(state: FeedState) -> Iterator[Condition]:
    """A source is lost: what it shows grows stale."""
    if state.condition is not FeedCondition.LOST:
        return
    is_dead = state.beat_at > 0 and not state.error
    yield Condition(
        kind=AlarmKind.FEED,
        subject=state.name,
        level=Level.II,
        cause=state.condition.value,
        title=state.title,
        since=state.beat_at + 2 * BEAT_S if is_dead else None,
    )


def of_cases(scene: Scene, policy: AlarmPolicy, now: float) -> Iterator[Condition]:
    """So many cases of one sub-district passed their limit lately that somebody must look; a single case never."""
    for area in scene.backlog.lately_overdue(now, policy.cases_s):
        if area.overdue < policy.cases or area.overdue < policy.cases_share * area.open:
            continue
        yield Condition(
            kind=AlarmKind.CASES,
            subject=area.centre,
            level=Level.III,
            cause=str(area.overdue),
            title=scene.district.centres[area.centre].name,
            area=area.centre,
        )


def of_storage(storage: Mapping[str, float], policy: AlarmPolicy) -> Iterator[Condition]:
    """Memory of the state server or the disk runs full: soon nothing can be taken in."""
    for name, limit in ((MEMORY, policy.memory_share), (DISK, policy.disk_share)):
        share = storage.get(name, 0.0)
        if share > limit:
            yield Condition(kind=AlarmKind.STORAGE, subject=name, level=Level.II, cause=f"{share:.0%}", title=name)


def of_archive(storage: Mapping[str, float], policy: AlarmPolicy) -> Iterator[Condition]:
    """The archive could not be written for some time: history waits in the state server's memory until that is full."""
    if storage.get(ARCHIVE, 0.0) > policy.archive_s:
        yield Condition(kind=AlarmKind.ARCHIVE, subject=ARCHIVE, level=Level.II)


def ending(scene: Scene, condition: Condition, now: float) -> Ending | None:
    """Whether a person ended a condition that no longer holds, and so has seen its alarm; None: it went by itself."""
    if condition.kind in (AlarmKind.ALERT, AlarmKind.SOS):
        return _taken_up(scene.alerts.get(condition.subject), condition, now)
    if condition.kind not in (AlarmKind.INCIDENT, AlarmKind.LEG, AlarmKind.REPORT, AlarmKind.ORDER):
        return None
    state = next((each for each in scene.response.all() if each.key == condition.subject), None)
    if state is None or state.drill:
        return Ending(now)
    if state.closed_at is not None:
        return _closed(state)
    if condition.kind is AlarmKind.INCIDENT and state.acknowledged_at is not None:
        return Ending(state.acknowledged_at, state.acknowledged_by, state.acknowledged_from)
    if condition.kind is AlarmKind.REPORT:
        return next((Ending(report.at, report.by, report.centre) for report in state.reports), None)
    if condition.kind is AlarmKind.ORDER:
        return _ordered_anew(state, condition)
    return None


def _closed(state: IncidentState) -> Ending:
    for deed in reversed(state.deeds):
        if deed.verb is Verb.CLOSE:
            return Ending(deed.at, deed.by, deed.centre)
    return Ending(state.closed_at or 0.0)


def _ordered_anew(state: IncidentState, condition: Condition) -> Ending | None:
    """The unit was given another order since, or was stood down."""
    before = condition.occasion.rsplit(" ", 1)[0]
    for order in state.sent:
        if order.unit == condition.unit and order.id != before:
            return Ending(order.at, order.by, order.centre)
    return None


def _taken_up(state: AlertState | None, condition: Condition, now: float) -> Ending | None:
    if state is None or state.key != condition.subject:
        return Ending(now)  # it became part of another alert, which has an alarm of its own
    if state.decided_at is not None:
        return Ending(state.decided_at, state.decided_by, state.decided_from)
    if state.claimed_at is not None:
        return Ending(state.claimed_at, state.claimed_by, state.claimed_from)
    return None
