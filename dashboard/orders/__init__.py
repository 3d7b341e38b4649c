"""Orders: what an officer may send for each verb, and the record that it becomes. Pure; nobody is asked, nothing kept.

What only one of two officers can have is in `slots`, whether the situation lets it be is in `standing`.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, NamedTuple

from msgspec import Meta, Struct

from dashboard.access import Principal
from dashboard.alerts import AlertState
from dashboard.district import District
from dashboard.door.plain_text import is_plain_identifier, plain, plain_lines
from dashboard.duty.document import digest
from dashboard.duty.document_form import signable
from dashboard.records import DESK, Case, Id, Incident, Lat, Level, Lon, Moment, Name, Order, Text, Verb, moment

NOTE_CHARS, REPORT_CHARS, HANDOVER_CHARS = 2_000, 8_000, 200_000
LONGEST_SHELF = timedelta(hours=8)  # ISA-18.2: what is put aside comes back within the shift
LONGEST_EXTENSION = timedelta(days=366)
INTO_INCIDENT, INTO_CASE = "incident", "case"  # what an alert is confirmed into: a new one, or the key of one
REPORT_KINDS = ("first", "follow_up", "final")


class Reason(StrEnum):
    """Why an order is not taken; layouts/words.py has a sentence for each."""

    MALFORMED = "malformed"
    MISSING = "missing"  # a field that the verb needs
    UNEXPECTED = "unexpected"  # a field that the verb does not take
    TOO_LONG = "too_long"
    NOT_PLAIN = "not_plain"
    BAD_TIME = "bad_time"  # `until` is past, or too far
    BAD_DIGEST = "bad_digest"  # `ref` is not the SHA-256 of the handover's text
    BAD_DOCUMENT = "bad_document"  # `text` is no handover document, or of another centre
    BAD_WORD = "bad_word"  # not one of the words that this field can be
    NO_PLACE = "no_place"
    NOT_ALLOWED = "not_allowed"  # by the role
    OUT_OF_SCOPE = "out_of_scope"
    WRONG_CENTRE = "wrong_centre"  # this centre was not asked, does not command, or is not one's own
    UNKNOWN_TARGET = "unknown_target"
    UNKNOWN_UNIT = "unknown_unit"
    UNKNOWN_CENTRE = "unknown_centre"
    UNKNOWN_ORDER = "unknown_order"  # `ref` names none
    ID_TAKEN = "id_taken"
    NOTHING_TO_UNDO = "nothing_to_undo"  # not closed, not claimed, not shelved
    SECOND_PERSON = "second_person"  # somebody else must do this
    ONLY_OWN = "only_own"  # only who gave it may take it back
    NOT_UNDOABLE = "not_undoable"
    # conflicts: another officer was first
    TAKEN = "taken"
    CHANGED = "changed"  # what this one builds on is not the latest any more
    CLOSED = "closed"


class Refused(Exception):
    """An order that cannot be taken; `field` says where it lies, if in one field."""

    def __init__(self, reason: Reason, field: str = "") -> None:
        super().__init__(f"{reason.value} {field}".strip())
        self.reason = reason
        self.field = field


class OrderForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a browser sends; the fields that it leaves out are those that the verb does not take."""

    id: Id  # made by the browser, the same when it sends again
    verb: Verb
    target: Annotated[str, Meta(max_length=200)] = ""
    centre: Name = ""  # the centre acted as; "" is one's own
    unit: Name = ""
    into: Annotated[str, Meta(max_length=200)] = ""
    kind: Name = ""
    level: Level | None = None
    item: Name = ""
    text: Annotated[str, Meta(max_length=HANDOVER_CHARS)] = ""
    reason: Text = ""
    until: Moment | None = None
    ref: Name = ""
    title: Text = ""
    place: Text = ""
    lat: Lat | None = None
    lon: Lon | None = None
    drill: bool = False


class Fields(NamedTuple):
    """What one verb needs and what it may have."""

    needs: frozenset[str]
    takes: frozenset[str]


def _fields(needs: str = "", takes: str = "") -> Fields:
    return Fields(frozenset(needs.split()), frozenset(needs.split()) | frozenset(takes.split()))


FIELDS: Mapping[Verb, Fields] = {
    Verb.REGISTER: _fields("kind level lat lon", "title place text drill"),
    Verb.ACKNOWLEDGE: _fields("target"),
    Verb.CLASSIFY: _fields("target kind level", "ref reason text"),
    Verb.DISPATCH: _fields("target unit", "text reason"),
    Verb.STAND_DOWN: _fields("target unit", "text reason"),
    Verb.ARRIVE: _fields("target unit", "text"),
    Verb.ASK_UP: _fields("target into", "text reason"),
    Verb.OFFER: _fields("target into", "text reason"),
    Verb.ACCEPT: _fields("target ref", "text"),
    Verb.DECLINE: _fields("target ref", "text reason"),
    Verb.NOTE: _fields("target text"),
    Verb.REPORT: _fields("target kind text"),
    Verb.CLOSE: _fields("target kind", "text reason"),
    Verb.REOPEN: _fields("target", "text reason"),
    Verb.CLAIM: _fields("target"),
    Verb.RELEASE: _fields("target", "reason"),
    Verb.CONFIRM: _fields("target into", "kind level item title place lat lon text reason"),
    Verb.MARK_FALSE: _fields("target reason", "text"),
    Verb.ACKNOWLEDGE_ALARM: _fields("target", "ref"),
    Verb.SHELVE: _fields("target until reason"),
    Verb.APPROVE: _fields("target ref", "reason"),
    Verb.UNSHELVE: _fields("target", "reason"),
    Verb.URGE: _fields("target", "text reason"),
    Verb.SUPERVISE: _fields("target", "text reason"),
    Verb.HOLD: _fields("target reason", "text"),
    Verb.EXTEND: _fields("target until reason", "text"),
    Verb.CALL_ROLL: _fields("target", "text"),
    Verb.ANSWER: _fields("target ref", "text"),
    Verb.HAND_OVER: _fields("target text ref"),
    Verb.TAKE_OVER: _fields("target ref", "text"),
    Verb.RETRACT: _fields("target ref", "reason"),
}
_ALWAYS = frozenset({"id", "verb", "centre"})
_IDENTIFIERS = ("id", "target", "centre", "unit", "into", "kind", "item", "ref")
_LONGEST = {Verb.REPORT: REPORT_CHARS, Verb.HAND_OVER: HANDOVER_CHARS}


