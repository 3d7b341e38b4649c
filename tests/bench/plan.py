"""What is measured, in which order, on which running product, and for how long."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from playwright.sync_api import Browser

from tests.bench import (
    bound,
    cases,
    cold_start,
    console,
    glass,
    history,
    intake,
    ledger,
    many_viewers,
    page_health,
    restart,
    seek,
)
from tests.bench.glass import CITY, EVERYBODY, LARGE, Target
from tests.bench.processes import helping
from tests.bench.report import Latencies, Row
from tests.bench.wall import Wall, running

LIMIT_S = 900.0  # a measurement that takes longer than this is given up
_SOAK_S, _SOAK_LIMIT_S, _SOAK_LOOKS = 3_600, 7_200.0, 60
_SEEDED_S = 120.0
_CASES, _SHORT_CASES = 30_000, 3_000  # open at once
_SHORT_CASES_PER_DAY = 3_000  # so that a short run need not wait for 27,000


@dataclass
class Bench:
    """What measurements share."""

    browser: Browser
    is_short: bool
    bounds: dict[int, Latencies] = field(default_factory=dict)
    bound_rows: list[Row] = field(default_factory=list)

    def bound(self, units: int) -> Latencies:
        """The bound at so many units, measured when it is first asked for."""
        if units not in self.bounds:
            self.bounds[units], rows = bound.measure(self.browser, units, self.seconds(30, 4))
            self.bound_rows += rows
        return self.bounds[units]

    def seconds(self, full: float, short: float) -> float:
        """How long to measure."""
        return short if self.is_short else full


@dataclass(frozen=True)
class Measurement:
    """One entry of the plan; neighbours with the same stage share one running product."""

    name: str
    stage: str  # a name in STAGES
    make: Callable[[Bench, Wall], list[Row]]
    limit_s: float = LIMIT_S
    is_in_short: bool = True
    is_on_demand: bool = False


def _bounds(bench: Bench, _: Wall) -> list[Row]:
    for target in (CITY, LARGE):
        bench.bound(target.units)
    return bench.bound_rows


def _cold(bench: Bench, _: Wall) -> list[Row]:
    return cold_start.measure(bench.browser, times=1 if bench.is_short else 3)


def _glass(target: Target, road: str, full: float, short: float) -> Callable[[Bench, Wall], list[Row]]:
    def make(bench: Bench, wall: Wall) -> list[Row]:
        least = bench.bound(target.units) if target.times_bound else None
        with_incidents = target is CITY and road == "http"
        seconds = bench.seconds(full, short)
        return glass.measure(bench.browser, wall, target, seconds, least, road, with_incidents)

    return make


def _health(bench: Bench, wall: Wall) -> list[Row]:
    return page_health.measure(bench.browser, wall, bench.seconds(60, 5), stretches=2)


def _soak(bench: Bench, wall: Wall) -> list[Row]:
    return page_health.measure(bench.browser, wall, bench.seconds(_SOAK_S, 60), _SOAK_LOOKS)


def _rotation(bench: Bench, wall: Wall) -> list[Row]:
    return page_health.rotation(bench.browser, wall, bench.seconds(600, 12), 2 if bench.is_short else 20)


def _rotation_day(bench: Bench, wall: Wall) -> list[Row]:
    return page_health.rotation(bench.browser, wall, bench.seconds(_SOAK_S, 60), _SOAK_LOOKS)


def _viewers(bench: Bench, wall: Wall) -> list[Row]:
    return many_viewers.measure(wall, bench.seconds(30, 5))


def _console(bench: Bench, wall: Wall) -> list[Row]:
    return console.measure(bench.browser, wall, bench.seconds(60, 10), key_rounds=2 if bench.is_short else 12)


def _ledger(bench: Bench, wall: Wall) -> list[Row]:
    return ledger.measure(wall, bench.seconds(10, 2))


def _cases(bench: Bench, wall: Wall) -> list[Row]:
    return cases.measure(bench.browser, wall, _SHORT_CASES if bench.is_short else _CASES, bench.seconds(15, 3))


def _seek(bench: Bench, wall: Wall) -> list[Row]:
    return seek.measure(wall, times=5 if bench.is_short else 40)


def _archive(bench: Bench, _: Wall) -> list[Row]:
    return history.tracks(60)  # of less, the step from unit to unit weighs too much


def _year(bench: Bench, _: Wall) -> list[Row]:
    return history.year(31 if bench.is_short else 371)  # with the same week of last year


def _intake(bench: Bench, wall: Wall) -> list[Row]:
    return intake.measure(wall, bench.seconds(30, 5))


def _restart(bench: Bench, wall: Wall) -> list[Row]:
    roles = ("engine", "web") if bench.is_short else restart.ROLES
    return restart.measure(bench.browser, wall, bench.seconds(40, 0), roles)


PLAN: tuple[Measurement, ...] = (
    Measurement("bound", "nothing", _bounds),
    Measurement("archive", "nothing", _archive),
    Measurement("year", "nothing", _year, limit_s=2_400.0),
    Measurement("cold", "nothing", _cold),
    Measurement("glass", "city", _glass(CITY, "http", 90, 8)),
    Measurement("glass-packed", "city", _glass(CITY, "packed", 30, 5), is_in_short=False),
    Measurement("health", "city", _health),
    Measurement("rotation", "city", _rotation),
    Measurement("viewers", "city", _viewers),
    Measurement("console", "city", _console),
    Measurement("ledger", "city", _ledger),
    Measurement("cases", "city", _cases),
    Measurement("seek", "city", _seek, is_in_short=False),  # behind the cases: all of them are in its pictures
    Measurement("glass-20000", "large", _glass(LARGE, "http", 60, 5)),
    Measurement("glass-20000-packed", "large", _glass(LARGE, "packed", 30, 5), is_in_short=False),
    Measurement("intake", "large", _intake),
    Measurement("glass-100000", "everybody", _glass(EVERYBODY, "http", 60, 6)),
    Measurement("restart", "demonstration", _restart),
    Measurement("soak", "city", _soak, limit_s=_SOAK_LIMIT_S, is_on_demand=True),
    Measurement("rotation-day", "city", _rotation_day, limit_s=_SOAK_LIMIT_S, is_on_demand=True),
)


@contextlib.contextmanager
def stage(name: str, is_short: bool) -> Iterator[Wall | None]:
    """The running product that measurements of one stage share."""
    match name:
        case "nothing":
            yield None
        case "demonstration":
            with running(is_demonstration=True) as wall:
                yield wall
        case _:
            with _with_scene(_UNITS[name], _SHORT_CASES_PER_DAY if is_short else None) as wall:
                yield wall


_UNITS = {"city": CITY.units, "large": LARGE.units, "everybody": EVERYBODY.units}


@contextlib.contextmanager
def _with_scene(units: int, cases_per_day: int | None) -> Iterator[Wall]:
    """The product with a roster of so many units, and with all else that happens in a district."""
    with running(units) as wall, helping("send_scene", **wall.job, cases_per_day=cases_per_day) as scene:
        scene.wait_for(bool, _SEEDED_S)
        yield wall
