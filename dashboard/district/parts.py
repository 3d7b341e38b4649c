"""What a district is made of: centres, devices, items, kinds, duty posts, units. No files in here."""

import zlib
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from functools import cached_property

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray


class CentreKind(StrEnum):
    """The nodes of the command tree 1 + 10 + N + 124."""

    DISTRICT = "district"
    SUB_DISTRICT = "sub_district"
    DEPARTMENT = "department"
    COMMUNITY = "community"


class Centre(Struct, frozen=True):
    """A node of the command tree."""

    code: str
    name: str
    name_en: str
    kind: CentreKind
    parent: str  # code, "" for the district
    lat: float  # where its label stands
    lon: float


class DeviceKind(StrEnum):
    """What is fixed in its place."""

    CAMERA = "camera"
    AI_CAMERA = "ai_camera"
    GAUGE = "gauge"  # level in a manhole
    SLOPE = "slope"  # displacement of a slope
    STANDBY = "standby"  # police standby point
    KEY_AREA = "key_area"


class Device(Struct, frozen=True):
    """A camera, a sensor or a place that the map shows."""

    id: str
    kind: DeviceKind
    name: str
    lat: float
    lon: float
    community: int  # index, -1 outside
    quantity: str = ""  # of a sensor: what it measures
    unit: str = ""
    high: float | None = None  # thresholds, in `unit`
    very_high: float | None = None
    low: float | None = None


class Item(Struct, frozen=True):
    """A kind of case with its handling limit."""

    code: str
    name: str
    name_en: str
    department: str  # code of the department that usually handles it
    limit: float | None  # in units of `clock`; None: no limit
    clock: str  # urgent_hour | work_hour | work_day | natural_day


CLOCKS = ("urgent_hour", "work_hour", "work_day", "natural_day")


class Kind(Struct, frozen=True):
    """A kind of incident."""

    code: str
    name: str
    name_en: str
    class_: str  # natural | accident | health | security, or what the customer calls them


class DutyPost(Struct, frozen=True):
    """Who leads a centre in a shift: daily from time to time, or once from moment to moment (local)."""

    centre: str
    starts: time | datetime
    ends: time | datetime
    leader: str  # post and surname, e.g. 带班领导
    chief: str  # 值班长

    def covers(self, local: datetime) -> bool:
        """Whether this shift is on at a local time without zone."""
        starts, ends = self.starts, self.ends
        if isinstance(starts, datetime) and isinstance(ends, datetime):
            return starts <= local < ends
        if isinstance(starts, time) and isinstance(ends, time):
            now = local.time()
            return starts <= now < ends if starts < ends else now >= starts or now < ends
        return False


class Scope(Struct, frozen=True):
    """What one centre looks after."""

    centre: Centre
    communities: NDArray[np.bool_]  # (n_communities,)
    department: int | None  # index, only for a department's centre

    @property
    def is_whole(self) -> bool:
        """Whether it looks after the whole district: the district's own centre, and departments, which serve all."""
        return self.centre.kind in (CentreKind.DISTRICT, CentreKind.DEPARTMENT)

    def covers(self, community: int) -> bool:
        """Whether what lies in a community (index) is its affair; what lies outside of all (-1) is the district's."""
        return self.is_whole or (community >= 0 and bool(self.communities[community]))


@dataclass(frozen=True)
class Roster:
    """The units of a district in a fixed order; a unit's place is its number in columns and on the wire."""

    call_signs: list[str]
    tier: NDArray[np.uint8]  # (n,) place in records.TIERS
    home: NDArray[np.int16]  # (n,) community index, -1 none

    @cached_property
    def index(self) -> dict[str, int]:
        """The place of each call-sign."""
        return {call_sign: place for place, call_sign in enumerate(self.call_signs)}

    @cached_property
    def checksum(self) -> int:
        """CRC-32 over the call-signs: columns are only read against the roster they were written for."""
        return zlib.crc32("\n".join(self.call_signs).encode())
