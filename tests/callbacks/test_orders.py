import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from callbacks.web import Web
from dashboard.access import Role
from dashboard.audit.chain import Head, verify
from dashboard.journal import Cursor, Journal
from dashboard.records import Record
from dashboard.situation import Situation
from dashboard.state_server import StateServer
from dashboard.store import connect
from tests.builders import HERE, alert, case, incident
from tests.callbacks import visitors
from tests.feeds.small_district import small_district

FIRE = "cad/I1"


@pytest.fixture
def web(journal: Journal, state_server: StateServer, tmp_path: Path) -> Web:
    """A web process whose copy holds an incident, an alert and a case in community C0 of sub-district A."""
    web = visitors.web(state_server.url, tmp_path)
    for record in (incident(1), alert(1, lat=HERE[0], lon=HERE[1]), case(1)):
        web.follower.situation.apply(record, record_time(record))
    web.follower.is_loaded = True
    return web


def record_time(record: Record) -> float:
    at = getattr(record, "at", None) or record.reported_at  # type: ignore[union-attr]
    return float(at.timestamp())


@pytest.fixture
def officer(web: Web) -> FlaskClient:
    return visitors.visitor(web, Role.OFFICER, "A", "li")


Answer = tuple[int, list[dict[str, Any]]]


def give(client: FlaskClient, *orders: dict[str, Any], lang: str = "en") -> Answer:
    numbered = [{"id": f"o{place}", "target": FIRE, **order} for place, order in enumerate(orders)]
    answer = client.post(f"/orders?lang={lang}", json=numbered, headers=visitors.ORIGIN)
    return answer.status_code, json.loads(answer.data)


def journaled(journal: Journal) -> list[str]:
    entries, _ = journal.read(Cursor(), 1)
    return [entry.record.id for entry in entries if entry.record is not None]


def rows(web: Web, kind: str) -> list[Any]:
    return [row for row in web.ledger.rows() if row.kind.startswith(kind)]


def test_an_order_is_answered_when_it_is_in_the_journal(web: Web, officer: FlaskClient, journal: Journal) -> None:
    status, (told,) = give(officer, {"verb": "acknowledge"})
    assert (status, told["status"], told["by"], told["centre"]) == (200, "accepted", "li", "A")
    assert journaled(journal) == ["o0"]
    (row,) = rows(web, "order")
    assert (row.actor, row.role, row.subject) == ("li", "officer", FIRE)


def test_one_order_needs_no_list(officer: FlaskClient) -> None:
    answer = officer.post("/orders", json={"id": "o", "verb": "acknowledge", "target": FIRE}, headers=visitors.ORIGIN)
    assert [each["status"] for each in answer.json] == ["accepted"]  # type: ignore[union-attr]


def test_the_same_again_is_told_to_be_there_already(officer: FlaskClient, journal: Journal) -> None:
    _, (first,) = give(officer, {"verb": "acknowledge"})
    status, (told,) = give(officer, {"verb": "acknowledge"})
    assert (status, told["status"], told["at"]) == (200, "repeated", first["at"])
    assert journaled(journal) == ["o0"]


def test_the_second_officer_is_told_who_was_first(web: Web, officer: FlaskClient) -> None:
    _, (first,) = give(officer, {"verb": "acknowledge"})
    other = visitors.visitor(web, Role.COMMANDER, "D", "wang")
    status, (told,) = give(other, {"verb": "acknowledge", "id": "p"})
    assert (status, told["status"], told["by"], told["centre"]) == (409, "conflict", "li", "A")
    assert (told["at"], told["order"]) == (first["at"], "o0")
    assert told["why"].startswith("li 甲街道 was first, at ")
    (row,) = rows(web, "refused")
    assert (row.actor, row.subject) == ("wang", f"acknowledge {FIRE}")
    assert "o0" in row.detail


def test_reasons_are_said_in_the_language_of_the_screen(officer: FlaskClient) -> None:
    _, (told,) = give(officer, {"verb": "note"}, lang="zh")
    assert told["why"] == "缺少 text"
    _, (told,) = give(officer, {"verb": "note"}, lang="en")
    assert told["why"] == "text is missing"


