from typing import Any

import pytest
from flask import Flask

from callbacks import identity, video
from dashboard.access import Principal, Role, Via
from dashboard.store import JournalUnavailable
from dashboard.video import Gateways, gateways
from tests.feeds.small_district import small_district

DISTRICT = small_district()
CAMERA = "ai_camera-1"


class Page:
    """The live view as one officer asks for it."""

    def __init__(self, centre: str = "", live: str = "https://gw/{device}/a.m3u8") -> None:
        self.noted: list[tuple[Any, ...]] = []
        self.is_away = False
        server = Flask("test")
        principal = Principal("li", "李", Role.OFFICER, centre or DISTRICT.root.code, "s", Via.PASSWORD)
        server.before_request(lambda: identity.admit(principal))
        video.register(server, DISTRICT, gateways(live, "") if live else Gateways(), self.note)
        self.client = server.test_client()

    def note(self, *row: Any) -> None:
        if self.is_away:
            raise JournalUnavailable
        self.noted.append(row)


def test_an_officer_is_told_where_the_pictures_are_and_that_is_on_record() -> None:
    page = Page()
    answer = page.client.get(f"/video/{CAMERA}?why=cad/I1")
    assert answer.status_code == 200
    assert (answer.json["kind"], answer.json["url"]) == ("hls", f"https://gw/{CAMERA}/a.m3u8")
    [(kind, actor, subject, detail, who)] = page.noted
    assert (kind, actor, subject, detail, who.role) == ("sight", "li", f"camera/{CAMERA}", "cad/I1", Role.OFFICER)


def test_nobody_looks_without_a_record() -> None:
    page = Page()
    page.is_away = True
    assert page.client.get(f"/video/{CAMERA}").status_code == 503


@pytest.mark.parametrize("camera", ["no-such", "gauge-0", "../etc", "%00"])
def test_what_is_no_camera_is_not_shown(camera: str) -> None:
    page = Page()
    assert page.client.get(f"/video/{camera}").status_code == 404
    assert not page.noted


def test_a_camera_of_another_area_is_not_shown() -> None:
    place = DISTRICT.device_index[CAMERA]
    home = DISTRICT.devices[place].community
    other = next(centre.code for index, centre in enumerate(DISTRICT.communities) if index != home)
    page = Page(centre=other)
    assert page.client.get(f"/video/{CAMERA}").status_code == 404
    assert not page.noted


def test_without_a_gateway_the_reason_is_said() -> None:
    answer = Page(live="").client.get(f"/video/{CAMERA}")
    assert (answer.status_code, answer.json["error"]) == (404, "no_gateway")
