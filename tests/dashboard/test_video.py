import pytest

from dashboard.video import Gateways, Live, VideoKind, VideoMistake, gateways


def test_a_camera_is_put_into_the_template_as_one_part_of_the_path() -> None:
    made = gateways("https://gw.example:8443/live/{device}/index.m3u8", "")
    assert made.live_of("gate/1 #2") == Live(VideoKind.HLS, "https://gw.example:8443/live/gate%2F1%20%232/index.m3u8")


def test_the_end_of_the_path_tells_how_it_is_played() -> None:
    live = gateways("http://gw/{device}/whep", "").live_of("c1")
    assert live is not None
    assert live.kind is VideoKind.WHEP


def test_a_recording_begins_before_the_alert_and_ends_after_it() -> None:
    made = gateways("", "/clips/{device}.mp4?a={from}&b={to}")
    assert made.clip_of("c1", 1000.7, 1030.2) == "/clips/c1.mp4?a=990&b=1050"
    assert made.clip_of("", 1000, 1030) == ""


def test_without_gateways_there_is_nothing_to_see() -> None:
    assert Gateways().live_of("c1") is None
    assert Gateways().clip_of("c1", 0, 1) == ""
    assert Gateways().origins() == []


def test_the_browser_is_told_where_pictures_come_from() -> None:
    made = gateways("https://gw:8443/{device}/a.m3u8?k=1", "https://gw:8443/{device}/{from}-{to}.mp4")
    assert made.origins() == ["https://gw:8443"]
    assert gateways("/hls/{device}.m3u8", "").origins() == []


@pytest.mark.parametrize(
    ("live", "clip", "says"),
    [
        ("https://gw/all.m3u8", "", "WALL_VIDEO_URL.*device"),
        ("https://gw/{device}.mp4", "", "m3u8"),
        ("https://gw/{camera}.m3u8", "", "camera"),
        ("https://{device}.gw/a.m3u8", "", "host"),
        ("javascript:{device}.m3u8", "", "https"),
        ("gw/{device}.m3u8", "", "begin"),
        ("https://gw/{device.m3u8", "", "WALL_VIDEO_URL"),
        ("", "https://gw/{device}/{until}.mp4", "WALL_CLIP_URL.*until"),
    ],
)
def test_a_template_that_cannot_work_is_refused(live: str, clip: str, says: str) -> None:
    with pytest.raises(VideoMistake, match=says):
        gateways(live, clip)
