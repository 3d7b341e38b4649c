from msgspec.structs import replace

from dashboard.heartbeats import FeedCondition
from layouts import header
from tests.layouts import scenes


def shown(**fields: object) -> dict:
    seen = scenes.overview()
    return header.payload(replace(seen, headline=replace(seen.headline, **fields)), scenes.view())


def test_zero_is_a_number_and_unknown_is_a_dash() -> None:
    payload = shown(duty_chief="")
    assert payload["levels"][0] == {"row": {"state": "zero"}, "numeral": {"text": "Ⅰ"}, "count": {"text": "0"}}
    assert payload["chief"] == {"text": "—"}


def test_next_deadline_names_tier_and_place_and_ticks_in_the_browser() -> None:
    payload = shown()
    assert payload["deadline"] == {"due": scenes.NOW + 180, "state": "running"}
    assert payload["deadline_of"]["text"].startswith("辅警 · ")


def test_no_deadline_says_so() -> None:
    payload = shown(next_deadline_key="", next_deadline_tier=None)
    assert payload["deadline"] == {"text": "—", "state": "none"}


def test_unhealthy_feeds_stand_out_and_lost_ones_come_first() -> None:
    assert shown()["feeds_good"] == {"text": "1/2", "state": "warn"}
    strip = header.status_payload(scenes.overview(), scenes.view())
    assert [feed["row"]["state"] for feed in strip["feeds"]] == ["lost", "good"]
    assert strip["feeds"][0]["row"]["tip"] == "refused"


def test_a_clock_more_than_two_minutes_off_is_named() -> None:
    feeds = (scenes.feed("slow", FeedCondition.GOOD, skew_s=-300.0),)
    strip = header.status_payload(scenes.overview(feeds=feeds), scenes.view())
    assert strip["feeds"][0]["word"]["text"] == "时钟偏差 5 分"
    assert strip["feeds"][0]["row"]["state"] == "silent"
