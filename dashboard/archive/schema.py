"""The tables of the archive: their columns, and which stream each is made of.

`id` orders everything: the stream id of the entry that a row was made of, milliseconds of receipt x 1,000,000 plus the
number within the millisecond. Times are epoch seconds, areas and departments are codes: an archive outlives the places
that a district's files give them. "" is unknown.
"""

from dataclasses import dataclass
from enum import StrEnum

import pyarrow as pa

from dashboard.journal import DELTAS, FIXES, JOURNAL

PER_MS = 1_000_000


class Table(StrEnum):
    """What is archived; the name is that of its folder and of its view in SQL."""

    RECORDS = "records"  # every record of the journal as it came
    TRACKS = "tracks"  # every fix
    BEATS = "beats"  # every message of the engine: what a replay needs beside records and tracks
    CASES = "cases"  # what the fold made of them: states, the last of each key counts
    INCIDENTS = "incidents"
    LEGS = "legs"  # of incidents; all legs of one incident have the id of its state
    ALERTS = "alerts"
    ALARMS = "alarms"
    RAISES = "raises"  # of alarms: each stands for itself
    FEEDS = "feeds"  # about once a minute each
    CONSOLES = "consoles"  # how many officers were at those of a centre, about once a minute
    VISITS = "visits"  # a patroller was in a cell


@dataclass(frozen=True)
class Plan:
    """How one table is kept."""

    stream: str  # of which it is made
    schema: pa.Schema
    key: str = ""  # of states: the last row of each key counts; "": every row stands for itself
    sort: tuple[str, ...] = ("id",)


def _schema(**columns: pa.DataType) -> pa.Schema:
    return pa.schema([pa.field(name, kind) for name, kind in columns.items()])


_TEXT, _INT, _BYTES, _TIME, _FLAG = pa.string(), pa.int32(), pa.binary(), pa.float64(), pa.bool_()
_ID = pa.int64()

