"""Fixed sensors: last reading, threshold with debounce, and age.

A sensor that leaves the normal band says so as an alert signal, which the alerts bundle like any camera's.
"""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from dashboard.alerts.episodes import Habit
from dashboard.district import Device
from dashboard.records import Alert, Level, Reading, moment

STALE_S = 600.0
SOURCE = "sensors"  # of the alerts that are made in here
ALERT_KINDS = ("sensor-high", "sensor-low")
ALERT_HABITS = {kind: Habit(clears=True) for kind in ALERT_KINDS}


class Band(StrEnum):
    """Where a sensor's value lies against its thresholds, after debounce."""

    NORMAL = "normal"
    LOW = "low"
    HIGH = "high"
    VERY_HIGH = "very_high"


_LEVELS = {Band.LOW: Level.III, Band.HIGH: Level.III, Band.VERY_HIGH: Level.II}
_KINDS = {Band.LOW: "sensor-low", Band.HIGH: "sensor-high", Band.VERY_HIGH: "sensor-high"}


class SensorState(Struct, frozen=True, array_like=True):
    """One sensor now."""

    sensor: str
    value: float
    at: float
    band: Band = Band.NORMAL
    band_since: float = 0.0


class Debounce(Struct, frozen=True):
    """What it takes to believe a change of band."""

    readings: int = 2  # so many in a row ...
    hold_s: float = 10.0  # ... or one that stands for so long without another
    hysteresis: float = 0.05  # to leave a band, the value must be back behind its threshold by this share of it


class Watch(Struct, frozen=True, array_like=True):
    """One sensor with what the debounce needs to remember."""

    state: SensorState
    leaning: Band  # where the newest value lies; the band of the state when it is at rest
    leaning_since: float = 0.0
    leaning_count: int = 0
    alert_id: str = ""  # of the signal that is active, "" if none is
    alert_kind: str = ""
    revision: int = 0  # of that signal


class SensorsMemory(Struct, array_like=True):
    """What a successor needs to go on as if nothing had happened."""

    watches: dict[str, Watch]


class Sensed(NamedTuple):
    """What a reading, or time, brought: changed sensors, and signals for the alerts."""

    states: list[SensorState]
    signals: list[Alert]


class Split(NamedTuple):
    """The sensors of a scope; one that is stale or was never heard says nothing of now."""

    abnormal: list[SensorState]
    normal: int
    stale: int


def band_of(value: float, now_in: Band, limits: Device, hysteresis: float = 0.0) -> Band:
    """The band of a value; a band that the sensor is in reaches a little further."""

    def slack(threshold: float, *bands: Band) -> float:
        return abs(threshold) * hysteresis if now_in in bands else 0.0

    very_high, high, low = limits.very_high, limits.high, limits.low
    if very_high is not None and value >= very_high - slack(very_high, Band.VERY_HIGH):
        return Band.VERY_HIGH
    if high is not None and value >= high - slack(high, Band.HIGH, Band.VERY_HIGH):
        return Band.HIGH
    if low is not None and value <= low + slack(low, Band.LOW):
        return Band.LOW
    return Band.NORMAL


def step(watch: Watch | None, reading: Reading, limits: Device | None, debounce: Debounce) -> Watch:
    """The sensor after a newer reading; the band may only be leaning yet."""
    at = reading.at.timestamp()
    if watch is None:
        watch = Watch(SensorState(reading.sensor, reading.value, at, Band.NORMAL, at), Band.NORMAL)
    state = replace(watch.state, value=reading.value, at=at)
    band = state.band if limits is None else band_of(reading.value, state.band, limits, debounce.hysteresis)
    if band is state.band:
        return replace(watch, state=state, leaning=band, leaning_since=at, leaning_count=0)
    if band is not watch.leaning:
        return replace(watch, state=state, leaning=band, leaning_since=at, leaning_count=1)
    return replace(watch, state=state, leaning_count=watch.leaning_count + 1)


def is_settled(watch: Watch, now: float, debounce: Debounce) -> bool:
    """Whether the band that the sensor leans to is to be believed."""
    return watch.leaning is not watch.state.band and (
        watch.leaning_count >= debounce.readings or now - watch.leaning_since >= debounce.hold_s
    )


def is_stale(state: SensorState, now: float, stale_after_s: float = STALE_S) -> bool:
    """Whether the last reading is too old to speak of now."""
    return now - state.at > stale_after_s


