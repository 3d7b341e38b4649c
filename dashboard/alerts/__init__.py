"""Video and sensor alerts: what a device noticed, until a person or a rule says what it was.

`bundles` makes episodes of signals, `decisions` a verdict of what people said; here each alert gets its state.
"""

from bisect import insort
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, tzinfo

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from dashboard.alerts import episodes
from dashboard.alerts.bundles import Bundles, BundlesMemory, Group
from dashboard.alerts.decisions import AlertStage, Word, decide, in_order, word_of
from dashboard.alerts.episodes import Episode, Habits, Signal
from dashboard.alerts.verdicts import Verdict, Verdicts
from dashboard.district import District
from dashboard.records import Alert, Level, Order, Verb
from dashboard.sensors import ALERT_HABITS

__all__ = ["OPEN", "AlertStage", "AlertState", "Alerts", "AlertsMemory"]

KEEP_S = 26 * 3600.0  # counts are of today, and a record may come 24 h late
WAIT_S = 24 * 3600.0  # how long an order waits for its alert
SIGNAL_BEHIND_MEMORY = "signal_behind_memory"
ORDER_WITHOUT_ALERT = "order_without_alert"
DEFAULT_HABITS = Habits(by_kind=ALERT_HABITS)
_PRUNE_S = 60.0

OPEN = (AlertStage.NEW, AlertStage.CLAIMED)


class AlertState(Struct, frozen=True, kw_only=True):
    """One alert: repeated signals of one device and kind are one alert with a count."""

    key: str
    kind: str
    device: str
    title: str
    level: Level
    stage: AlertStage
    active: bool  # the condition still holds
    first_at: float
    last_at: float
    count: int = 1
    lat: float | None = None
    lon: float | None = None
    community: int = -1
    confidence: float | None = None
    still: str | None = None
    claimed_by: str = ""  # who took it up; claimed_from: the code of their centre
    claimed_from: str = ""
    claimed_actor: str = ""  # the account
    claimed_at: float | None = None
    into: str = ""  # key of the case or incident it became
    decided_by: str = ""
    decided_from: str = ""
    decided_at: float | None = None
    reason: str = ""  # why it was false
    device_confirmed: int = 0  # of an open one: verdicts on other alerts of its device in 30 days
    device_false: int = 0
    late_record: bool = False  # it reached us long after it happened: no bell
    merged_into: str = ""  # a late earlier signal made it part of that alert: copies drop it


class AlertsMemory(Struct, array_like=True):
    """What a successor needs beside the states to go on as if nothing had happened."""

    bundles: BundlesMemory
    words: dict[str, list[Word]]
    anomalies: dict[str, int]
    now: float
    verdicts: dict[str, Verdict] = {}


