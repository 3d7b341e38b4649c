import re

import numpy as np
import pytest
from msgspec.structs import replace

from dashboard.district import Device, DeviceKind
from dashboard.records import Evidence, Level, Tier, Verb
from dashboard.response.deeds import Deed, Report, ReportPart
from dashboard.response.legs import Arrived
from dashboard.tracks import Track
from dashboard.tracks.aftermath import Aftermath, AlertThen, Camera
from layouts import after_action
from layouts.plain_page import Look
from layouts.words import Lang
from tests.layouts import scenes
from tests.layouts.scenes import HOSTILE, NOW


def look(lang: Lang = Lang.ZH) -> Look:
    return Look(lang, "light", "示范区", "Model District", "/after-action")


def track(name: str = "XX-0001", north: float = 0.0) -> Track:
    at = NOW + np.arange(40) * 10.0
    lat = 22.6 + north + np.minimum(np.arange(40), 20) * 0.0001
    return Track(name, Tier.VOLUNTEER, at, lat, np.full(40, 113.9), np.full(40, np.nan))


def aftermath(**fields: object) -> Aftermath:
    incident = scenes.incident(
        level=Level.II,
        acknowledged_at=NOW + 20,
        closed_at=NOW + 600,
        outcome="handled",
        arrivals=(Arrived("XX-0001", Tier.VOLUNTEER, NOW + 42, Evidence.GEOFENCE, 2.4),),
        deeds=(Deed(NOW + 20, "o1", Verb.ACKNOWLEDGE, HOSTILE, ""),),
        reports=(Report("r1", ReportPart.FIRST, NOW + 300, "值班长", "", HOSTILE),),
    )
    camera = Camera(Device("cam1", DeviceKind.CAMERA, "东门 01", 22.601, 113.901, 0), 120.0)
    alert = AlertThen("cam/A1", "smoke", "cam1", 2, "confirmed", NOW - 10, NOW, incident.key)
    made = Aftermath(incident, NOW - 300, NOW + 900, [track(), track("XX-0002", 0.002)], ["YY-1"], [camera], [alert])
    return replace(made, **fields)


@pytest.mark.parametrize("lang", list(Lang))
def test_the_record_tells_clock_units_orders_reports_and_cameras(lang: Lang) -> None:
    html = after_action.screen(look(lang), scenes.view(lang), aftermath(), "drill review", "mark")
    for told in ("XX-0001", "XX-0002", "YY-1", "东门 01", "0:42", "120 m", "mark"):
        assert told in html
    assert re.search(r"/wall\?at=\d{4}-\d\d-\d\dT\d\d%3A", html)


def test_no_text_becomes_markup() -> None:
    html = after_action.screen(look(), scenes.view(), aftermath(), HOSTILE, HOSTILE)
    assert HOSTILE not in html


def test_on_paper_nothing_is_there_to_be_clicked() -> None:
    html = after_action.screen(look(), scenes.view(), aftermath(), "why", "mark", is_print=True)
    assert "<form" not in html and "<button" not in html


def test_what_is_not_known_is_said() -> None:
    html = after_action.screen(look(), scenes.view(), aftermath(tracks=[], cameras=[], alerts=[]), "why", "mark")
    assert "档案中没有这些力量的定位" in html and "没有记录" in html


def test_before_anything_is_shown_a_reason_is_asked_for() -> None:
    html = after_action.ask(look(), "cad/I1", "请写明事由。")
    assert 'value="cad/I1"' in html and 'name="why"' in html and 'role="alert"' in html
