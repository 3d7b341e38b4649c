import gzip
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import msgspec
import numpy as np
import pytest

from dashboard import records
from dashboard.door import Door
from dashboard.records import Arrival, Case, Fix, Incident, Level, Order, Record, Stage, Verb
from dashboard.store import JournalUnavailable
from dashboard.wire import FixBatch
from feeds import replay
from feeds.rehearsal import INCIDENTS, TRACKS
from feeds.replay import Happening, ReplayError, StartAt, happened_at
from tests.rehearsal import rehearsal_district

START = datetime(2026, 11, 20, 1, tzinfo=UTC)


class Clock:
    """A clock that a stop event drives: waiting is what makes time pass."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


class Waiting(Event):
    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.clock = clock

    def wait(self, timeout: float | None = None) -> bool:
        self.clock.now += timeout or 0.0
        return self.is_set()


class Inlet:
    """Keeps what comes through, with the time of delivery."""

    def __init__(self, away: int = 0) -> None:
        self.told: list[tuple[float, str, Any]] = []
        self.away = away

    def take_records(self, source_name: str, batch: list[Record], now: float) -> None:
        if self.away:
            self.away -= 1
            raise JournalUnavailable("loading")
        self.told += [(now, source_name, record) for record in batch]

    def take_fixes(self, source_name: str, batch: FixBatch, now: float) -> None:
        self.told.append((now, source_name, batch))

    def take_fix_rows(self, source_name: str, fixes: list[Fix], now: float) -> None:
        self.told += [(now, source_name, fix) for fix in fixes]


def incident(number: int, after_s: float) -> Incident:
    at = START + timedelta(seconds=after_s)
    return Incident(source="cad", id=f"E{number}", kind="fire", level=Level.III, reported_at=at, lat=22.6, lon=113.9)


def recording(*after_s: float) -> list[Happening]:
    told = [incident(number, after) for number, after in enumerate(after_s)]
    return [Happening(happened_at(record), record.source, record) for record in told]


def write(path: Path, lines: Sequence[bytes]) -> Path:
    data = b"\n".join(lines)
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def test_own_recordings_hold_records_and_fixes_in_any_order(tmp_path: Path) -> None:
    fix = Fix(unit="V001", at=START + timedelta(seconds=5), lat=22.6, lon=113.9)
    lines = [records.encode(incident(1, 10)), b"", msgspec.json.encode(fix), records.encode(incident(2, 0))]
    found = replay.read([write(tmp_path / "day.ndjson.gz", lines)], {})
    assert [type(one.what).__name__ for one in found] == ["Incident", "Fix", "Incident"]
    assert [one.source for one in found] == ["cad", replay.OWN_SOURCE, "cad"]


def test_a_bad_line_is_named(tmp_path: Path) -> None:
    path = write(tmp_path / "day.ndjson", [records.encode(incident(1, 0)), b'{"record":"incident"}'])
    with pytest.raises(ReplayError, match=r"day\.ndjson, line 2: .*kind"):
        replay.read([path], {})


def test_a_file_that_nobody_can_read_is_refused_with_a_reason(tmp_path: Path) -> None:
    with pytest.raises(ReplayError, match="no such file"):
        replay.read([tmp_path / "absent.csv"], {})
    with pytest.raises(ReplayError, match="neither"):
        replay.read([write(tmp_path / "day.xlsx", [b"x"])], {})
    with pytest.raises(ReplayError, match="no table that can be played: a, b"):
        replay.read([write(tmp_path / "day.csv", [b"a,b", b"1,2"])], {})


def test_as_fast_as_possible_keeps_order_and_times() -> None:
    clock, inlet = Clock(), Inlet()
    assert replay.play(recording(0, 60, 7200), inlet, clock=clock, stop=Waiting(clock)) == 3
    assert [record.id for _, _, record in inlet.told] == ["E0", "E1", "E2"]
    assert inlet.told[0][2].reported_at == START
    assert clock.now == Clock().now


def test_a_paced_replay_delivers_when_it_is_time() -> None:
    clock, inlet = Clock(), Inlet()
    began = clock.now
    replay.play(recording(0, 60, 120), inlet, speed=60, clock=clock, stop=Waiting(clock))
    assert [now - began for now, _, _ in inlet.told] == pytest.approx([0, 1, 2], abs=0.3)


def test_a_replay_now_at_its_own_pace_begins_now_with_new_identifiers() -> None:
    clock, inlet = Clock(), Inlet()
    began = clock.now
    replay.play(recording(0, 60), inlet, 1.0, StartAt.NOW, clock=clock, stop=Waiting(clock))
    assert [record.reported_at.timestamp() - began for _, _, record in inlet.told] == pytest.approx([0, 60])
    assert len({record.id for _, _, record in inlet.told}) == 2
    assert all(record.id.startswith("E") and "~" in record.id for _, _, record in inlet.told)


@pytest.mark.parametrize("speed", [0.0, 1.0, 60.0])
def test_a_replay_now_tells_nothing_from_the_future(speed: float) -> None:
    clock, inlet = Clock(), Inlet()
    replay.play(recording(0, 600, 3600), inlet, speed, StartAt.NOW, clock=clock, stop=Waiting(clock))
    assert len(inlet.told) == 3
    assert all(happened_at(record) <= now + 0.01 for now, _, record in inlet.told)


def test_references_follow_the_new_identifiers() -> None:
    order = Order(source="cad", id="E1-close", verb=Verb.CLOSE, target="cad/E1", at=START)
    arrival = Arrival(source="cad", id="E1-V001", incident="E1", unit="V001", at=START)
    moved_order, moved_arrival = (replay.moved(record, 60.0, "~r") for record in (order, arrival))
    assert isinstance(moved_order, Order) and isinstance(moved_arrival, Arrival)
    assert (moved_order.id, moved_order.target, moved_order.into) == ("E1-close~r", "cad/E1~r", "")
    assert (moved_arrival.incident, moved_arrival.unit) == ("E1~r", "V001")
    assert moved_order.at == START + timedelta(seconds=60)


def test_batches_of_fixes_are_moved_as_columns() -> None:
    column = np.array([1.0, 2.0])
    batch = FixBatch(np.array([3, 4]), column, column, column, column, column, column)
    moved = replay.moved(batch, 10.0, "~r")
    assert isinstance(moved, FixBatch)
    assert (moved.at.tolist(), moved.lat.tolist(), moved.unit.tolist()) == ([11.0, 12.0], [1.0, 2.0], [3, 4])


def test_a_replay_waits_for_the_state_server_and_loses_nothing() -> None:
    clock, inlet = Clock(), Inlet(away=3)
    assert replay.play(recording(0, 1), inlet, clock=clock, stop=Waiting(clock)) == 2
    assert [record.id for _, _, record in inlet.told] == ["E0", "E1"]


def test_a_stopped_replay_says_how_far_it_came() -> None:
    clock, inlet = Clock(), Inlet()
    stop = Waiting(clock)
    seen = []

    def progress(at: replay.Progress) -> None:
        seen.append((at.delivered, at.total))
        stop.set()

    assert replay.play(recording(0, 3600), inlet, 1.0, stop=stop, progress=progress, clock=clock) == 1
    assert seen[0] == (1, 2)
    assert [record.id for _, _, record in inlet.told] == ["E0"]


def test_a_close_is_told_when_it_happens() -> None:
    case = Case(id="1", reported_at=START, revision=1, stage=Stage.CLOSED, closed_at=START + timedelta(hours=1))
    assert happened_at(case) == (START + timedelta(hours=1)).timestamp()


def test_a_window_is_two_times() -> None:
    begin, end = replay.parse_window("2020-04-10T17:00-07:00/2020-04-11T00:30")
    assert begin == datetime(2020, 4, 11, tzinfo=UTC)
    assert end == datetime(2020, 4, 11, 0, 30, tzinfo=UTC)


class Keeper:
    """A journal in memory, for the real door."""

    def __init__(self) -> None:
        self.kept: list[Record] = []
        self.fixes = 0
        self.totals: dict[str, dict[str, int]] = {}

    def append(self, batch: Sequence[Record]) -> list[bool]:
        self.kept += batch
        return [True] * len(batch)

    def append_fixes(self, source: str, packed: bytes, count: int) -> None:
        self.fixes += count

    def count(self, totals: Any) -> None:
        for name, amounts in totals.items():
            mine = self.totals.setdefault(name, {})
            for key, amount in amounts.items():
                mine[key] = mine.get(key, 0) + amount

    def heard(self, source: str, now: float, skew_s: float | None) -> None:
        pass

    def quarantine(self, source: str, raw: bytes, why: str) -> None:
        raise AssertionError(why)


def test_what_officers_did_here_is_not_played_as_if_they_did_it_now(tmp_path: Path) -> None:
    ours = Order(source="desk", id="1", verb=Verb.CLOSE, target="cad/I1", at=START)
    path = write(tmp_path / "day.ndjson", [records.encode(incident(1, 0)), records.encode(ours)])
    with pytest.raises(ReplayError, match=r"line 2: source 'desk' is wall135's own"):
        replay.read([path], {})
    path = write(tmp_path / "day.ndjson", [records.encode(msgspec.structs.replace(ours, source="replay"))])
    assert len(replay.read([path], {})) == 1


def test_a_real_evening_goes_through_the_real_door(shared_data: Path) -> None:
    district = rehearsal_district("sf", shared_data)
    window = replay.parse_window("2020-04-10T17:00-07:00/2020-04-10T21:00-07:00")
    paths = [shared_data / TRACKS, shared_data / INCIDENTS]
    evening = replay.read(paths, district.roster.index, window=window)
    keeper = Keeper()
    replay.play(evening, Door(district, keeper))
    told = sum(not isinstance(one.what, FixBatch) for one in evening)
    assert len(keeper.kept) == told > 500
    assert keeper.fixes == 100_290 - keeper.totals["refused"]["cab-tracks|out_of_area"]
    assert keeper.totals["refused"].keys() == {"cab-tracks|out_of_area"}
    assert keeper.fixes > 99_000


def test_tracks_go_to_the_same_weekday_of_the_incidents_or_to_the_day_that_is_asked_for(
    shared_data: Path,
) -> None:
    places = rehearsal_district("sf", shared_data).roster.index
    paths = [shared_data / TRACKS, shared_data / INCIDENTS]
    friday = [one.at for one in replay.read(paths, places) if one.source == "cab-tracks"]
    assert datetime.fromtimestamp(friday[0], UTC) == datetime(2020, 4, 11, 0, tzinfo=UTC)  # 17:00 the day before
    monday = [one.at for one in replay.read(paths, places, date(2020, 4, 13)) if one.source == "cab-tracks"]
    assert monday[0] - friday[0] == 3 * 86_400
