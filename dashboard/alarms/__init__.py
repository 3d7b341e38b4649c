"""Alarms after ISA-18.2: what needs a person's timely action. A case is not an alarm.

Conditions come from the rest of the situation (conditions.py) and have a course (course.py), orders come from
consoles (words.py); both together make the state of each alarm (calling.py). Floods and rates: flood.py, folding.py.
"""

from bisect import insort
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from msgspec import Struct

from dashboard.alarms import calling, conditions, flood, folding, words
from dashboard.alarms.conditions import Scene
from dashboard.alarms.course import Condition, Ending, Track, advance
from dashboard.alarms.flood import Mask, Raise, RaiseLog
from dashboard.alarms.policy import AlarmPolicy, decode
from dashboard.alarms.states import AlarmFigures, AlarmKind, AlarmState, raise_ref, urgency
from dashboard.alarms.words import Word
from dashboard.alerts import AlertState
from dashboard.district import District
from dashboard.heartbeats import FeedState
from dashboard.records import Level, Order
from dashboard.response import IncidentState
from dashboard.response.incidents import chain_of
from dashboard.sensors import SensorState

__all__ = [
    "AlarmFigures",
    "AlarmKind",
    "AlarmPolicy",
    "AlarmState",
    "Alarms",
    "AlarmsMemory",
    "Raise",
    "Scene",
    "Told",
    "decode",
    "raise_ref",
    "urgency",
]

KEEP_S = 3600.0  # how long we remember the raises of an alarm that is gone
WAIT_S = 24 * 3600.0  # how long an order waits for its alarm
_PRUNE_S = 60.0

Thing = tuple[AlarmKind, str]


class Told(NamedTuple):
    """What became different: alarms, and those of them that were raised."""

    states: list[AlarmState]
    raises: list[Raise]


class AlarmsMemory(Struct, array_like=True):
    """What a successor needs beside the states and raises."""

    tracks: dict[str, Track]
    words: dict[str, list[Word]]
    now: float


