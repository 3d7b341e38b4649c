"""The door: the one way into the journal, for the HTTP intake, every feed, replay and the simulator.

It reads, converts, checks, stores pictures, appends and counts; the rules: bodies, admission, fix_columns.
Whatever the journal raises (JournalUnavailable) passes through: then nothing was acknowledged.
"""

import dataclasses
import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

import msgspec
import numpy as np
from msgspec import Struct

from dashboard import records, wire
from dashboard.district import District, geo
from dashboard.district.geo import Converter, Crs
from dashboard.door import admission, bodies, fix_columns, forms
from dashboard.door.admission import Fault, Ground
from dashboard.door.fix_columns import Verdict, Verdicts
from dashboard.door.receipts import BodyRefused, Reason, Receipt, Refusal
from dashboard.door.tally import Tally
from dashboard.journal import Journal
from dashboard.records import Alert, Fix, Order, Reading, Record
from dashboard.stills import NotAPicture, Pictured, Stills
from dashboard.wire import FixBatch

__all__ = ["BodyRefused", "Door", "Pictured", "Receipt", "Refusal", "Source"]

_QUARANTINED_PER_BATCH = 20  # enough to see what is wrong with a sender
_LIVE_KINDS = frozenset({"fixes", "readings", "alerts"})  # sent as they happen, so they tell the sender's clock
_WORDS: dict[type[Struct], str] = {form.record: form.word for form in forms.FORMS.values()} | {records.Order: "orders"}

log = logging.getLogger(__name__)


class Source(Struct, frozen=True):
    """Who sends, in which coordinates, and what it may send (kinds as in the URL; none named: all)."""

    name: str
    crs: str
    kinds: tuple[str, ...] = ()