class Alerts:
    """All alerts that are open or were so lately."""

    def __init__(self, district: District, habits: Habits = DEFAULT_HABITS) -> None:
        """Empty; `district` tells where devices stand, `habits` how their signals behave."""
        self._district = district
        self._habits = habits
        self._bundles = Bundles(habits)
        self._words: dict[str, list[Word]] = {}  # target of the orders -> orders by time; some wait for their alert
        self._states: dict[str, AlertState] = {}
        self._moving: set[str] = set()  # alerts that time alone can change
        self._verdicts = Verdicts()
        self._anomalies: Counter[str] = Counter()
        self._now = 0.0
        self._prune_at = 0.0

    def apply(self, record: Alert | Order, received_at: float) -> list[AlertState]:
        """Take one signal, or one order on an alert; what it changed."""
        self._now = max(self._now, received_at)
        if isinstance(record, Alert):
            return self._take_signal(record, received_at)
        return self._take_order(record, received_at)

    def tick(self, now: float) -> list[AlertState]:
        """Let time pass: silence means normal, what nobody takes up expires, what is done is forgotten."""
        self._now = max(self._now, now)
        changed = [state for key in sorted(self._moving) for state in self._look(key)]
        if now >= self._prune_at:
            self._prune_at = now + _PRUNE_S
            self.prune(now)
            self._verdicts.prune(now)
        return changed

    def prune(self, now: float) -> None:
        """Forget what was done long ago, and orders whose alert never came."""
        done = {key for key, state in self._states.items() if _is_done(state, now - KEEP_S)}
        gone = self._bundles.prune(done.__contains__, now - KEEP_S)
        # In a copy there are no bundles: it drops what is done by the states alone.
        for key in (*gone, *(done - set(self._bundles.keys()))):
            self._states.pop(key, None)
            self._words.pop(key, None)
            self._moving.discard(key)
        for target in [key for key, words in self._words.items() if words[-1].received_at < now - WAIT_S]:
            if self._bundles.find(target) is None:
                self._anomalies[ORDER_WITHOUT_ALERT] += len(self._words.pop(target))

    def get(self, key: str) -> AlertState | None:
        """One alert, by its key or that of any signal in it."""
        return self._states.get(self._bundles.current(key))

    def listed(self, communities: NDArray[np.bool_] | None, most: int = 40) -> list[AlertState]:
        """What a scope shows: open ones by level, then age; behind them the done ones, newest first."""
        inside = self._in_scope(communities)
        opened = sorted((state for state in inside if state.stage in OPEN), key=_urgency)
        done = sorted((state for state in inside if state.stage not in OPEN), key=_recency)
        return (opened + done)[:most]

    def counts(
        self, communities: NDArray[np.bool_] | None, now: float, zone: tzinfo
    ) -> tuple[tuple[AlertStage, int], ...]:
        """Alerts of a scope by stage: all open ones, and those done that were heard since local midnight."""
        local = datetime.fromtimestamp(now, zone)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
        counted = Counter(
            state.stage for state in self._in_scope(communities) if state.stage in OPEN or state.last_at >= midnight
        )
        return tuple((stage, counted[stage]) for stage in AlertStage)

    def anomalies(self) -> dict[str, int]:
        """How many records could not be used, by the name of what was wrong."""
        return dict(sorted(self._anomalies.items()))

    def all(self) -> list[AlertState]:
        """Every alert."""
        return list(self._states.values())

    def adopt(self, states: Iterable[AlertState]) -> None:
        """Take states as another process made them."""
        for state in states:
            if state.merged_into:
                self._states.pop(state.key, None)
            else:
                self._states[state.key] = state

    def memory(self) -> AlertsMemory:
        """What the states do not say; it shares live lists, so it is to be encoded at once."""
        verdicts = self._verdicts.memory()
        return AlertsMemory(self._bundles.memory(), self._words, dict(self._anomalies), self._now, verdicts)

    def restore(self, memory: AlertsMemory) -> None:
        """Go on from another's memory, beside its adopted states."""
        self._bundles.restore(memory.bundles)
        self._words = dict(memory.words)
        self._anomalies = Counter(memory.anomalies)
        self._now = memory.now
        self._verdicts.restore(memory.verdicts)
        self._moving = set(self._bundles.keys())  # the next tick finds out which of them time can change

    def _take_signal(self, alert: Alert, received_at: float) -> list[AlertState]:
        signal = self._signal(alert, received_at)
        heard = self._bundles.hear(alert.source, alert.device, signal)
        if heard is None:
            self._anomalies[SIGNAL_BEHIND_MEMORY] += 1
            return []
        merged = [state for key, heir in heard.merged.items() for state in self._merge(key, heir)]
        return merged + [state for key in heard.keys for state in self._look(key)]

    def _merge(self, key: str, heir: str) -> list[AlertState]:
        self._moving.discard(key)
        state = self._states.pop(key, None)
        if state is None:
            return []
        others = self._look_at_open_of(state.device) if self._verdicts.note(key, None) else []
        return [replace(state, merged_into=heir, active=False), *others]

    def _take_order(self, order: Order, received_at: float) -> list[AlertState]:
        if order.verb not in (Verb.CLAIM, Verb.RELEASE, Verb.CONFIRM, Verb.MARK_FALSE):
            return []
        words = self._words.setdefault(order.target, [])
        if any(known.id == order.id for known in words):
            return []
        self._bundles.note(order.target)
        insort(words, word_of(order, received_at), key=in_order)
        return self._look(self._bundles.current(order.target))

    def _look(self, key: str) -> list[AlertState]:
        """The alert's state if it is another than before."""
        found = self._bundles.find(key)
        if found is None:
            return []
        state = self._state(key, *found)
        if state.active or state.stage in OPEN:
            self._moving.add(key)
        else:
            self._moving.discard(key)
        if state == self._states.get(key):
            return []
        self._states[key] = state
        return [state, *self._tell_others(state)]

    def _tell_others(self, state: AlertState) -> list[AlertState]:
        """A verdict changes what is known of its device, and so the device's other open alerts."""
        verdict = None
        if state.device and state.decided_at is not None:
            verdict = Verdict(state.device, state.decided_at, state.stage is AlertStage.FALSE)
        return self._look_at_open_of(state.device) if self._verdicts.note(state.key, verdict) else []

    def _look_at_open_of(self, device: str) -> list[AlertState]:
        found = [each.key for each in self._states.values() if each.device == device and each.stage in OPEN]
        return [changed for key in found for changed in self._look(key)]

    def _state(self, key: str, group: Group, episode: Episode) -> AlertState:
        expire_s = self._habits.of(group.source, episode.kind).expire_s
        decision = decide(self._words_on(key), self._now)
        stage = decision.stage
        active = episodes.is_active(episode, self._now)
        waits_since = max(episode.heard_at, decision.lapsed_at or 0.0)
        if stage is AlertStage.NEW and not active and self._now > waits_since + expire_s:
            stage = AlertStage.EXPIRED
        confirmed, false = self._verdicts.of(group.device) if stage in OPEN else (0, 0)
        return AlertState(
            key=key,
            kind=episode.kind,
            device=group.device,
            title=episode.title,
            level=episode.level,
            stage=stage,
            active=active,
            first_at=episode.first_at,
            last_at=episode.last_at,
            count=episode.count,
            lat=episode.lat,
            lon=episode.lon,
            community=episode.community,
            confidence=episode.confidence,
            still=episode.still,
            claimed_by=decision.claimed_by,
            claimed_from=decision.claimed_from,
            claimed_actor=decision.claimed_actor,
            claimed_at=decision.claimed_at,
            into=decision.into,
            decided_by=decision.decided_by,
            decided_from=decision.decided_from,
            decided_at=decision.decided_at,
            reason=decision.reason,
            device_confirmed=confirmed,
            device_false=false,
            late_record=episode.is_late,
        )

    def _words_on(self, key: str) -> list[Word]:
        targets = (key, *self._bundles.asides(key))
        return sorted((word for target in targets for word in self._words.get(target, ())), key=in_order)

    def _signal(self, alert: Alert, received_at: float) -> Signal:
        place = self._district.device_index.get(alert.device, -1)
        device = self._district.devices[place] if place >= 0 else None
        lat, lon, community = alert.lat, alert.lon, -1
        if lat is not None and lon is not None:
            community = self._district.community_at(lat, lon)
        elif device is not None:
            lat, lon, community = device.lat, device.lon, device.community
        return Signal(
            at=alert.at.timestamp(),
            id=alert.id,
            revision=alert.revision,
            kind=alert.kind,
            active=alert.active,
            level=int(alert.level),
            received_at=received_at,
            title=alert.title or (device.name if device else ""),
            lat=lat,
            lon=lon,
            community=community,
            confidence=alert.confidence,
            still=alert.still,
        )

    def _in_scope(self, communities: NDArray[np.bool_] | None) -> list[AlertState]:
        states = self._states.values()
        if communities is None:
            return list(states)
        return [state for state in states if state.community >= 0 and communities[state.community]]


def _urgency(state: AlertState) -> tuple[int, float, str]:
    return state.level, state.first_at, state.key


def _recency(state: AlertState) -> tuple[float, str]:
    return -state.last_at, state.key


def _is_done(state: AlertState, before: float) -> bool:
    return state.stage not in OPEN and state.last_at < before
