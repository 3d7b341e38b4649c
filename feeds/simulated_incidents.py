"""Simulated incidents: one in each slot of time, always the same, and the units that are sent there.

What officers say about them is in simulated_officers. Because a slot's incident is always the same, a simulator that
was killed and comes back goes on with the incidents that it left open and closes those whose time is over. Which units
are sent depends on who is near.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from dashboard.district import District
from dashboard.records import TIERS, Arrival, Evidence, Incident, Level, Order, Record, ReplyState, Tier, Verb, moment
from feeds import simulated_officers as officers
from feeds.simulated_officers import Plan as Plan
from feeds.simulated_places import Places
from feeds.simulated_units import SimulatedUnits

SOURCE = officers.SOURCE
SLOT_S = 360  # a new incident in each slot ...
_LASTS_S = (1080, 1740)  # ... open for so long: three to five at a time
_NEAR_M = 60  # from where a volunteer lives: that is how many there are
_SILENT_S = 30  # how far the last sign of life may be from the end of a run

_DRILL_EACH, _LEVEL_II_EACH, _LEVEL_I_EACH = 5, 4, 41  # by slot number
_LADDER = (Tier.VOLUNTEER, Tier.AUXILIARY, Tier.POLICE)
_USUAL = (  # kinds that happen on a plain day; the others are only practised
    "fire",
    "road_traffic",
    "lifeline",
    "urban_flood",
    "construction",
    "industrial",
    "special_equipment",
    "hazardous_goods",
    "food_drug",
    "mass_incident",
    "criminal",
)
_PROMPT_SHARE = 0.94  # of the incidents: answered before their alarm calls again
_SLOW_SHARE = 0.05  # of those sent: held up, so that now and then a leg is late
_NOT_SENT_SHARE = 0.01
_SAID_SHARE, _SEEN_SHARE = 0.2, 0.08  # arrivals that the unit reports, that an operator sees on a screen
_ANOTHER_S = 4.0  # from a unit that does not come to the next one that is sent

Step = Callable[[float], list[Record]]


@dataclass
class _Open:
    """An incident that runs: what is still to be done, and who is on the way."""

    plan: Plan
    to_do: list[tuple[float, Step]]  # by time
    on_the_way: dict[int, float | None] = field(default_factory=dict)  # unit -> when it arrived

    def later(self, at: float, step: Step) -> None:
        """Something to be done in time; what would come after the end is not done any more."""
        if at < self.plan.ends:
            self.to_do.append((at, step))
            self.to_do.sort(key=lambda one: one[0])


class SimulatedIncidents:
    """The stream of incidents, orders and spoken arrivals."""

    def __init__(
        self,
        district: District,
        places: Places,
        units: SimulatedUnits,
        seed: int,
        now: float,
        last_run_at: float | None = None,
    ) -> None:
        """Nothing happens before the first `happen`; `last_run_at`: an earlier run's last sign of life."""
        self._district, self._places, self._units, self._seed = district, places, units, seed
        volunteers = np.flatnonzero(units.tier == TIERS.index(Tier.VOLUNTEER))
        self._homes = volunteers if len(volunteers) else np.arange(units.count)
        self._any_kind = list(district.kinds) or ["other"]
        self._usual_kinds = [kind for kind in _USUAL if kind in district.kinds] or self._any_kind
        self._slot = _first_slot(now)
        self._open: list[_Open] = []
        self._left_open: list[Record] = self._closes(last_run_at, now) if last_run_at else []

    def plan(self, slot: int) -> Plan:
        """The incident of one slot (number of slots since the epoch)."""
        rng = np.random.default_rng([self._seed, 4, slot])
        starts = slot * SLOT_S + rng.uniform(0, 120)
        lat, lon, community = self._scene(rng)
        drill = slot % _DRILL_EACH == 2
        kinds = self._any_kind if drill else self._usual_kinds
        level = Level.I if slot % _LEVEL_I_EACH == 0 else Level.II if slot % _LEVEL_II_EACH == 0 else None
        answer_s = rng.uniform(5, 40) if rng.random() < _PROMPT_SHARE else rng.uniform(70, 110)
        return Plan(
            id=f"E{slot}",
            starts=round(starts, 3),
            ends=round(starts + rng.uniform(*_LASTS_S), 3),
            acknowledged_at=round(starts + answer_s, 3),
            kind=kinds[int(rng.integers(len(kinds)))],
            level=level or (Level.III if rng.random() < 0.35 else Level.IV),
            drill=drill,
            lat=lat,
            lon=lon,
            community=community,
            seed=int(rng.integers(2**31)),
        )

    def happen(self, now: float) -> list[Record]:
        """What is reported, ordered and said since the last call."""
        told, self._left_open = self._left_open, []
        while self._slot * SLOT_S <= now + SLOT_S:
            plan = self.plan(self._slot)
            if plan.starts > now:
                break
            self._slot += 1
            if plan.ends > now:
                told.append(self._incident(plan))
                self._open.append(_Open(plan, self._script(plan)))
        for one in self._open:
            told += self._go_on(one, now)
        self._open = [one for one in self._open if one.plan.ends > now]
        return told

    def open_plans(self) -> list[Plan]:
        """The incidents that are open now."""
        return [one.plan for one in self._open]

    def _closes(self, last_run_at: float, now: float) -> list[Record]:
        """The end of what was open when an earlier run ended and is over by now."""
        slots = range(_first_slot(last_run_at), int(last_run_at // SLOT_S) + 1)
        around = (last_run_at - _SILENT_S, last_run_at + _SILENT_S)
        left = [plan for plan in map(self.plan, slots) if plan.ends >= around[0] and plan.starts <= around[1]]
        return [officers.close(plan, self._district) for plan in left if plan.ends <= now]

    def _scene(self, rng: np.random.Generator) -> tuple[float, float, int]:
        """A place a short walk from where some volunteer is at home."""
        home = int(rng.choice(self._homes)) if len(self._homes) else 0
        spot = int(self._places.anywhere(rng, 1)[0])
        x, y = self._places.x_m[spot], self._places.y_m[spot]
        if len(self._homes):
            x, y = (
                self._units.home_x[home] + rng.uniform(-_NEAR_M, _NEAR_M),
                self._units.home_y[home] + rng.uniform(-_NEAR_M, _NEAR_M),
            )
        lat, lon = self._places.degrees(np.array([x]), np.array([y]))
        community = self._district.community_at(float(lat[0]), float(lon[0]))
        if community < 0:
            lat, lon = self._places.lat[spot : spot + 1], self._places.lon[spot : spot + 1]
            community = int(self._places.community[spot])
        return round(float(lat[0]), 6), round(float(lon[0]), 6), community

    def _incident(self, plan: Plan) -> Incident:
        kind = self._district.kinds.get(plan.kind)
        community = self._district.communities[plan.community]
        place = f"{self._district.centres[community.parent].name}{community.name}"
        return Incident(
            source=SOURCE,
            id=plan.id,
            kind=plan.kind,
            level=plan.level,
            reported_at=moment(plan.starts),
            lat=plan.lat,
            lon=plan.lon,
            title=f"{community.name}{kind.name if kind else ''}",
            place=place,
            drill=plan.drill,
        )

    def _script(self, plan: Plan) -> list[tuple[float, Step]]:
        """Volunteers are called by the system at once, the others when the duty officer has answered."""
        rng = np.random.default_rng(plan.seed)
        answered = plan.acknowledged_at
        times = (plan.starts + rng.uniform(2, 6), answered + rng.uniform(1, 5), answered + rng.uniform(3, 9))
        script = [(order.at.timestamp(), _saying(order)) for order in officers.orders(plan, self._district)]
        for tier, at in zip(_LADDER, times, strict=True):
            script.append((at, self._sending(plan, tier, at, rng.random(), rng.random())))
        return sorted(script, key=lambda step: step[0])

    def _sending(
        self, plan: Plan, tier: Tier, at: float, fate: float, pace: float, instead_of: int | None = None
    ) -> Step:
        """Send the nearest unit of a tier; `instead_of`: the one that did not want to, who is free again then."""

        def send(now: float) -> list[Record]:
            if fate < _NOT_SENT_SHARE:
                return []
            one = next(one for one in self._open if one.plan is plan)
            x, y = (float(metres[0]) for metres in self._places.metres(np.array([plan.lat]), np.array([plan.lon])))
            unit = self._units.nearest(tier, x, y, now)
            if instead_of is not None:
                self._units.release(instead_of)
                del one.on_the_way[instead_of]
            if unit is None:
                return []
            sent = self._order(plan, Verb.DISPATCH, at, unit)
            said = officers.replies(plan, sent)
            for reply in said:
                one.later(reply.at.timestamp(), _saying(reply))
            if said[-1].state is ReplyState.DECLINED:
                self._units.send(unit, float(self._units.x[unit]), float(self._units.y[unit]))  # it stays where it is
                one.on_the_way[unit] = now
                again_at = said[-1].at.timestamp() + _ANOTHER_S
                one.later(again_at, self._sending(plan, tier, again_at, fate, pace, unit))
                return [sent]
            hurry = 0.35 if fate < _NOT_SENT_SHARE + _SLOW_SHARE else 0.8 + 0.4 * pace
            elapsed_s = max(0.0, now - at)
            eta_s = self._units.send(unit, x + (fate - 0.5) * 24, y + (pace - 0.5) * 24, hurry, elapsed_s)
            one.on_the_way[unit] = None
            if eta_s < 0:  # it came while nobody listened, so only its word is left
                one.on_the_way[unit] = now
                return [sent, self._arrival(plan, unit, max(at, now + eta_s))]
            return [sent]

        return send

    def _go_on(self, one: _Open, now: float) -> list[Record]:
        told: list[Record] = []
        while one.to_do and one.to_do[0][0] <= now:
            told += one.to_do.pop(0)[1](now)
        for unit, arrived_at in one.on_the_way.items():
            if arrived_at is None and self._units.is_there(unit):
                one.on_the_way[unit] = now
                told += self._words(one.plan, unit, now)
        if one.plan.ends <= now:
            for unit in one.on_the_way:
                self._units.release(unit)
        return told

    def _words(self, plan: Plan, unit: int, now: float) -> list[Record]:
        """What is said of an arrival beside the geofence; mostly nothing."""
        chance = float(np.random.default_rng([plan.seed, unit]).random())
        if chance < _SAID_SHARE:
            return [self._arrival(plan, unit, now)]
        if chance < _SAID_SHARE + _SEEN_SHARE:
            return [self._order(plan, Verb.ARRIVE, now, unit)]
        return []

    def _order(self, plan: Plan, verb: Verb, at: float, unit: int) -> Order:
        centre = self._district.communities[plan.community].code
        return officers.order(plan, verb, at, centre, self._call_sign(unit))

    def _arrival(self, plan: Plan, unit: int, at: float) -> Arrival:
        call_sign = self._call_sign(unit)
        return Arrival(
            source=SOURCE,
            id=f"{plan.id}-{call_sign}",
            incident=plan.id,
            unit=call_sign,
            at=moment(round(at, 3)),
            evidence=Evidence.UNIT,
        )

    def _call_sign(self, unit: int) -> str:
        return self._district.roster.call_signs[unit]


def _first_slot(now: float) -> int:
    """The first slot whose incident may still be open."""
    return int((now - max(_LASTS_S)) // SLOT_S) - 1


def _saying(record: Record) -> Step:
    return lambda _: [record]
