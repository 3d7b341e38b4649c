"""The 1-3-5 policy: which tiers must come, how many, how fast, by kind and level of incident.

A district's files give it as a plain dict. Everything that can be wrong with it is found here, when it is
read, so that the rules that use it need no checks of their own.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta, Struct

from dashboard.records import TIERS, Level, Tier

Positive = Annotated[float, Meta(gt=0, le=1e7)]
ANY_LEVEL = "*"
T = TypeVar("T")


class PolicyError(ValueError):
    """The policy cannot be used; the message names the field and what is wrong with it."""


class ClockZero(StrEnum):
    """From when the clock of an incident counts."""

    REPORTED_AT = "reported_at"
    OCCURRED_AT = "occurred_at"
    DISPATCHED_AT = "dispatched_at"


class LegRule(Struct, frozen=True, forbid_unknown_fields=True):
    """What one tier must do: `needed` units on scene within `limit_s` of clock zero."""

    tier: Tier
    limit_s: Positive
    needed: Annotated[int, Meta(ge=1, le=100)] = 1


LADDER = (LegRule(Tier.VOLUNTEER, 60), LegRule(Tier.AUXILIARY, 180), LegRule(Tier.POLICE, 300))

# Along the road in a dense city: on foot, by e-bike, by patrol car. Our choice; a district measures its own.
SPEEDS_MPS = {
    Tier.VOLUNTEER: 2.0,
    Tier.AUXILIARY: 5.0,
    Tier.POLICE: 8.0,
    Tier.WARDEN: 4.0,
    Tier.DRONE: 14.0,
    Tier.VEHICLE: 8.0,
}
FRESH_S = 60.0
FIRST_REPORT_S = 1800.0  # DOMAIN section 4: by telephone within half an hour


class ReportRules(Struct, frozen=True, forbid_unknown_fields=True):
    """How soon after an incident is reported the first report (初报) must have gone up."""

    first_s: Positive | dict[str, Positive] = FIRST_REPORT_S  # or by level; a level that is not named owes none


class Policy(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a district runs its clocks. Durations in seconds, distances in metres on the ground."""

    legs: tuple[LegRule, ...] = LADDER  # where neither kind nor level says otherwise
    kinds: dict[str, dict[str, tuple[LegRule, ...]]] = {}  # kind -> level I..IV (or 1..4, or * for all) -> legs
    zero: ClockZero = ClockZero.REPORTED_AT
    geofence_m: Positive = 50.0
    geofence_accuracy_m: Positive = 100.0  # a fix less sure than this proves no arrival
    fresh_s: Positive | dict[Tier, Positive] = FRESH_S  # the age up to which a fix says where a unit is
    off_after_s: Positive = 900.0  # the age from which a unit counts as off
    speeds_mps: dict[Tier, Positive] = {}
    detour: Annotated[float, Meta(ge=1, le=10)] = 1.3  # how much longer the road is than the straight line
    offered: Annotated[int, Meta(ge=1, le=20)] = 3  # candidates shown for a leg
    look_m: tuple[Positive, ...] = (400.0, 1000.0, 3000.0)  # rings in which a shortfall is explained
    climb_s: tuple[Positive, ...] = (
        120.0,
        300.0,
    )  # trouble this old is held by the next, the second next centre
    late_after_s: Positive = 300.0  # an incident that reaches us this long after its report rings no bell
    forget_after_s: Positive = 3600.0  # how long a closed incident stays open to correction
    pending_s: Positive = 86400.0  # how long an arrival or order waits for its incident
    answer_s: Positive = 60.0  # by then a unit's device has said whether the unit comes
    offer_s: Positive = 300.0  # how long the command stays offered to a centre that does not answer
    reports: ReportRules = ReportRules()

    def __post_init__(self) -> None:
        """Raises ValueError where fields that are valid alone do not fit together."""
        _check_legs(self.legs, "legs")
        for kind, levels in self.kinds.items():
            _check_levels(levels, f"kinds.{kind}")
            for level, legs in levels.items():
                _check_legs(legs, f"kinds.{kind}.{level}")
        if isinstance(self.reports.first_s, dict):
            _check_levels(self.reports.first_s, "reports.first_s")
        for name, steps in (("look_m", self.look_m), ("climb_s", self.climb_s)):
            if list(steps) != sorted(set(steps)):
                raise ValueError(f"{name}: each value must be larger than the one before")
        if not self.look_m:
            raise ValueError("look_m: at least one distance is needed")
        if self.off_after_s < max(self.fresh_by_tier()):
            raise ValueError("off_after_s: a unit cannot be off while its fix is still fresh (fresh_s)")

    def legs_for(self, kind: str, level: Level) -> tuple[LegRule, ...]:
        """What must come to an incident: its kind's legs for this level, for any level, or the district's."""
        legs = _of_level(self.kinds.get(kind, {}), level)
        return self.legs if legs is None else legs

    def first_report_s(self, level: Level) -> float | None:
        """Within how many seconds the first report is due; None: none is asked for."""
        first_s = self.reports.first_s
        return _of_level(first_s, level) if isinstance(first_s, dict) else first_s

    def fresh_by_tier(self) -> tuple[float, ...]:
        """Seconds that a fix stays fresh, by records.TIERS."""
        fresh = self.fresh_s
        return tuple(fresh.get(tier, FRESH_S) if isinstance(fresh, dict) else fresh for tier in TIERS)

    def speed_mps(self, tier: Tier) -> float:
        """How fast a tier comes along the road."""
        return self.speeds_mps.get(tier, SPEEDS_MPS[tier])


_LEVEL_NAMES = {ANY_LEVEL} | {level.name for level in Level} | {str(level.value) for level in Level}


def _of_level(by_level: Mapping[str, T], level: Level) -> T | None:
    """What is said for a level, else for any; None: nothing."""
    for name in (level.name, str(level.value), ANY_LEVEL):
        if name in by_level:
            return by_level[name]
    return None


def _check_levels(names: Iterable[str], where: str) -> None:
    for name in names:
        if name not in _LEVEL_NAMES:
            raise ValueError(f"{where}.{name}: a level is one of I, II, III, IV, 1, 2, 3, 4 or {ANY_LEVEL}")


def _check_legs(legs: tuple[LegRule, ...], where: str) -> None:
    tiers = [leg.tier for leg in legs]
    for tier in tiers:
        if tiers.count(tier) > 1:
            raise ValueError(f"{where}: {tier} has more than one leg")


def decode(raw: dict[str, Any]) -> Policy:
    """The policy of a plain dict, defaults where it is silent; raises PolicyError with field and reason."""
    try:
        return msgspec.convert(raw, Policy)
    except msgspec.ValidationError as error:
        raise PolicyError(f"policy: {error}") from error
