"""Measurement: many screens on one web process, what they see how late, and what they cost."""

import time

from tests.bench import processes
from tests.bench.glass import CITY
from tests.bench.processes import helping
from tests.bench.report import Row, percentile
from tests.bench.wall import Wall

VIEWERS = 200
_MARGIN_S = 90.0
_LATENCY_MS = 150.0
_CPU_SHARE = 0.10  # of one core


def measure(wall: Wall, seconds: float) -> list[Row]:
    """Rows of latency and of the web process's load; positions come by a feed, so it only serves."""
    district = wall.district
    wish = {"centre": district.root.code, "lang": "zh", "roster": district.roster.checksum}
    job = {**wall.job, "seconds": seconds + _MARGIN_S}
    with helping("send_positions", **job, road="packed") as positions:
        positions.wait_for(bool, 30)
        idle = _load_of_web(wall, min(seconds / 2, 5.0))
        with helping("viewers", port=wall.port, count=VIEWERS, seconds=seconds, join=wish) as viewers:
            viewers.wait_for(bool, 60)
            busy = _load_of_web(wall, seconds)
            memory_mb = processes.memory_mb(wall.pids("web"))
            result = viewers.finish(60)[-1]
    return _rows(result, busy, idle, memory_mb, seconds)


def _load_of_web(wall: Wall, seconds: float) -> float:
    """Cores that the web process uses over a while."""
    pids = wall.pids("web")
    before, began = processes.cpu_s(pids), time.monotonic()
    time.sleep(seconds)
    return (processes.cpu_s(pids) - before) / (time.monotonic() - began)


def _rows(result: dict[str, object], busy: float, idle: float, memory_mb: float, seconds: float) -> list[Row]:
    latencies: list[float] = result["latencies"]  # type: ignore[assignment]
    p95 = percentile(latencies, 95)
    each_kb_s = {part: float(str(result[part])) / VIEWERS / seconds / 1024 for part in ("positions", "panels")}
    is_whole = not result["gaps"] and not result["lost"]
    return [
        Row(
            f"{VIEWERS} viewers on one web process: source -> receipt",
            f"p95 <= {_LATENCY_MS:.0f} ms",
            f"p95 {p95:.0f} ms",
            p95 <= _LATENCY_MS and is_whole,
            note=f"p50 {percentile(latencies, 50):.0f}; {CITY.units:,} units each second; "
            f"{len(latencies)} frames, {result['gaps']} gaps, {result['lost']} lost",
        ),
        Row(
            f"{VIEWERS} viewers: the web process",
            f"<= {_CPU_SHARE:.0%} of a core",
            f"{busy:.1%}",
            busy <= _CPU_SHARE,
            note=f"without viewers {idle:.1%}; {memory_mb:.0f} MB; a viewer gets {each_kb_s['positions']:.0f} kB/s "
            f"of positions and {each_kb_s['panels']:.0f} kB/s of panels; "
            f"compression {'ON' if result['compressed'] else 'declined'}",
        ),
    ]
