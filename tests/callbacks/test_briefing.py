import re
from datetime import datetime
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from callbacks.web import Web
from dashboard.access import Role
from dashboard.archive.reader import HistoryError
from dashboard.briefing import frozen
from dashboard.journal import Journal
from dashboard.picture import encode_change
from dashboard.records import Stage
from dashboard.situation import Situation
from dashboard.state_server import StateServer
from tests.builders import NOON, at, case, incident, step
from tests.callbacks import visitors
from tests.feeds.small_district import small_district

T0 = NOON.timestamp()
WEEK, PLACE = "2026-11-16", "week=2026-11-16&centre=D"
MONDAY = datetime(2026, 11, 23, 8, tzinfo=small_district().timezone).timestamp()


@pytest.fixture
def web(journal: Journal, state_server: StateServer, tmp_path: Path) -> Web:
    """Two cases of one week, one of them closed, and an incident, in the streams; it is the Monday after."""
    situation = Situation(small_district())
    records = [
        case(1, due_at=at(7200)),
        case(2),
        step(1, 3600, Stage.CLOSED),
        incident(1, 60),
    ]
    for number, record in enumerate(records):
        journal.publish(1, number, encode_change(situation.apply(record, T0 + 4000)))
    made = visitors.web(state_server.url, tmp_path)
    made.briefings.clock = lambda: MONDAY
    return made


@pytest.fixture
def leader(web: Web) -> FlaskClient:
    return visitors.visitor(web, Role.LEADER, "D", "zhang")


def read(client: FlaskClient, path: str = f"/briefing?{PLACE}&lang=en") -> tuple[int, str]:
    """A page once it is made; it asks again as a browser would."""
    for _ in range(60):
        answer = client.get(path)
        if answer.status_code != 202:
            return answer.status_code, answer.text
    raise AssertionError("it was never made")


def post(client: FlaskClient, path: str, **form: str) -> int:
    return client.post(path, data={"week": WEEK, "centre": "D", **form}, headers=visitors.ORIGIN).status_code


def figure(html: str, name: str) -> str:
    return re.split(r"</details>", html[html.index(f">{name}<") :])[0]


def test_the_week_is_told_out_of_the_streams(leader: FlaskClient) -> None:
    status, html = read(leader)
    assert status == 200
    assert ">2<" in figure(html, "Cases found") and ">1<" in figure(html, "Closed")
    assert "1 / 1" in figure(html, "On-time closure rate")
    assert "at=2026-11-20T12%3A01%3A00" in html  # the incident, seen again


def test_without_a_wish_it_is_the_last_full_week_of_the_own_centre(web: Web) -> None:
    _, html = read(visitors.visitor(web, Role.OFFICER, "A", "wu"), "/briefing?lang=en")
    assert "2026-11-16 – 2026-11-22" in html
    assert set(re.findall(r'<option value="(\w+)"', html)) == {"A", "C0", "C1", "C2"}


@pytest.mark.parametrize("week", ["0001-01-01", "9999-12-31", "1999-12-31", "x", "2026-13-01", "1e3"])
def test_a_week_that_is_none_is_answered_with_one_that_is(leader: FlaskClient, week: str) -> None:
    status, html = read(leader, f"/briefing?week={week}&lang=en")
    assert status == 200 and "Cases found" in html


def test_a_centre_of_others_is_not_shown(web: Web) -> None:
    status, html = read(visitors.visitor(web, Role.OFFICER, "A", "wu"), f"/briefing?{PLACE.replace('=D', '=B')}")
    assert status == 200 and "甲" in html.split("</h1>")[0]


def test_it_is_presented_and_goes_on_paper(leader: FlaskClient) -> None:
    _, deck = read(leader, f"/briefing?{PLACE}&present=1")
    _, paper = read(leader, f"/briefing?{PLACE}&print=1")
    assert 'class="deck"' in deck and 'class="slide' in deck
    assert "is-print" in paper and "<form" not in paper


def test_while_it_is_being_made_the_page_says_so(web: Web, leader: FlaskClient) -> None:
    with web.briefings._busy:  # another one is being made
        answer = leader.get(f"/briefing?{PLACE}")
    assert answer.status_code == 202 and 'http-equiv="refresh"' in answer.text
    assert read(leader)[0] == 200


def test_an_archive_that_is_away_is_told_in_words(
    web: Web, leader: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web.briefings, "made", away)
    status, html = read(leader)
    assert status == 503 and 'role="alert"' in html and "cannot be asked now" in html


def away(*_: object) -> None:
    raise HistoryError("away")


