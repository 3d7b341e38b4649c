"""The public contract: the OpenAPI document of the intake, made from the structs that the door reads with."""

import copy
from typing import Any

import msgspec

from dashboard.door import bodies
from dashboard.door.forms import FORMS, Form
from dashboard.door.receipts import Reason

_AT = "2026-11-20T14:32:05.120+08:00"
_SEEN = {"lat": 22.5567, "lon": 113.8846}

EXAMPLES: dict[str, dict[str, Any]] = {
    "cases": {
        "id": "C-20261120-0417",
        "revision": 2,
        "reported_at": _AT,
        "item": "0302",
        "title": "暴露垃圾",
        "department": "城管和综合执法局",
        **_SEEN,
        "stage": "dispatched",
        "due_at": "2026-11-20T18:32:05+08:00",
    },
    "case-steps": {
        "id": "C-20261120-0417/5",
        "case": "C-20261120-0417",
        "at": _AT,
        "stage": "handling",
        "by": "新安街道指挥中心",
    },
    "incidents": {
        "id": "E-20261120-003",
        "kind": "fire",
        "level": 3,
        "reported_at": _AT,
        **_SEEN,
        "title": "沿街商铺起火",
        "place": "新安街道裕安一路",
    },
    "alerts": {
        "id": "AI-017-88213",
        "kind": "smoke",
        "at": _AT,
        "device": "AI-017",
        "level": 3,
        **_SEEN,
        "confidence": 0.87,
        "still_base64": "/9j/4AAQSkZJRgABAQAAAQABAAD/2Q==",
    },
    "fixes": {"unit": "WG-00417", "at": _AT, **_SEEN, "speed_mps": 1.3, "bearing_deg": 82, "accuracy_m": 6},
    "readings": {"id": "G-204/1732084325", "sensor": "G-204", "at": _AT, "value": 1.42},
    "arrivals": {"id": "E-20261120-003/PC-012", "incident": "E-20261120-003", "unit": "PC-012", "at": _AT},
    "replies": {"id": "9f1c-PC-012/accepted", "order": "9f1c", "unit": "PC-012", "at": _AT, "state": "accepted"},
}

_SUMMARIES = {
    "cases": "Municipal events as their source knows them now",
    "case-steps": "Moves of cases from stage to stage",
    "incidents": "Emergencies, which start the 1-3-5 clock",
    "alerts": "What cameras, recorders, drones and sensors noticed",
    "fixes": "Positions of units",
    "readings": "Values of fixed sensors",
    "arrivals": "Units that are on scene",
    "replies": "How far orders to units have come, by their devices",
}

_PROBLEMS = {
    "400": "The body is not JSON, or no record in it can be told apart",
    "401": "No token, or one that nobody has",
    "403": "The token's source may not send this kind",
    "413": "The body is over the limit, packed or unpacked, or holds too many records",
    "415": "A content type or encoding that the intake does not read",
    "429": "Over the rate of this source; Retry-After says when to come back",
    "503": "The journal is away: nothing was kept. Send the same again after Retry-After seconds",
}

_DESCRIPTION = f"""Each source has a bearer token; it decides the source's name and its system of coordinates.

A body is a JSON list, one JSON object, or one object a line (`application/x-ndjson`); it may be gzipped
(`Content-Encoding: gzip`) and holds at most {bodies.MAX_ROWS} records. Each record is answered for itself,
in the order of the body: **accepted** (it is in the journal), **repeated** (the same source, id and revision
was there before; nothing changed) or **refused** (with field, reason and a sentence).
`Prefer: return=minimal` leaves the accepted ones out of the answer. To send the same again is always safe.

Fields that are not listed are dropped and counted, so nothing about a person enters. Of a field that stands
twice the last value counts. Times need a zone and may lie at most 5 minutes ahead of our clock. Text is kept
in NFC, without control characters and direction marks; identifiers with such characters are refused."""


def document(version: str = "1") -> dict[str, Any]:
    """The OpenAPI 3.1 document of the intake."""
    structs = [form.struct for form in FORMS.values()]
    _, components = msgspec.json.schema_components(structs, ref_template="#/components/schemas/{name}")
    return {
        "openapi": "3.1.0",
        "info": {"title": "wall135 intake", "version": version, "description": _DESCRIPTION},
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}],
        "paths": {f"/{word}": {"post": _operation(form)} for word, form in FORMS.items()},
        "components": {
            "schemas": {**components, "Answer": _ANSWER, "Problem": _PROBLEM},
            "responses": {status: _problem(status, why) for status, why in _PROBLEMS.items()},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(form: Form) -> dict[str, Any]:
    one = {"$ref": f"#/components/schemas/{form.record.__name__}"}
    example = copy.deepcopy(EXAMPLES[form.word])
    return {
        "summary": _SUMMARIES[form.word],
        "operationId": f"send-{form.word}",
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": {"anyOf": [one, {"type": "array", "maxItems": bodies.MAX_ROWS, "items": one}]},
                    "examples": {"one": {"value": example}, "list": {"value": [example]}},
                },
                "application/x-ndjson": {
                    "schema": one,
                    "example": msgspec.json.encode(example).decode(),
                },
            },
        },
        "responses": {
            "200": _answer("At least one record was accepted or repeated, or none was sent", _ACCEPTED),
            "422": _answer("Every record was refused", _REFUSED),
            **{status: {"$ref": f"#/components/responses/{status}"} for status in _PROBLEMS},
        },
    }


def _answer(description: str, example: dict[str, Any]) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Answer"}
    return {
        "description": description,
        "content": {"application/json": {"schema": schema, "example": example}},
    }


def _problem(status: str, why: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    headers = {"Retry-After": {"schema": {"type": "integer"}}} if status in ("429", "503") else {}
    return {
        "description": why,
        "content": {"application/json": {"schema": schema}},
        **({"headers": headers} if headers else {}),
    }


_COUNT = {"type": "integer", "minimum": 0}
_ANSWER = {
    "type": "object",
    "description": "What became of each record of one body.",
    "required": ["accepted", "repeated", "refused", "dropped", "results"],
    "properties": {
        "accepted": _COUNT,
        "repeated": _COUNT,
        "refused": _COUNT,
        "dropped": {
            "type": "object",
            "description": "fields that were dropped, and how often; unlisted names are counted as other",
            "additionalProperties": _COUNT,
        },
        "results": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["status"],
                "properties": {
                    "status": {"enum": ["accepted", "repeated", "refused"]},
                    "index": {**_COUNT, "description": "place in the body; of those that were not accepted"},
                    "field": {"type": "string"},
                    "reason": {"enum": sorted(reason.value for reason in Reason)},
                    "why": {"type": "string", "description": "a sentence for a person"},
                },
            },
        },
    },
}
_PROBLEM = {
    "type": "object",
    "required": ["error", "why"],
    "properties": {"error": {"type": "string"}, "why": {"type": "string"}},
}
_ACCEPTED = {"accepted": 1, "repeated": 0, "refused": 0, "dropped": {}, "results": [{"status": "accepted"}]}
_REFUSED = {
    "accepted": 0,
    "repeated": 0,
    "refused": 1,
    "dropped": {},
    "results": [
        {
            "status": "refused",
            "index": 0,
            "field": "lat",
            "reason": "out_of_range",
            "why": "lat is 113.9, which is not between -90 and 90; latitude and longitude may be swapped",
        }
    ],
}
