"""Records: everything that happens, as the journal keeps it, with its one JSON form.

A record is a frozen struct; its JSON form is the field names as they stand here, times as ISO 8601 with a
zone. `source` is never sent: the door writes it in, from the token or the feed. Positions are the hot path and
travel in batches (wire.py); `Fix` is only their JSON form.
"""

from datetime import UTC, datetime
from enum import IntEnum, StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

Id = Annotated[str, Meta(min_length=1, max_length=80, description="the sender's own identifier")]
Key = Annotated[str, Meta(min_length=1, max_length=200, description="source/id of a thing, or a centre's code")]
Text = Annotated[str, Meta(max_length=400)]
Name = Annotated[str, Meta(max_length=80)]
Moment = Annotated[datetime, Meta(tz=True, description="ISO 8601 with a zone, e.g. 2026-11-20T14:32:05.120+08:00")]
Lat = Annotated[float, Meta(ge=-90, le=90, description="degrees north, in the system that the source declared")]
Lon = Annotated[float, Meta(ge=-180, le=180, description="degrees east, in the system that the source declared")]
Revision = Annotated[
    int, Meta(ge=0, le=2**53 - 1, description="rises with each change that the source makes to this record")
]


DESK = "desk"  # the source of what officers do at our own consoles


class Tier(StrEnum):
    """Who moves and helps, by the 1-3-5 ladder and beside it."""

    VOLUNTEER = "volunteer"
    AUXILIARY = "auxiliary"
    POLICE = "police"
    WARDEN = "warden"
    DRONE = "drone"
    VEHICLE = "vehicle"


TIERS: tuple[Tier, ...] = tuple(Tier)  # a tier's place in this tuple is its number in columns and on the wire


class Stage(StrEnum):
    """The seven stages of a case in order, then the five side tracks."""

    REPORTED = "reported"
    FILED = "filed"
    DISPATCHED = "dispatched"
    HANDLING = "handling"
    FEEDBACK = "feedback"
    VERIFIED = "verified"
    CLOSED = "closed"
    DECLINED = "declined"
    RETURNED = "returned"
    REWORK = "rework"
    HELD = "held"
    EXTENDED = "extended"


STAGES: tuple[Stage, ...] = tuple(Stage)


class Level(IntEnum):
    """Severity of an incident or alert, I (extra-serious) to IV (ordinary); 1 is the highest."""

    I = 1  # noqa: E741 - the numeral is its name
    II = 2
    III = 3
    IV = 4


class Evidence(StrEnum):
    """How we know that a unit arrived."""

    GEOFENCE = "geofence"
    UNIT = "unit"
    OPERATOR = "operator"


class Verb(StrEnum):
    """What an order tells the system or a unit to do; the target is of the kind that the heading says."""

    # an incident
    REGISTER = "register"  # an officer took the call: the incident's own record comes with it
    ACKNOWLEDGE = "acknowledge"
    CLASSIFY = "classify"  # `kind` and `level` as the officer sees them; `ref`: the classification it replaces
    DISPATCH = "dispatch"  # with a unit
    STAND_DOWN = "stand_down"  # with a unit
    ARRIVE = "arrive"  # with a unit: an officer saw it on scene
    ASK_UP = "ask_up"  # ask centre `into`, a tier up, for help
    OFFER = "offer"  # hand the command over to centre `into`, which must accept
    ACCEPT = "accept"  # take the command that order `ref` offers
    DECLINE = "decline"  # do not take it, or take the offer back; `reason`
    NOTE = "note"  # `text`
    REPORT = "report"  # `kind`: first, follow_up or final; `text`
    CLOSE = "close"  # `kind`: the outcome; `text`
    REOPEN = "reopen"  # take a close back
    # an alert
    CLAIM = "claim"
    RELEASE = "release"  # give a claim back
    CONFIRM = "confirm"  # `into` names the case or incident that it became
    MARK_FALSE = "mark_false"  # `reason`
    # an alarm
    ACKNOWLEDGE_ALARM = "acknowledge_alarm"
    SHELVE = "shelve"  # `until`, `reason`; one of the top level waits for APPROVE
    APPROVE = "approve"  # a second person agrees to the shelving `ref`
    UNSHELVE = "unshelve"
    # a case
    URGE = "urge"  # 催办
    SUPERVISE = "supervise"  # 督办
    HOLD = "hold"  # 挂账, `reason`
    EXTEND = "extend"  # 延期 to `until`, `reason`
    # a centre
    CALL_ROLL = "call_roll"  # 点名: all centres below answer
    ANSWER = "answer"  # to the roll-call `ref`
    HAND_OVER = "hand_over"  # the shift: signs the handover document `text`, whose SHA-256 is `ref`
    TAKE_OVER = "take_over"  # the shift: signs the handover of order `ref`
    # a note, a classification, a supervision, a hold or an extension of the same target
    RETRACT = "retract"  # take back order `ref`


