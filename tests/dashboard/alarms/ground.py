"""Conditions with sensible defaults, and a situation whose alarms are followed second by second."""

from typing import Any

from dashboard.alarms import AlarmKind, AlarmState, raise_ref
from dashboard.alarms.course import Condition, Track, advance
from dashboard.alarms.policy import AlarmPolicy
from dashboard.district import District
from dashboard.heartbeats import FeedCondition, FeedState
from dashboard.records import Level, Order, Record, Verb
from dashboard.situation import Change, Situation
from tests.builders import NOON, at, order

T0 = NOON.timestamp()
POLICY = AlarmPolicy()


def condition(kind: AlarmKind = AlarmKind.SENSOR, subject: str = "gauge-1", **fields: Any) -> Condition:
    """A gauge beyond its limit."""
    return Condition(**{"kind": kind, "subject": subject, "level": Level.III, **fields})


def course(*told: tuple[float, Condition | None], policy: AlarmPolicy = POLICY) -> Track | None:
    """The course of an alarm whose condition was so at these times after noon."""
    track = None
    for after_s, found in told:
        track = advance(track, found, None, T0 + after_s, policy)
    return track


def feed(name: str = "gps", condition: FeedCondition = FeedCondition.LOST, **fields: Any) -> FeedState:
    """A source, lost unless said otherwise."""
    return FeedState(**{"name": name, "title": name.upper(), "condition": condition, "error": "refused", **fields})


class Wall:
    """A situation that is told what happens, and what a copy makes of it."""

    def __init__(self, district: District) -> None:
        self.situation = Situation(district)
        self.copy = Situation(district)

    def tell(self, after_s: float, *records: Record) -> None:
        for record in records:
            self._pass_on(self.situation.apply(record, T0 + after_s))

    def tick(self, after_s: float) -> None:
        self._pass_on(self.situation.tick(T0 + after_s))

    def ticks(self, start_s: float, end_s: float, step_s: float = 1.0) -> None:
        while start_s <= end_s:
            self.tick(start_s)
            start_s += step_s

    def feeds(self, after_s: float, *states: FeedState) -> None:
        """As the engine does: a tick, then how the sources are."""
        self.tick(after_s)
        self._pass_on(self.situation.note_life(states, {}))

    def keys(self) -> list[str]:
        return [state.key for state in self.situation.alarms.listed(None)]

    def alarm(self, key: str) -> AlarmState:
        state = self.situation.alarms.get(key)
        assert state is not None, f"{key} is not among {self.keys()}"
        assert self.copy.alarms.get(key) == state
        return state

    def acknowledge(self, key: str, after_s: float, **fields: Any) -> Order:
        """The order of an officer who sees the alarm as it is now; it is not given yet."""
        seen = raise_ref(self.alarm(key))
        return order(Verb.ACKNOWLEDGE_ALARM, key, after_s, **{"ref": seen, "by": "duty", "centre": "D", **fields})

    def _pass_on(self, change: Change) -> None:
        self.copy.adopt(change)


def shelve(key: str, after_s: float, for_s: float, **fields: Any) -> Order:
    """An officer puts an alarm on the shelf."""
    defaults = {"until": at(after_s + for_s), "reason": "gauge under repair", "by": "duty", "actor": "zhang"}
    return order(Verb.SHELVE, key, after_s, **{**defaults, **fields})
