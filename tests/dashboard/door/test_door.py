import json
import resource
from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard import records, wire
from dashboard.district import geo
from dashboard.district.geo import Crs
from dashboard.door import BodyRefused, Door, Pictured, Receipt, Source
from dashboard.door.contract import EXAMPLES
from dashboard.door.forms import FORMS
from dashboard.door.receipts import Reason
from dashboard.records import Alert, Case, Fix, Incident, Order, Reading, Verb, moment
from dashboard.stills import Stills
from dashboard.store import JournalUnavailable
from dashboard.wire import FixBatch
from tests.memory_journal import NOW, MemoryJournal, SmallDistrict

ROSTER = SmallDistrict().roster.checksum
WGS = Source("field", "wgs84")
JPEG = b"\xff\xd8\xff\xe0 a picture"
AT = moment(NOW)


@pytest.fixture
def journal() -> MemoryJournal:
    return MemoryJournal()


@pytest.fixture
def door(journal: MemoryJournal, tmp_path: Path) -> Door:
    return Door(SmallDistrict(), journal, Stills(tmp_path))  # type: ignore[arg-type]


def send(door: Door, kind: str, *rows: Any, source: Source = WGS) -> Receipt:
    return door.take_json(source, kind, json.dumps(list(rows)).encode(), NOW)


def reasons(receipt: Receipt) -> list[tuple[int, str, str]]:
    return [(refusal.index, refusal.field, refusal.reason) for refusal in receipt.refusals]


# -- records ----------------------------------------------------------------------------------------------


def test_a_record_gets_the_name_of_its_source(door: Door, journal: MemoryJournal) -> None:
    receipt = send(door, "cases", {**EXAMPLES["cases"], "source": "somebody else", "record": "incident"})
    assert receipt.results == ["accepted"]
    assert receipt.dropped == {"source": 1, "record": 1}
    (case,) = journal.records
    assert isinstance(case, Case)
    assert (case.source, case.id, case.title) == ("field", "C-20261120-0417", "暴露垃圾")
    assert records.decode(records.encode(case)) == case


def test_each_record_is_answered_for_itself(door: Door, journal: MemoryJournal) -> None:
    good = EXAMPLES["cases"]
    rows = [
        good,
        good,
        {**good, "id": "2", "lat": 0.0},
        {**good, "id": "3"},
        {"id": 4},
        {**good, "revision": 3},
    ]
    receipt = send(door, "cases", *rows)
    assert receipt.results == ["accepted", "repeated", "refused", "accepted", "refused", "accepted"]
    assert (receipt.accepted, receipt.repeated, receipt.refused) == (3, 1, 2)
    assert reasons(receipt) == [(2, "lat", "out_of_area"), (4, "id", "malformed")]
    assert send(door, "cases", good).results == ["repeated"]
    assert journal.totals() == {
        "accepted": {"field|cases": 3},
        "repeated": {"field|cases": 2},
        "refused": {"field|out_of_area": 1, "field|malformed": 1},
        "dropped": {},
    }


def test_a_record_from_the_future_is_set_aside_without_its_persons(door: Door, journal: MemoryJournal) -> None:
    row = {**EXAMPLES["cases"], "reported_at": "2027-01-01T00:00:00Z", "phone": "13800000000"}
    receipt = send(door, "cases", row)
    assert reasons(receipt) == [(0, "reported_at", "future")]
    ((source, raw, why),) = journal.quarantined
    assert (source, why) == ("field", receipt.refusals[0].why)
    assert b"13800000000" not in raw
    assert journal.records == []


def test_a_flood_from_the_future_sets_only_some_aside(door: Door, journal: MemoryJournal) -> None:
    row = {**EXAMPLES["fixes"], "at": "2027-01-01T00:00:00Z"}
    assert send(door, "fixes", *[row] * 500).refused == 500
    send(door, "cases", *[{**EXAMPLES["cases"], "reported_at": "2027-01-01T00:00:00Z"}] * 500)
    assert len(journal.quarantined) == 40


