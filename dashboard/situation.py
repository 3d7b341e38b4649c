"""The situation: everything that is true now, as one fold of the journal.

The engine folds records, positions and time (`apply`, `move` and `follow`, `tick`); each answers what it changed. A
copy in a web process adopts those changes and sees neither records nor rules. `everything()` is the situation as one
change, `memory()` what only a successor of the engine needs beside it. No I/O and no clock in here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from msgspec import Struct

from dashboard.alarms import Alarms, AlarmsMemory, AlarmState, Raise, Scene, Told
from dashboard.alarms import policy as alarm_policy
from dashboard.alerts import Alerts, AlertsMemory, AlertState
from dashboard.backlog import Backlog, BacklogMemory
from dashboard.backlog.cases import CaseRow
from dashboard.command import Command, CommandMemory, RollCall, Staff
from dashboard.district import Device, District
from dashboard.duty import Duty, DutyMemory, Handover, Rosters
from dashboard.forces import Forces, Moved
from dashboard.heartbeats import FeedState
from dashboard.patrol import Patrol, PatrolMemory
from dashboard.patrol import Told as Patrolled
from dashboard.records import Alert, Arrival, Case, CaseStep, Incident, Order, Reading, Record, Reply, Verb
from dashboard.response import Memory as ResponseMemory
from dashboard.response import Response, policy
from dashboard.response.incidents import IncidentState
from dashboard.sensors import Sensed, Sensors, SensorsMemory, SensorState
from dashboard.wire import FixBatch

_ALERT_VERBS = (Verb.CLAIM, Verb.RELEASE, Verb.CONFIRM, Verb.MARK_FALSE)
_ALARM_VERBS = (Verb.ACKNOWLEDGE_ALARM, Verb.SHELVE, Verb.APPROVE, Verb.UNSHELVE)
_CASE_VERBS = (Verb.URGE, Verb.SUPERVISE, Verb.HOLD, Verb.EXTEND)
_CENTRE_VERBS = (Verb.CALL_ROLL, Verb.ANSWER)
_SHIFT_VERBS = (Verb.HAND_OVER, Verb.TAKE_OVER)


class Change(Struct, frozen=True, omit_defaults=True):
    """What became different: new states that replace those of the same key, and frames of units."""

    cases: tuple[CaseRow, ...] = ()
    incidents: tuple[IncidentState, ...] = ()
    alerts: tuple[AlertState, ...] = ()
    sensors: tuple[SensorState, ...] = ()
    feeds: tuple[FeedState, ...] = ()
    manned: dict[str, float] | None = None
    units: tuple[bytes, ...] = ()  # frames of wire.pack_units, the later one wins
    alarms: tuple[AlarmState, ...] = ()
    roll_calls: tuple[RollCall, ...] = ()
    handovers: tuple[Handover, ...] = ()
    staffed: dict[str, Staff] | None = None
    rosters: Rosters | None = None
    raises: tuple[Raise, ...] = ()  # of alarms, whatever became of them
    visits: tuple[bytes, ...] = ()  # patrol.pack_visits: cells that were patrolled
    stuck: bytes | None = None  # patrol: units whose receiver repeats one place
    dwell: bytes | None = None  # patrol: time spent in each cell today

    def is_empty(self) -> bool:
        """Whether nothing changed."""
        return self == _NOTHING

    @staticmethod
    def merged(changes: "Iterable[Change]") -> "Change":
        """All of these as one, the later state of a key behind the earlier."""
        changes = [change for change in changes if not change.is_empty()]
        if len(changes) == 1:
            return changes[0]
        manned = [change.manned for change in changes if change.manned is not None]
        staffed = [change.staffed for change in changes if change.staffed is not None]
        rosters = [change.rosters for change in changes if change.rosters is not None]
        stuck = [change.stuck for change in changes if change.stuck is not None]
        dwell = [change.dwell for change in changes if change.dwell is not None]
        return Change(
            tuple(row for change in changes for row in change.cases),
            tuple(state for change in changes for state in change.incidents),
            tuple(state for change in changes for state in change.alerts),
            tuple(state for change in changes for state in change.sensors),
            tuple(state for change in changes for state in change.feeds),
            manned[-1] if manned else None,
            tuple(frame for change in changes for frame in change.units),
            tuple(state for change in changes for state in change.alarms),
            tuple(call for change in changes for call in change.roll_calls),
            tuple(handover for change in changes for handover in change.handovers),
            staffed[-1] if staffed else None,
            rosters[-1] if rosters else None,
            tuple(each for change in changes for each in change.raises),
            tuple(packed for change in changes for packed in change.visits),
            stuck[-1] if stuck else None,
            dwell[-1] if dwell else None,
        )


class Signs(Struct, frozen=True, omit_defaults=True):
    """What the engine takes in beside records and positions, told with each second: a replay takes in the same."""

    feeds: tuple[FeedState, ...] = ()  # those that changed
    manned: dict[str, float] | None = None  # None: as before; likewise below
    staffed: dict[str, Staff] | None = None
    rosters: Rosters | None = None
    storage: dict[str, float] | None = None


_NOTHING = Change()


class Memory(Struct, frozen=True):
    """What the states do not say, for the engine that continues them."""

    backlog: BacklogMemory
    alerts: AlertsMemory
    response: ResponseMemory
    sensors: SensorsMemory
    forces: bytes  # Forces.snapshot: exact times, which a frame rounds
    alarms: AlarmsMemory
    command: CommandMemory
    duty: DutyMemory
    patrol: PatrolMemory = PatrolMemory()


@dataclass(frozen=True)
class Step:
    """A batch of positions, folded: what goes out at once, and what is still to be made of it."""

    change: Change
    moved: Moved
    received_at: float


class Situation:
    """Cases, incidents, alerts, sensors, units, feeds and centres of one district, now."""

    def __init__(self, district: District) -> None:
        """Nothing has happened yet. Raises PolicyError if the district's response or alarm settings cannot be used."""
        rules = policy.decode(district.response_settings)
        self.forces = Forces(district, rules.fresh_by_tier(), rules.off_after_s)
        self.response = Response(district, rules, self.forces)
        self.backlog = Backlog(district)
        self.alerts = Alerts(district)
        self.sensors = Sensors({device.id: device for device in district.devices if _has_threshold(device)})
        self.feeds: dict[str, FeedState] = {}
        self.manned: dict[str, float] = {}  # centre -> last sign of a screen of it
        self.staffed: dict[str, Staff] = {}  # centre -> who is at a console of it
        self.alarms = Alarms(district, alarm_policy.decode(district.alarm_settings), rules.climb_s)
        self._storage: dict[str, float] = {}
        self._scene = Scene(district, self.response, self.alerts, self.sensors, self.backlog, self.feeds, self._storage)
        self.command = Command(district)
        self.duty = Duty(district)
        self.patrol = Patrol(district, self.forces)

    # -- the engine's part -----------------------------------------------------------------------------------------

    def apply(self, record: Record, received_at: float) -> Change:
        """Fold one record, and raise or clear the alarms that follow from it."""
        return self._alarmed(self._fold(record, received_at), received_at)

    def _fold(self, record: Record, received_at: float) -> Change:
        match record:
            case Case() | CaseStep():
                return Change(cases=tuple(self.backlog.apply(record, received_at)))
            case Incident() | Arrival():
                return Change(incidents=tuple(self.response.apply(record, received_at)))
            case Alert():
                return Change(alerts=tuple(self.alerts.apply(record, received_at)))
            case Reading():
                return self._sensed(self.sensors.apply(record, received_at), received_at)
            case Reply():
                return Change(incidents=tuple(self.response.apply(record, received_at)))
            case Order():
                return self._obey(record, received_at)

    def move(self, batch: FixBatch, received_at: float) -> Step:
        """Fold positions: only what the map needs at once. `follow` must come next, for the same step."""
        moved = self.forces.move(batch, received_at)
        return Step(self.redraw(), moved, received_at)

    def follow(self, step: Step) -> Change:
        """What follows from positions: cells, communities, arrivals."""
        self.forces.place_units()
        self.patrol.note(step.moved, step.received_at)
        arrivals = Change(incidents=tuple(self.response.watch(step.moved, step.received_at)))
        return self._alarmed(arrivals, step.received_at)

    def tick(self, now: float) -> Change:
        """Let time pass: deadlines, candidates, expiries, debounce; then the alarms, which look at all of it."""
        self.backlog.tick(now)
        sensed = self._sensed(self.sensors.tick(now), now)
        told = Change(
            incidents=tuple(self.response.tick(now)),
            alerts=tuple(self.alerts.tick(now)),
            roll_calls=tuple(self.command.tick(now)),
            handovers=tuple(self.duty.tick(now)),
        )
        patrolled = _patrolled(self.patrol.tick(now))
        return Change.merged([sensed, told, patrolled, _alarms(self.alarms.tick(self._scene, now))])

    def pass_time(self, now: float, signs: Signs) -> Change:
        """One second of the engine: time passes, then what it saw beside the streams is taken over."""
        if signs.storage is not None:
            self.note_storage(signs.storage)
        changes = [self.tick(now)]
        if signs.feeds or signs.manned is not None or signs.staffed is not None:
            changes.append(
                self.note_life(signs.feeds, self.manned if signs.manned is None else signs.manned, signs.staffed)
            )
        if signs.rosters is not None:
            changes.append(self.note_rosters(signs.rosters))
        return Change.merged([*changes, self.redraw()])

    def redraw(self) -> Change:
        """The units whose place or status changed since they were last drawn: sent, arrived, free again."""
        changed = self.forces.changed()
        return Change(units=(self.forces.frame(changed),)) if len(changed) else Change()

    def note_life(
        self, feeds: Iterable[FeedState], manned: dict[str, float], staffed: dict[str, Staff] | None = None
    ) -> Change:
        """Take over how feeds and centres are doing, and who is at which console."""
        changed = tuple(state for state in feeds if self.feeds.get(state.name) != state)
        self.feeds.update((state.name, state) for state in changed)
        new_manned = manned if manned != self.manned else None
        new_staffed = staffed if staffed is not None and staffed != self.staffed else None
        self.manned = manned
        self.staffed = self.staffed if new_staffed is None else new_staffed
        life = Change(feeds=changed, manned=new_manned, staffed=new_staffed)
        return self._alarmed(life, self.alarms.now)

    def note_storage(self, shares: Mapping[str, float]) -> None:
        """Take over how full the state server's memory and the disk are; the next tick looks at it."""
        self._storage.clear()
        self._storage.update(shares)

    def note_rosters(self, rosters: Rosters) -> Change:
        """Take over who is on duty when."""
        return Change(rosters=self.duty.note_rosters(rosters))

    def memory(self) -> Memory:
        """What a successor needs beside `everything()`; to be encoded at once."""
        return Memory(
            self.backlog.memory(),
            self.alerts.memory(),
            self.response.memory(),
            self.sensors.memory(),
            self.forces.snapshot(),
            self.alarms.memory(),
            self.command.memory(),
            self.duty.memory(),
            self.patrol.memory(),
        )

    def restore(self, memory: Memory) -> None:
        """Continue from what `memory` kept, after adopting `everything()`."""
        self.forces.adopt(memory.forces)
        self.forces.place_units()
        self.forces.changed()
        self.backlog.restore(memory.backlog)
        self.alerts.restore(memory.alerts)
        self.response.restore(memory.response)
        self.sensors.restore(memory.sensors)
        self.alarms.restore(memory.alarms)
        self.command.restore(memory.command)
        self.duty.restore(memory.duty)
        self.patrol.restore(memory.patrol)

    # -- a copy's part ---------------------------------------------------------------------------------------------

    def adopt(self, change: Change) -> None:
        """Take over what changed elsewhere."""
        for frame in change.units:
            self.forces.adopt_frame(frame)
        self.backlog.adopt(change.cases)
        self.response.adopt(change.incidents)
        self.alerts.adopt(change.alerts)
        self.sensors.adopt(change.sensors)
        self.feeds.update((state.name, state) for state in change.feeds)
        if change.manned is not None:
            self.manned = change.manned
        if change.staffed is not None:
            self.staffed = change.staffed
        self.alarms.adopt(change.alarms, change.raises)
        self.command.adopt(change.roll_calls)
        self.duty.adopt(change.handovers)
        if change.rosters is not None:
            self.duty.plan.adopt(change.rosters)
        for visits in change.visits:
            self.patrol.adopt(Patrolled(visits))
        self.patrol.adopt(Patrolled(None, change.stuck, change.dwell))

    def settle(self, now: float) -> None:
        """What a copy does at leisure, as the engine does for itself: place units in areas, let go of what is over."""
        self.forces.place_units()
        self.backlog.prune(now)
        self.response.forget(now)
        self.alerts.tick(now)
        self.alarms.settle(now)

    def everything(self) -> Change:
        """The whole situation as one change."""
        patrolled = _patrolled(self.patrol.everything())
        return Change(
            tuple(self.backlog.all()),
            tuple(self.response.all()),
            tuple(self.alerts.all()),
            tuple(self.sensors.all()),
            tuple(self.feeds.values()),
            self.manned,
            (self.forces.frame(),),
            tuple(self.alarms.all()),
            tuple(self.command.all()),
            tuple(self.duty.all()),
            self.staffed,
            self.duty.plan.rosters,
            tuple(self.alarms.raises()),
            patrolled.visits,
            patrolled.stuck,
            patrolled.dwell,
        )

    # -- parts -----------------------------------------------------------------------------------------------------

    def _obey(self, order: Order, received_at: float) -> Change:
        """Fold one order by the kind of its target."""
        if order.verb in _ALERT_VERBS:
            return Change(alerts=tuple(self.alerts.apply(order, received_at)))
        if order.verb in _ALARM_VERBS:
            return Change(alarms=tuple(self.alarms.apply(order, received_at)))
        if order.verb in _CASE_VERBS:
            return Change(cases=tuple(self.backlog.apply(order, received_at)))
        if order.verb in _CENTRE_VERBS:
            return Change(roll_calls=tuple(self.command.apply(order, received_at)))
        if order.verb in _SHIFT_VERBS:
            return Change(handovers=tuple(self.duty.apply(order, received_at)))
        if order.verb is Verb.RETRACT:  # of an incident or of a case: only one of them knows what it takes back
            cases = tuple(self.backlog.apply(order, received_at))
            return Change(cases=cases, incidents=tuple(self.response.apply(order, received_at)))
        return Change(incidents=tuple(self.response.apply(order, received_at)))

    def _alarmed(self, change: Change, now: float) -> Change:
        """A change with the alarms that follow from it at once; the others come with the tick."""
        if not (change.incidents or change.alerts or change.sensors or change.feeds):
            return change
        told = self.alarms.hear(self._scene, now, change.incidents, change.alerts, change.sensors, change.feeds)
        return Change.merged([change, _alarms(told)])

    def _sensed(self, sensed: Sensed, now: float) -> Change:
        """A band that a sensor entered or left is a signal like a camera's."""
        alerts = tuple(state for signal in sensed.signals for state in self.alerts.apply(signal, now))
        return Change(sensors=tuple(sensed.states), alerts=alerts)


def _alarms(told: Told) -> Change:
    return Change(alarms=tuple(told.states), raises=tuple(told.raises))


def _patrolled(told: Patrolled) -> Change:
    return Change(visits=() if told.visits is None else (told.visits,), stuck=told.stuck, dwell=told.dwell)


def _has_threshold(device: Device) -> bool:
    return any(limit is not None for limit in (device.high, device.very_high, device.low))
