"""Rows of the archive's tables, made of what streams hold. Pure: no file and no stream is touched in here.

Of states only the last of each key within one call is kept: an open incident changes each second, and nobody asks for
more than where it stood at the end of the minute; replay tells the rest.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa

from dashboard import records
from dashboard.alarms import AlarmState, Raise
from dashboard.alerts import AlertState
from dashboard.archive.schema import PLANS, RETOLD, Table, number
from dashboard.backlog import CaseRow
from dashboard.district import Centre, District
from dashboard.heartbeats import FeedState
from dashboard.journal import Delta, Entry
from dashboard.patrol import unpack_visits
from dashboard.picture import decode_change
from dashboard.records import TIERS, Alert, Arrival, Case, CaseStep, Incident, Order, Reading, Record, Reply
from dashboard.response.incidents import IncidentState
from dashboard.response.legs import Leg
from dashboard.situation import Change
from dashboard.wire import WireError, roster_of, unpack_fixes

log = logging.getLogger(__name__)

Row = tuple[Any, ...]

UNREADABLE = "?"


def of_journal(entries: Sequence[Entry]) -> pa.Table:
    """The records of a stretch of the journal, each as it came."""
    return _table(Table.RECORDS, [_record(entry) for entry in entries])


def of_fixes(entries: Sequence[Entry]) -> pa.Table:
    """The fixes of a stretch of the positions; bytes that are no batch of this version are left out and said."""
    parts = []
    for entry in entries:
        try:
            roster = roster_of(entry.fixes)
            batch = unpack_fixes(entry.fixes, roster)
        except WireError as error:
            log.warning("positions at %s are not archived: %s", entry.id.decode(), error)
            continue
        count = len(batch)
        columns: list[Any] = [
            np.full(count, number(entry.id), np.int64),
            np.full(count, roster, np.uint32),
            batch.unit.astype(np.int32),
            np.rint(batch.at * 1000).astype(np.int64),
            np.rint(batch.lat * 1e7).astype(np.int32),
            np.rint(batch.lon * 1e7).astype(np.int32),
            batch.speed_mps.astype(np.float32),
            batch.bearing_deg.astype(np.float32),
            batch.accuracy_m.astype(np.float32),
        ]
        schema = PLANS[Table.TRACKS].schema
        parts.append(pa.table([pa.array(column) for column in columns], schema=schema))
    return pa.concat_tables(parts) if parts else PLANS[Table.TRACKS].schema.empty_table()


def of_deltas(deltas: Sequence[Delta], district: District) -> dict[Table, pa.Table]:
    """What a stretch of the engine's messages says, by table; a table without rows is there too, empty."""
    names = _Names(district)
    rows: list[tuple[Table, Row]] = []
    beats = []
    for delta in deltas:
        beats.append(_beat(delta))
        try:
            rows += list(_of_change(decode_change(delta.change), number(delta.id), names))  # all of it or nothing
        except (msgspec.DecodeError, IndexError) as error:
            # Of another version, or of a district that had more places.
            log.warning("of the message %s only its time is archived: %s", delta.id.decode(), error)
    return {Table.BEATS: _table(Table.BEATS, beats), **_tables(rows)}


def of_change(change: Change, id_: int, district: District) -> dict[Table, pa.Table]:
    """The rows of one change under one id."""
    return _tables(_of_change(change, id_, _Names(district)))


def open_incident(body: bytes) -> IncidentState:
    """The state that an incident's row holds; raises msgspec.DecodeError for one of another version."""
    return _INCIDENT.decode(body)


_ENCODER = msgspec.msgpack.Encoder()
_INCIDENT = msgspec.msgpack.Decoder(IncidentState)


class _Names:
    """Codes for the indexes that states hold."""

    def __init__(self, district: District) -> None:
        self.community = _codes(district.communities)
        sub_districts = _codes(district.sub_districts)
        self.sub_district = [*(sub_districts[place] for place in district.sub_district_of), ""]
        self.department = _codes(district.departments)
        self.cell = [*district.cell_codes, ""]
        self.cell_community = np.append(district.cell_community, -1)


def _codes(centres: Iterable[Centre]) -> list[str]:
    """By index; the last one, which -1 leads to, is unknown."""
    return [*(centre.code for centre in centres), ""]


def _record(entry: Entry) -> Row:
    id_, record = number(entry.id), entry.record
    if record is None:
        return id_, entry.received_at, UNREADABLE, entry.source, "", entry.raw
    kind = type(record).__struct_config__.tag
    return id_, records.event_time(record).timestamp(), kind, record.source, _about(record), records.encode(record)


def _about(record: Record) -> str:
    """The key of the thing that a record is about."""
    match record:
        case Case() | Incident() | Alert():
            named = record.id
        case CaseStep():
            named = record.case
        case Arrival():
            named = record.incident
        case Order():
            named = record.target
        case Reply():
            named = record.order
        case Reading():
            return record.sensor
    return named if "/" in named or isinstance(record, Order | Reply) else f"{record.source}/{named}"


def _beat(delta: Delta) -> Row:
    id_, tick = number(delta.id), delta.tick
    if tick is None:
        return id_, delta.epoch, delta.seq, None, None, None, None
    return id_, delta.epoch, delta.seq, tick.at, number(tick.cursor.journal), number(tick.cursor.fixes), tick.signs