def test_positions_are_converted_once_from_what_the_source_declared(door: Door, journal: MemoryJournal) -> None:
    amap = Source("amap", "gcj02")
    expected = geo.to_wgs84(22.5567, 113.8846, Crs.GCJ02)
    send(door, "incidents", EXAMPLES["incidents"], source=amap)
    (incident,) = journal.records
    assert isinstance(incident, Incident)
    assert (incident.lat, incident.lon) == pytest.approx(expected)
    send(door, "fixes", EXAMPLES["fixes"], source=amap)
    batch = wire.unpack_fixes(journal.fixes[0][1], ROSTER)
    assert (batch.lat[0], batch.lon[0]) == pytest.approx(expected, abs=1e-6)


def test_a_source_sends_only_its_kinds(door: Door, journal: MemoryJournal) -> None:
    with pytest.raises(BodyRefused) as refused:
        send(door, "cases", EXAMPLES["cases"], source=Source("gps", "wgs84", ("fixes",)))
    assert refused.value.reason == Reason.NOT_ALLOWED
    assert journal.totals()["refused"] == {"gps|not_allowed": 1}


def test_an_unreadable_body_is_counted(door: Door, journal: MemoryJournal) -> None:
    with pytest.raises(BodyRefused):
        door.take_json(WGS, "cases", b"{", NOW)
    assert journal.totals()["refused"] == {"field|malformed": 1}


def test_nothing_is_acknowledged_while_the_journal_is_away(door: Door, journal: MemoryJournal) -> None:
    journal.is_away = True
    for kind in FORMS:
        with pytest.raises(JournalUnavailable):
            send(door, kind, EXAMPLES[kind])
    journal.is_away = False
    assert [send(door, kind, EXAMPLES[kind]).results for kind in FORMS] == [["accepted"]] * len(FORMS)


def test_live_kinds_tell_how_far_the_senders_clock_is_off(door: Door, journal: MemoryJournal) -> None:
    send(door, "cases", EXAMPLES["cases"])
    assert journal.heard_of["field"] == (NOW, None)
    send(door, "fixes", {**EXAMPLES["fixes"], "at": moment(NOW + 200).isoformat()})
    assert journal.heard_of["field"] == (NOW, pytest.approx(200, abs=0.01))


# -- pictures ---------------------------------------------------------------------------------------------


def test_a_picture_is_stored_and_replaced_by_its_hash(door: Door, journal: MemoryJournal, tmp_path: Path) -> None:
    row = {**EXAMPLES["alerts"], "still_base64": b64encode(JPEG).decode(), "still": "f" * 64}
    receipt = send(door, "alerts", row)
    assert receipt.dropped == {"still": 1}  # nobody may point at a picture that somebody else sent
    (alert,) = journal.records
    assert isinstance(alert, Alert) and alert.still is not None
    still = Stills(tmp_path).find(alert.still)
    assert still is not None
    assert still.path.read_bytes() == JPEG


def test_a_body_with_what_is_no_picture_is_refused(door: Door, journal: MemoryJournal) -> None:
    receipt = send(door, "alerts", {**EXAMPLES["alerts"], "still_base64": b64encode(b"<svg/>").decode()})
    assert reasons(receipt) == [(0, "still_base64", "bad_picture")]
    assert journal.records == []


def test_a_devices_bad_picture_does_not_cost_the_alert(door: Door, journal: MemoryJournal) -> None:
    alert = Alert(id="1", kind="smoke", at=AT)
    receipt = door.take_records("camera", [Pictured(alert, b"no picture"), Pictured(alert, JPEG)], NOW)
    assert receipt.results == ["accepted", "repeated"]
    assert receipt.dropped == {"still_base64": 1}


