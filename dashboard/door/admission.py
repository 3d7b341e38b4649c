"""Admission: what a typed record must satisfy before the journal takes it. Pure; the door applies it.

Old records are welcome whatever their age (late deliveries correct history, rehearsals replay past years),
except those from before 2000: a device that never learnt the time says 1970.
"""

import math
from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import NamedTuple

import msgspec

from dashboard import records
from dashboard.district import District
from dashboard.door.forms import plain_types
from dashboard.door.plain_text import is_plain_identifier, plain, shown
from dashboard.door.receipts import Reason
from dashboard.records import Arrival, Reading, Record, Reply

FUTURE_S = 300.0  # DOMAIN.md 15 F5: further ahead than this is quarantined
MARGIN_KM = 20.0  # how far outside the district a position may be: units cross the border, cameras look over it
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST_LIMIT = datetime(2100, 1, 1, tzinfo=UTC)
_KM_PER_DEGREE = 111.2
_IDENTIFIERS = ("id", "case", "incident", "unit", "sensor", "target", "order")
_HAPPENED = ("at", "reported_at", "occurred_at", "dispatched_at", "closed_at")


@dataclass(frozen=True)
class Ground:
    """What admission knows of the district: its area with the margin, its units, its sensors."""

    south: float
    west: float
    north: float
    east: float
    units: Mapping[str, int]  # call-sign -> place in the roster
    sensors: Container[str]

    @classmethod
    def of(cls, district: District) -> "Ground":
        """The ground of a district."""
        south, west, north, east = district.bounds
        lat_margin = MARGIN_KM / _KM_PER_DEGREE
        lon_margin = lat_margin / math.cos(math.radians((south + north) / 2))
        return cls(
            south - lat_margin,
            west - lon_margin,
            north + lat_margin,
            east + lon_margin,
            district.roster.index,
            district.device_index,
        )

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """South, west, north, east, with the margin."""
        return self.south, self.west, self.north, self.east

    def covers(self, lat: float, lon: float) -> bool:
        """Whether the point is in the area; never true of NaN."""
        return self.south <= lat <= self.north and self.west <= lon <= self.east


class Fault(NamedTuple):
    """What is wrong with a record."""

    field: str
    reason: Reason
    why: str


def admit(record: Record, ground: Ground, now: float) -> Record | Fault:
    """The record with its texts made plain, or the first fault."""
    return _identifier_fault(record) or _fault(record, ground, now) or _made_plain(record)


def _fault(record: Record, ground: Ground, now: float) -> Fault | None:
    return _time_fault(record, now) or _place_fault(record, ground) or _reference_fault(record, ground)


def _identifier_fault(record: Record) -> Fault | None:
    for name in _IDENTIFIERS:
        value = getattr(record, name, None)
        if isinstance(value, str) and not is_plain_identifier(value):
            optional = isinstance(record, records.Order) and name == "unit" and not value
            if not optional:
                what = "has characters that cannot be seen" if value.strip() else "is empty"
                return Fault(name, Reason.MALFORMED if value.strip() else Reason.MISSING, f"{name} {what}")
    if isinstance(record, records.Incident | records.Alert) and not plain(record.kind).strip():
        return Fault("kind", Reason.MISSING, "kind is empty")
    return None


def _time_fault(record: Record, now: float) -> Fault | None:
    for name in _HAPPENED:
        moment = getattr(record, name, None)
        if moment is not None:
            if moment < EARLIEST:
                return Fault(name, Reason.CLOCK_UNSET, unset_clock(name))
            if moment.timestamp() > now + FUTURE_S:
                return Fault(name, Reason.FUTURE, future(name, moment.timestamp(), now))
    due_at = getattr(record, "due_at", None)
    if due_at is not None and not EARLIEST <= due_at <= LATEST_LIMIT:
        return Fault("due_at", Reason.OUT_OF_RANGE, f"due_at is {due_at.isoformat()}, not between 2000 and 2100")
    return None


def _place_fault(record: Record, ground: Ground) -> Fault | None:
    lat, lon = getattr(record, "lat", None), getattr(record, "lon", None)
    if lat is None and lon is None:
        return None
    if lat is None or lon is None:
        absent, there = ("lat", "lon") if lat is None else ("lon", "lat")
        return Fault(absent, Reason.MISSING, f"{absent} is missing, but {there} is there")
    return None if ground.covers(lat, lon) else Fault("lat", Reason.OUT_OF_AREA, outside(lat, lon, ground))


def _reference_fault(record: Record, ground: Ground) -> Fault | None:
    if isinstance(record, Reading):
        if not math.isfinite(record.value):
            return Fault("value", Reason.OUT_OF_RANGE, "value is not a finite number")
        if record.sensor not in ground.sensors:
            return Fault("sensor", Reason.UNKNOWN_SENSOR, f"no sensor {shown(record.sensor)} in the district's devices")
    if isinstance(record, Arrival | Reply) and record.unit not in ground.units:
        return Fault("unit", Reason.UNKNOWN_UNIT, unknown_unit(record.unit))
    return None


def _made_plain(record: Record) -> Record | Fault:
    changes = {}
    for name, max_length in _texts(type(record)):
        before = getattr(record, name)
        after = plain(before)
        if after is not before:
            if len(after) > max_length:
                return Fault(name, Reason.TOO_LARGE, f"{name} is longer than {max_length} characters")
            changes[name] = after
    return msgspec.structs.replace(record, **changes) if changes else record


@cache
def _texts(record: type[Record]) -> tuple[tuple[str, int], ...]:
    return tuple(
        (name, kind.max_length or 0)
        for name, kind in plain_types(record)
        if isinstance(kind, msgspec.inspect.StrType) and name not in (*_IDENTIFIERS, "source", "still")
    )


# -- sentences that fixes and records share -------------------------------------------------------------


def future(name: str, at: float, now: float) -> str:
    """Why a time from the future is refused."""
    return (
        f"{name} is {at - now:.0f} s in the future, of which {FUTURE_S:.0f} are allowed; it was set aside: "
        "check the sender's clock and zone"
    )


def unset_clock(name: str) -> str:
    """Why a time from before 2000 is refused."""
    return f"{name} is before the year 2000; the sender's clock is not set"


def unknown_unit(call_sign: str) -> str:
    """Why a call-sign that is not in the roster is refused."""
    return f"no unit {shown(call_sign)} in the district's roster"


def outside(lat: float, lon: float, ground: Ground) -> str:
    """Why a place outside the area is refused."""
    if ground.covers(lon, lat):
        return f"lat {lat:.6f}, lon {lon:.6f} is outside the district; swapped it would be inside"
    return f"lat {lat:.6f}, lon {lon:.6f} is more than {MARGIN_KM:g} km outside the district"
