from zoneinfo import ZoneInfo

import pytest

from dashboard.playlist import Page, Playlist
from dashboard.records import Level, Tier
from dashboard.response.incidents import IncidentState
from dashboard.response.legs import LegState
from dashboard.wall_page import Playing, playing
from tests.layouts.scenes import NOW, incident, leg

ZONE = ZoneInfo("Asia/Shanghai")
CASES = Playlist.model_validate({"enabled": True, "stretches": [{"turns": [{"page": "backlog"}]}]})
DONE = (leg(LegState.MET), leg(LegState.LATE, Tier.AUXILIARY))


def at(after_s: float, *incidents: IncidentState) -> Playing:
    return playing(CASES, incidents, NOW + after_s, ZONE)


def test_without_an_emergency_the_playlist_goes_on() -> None:
    assert at(0) == Playing(Page.BACKLOG, None, "", True)


@pytest.mark.parametrize("level", list(Level))
def test_an_incident_that_nobody_acknowledged_keeps_the_situation_up(level: Level) -> None:
    assert at(3600, incident(level=level)) == Playing(Page.SITUATION, None, "cad/I1", True)


def test_it_lingers_after_the_acknowledgement_and_then_returns() -> None:
    taken = incident(level=Level.III, acknowledged_at=NOW + 10)
    assert at(39, taken) == Playing(Page.SITUATION, NOW + 40, "cad/I1", True)
    assert at(40, taken).page is Page.BACKLOG


def test_a_grave_one_stays_while_a_clock_runs() -> None:
    grave = incident(level=Level.II, acknowledged_at=NOW + 10)
    assert at(3600, grave).emergency == "cad/I1"
    assert at(3600, incident(level=Level.II, acknowledged_at=NOW + 10, legs=DONE)).page is Page.BACKLOG


def test_a_close_ends_it_after_a_while() -> None:
    closed = incident(level=Level.I, closed_at=NOW + 100)
    assert at(129, closed).page is Page.SITUATION
    assert at(130, closed).page is Page.BACKLOG


@pytest.mark.parametrize("what", [{"drill": True}, {"late_record": True}])
def test_drills_and_late_records_turn_no_page(what: dict[str, bool]) -> None:
    assert at(1, incident(level=Level.I, **what)).page is Page.BACKLOG


def test_of_several_the_one_that_holds_longest_is_named() -> None:
    brief = incident(1, level=Level.IV, acknowledged_at=NOW)
    assert at(1, brief, incident(2, level=Level.I)).emergency == "cad/I2"