def test_a_full_disk_does_not_cost_the_alert(journal: MemoryJournal, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    door = Door(SmallDistrict(), journal, Stills(tmp_path / "file"))  # type: ignore[arg-type]
    receipt = send(door, "alerts", EXAMPLES["alerts"])
    assert (receipt.results, receipt.dropped) == (["accepted"], {"still_base64": 1})


def test_without_stills_pictures_are_dropped(journal: MemoryJournal) -> None:
    door = Door(SmallDistrict(), journal)  # type: ignore[arg-type]
    assert send(door, "alerts", EXAMPLES["alerts"]).dropped == {"still_base64": 1}


# -- typed records ----------------------------------------------------------------------------------------


def test_typed_records_and_orders_are_taken_under_the_name_given(door: Door, journal: MemoryJournal) -> None:
    order = Order(id="1", verb=Verb.ACKNOWLEDGE, target="i", at=AT)
    receipt = door.take_records("desk", [order, Case(source="x", id="1", reported_at=AT)], NOW)
    assert receipt.accepted == 2
    assert [record.source for record in journal.records] == ["desk", "desk"]
    assert journal.totals()["accepted"] == {"desk|orders": 1, "desk|cases": 1}


def test_nobody_orders_in_the_name_of_an_account_through_the_door(door: Door, journal: MemoryJournal) -> None:
    """Whose account an order is says the ledger alone, which has asked them in."""
    forged = Order(source="desk", id="1", verb=Verb.CLOSE, target="cad/I1", at=AT, by="值班长", actor="wang")
    assert door.take_records("replay", [forged], NOW).accepted == 1
    (order,) = journal.records
    assert (order.source, order.actor, order.by) == ("replay", "", "值班长")


def test_orders_do_not_come_in_from_outside(door: Door, journal: MemoryJournal) -> None:
    row = {"record": "order", "id": "1", "verb": "close", "target": "cad/I1", "at": AT.isoformat(), "kind": "handled"}
    assert not any(form.record is Order for form in FORMS.values())
    for kind in EXAMPLES:
        send(door, kind, row, {**row, **EXAMPLES[kind], "record": "order", "source": "desk"})
    assert not any(isinstance(record, Order) or record.source != "field" for record in journal.records)


@pytest.mark.parametrize(
    "record",
    [
        Case(id="1", reported_at=datetime(2026, 11, 20)),
        Case(id="", reported_at=AT),
        Case(id="1", reported_at=AT, title="x" * 401),
        Case(id="1", reported_at=AT, lat=float("nan"), lon=113.9),
        Case(id="1", reported_at=AT, lat="22.5", lon=113.9),  # type: ignore[arg-type]
        Case(id="1", reported_at=AT, title="\ud800"),
        Reading(id="1", sensor="G-204", at=AT, value=float("inf")),
        Alert(id="1", kind="smoke", at=AT, confidence=2.0),
        Alert(id="1", kind="smoke", at=AT, still="../x"),
    ],
)
def test_what_a_decoder_got_wrong_is_refused(door: Door, journal: MemoryJournal, record: Any) -> None:
    good = Case(id="good", reported_at=AT)
    assert door.take_records("feed", [record, good], NOW).results == ["refused", "accepted"]
    assert len(journal.records) == 1


# -- fixes ------------------------------------------------------------------------------------------------


def test_fixes_are_appended_as_one_packed_batch(door: Door, journal: MemoryJournal) -> None:
    rows = [EXAMPLES["fixes"], {**EXAMPLES["fixes"], "unit": "V-001"}]
    assert send(door, "fixes", *rows).results == ["accepted", "accepted"]
    ((source, packed, count),) = journal.fixes
    batch = wire.unpack_fixes(packed, ROSTER)
    assert (source, count, batch.unit.tolist()) == ("field", 2, [0, 2])
    assert batch.speed_mps[0] == pytest.approx(1.3, abs=0.01)


def test_each_fix_is_answered_at_its_place(door: Door, journal: MemoryJournal) -> None:
    good = EXAMPLES["fixes"]
    rows = [
        {"unit": "V-001"},
        good,
        {**good, "unit": "nobody"},
        7,
        {**good, "lat": good["lon"], "lon": good["lat"]},
        good,
        {**good, "unit": "PC-012", "name": "Li"},
    ]
    receipt = send(door, "fixes", *rows)
    assert receipt.results == ["refused", "accepted", "refused", "refused", "refused", "repeated", "accepted"]
    assert reasons(receipt) == [
        (0, "at", "missing"),
        (2, "unit", "unknown_unit"),
        (3, "", "malformed"),
        (4, "lat", "out_of_range"),
    ]
    assert receipt.dropped == {"name": 1}
    assert journal.fixes[0][2] == 2
    assert journal.totals()["accepted"] == {"field|fixes": 2}


def test_typed_fixes_and_columns_take_the_same_road(door: Door, journal: MemoryJournal) -> None:
    fixes = [Fix(unit=unit, at=AT, lat=22.5, lon=113.9, speed_mps=900.0) for unit in ("V-001", "nobody")]
    assert door.take_fix_rows("feed", fixes, NOW).results == ["accepted", "refused"]
    nothing = np.full(3, np.nan)
    place = np.full(3, 22.5), np.full(3, 113.9)
    batch = FixBatch(np.array([0, 1, 99]), np.full(3, NOW), *place, nothing, nothing, nothing)
    assert door.take_fixes("simulator", batch, NOW) == 2
    assert [count for _, _, count in journal.fixes] == [1, 2]
    assert np.isnan(wire.unpack_fixes(journal.fixes[0][1], ROSTER).speed_mps).all()


def test_no_fixes_is_no_batch(door: Door, journal: MemoryJournal) -> None:
    assert send(door, "fixes").results == []
    assert door.take_fix_rows("feed", [], NOW).accepted == 0
    assert journal.fixes == []


# -- whatever comes ---------------------------------------------------------------------------------------

LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.sampled_from([10**400, -(2**63), "\u202e<script>", "2026-11-20T14:32:05+08:00", "9999-12-31T23:59:59-23:59"]),
)
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)


