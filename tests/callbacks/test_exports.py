import csv
import io
import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from callbacks import exports, identity
from dashboard.access import Principal
from dashboard.access.permissions import ROUTES, Permission
from dashboard.follower import Follower
from dashboard.store import JournalUnavailable
from layouts import sheets
from tests.builders import case
from tests.callbacks.test_case_table import DISTRICT, HERE, NOW, THERE, clock, follower, somebody

__all__ = ["follower"]


class Book:
    """An audit trail on paper."""

    def __init__(self) -> None:
        self.rows: list[tuple[Any, ...]] = []
        self.is_away = False

    def note(self, *row: Any) -> None:
        if self.is_away:
            raise JournalUnavailable("away")
        self.rows.append(row)


@pytest.fixture
def book() -> Book:
    return Book()


def client(follower: Follower, book: Book, who: Principal) -> FlaskClient:
    server = Flask("test", static_folder=None)
    server.before_request(lambda: identity.admit(who))
    exports.register(server, DISTRICT, follower, book.note, clock)
    return server.test_client()


def table(body: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))


def test_a_file_has_what_the_table_shows_and_says_whose_it_is(follower: Follower, book: Book) -> None:
    wish = {"filter": json.dumps({"places": [THERE]}), "order": '[{"colId": "due", "sort": "desc"}]', "lang": "zh"}
    answer = client(follower, book, somebody()).get("/exports/cases.csv", query_string=wish)
    mark, head, *found = table(answer.data)
    assert [row[0] for row in found] == ["cases/C2", "cases/C3"] or [row[0] for row in found] == [
        "cases/C3",
        "cases/C2",
    ]
    assert head[0] == "编号"
    assert mark[0].startswith("内部资料 | 导出人 李值班员 (li) | 导出时间 2026-11-20 12:01:00 | 范围 ")
    assert mark[0].endswith("到期 ↓ | 共 2 件")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="cases-20261120-120100.csv"'


def test_nothing_beyond_the_own_scope_goes_out(follower: Follower, book: Book) -> None:
    answer = client(follower, book, somebody(HERE)).get(f"/exports/cases.csv?centre={THERE}")
    assert [row[0] for row in table(answer.data)[2:]] == ["cases/C1"]


def test_excel_gets_a_workbook_and_formulas_stay_text(follower: Follower, book: Book) -> None:
    follower.situation.apply(case(4, title="=1+1", lat=None, lon=None, community=HERE), NOW)
    answer = client(follower, book, somebody(HERE)).get("/exports/cases.xlsx?lang=en")
    cells = [[cell.value for cell in row] for row in load_workbook(io.BytesIO(answer.data)).active.iter_rows()]
    assert cells[1][0] == "Number"
    assert "'=1+1" in [row[3] for row in cells[2:]]
    assert answer.mimetype == sheets.MEDIA_TYPES["xlsx"]


def test_an_export_is_on_record_before_it_goes_out(follower: Follower, book: Book) -> None:
    asked = client(follower, book, somebody())
    assert asked.get("/exports/cases.csv").status_code == 200
    [(kind, actor, subject, detail, who)] = book.rows
    assert (kind, actor, subject, who.name) == ("export", "li", "cases.csv", "li")
    assert detail.startswith("3: 内部资料")
    book.is_away = True
    answer = asked.get("/exports/cases.csv")
    assert (answer.status_code, answer.mimetype) == (503, "application/json")


@pytest.mark.parametrize(
    "query", ["filter=x", "filter=[1]", "order={}", 'filter={"items":["none-such"]}', "filter=%ff"]
)
def test_a_request_that_cannot_be_used_is_refused_and_leaves_no_record(
    follower: Follower, book: Book, query: str
) -> None:
    answer = client(follower, book, somebody()).get(f"/exports/cases.csv?{query}")
    assert answer.status_code == 400 and answer.json and answer.json["why"]
    assert book.rows == []


def test_only_so_many_cases_go_out_and_the_file_says_so(
    follower: Follower, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 2)
    found = table(client(follower, book, somebody()).get("/exports/cases.csv").data)
    assert len(found) == 2 + 2
    assert found[0][0].endswith("仅前 2 件，共 3 件")


def test_other_kinds_of_file_are_not_there_and_the_table_of_permissions_knows_the_door(
    follower: Follower, book: Book
) -> None:
    assert client(follower, book, somebody()).get("/exports/cases.pdf").status_code == 404
    assert ROUTES["exports.cases"] is Permission.EXPORT
