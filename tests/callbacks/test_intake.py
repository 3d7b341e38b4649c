import gzip
import json
from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from callbacks import intake
from callbacks.intake import Push, Pushed
from dashboard.door import Door
from dashboard.door.contract import EXAMPLES
from dashboard.door.forms import FORMS
from dashboard.records import Alert, Fix
from dashboard.settings import SourceSettings
from tests.memory_journal import NOW, MemoryJournal, SmallDistrict

TOKEN, GPS, SLOW = "token-of-the-field", "token-of-the-gps-box", "token-of-a-slow-one"
BODY_BYTES = 200_000


def decode(body: bytes, content_type: str, received_at: datetime) -> Sequence[Pushed]:
    if content_type != "application/xml":
        raise ValueError("not <b>XML</b>\u202e")
    alert = Alert(id="1", kind="smoke", at=received_at)
    return [alert, Fix(unit="V-001", at=received_at, lat=22.5, lon=113.9)] if body == b"<both/>" else [alert]


@pytest.fixture
def journal() -> MemoryJournal:
    return MemoryJournal()


@pytest.fixture
def client(journal: MemoryJournal) -> FlaskClient:
    server = Flask("test")
    sources = {
        "field": SourceSettings(token=TOKEN, crs="wgs84"),  # type: ignore[arg-type]
        "gps": SourceSettings(token=GPS, crs="wgs84", kinds=("fixes",)),  # type: ignore[arg-type]
        "slow": SourceSettings(token=SLOW, crs="wgs84", requests_per_s=1),  # type: ignore[arg-type]
    }
    pushes = {"camera": Push(decode, lambda body, content_type: {"plate": 2})}
    door = Door(SmallDistrict(), journal)  # type: ignore[arg-type]
    intake.register(server, door, sources, pushes, lambda: NOW, BODY_BYTES)
    server.add_url_rule("/<path:rest>", "page", lambda rest: "a page")
    return server.test_client()


def post(client: FlaskClient, path: str, data: Any, token: str = TOKEN, **headers: str) -> TestResponse:
    sent = data if isinstance(data, bytes) else json.dumps(data).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post(
        f"/api/v1/{path}",
        data=sent,
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json", **named},
    )


@pytest.mark.parametrize("kind", FORMS)
def test_every_kind_is_taken(client: FlaskClient, kind: str) -> None:
    answer = post(client, kind, EXAMPLES[kind])
    assert (answer.status_code, answer.json["accepted"]) == (200, 1)  # type: ignore[index]
    assert answer.json["results"] == [{"status": "accepted"}]  # type: ignore[index]


def test_each_record_gets_its_answer(client: FlaskClient) -> None:
    good = EXAMPLES["cases"]
    answer = post(client, "cases", [good, good, {**good, "id": "2", "lat": 113.9, "phone": "1"}])
    assert answer.status_code == 200
    assert answer.json == {
        "accepted": 1,
        "repeated": 1,
        "refused": 1,
        "dropped": {},
        "results": [
            {"status": "accepted"},
            {"status": "repeated", "index": 1},
            {
                "status": "refused",
                "index": 2,
                "field": "lat",
                "reason": "out_of_range",
                "why": "lat is 113.9, which is not between -90 and 90",
            },
        ],
    }


def test_a_brief_answer_leaves_the_accepted_out(client: FlaskClient) -> None:
    rows = [{**EXAMPLES["fixes"], "unit": unit} for unit in ("V-001", "nobody", "PC-012")]
    answer = post(client, "fixes", rows, Prefer="return=minimal").json
    assert answer is not None
    assert (answer["accepted"], [result["index"] for result in answer["results"]]) == (2, [1])


def test_all_refused_is_422_and_all_repeated_is_not(client: FlaskClient) -> None:
    assert post(client, "cases", [{"id": 1}]).status_code == 422
    assert post(client, "cases", EXAMPLES["cases"]).status_code == 200
    assert post(client, "cases", EXAMPLES["cases"]).status_code == 200
    assert post(client, "cases", []).status_code == 200


def test_lines_are_taken(client: FlaskClient) -> None:
    lines = b"\n".join((json.dumps(EXAMPLES["fixes"]).encode(), b"oops"))
    answer = post(client, "fixes", lines, Content_Type="application/x-ndjson; charset=utf-8")
    assert [result["status"] for result in answer.json["results"]] == ["accepted", "refused"]  # type: ignore[index]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer wrong-token-wrong-token"},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer \udcff".encode("utf-8", "surrogateescape").decode("latin-1")},
        {"Authorization": "Digest nonsense"},
        {"Authorization": "Basic !!!"},
        {"Authorization": TOKEN},
    ],
)
def test_without_a_good_token_nobody_is_let_in(
    client: FlaskClient, journal: MemoryJournal, headers: dict[str, str]
) -> None:
    for path in ("cases", "push/camera", "nothing"):
        answer = client.post(f"/api/v1/{path}", data=b"{}", headers=headers)
        assert (answer.status_code, answer.json["error"]) == (401, "no_token")  # type: ignore[index]
        assert "WWW-Authenticate" in answer.headers
    assert journal.totals()["refused"] == {"nobody|no_token": 3}


def test_a_token_opens_only_its_kinds(client: FlaskClient) -> None:
    assert post(client, "fixes", EXAMPLES["fixes"], GPS).status_code == 200
    answer = post(client, "cases", EXAMPLES["cases"], GPS)
    assert (answer.status_code, answer.json) == (
        403,
        {"error": "not_allowed", "why": "gps may not send cases"},
    )
    assert post(client, "push/camera", b"", GPS, Content_Type="application/xml").status_code == 403