@st.composite
def hostile_rows(draw: st.DrawFn) -> tuple[str, Any]:
    """A good row of some kind with some fields replaced, removed and added."""
    kind = draw(st.sampled_from(list(FORMS)))
    row = dict(EXAMPLES[kind])
    row.update(draw(st.dictionaries(st.sampled_from(FORMS[kind].fields), VALUES, max_size=3)))
    row.update(draw(st.dictionaries(st.text(max_size=5), VALUES, max_size=2)))
    return kind, row


def take_anything(kind: str, body: bytes) -> None:
    """Take it into a fresh journal: it is refused cleanly, or what was accepted reads back the same."""
    journal = MemoryJournal()
    door = Door(SmallDistrict(), journal)  # type: ignore[arg-type]
    try:
        receipt = door.take_json(WGS, kind, body, NOW)
    except BodyRefused as refused:
        assert refused.why
        return
    assert receipt.accepted + receipt.repeated + receipt.refused == len(receipt.results)
    assert len(receipt.refusals) == receipt.refused
    assert all(refusal.why and len(refusal.why) < 400 for refusal in receipt.refusals)
    for record in journal.records:
        assert records.decode(records.encode(record)) == record
    for _, packed, count in journal.fixes:
        batch = wire.unpack_fixes(packed, ROSTER)
        assert len(batch) == count
        assert np.isfinite(batch.lat).all()


@given(hostile_rows())
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_hostile_row_never_raises_and_never_reaches_the_journal_malformed(case: tuple[str, Any]) -> None:
    kind, row = case
    take_anything(kind, json.dumps([row, EXAMPLES[kind]]).encode())


@given(st.sampled_from(list(FORMS)), st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
@settings(max_examples=200, deadline=None)
def test_hostile_bytes_never_raise(kind: str, body: bytes) -> None:
    take_anything(kind, body)


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_a_damaged_body_never_raises(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(list(FORMS)))
    body = bytearray(json.dumps([EXAMPLES[kind]] * 2).encode())
    for _ in range(data.draw(st.integers(1, 5))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    take_anything(kind, bytes(body))


HUGE = 8 * 1024 * 1024
BOMBS = [
    b"[" * HUGE,
    b"[" + b"[]," * (HUGE // 3),
    b"[" + b"{}," * (HUGE // 3) + b"{}]",
    b"[" + b"1," * (HUGE // 2) + b"1]",
    b"{}\n" * (HUGE // 3),
    b"\n" * HUGE + b"{",
    b'{"a":' * (HUGE // 5),
    b'[{"id":"' + b"x" * HUGE + b'"}]',
    b"[{" + b",".join(b'"%d":1' % number for number in range(400_000)) + b"}]",
    b"[" + b"9" * HUGE + b"]",
    b'[{"value":' + b"9" * HUGE + b"}]",
    b'[{"value":1e' + b"9" * 1000 + b"}]",
    b"\x00" * HUGE,
    b'["' + b"\\u0000" * (HUGE // 6) + b'"]',
]


@pytest.mark.parametrize("body", BOMBS, ids=range(len(BOMBS)))
def test_a_bomb_is_refused_in_bounded_memory(body: bytes) -> None:
    before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for kind in ("cases", "fixes"):
        take_anything(kind, body)
    grown_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kb
    assert grown_kb < 50 * 1024


def test_the_examples_are_of_the_day_that_the_tests_have() -> None:
    assert abs(datetime.fromisoformat(EXAMPLES["fixes"]["at"]).astimezone(UTC).timestamp() - NOW) < 60
