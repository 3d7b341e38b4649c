import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from callbacks.web import Web
from dashboard.access import Role
from dashboard.audit.ledger import AUDIT
from dashboard.journal import Journal
from dashboard.state_server import StateServer
from dashboard.store import connect
from tests.callbacks import visitors
from tests.dashboard.audit.trails import fill


@pytest.fixture
def web(journal: Journal, state_server: StateServer, tmp_path: Path) -> Web:
    return visitors.web(state_server.url, tmp_path)


@pytest.fixture
def auditor(web: Web) -> FlaskClient:
    return visitors.visitor(web, Role.AUDITOR, "D", "shen")


LONG = "from=2026-11-01"


def rows(client: FlaskClient, filters: str = "") -> dict[str, Any]:
    answer = client.get(f"/audit/rows?{filters}")
    assert answer.status_code == 200, answer.text
    return json.loads(answer.data)


def test_an_auditor_reads_rows_newest_first(web: Web, auditor: FlaskClient) -> None:
    fill(web.ledger, 18, 19)
    found = rows(auditor, "actor=officer1&from=2026-11-19&to=2026-11-19")
    assert [row["subject"] for row in found["rows"]] == ["19-1"]
    assert found["next"] is None


def test_pages_are_turned_by_number(web: Web, auditor: FlaskClient) -> None:
    fill(web.ledger, 18, each=150)
    first = rows(auditor, f"kind=sign_in&{LONG}")
    assert len(first["rows"]) == 100
    second = rows(auditor, f"kind=sign_in&before={first['next']}&{LONG}")
    assert len(second["rows"]) == 50
    assert second["rows"][0]["seq"] == first["rows"][-1]["seq"] - 1


def test_looking_is_itself_on_record(web: Web, auditor: FlaskClient) -> None:
    rows(auditor, "actor=officer1")
    (seen,) = [row for row in web.ledger.rows() if row.kind == "sight"]
    assert (seen.actor, seen.role, seen.subject) == ("shen", "auditor", "audit")
    assert seen.detail.startswith("actor officer1, since ")


def test_a_month_is_looked_back_where_no_day_is_named(web: Web, auditor: FlaskClient) -> None:
    old, recent = (datetime.now(UTC) - timedelta(days) for days in (33, 30))
    web.ledger.note("sign_in", "old", at=old)
    web.ledger.note("sign_in", "recent", at=recent)
    assert [row["actor"] for row in rows(auditor, "kind=sign_in&text=e")["rows"]] == ["recent"]
    assert [row["actor"] for row in rows(auditor, f"kind=sign_in&from={old.date()}&text=o")["rows"]] == ["old"]


@pytest.mark.parametrize("filters", ["from=yesterday", "before=x", "to=2026-13-40"])
def test_a_filter_that_cannot_be_read_is_named(web: Web, auditor: FlaskClient, filters: str) -> None:
    assert auditor.get(f"/audit/rows?{filters}").status_code == 400
    assert auditor.get(f"/audit?{filters}").status_code == 400
    assert [row for row in web.ledger.rows() if row.kind == "sight"] == []


def test_nobody_else_sees_the_trail(web: Web) -> None:
    for role in (Role.OFFICER, Role.COMMANDER, Role.LEADER, Role.ADMINISTRATOR, Role.WALL):
        visitor = visitors.visitor(web, role, "D")
        for path in ("/audit", "/audit/rows", "/audit/export?form=csv&why=x"):
            assert visitor.get(path).status_code == 403, (role, path)
    assert visitors.browser(web).get("/audit/rows").status_code == 401


def test_the_page_shows_rows_and_never_what_they_say_as_markup(web: Web, auditor: FlaskClient) -> None:
    web.ledger.note("sign_in", "<script>alert(1)</script>", detail="长" * 500)
    page = auditor.get("/audit?kind=sign_in&text=%22%3E%3Cb%3E&lang=zh").text
    assert "没有符合条件的记录" in page
    page = auditor.get("/audit?kind=sign_in&lang=zh").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert "长" * 500 in page


def test_an_export_is_on_record_and_carries_a_watermark(web: Web, auditor: FlaskClient) -> None:
    fill(web.ledger, 18)
    answer = auditor.get("/audit/export?form=csv&why=月度检查&kind=sign_in&actor=officer1&from=2026-11-01")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].endswith('.csv"')
    assert "exported by shen (shen)" in answer.text
    assert "月度检查" in answer.text
    assert answer.text.count("sign_in") == 1
    (noted,) = [row for row in web.ledger.rows() if row.kind == "export"]
    assert noted.detail.startswith("月度检查")


@pytest.mark.parametrize("arguments", ["form=csv", "why=x", "form=xlsx&why=x", "form=csv&why=x&from=x"])
def test_an_export_without_a_reason_is_none(web: Web, auditor: FlaskClient, arguments: str) -> None:
    assert auditor.get(f"/audit/export?{arguments}").status_code == 400
    assert [row for row in web.ledger.rows() if row.kind == "export"] == []


def test_a_button_says_whether_the_trail_is_whole(web: Web, auditor: FlaskClient, state_server: StateServer) -> None:
    fill(web.ledger, 18)
    page = auditor.post("/audit/verify?lang=en", headers=visitors.ORIGIN)
    assert page.status_code == 200
    assert "whole: " in page.text
    connect(state_server.url).xdel(AUDIT, "2-0")
    page = auditor.post("/audit/verify?lang=en", headers=visitors.ORIGIN)
    assert "NOT whole! First bad row 2" in page.text
    verified = [row.detail for row in web.ledger.rows() if row.kind == "audit_verified"]
    assert verified[0].startswith("whole")
    assert verified[1].startswith("row 2")
