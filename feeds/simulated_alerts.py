"""Simulated alerts: cameras notice something, say so again and again, and go quiet; operators look at it."""

import hashlib
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from dashboard.district import Device, DeviceKind, District
from dashboard.records import Alert, Case, Level, Order, Record, Stage, Verb, moment
from feeds import simulated_cases, simulated_incidents, simulated_stills

SOURCE = "video-demo"
_EACH_S = (10, 30)  # something new is noticed so often
_DESK = "视频巡查席"


class _Sight(NamedTuple):
    """A kind of thing that a camera notices."""

    code: str
    title: str
    level: Level
    share: float
    claimed: float  # share that an operator looks at
    real: float  # share of those that are so


_SIGHTS = (
    _Sight("crowd", "人群聚集", Level.III, 0.13, 0.8, 0.5),
    _Sight("street-stall", "占道经营", Level.IV, 0.28, 0.5, 0.8),
    _Sight("smoke-fire", "烟火", Level.II, 0.01, 1.0, 0.3),
    _Sight("garbage", "垃圾暴露", Level.IV, 0.28, 0.5, 0.8),
    _Sight("intrusion", "越界入侵", Level.III, 0.12, 0.7, 0.3),
    _Sight("wrong-way", "逆行", Level.IV, 0.10, 0.3, 0.6),
    _Sight("standing-water", "积水", Level.III, 0.08, 0.8, 0.7),
)
_FIRE = next(place for place, sight in enumerate(_SIGHTS) if sight.code == "smoke-fire")


@dataclass
class _Episode:
    """What one camera notices for a while."""

    number: int
    device: Device
    sight: int
    repeats_at: list[float]
    orders_at: list[tuple[float, Verb]]
    into: str = ""  # the incident that it shows, if any
    said: int = 0


class SimulatedAlerts:
    """The stream of alerts and of what operators do about them. Identifiers are new in each run."""

    def __init__(self, district: District, seed: int, now: float, with_stills: bool) -> None:
        """Nothing is noticed before `now`; `with_stills`: each alert comes with a picture."""
        self._rng = np.random.default_rng([seed, 5, int(now)])
        self._district = district
        self._cameras = [device for device in district.devices if device.kind is DeviceKind.AI_CAMERA]
        self._run = f"A{int(now * 1000)}"
        self._with_stills = with_stills
        self._next_at = now + 2
        self._count = 0
        self._episodes: list[_Episode] = []
        self._seen_incidents: set[str] = set()
        self.new_stills: list[bytes] = []  # pictures to store before the records go out; the caller empties it

    def happen(self, now: float, incidents: list[simulated_incidents.Plan]) -> list[tuple[str, Record]]:
        """What is noticed and done since the last call, with its source; the nearest camera sees a fire."""
        if not self._cameras:
            return []
        while self._next_at <= now:
            self._notice(self._next_at)
            self._next_at += self._rng.uniform(*_EACH_S)
        self._look_at(incidents, now)
        told = [one for episode in self._episodes for one in self._go_on(episode, now)]
        self._episodes = [episode for episode in self._episodes if episode.repeats_at or episode.orders_at]
        return told

    def _notice(self, at: float, sight: int | None = None, device: Device | None = None, into: str = "") -> None:
        rng = self._rng
        if sight is None:
            shares = np.array([sight.share for sight in _SIGHTS])
            sight = int(rng.choice(len(_SIGHTS), p=shares / shares.sum()))
        device = device or self._cameras[int(rng.integers(len(self._cameras)))]
        often = int(rng.integers(8, 30)) if rng.random() < 0.25 else int(rng.integers(1, 5))
        repeats_at = [at, *(at + np.cumsum(rng.uniform(0.9, 3.0, often))).tolist()]
        orders: list[tuple[float, Verb]] = []
        if into or rng.random() < _SIGHTS[sight].claimed:
            looked_at = at + rng.uniform(6, 60)
            is_real = bool(into) or rng.random() < _SIGHTS[sight].real
            verdict = Verb.CONFIRM if is_real else Verb.MARK_FALSE
            orders = [(looked_at, Verb.CLAIM), (looked_at + rng.uniform(8, 40), verdict)]
        self._episodes.append(_Episode(self._count, device, sight, repeats_at, orders, into))
        self._count += 1

    def _look_at(self, incidents: list[simulated_incidents.Plan], now: float) -> None:
        for plan in incidents:
            if plan.id not in self._seen_incidents and plan.starts > now - 60 and "fire" in plan.kind:
                away = [(device.lat - plan.lat) ** 2 + (device.lon - plan.lon) ** 2 for device in self._cameras]
                device = self._cameras[int(np.argmin(away))]
                self._notice(now, _FIRE, device, f"{simulated_incidents.SOURCE}/{plan.id}")
        self._seen_incidents = {plan.id for plan in incidents}

    def _go_on(self, episode: _Episode, now: float) -> list[tuple[str, Record]]:
        told: list[tuple[str, Record]] = []
        while episode.repeats_at and episode.repeats_at[0] <= now:
            at = episode.repeats_at.pop(0)
            told.append((SOURCE, self._alert(episode, at, active=bool(episode.repeats_at))))
            episode.said += 1
        while episode.orders_at and episode.orders_at[0][0] <= now:
            told += self._order(episode, *episode.orders_at.pop(0))
        return told

    def _alert(self, episode: _Episode, at: float, active: bool) -> Alert:
        sight, device = _SIGHTS[episode.sight], episode.device
        return Alert(
            source=SOURCE,
            id=f"{self._run}-{episode.number}-{episode.said}",
            kind=sight.code,
            at=moment(round(at, 3)),
            device=device.id,
            level=sight.level,
            active=active,
            lat=device.lat,
            lon=device.lon,
            confidence=round(float(self._rng.uniform(0.55, 0.99)), 2),
            title=sight.title,
            still=self._still(episode) if episode.said == 0 else None,
        )

    def _still(self, episode: _Episode) -> str | None:
        if not self._with_stills:
            return None
        picture = simulated_stills.picture(episode.sight, episode.number % simulated_stills.VARIANTS)
        self.new_stills.append(picture)
        return hashlib.sha256(picture).hexdigest()

    def _order(self, episode: _Episode, at: float, verb: Verb) -> list[tuple[str, Record]]:
        """What the operator does; an alert that is real becomes the incident that it shows, or a case."""
        first = f"{self._run}-{episode.number}-0"
        told: list[tuple[str, Record]] = []
        into = episode.into if verb is Verb.CONFIRM else ""
        if verb is Verb.CONFIRM and not into:
            case = self._case(episode, at)
            told.append((simulated_cases.SOURCE, case))
            into = f"{simulated_cases.SOURCE}/{case.id}"
        order = Order(
            source=SOURCE,
            id=f"{first}-{verb.value}",
            verb=verb,
            target=f"{SOURCE}/{first}",
            at=moment(round(at, 3)),
            by=_DESK,
            into=into,
        )
        return [*told, (SOURCE, order)]

    def _case(self, episode: _Episode, at: float) -> Case:
        items = list(self._district.items.values())
        item = items[episode.sight % len(items)] if items else None
        return Case(
            source=simulated_cases.SOURCE,
            id=f"{self._run}-{episode.number}",
            reported_at=moment(round(at, 3)),
            item=item.code if item else "",
            title=f"{_SIGHTS[episode.sight].title}（{episode.device.name}）",
            department=item.department if item else "",
            lat=episode.device.lat,
            lon=episode.device.lon,
            stage=Stage.FILED,
        )
