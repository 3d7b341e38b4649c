from dashboard.records import Evidence, Tier
from dashboard.response import Arrived, LegState, Shortfall
from layouts import leg_words
from layouts.words import Lang
from tests.layouts import scenes


def arrived(after_s: float, error_s: float = 0.0) -> Arrived:
    return Arrived("YJ-1", Tier.VOLUNTEER, scenes.NOW + after_s, Evidence.GEOFENCE, error_s)


def test_a_running_leg_ticks_and_one_that_is_done_says_how_long_it_took() -> None:
    assert leg_words.clock(scenes.leg(LegState.RUNNING), scenes.NOW)["due"] == scenes.NOW + 60
    assert leg_words.clock(scenes.leg(LegState.MET, arrived=arrived(42)), scenes.NOW)["text"] == "0:42"
    assert leg_words.clock(scenes.leg(LegState.LATE, arrived=arrived(75)), scenes.NOW)["text"] == "+0:15"
    assert leg_words.clock(scenes.leg(LegState.NOT_REQUIRED), scenes.NOW)["text"] == "—"


def test_an_arrival_says_who_how_when_and_how_sure() -> None:
    said = leg_words.arrival(arrived(0, 2.4), scenes.view())
    assert said == f"YJ-1 · 围栏 {said.split()[3]} ±2 s"
    assert "±" not in leg_words.arrival(arrived(0), scenes.view(Lang.EN))


def test_who_is_missing_has_a_reason() -> None:
    short = scenes.leg(LegState.UNKNOWN, shortfall=Shortfall("stale", 3, 400, 60))
    assert leg_words.shortfall(short, scenes.view()).startswith("400 m 内 3 个")
    assert leg_words.shortfall(scenes.leg(), scenes.view()) == ""
    odd = scenes.leg(LegState.UNKNOWN, shortfall=Shortfall("no-such", 3, 400, 60))
    assert leg_words.shortfall(odd, scenes.view()) == "no-such"