@pytest.mark.parametrize("token", ["short", ""])
def test_a_short_token_is_refused_at_the_start(token: str) -> None:
    door = Door(SmallDistrict(), MemoryJournal())  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="shorter than 16"):
        intake.register(Flask("test"), door, {"s": SourceSettings(token=token, crs="wgs84")}, {})  # type: ignore[arg-type]


def test_two_sources_with_one_token_are_refused_at_the_start() -> None:
    door = Door(SmallDistrict(), MemoryJournal())  # type: ignore[arg-type]
    same = {name: SourceSettings(token=TOKEN, crs="wgs84") for name in "ab"}  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="source b has the token of source a"):
        intake.register(Flask("test"), door, same, {})


@pytest.mark.parametrize(
    ("data", "headers", "status", "error"),
    [
        (b"", {}, 400, "malformed"),
        (b"{", {}, 400, "malformed"),
        (b"[" * 100_000, {}, 400, "malformed"),
        (b"a=b", {"Content_Type": "application/x-www-form-urlencoded"}, 415, "wrong_type"),
        (b"[]", {"Content_Encoding": "br"}, 415, "wrong_type"),
        (b"[]", {"Content_Encoding": "gzip"}, 400, "malformed"),
        (gzip.compress(b"[]", mtime=0)[:-4], {"Content_Encoding": "gzip"}, 400, "malformed"),
        (gzip.compress(b"[]", mtime=0) + b"more", {"Content_Encoding": "gzip"}, 400, "malformed"),
        (gzip.compress(b" " * BODY_BYTES * 50, mtime=0), {"Content_Encoding": "gzip"}, 413, "too_large"),
        (b" " * (BODY_BYTES + 1), {}, 413, "too_large"),
        (b"[" + b"{}," * 20_000 + b"{}]", {}, 413, "too_large"),
    ],
)
def test_what_is_wrong_with_a_body_is_said_and_counted(
    client: FlaskClient, journal: MemoryJournal, data: bytes, headers: dict[str, str], status: int, error: str
) -> None:
    answer = post(client, "cases", data, **headers)
    assert (answer.status_code, answer.json["error"]) == (status, error)  # type: ignore[index]
    assert answer.json["why"]  # type: ignore[index]
    assert journal.totals()["refused"] == {f"field|{error}": 1}


def test_a_gzipped_body_is_taken(client: FlaskClient) -> None:
    packed = gzip.compress(json.dumps([EXAMPLES["cases"]]).encode())
    assert post(client, "cases", packed, Content_Encoding="gzip").json["accepted"] == 1  # type: ignore[index]


def test_a_flood_from_one_source_is_told_to_wait_and_others_are_not(
    client: FlaskClient, journal: MemoryJournal
) -> None:
    answers = [post(client, "cases", [], SLOW) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 429, 429]
    assert int(answers[-1].headers["Retry-After"]) >= 1
    assert post(client, "cases", []).status_code == 200
    assert journal.totals()["refused"] == {"slow|too_many": 2}


def test_while_the_journal_is_away_nothing_is_acknowledged(client: FlaskClient, journal: MemoryJournal) -> None:
    journal.is_away = True
    for kind in FORMS:
        answer = post(client, kind, EXAMPLES[kind])
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert post(client, "push/camera", b"", Content_Type="application/xml").status_code == 503
    assert post(client, "cases", b"{").status_code == 503
    assert post(client, "cases", b"{}", "wrong-token-wrong-token").status_code == 401
    journal.is_away = False
    assert post(client, "cases", EXAMPLES["cases"]).json["results"] == [{"status": "accepted"}]  # type: ignore[index]


def test_other_addresses_and_methods_are_answered_in_json(client: FlaskClient) -> None:
    assert post(client, "nonsense", []).status_code == 404
    assert post(client, "push/nonsense", []).status_code == 404
    for path, status in (("cases", 405), ("push/camera", 405), ("nonsense", 404), ("a/b/c", 404)):
        answer = client.get(f"/api/v1/{path}")
        assert (answer.status_code, answer.is_json) == (status, True)


def test_the_contract_is_served_to_everybody(client: FlaskClient) -> None:
    answer = client.get("/api/v1/openapi.json")
    assert answer.json["openapi"].startswith("3.1")  # type: ignore[index]


# -- what devices push ------------------------------------------------------------------------------------


def test_a_devices_push_is_decoded_and_taken(client: FlaskClient, journal: MemoryJournal) -> None:
    answer = post(client, "push/camera", b"<both/>", Content_Type="application/xml")
    assert (answer.status_code, answer.json["accepted"]) == (200, 2)  # type: ignore[index]
    assert [record.source for record in journal.records] == ["field"]
    assert len(journal.fixes) == 1
    assert journal.totals()["dropped"] == {"field|plate": 2}


def test_a_device_may_send_its_token_as_a_password(client: FlaskClient) -> None:
    login = b64encode(f"admin:{TOKEN}".encode()).decode()
    headers = {"Authorization": f"Basic {login}", "Content-Type": "application/xml"}
    assert client.post("/api/v1/push/camera", data=b"<x/>", headers=headers).status_code == 200


def test_a_push_that_cannot_be_read_is_refused_with_the_reason(client: FlaskClient, journal: MemoryJournal) -> None:
    answer = post(client, "push/camera", b"<x/>", Content_Type="text/plain")
    assert (answer.status_code, answer.json) == (400, {"error": "unreadable", "why": "not <b>XML</b>"})
    assert journal.totals()["refused"] == {"field|unreadable": 1}
