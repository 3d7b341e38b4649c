from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from callbacks import still_links
from dashboard.stills import Stills

NOW = 1_795_156_330.0
KEY = b"0123456789abcdef"
JPEG = b"\xff\xd8\xff\xe0 a picture"


class Album:
    """Stills behind their links, at a time that the test moves."""

    def __init__(self, folder: Path) -> None:
        self.now = NOW
        self.stills = Stills(folder)
        server = Flask("test")
        still_links.register(server, self.stills, KEY, lambda: self.now)
        self.client: FlaskClient = server.test_client()


@pytest.fixture
def album(tmp_path: Path) -> Album:
    return Album(tmp_path)


def test_a_signed_link_shows_the_still(album: Album) -> None:
    answer = album.client.get(still_links.link(KEY, album.stills.store(JPEG), NOW))
    assert (answer.status_code, answer.data, answer.mimetype) == (200, JPEG, "image/jpeg")
    assert answer.headers["Cache-Control"].startswith("private")
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_a_link_stays_the_same_within_an_hour_and_ends_after_two(album: Album) -> None:
    name = album.stills.store(JPEG)
    hour = NOW - NOW % 3600
    link = still_links.link(KEY, name, hour + 1)
    assert still_links.link(KEY, name, hour + 3600) == link != still_links.link(KEY, name, hour + 3601)
    for age_s, status in ((3600, 200), (7199, 200), (7200, 403)):
        album.now = hour + age_s
        assert album.client.get(link).status_code == status


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?e=9999999999",
        "?e=1&s=é",
        "?e=-5&s=0",
        "?e=99999999999999999999&s=0",
        "?e=²&s=0",
        "?e=9999999999&s=00",
    ],
)
def test_without_our_signature_no_still_is_shown(album: Album, query: str) -> None:
    assert album.client.get(f"/stills/{album.stills.store(JPEG)}{query}").status_code == 403


def test_a_signature_is_for_one_still_one_time_and_one_key(album: Album) -> None:
    name, other = album.stills.store(JPEG), album.stills.store(JPEG + b"2")
    expires = int(NOW) + 100
    signature = still_links.sign(KEY, name, expires)
    assert still_links.holds(KEY, name, str(expires), signature, NOW)
    assert not still_links.holds(KEY, other, str(expires), signature, NOW)
    assert not still_links.holds(KEY, name, str(expires + 1), signature, NOW)
    assert not still_links.holds(b"another key", name, str(expires), signature, NOW)


def test_a_still_that_was_swept_is_gone(album: Album) -> None:
    assert album.client.get(still_links.link(KEY, "a" * 64, NOW)).status_code == 404
    assert album.client.get(still_links.link(KEY, "..", NOW)).status_code in (403, 404)
