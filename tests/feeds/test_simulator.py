from collections.abc import Iterable
from threading import Event
from typing import Any

from dashboard.door import Door
from dashboard.journal import Journal
from dashboard.records import Incident, Order, Verb, moment
from dashboard.store import JournalUnavailable
from dashboard.wire import FixBatch
from feeds import simulator
from feeds.simulator import DemonstrationDay, Happened
from tests.builders import order
from tests.feeds.letters import letter
from tests.feeds.small_district import small_district

NOW = 1_800_000_000.0


class Life:
    """Keeps the signs of life."""

    def __init__(self) -> None:
        self.told: dict[str, str] = {}
        self.manned: set[str] = set()

    def beat(self, feed: str, title: str, now: float, error: str = "", rhythm_s: float = 60.0) -> None:
        self.told[feed] = title

    def beats(self) -> dict[str, Any]:
        return {}

    def end(self) -> bytes:
        return b"0-0"

    def records(self, after: bytes, block_ms: int) -> list[Any]:
        return []

    def staffed(self, now: float) -> dict[str, Any]:
        return {}

    def man(self, centres: Iterable[str], now: float) -> None:
        self.manned |= set(centres)


class Inlet:
    """Keeps what comes through and stops the loop after some deliveries of positions."""

    def __init__(self, stop: Event, most: int, away: int = 0) -> None:
        self.told: list[tuple[str, Any]] = []
        self.batches: list[FixBatch] = []
        self.stop, self.most, self.away = stop, most, away

    def take_records(self, source_name: str, batch: list[Any], now: float) -> None:
        if self.away:
            self.away -= 1
            raise JournalUnavailable("away")
        self.told += [(source_name, record) for record in batch]

    def take_fixes(self, source_name: str, batch: FixBatch, now: float) -> None:
        self.batches.append(batch)
        if len(self.batches) >= self.most:
            self.stop.set()


class Ticking(Event):
    """A stop event whose waiting makes a clock go on."""

    now = NOW

    def wait(self, timeout: float | None = None) -> bool:
        self.now += timeout or 0.0
        return self.is_set()

    def clock(self) -> float:
        return self.now


def steps(day: DemonstrationDay, seconds: int) -> list[Happened]:
    return [day.step(NOW + second) for second in range(seconds)]


def test_the_same_start_gives_the_same_day() -> None:
    one, other = (steps(DemonstrationDay(small_district(), NOW, cases_per_day=500), 20) for _ in range(2))
    assert [each.records for each in one] == [each.records for each in other]
    assert all((a.fixes.lat == b.fixes.lat).all() for a, b in zip(one, other, strict=True))


def test_all_sources_speak_within_two_minutes_the_devices_when_an_officer_does() -> None:
    day = DemonstrationDay(small_district(), NOW)
    deliveries = [day.step(NOW), day.step(NOW + 1, [letter()]), *(day.step(NOW + second) for second in range(2, 120))]
    speaking = {source for each in deliveries for source, _ in each.records}
    assert speaking | {simulator.POSITIONS} == simulator.TITLES.keys()
    assert all(record.source == source for each in deliveries for source, told in each.records for record in told)


def test_centres_show_life_and_the_districts_own_always_does() -> None:
    deliveries = steps(DemonstrationDay(small_district(), NOW), 60)
    signs = [each.manned for each in deliveries if each.manned]
    assert len(signs) == 3
    assert all("D" in codes for codes in signs)


def test_everything_is_taken_by_the_real_door_and_a_restart_is_repeated(journal: Journal) -> None:
    district = small_district()
    door = Door(district, journal)
    counts = []
    for _ in range(2):
        day = DemonstrationDay(district, NOW, cases_per_day=400)
        receipts = []
        for second in range(5):
            delivery = day.step(NOW + second)
            receipts += [door.take_records(source, told, NOW + second) for source, told in delivery.records]
            assert door.take_fixes(simulator.POSITIONS, delivery.fixes, NOW + second) == len(delivery.fixes)
        assert not [refusal for receipt in receipts for refusal in receipt.refusals]
        counts.append((sum(each.accepted for each in receipts), sum(each.repeated for each in receipts)))
    (accepted, repeated), (accepted_again, repeated_again) = counts
    assert repeated == 0 and accepted > 200
    assert (accepted_again, repeated_again) == (0, accepted)


def test_the_loop_delivers_and_beats() -> None:
    stop, life = Ticking(), Life()
    inlet = Inlet(stop, most=30)
    simulator.run(small_district(), inlet, life, stop, stop.clock, cases_per_day=400)
    assert life.told == simulator.TITLES
    assert "D" in life.manned
    assert [record for _, record in inlet.told if isinstance(record, Incident)]
    assert len(inlet.batches) == 30


def test_the_loop_closes_what_an_earlier_run_left_open(journal: Journal) -> None:
    today, tomorrow = Ticking(), Ticking()
    tomorrow.now = NOW + 86_400
    told = []
    for stop in (today, tomorrow):
        inlet = Inlet(stop, most=2)
        simulator.run(small_district(), inlet, journal, stop, stop.clock, cases_per_day=400)
        told.append([record for _, record in inlet.told])
    opened = {f"cad-demo/{record.id}" for record in told[0] if isinstance(record, Incident)}
    closed = {record.target for record in told[1] if isinstance(record, Order) and record.verb is Verb.CLOSE}
    assert opened and opened <= closed and len(closed - opened) <= 2


def test_centres_answer_a_roll_call_that_is_in_the_journal(journal: Journal) -> None:
    stop = Ticking()
    district = small_district()
    inlet = Inlet(stop, 90)
    call = order(Verb.CALL_ROLL, "A", 0, id="call", at=moment(NOW + 3))
    waited = stop.wait

    def wait(timeout: float | None = None) -> bool:
        if stop.now < NOW + 3 <= stop.now + (timeout or 0):
            journal.append([call])
        return waited(timeout)

    stop.wait = wait  # type: ignore[method-assign]
    simulator.run(district, inlet, journal, stop, stop.clock, cases_per_day=100)  # type: ignore[arg-type]
    answers = [record for _, record in inlet.told if isinstance(record, Order) and record.verb is Verb.ANSWER]
    assert answers and {answer.ref for answer in answers} == {"call"}
    assert {answer.target for answer in answers} <= {"C0", "C1", "C2"}


def test_the_loop_waits_for_the_state_server_and_repeats_what_was_not_taken() -> None:
    stop, life = Ticking(), Life()
    inlet = Inlet(stop, most=30, away=3)
    simulator.run(small_district(), inlet, life, stop, stop.clock, cases_per_day=400)
    straight = Ticking()
    other = Inlet(straight, most=27)
    simulator.run(small_district(), other, Life(), straight, straight.clock, cases_per_day=400)
    first = next(record for _, record in other.told)
    assert inlet.told[0][1] == first