def check(form: OrderForm, now: datetime) -> None:
    """Raises Refused for a form that its verb does not take."""
    given = {name for name in form.__struct_fields__ if getattr(form, name) not in ("", None, False)} - _ALWAYS
    fields = FIELDS[form.verb]
    for name in sorted(fields.needs - given):
        raise Refused(Reason.MISSING, name)
    for name in sorted(given - fields.takes):
        raise Refused(Reason.UNEXPECTED, name)
    for name in _IDENTIFIERS:
        value = getattr(form, name)
        if value and not is_plain_identifier(value):
            raise Refused(Reason.NOT_PLAIN, name)
    if len(form.text) > _LONGEST.get(form.verb, NOTE_CHARS):
        raise Refused(Reason.TOO_LONG, "text")
    _check_until(form, now)
    if form.verb is Verb.REPORT and form.kind not in REPORT_KINDS:
        raise Refused(Reason.BAD_WORD, "kind")
    if form.verb is Verb.HAND_OVER:
        _check_handover(form)
    if form.verb is Verb.CONFIRM and form.into == INTO_INCIDENT and not (form.kind and form.level):
        raise Refused(Reason.MISSING, "level" if form.kind else "kind")


def order_of(form: OrderForm, principal: Principal, district: District, now: datetime) -> Order:
    """The record of a form, given by somebody now; raises Refused."""
    check(form, now)
    centre = form.centre or principal.centre
    if centre not in district.centres:
        raise Refused(Reason.UNKNOWN_CENTRE, "centre")
    if not principal.covers(centre, district):
        raise Refused(Reason.WRONG_CENTRE, "centre")
    return Order(
        source=DESK,
        id=form.id,
        verb=form.verb,
        target=target_of(form),
        at=now,
        unit=form.unit,
        centre=centre,
        by=principal.title[:80],
        actor=principal.name[:80],
        into=f"{DESK}/{form.id}" if form.into in (INTO_INCIDENT, INTO_CASE) else form.into,
        kind=form.kind,
        level=form.level,
        # A handover is signed as it is: its SHA-256 goes with it.
        text=form.text if form.verb is Verb.HAND_OVER else plain_lines(form.text),
        reason=plain(form.reason),
        until=form.until,
        ref=form.ref,
    )


def target_of(form: OrderForm) -> str:
    """What an order is about; a call is about the incident that it brings."""
    return f"{DESK}/{form.id}" if form.verb is Verb.REGISTER else form.target


def companions(form: OrderForm, order: Order, alert: AlertState | None = None) -> list[Incident | Case]:
    """The records that an order brings with it: the incident of a call, the incident or case that an alert became."""
    if form.verb is Verb.REGISTER:
        return [_incident(form, order, None)]
    if form.verb is Verb.CONFIRM and form.into == INTO_INCIDENT:
        return [_incident(form, order, alert)]
    if form.verb is Verb.CONFIRM and form.into == INTO_CASE:
        return [_case(form, order, alert)]
    return []


def _incident(form: OrderForm, order: Order, alert: AlertState | None) -> Incident:
    lat, lon = _place(form, alert)
    if lat is None or lon is None or order.level is None:
        raise Refused(Reason.NO_PLACE)
    return Incident(
        source=DESK,
        id=order.id,
        kind=order.kind,
        level=order.level,
        reported_at=order.at,
        occurred_at=None if alert is None else moment(min(alert.first_at, order.at.timestamp())),
        lat=lat,
        lon=lon,
        title=plain(form.title) or (alert.title if alert else ""),
        place=plain(form.place),
        drill=form.drill,
    )


def _case(form: OrderForm, order: Order, alert: AlertState | None) -> Case:
    lat, lon = _place(form, alert)
    if lat is None or lon is None:
        raise Refused(Reason.NO_PLACE)
    title = plain(form.title) or (alert.title if alert else "")
    return Case(source=DESK, id=order.id, reported_at=order.at, item=form.item, title=title, lat=lat, lon=lon)


def _place(form: OrderForm, alert: AlertState | None) -> tuple[float | None, float | None]:
    """Where it is: as the officer says, else where the alert was."""
    if (form.lat is not None and form.lon is not None) or alert is None:
        return form.lat, form.lon
    return alert.lat, alert.lon


def _check_until(form: OrderForm, now: datetime) -> None:
    if form.until is None:
        return
    longest = LONGEST_SHELF if form.verb is Verb.SHELVE else LONGEST_EXTENSION
    if not now < form.until <= now + longest:
        raise Refused(Reason.BAD_TIME, "until")


def _check_handover(form: OrderForm) -> None:
    if digest(form.text) != form.ref:
        raise Refused(Reason.BAD_DIGEST, "ref")
    if signable(form.text, form.target) is None:
        raise Refused(Reason.BAD_DOCUMENT, "text")
