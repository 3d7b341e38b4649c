import io
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from openpyxl import Workbook

from callbacks import duty_records, identity
from dashboard.access import Principal, Role, Via
from dashboard.duty import Rosters
from dashboard.duty.document import canonical, digest
from dashboard.duty.roster_book import RosterBook
from dashboard.follower import Follower
from dashboard.journal import Journal
from dashboard.records import Verb
from dashboard.state_server import StateServer
from dashboard.store import JournalUnavailable
from tests.builders import NOON, incident, order
from tests.feeds.small_district import small_district

T0 = NOON.timestamp()
HEADER = ("单位", "日期", "开始", "结束", "带班领导", "值班长")


class Desk:
    """The pages over a copy that follows nothing, as one person sees them."""

    def __init__(self, url: str) -> None:
        self.follower = Follower(small_district(), Journal(url))
        self.book = RosterBook(url)
        self.who = somebody("D", Role.ADMINISTRATOR)
        self.noted: list[tuple[str, ...]] = []
        server = Flask("test", static_folder=None)
        server.before_request(lambda: identity.admit(self.who))
        duty_records.register(server, small_district(), self.follower, self.book, self.note, lambda: T0)
        self.client = server.test_client()

    def note(self, kind: str, actor: str, subject: str, detail: str, who: Principal) -> None:
        self.noted.append((kind, actor, subject, detail))

    def get(self, path: str) -> tuple[int, Any]:
        answer = self.client.get(path)
        return answer.status_code, answer.get_json()

    def send(self, *rows: tuple[str, ...], name: str = "排班.xlsx", **form: str) -> tuple[int, Any]:
        answer = self.client.post("/rosters", data={"file": (io.BytesIO(workbook(*rows)), name), **form})
        return answer.status_code, answer.get_json()

    def follow(self) -> None:
        """Learn the rosters as the engine would tell them."""
        version, edition = self.book.read()
        self.follower.situation.note_rosters(Rosters(version, edition.shifts))


def somebody(centre: str, role: Role = Role.OFFICER) -> Principal:
    return Principal("li", "李值班员", role, centre, "s1", Via.PASSWORD)


def workbook(*rows: tuple[str, ...]) -> bytes:
    book = Workbook()
    for row in (HEADER, *rows):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def row(centre: str = "A", starts: str = "08:30", ends: str = "20:30", chief: str = "乙") -> tuple[str, ...]:
    return centre, "2026-11-20", starts, ends, "甲", chief


@pytest.fixture
def desk(journal: Journal, state_server: StateServer) -> Desk:
    return Desk(state_server.url)


def test_an_imported_roster_is_shown_with_its_gaps(desk: Desk) -> None:
    status, told = desk.send(row(), row("B"))
    assert (status, told["imported"], told["centres"], told["faults"]) == (200, 2, ["A", "B"], [])
    assert desk.book.read()[1].by == "李值班员"
    assert desk.noted == [("roster", "li", "import", "排班.xlsx: 2 shifts, 0 rows left out")]
    desk.follow()
    status, seen = desk.get("/rosters?centre=A")
    (shift,) = seen["shifts"]
    assert (shift["starts"], shift["leader"]) == ("2026-11-20T08:30+08:00", "甲")
    assert seen["gaps"] == [{"starts": "2026-11-20T20:30+08:00", "ends": "2026-12-04T12:00+08:00"}]


def test_with_a_mistake_in_it_nothing_is_imported_unless_a_part_is_wanted(desk: Desk) -> None:
    status, told = desk.send(row(), row("B", chief=""))
    assert status == 422
    assert [fault["text"] for fault in told["faults"]] == [
        "排班.xlsx, row 3, 值班长: is empty: a shift has two leaders, leader and chief"
    ]
    assert (desk.book.version(), desk.noted) == (0, [])
    status, told = desk.send(row(), row("B", chief=""), partial="1")
    assert (status, told["imported"], len(told["faults"])) == (200, 1, 1)


def test_undo_brings_the_earlier_roster_back(desk: Desk) -> None:
    desk.send(row())
    desk.send(row(chief="丙"))
    assert desk.client.post("/rosters/undo").get_json() == {"version": 3}
    assert [shift.chief for shift in desk.book.read()[1].shifts] == ["乙"]
    desk.who = somebody("A", Role.ADMINISTRATOR)
    assert desk.client.post("/rosters/undo").status_code == 403