class Door:
    """One process's way into the journal of one district."""

    def __init__(self, district: District, journal: Journal, stills: Stills | None = None) -> None:
        """Without `stills`, pictures are dropped and counted."""
        self._ground = Ground.of(district)
        self._units = district.roster.index
        self._call_signs = district.roster.call_signs
        self._roster = district.roster.checksum
        self._journal = journal
        self._stills = stills
        self._converters = {crs: Converter(crs, self._ground.bounds) for crs in Crs}

    def prepare(self, crs: str) -> None:
        """Work out now what the first position in these coordinates would have to wait for (about 0.7 s)."""
        south, west, north, east = self._ground.bounds
        self._converters[Crs(crs)].to_wgs84((south + north) / 2, (west + east) / 2)

    def take_json(self, source: Source, kind: str, body: bytes, now: float, lines: bool | None = None) -> Receipt:
        """Take one body of one kind: a JSON list, an object, or one object a line (`lines`; None: see).

        Raises BodyRefused where no single record can be told apart, or the source may not send this kind.
        """
        try:
            form = _form_for(source, kind)
            rows = bodies.read(form, body, lines)
        except BodyRefused as refused:
            self.refuse(source.name, refused.reason)
            raise
        if form.record is Fix:
            return self._take_fix_forms(source, rows, now)
        tally = Tally(len(rows.filled), rows.refusals, rows.dropped)
        crs = Crs(source.crs)
        batch = (
            (row, *_record(form, filled, source.name, crs))
            for row, filled in enumerate(rows.filled)
            if filled is not None
        )
        return self._take(source.name, tally, batch, now, must_have_picture=True)

    def take_records(self, source_name: str, batch: Sequence[Record | Pictured], now: float) -> Receipt:
        """Take typed records, already in WGS-84; a picture that cannot be kept does not cost the alert."""
        tally = Tally(len(batch))
        return self._take(source_name, tally, _typed(source_name, batch, tally), now, must_have_picture=False)

    def take_fix_rows(self, source_name: str, fixes: Sequence[Fix], now: float) -> Receipt:
        """Take typed fixes, already in WGS-84."""
        tally = Tally(len(fixes))
        batch = fix_columns.columns(fixes, self._units)
        self._take_columns(source_name, batch, [fix.unit for fix in fixes], tally, now)
        return tally.receipt()

    def take_fixes(self, source_name: str, batch: FixBatch, now: float) -> int:
        """Take columns of fixes, already in WGS-84 and in places of the roster; how many were accepted."""
        tally = Tally(len(batch))
        return self._take_columns(source_name, batch, None, tally, now)

    def refuse(self, source_name: str, reason: Reason, count: int = 1) -> None:
        """Count a refusal that happened before a record could be told apart."""
        self._journal.count({"refused": {f"{source_name}|{reason.value}": count}})

    def drop(self, source_name: str, fields: Mapping[str, int]) -> None:
        """Count fields that a decoder left behind."""
        self._journal.count({"dropped": {f"{source_name}|{name}": times for name, times in fields.items()}})

    def _take(
        self,
        source_name: str,
        tally: Tally,
        batch: Iterable[tuple[int, Record, bytes | None]],
        now: float,
        must_have_picture: bool,
    ) -> Receipt:
        admitted: list[tuple[int, Record]] = []
        for row, record, picture in batch:
            if isinstance(record, Alert | Reading):
                tally.saw_live(record.at.timestamp(), now)
            checked = admission.admit(record, self._ground, now)
            if isinstance(checked, Alert) and picture is not None:
                checked = self._with_still(checked, picture, tally, must_have_picture)
            if not isinstance(checked, Fault):
                admitted.append((row, checked))
                continue
            tally.refuse(row, *checked)
            if checked.reason is Reason.FUTURE:
                tally.set_aside.append((records.encode(record), checked.why))
        fresh = self._journal.append([record for _, record in admitted])
        for (row, record), is_fresh in zip(admitted, fresh, strict=True):
            kind = _WORDS[type(record)]
            if is_fresh:
                tally.accept(kind)
            else:
                tally.repeat(row, kind)
        self._note(source_name, tally, now)
        return tally.receipt()

    def _with_still(self, alert: Alert, picture: bytes, tally: Tally, must_have_picture: bool) -> Alert | Fault:
        if self._stills is not None:
            try:
                return msgspec.structs.replace(alert, still=self._stills.store(picture))
            except NotAPicture as error:
                if must_have_picture:
                    return Fault("still_base64", Reason.BAD_PICTURE, str(error))
            except OSError as error:
                # Our disk, not the sender's mistake: the alert matters more than its picture.
                log.error("a still could not be stored: %s", error)
        tally.dropped["still_base64"] += 1
        return alert

    def _take_fix_forms(self, source: Source, rows: bodies.Rows, now: float) -> Receipt:
        places = [place for place, filled in enumerate(rows.filled) if filled is not None]
        fixes = [rows.filled[place] for place in places]
        tally = Tally(len(rows.filled), rows.refusals, rows.dropped, places)
        batch = self._in_wgs84(fix_columns.columns(fixes, self._units), Crs(source.crs))
        self._take_columns(source.name, batch, [fix.unit for fix in fixes], tally, now)
        return tally.receipt()

    def _in_wgs84(self, batch: FixBatch, crs: Crs) -> FixBatch:
        if crs in (Crs.WGS84, Crs.CGCS2000):
            return batch
        # Only what lies in the area: outside it the library is slow, and the fix will be refused anyway.
        near = fix_columns.inside(batch, self._ground)
        lat, lon = batch.lat.copy(), batch.lon.copy()
        lat[near], lon[near] = self._converters[crs].to_wgs84(lat[near], lon[near])
        return dataclasses.replace(batch, lat=lat, lon=lon)

    def _take_columns(
        self, source_name: str, batch: FixBatch, sent_as: Sequence[str] | None, tally: Tally, now: float
    ) -> int:
        """Append the good rows and tally the others; `sent_as`: the call-signs as the source wrote them."""
        verdicts = fix_columns.judge(batch, self._ground, now)
        taken = verdicts == Verdict.ACCEPTED
        count = int(taken.sum())
        if count:
            kept = fix_columns.within_ranges(batch if count == len(batch) else batch.take(taken))
            self._journal.append_fixes(source_name, wire.pack_fixes(kept, self._roster), count)
            tally.accept("fixes", count)
        if len(batch):
            tally.saw_live(float(batch.at.max()), now)
        if count < len(batch):
            self._tally_others(batch, verdicts, sent_as or self._call_signs_of(batch), tally, now)
        self._note(source_name, tally, now)
        return count

    def _tally_others(
        self, batch: FixBatch, verdicts: Verdicts, sent_as: Sequence[str], tally: Tally, now: float
    ) -> None:
        for row in np.flatnonzero(verdicts == Verdict.REPEATED).tolist():
            tally.repeat(row, "fixes")
        for row, fault in fix_columns.faults(batch, verdicts, sent_as, self._ground, now):
            tally.refuse(row, *fault)
            if fault.reason is Reason.FUTURE and len(tally.set_aside) < _QUARANTINED_PER_BATCH:
                tally.set_aside.append((_fix_json(batch, row, sent_as[row]), fault.why))

    def _call_signs_of(self, batch: FixBatch) -> list[str]:
        known = range(len(self._call_signs))
        return [self._call_signs[unit] if unit in known else str(unit) for unit in batch.unit.tolist()]

    def _note(self, source_name: str, tally: Tally, now: float) -> None:
        for raw, why in tally.set_aside[:_QUARANTINED_PER_BATCH]:
            self._journal.quarantine(source_name, raw, why)
        if totals := tally.totals(source_name):
            self._journal.count(totals)
        self._journal.heard(source_name, now, tally.skew_s)


