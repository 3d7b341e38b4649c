import json
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from callbacks.web import Web
from dashboard.access import Role
from dashboard.journal import Journal
from dashboard.picture import encode_change
from dashboard.records import Verb
from dashboard.situation import Situation
from dashboard.state_server import StateServer
from dashboard.wire import pack_fixes
from tests.builders import HERE, NOON, fixes, incident, order
from tests.callbacks import visitors
from tests.feeds.small_district import small_district

T0 = NOON.timestamp()
ASKED = {"incident": "cad/I1", "why": "复盘"}


@pytest.fixture
def web(journal: Journal, state_server: StateServer, tmp_path: Path) -> Web:
    """An incident to which a unit was sent, in the streams."""
    district = small_district()
    situation = Situation(district)
    for at in (0, 10, 20):
        batch = fixes(district, {"VO000": (HERE[0] + at * 1e-5, HERE[1])}, at)
        journal.append_fixes("gps", pack_fixes(batch, district.roster.checksum), 1)
    changes = [
        situation.apply(incident(1), T0),
        situation.apply(order(Verb.DISPATCH, "cad/I1", 5, unit="VO000"), T0 + 5),
    ]
    for number, change in enumerate(changes):
        journal.publish(1, number, encode_change(change))
    return visitors.web(state_server.url, tmp_path)


@pytest.fixture
def officer(web: Web) -> FlaskClient:
    return visitors.visitor(web, Role.OFFICER, "D", "li")


def post(client: FlaskClient, kind: str = "", **form: str) -> tuple[int, bytes]:
    answer = client.post(f"/after-action{kind}", data={**ASKED, **form}, headers=visitors.ORIGIN)
    return answer.status_code, answer.data


def test_the_record_is_shown_for_a_reason_that_is_kept(web: Web, officer: FlaskClient) -> None:
    status, html = post(officer)
    assert status == 200 and "VO000" in html.decode() and "stroke-width" in html.decode()
    (seen,) = [row for row in web.ledger.rows() if row.kind == "sight"]
    assert (seen.actor, seen.subject, seen.detail) == ("li", "after_action/cad/I1", "page: 复盘")


def test_without_a_reason_nothing_is_shown_and_nothing_kept(web: Web, officer: FlaskClient) -> None:
    status, html = post(officer, why=" ")
    assert status == 400 and "VO000" not in html.decode()
    assert [row for row in web.ledger.rows() if row.kind == "sight"] == []


def test_what_is_not_there_or_not_theirs_is_not_told_apart(web: Web, officer: FlaskClient) -> None:
    other = visitors.visitor(web, Role.OFFICER, "B", "wu")  # the incident lies in sub-district A
    pages = [post(officer, incident="cad/none"), post(other)]
    assert [status for status, _ in pages] == [404, 404]


def test_it_goes_out_as_geojson_with_a_mark(web: Web, officer: FlaskClient) -> None:
    status, body = post(officer, ".geojson")
    made = json.loads(body)
    assert status == 200 and "复盘" in made["note"] and "li" in made["note"]
    assert {each["properties"]["what"] for each in made["features"]} >= {"incident", "track"}
    assert [row.subject for row in web.ledger.rows() if row.kind == "export"] == ["after_action/cad/I1"]


def test_a_printer_that_is_missing_is_said(web: Web, officer: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    status, html = post(officer, ".pdf")
    assert status == 503 and "Chromium" in html.decode()


@pytest.mark.parametrize("role", [Role.WALL, Role.AUDITOR, Role.ADMINISTRATOR])
def test_who_has_no_business_with_tracks_sees_none(web: Web, role: Role) -> None:
    assert post(visitors.visitor(web, role))[0] in (403, 404)
