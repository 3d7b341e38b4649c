from pathlib import Path

import pytest
from flask.testing import FlaskClient

from callbacks.web import Web
from dashboard.access import Role
from dashboard.briefing.jobs import Job, Jobs
from dashboard.journal import Journal
from dashboard.state_server import StateServer
from tests.callbacks import visitors


@pytest.fixture
def web(journal: Journal, state_server: StateServer, tmp_path: Path) -> Web:
    return visitors.web(state_server.url, tmp_path)


@pytest.fixture
def leader(web: Web) -> FlaskClient:
    return visitors.visitor(web, Role.LEADER, "D", "zhao")


def ask(client: FlaskClient, format_: str = "xlsx") -> str:
    body = {"week": "2026-11-16", "centre": "D", "format": format_}
    answer = client.post("/briefing/exports", json=body, headers=visitors.ORIGIN)
    assert answer.status_code == 202, answer.text
    return str((answer.json or {})["id"])


def test_an_export_is_asked_for_followed_and_fetched(web: Web, leader: FlaskClient, tmp_path: Path) -> None:
    id_ = ask(leader)
    assert (leader.get(f"/briefing/exports/{id_}").json or {})["state"] == "waiting"
    assert leader.get(f"/briefing/exports/{id_}/file").status_code == 404
    Jobs(tmp_path / "exports").step(lambda job, progress: b"numbers")
    told = leader.get(f"/briefing/exports/{id_}").json or {}
    assert (told["state"], told["share"]) == ("done", 1.0)
    assert leader.get(told["url"]).data == b"numbers"
    assert [row.subject for row in web.ledger.rows() if row.kind == "export"] == ["briefing/2026-11-16/D"]


def test_a_form_leads_to_the_page_of_the_job(leader: FlaskClient) -> None:
    form = {"week": "2026-11-16", "centre": "D", "format": "pptx"}
    answer = leader.post("/briefing/exports", data=form, headers=visitors.ORIGIN)
    assert answer.status_code == 303
    page = leader.get(answer.location, headers={"Accept": "text/html"})
    assert "<progress" in page.text


def test_nobody_fetches_what_another_asked_for(web: Web, leader: FlaskClient, tmp_path: Path) -> None:
    id_ = ask(leader)
    Jobs(tmp_path / "exports").step(lambda job, progress: b"numbers")
    other = visitors.visitor(web, Role.LEADER, "D", "qian")
    assert other.get(f"/briefing/exports/{id_}").status_code == 404
    assert other.get(f"/briefing/exports/{id_}/file").status_code == 404


def test_other_formats_and_other_centres_are_not_made(web: Web, leader: FlaskClient, tmp_path: Path) -> None:
    body = {"week": "2026-11-16", "centre": "D", "format": "exe"}
    assert leader.post("/briefing/exports", json=body, headers=visitors.ORIGIN).status_code == 400
    narrow = visitors.visitor(web, Role.LEADER, "B", "sun")
    ask(narrow)
    made: list[Job] = []
    Jobs(tmp_path / "exports").step(lambda job, progress: made.append(job) or b"")  # type: ignore[func-returns-value]
    assert made[0].centre == "B"
