"""The demonstration day: a district that looks alive, through the same door as every real source.

`DemonstrationDay.step` is pure: a time in, what happened out. `run` is the thin loop around it that does the
I/O. The subjects are in `simulated_*`. The same district, seed and start give the same day.
"""

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from threading import Event
from typing import TypeVar

import numpy as np

from dashboard.district import CentreKind, District
from dashboard.door import Door
from dashboard.journal import Journal
from dashboard.records import Order, Record
from dashboard.stills import Stills
from dashboard.store import JournalUnavailable
from dashboard.wire import FixBatch
from feeds import (
    simulated_alerts,
    simulated_cases,
    simulated_centres,
    simulated_devices,
    simulated_incidents,
    simulated_sensors,
)
from feeds.routes import Letter
from feeds.simulated_alerts import SimulatedAlerts
from feeds.simulated_cases import SimulatedCases
from feeds.simulated_centres import Asked, SimulatedCentres
from feeds.simulated_devices import Postbox, SimulatedDevices
from feeds.simulated_incidents import SimulatedIncidents
from feeds.simulated_places import Places
from feeds.simulated_sensors import SimulatedSensors
from feeds.simulated_units import SimulatedUnits

T = TypeVar("T")

log = logging.getLogger(__name__)

POSITIONS = "positions-demo"
TITLES = {
    simulated_cases.SOURCE: "案件系统",
    simulated_incidents.SOURCE: "接处警",
    simulated_alerts.SOURCE: "视频平台",
    POSITIONS: "定位网关",
    simulated_sensors.SOURCE: "物联网",
    simulated_devices.SOURCE: "单兵终端",
}
_RHYTHM_S = {
    simulated_cases.SOURCE: 120.0,
    simulated_incidents.SOURCE: 600.0,
    simulated_alerts.SOURCE: 120.0,
    POSITIONS: 10.0,
    simulated_sensors.SOURCE: 60.0,
    simulated_devices.SOURCE: 0.0,  # they only speak when an officer sends somebody
}

DEFAULT_SEED = 135
_STEP_S = 1.0
_SEEDING_STEP_S = 0.25
_SEED_CHUNK = 500  # cases from before the start in one step: the live ones must not wait behind them
_MAN_EACH_S = 20.0
_UNMANNED_SHARE = 0.05
_WATCH_S = 1_800.0  # after so long another few centres are unmanned
NOTHING_ASKED = Asked()
_RETRY_S = (0.5, 1.0, 2.0, 5.0)


@dataclass
class Happened:
    """What one step has for the door and the journal."""

    records: list[tuple[str, list[Record]]]  # by source, in order
    fixes: FixBatch
    manned: list[str] = field(default_factory=list)  # codes of the centres that just showed life
    stills: list[bytes] = field(default_factory=list)  # to be stored before the records go out


