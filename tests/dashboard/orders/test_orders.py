import hashlib
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from dashboard import orders
from dashboard.access import Principal, Role, Via
from dashboard.alerts import AlertStage, AlertState
from dashboard.orders import FIELDS, OrderForm, Reason, Refused
from dashboard.records import Case, Incident, Level, Verb
from tests.builders import HERE, at
from tests.feeds.small_district import small_district

OFFICER = Principal("li", "甲街道值班员 李", Role.OFFICER, "A", "s1", Via.PASSWORD)
DOCUMENT = '{"centre": "A", "notes": "交班"}'
GOOD: dict[str, Any] = {
    "target": "cad/I1",
    "unit": "VO000",
    "into": "D",
    "kind": "fire",
    "level": Level.II,
    "text": "已到场",
    "reason": "误报",
    "until": at(3600),
    "ref": "o1",
    "lat": HERE[0],
    "lon": HERE[1],
}
OF_VERB: dict[Verb, dict[str, Any]] = {
    Verb.REPORT: {"kind": "first"},
    Verb.HAND_OVER: {"target": "A", "text": DOCUMENT, "ref": hashlib.sha256(DOCUMENT.encode()).hexdigest()},
}


def form(verb: Verb, **fields: Any) -> OrderForm:
    """A form with all that its verb needs, and what the test says."""
    needed = {name: ({**GOOD, **OF_VERB.get(verb, {})})[name] for name in FIELDS[verb].needs}
    return OrderForm(**{"id": "o9", "verb": verb, **needed, **fields})


def refusal(verb: Verb, **fields: Any) -> tuple[Reason, str]:
    with pytest.raises(Refused) as refused:
        orders.order_of(form(verb, **fields), OFFICER, small_district(), at(0))
    return refused.value.reason, refused.value.field


def alert(**fields: Any) -> AlertState:
    known = {"key": "video/A1", "kind": "smoke", "device": "ai_camera-1", "title": "冒烟", "level": Level.II}
    state = {"stage": AlertStage.NEW, "active": True, "first_at": at(-30).timestamp(), "last_at": at(0).timestamp()}
    return AlertState(**{**known, **state, "lat": HERE[0], "lon": HERE[1], **fields})


@pytest.mark.parametrize("verb", Verb)
def test_every_verb_has_its_fields_and_takes_a_form_with_them(verb: Verb) -> None:
    made = orders.order_of(form(verb), OFFICER, small_district(), at(0))
    assert (made.source, made.id, made.verb, made.at) == ("desk", "o9", verb, at(0))
    assert (made.by, made.actor, made.centre) == ("甲街道值班员 李", "li", "A")


@pytest.mark.parametrize(("verb", "name"), [(verb, name) for verb in Verb for name in sorted(FIELDS[verb].needs)])
def test_every_field_that_a_verb_needs_is_asked_for(verb: Verb, name: str) -> None:
    empty = None if name in ("level", "until", "lat", "lon") else ""
    assert refusal(verb, **{name: empty}) == (Reason.MISSING, name)


@pytest.mark.parametrize("verb", Verb)
def test_fields_that_a_verb_does_not_take_are_named(verb: Verb) -> None:
    for name in set(GOOD) - FIELDS[verb].takes:
        assert refusal(verb, **{name: GOOD[name]}) == (Reason.UNEXPECTED, name)


def test_texts_have_their_limits() -> None:
    assert refusal(Verb.NOTE, text="字" * 2001) == (Reason.TOO_LONG, "text")
    assert refusal(Verb.REPORT, text="字" * 8001) == (Reason.TOO_LONG, "text")
    orders.check(form(Verb.REPORT, text="字" * 8000), at(0))
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"id": "o", "verb": "hand_over", "text": "x" * 200_001}, OrderForm)


def test_text_keeps_its_lines_and_loses_what_hides_in_it() -> None:
    made = orders.order_of(form(Verb.NOTE, text="一\u202e行\r\n二\x00行\n"), OFFICER, small_district(), at(0))
    assert made.text == "一行\n二行"
    made = orders.order_of(form(Verb.HOLD, reason="等\n待\u200b"), OFFICER, small_district(), at(0))
    assert made.reason == "等 待"


def test_identifiers_are_taken_as_they_are_or_not_at_all() -> None:
    assert refusal(Verb.ACKNOWLEDGE, target="cad/\u202eI1") == (Reason.NOT_PLAIN, "target")
    assert refusal(Verb.ACKNOWLEDGE, id="a\nb") == (Reason.NOT_PLAIN, "id")


