"""Runs the measurements of the plan one after the other and prints one table."""

import argparse
import contextlib
import itertools
import signal
import sys
import time
from collections.abc import Iterator, Sequence

from tests.bench.browser import browsing
from tests.bench.plan import LIMIT_S, PLAN, Bench, Measurement, stage
from tests.bench.report import CannotMeasure, Row, machine, table
from tests.bench.wall import Wall


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 0 when everything that was asked for could be measured, met or missed."""
    parsed = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is ended
    rows: list[Row] = []
    failures = 0
    began = time.monotonic()
    with browsing() as browser:
        about = machine(f"Chromium {browser.version}")
        bench = Bench(browser, parsed.short)
        chosen = _chosen(parsed.only, parsed.short)
        for name, group in itertools.groupby(chosen, key=lambda each: each.stage):
            failures += _perform(bench, name, list(group), rows)
    print(f"\n{about}; took {time.monotonic() - began:.0f} s{', short run' if parsed.short else ''}\n")
    print(table(rows), flush=True)
    return 1 if failures else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure the product's figures.")
    parser.add_argument("--short", action="store_true", help="a few seconds each")
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        choices=[each.name for each in PLAN],
        help="only this measurement; may be given several times",
    )
    return parser


def _chosen(only: Sequence[str], is_short: bool) -> list[Measurement]:
    if only:
        return [each for each in PLAN if each.name in only]
    return [each for each in PLAN if not each.is_on_demand and (each.is_in_short or not is_short)]


def _perform(bench: Bench, name: str, group: list[Measurement], rows: list[Row]) -> int:
    """Measure what shares one stage; how many measurements failed."""
    waiting = list(group)
    failures = 0
    try:
        with _deadline(LIMIT_S), stage(name, bench.is_short) as wall:
            while waiting:
                failures += _one(bench, wall, waiting.pop(0), rows)
    except CannotMeasure as error:  # the stage itself did not come up
        _tell(rows, [_failure(each, error) for each in waiting])
        failures += len(waiting)
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
    """Gives up what takes far too long; one inside another takes its place."""

    def give_up(*_: object) -> None:
        raise CannotMeasure(f"gave up after {seconds:.0f} s")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
