import json
from typing import Any

import pytest

from dashboard.door import Door, Source, contract
from dashboard.door.forms import FORMS
from dashboard.door.receipts import Reason
from tests.memory_journal import NOW, MemoryJournal, SmallDistrict

DOCUMENT = json.loads(json.dumps(contract.document()))  # also proves that it is JSON


def references(part: Any) -> list[str]:
    if isinstance(part, dict):
        here = [part["$ref"]] if "$ref" in part else []
        return here + [found for each in part.values() for found in references(each)]
    return [found for each in part for found in references(each)] if isinstance(part, list) else []


def test_every_kind_of_the_intake_is_described() -> None:
    assert set(DOCUMENT["paths"]) == {f"/{word}" for word in FORMS}
    for form in FORMS.values():
        schema = DOCUMENT["components"]["schemas"][form.record.__name__]
        assert set(schema["properties"]) == set(form.fields)
        assert not {"source", "record", "still"} & set(schema["properties"])


def test_every_reference_leads_somewhere() -> None:
    for reference in references(DOCUMENT):
        part = DOCUMENT
        for name in reference.removeprefix("#/").split("/"):
            part = part[name]


@pytest.mark.parametrize("word", FORMS)
def test_the_examples_pass_the_door(word: str) -> None:
    content = DOCUMENT["paths"][f"/{word}"]["post"]["requestBody"]["content"]
    examples = [each["value"] for each in content["application/json"]["examples"].values()]
    bodies = [json.dumps(example) for example in examples] + [content["application/x-ndjson"]["example"]]
    for body in bodies:
        door = Door(SmallDistrict(), MemoryJournal())  # type: ignore[arg-type]
        receipt = door.take_json(Source("s", "wgs84"), word, body.encode(), NOW)
        assert receipt.results == ["accepted"], receipt.refusals


def test_every_operation_tells_how_to_get_in_and_what_can_go_wrong() -> None:
    assert DOCUMENT["security"] == [{"token": []}]
    for path in DOCUMENT["paths"].values():
        assert {"200", "400", "401", "403", "413", "415", "422", "429", "503"} == set(path["post"]["responses"])


def test_every_reason_is_listed() -> None:
    results = DOCUMENT["components"]["schemas"]["Answer"]["properties"]["results"]
    assert set(results["items"]["properties"]["reason"]["enum"]) == {reason.value for reason in Reason}