REFUSED: dict[str, tuple[dict[str, Any], str, int]] = {
    "no field of ours": ({"verb": "acknowledge", "colour": "red"}, "malformed", 400),
    "no verb of ours": ({"verb": "explode"}, "malformed", 400),
    "a field too few": ({"verb": "dispatch"}, "missing", 400),
    "a field too many": ({"verb": "acknowledge", "text": "x"}, "unexpected", 400),
    "no such incident": ({"verb": "acknowledge", "target": "cad/I9"}, "unknown_target", 400),
    "no such unit": ({"verb": "dispatch", "unit": "XX999"}, "unknown_unit", 400),
    "no such centre": ({"verb": "ask_up", "into": "X"}, "unknown_centre", 400),
    "no such kind": ({"verb": "classify", "kind": "party", "level": 1}, "bad_word", 400),
    "by the role": ({"verb": "call_roll", "target": "A"}, "not_allowed", 403),
    "from a centre that is not one's own": ({"verb": "acknowledge", "centre": "D"}, "wrong_centre", 403),
    "a call outside of the scope": (
        {"verb": "register", "target": "", "kind": "fire", "level": 1, "lat": 22.611, "lon": 113.9},
        "out_of_scope",
        403,
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_refused_says_why_and_is_on_record(web: Web, officer: FlaskClient, journal: Journal, what: str) -> None:
    order, reason, expected = REFUSED[what]
    status, (told,) = give(officer, order)
    assert (status, told["status"], told["reason"]) == (expected, "refused", reason)
    assert told["why"]
    assert journaled(journal) == []
    (row,) = rows(web, "refused")
    assert row.detail.startswith(reason)


@pytest.mark.parametrize(
    "order",
    [
        {"verb": "acknowledge", "target": FIRE},
        {"verb": "claim", "target": "video/A1"},
        {"verb": "urge", "target": "cases/C1"},
        {
            "verb": "hand_over",
            "target": "A",
            "text": '{"centre":"A"}',
            "ref": "b4e9c3831743eed9f83ba42cf40e5da4208a7ed2b8add7e02446624c52ac2eea",
        },
    ],
)
def test_what_lies_in_another_centre_is_out_of_reach(web: Web, officer: FlaskClient, order: dict[str, Any]) -> None:
    stranger = visitors.visitor(web, Role.OFFICER, "B", "zhao")
    status, (told,) = give(stranger, order)
    assert (status, told["reason"]) == (403, "out_of_scope")
    assert give(officer, order)[0] == 200


def test_orders_sent_together_are_answered_in_their_order(officer: FlaskClient, journal: Journal) -> None:
    status, told = give(
        officer,
        {"verb": "dispatch", "unit": "VO000"},
        {"verb": "dispatch", "unit": "XX999"},
        {"verb": "dispatch", "unit": "PO000"},
    )
    assert status == 200
    assert [each["status"] for each in told] == ["accepted", "refused", "accepted"]
    assert [each["id"] for each in told] == ["o0", "o1", "o2"]
    assert journaled(journal) == ["o0", "o2"]


def test_a_call_brings_an_incident_into_the_journal(officer: FlaskClient, journal: Journal) -> None:
    call = {
        "verb": "register",
        "target": "",
        "kind": "fire",
        "level": 2,
        "lat": HERE[0],
        "lon": HERE[1],
        "title": "冒烟",
    }
    status, (told,) = give(officer, call)
    assert (status, told["status"]) == (200, "accepted")
    entries, _ = journal.read(Cursor(), 1)
    assert [type(entry.record).__name__ for entry in entries] == ["Incident", "Order"]


def test_an_alert_is_confirmed_into_an_incident_where_it_was(officer: FlaskClient, journal: Journal) -> None:
    verdict = {"verb": "confirm", "target": "video/A1", "into": "incident", "kind": "fire", "level": 2}
    assert give(officer, verdict)[0] == 200
    entries, _ = journal.read(Cursor(), 1)
    brought = entries[0].record
    assert (brought.lat, brought.lon) == HERE  # type: ignore[union-attr]


def test_only_an_officer_of_the_thing_takes_back_what_was_said_of_it(web: Web, officer: FlaskClient) -> None:
    assert give(officer, {"verb": "note", "text": "x", "id": "n"})[0] == 200
    keeper = visitors.visitor(web, Role.ADMINISTRATOR, "D", "admin")
    status, (told,) = give(keeper, {"verb": "retract", "ref": "n"})
    assert (status, told["reason"]) == (403, "not_allowed")
    assert give(officer, {"verb": "retract", "ref": "n", "id": "r"})[0] == 200


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{not json", "application/json", 400),
        (b"", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"[" + b",".join([b"{}"] * 21) + b"]", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b"{}", "text/plain", 400),
        (b'"' + b"x" * 1_100_000 + b'"', "application/json", 413),
    ],
)
def test_a_body_that_is_no_list_of_orders_is_turned_away(
    officer: FlaskClient, body: bytes, content_type: str, status: int
) -> None:
    answer = officer.post("/orders", data=body, content_type=content_type, headers=visitors.ORIGIN)
    assert answer.status_code == status


def test_a_flood_of_orders_from_one_officer_is_told_to_wait(web: Web, officer: FlaskClient) -> None:
    def knock(client: FlaskClient) -> int:
        return client.post("/orders", json=[], headers=visitors.ORIGIN).status_code

    assert 429 in [knock(officer) for _ in range(200)]
    assert knock(visitors.visitor(web, Role.OFFICER, "A", "wang")) == 400


def test_nobody_gives_orders_without_being_let_in(web: Web) -> None:
    order = {"id": "o", "verb": "acknowledge", "target": FIRE}
    assert visitors.browser(web).post("/orders", json=order, headers=visitors.ORIGIN).status_code == 401
    wall = visitors.visitor(web, Role.WALL, "D")
    assert wall.post("/orders", json=order, headers=visitors.ORIGIN).status_code == 403
    auditor = visitors.visitor(web, Role.AUDITOR, "D")
    assert give(auditor, {"verb": "acknowledge"})[1][0]["reason"] == "not_allowed"


def test_another_sites_page_gives_no_orders(officer: FlaskClient) -> None:
    answer = officer.post("/orders", json={}, headers={"Origin": "http://evil.example"})
    assert answer.status_code == 403


def test_nothing_is_taken_before_the_situation_is_known(web: Web, officer: FlaskClient, journal: Journal) -> None:
    web.follower.is_loaded = False
    answer = officer.post("/orders", json={"id": "o", "verb": "acknowledge", "target": FIRE}, headers=visitors.ORIGIN)
    assert answer.status_code == 503
    assert journaled(journal) == []


def test_nothing_is_refused_by_a_copy_that_is_behind(web: Web, officer: FlaskClient) -> None:
    """A process that came back has a picture that may be half a minute old: what is new is not there yet."""
    web.follower._known_end = b"9-0"
    sent = {"id": "o", "verb": "acknowledge", "target": "cad/I77"}
    assert officer.post("/orders", json=sent, headers=visitors.ORIGIN).status_code == 503
    web.follower._delta = b"10-0"
    assert officer.post("/orders", json=sent, headers=visitors.ORIGIN).status_code == 400


def test_what_was_taken_is_told_to_be_there_whatever_happened_since(
    web: Web, officer: FlaskClient, journal: Journal
) -> None:
    sent = {"verb": "note", "text": "x"}
    give(officer, sent)
    web.follower.situation = Situation(small_district())  # it is long over, or not known to this process
    status, (told,) = give(officer, sent)
    assert (status, told["status"], told["by"]) == (200, "repeated", "li")
    assert journaled(journal) == ["o0"]
    for changed in ({"text": "x", "verb": "report", "kind": "first"}, {**sent, "target": "cad/I2"}):
        assert give(officer, changed)[1][0]["status"] == "refused"
    assert give(visitors.visitor(web, Role.OFFICER, "A", "wang"), sent)[1][0]["status"] == "refused"


@pytest.fixture
def break_journal(state_server: StateServer) -> Callable[[], None]:
    redis = connect(state_server.url)
    before = redis.config_get("maxmemory")["maxmemory"]
    yield lambda: redis.config_set("maxmemory", "1mb")  # type: ignore[misc]
    redis.config_set("maxmemory", before)


def test_while_the_journal_takes_nothing_the_answer_is_to_send_the_same_again(
    web: Web, officer: FlaskClient, journal: Journal, break_journal: Callable[[], None]
) -> None:
    break_journal()
    order = {"id": "o", "verb": "acknowledge", "target": FIRE}
    answer = officer.post("/orders", json=order, headers=visitors.ORIGIN)
    assert answer.status_code == 503
    assert journaled(journal) == []
    assert verify(web.ledger.rows(), Head())[0] is None
