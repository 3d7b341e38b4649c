from datetime import UTC, datetime

import msgspec
import pytest

from dashboard import overview
from dashboard.command import Staff
from dashboard.district import District
from dashboard.duty import Rosters, Shift
from dashboard.duty.document import canonical, digest
from dashboard.heartbeats import FeedCondition, FeedState
from dashboard.overview import Overview
from dashboard.records import Level, Verb
from dashboard.situation import Change, Situation
from tests.builders import HERE, NOON, alert, at, case, fixes, incident, order
from tests.feeds.small_district import small_district

T0 = NOON.timestamp()
ELSEWHERE = (22.611, 113.922)  # in community C5 of sub-district B


@pytest.fixture
def district() -> District:
    return small_district()


def seen(situation: Situation, district: District, code: str = "D", after_s: float = 30) -> Overview:
    return overview.build(situation, district, district.scope(code), T0 + after_s)


def test_an_empty_district_says_nothing_and_breaks_nothing(district: District) -> None:
    empty = seen(Situation(district), district)
    assert empty.headline.open_by_level == (0, 0, 0, 0)
    assert empty.headline.oldest_unacknowledged == ""
    assert empty.headline.next_deadline_tier is None
    assert (empty.incidents, empty.alerts, empty.backlog.open) == ((), (), 0)


def test_the_headline_answers_how_many_which_clock_and_what_waits(district: District) -> None:
    situation = Situation(district)
    situation.move(fixes(district, dict.fromkeys(("VO000", "AU000", "PO000"), HERE), 0), T0)
    situation.apply(incident(1, 0, level=Level.II), T0)
    situation.apply(incident(2, 10, level=Level.I, lat=ELSEWHERE[0], lon=ELSEWHERE[1]), T0 + 10)
    situation.apply(incident(3, 5, drill=True), T0 + 10)
    situation.apply(order(Verb.ACKNOWLEDGE, "cad/I1", 15), T0 + 15)
    situation.tick(T0 + 20)
    headline = seen(situation, district).headline
    assert headline.open_by_level == (1, 1, 0, 0)
    assert headline.drills == 1
    assert (headline.oldest_unacknowledged, headline.oldest_unacknowledged_at) == ("cad/I2", T0 + 10)


def test_a_scope_sees_only_its_own(district: District) -> None:
    situation = Situation(district)
    situation.apply(incident(1), T0)
    situation.apply(incident(2, lat=ELSEWHERE[0], lon=ELSEWHERE[1]), T0)
    situation.apply(case(1), T0)
    situation.apply(alert(1), T0)
    whole, mine, other = (seen(situation, district, code) for code in ("D", "C0", "B"))
    assert len(whole.incidents) == 2
    assert [state.key for state in mine.incidents] == ["cad/I1"]
    assert [state.key for state in other.incidents] == ["cad/I2"]
    assert (whole.backlog.open, mine.backlog.open, other.backlog.open) == (1, 1, 0)
    assert {centre.code for centre in other.centres} == {"B", "C3", "C4", "C5"}
    assert {area.centre for area in other.areas} == {"C3", "C4", "C5"}
    assert {area.centre for area in whole.areas} == {"A", "B"}


def test_units_are_counted_where_they_are(district: District) -> None:
    situation = Situation(district)
    step = situation.move(fixes(district, {"VO001": HERE, "PO001": HERE}, 0), T0)
    situation.follow(step)
    (here,) = [area for area in seen(situation, district, "C0", 5).areas if area.centre == "C0"]
    assert sum(here.available) == 2


def test_feeds_and_manned_centres_are_told(district: District) -> None:
    situation = Situation(district)
    feed = FeedState(name="gps", title="GPS", condition=FeedCondition.LOST)
    situation.note_life([feed], {"C0": T0})
    told = seen(situation, district)
    assert (told.headline.feeds_good, told.headline.feeds_all) == (0, 1)
    assert [centre.code for centre in told.centres if centre.online] == ["C0"]


def test_a_centre_says_who_is_at_its_consoles_and_what_it_commands(district: District) -> None:
    situation = Situation(district)
    situation.apply(incident(1), T0)
    (state,) = situation.response.all()
    situation.adopt(Change(incidents=(msgspec.structs.replace(state, in_command="A"),)))
    situation.note_life([], {}, {"A": Staff(T0, ("甲", "乙")), "B": Staff(T0 - 1, ("丙",))})
    told = {centre.code: centre for centre in seen(situation, district).centres}
    assert (told["A"].staffed_by, told["A"].commands) == (("甲", "乙"), 1)
    assert (told["B"].staffed_by, told["B"].commands) == ((), 0)


def test_the_tree_of_a_scope_begins_with_its_own_centre(district: District) -> None:
    situation = Situation(district)
    assert [centre.code for centre in seen(situation, district, "B").centres] == ["B", "C3", "C4", "C5"]
    assert seen(situation, district).centres[0].code == "D"


def test_who_leads_comes_from_the_roster_and_stays_while_a_handover_is_open(district: District) -> None:
    situation = Situation(district)
    shifts = (Shift("A", at(-3600), at(0), "甲", "乙"), Shift("A", at(0), at(3600), "丙", "丁"))
    situation.note_rosters(Rosters(1, shifts))
    headline = seen(situation, district, "A").headline
    assert (headline.duty_leader, headline.duty_chief, headline.handover_open_at) == ("丙", "丁", 0)
    assert (headline.roster_gaps, seen(situation, district, "B").headline.roster_gaps) == (1, 0)
    text = canonical({"centre": "A"})
    situation.apply(order(Verb.HAND_OVER, "A", -60, text=text, ref=digest(text), actor="li"), T0)
    headline = seen(situation, district, "A").headline
    assert (headline.duty_leader, headline.handover_open_at) == ("甲", T0 - 60)


def test_the_time_is_the_callers(district: District) -> None:
    assert seen(Situation(district), district).as_of == datetime(2026, 11, 20, 4, 0, 30, tzinfo=UTC).timestamp()


def test_alarms_and_their_figures_are_those_of_the_scope(district: District) -> None:
    situation = Situation(district)
    situation.apply(incident(1, level=Level.II), T0)
    situation.apply(incident(2, level=Level.I, lat=ELSEWHERE[0], lon=ELSEWHERE[1]), T0)
    situation.note_life([], {}, {"C0": Staff(T0 + 29, ("Officer Li", "Officer Wu"))})
    whole, mine = seen(situation, district), seen(situation, district, "C0")
    assert [alarm.key for alarm in whole.alarms] == ["incident/cad/I2", "incident/cad/I1"]
    assert [alarm.key for alarm in mine.alarms] == ["incident/cad/I1"]
    assert (whole.alarm_figures.waiting, mine.alarm_figures.waiting) == ((1, 1, 0, 0), (0, 1, 0, 0))
    assert (mine.alarm_figures.last_10_min, mine.alarm_figures.operators) == (1, 2)
