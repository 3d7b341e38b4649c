import msgspec
import pytest

from dashboard.door.forms import FORMS, Form, plain_types


def test_every_kind_of_the_public_contract_has_a_form() -> None:
    assert list(FORMS) == ["cases", "case-steps", "incidents", "alerts", "fixes", "readings", "arrivals", "replies"]


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_form_is_the_record_without_what_the_door_writes(form: Form) -> None:
    extra = {"still_base64"} if form.word == "alerts" else set()
    assert set(form.fields) - extra == set(form.record.__struct_fields__) - {"source", "still"}


def test_limits_and_words_are_those_of_the_record() -> None:
    assert FORMS["incidents"].limits["lat"] == (-90, 90)
    assert FORMS["fixes"].limits["speed_mps"] == (0, 150)
    assert FORMS["cases"].words["stage"].startswith("reported, filed")
    assert FORMS["alerts"].words["level"] == "1, 2, 3, 4"


def test_plain_types_looks_behind_descriptions() -> None:
    assert ("lat", msgspec.inspect.FloatType(ge=-90, le=90)) in list(plain_types(FORMS["cases"].struct))
