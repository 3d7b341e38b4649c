import math

import pytest

from dashboard.records import Evidence, Tier
from dashboard.response.candidates import Candidate, Outlook, Shortfall
from dashboard.response.legs import (
    Arrived,
    Held,
    Leg,
    LegState,
    attainment,
    climb,
    first_arrivals,
    held,
    in_ladder_order,
    judge,
    not_required,
)
from dashboard.response.policy import LegRule

POLICE = LegRule(Tier.POLICE, 300)
TWO_POLICE = LegRule(Tier.POLICE, 300, 2)
IN_TIME = Outlook(soonest_s=10)
CHAIN = ("C0", "S0", "D")


def arrived(at: float, unit: str = "police-1", evidence: Evidence = Evidence.UNIT, tier: Tier = Tier.POLICE):
    return Arrived(unit, tier, at, evidence)


def state(*there: Arrived, now: float, outlook: Outlook = IN_TIME, closed_at=None, rule: LegRule = POLICE):
    return judge(rule, 0.0, closed_at, there, outlook, now).state


def test_a_leg_runs_up_to_its_deadline_and_is_overdue_after():
    assert state(now=0) is LegState.RUNNING
    assert state(now=290) is LegState.RUNNING
    assert state(now=290.1) is LegState.AT_RISK
    assert state(now=300, outlook=Outlook(soonest_s=0)) is LegState.RUNNING
    assert state(now=300.001) is LegState.OVERDUE


def test_an_arrival_exactly_at_the_deadline_is_met_and_after_it_late():
    assert state(arrived(300), now=1000) is LegState.MET
    assert state(arrived(300.001), now=1000) is LegState.LATE


def test_when_nobody_can_come_the_leg_is_at_risk_at_once():
    assert state(now=0, outlook=Outlook(soonest_s=math.inf)) is LegState.AT_RISK


def test_unknown_is_neither_running_nor_overdue_but_an_arrival_is_known():
    blind = Outlook(is_blind=True)
    assert state(now=0, outlook=blind) is LegState.UNKNOWN
    assert state(now=1000, outlook=blind) is LegState.UNKNOWN
    assert state(arrived(5), now=1000, outlook=blind) is LegState.MET


def test_the_leg_is_complete_with_as_many_units_as_are_needed():
    assert state(arrived(5), now=10, rule=TWO_POLICE) is LegState.RUNNING
    leg = judge(TWO_POLICE, 0.0, None, (arrived(5), arrived(400, "police-2")), IN_TIME, 500)
    assert (leg.state, leg.arrived) == (LegState.LATE, arrived(400, "police-2"))


@pytest.mark.parametrize(
    ("closed_at", "is_blind", "expected"),
    [
        (200, False, "not_required"),
        (300, True, "not_required"),
        (301, False, "overdue"),
        (301, True, "unknown"),
    ],
)
def test_a_close_settles_a_leg_that_nobody_came_for(closed_at, is_blind, expected):
    assert state(now=9999, closed_at=closed_at, outlook=Outlook(is_blind=is_blind)) == expected


def test_who_could_come_is_shown_while_the_leg_is_open_only():
    outlook = Outlook(False, 10, (Candidate("police-2", 10, 2, 0),), (), Shortfall("none", 0, 3000))
    assert judge(POLICE, 0.0, None, (), outlook, 0).candidates == outlook.candidates
    assert judge(POLICE, 0.0, None, (), outlook, 400).shortfall == outlook.shortfall
    assert judge(POLICE, 0.0, None, (arrived(5),), outlook, 10).candidates == ()
    assert judge(POLICE, 0.0, 400.0, (), outlook, 400).candidates == ()


def test_the_earliest_evidence_of_each_unit_counts():
    evidence = [
        arrived(9),
        arrived(7, evidence=Evidence.GEOFENCE),
        arrived(8, "police-2"),
        arrived(1, tier=Tier.DRONE),
    ]
    assert [each.at for each in first_arrivals(evidence, Tier.POLICE)] == [7, 8]
    assert [each.at for each in first_arrivals(evidence, Tier.POLICE, until=7)] == [7]


