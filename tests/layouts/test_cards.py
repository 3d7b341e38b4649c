import pytest

from dashboard.records import Evidence, Level, Tier
from dashboard.response import Arrived, Candidate, LegState, Shortfall
from layouts import cards
from layouts.words import Lang
from tests.layouts import scenes


def card(**fields: object) -> dict:
    return cards.payload(scenes.overview(incidents=(scenes.incident(**fields),)), scenes.view())["cards"][0]


def leg(**fields: object) -> dict:
    return card(legs=(scenes.leg(**fields),))["legs"][0]


def test_running_leg_ticks_against_its_deadline() -> None:
    shown = leg()
    assert shown["clock"] == {"due": scenes.NOW + 60}
    assert shown["bar"] == {"span": [scenes.NOW, scenes.NOW + 60]}


def test_met_leg_shows_how_long_it_took_who_came_and_how_we_know() -> None:
    shown = card()["legs"][0]
    assert shown["clock"] == {"text": "0:42"}
    assert shown["detail"]["text"] == "YJ-0001 · 围栏 19:07:22 ±2 s"


def test_who_is_under_way_goes_before_who_could_come() -> None:
    could, comes = Candidate("YJ-0009", 100, 20, 3), Candidate("YJ-0002", 640, 95, 3)
    assert leg(candidates=(could,))["detail"]["text"] == "YJ-0009 · 100 m · 约 0:20"
    assert leg(candidates=(could,), coming=(comes,))["detail"]["text"] == "YJ-0002 → 640 m · 约 1:35"


def test_late_leg_shows_by_how_much() -> None:
    arrived = Arrived("YJ-1", Tier.VOLUNTEER, scenes.NOW + 94, Evidence.UNIT)
    assert leg(state=LegState.LATE, arrived=arrived)["clock"] == {"text": "+0:34"}


def test_unknown_leg_is_never_drawn_as_late() -> None:
    assert card()["legs"][2]["row"] == {"state": "unknown"}


@pytest.mark.parametrize(
    ("lang", "reason", "said"),
    [
        (Lang.ZH, "stale", "400 m 内 3 个，定位均超过 1 分"),
        (Lang.EN, "stale", "3 within 400 m, fixes older than 1 min"),
        (Lang.EN, "none", "none within 400 m"),
        (Lang.EN, "another", "another"),
    ],
)
def test_shortfall_is_a_sentence(lang: Lang, reason: str, said: str) -> None:
    short = scenes.leg(LegState.UNKNOWN, shortfall=Shortfall(reason, 3, 400, 60))
    seen = scenes.overview(incidents=(scenes.incident(legs=(short,)),))
    assert cards.payload(seen, scenes.view(lang))["cards"][0]["legs"][0]["detail"]["text"] == said


def test_only_an_unacknowledged_level_one_may_blink() -> None:
    assert card(level=Level.I)["row"]["state"] == "waiting"
    assert card(level=Level.I, acknowledged_at=scenes.NOW)["row"]["state"] == "open"
    assert card(level=Level.II)["row"]["state"] == "open"


def test_drill_is_watermarked() -> None:
    assert card(drill=True)["drill"] == {"text": "演练", "hide": False}
    assert card()["drill"]["hide"] is True


def test_number_needed_is_said_when_it_is_not_one() -> None:
    assert leg(needed=2)["tier"]["text"] == "义警 1′ ×2"
