"""Simulated devices of units: what an officer orders reaches them, they answer like people, and the unit goes there.

The courier hands letters in on its own thread; the demonstration day takes them out with each of its steps.
"""

from collections.abc import Sequence
from queue import Empty, SimpleQueue

import numpy as np

from dashboard.district import District
from dashboard.records import Reply, ReplyState, moment
from feeds.routes import Letter
from feeds.simulated_places import Places
from feeds.simulated_units import SimulatedUnits

SOURCE = "devices-demo"
_READ_S = (1.5, 5.0)  # after it was delivered
_ANSWER_S = (1.0, 6.0)  # after it was read
_DECLINED_SHARE, _SILENT_SHARE = 0.06, 0.04
_WHY_NOT = ("车辆故障", "正在处置其他警情", "身体不适")


class Postbox:
    """The end of the simulated route: it takes every letter."""

    def __init__(self) -> None:
        self._letters: SimpleQueue[Letter] = SimpleQueue()

    def send(self, letter: Letter) -> ReplyState | None:
        """Take one letter for the device of its unit."""
        self._letters.put(letter)
        return ReplyState.DELIVERED

    def close(self) -> None:
        """Nothing is held."""

    def take(self) -> list[Letter]:
        """What has come since the last time."""
        letters = []
        while True:
            try:
                letters.append(self._letters.get_nowait())
            except Empty:
                return letters


class SimulatedDevices:
    """The devices of all simulated units."""

    def __init__(self, district: District, places: Places, units: SimulatedUnits, seed: int) -> None:
        self._index = district.roster.index
        self._places, self._units, self._seed = places, units, seed
        self._to_say: list[tuple[float, Reply]] = []
        self._known: set[str] = set()

    def happen(self, letters: Sequence[Letter], now: float) -> list[Reply]:
        """Take what has come and answer what is due."""
        for letter in letters:
            if letter.order not in self._known and letter.unit in self._index:
                self._known.add(letter.order)
                self._take(letter, now)
        due = [reply for at, reply in self._to_say if at <= now]
        self._to_say = [(at, reply) for at, reply in self._to_say if at > now]
        return due

    def _take(self, letter: Letter, now: float) -> None:
        unit = self._index[letter.unit]
        if not letter.go:
            self._units.release(unit)
            self._say(letter, ReplyState.ACCEPTED, now + _READ_S[0])
            return
        rng = np.random.default_rng([self._seed, 8, *letter.order.encode()])
        chance = float(rng.random())
        read_at = now + rng.uniform(*_READ_S)
        if chance >= _SILENT_SHARE:
            self._say(letter, ReplyState.READ, read_at)
            declines = chance < _SILENT_SHARE + _DECLINED_SHARE
            state = ReplyState.DECLINED if declines else ReplyState.ACCEPTED
            reason = _WHY_NOT[int(rng.integers(len(_WHY_NOT)))] if declines else ""
            self._say(letter, state, read_at + rng.uniform(*_ANSWER_S), reason)
            if declines:
                return
        if letter.scene is not None:
            x, y = self._places.metres(np.array([letter.scene.lat]), np.array([letter.scene.lon]))
            self._units.send(unit, float(x[0]) + rng.uniform(-12, 12), float(y[0]) + rng.uniform(-12, 12))

    def _say(self, letter: Letter, state: ReplyState, at: float, reason: str = "") -> None:
        reply = Reply(
            source=SOURCE,
            id=f"{letter.order[:60]}/{state.value}",
            order=letter.order,
            unit=letter.unit,
            at=moment(round(at, 3)),
            state=state,
            reason=reason,
        )
        self._to_say.append((at, reply))
