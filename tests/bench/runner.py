"""Runs the measurements one after the other and prints one table; neighbours share what they need."""

import argparse
import contextlib
import itertools
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from playwright.sync_api import Browser

from tests.bench import bound, cold_start, glass, intake, many_viewers, page_health, restart
from tests.bench.browser import browsing
from tests.bench.glass import CITY, EVERYBODY, LARGE, Target
from tests.bench.processes import helping
from tests.bench.report import CannotMeasure, Latencies, Row, machine, table
from tests.bench.wall import Wall, running

_SEEDED_S = 120.0
_LIMIT_S = 900.0  # a measurement that takes longer than this beyond its own time is given up


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
            self.bounds[units], rows = bound.measure(self.browser, units, self.seconds(30, 5))
            self.bound_rows += rows
        return self.bounds[units]

    def seconds(self, full: float, short: float) -> float:
        """How long to measure."""
        return short if self.is_short else full


@dataclass(frozen=True)
class Measurement:
    """One entry of the plan; those beside each other with the same stage share one running product."""

    name: str
    stage: str  # "" needs no product; else a name in _STAGES
    make: Callable[[Bench, Wall], list[Row]]
    limit_s: float = _LIMIT_S
    is_on_demand: bool = False


def _bounds(bench: Bench, _: Wall) -> list[Row]:
    for target in (CITY, LARGE):
        bench.bound(target.units)
    return bench.bound_rows


def _glass(bench: Bench, wall: Wall, target: Target, road: str, full: float, short: float) -> list[Row]:
    least = bench.bound(target.units) if target.times_bound else None
    with_incidents = target is CITY and road == "http"
    return glass.measure(bench.browser, wall, target, bench.seconds(full, short), least, road, with_incidents)


PLAN: tuple[Measurement, ...] = (
    Measurement("bound", "", _bounds),
    Measurement("cold", "", lambda bench, _: cold_start.measure(bench.browser, 1 if bench.is_short else 3)),
    Measurement("glass", "city", lambda bench, wall: _glass(bench, wall, CITY, "http", 90, 8)),
    Measurement("glass-packed", "city", lambda bench, wall: _glass(bench, wall, CITY, "packed", 30, 5)),
    Measurement(
        "health",
        "city",
        lambda bench, wall: page_health.measure(bench.browser, wall, bench.seconds(60, 6), 2),
    ),
    Measurement("viewers", "city", lambda bench, wall: many_viewers.measure(wall, bench.seconds(30, 5))),
    Measurement("glass-20000", "large", lambda bench, wall: _glass(bench, wall, LARGE, "http", 60, 6)),
    Measurement("intake", "large", lambda bench, wall: intake.measure(wall, bench.seconds(30, 5))),
    Measurement("glass-100000", "everybody", lambda bench, wall: _glass(bench, wall, EVERYBODY, "http", 60, 11)),
    Measurement(
        "restart", "demonstration", lambda bench, wall: restart.measure(bench.browser, wall, bench.seconds(40, 0))
    ),
    Measurement(
        "soak",
        "city",
        lambda bench, wall: page_health.measure(bench.browser, wall, bench.seconds(3600, 60), 60),
        limit_s=2 * 3600,
        is_on_demand=True,
    ),
)


@contextlib.contextmanager
def _with_scene(units: int, cases_per_day: int | None) -> Iterator[Wall]:
    """The product with a roster of so many units, and with all else that happens in a district."""
    with running(units) as wall, helping("send_scene", **wall.job, cases_per_day=cases_per_day) as scene:
        scene.wait_for(bool, _SEEDED_S)
        yield wall


_SHORT_CASES_PER_DAY = 3_000  # so that the short run need not wait for 27,000
_STAGES: dict[str, Callable[[int | None], contextlib.AbstractContextManager[Wall | None]]] = {
    "": lambda _: contextlib.nullcontext(),
    "city": lambda cases: _with_scene(CITY.units, cases),
    "large": lambda cases: _with_scene(LARGE.units, cases),
    "everybody": lambda cases: _with_scene(EVERYBODY.units, cases),
    "demonstration": lambda _: running(is_demonstration=True),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 0 when everything that was asked for could be measured."""
    parsed = _parser().parse_args(arguments)
    chosen = [each for each in PLAN if each.name in parsed.only or not (parsed.only or each.is_on_demand)]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is ended
    rows: list[Row] = []
    failures = 0
    began = time.monotonic()
    with browsing() as browser:
        about = machine(f"Chromium {browser.version}")
        bench = Bench(browser, parsed.short)
        for stage, group in itertools.groupby(chosen, key=lambda each: each.stage):
            failures += _perform(bench, stage, list(group), rows)
    print(f"\n{about}; {time.monotonic() - began:.0f} s{', short run' if parsed.short else ''}\n")
    print(table(rows))
    return 1 if failures else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure the figures of the product.")
    parser.add_argument("--short", action="store_true", help="a few seconds each")
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        choices=[each.name for each in PLAN],
        help="only this measurement; may be given several times",
    )
    return parser


def _perform(bench: Bench, stage: str, group: list[Measurement], rows: list[Row]) -> int:
    """Measure what shares one stage; how many measurements failed."""
    waiting = list(group)
    failures = 0
    try:
        with _deadline(_LIMIT_S), contextlib.ExitStack() as opened:
            wall = opened.enter_context(_STAGES[stage](_SHORT_CASES_PER_DAY if bench.is_short else None))
            while waiting:
                failures += _one(bench, wall, waiting.pop(0), rows)
    except CannotMeasure as error:  # the stage itself did not come up
        for each in waiting:
            failures += 1
            _tell(rows, [_failure(each, error)])
    return failures


def _one(bench: Bench, wall: Wall | None, measurement: Measurement, rows: list[Row]) -> int:
    print(f"{time.strftime('%H:%M:%S')} measuring {measurement.name} ...", file=sys.stderr, flush=True)
    try:
        with _deadline(measurement.limit_s):
            _tell(rows, measurement.make(bench, wall))  # type: ignore[arg-type]
    except Exception as error:
        # One broken measurement must not cost the others; the exit code says it.
        _tell(rows, [_failure(measurement, error)])
        return 1
    return 0


def _failure(measurement: Measurement, error: Exception) -> Row:
    why = str(error).strip().splitlines()
    return Row(measurement.name, "", "NOT MEASURED", note=f"{type(error).__name__}: {why[0] if why else ''}")


def _tell(rows: list[Row], made: Sequence[Row]) -> None:
    for row in made:
        print(f"  {row.what}: {row.measured} {row.verdict} ({row.note})", file=sys.stderr, flush=True)
    rows += made


@contextlib.contextmanager
def _deadline(seconds: float) -> Iterator[None]:
    """Gives up what takes far too long; nested ones start over when the inner one ends."""

    def give_up(*_: object) -> None:
        raise CannotMeasure(f"gave up after {seconds:.0f} s")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
