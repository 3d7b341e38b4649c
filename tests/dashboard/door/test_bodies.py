import json
from typing import Any

import pytest

from dashboard.door.bodies import MAX_ROWS, Rows, read
from dashboard.door.contract import EXAMPLES
from dashboard.door.forms import FORMS
from dashboard.door.receipts import BodyRefused, Reason

FIX = EXAMPLES["fixes"]
CASE = EXAMPLES["cases"]


def rows(kind: str, *each: Any) -> Rows:
    return read(FORMS[kind], json.dumps(list(each)).encode())


def why(kind: str, **changes: Any) -> tuple[str, str, str]:
    """Field, reason and sentence for a good row (which must pass) beside one with these changes."""
    read_rows = rows(kind, EXAMPLES[kind], {**EXAMPLES[kind], **changes})
    assert read_rows.filled[0] is not None
    (refusal,) = read_rows.refusals
    assert refusal.index == 1
    return refusal.field, refusal.reason, refusal.why


@pytest.mark.parametrize("ending", [b"\n", b"\r\n", b"\n\n"])
def test_one_object_a_list_and_lines_are_read_alike(ending: bytes) -> None:
    one = json.dumps(FIX).encode()
    for body in (one, b"[%b]" % one, b"\xef\xbb\xbf " + one, json.dumps(FIX, indent=1).encode()):
        assert len(read(FORMS["fixes"], body).filled) == 1
    assert len(read(FORMS["fixes"], one + ending + one).filled) == 2
    assert len(read(FORMS["fixes"], one, lines=True).filled) == 1


def test_a_bad_line_costs_only_itself() -> None:
    good = json.dumps(FIX).encode()
    read_rows = read(FORMS["fixes"], b"\n".join((b"oops", good, b'{"unit": NaN}', good)), lines=True)
    assert [filled is not None for filled in read_rows.filled] == [False, True, False, True]
    assert [refusal.reason for refusal in read_rows.refusals] == ["malformed", "malformed"]
    assert "NaN and Infinity are not JSON" in read_rows.refusals[1].why


@pytest.mark.parametrize(
    ("changes", "field", "reason", "sentence"),
    [
        ({"lat": 113.9, "lon": 22.5}, "lat", "out_of_range", "latitude and longitude may be swapped"),
        ({"lat": -91}, "lat", "out_of_range", "lat is -91, which is not between -90 and 90"),
        ({"speed_mps": 1000}, "speed_mps", "out_of_range", "not between 0 and 150"),
        ({"lat": "22.5"}, "lat", "malformed", "lat must be a number, but is text"),
        ({"lat": None}, "lat", "malformed", "lat must be a number, but is null"),
        ({"at": "2026-11-20T14:32:05"}, "at", "malformed", "which has no zone"),
        ({"at": "yesterday"}, "at", "malformed", "which is not a time"),
        ({"at": 1795156330}, "at", "malformed", "at must be a time as text, but is a whole number"),
        ({"unit": "u" * 81}, "unit", "too_large", "unit is longer than 80 characters"),
    ],
)
def test_a_refusal_names_field_reason_and_why(changes: dict[str, Any], field: str, reason: str, sentence: str) -> None:
    found = why("fixes", **changes)
    assert found[:2] == (field, reason)
    assert sentence in found[2]


def test_a_refusal_of_a_case_says_what_would_be_right() -> None:
    assert why("cases", stage="lost")[1:] == (
        "unknown_value",
        'stage is "lost", which is not one of reported, filed, dispatched, handling, feedback, verified, '
        "closed, declined, returned, rework, held, extended",
    )
    assert why("cases", id="")[1:] == ("missing", "id is empty")
    assert why("cases", revision=10**30)[:2] == ("revision", "out_of_range")
    assert why("incidents", level=9)[1:] == ("unknown_value", "level is 9, which is not one of 1, 2, 3, 4")
    assert why("alerts", still_base64="*")[:2] == ("still_base64", "bad_picture")
    assert why("alerts", still_base64="A" * 2_800_000)[:2] == ("still_base64", "too_large")


@pytest.mark.parametrize("number", [b"1e309", b"-1e309", b"9" * 400])
def test_a_number_that_no_machine_holds_is_out_of_range(number: bytes) -> None:
    body = json.dumps(EXAMPLES["readings"]).encode().replace(b"1.42", number)
    (refusal,) = read(FORMS["readings"], body).refusals
    assert (refusal.field, refusal.reason) == ("value", "out_of_range")


def test_a_missing_field_is_named() -> None:
    (refusal,) = rows("fixes", {"unit": "V-001"}).refusals
    assert (refusal.field, refusal.reason, refusal.why) == ("at", "missing", "at is missing")


def test_unknown_fields_are_dropped_and_only_known_names_are_counted_by_name() -> None:
    hostile = {f"x{number}": {"deep": [1]} for number in range(50)}
    read_rows = rows("fixes", {**FIX, "phone": "13800000000", "id_card": "4403"}, {**FIX, **hostile}, FIX)
    assert all(read_rows.filled)
    assert read_rows.dropped == {"phone": 1, "id_card": 1, "other": 50}


def test_the_last_value_of_a_repeated_field_counts_in_both_ways_of_reading() -> None:
    twice = json.dumps(FIX).encode().replace(b"{", b'{"unit": "first", ', 1)
    for body in (twice, b"[%b, 5]" % twice):
        assert read(FORMS["fixes"], body).filled[0].unit == FIX["unit"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", Reason.MALFORMED),
        (b"oops", Reason.MALFORMED),
        (b"[1", Reason.MALFORMED),
        (b'[{"lat": NaN}]', Reason.MALFORMED),
        (b"[" * 200_000, Reason.MALFORMED),
        (b'{"z":' * 100_000, Reason.MALFORMED),
        (b"\xff\xfe{}", Reason.MALFORMED),
        (b"[" + b"{}," * MAX_ROWS + b"{}]", Reason.TOO_LARGE),
        (b"{}\n" * MAX_ROWS + b"{}", Reason.TOO_LARGE),
        (b"[" + b"1," * 600_000 + b"1]", Reason.TOO_LARGE),
    ],
)
def test_a_body_without_rows_is_refused_as_a_whole(body: bytes, reason: Reason) -> None:
    with pytest.raises(BodyRefused) as refused:
        read(FORMS["cases"], body)
    assert refused.value.reason == reason


@pytest.mark.parametrize("row", [b"1", b'"x"', b"null", b"[]", b"{}", b'{"id": "\xff"}', b'{"id": {"id": {}}}'])
def test_a_row_of_any_other_form_is_refused_alone(row: bytes) -> None:
    read_rows = read(FORMS["cases"], b"[%b, %b]" % (row, json.dumps(CASE).encode()))
    assert [refusal.index for refusal in read_rows.refusals] == [0]


def test_a_row_of_many_or_large_fields_is_refused_alone() -> None:
    many = {f"field{number}": number for number in range(1000)}
    read_rows = rows("cases", {**CASE, **many}, {**CASE, "z": "x" * 70_000}, CASE)
    assert [refusal.reason for refusal in read_rows.refusals] == ["too_large", "too_large"]


def test_what_is_shown_of_a_value_is_short_and_plain() -> None:
    _, _, sentence = why("cases", stage="\u202e<b>" + "x" * 5000)
    assert "\u202e" not in sentence
    assert len(sentence) < 250
