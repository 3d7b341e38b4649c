from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from callbacks import identity, patrol
from callbacks.trail import Trail
from dashboard.access import Permission, Principal, Role, Via
from dashboard.access.permissions import ROUTES, may
from dashboard.follower import Follower
from dashboard.journal import Journal
from dashboard.patrol.figures import CellState
from dashboard.store import JournalUnavailable
from tests.dashboard.patrol.patrols import T0, fix, play
from tests.feeds.small_district import small_district

DISTRICT = small_district()
ASKED = {"centre": "D", "reason": " 核查定位 "}


class Ground:
    """A warden walked in cell 0, which is in C0, and has been silent since; rows of the trail are kept here."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []
        self.now = T0 + 400
        self.is_away = False
        self.follower = Follower(DISTRICT, Journal("redis://127.0.0.1:1"))
        play(self.follower.situation, [fix(DISTRICT, "WA000", 0, second, 1.2, second) for second in (0, 20)])
        self.follower.situation.tick(T0 + 90)

    def note(self, kind: str, actor: str, **fields: Any) -> None:
        if self.is_away:
            raise JournalUnavailable("away")
        self.rows.append({"kind": kind, "actor": actor, **fields})

    def browser(self, centre: str = "D") -> FlaskClient:
        """An officer of a centre."""
        server = Flask("test", static_folder=None)
        officer = Principal("li", "值班员", Role.OFFICER, centre, "s1", Via.PASSWORD)
        server.before_request(lambda: identity.admit(officer))
        trail = Trail(self.note, lambda: self.now)
        patrol.register(server, patrol.Desk(DISTRICT, self.follower, trail, lambda: self.now))
        return server.test_client()


@pytest.fixture
def ground() -> Ground:
    return Ground()


def test_units_are_shown_for_a_reason_that_is_kept_before(ground: Ground) -> None:
    answer = ground.browser().post("/patrol/units", json=ASKED)
    told = answer.get_json()
    assert answer.headers["Cache-Control"] == "no-store"
    assert told["until"] == ground.now + patrol.SHOWN_S <= ground.now + 600
    (row,) = told["rows"]
    assert row[:3] == ["WA000 · 网格员", "静默", "12:00"] and DISTRICT.cell_codes[0] in row[3]
    (kept,) = ground.rows
    assert (kept["kind"], kept["actor"], kept["subject"], kept["detail"]) == (
        "sight", "li", "patrol_units/D", "核查定位"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"centre": "D", "reason": "  "}, 400),
        ({"centre": "D"}, 400),
        ({"centre": "D", "reason": "x", "more": 1}, 400),
        ({"centre": "nowhere", "reason": "x"}, 404),
    ],
)
def test_without_a_reason_nothing_is_shown_and_nothing_kept(ground: Ground, asked: dict[str, Any], status: int) -> None:
    answer = ground.browser().post("/patrol/units", json=asked)
    assert answer.status_code == status and "WA000" not in answer.get_data(as_text=True)
    assert ground.rows == []


def test_what_cannot_be_put_on_record_is_not_shown(ground: Ground) -> None:
    ground.is_away = True
    answer = ground.browser().post("/patrol/units", json=ASKED)
    assert answer.status_code == 503 and "WA000" not in answer.get_data(as_text=True)


def test_units_and_cells_of_others_are_not_told(ground: Ground) -> None:
    other = ground.browser("B")
    assert other.post("/patrol/units", json=ASKED).status_code == 403
    assert ground.rows == []
    assert other.post("/patrol/units", json={**ASKED, "centre": "B"}).get_json()["rows"] == []
    assert other.get("/patrol/cells?centre=A").status_code == 403
    assert other.get("/wall/patrol.json?centre=D").status_code == 403


def test_the_map_gets_the_state_of_each_cell_of_the_scope(ground: Ground) -> None:
    whole = ground.browser().get("/wall/patrol.json").get_json()["states"]
    assert (whole[0], set(whole[1:]), len(whole)) == (CellState.IN_TIME, {CellState.UNKNOWN}, 60)
    part = ground.browser().get("/wall/patrol.json?centre=C5").get_json()["states"]
    assert part.count(255) == 50


def test_the_overdue_cells_of_an_area_are_told_in_the_language_that_is_asked(ground: Ground) -> None:
    ground.now = T0 + 25 * 3600
    told = ground.browser().get("/patrol/cells?centre=C0&lang=en").get_json()
    assert len(told["rows"]) == 10
    assert told["rows"][0][3] in ("1 h", "1 h 0 min", "59 min 40 s")
    assert ground.browser().get("/patrol/cells?centre=C9").status_code == 404


def test_only_who_may_see_tracks_sees_units() -> None:
    assert ROUTES["patrol.units"] is Permission.SEE_TRACKS
    assert not any(may(role, Permission.SEE_TRACKS) for role in (Role.WALL, Role.GUEST, Role.AUDITOR))