def _of_change(change: Change, id_: int, names: _Names) -> Iterator[tuple[Table, Row]]:
    for case in change.cases:
        yield Table.CASES, _case(case, id_, names)
    # A message of several records says an incident several times: its legs must not be counted with each.
    for incident in {state.key: state for state in change.incidents}.values():
        yield Table.INCIDENTS, _incident(incident, id_, names)
        for leg in incident.legs:
            yield Table.LEGS, _leg(leg, incident.key, id_)
    for alert in change.alerts:
        yield Table.ALERTS, _alert(alert, id_, names)
    for alarm in change.alarms:
        yield Table.ALARMS, _alarm(alarm, id_, names)
    for raised in change.raises:
        yield Table.RAISES, _raise(raised, id_, names)
    for feed in change.feeds:
        yield Table.FEEDS, _feed(feed, id_)
    for centre, staff in (change.staffed or {}).items():
        yield Table.CONSOLES, (id_, staff.at, centre, len(staff.names))
    for packed in change.visits:
        for made in _visits(packed, id_, names):
            yield Table.VISITS, made


def _case(row: CaseRow, id_: int, names: _Names) -> Row:
    return (
        id_,
        row.key,
        row.revision,
        row.item,
        row.title,
        names.department[row.department],
        names.community[row.community],
        names.sub_district[row.community],
        names.cell[row.cell],
        row.stage.value,
        row.reported_at,
        row.since,
        row.due_at,
        row.closed_at,
        row.returned,
        row.reworked,
        row.returned_at,
        row.reworked_at,
        row.paused_s,
        row.held_since,
        row.limit_unsure,
        row.by,
        row.reason,
        row.urged,
        row.supervised_at,
    )


def _incident(state: IncidentState, id_: int, names: _Names) -> Row:
    return (
        id_,
        state.key,
        state.kind,
        int(state.level),
        state.title,
        state.place,
        state.lat,
        state.lon,
        names.community[state.community],
        names.sub_district[state.community],
        state.reported_at,
        state.zero_at,
        state.acknowledged_at,
        state.closed_at,
        state.drill,
        state.late_record,
        state.in_command,
        state.outcome,
        _ENCODER.encode(state),
    )


def _leg(leg: Leg, key: str, id_: int) -> Row:
    there = leg.arrived
    return (
        id_,
        key,
        leg.tier.value,
        leg.limit_s,
        leg.needed,
        leg.due_at,
        leg.state.value,
        there.at if there else None,
        there.call_sign if there else "",
        there.evidence.value if there else "",
    )


def _alert(state: AlertState, id_: int, names: _Names) -> Row:
    return (
        id_,
        state.key,
        state.kind,
        state.device,
        int(state.level),
        state.stage.value,
        state.active,
        state.first_at,
        state.last_at,
        state.count,
        names.community[state.community],
        names.sub_district[state.community],
        state.confidence,
        state.claimed_at,
        state.decided_at,
        state.into,
        state.reason,
        state.late_record,
        state.merged_into,
    )


def _alarm(state: AlarmState, id_: int, names: _Names) -> Row:
    return (
        id_,
        state.key,
        state.kind.value,
        state.subject,
        int(state.level),
        state.title,
        names.community[state.community],
        state.area or names.sub_district[state.community],
        state.raised_at,
        state.cleared_at,
        state.acknowledged_at,
        state.shelved_until,
        bool(state.approved_by),
        state.chattering,
        state.stale,
    )


def _raise(raised: Raise, id_: int, names: _Names) -> Row:
    area = raised.area or names.sub_district[raised.community]
    kind = raised.key.partition("/")[0]
    return id_, raised.at, raised.key, kind, raised.level, names.community[raised.community], area


def _feed(state: FeedState, id_: int) -> Row:
    at = max(state.beat_at, state.record_at)
    return id_, at, state.name, state.title, state.condition.value, state.accepted, state.refused, state.skew_s


def _visits(packed: bytes, id_: int, names: _Names) -> Iterator[Row]:
    visits = unpack_visits(packed)
    for cell, tier, at in zip(visits.cell.tolist(), visits.tier.tolist(), visits.at.tolist(), strict=True):
        community = int(names.cell_community[cell])
        area = names.community[community], names.sub_district[community]
        yield id_, at, names.cell[cell], *area, TIERS[tier].value


_OF_CHANGE = tuple(table for table, plan in PLANS.items() if plan.stream == PLANS[Table.BEATS].stream)[1:]


def _last_of(place: Callable[[Row], Any], rows: Iterable[Row]) -> list[Row]:
    return list({place(row): row for row in rows}.values())


def _tables(rows: Iterable[tuple[Table, Row]]) -> dict[Table, pa.Table]:
    """What counts of these rows, by table; a table without rows is there too, empty."""
    found: dict[Table, list[Row]] = {table: [] for table in _OF_CHANGE}
    for table, row in rows:
        found[table].append(row)
    return {table: _table(table, _latest(table, found[table])) for table in _OF_CHANGE}


def _latest(table: Table, rows: list[Row]) -> list[Row]:
    """The rows that count of this stretch."""
    if table in RETOLD:
        return _last_of(lambda row: row[1:], rows)
    match table:
        case Table.FEEDS | Table.CONSOLES:
            return _last_of(lambda row: row[2], rows)
        case Table.LEGS:
            newest = {row[1]: row[0] for row in rows}
            return [row for row in rows if row[0] == newest[row[1]]]
        case _:
            return _last_of(lambda row: row[1], rows)


def _table(table: Table, rows: Sequence[Row]) -> pa.Table:
    schema = PLANS[table].schema
    if not rows:
        return schema.empty_table()
    columns = zip(*rows, strict=True)
    return pa.table(
        [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)], schema=schema
    )