class Alarms:
    """All alarms that are active, unacknowledged or shelved."""

    def __init__(self, district: District, policy: AlarmPolicy, climb_s: Sequence[float]) -> None:
        """None yet. `climb_s`: for how long nobody takes one up before it climbs to the next centre."""
        self.policy = policy
        self._district = district
        self._climb_s = climb_s
        self._tracks: dict[str, Track] = {}
        self._keys: dict[Thing, set[str]] = {}  # the alarms of each thing
        self._words: dict[str, list[Word]] = {}  # by key of the alarm, sorted by time; some wait for it
        self._states: dict[str, AlarmState] = {}
        self._log = RaiseLog()
        # Which communities make up each sub-district.
        self._parts = {
            centre.code: district.sub_district_of == place for place, centre in enumerate(district.sub_districts)
        }
        self._now = 0.0
        self._prune_at = 0.0

    @property
    def now(self) -> float:
        """The time that the engine's alarms are of; 0 before the first record or tick."""
        return self._now

    # -- the engine's part -----------------------------------------------------------------------------------------

    def apply(self, order: Order, received_at: float) -> list[AlarmState]:
        """Take one order on an alarm; what it changed. One that comes before its alarm waits for it."""
        self._now = max(self._now, received_at)
        said = self._words.setdefault(order.target, [])
        if order.verb not in words.VERBS or any(known.id == order.id for known in said):
            return []
        insort(said, words.word_of(order, received_at), key=words.order_of)
        return self._refresh([order.target])

    def hear(
        self,
        scene: Scene,
        now: float,
        incidents: Iterable[IncidentState] = (),
        alerts: Iterable[AlertState] = (),
        sensors: Iterable[SensorState] = (),
        feeds: Iterable[FeedState] = (),
    ) -> Told:
        """These things became different: look at their conditions at once, and at no others."""
        now = max(self._now, now)
        if not now:
            return Told([], [])  # without a time nothing can be raised; the first tick looks at all
        things: dict[Thing, list[Condition]] = {}
        for incident in incidents:
            things[AlarmKind.INCIDENT, incident.key] = list(conditions.of_incident(incident, now))
        for alert in alerts:
            things[AlarmKind.ALERT, alert.key] = [] if alert.merged_into else list(conditions.of_alert(alert))
        for sensor in sensors:
            things[AlarmKind.SENSOR, sensor.sensor] = list(conditions.of_sensor(sensor, scene.district, now))
        for feed in feeds:
            things[AlarmKind.FEED, feed.name] = list(conditions.of_feed(feed))
        known = {key for thing in things for key in self._keys.get(thing, ())}
        found = {condition.key: condition for each in things.values() for condition in each}
        return self._look(known | found.keys(), found, scene, now) if known or found else Told([], [])

    def tick(self, scene: Scene, now: float) -> Told:
        """Let time pass: every condition, delays, calls that nobody answered, shelves that run out."""
        now = max(self._now, now)
        found = {condition.key: condition for condition in conditions.everywhere(scene, self.policy, now)}
        told = self._look(self._tracks.keys() | found.keys(), found, scene, now)
        if now >= self._prune_at:
            self._prune_at = now + _PRUNE_S
            self._prune(now)
        return told

    def memory(self) -> AlarmsMemory:
        """What the states do not say; it shares live maps, so it is to be encoded at once."""
        return AlarmsMemory(self._tracks, self._words, self._now)

    def restore(self, memory: AlarmsMemory) -> None:
        """Go on from another's memory, beside its adopted states and raises."""
        self._words = dict(memory.words)
        self._now = memory.now
        self._tracks, self._keys = {}, {}
        for key, track in memory.tracks.items():
            self._keep(key, track)

    # -- everybody's part ------------------------------------------------------------------------------------------

    def get(self, key: str) -> AlarmState | None:
        """One alarm, unless it is gone."""
        return self._states.get(key)

    def all(self) -> list[AlarmState]:
        """Every alarm."""
        return list(self._states.values())

    def raises(self) -> list[Raise]:
        """Every raise of the last day, by time."""
        return self._log.all()

    def adopt(self, states: Iterable[AlarmState], raises: Iterable[Raise] = ()) -> None:
        """Take states and raises as another process made them."""
        self._log.add(raises)
        for state in states:
            if state.gone:
                self._states.pop(state.key, None)
            else:
                self._states[state.key] = state

    def settle(self, now: float) -> None:
        """What a copy does at leisure: let go of raises that no figure counts any more."""
        self._log.prune(now)

    def is_inside(self, alarm: AlarmState | Raise, communities: Mask | None) -> bool:
        """Whether an alarm is of these communities (None: of the district); one of a whole area, if all of it is."""
        if communities is None:
            return True
        if alarm.community >= 0:
            return bool(communities[alarm.community])
        return alarm.area in self._parts and bool(communities[self._parts[alarm.area]].all())

    def listed(self, communities: Mask | None, most: int = 100) -> list[AlarmState]:
        """What a scope shows: what needs action first, then by level, the oldest first.

        Where there are too many, what stands alone and the first of each group go before the rest of the groups.
        """
        inside = sorted(self._inside(communities), key=urgency)
        if len(inside) <= most:
            return inside
        alone: list[AlarmState] = []
        rest: list[AlarmState] = []
        groups: set[str] = set()
        for state in inside:
            (rest if state.group and state.group in groups else alone).append(state)
            groups.add(state.group)
        return sorted((alone + rest)[:most], key=urgency)

    def shelved(self, communities: Mask | None) -> list[AlarmState]:
        """What is on the shelf or waits for it, for the handover; what comes off first comes first."""
        inside = [state for state in self._inside(communities) if state.shelve_order]
        return sorted(inside, key=lambda state: (state.shelved_until or state.wanted_until or 0.0, state.key))

    def figures(self, communities: Mask | None, now: float, operators: int = 0) -> AlarmFigures:
        """How healthy the alarms of a scope are; `operators`: officers who share the load."""
        inside = self._inside(communities)
        raises = [each for each in self._log.all() if self.is_inside(each, communities)]
        rates = flood.rates(raises, now, self.policy)
        waiting = Counter(state.level for state in inside if state.needs_action)
        groups = Counter(state.group for state in inside if state.group)
        return AlarmFigures(
            last_10_min=rates.last_10_min,
            last_hour=rates.last_hour,
            last_day=rates.last_day,
            flood_since=flood.flood_since(flood.times_of(raises), now, self.policy),
            flood_share=rates.flood_share,
            chattering=sum(state.chattering for state in inside),
            stale=sum(state.stale for state in inside),
            shelved=sum(state.shelved_until is not None for state in inside),
            waiting=(waiting[Level.I], waiting[Level.II], waiting[Level.III], waiting[Level.IV]),
            mix=rates.mix,
            groups=tuple(sorted(groups.items())),
            top=rates.top,
            operators=operators,
        )

    def _inside(self, communities: Mask | None) -> list[AlarmState]:
        return [state for state in self._states.values() if self.is_inside(state, communities)]

    # -- parts -----------------------------------------------------------------------------------------------------

    def _look(self, keys: Iterable[str], found: dict[str, Condition], scene: Scene, now: float) -> Told:
        self._now = now
        raises = []
        keys = sorted(keys)
        for key in keys:
            track, condition = self._tracks.get(key), found.get(key)
            after = advance(track, condition, _ending(scene, track, condition, now), now, self.policy)
            if after is None:
                self._drop(key)
            elif after is not track:
                self._keep(key, after)
                if after.raised_at and (track is None or track.raised_at != after.raised_at):
                    raises.append(_raise_of(after))
        self._log.add(raises)
        return Told(self._refresh([key for key in keys if self._is_shown(key)]), raises)

    def _refresh(self, keys: Iterable[str]) -> list[AlarmState]:
        """The states of these alarms, and those that join or leave a group, where they differ from before."""
        made = {key: self._state(key, self._tracks[key]) for key in keys if self._was_raised(key)}
        changed = [state for state in self._grouped(made) if self._differs(state)]
        self.adopt(changed)
        return changed

    def _was_raised(self, key: str) -> bool:
        track = self._tracks.get(key)
        return track is not None and bool(track.raises)

    def _is_shown(self, key: str) -> bool:
        """Whether time can change what is shown of it: what is gone stays so until it is raised or spoken of."""
        track = self._tracks.get(key)
        return key in self._states or (track is not None and track.active)

    def _differs(self, state: AlarmState) -> bool:
        before = self._states.get(state.key)
        return before != state and not (before is None and state.gone)

    def _state(self, key: str, track: Track) -> AlarmState:
        said = self._words.get(key, ())
        return calling.state_of(track, said, self._chain(track.condition), self._climb_s, self.policy, self._now)

    def _chain(self, condition: Condition) -> list[str]:
        if condition.community < 0 and condition.area:
            return [condition.area, self._district.root.code]
        return chain_of(self._district, condition.community)

    def _grouped(self, made: dict[str, AlarmState]) -> Iterable[AlarmState]:
        """These states, and in a flood all others, each with the group that it is folded under."""
        is_flooded = flood.flood_since(self._log.times(), self._now, self.policy) is not None
        if not is_flooded and not any(state.group for state in self._states.values()):
            return made.values()
        return folding.folded(list((self._states | made).values()), is_flooded, self._area)

    def _area(self, alarm: AlarmState) -> str:
        """The sub-district that an alarm is of, "" for the district's own."""
        if alarm.community < 0:
            return alarm.area
        place = int(self._district.sub_district_of[alarm.community])
        return self._district.sub_districts[place].code

    def _keep(self, key: str, track: Track) -> None:
        self._tracks[key] = track
        self._keys.setdefault(track.condition.thing, set()).add(key)

    def _drop(self, key: str) -> None:
        track = self._tracks.pop(key, None)
        if track is not None:
            keys = self._keys[track.condition.thing]
            keys.discard(key)
            if not keys:
                del self._keys[track.condition.thing]

    def _prune(self, now: float) -> None:
        """Forget what is gone, orders whose alarm never came, and those that say nothing any more."""
        self._log.prune(now)
        old = [key for key, track in self._tracks.items() if self._is_over(key, track, now)]
        for key in old:
            self._drop(key)
        for key, said in list(self._words.items()):
            kept = [word for word in said if word.received_at >= now - WAIT_S or self._holds_still(key, word)]
            if kept:
                self._words[key] = kept
            else:
                del self._words[key]

    def _is_over(self, key: str, track: Track, now: float) -> bool:
        return key not in self._states and not track.holds and now - (track.cleared_at or 0.0) > KEEP_S

    def _holds_still(self, key: str, word: Word) -> bool:
        """Whether an old order is the acknowledgement of a raise that still stands."""
        state = self._states.get(key)
        return state is not None and state.acknowledged_at == word.at


def _ending(scene: Scene, track: Track | None, condition: Condition | None, now: float) -> Ending | None:
    """Asked only of what ended: it looks things up."""
    if track is None or condition is not None or not track.raises or track.ending is not None:
        return None
    return conditions.ending(scene, track.condition, now)


def _raise_of(track: Track) -> Raise:
    condition = track.condition
    return Raise(track.noticed_at, condition.key, condition.level, condition.community, condition.area)
