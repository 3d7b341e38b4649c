import gzip

import msgspec
import pytest
from flask import Flask
from flask.testing import FlaskClient

from callbacks import geography
from tests.feeds.small_district import small_district


@pytest.fixture
def client() -> FlaskClient:
    server = Flask("test", static_folder=None)
    geography.register(server, small_district())
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


def test_nothing_else_is_served(client: FlaskClient) -> None:
    assert client.get("/wall/secrets.json").status_code == 404