def test_a_frozen_one_stays_the_same_whatever_comes_to_the_archive(
    web: Web, leader: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert post(leader, "/briefing/freeze") == 200
    before = read(leader)[1]
    assert "Frozen" in before and "revision 1" in before.lower()
    monkeypatch.setattr(web.briefings, "made", away)
    assert read(leader)[1] == before
    assert [(row.actor, row.subject) for row in web.ledger.rows() if row.kind == "freeze"] == [
        ("zhang", f"briefing/{WEEK}/D")
    ]


def test_a_frozen_one_is_shown_when_the_streams_cannot_be_read(
    web: Web, leader: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    post(leader, "/briefing/freeze")
    monkeypatch.setattr(web.briefings.archive, "open", away)
    status, html = read(leader)
    assert status == 200 and "Frozen" in html


def test_a_frozen_file_that_was_changed_is_not_shown(web: Web, leader: FlaskClient, tmp_path: Path) -> None:
    post(leader, "/briefing/freeze")
    (file,) = (tmp_path / "archive").rglob("D-0001.json")
    file.chmod(0o640)
    file.write_bytes(file.read_bytes().replace(b'"value":2.0', b'"value":9.0', 1))
    with pytest.raises(frozen.NotFrozen):
        frozen.load(web.briefings.archive.store, WEEK, "D")
    status, html = read(leader)
    assert status == 500 and "damaged or was changed" in html and "Cases found" not in html


def test_a_week_that_is_not_over_cannot_be_frozen(web: Web, leader: FlaskClient) -> None:
    assert post(leader, "/briefing/freeze", week="2026-11-23") == 409
    assert web.briefings.archive.store.names("briefings") == []


def test_notes_are_kept_shown_and_on_record(web: Web, leader: FlaskClient) -> None:
    post(leader, "/briefing/freeze")
    assert post(leader, "/briefing/notes", section="cases", text="先讲逾期") == 200
    assert "先讲逾期" in read(leader)[1]
    assert "先讲逾期" in read(leader, f"/briefing?{PLACE}&present=1")[1]
    assert [row.detail for row in web.ledger.rows() if row.kind == "notes"] == ["先讲逾期"]


@pytest.mark.parametrize("form", [{"section": "../x", "text": "a"}, {"section": "cases", "text": "a" * 4001}])
def test_notes_to_no_section_or_too_long_are_not_kept(web: Web, leader: FlaskClient, form: dict[str, str]) -> None:
    assert post(leader, "/briefing/notes", **form) == 400
    assert web.briefings.archive.store.names("briefings") == []


def test_officers_read_and_neither_freeze_nor_note(web: Web) -> None:
    officer = visitors.visitor(web, Role.OFFICER, "D", "li")
    assert read(officer)[0] == 200
    assert (post(officer, "/briefing/freeze"), post(officer, "/briefing/notes", section="cases")) == (403, 403)


def test_the_rows_behind_a_figure_are_shown_and_taken_out_on_record(web: Web, leader: FlaskClient) -> None:
    html = leader.get(f"/briefing/rows?{PLACE}&query=found").text
    assert "cases/C1" in html and "cases/C2" in html
    body = leader.get(f"/briefing/rows?{PLACE}&query=found&format=csv").text
    assert body.count("cases/C") == 2 and "zhang" in body
    assert [row.subject for row in web.ledger.rows() if row.kind == "export"] == [f"briefing/{WEEK}/D/found"]


def test_there_are_no_rows_of_a_question_that_is_none(leader: FlaskClient) -> None:
    assert leader.get(f"/briefing/rows?{PLACE}&query=nothing").status_code == 404


def test_other_centres_rows_are_not_shown(web: Web) -> None:
    other = visitors.visitor(web, Role.OFFICER, "B", "wu")  # both cases lie in sub-district A
    html = other.get(f"/briefing/rows?{PLACE}&query=found").text
    assert "cases/C1" not in html


def test_every_link_of_the_page_leads_to_as_many_rows_as_its_cell_says(leader: FlaskClient) -> None:
    html = read(leader)[1]
    links = re.findall(r'<a href="(/briefing/rows[^"]*)"[^>]*>([\d,]+)</a>', html)
    assert len(links) > 8
    for address, count in links:
        answer = leader.get(unescape(address))
        assert answer.status_code == 200 and f">Total {count}<" in answer.text, address


def test_rows_are_narrowed_on_the_page_and_in_the_file_which_is_on_record(web: Web, leader: FlaskClient) -> None:
    path = f"/briefing/rows?{PLACE}&lang=en&query=found&sub_district=A&weekday="
    assert "cases/C1" in leader.get(f"{path}4").text and "Weekday: Fri" in leader.get(f"{path}4").text
    assert "cases/C1" not in leader.get(f"{path}5").text
    assert leader.get(f"{path}4&format=csv").text.count("cases/C") == 2
    assert [row.detail for row in web.ledger.rows() if row.kind == "export"] == ["2 sub_district=A weekday=4"]


@pytest.mark.parametrize(
    "wrong", ["colour=red", "hour=24", "tier=police", "weekday=x", "1%3D1--=", "item=" + "x" * 201]
)
def test_a_filter_that_is_none_is_refused_in_words(leader: FlaskClient, wrong: str) -> None:
    answer = leader.get(f"/briefing/rows?{PLACE}&lang=en&query=found&{wrong}")
    assert answer.status_code == 400 and 'role="alert"' in answer.text and "cannot be narrowed" in answer.text


def test_a_filter_does_not_open_a_centre_of_others(web: Web) -> None:
    other = visitors.visitor(web, Role.OFFICER, "B", "wu")
    html = other.get(f"/briefing/rows?{PLACE}&lang=en&query=found&sub_district=A").text
    assert ">Total 0<" in html
