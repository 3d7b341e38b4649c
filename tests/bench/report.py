"""What was measured: rows of one table, the machine that it was on, and the arithmetic of latencies."""

import os
import platform
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np


class CannotMeasure(RuntimeError):
    """A measurement could not be made; the message says why. This, and only this, fails the bench."""


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    what: str
    must: str
    measured: str
    is_met: bool | None = None  # None: nothing is asked of it
    of_bound: str = ""
    note: str = ""

    @property
    def verdict(self) -> str:
        """One word for the table."""
        return {True: "met", False: "MISSED", None: ""}[self.is_met]


@dataclass(frozen=True)
class Latencies:
    """Milliseconds from a source's stamp to the first frame that showed it, and to the frame after."""

    seen: Sequence[float]
    painted: Sequence[float]

    def p(self, share: float) -> tuple[float, float]:
        """Seen and painted at a percentile."""
        return percentile(self.seen, share), percentile(self.painted, share)


def percentile(values: Sequence[float], share: float) -> float:
    """The least value that `share` percent do not exceed; raises CannotMeasure when there is none."""
    if not values:
        raise CannotMeasure("nothing was seen")
    return float(np.percentile(np.asarray(values), share, method="inverted_cdf"))


def seen_after(stamps: Sequence[float], observed: Sequence[tuple[float, float, float]]) -> Latencies:
    """The latency of each stamp.

    `observed` are (newest source ms, seen ms, painted ms) in the order of the frames. A stamp was seen by the
    first frame that showed it or a newer one: an update that was skipped counts, as late as it was.
    """
    seen, painted = [], []
    place = 0
    for stamp in sorted(stamps):
        while place < len(observed) and observed[place][0] < stamp - 0.6:  # stamps travel as whole milliseconds
            place += 1
        if place == len(observed):
            break
        seen.append(observed[place][1] - stamp)
        painted.append(observed[place][2] - stamp)
    return Latencies(seen, painted)


def table(rows: Sequence[Row]) -> str:
    """All rows, aligned."""
    head = ("what", "must", "measured", "x bound", "", "note")
    lines = [head, *((r.what, r.must, r.measured, r.of_bound, r.verdict, r.note) for r in rows)]
    widths = [max(_width(line[column]) for line in lines) for column in range(len(head))]
    text = [
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]
    rule = "-" * max(_width(line) for line in text)
    return "\n".join([text[0], rule, *text[1:]])


def machine(browser: str) -> str:
    """One line: cores, processor, memory, Python, browser."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    load = os.getloadavg()[0]
    return (
        f"{cores} cores, {_processor()}, {_memory_gb():.0f} GB, Python {platform.python_version()}, "
        f"{browser}, no GPU used; load before the run {load:.1f}"
    )


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def _memory_gb() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