@pytest.mark.parametrize(
    ("verb", "ahead", "is_good"),
    [
        (Verb.SHELVE, timedelta(hours=8), True),
        (Verb.SHELVE, timedelta(hours=8, seconds=1), False),
        (Verb.SHELVE, timedelta(0), False),
        (Verb.EXTEND, timedelta(days=30), True),
        (Verb.EXTEND, timedelta(days=400), False),
    ],
)
def test_nothing_is_shelved_for_more_than_a_shift_or_extended_for_ever(
    verb: Verb, ahead: timedelta, is_good: bool
) -> None:
    if is_good:
        orders.check(form(verb, until=at(0) + ahead), at(0))
    else:
        assert refusal(verb, until=at(0) + ahead) == (Reason.BAD_TIME, "until")


def test_a_handover_is_signed_as_it_is() -> None:
    assert refusal(Verb.HAND_OVER, ref="0" * 64) == (Reason.BAD_DIGEST, "ref")
    for text in ("交班", "[]", '{"centre": "B"}', '{"centre": "A", "incidents": [{"title": "x"}]}', "[" * 90_000):
        digest = hashlib.sha256(text.encode()).hexdigest()
        assert refusal(Verb.HAND_OVER, text=text, ref=digest) == (Reason.BAD_DOCUMENT, "text")
    assert refusal(Verb.HAND_OVER, target="B") == (Reason.BAD_DOCUMENT, "text")
    made = orders.order_of(form(Verb.HAND_OVER), OFFICER, small_district(), at(0))
    assert hashlib.sha256(made.text.encode()).hexdigest() == made.ref


def test_an_order_is_given_from_a_centre_of_ones_own() -> None:
    made = orders.order_of(form(Verb.NOTE, centre="C1"), OFFICER, small_district(), at(0))
    assert made.centre == "C1"
    assert refusal(Verb.NOTE, centre="B") == (Reason.WRONG_CENTRE, "centre")
    assert refusal(Verb.NOTE, centre="D") == (Reason.WRONG_CENTRE, "centre")
    assert refusal(Verb.NOTE, centre="X") == (Reason.UNKNOWN_CENTRE, "centre")


def test_a_report_is_of_one_of_three_kinds() -> None:
    assert refusal(Verb.REPORT, kind="second") == (Reason.BAD_WORD, "kind")


def test_a_call_brings_its_incident() -> None:
    call = form(Verb.REGISTER, title="厂房冒烟", place="一号路", drill=True)
    made = orders.order_of(call, OFFICER, small_district(), at(0))
    assert orders.companions(call, made) == [
        Incident(
            source="desk", id="o9", kind="fire", level=Level.II, reported_at=at(0), lat=HERE[0], lon=HERE[1],
            title="厂房冒烟", place="一号路", drill=True,
        )
    ]  # fmt: skip
    assert made.target == "desk/o9"


def test_an_alert_becomes_an_incident_where_it_was() -> None:
    verdict = form(Verb.CONFIRM, into="incident", kind="fire", level=Level.I)
    made = orders.order_of(verdict, OFFICER, small_district(), at(0))
    (brought,) = orders.companions(verdict, made, alert())
    assert isinstance(brought, Incident)
    assert (brought.lat, brought.lon, brought.title, brought.occurred_at) == (*HERE, "冒烟", at(-30))
    assert made.into == "desk/o9"


def test_an_alert_becomes_a_case_where_the_officer_says() -> None:
    verdict = form(Verb.CONFIRM, into="case", item="I1", title="垃圾", lat=22.6, lon=113.9)
    made = orders.order_of(verdict, OFFICER, small_district(), at(0))
    (brought,) = orders.companions(verdict, made, alert())
    assert isinstance(brought, Case)
    assert (brought.item, brought.title, brought.lat, made.into) == ("I1", "垃圾", 22.6, "desk/o9")


def test_an_alert_becomes_part_of_what_is_there() -> None:
    verdict = form(Verb.CONFIRM, into="cad/I1")
    made = orders.order_of(verdict, OFFICER, small_district(), at(0))
    assert made.into == "cad/I1"
    assert orders.companions(verdict, made, alert()) == []


def test_an_alert_without_a_place_needs_one() -> None:
    verdict = form(Verb.CONFIRM, into="incident", kind="fire", level=Level.I)
    made = orders.order_of(verdict, OFFICER, small_district(), at(0))
    with pytest.raises(Refused, match="no_place"):
        orders.companions(verdict, made, alert(lat=None, lon=None))
    assert refusal(Verb.CONFIRM, into="incident", kind="fire") == (Reason.MISSING, "level")