PLANS: dict[Table, Plan] = {
    Table.RECORDS: Plan(
        JOURNAL,
        # `kind`: the record's tag, "?" for what cannot be read; `key`: what it is about (case, incident, alert, ...)
        _schema(id=_ID, at=_TIME, kind=_TEXT, source=_TEXT, key=_TEXT, body=_BYTES),
        sort=("kind", "id"),
    ),
    Table.TRACKS: Plan(
        FIXES,
        # lat, lon in 1e-7 degree; NaN where the source gave no speed, bearing or accuracy; `roster`: its checksum
        _schema(
            id=_ID,
            roster=pa.uint32(),
            unit=_INT,
            at_ms=_ID,
            lat=_INT,
            lon=_INT,
            speed_mps=pa.float32(),
            bearing_deg=pa.float32(),
            accuracy_m=pa.float32(),
        ),
        sort=("unit", "at_ms", "id"),
    ),
    Table.BEATS: Plan(
        DELTAS,
        # `tick_at`: null where it was no tick; `journal`, `fixes`: ids up to which the engine had folded by then
        _schema(id=_ID, epoch=_ID, seq=_ID, tick_at=_TIME, journal=_ID, fixes=_ID, signs=_BYTES),
    ),
    Table.CASES: Plan(
        DELTAS,
        _schema(
            id=_ID,
            key=_TEXT,
            revision=_ID,
            item=_TEXT,
            title=_TEXT,
            department=_TEXT,
            community=_TEXT,
            sub_district=_TEXT,
            cell=_TEXT,
            stage=_TEXT,
            reported_at=_TIME,
            since=_TIME,
            due_at=_TIME,
            closed_at=_TIME,
            returned=_INT,
            reworked=_INT,
            returned_at=_TIME,
            reworked_at=_TIME,
            paused_s=_TIME,
            held_since=_TIME,
            limit_unsure=_FLAG,
            by=_TEXT,
            reason=_TEXT,
            urged=_INT,
            supervised_at=_TIME,
        ),
        key="key",
        sort=("reported_at", "key", "id"),
    ),
    Table.INCIDENTS: Plan(
        DELTAS,
        _schema(
            id=_ID,
            key=_TEXT,
            kind=_TEXT,
            level=_INT,
            title=_TEXT,
            place=_TEXT,
            lat=_TIME,
            lon=_TIME,
            community=_TEXT,
            sub_district=_TEXT,
            reported_at=_TIME,
            zero_at=_TIME,
            acknowledged_at=_TIME,
            closed_at=_TIME,
            drill=_FLAG,
            late_record=_FLAG,
            in_command=_TEXT,
            outcome=_TEXT,
            body=_BYTES,  # the whole IncidentState, MessagePack
        ),
        key="key",
    ),
    Table.LEGS: Plan(
        DELTAS,
        _schema(
            id=_ID,
            key=_TEXT,  # of the incident
            tier=_TEXT,
            limit_s=_TIME,
            needed=_INT,
            due_at=_TIME,
            state=_TEXT,
            arrived_at=_TIME,
            unit=_TEXT,
            evidence=_TEXT,
        ),
        key="key",
    ),
    Table.ALERTS: Plan(
        DELTAS,
        _schema(
            id=_ID,
            key=_TEXT,
            kind=_TEXT,
            device=_TEXT,
            level=_INT,
            stage=_TEXT,
            active=_FLAG,
            first_at=_TIME,
            last_at=_TIME,
            count=_INT,
            community=_TEXT,
            sub_district=_TEXT,
            confidence=_TIME,
            claimed_at=_TIME,
            decided_at=_TIME,
            into=_TEXT,
            reason=_TEXT,
            late_record=_FLAG,
            merged_into=_TEXT,
        ),
        key="key",
    ),
    Table.ALARMS: Plan(
        DELTAS,
        _schema(
            id=_ID,
            key=_TEXT,
            kind=_TEXT,
            subject=_TEXT,
            level=_INT,
            title=_TEXT,
            community=_TEXT,
            sub_district=_TEXT,
            raised_at=_TIME,
            cleared_at=_TIME,
            acknowledged_at=_TIME,
            shelved_until=_TIME,
            approved=_FLAG,
            chattering=_FLAG,
            stale=_FLAG,
        ),
        key="key",
    ),
    Table.RAISES: Plan(
        DELTAS,
        _schema(id=_ID, at=_TIME, key=_TEXT, kind=_TEXT, level=_INT, community=_TEXT, sub_district=_TEXT),
    ),
    Table.FEEDS: Plan(
        DELTAS,
        _schema(id=_ID, at=_TIME, name=_TEXT, title=_TEXT, condition=_TEXT, accepted=_ID, refused=_ID, skew_s=_TIME),
    ),
    Table.CONSOLES: Plan(
        DELTAS,
        _schema(id=_ID, at=_TIME, centre=_TEXT, officers=_INT),
    ),
    Table.VISITS: Plan(
        DELTAS,
        _schema(id=_ID, at=_TIME, cell=_TEXT, community=_TEXT, sub_district=_TEXT, tier=_TEXT),
    ),
}
# What a successor of an engine tells again has another id and is the same: a part holds it once.
RETOLD = (Table.RAISES, Table.VISITS)


def number(stream_id: bytes) -> int:
    """The order of a stream id as one number."""
    milliseconds, _, count = stream_id.partition(b"-")
    return int(milliseconds) * PER_MS + int(count or 0)


def stream_id(number: int) -> bytes:
    """The stream id of a number."""
    milliseconds, count = divmod(number, PER_MS)
    return b"%d-%d" % (milliseconds, count)


def received_at(number: int) -> float:
    """When what has this id was received, epoch seconds."""
    return number // PER_MS / 1000


def number_at(epoch_s: float) -> int:
    """The least id of what is received at this time or later."""
    return int(epoch_s * 1000) * PER_MS