def test_nobody_changes_or_sees_the_roster_of_another_centre(desk: Desk) -> None:
    desk.who = somebody("A", Role.ADMINISTRATOR)
    status, told = desk.send(row("C0"), row("B"))
    assert (status, told["error"]) == (403, "scope") and "B" in told["why"]
    assert desk.send(row("C0"))[0] == 200
    assert desk.get("/rosters?centre=B")[0] == 403
    assert desk.get("/rosters?centre=nowhere")[0] == 404
    assert desk.get("/rosters")[1]["centre"] == "A"


def test_a_change_that_cannot_be_put_on_record_does_not_happen(desk: Desk) -> None:
    def away(*_: object) -> None:
        raise JournalUnavailable("away")

    desk.note = away  # type: ignore[method-assign]
    server = Flask("test", static_folder=None)
    server.before_request(lambda: identity.admit(desk.who))
    duty_records.register(server, small_district(), desk.follower, desk.book, away, lambda: T0)
    answer = server.test_client().post("/rosters", data={"file": (io.BytesIO(workbook(row())), "r.xlsx")})
    assert answer.status_code == 503
    assert desk.book.version() == 0


@pytest.mark.parametrize(
    ("send", "status"),
    [
        (lambda client: client.post("/rosters", data={"partial": "1"}), 400),
        (lambda client: client.post("/rosters", data={"file": (io.BytesIO(b"x"), "")}), 400),
        (lambda client: client.post("/rosters", data={"file": (io.BytesIO(b"x" * 90_000), "r.csv")}), 413),
        (lambda client: client.post("/rosters", data={"file": (io.BytesIO(b"x"), "r.xlsx")}), 422),
        (lambda client: client.post("/handover/draft", data=b"[1]"), 400),
        (lambda client: client.post("/handover/draft", data=b"\xff"), 400),
        (lambda client: client.post("/handover/draft", data=b" " * 70_000), 413),
        (lambda client: client.get("/handovers?day=yesterday"), 400),
        (lambda client: client.get("/handovers/none"), 404),
        (lambda client: client.get("/handover/draft?centre=none"), 404),
    ],
)
def test_what_cannot_be_taken_is_said_in_json(
    desk: Desk, send: Callable[[Any], Any], status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duty_records, "FILE_BYTES", 80_000)
    answer = send(desk.client)
    assert answer.status_code == status
    assert set(answer.get_json()) >= {"error", "why"}


def test_a_draft_carries_what_the_order_must_carry(desk: Desk) -> None:
    desk.follower.situation.apply(incident(1, title="仓库起火"), T0)
    desk.who = somebody("A")
    status, drafted = desk.get("/handover/draft?lang=en")
    assert status == 200
    assert drafted["text"] == canonical(drafted["document"])
    assert drafted["digest"] == digest(drafted["text"])
    assert any("仓库起火" in line for line in drafted["lines"])
    noted = desk.client.post("/handover/draft", json={"centre": "C0", "notes": "钥匙在柜里"}).get_json()
    assert (noted["document"]["centre"], noted["document"]["notes"]) == ("C0", "钥匙在柜里")
    assert desk.get("/handover/draft?centre=D")[0] == 403


def test_handovers_are_found_within_ones_scope_and_read_as_they_were_signed(desk: Desk) -> None:
    for number, centre in enumerate(("A", "B", "C0")):
        text = canonical({"centre": centre, "name": centre, "notes": f"note {number}"})
        given = {"id": f"g{number}", "text": text, "ref": digest(text), "actor": "li", "by": "李"}
        desk.follower.situation.apply(order(Verb.HAND_OVER, centre, number, **given), T0)
    desk.follower.situation.apply(order(Verb.TAKE_OVER, "A", 60, ref="g0", actor="wang", by="王"), T0)
    desk.who = somebody("A")
    found = desk.get("/handovers")[1]["handovers"]
    assert [(each["id"], each["state"]) for each in found] == [("g2", "open"), ("g0", "frozen")]
    assert found[1]["takes"]["by"] == "王"
    assert [each["id"] for each in desk.get("/handovers?q=note+2")[1]["handovers"]] == ["g2"]
    today = datetime.fromtimestamp(T0, small_district().timezone).date()
    assert len(desk.get(f"/handovers?day={today}&centre=A")[1]["handovers"]) == 1
    assert desk.get("/handovers?centre=B")[0] == 403
    one = desk.get("/handovers/g0?lang=en")[1]
    assert one["digest"] == digest(one["text"]) and one["lines"][-1] == "note 0"
    assert desk.get("/handovers/g1")[0] == 404