class ReplyState(StrEnum):
    """How far an order to a unit has come, by the unit's own device; it only goes forward."""

    DELIVERED = "delivered"
    READ = "read"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    FAILED = "failed"  # the route to the unit could not deliver it
    BY_VOICE = "by_voice"  # no route leads to the unit: somebody tells it by radio or telephone


class _Record(Struct, frozen=True, kw_only=True, tag_field="record", omit_defaults=True):
    source: str = ""
    id: Id


class Case(_Record, tag="case", frozen=True):
    """A municipal event as its source knows it now; a later revision replaces what an earlier one said."""

    reported_at: Moment
    revision: Revision = 0
    item: Name = ""  # what it is, a code or name of the district's item catalogue
    title: Text = ""
    department: Name = ""
    lat: Lat | None = None
    lon: Lon | None = None
    community: Name = ""  # a centre code; used where there is no position
    stage: Stage = Stage.REPORTED
    due_at: Moment | None = None  # the source's own limit; without it the item catalogue gives one
    closed_at: Moment | None = None


class CaseStep(_Record, tag="case-step", frozen=True):
    """One move of a case from where it is to `stage`."""

    case: Id
    at: Moment
    stage: Stage
    by: Name = ""  # an office or a role, never a person
    department: Name = ""  # who has it from now on; empty leaves it as it is
    reason: Text = ""
    due_at: Moment | None = None  # with an extension: the new limit


class Incident(_Record, tag="incident", frozen=True):
    """An emergency as its source knows it now; a later revision replaces what an earlier one said."""

    kind: Name
    level: Level
    reported_at: Moment
    lat: Lat
    lon: Lon
    revision: Revision = 0
    occurred_at: Moment | None = None
    dispatched_at: Moment | None = None
    closed_at: Moment | None = None
    title: Text = ""
    place: Text = ""
    drill: bool = False


class Alert(_Record, tag="alert", frozen=True):
    """One signal of a camera, recorder, drone or sensor; `active` false says that it went back to normal."""

    kind: Name
    at: Moment
    revision: Revision = 0
    device: Name = ""
    level: Level = Level.IV
    active: bool = True
    lat: Lat | None = None
    lon: Lon | None = None
    confidence: Annotated[float, Meta(ge=0, le=1)] | None = None
    title: Text = ""
    still: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")] | None = None  # SHA-256 of the stored picture


class Reading(_Record, tag="reading", frozen=True):
    """One value of one fixed sensor, in the unit that the district's files give for it."""

    sensor: Name
    at: Moment
    value: float


class Arrival(_Record, tag="arrival", frozen=True):
    """A unit said, or an operator saw, that it is on scene."""

    incident: Id
    unit: Name
    at: Moment
    evidence: Evidence = Evidence.UNIT


class Order(_Record, tag="order", frozen=True):
    """What an operator told the system or a unit to do. Not taken from sources: consoles and rehearsals only."""

    verb: Verb
    target: Key  # key of an incident, alert, alarm or case, or code of a centre
    at: Moment
    unit: Name = ""
    centre: Name = ""  # from which centre it was given
    by: Name = ""  # who gave it, as others see it: post, and the officer's name where the account has one
    actor: Name = ""  # the account that gave it; empty for rehearsals
    into: Annotated[str, Meta(max_length=200)] = ""
    kind: Name = ""
    level: Level | None = None
    text: Annotated[str, Meta(max_length=200_000)] = ""  # a handover document; notes and reports are shorter
    reason: Text = ""
    until: Moment | None = None
    ref: Annotated[str, Meta(max_length=80)] = ""  # the order that this one answers, replaces or takes back


class Reply(_Record, tag="reply", frozen=True):
    """A unit's device says how far an order has come."""

    order: Id  # the id of the order that it answers
    unit: Name
    at: Moment
    state: ReplyState
    reason: Text = ""


class Fix(Struct, frozen=True, kw_only=True):
    """One position of one unit at one time, as a source sends it."""

    unit: Name
    at: Moment
    lat: Lat
    lon: Lon
    speed_mps: Annotated[float, Meta(ge=0, le=150)] | None = None
    bearing_deg: Annotated[float, Meta(ge=0, le=360)] | None = None
    accuracy_m: Annotated[float, Meta(ge=0, le=100_000)] | None = None


Record = Case | CaseStep | Incident | Alert | Reading | Arrival | Order | Reply

_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Record)


def encode(record: Record) -> bytes:
    """The JSON form of one record, with its tag."""
    return _ENCODER.encode(record)


def decode(data: bytes) -> Record:
    """The record of one JSON form; raises msgspec.ValidationError."""
    record: Record = _DECODER.decode(data)
    return record


def seconds(moment: datetime | None) -> float | None:
    """Epoch seconds of an aware time; None stays None. States and columns hold seconds, records hold times."""
    return None if moment is None else moment.timestamp()


def moment(epoch_s: float) -> datetime:
    """The aware UTC time of epoch seconds."""
    return datetime.fromtimestamp(epoch_s, UTC)


def event_time(record: Record) -> datetime:
    """When the thing happened, whatever the kind calls it."""
    return record.reported_at if isinstance(record, Case | Incident) else record.at
