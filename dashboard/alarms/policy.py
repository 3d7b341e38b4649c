"""When a condition is an alarm, and when it calls again: the [alarms] table of a district's files."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from dashboard.alarms.states import AlarmKind
from dashboard.records import Level
from dashboard.response.policy import PolicyError

Seconds = Annotated[float, Meta(ge=0, le=1e7)]
Positive = Annotated[float, Meta(gt=0, le=1e7)]
Count = Annotated[int, Meta(ge=1, le=100_000)]
Share = Annotated[float, Meta(ge=0, le=1)]

SHELVE_MOST_S = 8 * 3600.0  # ISA-18.2 wants a limit; ours is a shift, and no file can lengthen it

_ON_S = {AlarmKind.CASES: 60.0, AlarmKind.STORAGE: 10.0}
_OFF_S = {AlarmKind.FEED: 5.0, AlarmKind.SENSOR: 10.0, AlarmKind.CASES: 300.0, AlarmKind.STORAGE: 60.0}


class AlarmPolicy(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a district's alarms behave. Durations in seconds."""

    on_s: dict[AlarmKind, Seconds] = {}  # a condition must hold so long before it is an alarm
    off_s: dict[AlarmKind, Seconds] = {}  # ... and be gone so long before the alarm clears
    re_alarm_s: tuple[Seconds, Seconds, Seconds, Seconds] = (60.0, 120.0, 300.0, 0.0)  # by level I-IV; 0: never
    chatter_raises: Annotated[int, Meta(ge=2, le=100)] = 3  # so many raises ...
    chatter_s: Positive = 60.0  # ... within so long, and it chatters ...
    quiet_s: Positive = 300.0  # ... until it was not raised for so long
    stale_s: Positive = 86_400.0
    flood_over: Count = 10  # more new alarms than this in the window begin a flood (EEMUA 191)
    flood_under: Count = 5  # fewer end it
    flood_s: Positive = 600.0
    shelve_most_s: Annotated[float, Meta(gt=0, le=SHELVE_MOST_S)] = SHELVE_MOST_S
    cases: Count = 20  # so many cases of a sub-district passed their limit ...
    cases_share: Share = 0.05  # ... and they are so much of its open ones ...
    cases_s: Positive = 3600.0  # ... within so long: a cluster
    memory_share: Share = 0.8  # of the state server's memory in use
    disk_share: Share = 0.9  # of the data folder's disk
    archive_s: Positive = 300.0  # the archive could not be written for so long

    def __post_init__(self) -> None:
        """Raises ValueError where fields that are valid alone do not fit together."""
        if self.flood_under > self.flood_over:
            raise ValueError("flood_under: a flood cannot end at more alarms than it begins with (flood_over)")

    def on_delay_s(self, kind: AlarmKind) -> float:
        """How long a condition of this kind must hold."""
        return self.on_s.get(kind, _ON_S.get(kind, 0.0))

    def off_delay_s(self, kind: AlarmKind) -> float:
        """How long a condition of this kind must be gone."""
        return self.off_s.get(kind, _OFF_S.get(kind, 0.0))

    def again_s(self, level: Level) -> float:
        """How long an unanswered alarm is silent before it calls again; 0: it does not."""
        return self.re_alarm_s[level - 1]


def decode(raw: dict[str, Any]) -> AlarmPolicy:
    """The policy of a plain dict, defaults where it is silent; raises PolicyError with field and reason."""
    try:
        return msgspec.convert(raw, AlarmPolicy)
    except msgspec.ValidationError as error:
        raise PolicyError(f"alarms: {error}") from error
