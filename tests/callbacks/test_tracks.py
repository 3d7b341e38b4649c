from pathlib import Path

import pytest
from flask.testing import FlaskClient

from callbacks.tracks import MOST_UNITS
from callbacks.web import Web
from dashboard.access import Role
from dashboard.archive import districts
from dashboard.archive.store import LocalStore
from dashboard.district import load
from dashboard.journal import Journal
from dashboard.state_server import StateServer
from dashboard.wire import pack_fixes
from tests.builders import HERE, fixes
from tests.callbacks import visitors
from tests.feeds import small_district as small
from tests.feeds.small_district import small_district

ASKED = {"units": "VO000\nPO000", "from": "2026-11-20T11:59", "to": "2026-11-20T12:10", "why": "复盘"}


@pytest.fixture
def web(journal: Journal, state_server: StateServer, tmp_path: Path) -> Web:
    district = small_district()
    for at in (0, 10, 20):
        batch = fixes(district, {"VO000": (HERE[0] + at * 1e-5, HERE[1])}, at)
        journal.append_fixes("gps", pack_fixes(batch, district.roster.checksum), 1)
    return visitors.web(state_server.url, tmp_path)


@pytest.fixture
def officer(web: Web) -> FlaskClient:
    return visitors.visitor(web, Role.OFFICER, "D", "li")


def post(client: FlaskClient, **form: str) -> tuple[int, str]:
    answer = client.post("/tracks", data={**ASKED, **form}, headers=visitors.ORIGIN)
    return answer.status_code, answer.text


def test_tracks_are_shown_for_a_reason_that_is_kept_first(web: Web, officer: FlaskClient) -> None:
    status, html = post(officer)
    assert status == 200 and "data-tracks" in html and "stroke-width" in html
    (seen,) = [row for row in web.ledger.rows() if row.kind == "sight"]
    assert (seen.subject, seen.detail) == ("tracks", "VO000 PO000: 复盘")


@pytest.mark.parametrize(
    "wrong",
    [
        {"why": " "},
        {"units": "nobody"},
        {"units": ""},
        {"units": " ".join(f"VO{n:03}" for n in range(MOST_UNITS + 1))},
        {"from": "soon"},
        {"from": "2026-11-20T12:10", "to": "2026-11-20T11:59"},
        {"from": "2026-11-10T12:10"},
        {"to": "2099-01-01T00:00", "from": "2098-12-31T23:00"},
    ],
)
def test_what_cannot_be_asked_is_refused_and_leaves_no_sight(
    web: Web, officer: FlaskClient, wrong: dict[str, str]
) -> None:
    status, html = post(officer, **wrong)
    assert status == 400 and 'role="alert"' in html
    assert [row for row in web.ledger.rows() if row.kind == "sight"] == []


def test_units_of_others_are_nobody(web: Web) -> None:
    district = small_district()
    unit = next(name for name in district.roster.call_signs if district.roster.home[district.roster.index[name]] == 0)
    other = visitors.visitor(web, Role.OFFICER, "B", "wu")
    assert post(other, units=unit)[0] == 400


@pytest.mark.parametrize("role", [Role.WALL, Role.ADMINISTRATOR, Role.AUDITOR])
def test_who_has_no_business_with_tracks_sees_none(web: Web, role: Role) -> None:
    assert post(visitors.visitor(web, role))[0] in (403, 404)


@pytest.fixture
def edited(web: Web, tmp_path: Path, state_server: StateServer) -> Web:
    """A web process of the district after an edit; its tracks, and VO000's name, are of before."""
    files = tmp_path / "district"
    files.mkdir()
    small.write(files)
    before = load(files)
    districts.keep(LocalStore(tmp_path / "archive"), before, districts.pack(files, before.version) or b"")
    small.edit(files)
    units = files / "units.csv"
    units.write_text(units.read_text("utf-8").replace("VO000,", "LATER,"), "utf-8")
    return visitors.web(state_server.url, tmp_path, load(files))


def test_who_has_left_the_roster_has_tracks_still(edited: Web) -> None:
    status, html = post(visitors.visitor(edited, Role.OFFICER, "D", "li"), units="VO000 NEW1")
    assert status == 200 and "stroke-width" in html
    inside, outside = (visitors.visitor(edited, Role.OFFICER, centre, f"of-{centre}") for centre in ("A", "B"))
    assert (post(inside, units="VO000")[0], post(outside, units="VO000")[0]) == (200, 400)
