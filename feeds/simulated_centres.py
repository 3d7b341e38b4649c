"""Simulated officers of the centres: they answer roll-calls, most in time, some late, a few not at all."""

import hashlib
import heapq
from typing import NamedTuple

import numpy as np

from dashboard.district import District
from dashboard.records import Order, Verb, moment
from feeds import simulated_incidents

SOURCE = simulated_incidents.SOURCE  # the command's own system; a source of its own would seem lost between two calls
_PROMPT_S = (5.0, 75.0)
_TARDY_S = (130.0, 240.0)
_TARDY_SHARE, _SILENT_SHARE = 0.05, 0.04


class Asked(NamedTuple):
    """What officers asked since the last step, and where some of them sit."""

    orders: tuple[Order, ...] = ()
    staffed: frozenset[str] = frozenset()  # codes of centres: their officers speak for themselves


class SimulatedCentres:
    """Who answers where no real officer sits."""

    def __init__(self, district: District, seed: int) -> None:
        """No roll-call is known yet."""
        self._district, self._seed = district, seed
        self._to_say: list[tuple[float, str, Order]] = []
        self._known: set[str] = set()

    def happen(self, asked: Asked, now: float) -> list[Order]:
        """Hear new roll-calls and give the answers that are due."""
        for call in asked.orders:
            if call.verb is Verb.CALL_ROLL and call.id not in self._known:
                self._known.add(call.id)
                self._plan(call, asked.staffed)
        due = []
        while self._to_say and self._to_say[0][0] <= now:
            due.append(heapq.heappop(self._to_say)[-1])
        return due

    def _plan(self, call: Order, staffed: frozenset[str]) -> None:
        name = hashlib.sha256(call.id.encode()).hexdigest()[:16]
        rng = np.random.default_rng([self._seed, 9, int(name, 16)])
        for centre in self._district.below(call.target):
            chance = rng.random()
            after_s = rng.uniform(*(_TARDY_S if chance < _SILENT_SHARE + _TARDY_SHARE else _PROMPT_S))
            if chance < _SILENT_SHARE or centre.code in staffed:
                continue
            at = call.at.timestamp() + after_s
            answer = Order(
                source=SOURCE,
                id=f"roll-{name}-{centre.code}"[:80],
                verb=Verb.ANSWER,
                target=centre.code,
                at=moment(round(at, 3)),
                centre=centre.code,
                by=f"{centre.name}值班员"[:80],
                ref=call.id,
            )
            heapq.heappush(self._to_say, (at, answer.id, answer))
