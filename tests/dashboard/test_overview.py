from datetime import UTC, datetime

import pytest

from dashboard import overview
from dashboard.district import District
from dashboard.heartbeats import FeedCondition, FeedState
from dashboard.overview import Overview
from dashboard.records import Level, Verb
from dashboard.situation import Situation
from tests.builders import HERE, NOON, alert, case, fixes, incident, order
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


def test_the_time_is_the_callers(district: District) -> None:
    assert seen(Situation(district), district).as_of == datetime(2026, 11, 20, 4, 0, 30, tzinfo=UTC).timestamp()
