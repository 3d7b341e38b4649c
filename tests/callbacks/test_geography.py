import gzip
from pathlib import Path

import msgspec
import pytest
from flask import Flask
from flask.testing import FlaskClient

from callbacks import geography, identity
from dashboard.access import Principal, Role, Via
from dashboard.archive import districts
from dashboard.archive.districts import Districts
from dashboard.archive.store import LocalStore
from dashboard.district import load as load_district
from dashboard.follower import Follower
from dashboard.journal import Journal
from tests.builders import case
from tests.feeds import small_district as small
from tests.feeds.small_district import small_district


@pytest.fixture
def follower() -> Follower:
    """A copy that was told of two cases; it never speaks to a journal."""
    copy = Follower(small_district(), Journal("redis://127.0.0.1:1"))
    copy.situation.apply(case(1), 0)
    copy.situation.apply(case(2), 0)
    return copy


@pytest.fixture
def client(follower: Follower) -> FlaskClient:
    return browser_of("D", follower)


def browser_of(centre: str, follower: Follower, folder: Path = Path("nowhere")) -> FlaskClient:
    """An officer of a centre."""
    server = Flask("test", static_folder=None)
    somebody = Principal("li", "值班员", Role.OFFICER, centre, "s1", Via.PASSWORD)
    server.before_request(lambda: identity.admit(somebody))
    store = LocalStore(folder)
    geography.register(server, Districts(store, small_district()), follower)
    return server.test_client()


def load(client: FlaskClient, name: str) -> dict:
    return msgspec.json.decode(gzip.decompress(client.get(f"/wall/{name}.json").data))


def test_the_roster_turns_numbers_into_units(client: FlaskClient) -> None:
    roster = load(client, "roster")
    assert roster["checksum"] == small_district().roster.checksum
    assert len(roster["call_signs"]) == len(roster["tiers"]) == len(small_district().roster.call_signs)


def test_outlines_cells_and_places_are_there(client: FlaskClient) -> None:
    assert len(load(client, "outlines")["features"]) == 1 + 2 + 6
    assert len(load(client, "cells")["features"]) == 60
    assert len(load(client, "places")["standby"]["id"]) == 8


def test_a_browser_keeps_them_until_the_district_changes(client: FlaskClient) -> None:
    etag = client.get("/wall/roster.json").headers["ETag"]
    assert client.get("/wall/roster.json", headers={"If-None-Match": etag}).status_code == 304
    assert client.get("/wall/roster.json", headers={"If-None-Match": '"other"'}).status_code == 200


def test_of_an_earlier_district_there_is_what_was_then(follower: Follower, tmp_path: Path) -> None:
    files = tmp_path / "district"
    files.mkdir()
    small.write(files)
    small.edit(files)
    other = load_district(files)
    districts.keep(LocalStore(tmp_path), other, districts.pack(files, other.version) or b"")
    client = browser_of("D", follower, tmp_path)
    address = f"/wall/roster.json?version={other.version}"
    answer = client.get(address)
    told = msgspec.json.decode(gzip.decompress(answer.data))
    assert (told["checksum"], told["call_signs"][0]) == (other.roster.checksum, "NEW1")
    assert told["origin"] == {"lat": other.origin.lat, "lon": other.origin.lon}
    assert answer.headers["ETag"] == f'"{other.version}"'
    assert client.get(address, headers={"If-None-Match": f'"{other.version}"'}).status_code == 304
    assert client.get(f"/wall/loads.json?version={other.version}").status_code == 200


@pytest.mark.parametrize("version", ["0123456789ab", "../../x", "x"])
def test_of_a_district_that_is_not_kept_there_is_nothing(client: FlaskClient, version: str) -> None:
    assert client.get(f"/wall/roster.json?version={version}").status_code == 404


def test_nothing_else_is_served(client: FlaskClient) -> None:
    assert client.get("/wall/secrets.json").status_code == 404


def test_loads_count_open_cases_in_the_scope_alone(client: FlaskClient) -> None:
    whole = msgspec.json.decode(client.get("/wall/loads.json").data)
    assert len(whole["loads"]) == 60
    assert sum(whole["loads"]) == 2
    assert sum(msgspec.json.decode(client.get("/wall/loads.json?centre=C0").data)["loads"]) == 2
    assert sum(msgspec.json.decode(client.get("/wall/loads.json?centre=C5").data)["loads"]) == 0
    assert client.get("/wall/loads.json?centre=nowhere").status_code == 404


def test_loads_of_others_are_not_told(follower: Follower) -> None:
    officer = browser_of("A", follower)
    assert officer.get("/wall/loads.json?centre=D").status_code == 403
    assert officer.get("/wall/loads.json?centre=B").status_code == 403
    own = msgspec.json.decode(officer.get("/wall/loads.json").data)
    assert own == msgspec.json.decode(officer.get("/wall/loads.json?centre=A").data)
    assert sum(own["loads"]) == 2