class Sensors:
    """All sensors of a district."""

    def __init__(
        self,
        limits: Mapping[str, Device],
        debounce: Debounce = Debounce(),  # noqa: B008 - frozen
        stale_after_s: float = STALE_S,
    ) -> None:
        """`limits`: the thresholds of each sensor that should be heard; others have no bands."""
        self._limits = limits
        self._debounce = debounce
        self._stale_after_s = stale_after_s
        self._watches: dict[str, Watch] = {}

    def apply(self, reading: Reading, received_at: float) -> Sensed:
        """Take one reading; one that is not newer than the last changes nothing."""
        watch = self._watches.get(reading.sensor)
        if watch is not None and reading.at.timestamp() <= watch.state.at:
            return Sensed([], [])
        watch = step(watch, reading, self._limits.get(reading.sensor), self._debounce)
        return self._keep(watch, watch.state.at)

    def tick(self, now: float) -> Sensed:
        """Let time pass: a value that stands long enough is believed."""
        sensed = [
            self._keep(watch, now) for watch in list(self._watches.values()) if is_settled(watch, now, self._debounce)
        ]
        return Sensed(
            [state for one in sensed for state in one.states],
            [signal for one in sensed for signal in one.signals],
        )

    def split(self, now: float, is_inside: Callable[[str], bool] = lambda sensor: True) -> Split:
        """The sensors of a scope: what is abnormal, newest first, and how many are normal and stale."""
        inside = [watch.state for watch in self._watches.values() if is_inside(watch.state.sensor)]
        fresh = [state for state in inside if not is_stale(state, now, self._stale_after_s)]
        abnormal = [state for state in fresh if state.band is not Band.NORMAL]
        unheard = sum(sensor not in self._watches and is_inside(sensor) for sensor in self._limits)
        abnormal.sort(key=lambda state: (-state.band_since, state.sensor))
        return Split(abnormal, len(fresh) - len(abnormal), len(inside) - len(fresh) + unheard)

    def get(self, sensor: str) -> SensorState | None:
        """One sensor, if it was ever heard."""
        watch = self._watches.get(sensor)
        return None if watch is None else watch.state

    def all(self) -> list[SensorState]:
        """Every sensor that was heard."""
        return [watch.state for watch in self._watches.values()]

    def adopt(self, states: Iterable[SensorState]) -> None:
        """Take states as another process made them."""
        for state in states:
            self._watches[state.sensor] = Watch(state, state.band)

    def memory(self) -> SensorsMemory:
        """What the states do not say; it shares the live map, so it is to be encoded at once."""
        return SensorsMemory(self._watches)

    def restore(self, memory: SensorsMemory) -> None:
        """Go on from another's memory."""
        self._watches = dict(memory.watches)

    def _keep(self, watch: Watch, now: float) -> Sensed:
        signals: list[Alert] = []
        if is_settled(watch, now, self._debounce):
            watch, signals = _enter(watch)
        self._watches[watch.state.sensor] = watch
        return Sensed([watch.state], signals)


def _enter(watch: Watch) -> tuple[Watch, list[Alert]]:
    """The sensor in the band that it leaned to, and what it has to say about that."""
    band = watch.leaning
    state = replace(watch.state, band=band, band_since=watch.leaning_since)
    watch = replace(watch, state=state, leaning_count=0)
    kind = _KINDS.get(band, "")
    signals = []
    if watch.alert_id and kind != watch.alert_kind:
        signals.append(_signal(watch, watch.revision + 1, active=False))
        watch = replace(watch, alert_id="", alert_kind="", revision=0)
    if kind and watch.alert_id:
        watch = replace(watch, revision=watch.revision + 1)
    elif kind:
        at_ms = round(watch.leaning_since * 1000)
        watch = replace(watch, alert_id=f"{state.sensor[:50]}:{band}:{at_ms}", alert_kind=kind)
    if kind:
        signals.append(_signal(watch, watch.revision, active=True))
    return watch, signals


def _signal(watch: Watch, revision: int, active: bool) -> Alert:
    state = watch.state
    return Alert(
        source=SOURCE,
        id=watch.alert_id,
        revision=revision,
        kind=watch.alert_kind,
        at=moment(max(state.band_since, 0.0) if active else state.at),
        device=state.sensor,
        level=_LEVELS.get(state.band, Level.IV),
        active=active,
    )