def test_rungs_that_nobody_asks_for_are_seen_to_be_missing():
    legs = in_ladder_order([judge(POLICE, 0.0, None, (), IN_TIME, 0), *not_required([POLICE], 0.0)])
    assert [(leg.tier, leg.state, leg.needed) for leg in legs] == [
        (Tier.VOLUNTEER, LegState.NOT_REQUIRED, 0),
        (Tier.AUXILIARY, LegState.NOT_REQUIRED, 0),
        (Tier.POLICE, LegState.RUNNING, 1),
    ]


def holder(now: float, acknowledged_at: float | None = None, *legs: Leg) -> Held:
    return held(CHAIN, (120, 300), 0.0, acknowledged_at, legs, now)


def test_an_unacknowledged_incident_climbs_step_by_step():
    assert [holder(now).by for now in (0, 119, 120, 299, 300, 9999)] == ["C0", "C0", "S0", "S0", "D", "D"]
    assert holder(9999).since == 300


def test_an_acknowledged_incident_stays_where_it_had_climbed():
    assert holder(9999, 60).by == "C0"
    assert holder(9999, 150) == Held("S0", 120)


def test_an_overdue_leg_makes_an_acknowledged_incident_climb():
    overdue = judge(POLICE, 0.0, None, (), IN_TIME, 301)
    assert holder(419, 10, overdue).by == "C0"
    assert holder(420, 10, overdue) == Held("S0", 420)
    late = judge(POLICE, 0.0, None, (arrived(450),), IN_TIME, 9999)
    assert holder(9999, 10, late) == Held("S0", 420)


def ladder(until: float, **asked: float) -> list[tuple[str, float, bool]]:
    steps = climb(CHAIN, (120, 300), 0.0, None, (), until, asked)
    return [(step.by, step.since, step.is_asked) for step in steps]


def test_every_step_up_has_its_time():
    assert ladder(9999) == [("C0", 0, False), ("S0", 120, False), ("D", 300, False)]


def test_a_centre_that_is_asked_holds_it_at_once_and_the_way_up_goes_on():
    assert ladder(9999, S0=50) == [("C0", 0, False), ("S0", 50, True), ("D", 300, False)]
    assert ladder(49, S0=50) == [("C0", 0, False)]


def test_a_centre_that_is_passed_by_is_no_step():
    assert ladder(9999, D=50) == [("C0", 0, False), ("D", 50, True)]
    assert ladder(9999, D=200, S0=400, X=10) == [("C0", 0, False), ("S0", 120, False), ("D", 200, True)]


def test_an_incident_outside_every_community_is_held_by_the_district():
    assert climb(("D",), (120, 300), 0.0, None, (), 9999) == (Held("D", 0.0),)


def test_an_old_trouble_climbs_from_when_we_heard_of_it():
    overdue = judge(POLICE, 0.0, None, (), IN_TIME, 1000)
    late = judge(POLICE, 0.0, None, (arrived(900),), IN_TIME, 1000)
    assert climb(CHAIN, (120, 300), 1000.0, 1010.0, (overdue, late), 1119)[-1] == Held("C0", 1000.0)
    assert climb(CHAIN, (120, 300), 1000.0, 1010.0, (overdue,), 1120)[-1] == Held("S0", 1120.0)


def test_attainment_counts_unknown_in_the_denominator_and_running_not():
    legs = [
        judge(POLICE, 0.0, None, there, outlook, now)
        for there, outlook, now in (
            ([arrived(5)], IN_TIME, 10),
            ([arrived(500)], IN_TIME, 510),
            ([], IN_TIME, 301),
            ([], Outlook(is_blind=True), 0),
            ([], IN_TIME, 0),
        )
    ]
    (row,) = attainment([*legs, *not_required([POLICE], 0.0)])
    assert (row.tier, row.met, row.late, row.overdue, row.unknown, row.total) == (Tier.POLICE, 1, 1, 1, 1, 4)
    assert row.share == 0.25
    (running,) = attainment(legs[-1:])
    assert running.share is None
