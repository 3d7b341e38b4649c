"""Real records that nobody here wrote, down the whole road: replay, door, journal, engine, deltas."""

import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from dashboard.backlog import CaseRow
from dashboard.backlog.cases import is_overdue
from dashboard.district import District
from dashboard.door import Door
from dashboard.journal import Journal
from dashboard.picture import decode_change
from dashboard.records import Evidence
from dashboard.response import IncidentState, Leg
from dashboard.state_server import StateServer
from feeds import replay, sf_fire
from feeds.boston_311 import SOURCE as BOSTON
from feeds.rehearsal import INCIDENTS, REQUESTS, TRACKS
from tests.dashboard.leading import Running, published, wait_for
from tests.rehearsal import rehearsal_district


class Listener:
    """Keeps the last state that the engine published of each incident, case and unit."""

    def __init__(self, url: str) -> None:
        self.incidents: dict[str, IncidentState] = {}
        self.cases: dict[str, CaseRow] = {}
        self.frames = 0
        self.heard_at = time.monotonic()
        self._journal = Journal(url)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        after = b"0-0"
        while not self._stop.is_set():
            for delta in self._journal.deltas(after, 100):
                after = delta.id
                change = decode_change(delta.change)
                self.incidents.update((state.key, state) for state in change.incidents)
                self.cases.update((row.key, row) for row in change.cases)
                self.frames += len(change.units)
                if change.incidents or change.cases or change.units:
                    self.heard_at = time.monotonic()

    def end(self) -> None:
        self._stop.set()
        self._thread.join(5)


def play(
    journal: Journal, url: str, district: District, files: Sequence[Path], is_done: Callable[[Listener], bool]
) -> Listener:
    """Replay files as fast as it goes; answers what the engine published, once it is done."""
    engine, listener = Running(url, district), Listener(url)
    try:
        wait_for(lambda: published(journal), "the engine does not lead")
        recording = replay.read(files, district.roster.index)
        assert replay.play(recording, Door(district, journal), speed=0) == len(recording)
        give_up_at = time.monotonic() + 300
        while not (is_done(listener) and time.monotonic() - listener.heard_at > 3):
            assert time.monotonic() < give_up_at, (len(listener.incidents), len(listener.cases))
            time.sleep(0.2)
    finally:
        engine.end()
        listener.end()
    return listener


def first_report(state: IncidentState, leg: Leg) -> float | None:
    """Seconds from clock zero to the first unit of the leg's tier that reported itself on scene."""
    reported = [
        arrived.at for arrived in state.arrivals if arrived.tier is leg.tier and arrived.evidence is Evidence.UNIT
    ]
    return min(reported) - state.zero_at if reported else None


def test_arrivals_of_san_francisco_equal_those_in_the_columns(
    journal: Journal, state_server: StateServer, shared_data: Path
) -> None:
    table = pd.read_csv(shared_data / INCIDENTS, dtype=str)
    calls = table["call_number"].nunique()
    told = play(
        journal,
        state_server.url,
        rehearsal_district("sf", shared_data),
        [shared_data / INCIDENTS, shared_data / TRACKS],
        lambda listener: len(listener.incidents) == calls,
    )
    # Cabs drive by, and their geofence counts too: so the columns are held against what units reported, and
    # every leg against the earliest of all its evidence.
    folded = {
        (state.key.removeprefix("sf-fire/"), leg.tier.value): first_report(state, leg)
        for state in told.incidents.values()
        for leg in state.legs
        if first_report(state, leg) is not None
    }
    for state in told.incidents.values():
        for leg in state.legs:
            seen = [arrived.at for arrived in state.arrivals if arrived.tier is leg.tier]
            assert (leg.arrived.at if leg.arrived else None) == min(seen, default=None)
    tier = table["unit_type"].map({name: tier.value for name, tier in sf_fire.TIER_OF_UNIT_TYPE.items()})
    waited = (pd.to_datetime(table["on_scene"]) - pd.to_datetime(table["received"])).dt.total_seconds()
    assert folded == waited.groupby([table["call_number"], tier]).min().dropna().to_dict()
    assert told.frames > 200, "the cabs did not move"


def test_overdue_flags_of_boston_equal_the_citys_own(
    journal: Journal, state_server: StateServer, shared_data: Path
) -> None:
    table = pd.read_csv(shared_data / REQUESTS, dtype=str)
    told = play(
        journal,
        state_server.url,
        rehearsal_district("boston", shared_data),
        [shared_data / REQUESTS],
        lambda listener: len(listener.cases) == len(table),
    )
    as_of = datetime(2016, 1, 13, 5, tzinfo=UTC).timestamp()  # midnight in Boston
    said = table.set_index("case_id")["ontime_status"].dropna()
    flags = {case: "OVERDUE" if is_overdue(told.cases[f"{BOSTON}/{case}"], as_of) else "ONTIME" for case in said.index}
    assert len(said) == 58_017
    assert flags == said.to_dict()
