"""Health: /healthz (the process lives), /readyz (it can show the truth) and /metrics (Prometheus text)."""

import time
from collections.abc import Callable, Iterator, Mapping

import msgspec
from flask import Flask, Response
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from callbacks.live import Live
from dashboard.follower import Follower
from dashboard.journal import Journal
from dashboard.store import JournalUnavailable

STALE_S = 10.0  # a frozen picture is a dead one after this (DESIGN.md 5)

_COUNTERS = {
    "accepted": ("kind", "records taken into the journal"),
    "repeated": ("kind", "records that were in the journal before"),
    "refused": ("reason", "records and requests that were not taken"),
    "dropped": ("field", "fields that were dropped because no record has them"),
}


def register(
    server: Flask,
    journal: Journal,
    situation: Follower,
    live: Live,
    clock: Callable[[], float] = time.time,
) -> None:
    """Wire the pages."""
    registry = CollectorRegistry()
    registry.register(_Figures(journal, situation, live, clock))
    server.add_url_rule("/healthz", "healthz", healthz)
    server.add_url_rule("/readyz", "readyz", lambda: readyz(journal, situation, clock()))
    server.add_url_rule("/metrics", "metrics", lambda: metrics(registry))


def healthz() -> Response:
    """The process lives."""
    return _json(200, {"alive": True})


def readyz(journal: Journal, situation: Follower, now: float) -> Response:
    """Whether this process can show the truth, and if not, why."""
    reasons = []
    try:
        journal.ping()
    except JournalUnavailable:
        reasons.append("the journal does not answer")
    silent_s = now - situation.heard_at
    if not situation.is_loaded:
        reasons.append("the situation is not loaded")
    elif not situation.heard_at:
        reasons.append("the engine has not been heard yet")
    elif silent_s > STALE_S:
        reasons.append(f"the engine has been silent for {silent_s:.0f} s")
    return _json(503 if reasons else 200, {"ready": not reasons, "reasons": reasons})


def metrics(registry: CollectorRegistry) -> Response:
    """All figures as Prometheus text."""
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class _Figures(Collector):
    """Read anew at each scrape: the totals of all processes from the journal, gauges from this one."""

    def __init__(self, journal: Journal, situation: Follower, live: Live, clock: Callable[[], float]) -> None:
        self._journal, self._situation, self._live, self._clock = journal, situation, live, clock

    def describe(self) -> list[Metric]:
        return []

    def collect(self) -> Iterator[Metric]:
        try:
            totals, usage = self._journal.totals(), self._journal.usage()
        except JournalUnavailable:
            yield GaugeMetricFamily("wall_journal_up", "whether the state server answers", 0)
        else:
            yield GaugeMetricFamily("wall_journal_up", "whether the state server answers", 1)
            for name, (label, meaning) in _COUNTERS.items():
                yield _counter(name, label, meaning, totals.get(name, {}))
            for name, amount in usage.items():
                yield GaugeMetricFamily(f"wall_journal_{name}", f"of the state server: {name}", amount)
        yield GaugeMetricFamily("wall_viewers", "screens joined to this process", self._live.viewers())
        yield GaugeMetricFamily("wall_situation_gaps", "gaps in the deltas, healed", self._situation.gaps)
        if self._situation.heard_at:
            silent_s = self._clock() - self._situation.heard_at
            yield GaugeMetricFamily("wall_engine_silent_seconds", "since the engine's last word", silent_s)


def _counter(name: str, label: str, meaning: str, amounts: Mapping[str, int]) -> Metric:
    family = CounterMetricFamily(f"wall_{name}", meaning, labels=("source", label))
    for key, amount in sorted(amounts.items()):
        source, _, what = key.rpartition("|")
        family.add_metric((source, what), amount)
    return family


def _json(status: int, body: dict[str, object]) -> Response:
    return Response(msgspec.json.encode(body), status, mimetype="application/json")