class DemonstrationDay:
    """The state of one simulated day."""

    def __init__(
        self,
        district: District,
        now: float,
        seed: int = DEFAULT_SEED,
        every_s: float | None = None,
        cases_per_day: int | None = None,
        with_stills: bool = False,
        last_run_at: float | None = None,
    ) -> None:
        """`every_s`: each unit reports so often; `last_run_at`: see SimulatedIncidents."""
        places = Places.of(district, seed)
        self._district, self._seed = district, seed
        self._units = SimulatedUnits(district, places, seed, now, every_s)
        self._cases = SimulatedCases(district, places, seed, now, cases_per_day)
        self._incidents = SimulatedIncidents(district, places, self._units, seed, now, last_run_at)
        self._alerts = SimulatedAlerts(district, seed, now, with_stills)
        self._sensors = SimulatedSensors(district, seed)
        self._devices = SimulatedDevices(district, places, self._units, seed)
        self._centres = SimulatedCentres(district, seed)
        self._manned_at = -np.inf

    @property
    def is_seeding(self) -> bool:
        """Whether part of what happened before the start is still to be delivered."""
        return self._cases.is_seeding

    def step(self, now: float, letters: Sequence[Letter] = (), asked: Asked = NOTHING_ASKED) -> Happened:
        """What happened since the last step; `now` never goes back.

        `letters`: what units were told meanwhile; `asked`: what centres were asked.
        """
        self._units.advance(now)
        incidents = self._incidents.happen(now)
        told: list[tuple[str, Record]] = [(simulated_incidents.SOURCE, record) for record in incidents]
        told += [(simulated_centres.SOURCE, answer) for answer in self._centres.happen(asked, now)]
        told += [(simulated_devices.SOURCE, reply) for reply in self._devices.happen(letters, now)]
        told += self._alerts.happen(now, self._incidents.open_plans())
        told += [(simulated_sensors.SOURCE, reading) for reading in self._sensors.happen(now)]
        told += [(simulated_cases.SOURCE, case) for case in self._cases.seed(_SEED_CHUNK)]
        told += [(simulated_cases.SOURCE, record) for record in self._cases.happen(now)]
        stills, self._alerts.new_stills = self._alerts.new_stills, []
        return Happened(_by_source(told), self._units.reports(now), self._manned(now), stills)

    def _manned(self, now: float) -> list[str]:
        """All centres but a few that change from time to time; the district's own is always manned."""
        if now - self._manned_at < _MAN_EACH_S:
            return []
        self._manned_at = now
        centres = list(self._district.centres.values())
        away = np.random.default_rng([self._seed, 7, int(now // _WATCH_S)]).random(len(centres)) < _UNMANNED_SHARE
        return [
            centre.code
            for centre, is_away in zip(centres, away, strict=True)
            if centre.kind is CentreKind.DISTRICT or not is_away
        ]


def run(
    district: District,
    door: Door,
    journal: Journal,
    stop: Event,
    clock: Callable[[], float] = time.time,
    seed: int = DEFAULT_SEED,
    stills: Stills | None = None,
    every_s: float | None = None,
    cases_per_day: int | None = None,
    postbox: Postbox | None = None,
) -> None:
    """Play the demonstration day until `stop`; while the state server is away, hold the day's breath.

    `postbox`: where the courier puts what officers tell the simulated units.
    """
    last_run_at = _insist(partial(_last_run, journal), stop, clock)
    with_stills = stills is not None
    day = DemonstrationDay(district, clock(), seed, every_s, cases_per_day, with_stills, last_run_at)
    after = _insist(lambda _: journal.end(), stop, clock) or b"0-0"
    while not stop.is_set():
        began = clock()
        asked, after = _insist(partial(_listen, journal, after), stop, clock) or (NOTHING_ASKED, after)
        happened = day.step(began, postbox.take() if postbox else (), asked)
        _insist(partial(_deliver, happened, door, journal, stills), stop, clock)
        pace_s = _SEEDING_STEP_S if day.is_seeding else _STEP_S
        stop.wait(max(0.0, began + pace_s - clock()))


def _insist(attempt: Callable[[float], T], stop: Event, clock: Callable[[], float]) -> T | None:
    """Do the same again until the state server takes it; None if it is time to stop first.

    No harm is done by a repeat: records are known by their identifiers.
    """
    failed = 0
    while True:
        try:
            done = attempt(clock())
        except JournalUnavailable as error:
            if failed == 0:
                log.warning("the simulator waits for the state server: %s", error)
            failed += 1
            if stop.wait(_RETRY_S[min(failed, len(_RETRY_S)) - 1]):
                return None
        else:
            if failed:
                log.info("the simulator goes on")
            return done


def _last_run(journal: Journal, now: float) -> float | None:
    """When an earlier run of ours gave its last sign of life, by the journal."""
    beat = journal.beats().get(simulated_incidents.SOURCE)
    return min(float(beat.at), now) if beat else None


def _listen(journal: Journal, after: bytes, now: float) -> tuple[Asked, bytes]:
    """What officers ordered behind `after`, who sits where, and how far the journal was read."""
    entries = journal.records(after, block_ms=1)
    orders = tuple(entry.record for entry in entries if isinstance(entry.record, Order))
    return Asked(orders, frozenset(journal.staffed(now))), entries[-1].id if entries else after


def _deliver(happened: Happened, door: Door, journal: Journal, stills: Stills | None, now: float) -> None:
    """Positions first: they age fastest."""
    if len(happened.fixes):
        door.take_fixes(POSITIONS, happened.fixes, now)
    for picture in happened.stills if stills else ():
        stills.store(picture)  # type: ignore[union-attr]
    for source, records in happened.records:
        door.take_records(source, records, now)
    if happened.manned:
        journal.man(happened.manned, now)
    for name, title in TITLES.items():
        journal.beat(name, title, now, rhythm_s=_RHYTHM_S[name])


def _by_source(told: Iterable[tuple[str, Record]]) -> list[tuple[str, list[Record]]]:
    """Neighbours of one source together, in order."""
    return [(source, [record for _, record in run]) for source, run in groupby(told, key=lambda pair: pair[0])]