def _form_for(source: Source, kind: str) -> forms.Form:
    if source.kinds and kind not in source.kinds:
        raise BodyRefused(Reason.NOT_ALLOWED, f"{source.name} may not send {kind}")
    return forms.FORMS[kind]


def _record(form: forms.Form, filled: Struct, source_name: str, crs: Crs) -> tuple[Record, bytes | None]:
    """The record of a filled form, in WGS-84, and its picture."""
    values: dict[str, Any] = {name: getattr(filled, name) for name in form.fields}
    picture = values.pop("still_base64", None)
    lat, lon = values.get("lat"), values.get("lon")
    if lat is not None and lon is not None:
        values["lat"], values["lon"] = geo.to_wgs84(lat, lon, crs)
    return cast(Record, form.record(source=source_name, **values)), picture


def _typed(
    source_name: str, batch: Sequence[Record | Pictured], tally: Tally
) -> Iterable[tuple[int, Record, bytes | None]]:
    """The records that have the form of their kind, under the name of their source."""
    for index, each in enumerate(batch):
        record, picture = (each.record, each.picture) if isinstance(each, Pictured) else (each, None)
        checked = _checked(record, source_name)
        if isinstance(checked, Fault):
            tally.refuse(index, *checked)
        else:
            yield index, checked, picture


def _checked(record: Record, source_name: str) -> Record | Fault:
    # A struct's constructor checks nothing: a decoder's mistake shows when its JSON form is read back.
    for name in ("lat", "lon", "confidence"):
        value = getattr(record, name, None)
        if isinstance(value, float) and not np.isfinite(value):
            return Fault(name, Reason.OUT_OF_RANGE, f"{name} is not a finite number")
    told = {"source": source_name} | ({"actor": ""} if isinstance(record, Order) else {})  # only our desk has accounts
    try:
        return records.decode(records.encode(msgspec.structs.replace(record, **told)))
    except (msgspec.MsgspecError, ValueError, TypeError, OverflowError, RecursionError) as error:
        return Fault("", Reason.MALFORMED, str(error).replace("`", ""))


def _fix_json(batch: FixBatch, row: int, call_sign: str) -> bytes:
    place = {"lat": float(batch.lat[row]), "lon": float(batch.lon[row])}
    return msgspec.json.encode({"unit": call_sign, "at": float(batch.at[row]), **place})
